"""An indicator's page: where it began, where it is, where it is to be, and what other plans have
of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from kg.rdf.iris import plan_graph, reading_order
from kg.rdf.namespaces import local_name
from kg.rdf.select import select
from kg.views.annex import Figure
from kg.views.sameness import likely_quantity, same_name

_HISTORY = """
SELECT ?year ?target ?state ?reached ?expected ?share ?zh ?en WHERE {
  ?a plan:assesses <%s> ; plan:againstTarget ?target ; plan:progressState ?state ;
     plan:period ?p ; plan:explanation ?zh , ?en .
  BIND ( STRAFTER(STR(?p), "/id/period/") AS ?year )
  FILTER ( lang(?zh) = "zh" && lang(?en) = "en" )
  OPTIONAL { ?a plan:reached ?reached } OPTIONAL { ?a plan:expected ?expected }
  OPTIONAL { ?a plan:shareOfWay ?share } }"""
_NAMED = """
SELECT ?indicator ?name WHERE { GRAPH ?g { ?indicator a plan:Indicator ; skos:prefLabel ?name } }"""


@dataclass(frozen=True)
class Step:
    """What was judged of an indicator at the end of a year: against which target, the state, the
    sentences that say why, and the numbers in the target's unit (None where there is none)."""

    year: int
    target: str
    state: str
    zh: str
    en: str
    reached: Decimal | None
    expected: Decimal | None
    share: Decimal | None


def history(store: ox.Store, plan: str, indicator: str) -> tuple[Step, ...]:
    """What was judged of an indicator, year by year, targets in the plan's order.

    Args:
        store: the released store.
        plan: the plan's IRI.
        indicator: the indicator's IRI.
    """
    rows = select(store, _HISTORY % indicator, plan_graph(plan, "monitoring"))
    rows.sort(key=lambda r: (int(r["year"]), reading_order(r["target"])))
    return tuple(
        Step(
            int(r["year"]),
            r["target"],
            local_name(r["state"]).removeprefix("progress-"),
            r["zh"],
            r["en"],
            *(Decimal(r[name]) if r[name] else None for name in ("reached", "expected", "share")),
        )
        for r in rows
    )


def latest(steps: tuple[Step, ...], target: Figure | None) -> Step | None:
    """The last judgement against a target that rests on a value; None where there is none yet."""
    known = (s for s in steps if target and s.target == target.iri and s.state != "NoData")
    return max(known, key=lambda step: step.year, default=None)


class Names:
    """The indicators of all released plans by their names.

    Args:
        store: the released store.
    """

    def __init__(self, store: ox.Store) -> None:
        self._name: dict[str, str] = {}
        self._same: dict[str, list[str]] = defaultdict(list)
        self._likely: dict[str, list[str]] = defaultdict(list)
        for row in sorted(select(store, _NAMED), key=lambda r: reading_order(r["indicator"])):
            iri, name = row["indicator"], row["name"]
            self._name[iri] = same_name(name)
            self._same[same_name(name)].append(iri)
            if quantity := likely_quantity(name):
                self._likely[quantity].append(iri)

    def same(self, indicator: str) -> list[str]:
        """The indicators of other plans that have the same name (IRIs)."""
        return self._elsewhere(indicator, self._same[self._name[indicator]])

    def likely(self, indicator: str) -> list[str]:
        """The indicators of other plans that likely count the same by other names (IRIs)."""
        name = self._name[indicator]
        found = self._likely[likely_quantity(name)] if likely_quantity(name) else []
        return [iri for iri in self._elsewhere(indicator, found) if self._name[iri] != name]

    @staticmethod
    def _elsewhere(indicator: str, iris: list[str]) -> list[str]:
        plan = indicator.rsplit("/indicator/", 1)[0]
        return [iri for iri in iris if not iri.startswith(f"{plan}/")]
