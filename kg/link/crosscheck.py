"""What does not fit together within one plan: each finding with the passages on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.model import Achievement, Extraction, Value
from kg.lexicon import lexicon, worded
from kg.link.model import Link, Linked
from kg.link.same_quantities import are_apart, is_turn, name_likeness, turns_into
from kg.quantities.bounds import counts_fall, counts_growth, kept_bound, may_state
from kg.quantities.grammar import units
from kg.rdf.iris import Node
from kg.source.text import Span

_SAME_FIGURE = 0.6  # of shared characters, for one of the same number and unit to confirm it
_SAME_RESULT = 0.85  # of shared characters, for a result of the review to mean an annex indicator


@dataclass(frozen=True)
class Finding:
    """An inconsistency: its kind, entities and evidence, and what is wrong in both languages."""

    kind: str
    about: tuple[Node, ...]
    evidence: tuple[Span, ...]
    zh: str
    en: str


def cross_check(linked: Linked) -> tuple[Finding, ...]:
    """Everything that does not fit together in what was read and linked."""
    found = linked.extraction
    return (
        *_disagreements(found, linked.links),
        *_targets_beside_baselines(found, linked.concepts),
        *_averages_of_stocks(found),
        *_units(found),
        *_reviewed(found),
        *_goals(found, linked.links),
        *_indicators(found, linked.links),
    )


def _finding(
    kind: str, about: tuple[Node, ...], evidence: tuple[Span, ...], **words: str
) -> Finding:
    return Finding(kind, about, evidence, *worded("checks", kind, **words))


def _disagreements(found: Extraction, links: tuple[Link, ...]) -> Iterator[Finding]:
    """Body targets that the annex table contradicts, sums of yearly figures among them."""
    values = {v.key: v for v in found.values if v.kind == "Target"}
    for link in links:
        if link.predicate != "inconsistentWith":
            continue
        summed = (
            values[link.subject.key].quantity.basis == "AnnualAverage"
            and values[link.object.key].quantity.basis == "Cumulative"
        )
        kind = "SumDisagrees" if summed else "TextAndTableDisagree"
        name = found.indicator[values[link.object.key].indicator].name
        words = {"name": name, "zh": link.explanation, "en": link.explanation_en}
        yield _finding(kind, (link.subject, link.object), link.evidence, **words)


def _targets_beside_baselines(found: Extraction, concepts: dict[str, str]) -> Iterator[Finding]:
    """Targets that are worse than the baseline, where the better direction is known."""
    higher = {name: one["higher"] for name, one in lexicon("concepts").items()}
    kept = {
        (target.indicator, target.quantity.value)
        for target in found.values
        if target.kind == "Target" and _is_kept(target, found)
    }
    for target in found.values:
        base = found.baselines.get(target.indicator)
        better = higher.get(concepts.get(target.indicator, ""))
        if (
            target.kind != "Target"
            or (target.indicator, target.quantity.value) in kept
            or base is None
            or better is None
            or target.quantity.basis != base.quantity.basis
            or target.quantity.relative_to is not None  # by how much, not to what
        ):
            continue
        before, after = base.quantity.value, target.quantity.value
        if before is None or after is None or before == after or (after > before) == better:
            continue
        name = found.indicator[target.indicator].name
        words = {"name": name, "target": target.quantity.text, "baseline": base.quantity.text}
        explanation = worded("step_back", "below" if better else "above", **words)
        ends = Node("target", target.key), Node("baseline", base.key)
        about = (Node("indicator", target.indicator), *ends)
        evidence = (target.quantity.span, base.quantity.span)
        yield Finding("TargetBelowBaseline", about, evidence, *explanation)


def _is_kept(target: Value, found: Extraction) -> bool:
    """Whether a target asks for no step back though it lies behind its baseline: a bound that is
    kept, or a fall or growth that is to go on by less."""
    name, goal = found.indicator[target.indicator].name, target.quantity
    base = found.baselines.get(target.indicator)
    before = base.quantity.value if base else None
    bound = kept_bound(goal.comparator, goal.text, name, goal.value, before)
    return bound is not None or counts_fall(name) or counts_growth(name)


def _averages_of_stocks(found: Extraction) -> Iterator[Finding]:
    """Yearly averages of what is counted at a moment, not over a time."""
    flows = tuple(lexicon("quantities")["flows"]["words"])
    number = lexicon("quantities")["name"]["number"]  # ends the name of what a verb brings about
    for value in found.values:
        indicator = found.indicator[value.indicator]
        of_text = indicator.number is None or indicator.name.endswith(number)
        brought = value.sentence is not None and of_text
        unit = units().get(value.quantity.unit or "")
        rate = unit is None or unit.kind == "ratio"
        flow = any(word in indicator.name for word in flows)
        if value.quantity.basis == "AnnualAverage" and not (rate or brought or flow):
            about = (Node("indicator", indicator.key), Node(value.kind.lower(), value.key))
            evidence = (value.quantity.span, indicator.span)
            yield _finding("AverageOfStock", about, evidence, name=indicator.name)


def _units(found: Extraction) -> Iterator[Finding]:
    """Body targets in a unit that cannot be turned into the annex indicator's."""
    for value in found.values:
        indicator = found.indicator[value.indicator]
        of_row = value.sentence is not None and indicator.number is not None
        if not (of_row and value.quantity.unit and indicator.unit):
            continue
        if not is_turn(value.quantity) and not turns_into(value.quantity.unit, indicator.unit):
            of_table = units()[indicator.unit]
            words = {"name": indicator.name, "printed": value.quantity.unit_text}
            words |= {"label": of_table.labels[0], "english": of_table.english}
            about = (Node("indicator", indicator.key), Node("target", value.key))
            yield _finding("UnitChanges", about, (value.quantity.span, indicator.span), **words)


