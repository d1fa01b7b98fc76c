"""The annex table of a plan: each indicator's baseline, target and yearly requirement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import pyoxigraph as ox

from kg.lexicon import grouped
from kg.quantities.bounds import kept_bound
from kg.quantities.wording import unit_printed
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.select import select

# ?tied: whether the value agrees with or contradicts another place. What is optional joins nothing:
# a join in it is made of all that the store has, for one row too.
_INDICATORS = """
SELECT ?indicator ?number ?part ?name ?category ?attribute ?concept ?from ?to WHERE {
  ?indicator a plan:Indicator ; skos:prefLabel ?name
  OPTIONAL { ?indicator plan:number ?number } OPTIONAL { ?indicator plan:part ?part }
  OPTIONAL { ?indicator prov:wasQuotedFrom ?row
    OPTIONAL { ?row oa:start ?from } OPTIONAL { ?row oa:end ?to } }
  OPTIONAL { ?indicator plan:indicatorConcept ?concept }
  OPTIONAL { ?indicator plan:category ?category }
  OPTIONAL { ?indicator plan:attribute ?attribute } }"""
_VALUES = """
SELECT ?indicator ?value ?kind ?number ?upper ?text ?unit ?comparator ?basis ?start ?end ?tied
       ?section ?at WHERE {
  ?value plan:ofIndicator ?indicator ; a ?kind ; plan:valueText ?text ;
         plan:period ?period ; plan:comparator ?comparator ; plan:basis ?basis .
  ?period schema:startDate ?start ; schema:endDate ?end .
  VALUES ?kind { plan:Baseline plan:Target }
  BIND ( EXISTS { ?value plan:consistentWith|plan:inconsistentWith ?other } AS ?tied )
  OPTIONAL { ?value plan:value ?number } OPTIONAL { ?value plan:upperBound ?upper }
  OPTIONAL { ?value plan:unit ?unit }
  OPTIONAL { ?value prov:wasQuotedFrom ?passage
    OPTIONAL { ?passage dcterms:isPartOf ?section } OPTIONAL { ?passage oa:start ?at } } }"""
_NAMES = """
SELECT ?indicator ?name WHERE {
  ?indicator a plan:Indicator ; skos:prefLabel|skos:altLabel ?name }"""
_UNITS = "SELECT ?indicator ?name WHERE { ?indicator plan:unitText ?name }"
_SERVED = "SELECT ?indicator ?measure WHERE { ?measure plan:contributesTo ?indicator }"
_LAST_DAY = "SELECT ?end WHERE { ?plan a plan:Plan ; dcterms:temporal/schema:endDate ?end }"
_GOALS = "SELECT ?indicator ?goal WHERE { ?goal plan:measuredBy ?indicator }"


@dataclass(frozen=True)
class Figure:
    """A baseline or a target: its number (None where the plan gives none), words as printed, the
    years it is for, and what the plan calls its unit (counted; "" where it has none)."""

    iri: str
    number: Decimal | None
    text: str
    unit: str
    comparator: str
    basis: str
    first: int
    last: int
    counted: str = ""

    @property
    def kind(self) -> str:
        """Its unit and basis: those of one kind can be compared."""
        return f"{local_name(self.unit or 'x#' + self.counted)} {self.basis}"


@dataclass(frozen=True)
class Row:
    """An indicator with its baseline and target.

    number, part: its number in the table, and that of the part of a divided row; 0 for none.
    attribute, concept: the IRI of each (plan:Binding; the quantity that it measures), "" for
        none.
    measures, goals: those that contribute to it, and that it measures (IRIs).
    also: its further targets, which no other place is said to agree with or contradict: a
        growth beside a level, or one for another year.
    steps: its target and those of its unit and basis for other years (IRIs).
    """

    iri: str
    number: int
    part: int
    name: str
    category: str
    attribute: str
    baseline: Figure | None
    target: Figure | None
    concept: str
    measures: tuple[str, ...] = field(default=())
    goals: tuple[str, ...] = field(default=())
    also: tuple[Figure, ...] = field(default=())
    steps: frozenset[str] = frozenset()

    @property
    def targets(self) -> tuple[Figure, ...]:
        """All its targets."""
        return (self.target, *self.also) if self.target else ()

    @property
    def binding(self) -> bool:
        """Whether the plan makes its target binding."""
        return self.attribute == str(PLAN.Binding)

    @property
    def gap(self) -> Decimal | None:
        """Target minus baseline, in the indicator's unit; None where they are not of one kind, and
        where the target is a bound that is kept."""
        return None if self.bound else self._difference

    @property
    def bound(self) -> str | None:
        """AtLeast for a floor below the baseline, AtMost for a ceiling above it: the target asks
        for no change but to be kept; else None."""
        goal, base = self.target, self.baseline
        if self._difference is None or goal is None or base is None:
            return None
        return kept_bound(goal.comparator, goal.text, self.name, goal.number, base.number)

    @property
    def _difference(self) -> Decimal | None:
        before, after = self.baseline, self.target
        if before is None or after is None or before.number is None or after.number is None:
            return None
        of_one_unit = "" in (before.unit, after.unit) or before.unit == after.unit
        of_one_kind = before.basis == after.basis and of_one_unit
        return after.number - before.number if of_one_kind else None

    @property
    def yearly(self) -> Decimal | None:
        """What each year of the plan must bring for the target to be met: for a value at a point in
        time the even share of the gap, for a cumulative one that of the target; an annual average
        asks for itself."""
        before, after = self.baseline, self.target
        if after is None or after.number is None:
            return None
        if after.basis == "AnnualAverage":
            return after.number
        if after.basis == "Cumulative":
            return after.number / (after.last - after.first + 1)
        if self.gap is None or before is None or after.last <= before.last:
            return None
        return self.gap / (after.last - before.last)


@dataclass(frozen=True)
class Stated:
    """A baseline or target wherever the plan states it: kind is "Baseline" or "Target"; section and
    at tell where (the section's IRI, code points from the start of the source); tied, whether
    another place is said to agree with it or to contradict it."""

    kind: str
    figure: Figure
    section: str
    at: int
    tied: bool


def annex_table(store: ox.Store, graph: str) -> list[Row]:
    """The rows of a plan's annex table, or what stands in their place, as listed gives them."""
    return listed(indicator_rows(store, graph))


def listed(rows: Iterable[Row]) -> list[Row]:
    """Of a plan's indicators those of its annex table; where it has none, those of its text that
    have a target or baseline."""
    known = [row for row in rows if row.number or row.target or row.baseline]
    return [row for row in known if row.number] or known


def indicator_row(
    store: ox.Store, graph: str, indicator: str
) -> tuple[Row, tuple[Stated, ...]] | None:
    """An indicator of a plan's annex table or text (by its IRI, in the plan's named graph) as a
    row, with each place that states a baseline or target of it; number is 0 of one that no table
    has. None where it is none. Of several targets the row holds the table's own, then one that no
    other place is said to agree with or contradict; of these the one for the plan's last year, or
    the year that is next to it, and a level before a sum or a mean."""
    for row, stated in _read_indicators(store, graph, indicator):
        return _row(row, stated), tuple(sorted(stated, key=lambda one: one.at))
    return None


def indicator_rows(store: ox.Store, graph: str) -> list[Row]:
    """All indicators of a plan, of the annex table and of the text, as indicator_row gives each: in
    the order in which they are printed."""
    read = _read_indicators(store, graph)
    read.sort(key=lambda one: [int(one[0][name] or 0) for name in ("from", "number", "part")])
    return [_row(row, stated) for row, stated in read]


def _read_indicators(
    store: ox.Store, graph: str, indicator: str = ""
) -> list[tuple[dict[str, Any], list[Stated]]]:
    """The indicators of a plan, or one of them, each with the values stated of it: those of its row
    in a table first, then those that are stated nowhere else, then by how near their year is to the
    plan's last one, the earlier before the later."""

    def ask(query: str) -> list[dict[str, Any]]:
        only = f"VALUES ?indicator {{ <{indicator}> }}" if indicator else ""
        return select(store, query.replace("{", f"{{ {only}", 1), graph)

    names = _names(ask(_NAMES), ask(_UNITS))
    stated: dict[str, dict[str, Stated]] = defaultdict(dict)
    for row in ask(_VALUES):
        one = Stated(
            local_name(row["kind"]),
            _figure(row, names),
            row["section"] or "",
            int(row["at"] or 0),
            row["tied"] == "true",
        )
        stated[row["indicator"]].setdefault(one.figure.iri, one)
    measures, goals = _by_indicator(ask(_SERVED)), _by_indicator(ask(_GOALS))
    rows = {row["indicator"]: row for row in ask(_INDICATORS)}
    end = max((int(row["end"][:4]) for row in select(store, _LAST_DAY, graph)), default=0)

    def sequence(row: dict[str, Any], one: Stated) -> tuple[Any, ...]:
        figure, last = one.figure, one.figure.last
        within = row["number"] and row["from"] and int(row["from"]) <= one.at < int(row["to"])
        of_row = within and any(map(str.isalnum, figure.text))
        level = figure.basis == "PointInTime"
        years = (abs(last - end), last)
        return not of_row, one.tied, *years, not level, reading_order(figure.iri)

    return [
        (
            row | {"measures": measures.get(iri, ()), "goals": goals.get(iri, ())},
            sorted(stated[iri].values(), key=partial(sequence, row)),
        )
        for iri, row in rows.items()
    ]


def _names(
    named: list[dict[str, Any]], counted: list[dict[str, Any]]
) -> dict[str, tuple[str, str]]:
    """The names of each indicator in one text, and the unit printed that the lexicon has not."""
    names = grouped((row["indicator"], row["name"]) for row in named)
    units = {row["indicator"]: row["name"] for row in counted}
    return {iri: (" ".join(sorted(of)), units.get(iri, "")) for iri, of in names.items()}


def _figure(row: dict[str, Any], names: dict[str, tuple[str, str]]) -> Figure:
    words, printed = names.get(row["indicator"], ("", ""))
    unit = local_name(row["unit"]).removeprefix("unit-") if row["unit"] else None
    return Figure(
        row["value"],
        Decimal(row["number"]) if row["number"] else None,
        row["text"],
        row["unit"] or "",
        local_name(row["comparator"]),
        local_name(row["basis"]),
        int(row["start"][:4]),
        int(row["end"][:4]),
        unit_printed(unit, f"{words} ({printed}) {row['text']}") if unit else printed,
    )


def _row(r: dict[str, Any], stated: Sequence[Stated]) -> Row:
    first: dict[str, Figure] = {}
    for one in stated:
        first.setdefault(one.kind, one.figure)
    return Row(
        r["indicator"],
        int(r["number"] or 0),
        int(r["part"] or 0),
        r["name"],
        r["category"] or "",
        r["attribute"] or "",
        first.get("Baseline"),
        first.get("Target"),
        r["concept"] or "",
        r["measures"],
        r["goals"],
        tuple(_further_targets(stated, first.get("Target"))),
        frozenset(
            one.figure.iri
            for one in stated
            if one.kind == "Target"
            and (goal := first.get("Target"))
            and (one.figure.unit, one.figure.basis) == (goal.unit, goal.basis)
        ),
    )


def _further_targets(stated: Sequence[Stated], first: Figure | None) -> Iterator[Figure]:
    """The targets that say something else than the first and those before."""
    said = {_statement_key(first)} if first else set()
    for one in stated:
        if one.kind == "Target" and not one.tied and _statement_key(one.figure) not in said:
            said.add(_statement_key(one.figure))
            yield one.figure


def _statement_key(one: Figure) -> tuple[object, ...]:
    words = one.text if one.number is None else one.number
    return words, one.comparator, one.kind, one.first, one.last


def _by_indicator(rows: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        other = next(value for name, value in row.items() if name != "indicator")
        found[row["indicator"]].add(other)
    return {indicator: tuple(sorted(others)) for indicator, others in found.items()}
