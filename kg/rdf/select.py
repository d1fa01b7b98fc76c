"""A SELECT over a store, its rows as plain text."""

from typing import Any

import pyoxigraph as ox

from kg.rdf.iris import shared_graph
from kg.rdf.namespaces import PREFIXES


def select(store: ox.Store, query: str, graph: str | None = None) -> list[dict[str, Any]]:
    """The rows of a query: text by variable, None where a variable is unbound.

    Args:
        query: a SELECT query; the usual prefixes need no declaration.
        graph: the IRI of the named graph that it is on, with what several plans share; None where
            it names graphs itself.
    """
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
    if graph is not None:
        base, of_a_plan, _ = graph.rpartition("/id/")
        default = [ox.NamedNode(graph)]
        if of_a_plan:
            default.append(ox.NamedNode(shared_graph(base)))
    solutions = store.query(query, default_graph=default, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [v.value for v in solutions.variables]
    return [{name: getattr(row[name], "value", None) for name in names} for row in solutions]


def solutions_of(store: ox.Store, query: str) -> ox.QuerySolutions:
    """The solutions of a SELECT query over all graphs together; usual prefixes are known."""
    solutions = store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions
