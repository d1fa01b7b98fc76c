"""Higher plans beside lower ones, and one area from one period to the next."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, abort

from kg.release.gaps import Gap, Gaps, all_gaps
from kg.release.questions import IndicatorRow, Matched, Place
from kg.web.context import here, release, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, graph_term, query, question, table
from kg.web.pages.corpus.cells import Cell

_Pair = tuple[IndicatorRow, IndicatorRow]
_ALONE: Columns[IndicatorRow] = (
    ("indicator", cells.indicator),
    ("attribute", cells.attribute),
    ("target", cells.target),
    ("sentence", cells.sentence),
)
_LACKING: Columns[IndicatorRow] = (
    ("higher_indicator", cells.indicator),
    ("attribute", cells.attribute),
    ("higher_target", cells.target),
    ("sentence", cells.sentence),
)
_BESIDE: Columns[_Pair] = (
    ("higher_indicator", lambda pair: cells.indicator(pair[0])),
    ("attribute", lambda pair: cells.attribute(pair[0])),
    ("higher_target", lambda pair: cells.target(pair[0])),
    ("lower_indicator", lambda pair: cells.indicator(pair[1])),
    ("lower_target", lambda pair: cells.target(pair[1])),
    ("sentence", lambda pair: cells.sentence(pair[1])),
)
_PERIODS: Columns[_Pair] = (
    ("indicator", lambda pair: cells.indicator(pair[1])),
    ("earlier_target", lambda pair: cells.target(pair[0])),
    ("later_baseline", lambda pair: cells.figure(pair[1].baseline)),
    ("came_of", lambda pair: cells.came_of(*pair)),
    ("later_target", lambda pair: cells.target(pair[1])),
    ("sentence", lambda pair: cells.sentence(pair[1])),
)
_HIGHER: Columns[Gaps] = (
    ("area", lambda one: cells.area(one.higher)),
    ("period", lambda one: cells.period(one.higher)),
    ("higher", lambda one: replace(cells.plan(one.higher), href=here(higher=one.higher.plan))),
    ("lower_plans", lambda one: cells.count(len(one.lower))),
    ("binding", lambda one: cells.count(len(one.gaps))),
    ("gaps", lambda one: cells.count(one.lacking)),
)


@question("levels")
def levels(asked: Asked) -> Response | str:
    """Each plan with the plans of the areas that hold its own, or two of them side by side."""
    higher, lower = asked.words("higher"), asked.words("lower")
    if not (higher and lower):
        return _pairs(asked, asked.questions.levels(), "lower", "higher", ("lower", "higher"))
    above, below = asked.place("higher"), asked.place("lower")
    if above not in asked.questions.higher(lower):
        abort(400, Message("not_above", higher, lower))
    matched = [one for one in asked.questions.matched(higher, lower) if one.first is not None]
    lacking = [one.first for one in matched if one.first and one.second is None]
    answers = [
        table(text("corpus_lacking"), _LACKING, (r for r in lacking if r.binding), "lacking"),
        table(text("corpus_beside"), _BESIDE, _in_both_plans(matched, likely=False)),
        table(text("corpus_likely"), _BESIDE, _in_both_plans(matched, likely=True), "likely"),
        table(text("corpus_lacking_other"), _LACKING, (r for r in lacking if not r.binding)),
    ]
    return asked.answer(
        answers,
        query("levels", higher=graph_term(higher), lower=graph_term(lower)),
        above=above,
        below=below,
        binding=len({one.first.iri for one in matched if one.first and one.first.binding}),
        lacked=len({row.iri for row in lacking if row.binding}),
    )


@question("periods")
def periods(asked: Asked) -> Response | str:
    """Successive plans of one area, or two of them side by side."""
    before, after = asked.words("before"), asked.words("after")
    if not (before and after):
        return _pairs(asked, asked.questions.successive(), "earlier", "later", ("before", "after"))
    earlier, later = asked.place("before"), asked.place("after")
    if (earlier, later) not in asked.questions.successive():
        abort(400, Message("not_successive", before, after))
    matched = asked.questions.matched(before, after)
    dropped = (one.first for one in matched if one.first and one.second is None)
    added = (one.second for one in matched if one.second and one.first is None)
    answers = [
        table(text("corpus_both"), _PERIODS, _in_both_plans(matched, likely=False)),
        table(text("corpus_likely"), _PERIODS, _in_both_plans(matched, likely=True), "likely"),
        table(text("corpus_only_before"), _ALONE, dropped),
        table(text("corpus_only_after"), _ALONE, added),
    ]
    return asked.answer(
        answers,
        query("periods", before=graph_term(before), after=graph_term(after)),
        above=earlier,
        below=later,
    )


def _pairs(
    asked: Asked,
    pairs: Sequence[tuple[Place, Place]],
    first: str,
    second: str,
    asks: tuple[str, str],
) -> Response | str:
    """The pairs of plans that can be put side by side, those of an area where one is asked for;
    first and second: their columns; asks: the names by which an address asks for both."""

    def leads(pair: tuple[Place, Place]) -> Cell:
        chosen = {asked_by: place.plan for asked_by, place in zip(asks, pair, strict=True)}
        return cells.side_by_side(asked.name, **chosen)

    columns: Columns[tuple[Place, Place]] = (
        ("area", lambda pair: cells.area(pair[0])),
        ("period", lambda pair: cells.period(pair[0])),
        (first, lambda pair: cells.plan(pair[0])),
        (second, lambda pair: cells.plan(pair[1])),
        ("period", lambda pair: cells.period(pair[1])),
        ("beside", leads),
    )
    words = asked.words()
    held = [pair for pair in pairs if any(words in place.area for place in pair)]
    limit, passed = asked.rows()
    shown = table(text(f"corpus_pairs_{asked.name}"), columns, held[passed : passed + limit])
    every = query(f"{asked.name}_all")
    return asked.answer([shown], every, above=None, words=words, **asked.paging(len(held)))


def _in_both_plans(matched: Sequence[Matched], likely: bool) -> list[_Pair]:
    """The indicators that both plans have."""
    alike = (one for one in matched if one.likely == likely)
    return [(one.first, one.second) for one in alike if one.first and one.second]


@question("gaps")
def gaps(asked: Asked) -> Response | str:
    """The plans that have plans of lower levels below them; with a plan's slug, the binding
    indicators that those below it lack."""
    every = release().once(("gaps",), lambda: all_gaps(asked.questions))
    if not (higher := asked.words("higher")):
        shown = table(text("corpus_gaps"), _HIGHER, every, "lacking")
        return asked.answer([shown], query("gaps_all"), of=None)
    place = asked.place("higher")
    one = next((one for one in every if one.higher == place), None)
    if one is None:
        abort(404, Message("no_gaps", higher))
    below = len(one.lower)
    indicators: Columns[Gap] = (
        ("higher_indicator", lambda gap: cells.indicator(gap.indicator)),
        ("higher_target", lambda gap: cells.target(gap.indicator)),
        ("lower_plans", lambda _: cells.count(below)),
        ("lacking_plans", lambda gap: cells.count(len(gap.lacking))),
        ("sentence", lambda gap: cells.sentence(gap.indicator)),
    )
    lacking: Columns[tuple[Gap, Place]] = (
        ("higher_indicator", lambda pair: cells.indicator(pair[0].indicator)),
        ("area", lambda pair: cells.area(pair[1])),
        ("lower", lambda pair: cells.plan(pair[1])),
        ("beside", lambda pair: cells.side_by_side("levels", higher=higher, lower=pair[1].plan)),
    )
    pairs = ((gap, low) for gap in one.gaps for low in gap.lacking)
    answers = [
        table(text("corpus_gaps_of", place.area), indicators, one.gaps, "lacking"),
        table(text("corpus_gaps_below"), lacking, pairs),
    ]
    lower = " ".join(graph_term(low.plan) for low in one.lower)
    return asked.answer(answers, query("gaps", higher=graph_term(higher), lower=lower), of=one)
