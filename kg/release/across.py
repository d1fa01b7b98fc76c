"""What ties the plans of a release together (docs/architecture.md tells by which rules):
organisations and zones that are the same, or of the same name, with what that rests on; plans of
one area as successive, and those of areas below as such, with the indicators that both have."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from kg.extract.confidence import rate
from kg.lexicon import worded
from kg.rdf.iris import plan_iri, sameness, site_graph
from kg.rdf.namespaces import PLAN, PREFIXES, local_name
from kg.rdf.turtle import statements
from kg.release.questions import Named, Questions
from kg.source import gazetteer

_GRAPHS = {"institution": "organisations", "zone": "zones"}
_SAME = PREFIXES["owl"] + "sameAs"
_SHOWN = 5  # names, and areas of plans, that an explanation lists


class _Alike(NamedTuple):
    """Those that are the same as the one of the earliest plan, or of its name (predicate), and why
    in Chinese and English."""

    predicate: str
    first: str
    others: tuple[str, ...]
    confidence: float
    why: tuple[str, str]

    @property
    def iri(self) -> str:
        """The IRI of what is said of them."""
        return sameness(self.first, self.predicate)


def across_plans(asked: Questions, base: str) -> list[ox.Quad]:
    """What is said across plans, in graphs of the site."""
    said: list[tuple[str, str, str, str]] = []
    found: list[ox.Quad] = []
    for kind, name in _GRAPHS.items():
        alike = [*_same_and_likely(asked, kind)]
        said += [(name, other, one.predicate, one.first) for one in alike for other in one.others]
        found += statements("kg.release", "sameness", site_graph(base, name), alike=alike)
    pairs = [(later, earlier) for earlier, later in asked.successive()]
    for name, plan, indicator, tied in (
        ("succession", PLAN.follows, PLAN.continues, pairs),
        ("levels", PLAN.higherPlan, PLAN.higherIndicator, asked.levels()),
    ):
        plans = ((plan_iri(base, one.plan), plan_iri(base, other.plan)) for one, other in tied)
        said += [(name, one, str(plan), other) for one, other in plans]
        both = asked.indicators_of_both(tied)
        said += [(name, one, str(indicator), other) for one, other in both]
    found += (
        ox.Quad(*map(ox.NamedNode, (subject, predicate, other, site_graph(base, name))))
        for name, subject, predicate, other in said
    )
    return found


def _same_and_likely(asked: Questions, kind: str) -> Iterator[_Alike]:
    """Those of a kind that are the same, then those of one name that may be."""
    first_of: dict[str, str] = {}
    for sure, predicate in ((True, _SAME), (False, str(PLAN.sameNameAs))):
        for key, named in asked.named_by(kind, sure).items():
            first = named[0].iri
            others = [one.iri for one in named[1:] if first_of.get(one.iri) != first]
            if sure:
                first_of |= dict.fromkeys(others, first)
            if others:
                why = _why(asked, named, key if sure else None)
                sure_of = rate(local_name(predicate), kind)
                yield _Alike(predicate, first, tuple(dict.fromkeys(others)), sure_of, why)


def _why(asked: Questions, named: Sequence[Named], key: str | None) -> tuple[str, str]:
    """Why what plans name is the same, or with no key may be: by which names, and in which area."""
    plans = dict.fromkeys(one.plan for one in named)
    areas = dict.fromkeys(asked.places[plan].area for plan in plans)
    code, _, name = (key or "").partition(" ")
    division = next(iter(gazetteer.with_code(code)), None) if name and code.isdecimal() else None
    if division is None:
        rule = "unsure" if key is None else "nationwide"
    else:
        rule = "division" if name == division.name else "within"
    values = {
        "plans": len(plans),
        "names": _listed(one.name for one in named),
        "areas": _listed(areas),
        "place": gazetteer.full_name(division) if division else "",
    }
    return worded("same", rule, **values)


def _listed(words: Iterable[str]) -> str:
    """The first of some words, each once."""
    once = [*dict.fromkeys(words)]
    return "、".join(once[:_SHOWN]) + "…" * (len(once) > _SHOWN)
