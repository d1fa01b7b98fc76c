"""A release as a program reads it: its plans, and SPARQL queries whose results are Python values.

Queries run in this process and are not bounded: they are the caller's own. Those of visitors are
for kg.sparql's pool of processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.namespaces import PREFIXES, local_name
from kg.release.current import current
from kg.release.manifest import read_manifest
from kg.release.store import open_store
from kg.sparql.diagnosis import failed, unfit, worded
from kg.sparql.guard import ENGINE_ERRORS
from kg.sparql.request import Request

if TYPE_CHECKING:
    import pandas


class Iri(str):
    """An IRI among the values of a result; otherwise a str.

    >>> Iri("https://example.org/id/plan/measure/4.1.3").local_name
    '4.1.3'
    """

    __slots__ = ()

    @property
    def local_name(self) -> str:
        """What stands after its last / or #."""
        return local_name(self)

    def __repr__(self) -> str:
        return f"Iri({super().__repr__()})"


class BlankNode(str):
    """A blank node among the values of a result: its label, which holds in that result only."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"BlankNode({super().__repr__()})"


Term: TypeAlias = Iri | BlankNode | str | bool | int | float | Decimal | date
Row: TypeAlias = dict[str, Term | None]
Triple: TypeAlias = tuple[Term, Term, Term]
Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True)
class ReleasedPlan:
    """A plan in a release.

    iri: of the plan. graph: of the named graph of what was read from it, for FROM and GRAPH.
    period: its first and last year.
    """

    slug: str
    title: str
    title_en: str | None
    issuer: str
    area: str
    period: tuple[int, int]
    iri: Iri
    graph: Iri


@dataclass(frozen=True)
class Release:
    """A release, open to be read; one that follows does not change it.

    number: 1 for the first of its folder. issued: when it was made (UTC). base: the base of its
        IRIs. triples: how many it holds, over all its graphs.
    folder: its own, which holds dumps, exports and store.

    >>> release = Release.open("release")
    >>> release.number, [plan.slug for plan in release.plans]
    (1, ['hongqiao-2021'])
    >>> release.query("SELECT ?n { ?goal a plan:Goal ; plan:number ?n } ORDER BY ?n")[0]
    {'n': '1'}
    >>> release.query("SELECT (COUNT(?m) AS ?measures) { ?m a plan:Measure }")[0]["measures"] > 100
    True
    >>> release.query("ASK { ?zone a plan:Zone }")
    True
    >>> release.query("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kg.errors.PlanlinkError: query: refused: SERVICE is not allowed: ...
    """

    folder: Path
    number: int
    issued: datetime
    base: str
    triples: int
    plans: tuple[ReleasedPlan, ...]
    _store: ox.Store = field(repr=False, compare=False)

    @classmethod
    def open(cls, folder: str | PathLike[str]) -> Release:
        """Open a release.

        Args:
            folder: a folder of releases, for its current one, or the folder of one release
                (releases/3 in it).

        Raises:
            PlanlinkError: no release is there.
        """
        where = Path(folder)
        own = where if (where / "manifest.json").is_file() else current(where)
        manifest = read_manifest(own)
        base = manifest.base
        return cls(
            folder=own,
            number=manifest.release,
            issued=datetime.fromisoformat(manifest.issued),
            base=base,
            triples=manifest.triples,
            plans=tuple(
                ReleasedPlan(
                    **{name: getattr(plan, name) for name in _OF_ENTRY},
                    iri=Iri(plan_iri(base, plan.slug)),
                    graph=Iri(plan_graph(plan_iri(base, plan.slug))),
                )
                for plan in manifest.plans
            ),
            _store=open_store(own / "store"),
        )

    def query(self, sparql: str) -> list[Row] | bool | list[Triple]:
        """The result of a SPARQL 1.1 query over all graphs of the release.

        Args:
            sparql: the query. The usual prefixes (plan:, skos:, dcterms:, …) need no declaration.
                Without FROM it is answered from all named graphs together.

        Returns:
            For SELECT its rows: values by the names of variables, None where one is unbound. For
            ASK a bool, for CONSTRUCT and DESCRIBE triples. Numbers are int, Decimal or float by
            their datatype, xsd:boolean is bool, xsd:date and xsd:dateTime are date and datetime,
            xsd:gYear is int, IRIs are Iri, all else str (a literal that is not of its datatype's
            form too).

        Raises:
            PlanlinkError: the query is malformed, names SERVICE, is longer or nests deeper than
                what is taken, or fails.
        """
        result = evaluate(self._store, sparql)
        if isinstance(result, ox.QueryBoolean):
            return bool(result)
        if isinstance(result, ox.QueryTriples):
            return [(_value(t.subject), _value(t.predicate), _value(t.object)) for t in result]
        return _rows(result)

    def select(self, sparql: str) -> list[Row]:
        """The rows of a SELECT query, as query() gives them, with a type that says so.

        Raises:
            PlanlinkError: as query() does, and for a query of another form.
        """
        return _rows(self._solutions(sparql))

    def dataframe(self, sparql: str) -> pandas.DataFrame:
        """The rows of a SELECT query as a pandas.DataFrame, a column for each variable.

        Raises:
            PlanlinkError: as select() does, and where pandas is not installed.
        """
        try:
            import pandas  # an extra: not everybody wants 60 MB more  # noqa: PLC0415
        except ImportError as error:
            raise PlanlinkError.of("pandas_missing", "dataframe") from error
        solutions = self._solutions(sparql)
        names = [variable.value for variable in solutions.variables]
        return pandas.DataFrame(_rows(solutions), columns=names)

    def _solutions(self, sparql: str) -> ox.QuerySolutions:
        result = evaluate(self._store, sparql)
        if not isinstance(result, ox.QuerySolutions):
            raise PlanlinkError.of("query_no_select", "query")
        return result


open_release = Release.open
"""Open a release: Release.open by a shorter name."""


def evaluate(store: ox.Store, sparql: str, where: str = "query") -> Results:
    """The engine's result of a query over all graphs of a store.

    Args:
        store: the store.
        sparql: the query; the usual prefixes need no declaration.
        where: what the query is called in messages.

    Raises:
        PlanlinkError: the query is refused, malformed, or fails before its first result.
    """
    failure = unfit(Request(sparql), PREFIXES)
    if failure is None:
        try:
            return store.query(sparql, use_default_graph_as_union=True, prefixes=PREFIXES)
        except ENGINE_ERRORS as error:
            failure = failed(error)
    problem = worded(sparql, failure, PREFIXES)
    key = "query_malformed" if failure.outcome == "malformed" else "query_refused"
    raise PlanlinkError.of(key, where, problem)


def _rows(solutions: ox.QuerySolutions) -> list[Row]:
    names = [variable.value for variable in solutions.variables]
    try:
        return [
            {name: None if (term := row[name]) is None else _value(term) for name in names}
            for row in solutions
        ]
    except (ValueError, OSError) as error:
        raise PlanlinkError.of("query_failed", "query", error) from error


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    if isinstance(term, ox.Triple):  # RDF 1.2; released data has none
        return str(term)
    kind = term.datatype.value
    if term.language or not kind.startswith(_XSD) or kind.removeprefix(_XSD) not in _CONVERTERS:
        return term.value
    try:
        return _CONVERTERS[kind.removeprefix(_XSD)](term.value)
    except (ValueError, KeyError, InvalidOperation):  # ill-typed: RDF 1.1 Concepts §3.3
        return term.value


_OF_ENTRY = ("slug", "title", "title_en", "issuer", "area", "period")  # as a manifest says them
_XSD = PREFIXES["xsd"]
_CONVERTERS: dict[str, Callable[[str], Term]] = {
    "integer": int,  # and what is derived of it: the engine spells it so
    "gYear": int,
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