def _reviewed(found: Extraction) -> Iterator[Finding]:
    """Baselines that the review chapter gives another figure for."""
    latest = {  # of two in a clause, the latter: 由78户增加到112户
        (base.key, result.span): (result, base)
        for result, base in _results_of_baselines(found, _SAME_RESULT)
    }
    for result, base in latest.values():
        of_years = result.quantity.basis != "PointInTime" and base.period[0] == base.period[1]
        comparable = not of_years and result.quantity.relative_to == base.quantity.relative_to
        says, stated, exact = result.quantity.comparator, result.quantity.value, base.quantity.value
        if stated is None or exact is None or may_state(says, stated, exact):
            continue
        if kept_bound(says, result.quantity.text, result.what, stated, exact):
            continue  # more than 40 is no other figure than 41.2
        if comparable:
            words = {"what": result.what, "reported": result.quantity.text}
            words |= {"printed": base.quantity.text}
            ends = Node("achievement", result.number), Node("baseline", base.key)
            about = (Node("indicator", base.indicator), *ends)
            evidence = (result.span, base.quantity.span)
            yield _finding("ReviewAndBaselineDisagree", about, evidence, **words)


def corroborations(found: Extraction) -> list[tuple[Value, Achievement]]:
    """Baselines with the results of the review chapter that give the same figure."""
    return [
        (base, result)
        for result, base in _results_of_baselines(found, _SAME_FIGURE)
        if result.quantity.value == base.quantity.value
    ]


def _results_of_baselines(found: Extraction, least: float) -> Iterator[tuple[Achievement, Value]]:
    """Results of the review chapter about an annex indicator, with its baseline: the one whose name
    is most like the result's."""
    annex = [i for i in found.indicators if i.number is not None]
    for result in found.achievements:
        likenesses = [
            0.0 if are_apart(result.what, one.name) else name_likeness(result.what, one.name)
            for one in annex
        ]
        nearest = max(likenesses, default=0.0)
        for indicator, own in zip(annex, likenesses, strict=True):
            base = found.baselines.get(indicator.key)
            unlike = own < max(least, nearest) or result.quantity.unit != indicator.unit
            if base is None or base.quantity.value is None or unlike:
                continue
            if result.period is None or result.period[1] >= base.period[1]:
                yield result, base


def _goals(found: Extraction, links: tuple[Link, ...]) -> Iterator[Finding]:
    measured = {link.subject.key for link in links if link.predicate == "measuredBy"}
    if not measured:
        return
    for goal in found.goals:
        if not goal.vision and goal.number not in measured:
            about = (Node("goal", goal.number),)
            yield _finding("GoalWithoutIndicator", about, goal.statement, name=goal.title)


def _indicators(found: Extraction, links: tuple[Link, ...]) -> Iterator[Finding]:
    served = {link.object.key for link in links if link.predicate == "contributesTo"}
    for indicator in found.indicators:
        if indicator.number is not None and indicator.key not in served:
            about, name = (Node("indicator", indicator.key),), indicator.name
            yield _finding("IndicatorWithoutMeasure", about, (indicator.span,), name=name)
