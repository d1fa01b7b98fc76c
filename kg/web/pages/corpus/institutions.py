"""Institutions that several plans name, with the measures that count on them."""

from flask import Response, abort, url_for

from kg.rdf.namespaces import PLAN
from kg.release.questions import CountedOn, InstitutionRow, Shared
from kg.source import gazetteer
from kg.web.context import reader, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    answered,
    asked,
    blueprint,
    here,
    paging,
    query,
    questions,
    rows_wanted,
)
from kg.web.pages.corpus.cells import Cell

_COLUMNS = ("institution", "type", "plans", "measures")
_NAMED = ("area", "period", "institution", "measures", "plan")
_MEASURES = ("area", "measure", "sentence", "plan")
_CANDIDATES = 60  # names that are listed to be checked


@blueprint.get("/corpus/institutions")
def institutions() -> Response | str:
    """The institutions that several plans name; one of them by its key; or those of a name."""
    if key := asked("key"):
        return _one(key, *questions().institution(key), is_one=True)
    if name := asked("name"):
        return _one(name, *questions().institutions_named(name), is_one=False)
    type_ = asked("type")
    found, total = questions().institutions(type_, *rows_wanted())
    unsure = questions().institution_candidates(_CANDIDATES) if not type_ else []
    answers = [
        Answer(text("corpus_institutions"), _COLUMNS, [_row(one, "key") for one in found]),
        Answer(text("corpus_unsure"), _COLUMNS, [_row(one, "name") for one in unsure], "unsure"),
    ]
    return answered(
        "institutions",
        answers,
        query("institutions"),
        types=[(key, _type(key), n) for key, n in questions().institution_types().items()],
        type=type_,
        **paging(total),
    )


def _one(
    name: str, rows: list[InstitutionRow], measures: list[CountedOn], is_one: bool
) -> Response | str:
    if not rows:
        abort(404, Message("no_institution", name))
    places = questions().places
    named = [
        [
            cells.area(places[one.plan]),
            cells.period(places[one.plan]),
            cells.entity(one.name, one.iri),
            cells.count(one.measures),
            cells.plan(places[one.plan]),
        ]
        for one in rows
    ]
    counted = [
        [
            cells.area(places[one.plan]),
            cells.entity(one.title, one.measure),
            cells.entity(one.sentence, one.passage),
            cells.plan(places[one.plan]),
        ]
        for one in measures
    ]
    return answered(
        "institutions",
        [
            Answer(text("corpus_named_by"), _NAMED, named, "" if is_one else "unsure"),
            Answer(text("corpus_counted_on"), _MEASURES, counted),
        ],
        query("institution", things=" ".join(f"<{one.iri}>" for one in rows)),
        _name(rows[0].key, rows[0].name) if is_one else rows[0].name,
        all=url_for("corpus.institutions"),
    )


def _row(one: Shared, by: str) -> list[Cell]:
    leads = here(type=None, page=None, **{by: one.key if by == "key" else one.name})
    return [
        Cell(_name(one.key, one.name), leads),
        Cell(_type(one.type)),
        cells.count(one.plans),
        cells.count(one.measures),
    ]


def _name(key: str, name: str) -> str:
    """What an institution is called among all plans: one that is of an area with that area's name
    before it, unless it has it, 江苏省省委."""
    code, _, own = key.partition(" ")
    held = gazetteer.with_code(code) if own and code.isdecimal() else ()
    return f"{held[0].name}{name}" if held and held[0].name not in name else name


def _type(name: str) -> str:
    return reader().label(str(PLAN[f"institution-{name}"])) if name else ""
