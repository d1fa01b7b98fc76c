"""A digest of a query's result that depends on what was found alone, not on the order in which
it came or how it was written: two runs that agree found the same."""

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from kg.sparql import Answer

LONGEST = 16 * 1024**2
"""Bytes of a result beyond which it has no digest."""

RESULTS_FORMAT, GRAPH_FORMAT = "json", "nt"
"""The formats of answers that a digest is made of."""

_UNKNOWN = "_:b"  # what a row has for a blank node, whose name means nothing


def result_digest(answer: Answer) -> str:
    """The digest (SHA-256, hexadecimal) of a whole answer; "" for one that is too long.

    Of SELECT: the names of the variables, then the rows, sorted, each with its terms as N-Triples
    writes them. Of ASK: true or false. Of CONSTRUCT and DESCRIBE: sorted canonical N-Quads (RDF
    Dataset Canonicalization 1.0)."""
    if answer.length > LONGEST:
        return ""
    body = answer.body if answer.file is None else answer.file.read()
    lines = _of_graph(body) if answer.kind == "graph" else _of_results(body)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _of_results(body: bytes) -> Iterable[str]:
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return ["true" if found else "false"]
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = ("\t".join(_written(row[name]) for name in names) for row in found)
    return ["\t".join(names), *sorted(rows)]


def _written(term: object) -> str:
    if term is None:
        return ""
    return _UNKNOWN if isinstance(term, ox.BlankNode) else str(term)


def _of_graph(body: bytes) -> Iterable[str]:
    dataset = ox.Dataset(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} ." for quad in dataset)
