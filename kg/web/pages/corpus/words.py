"""Who names a term first, and who most."""

from flask import Response

from kg.web.context import address, text
from kg.web.pages.corpus.answers import (
    Answer,
    Cell,
    answered,
    area_cell,
    asked,
    blueprint,
    issued_cell,
    literal,
    number_cell,
    period_cell,
    plan_cell,
    query,
    questions,
)

_COLUMNS = ("issued", "area", "plan", "period", "sentences", "share", "first", "chapter")
_PER = 1000  # sentences


@blueprint.get("/corpus/words")
def words() -> Response | str:
    """How many sentences of each plan name what the address asks for, with the first of them."""
    word = asked()
    found = questions().naming(word) if word else []
    places = questions().places
    rows = []
    for one in found:
        place = places[one.plan]
        share = _PER * one.sentences / place.sentences if place.sentences else None
        rows.append(
            [
                issued_cell(place),
                area_cell(place),
                plan_cell(place),
                period_cell(place),
                Cell(str(one.sentences), number=one.sentences),
                number_cell(share, 1),
                Cell(one.text, address(one.iri), one.iri),
                Cell(one.chapter),
            ]
        )
    most = max(found, key=lambda one: one.sentences, default=None)
    periods: dict[str, list[int]] = {}
    for one in found:
        place = places[one.plan]
        periods.setdefault(f"{place.first}–{place.last}", []).append(one.sentences)
    return answered(
        "words",
        [Answer(text("corpus_naming", word), _COLUMNS, rows)] if word else [],
        query("words", word=literal("".join(word.split()))) if found else "",
        word=word,
        found=found,
        first=places[found[0].plan] if found else None,
        most=places[most.plan] if most else None,
        most_sentences=most.sentences if most else 0,
        undated=any(not places[one.plan].issued for one in found),
        periods=[(period, len(of), sum(of)) for period, of in sorted(periods.items())],
        of_period={
            period: sum(f"{one.first}–{one.last}" == period for one in places.values())
            for period in periods
        },
        plan_cell=plan_cell,
    )
