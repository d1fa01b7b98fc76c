"""What was judged of indicators, year by year, as monitoring graphs hold it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from decimal import Decimal

import msgspec
import pyoxigraph as ox

from kg.rdf.iris import plan_graph, reading_order
from kg.rdf.select import select

_ASSESSED = """
SELECT ?indicator ?target ?year ?state ?reached ?expected ?share ?zh ?en WHERE {
  %s ?a a plan:Assessment ; plan:assesses ?indicator ; plan:againstTarget ?target ;
     plan:progressState ?judged ; plan:period ?p ; plan:explanation ?zh , ?en .
  BIND ( STRAFTER(STR(?judged), "#progress-") AS ?state )
  BIND ( STRAFTER(STR(?p), "/id/period/") AS ?year )
  FILTER ( lang(?zh) = "zh" && lang(?en) = "en" )
  OPTIONAL { ?a plan:reached ?reached } OPTIONAL { ?a plan:expected ?expected }
  OPTIONAL { ?a plan:shareOfWay ?share } }"""


@dataclass(frozen=True)
class Assessment:
    """What was judged of an indicator at the end of a year: against which target, the state, the
    sentences that say why, and the numbers in the target's unit (None where there is none)."""

    indicator: str
    year: int
    target: str
    state: str
    zh: str
    en: str
    reached: Decimal | None
    expected: Decimal | None
    share: Decimal | None


def assessments_of(store: ox.Store, plan: str, indicator: str = "") -> tuple[Assessment, ...]:
    """What was judged of a plan's indicators, by years, targets in the plan's order.

    Args:
        indicator: the IRI of the only indicator to look at; "" for all.
    """
    only = f"VALUES ?indicator {{ <{indicator}> }}" if indicator else ""
    rows = select(store, _ASSESSED % only, plan_graph(plan, "monitoring"))
    found = msgspec.convert(rows, list[Assessment], strict=False)
    return tuple(sorted(found, key=lambda one: (one.year, reading_order(one.target))))


def latest(judged: Iterable[Assessment], targets: Container[str]) -> Assessment | None:
    """The last assessment against one of some targets (IRIs) that has data; None where there is
    none."""
    known = (one for one in judged if one.target in targets and one.state != "NoData")
    return max(known, key=lambda one: one.year, default=None)
