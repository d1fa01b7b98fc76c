"""What plans below a province, or a city, lack of its binding indicators."""

from dataclasses import replace

from flask import Response, abort

from kg.release.gaps import Gap, Gaps, all_gaps
from kg.release.questions import Place
from kg.web.context import here, release, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, graph_term, query, question, table

_HIGHER: Columns[Gaps] = (
    ("area", lambda one: cells.area(one.higher)),
    ("period", lambda one: cells.period(one.higher)),
    ("higher", lambda one: replace(cells.plan(one.higher), href=here(higher=one.higher.plan))),
    ("lower_plans", lambda one: cells.count(len(one.lower))),
    ("binding", lambda one: cells.count(len(one.gaps))),
    ("gaps", lambda one: cells.count(one.lacking)),
)


@question("gaps")
def gaps(asked: Asked) -> Response | str:
    """The plans that have plans of lower levels below them; with a plan's slug, the binding
    indicators that those below it lack."""
    every = release().once(("gaps",), lambda: all_gaps(asked.questions))
    if not (higher := asked.words("higher")):
        shown = table(text("corpus_gaps"), _HIGHER, every, "lacking")
        return asked.answer([shown], "", of=None)
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
    answers = [
        table(text("corpus_gaps_of", place.area), indicators, one.gaps, "lacking"),
        table(
            text("corpus_gaps_below"),
            lacking,
            ((gap, low) for gap in one.gaps for low in gap.lacking),
        ),
    ]
    lower = " ".join(graph_term(low.plan) for low in one.lower)
    return asked.answer(answers, query("gaps", higher=graph_term(higher), lower=lower), of=one)
