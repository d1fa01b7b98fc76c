"""Institutions that several plans name, with the measures that count on them."""

from flask import Response, abort, url_for

from kg.rdf.namespaces import PLAN
from kg.release.questions import CountedOn, InstitutionRow, Shared
from kg.source import gazetteer
from kg.web.context import address, reader, text
from kg.web.messages import Message
from kg.web.pages.corpus.answers import (
    PAGE,
    Answer,
    Cell,
    answered,
    area_cell,
    asked,
    blueprint,
    here,
    page_number,
    period_cell,
    plan_cell,
    query,
    questions,
    rows_wanted,
)

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
    type_, number = asked("type"), page_number()
    found, total = questions().institutions(type_, *rows_wanted())
    unsure = questions().institution_candidates(_CANDIDATES) if not type_ else []
    answers = [
        Answer(text("corpus_institutions"), _COLUMNS, [_row(one, "key") for one in found]),
        *(
            [
                Answer(
                    text("corpus_unsure"), _COLUMNS, [_row(one, "name") for one in unsure], "unsure"
                )
            ]
            if unsure
            else []
        ),
    ]
    return answered(
        "institutions",
        answers,
        query("institutions"),
        types=[(key, _type(key), n) for key, n in questions().institution_types().items()],
        type=type_,
        total=total,
        number=number,
        pages=-(-total // PAGE),
        named="",
    )


def _one(
    name: str, rows: list[InstitutionRow], measures: list[CountedOn], is_one: bool
) -> Response | str:
    if not rows:
        abort(404, Message("no_institution", name))
    places = questions().places
    named = [
        [
            area_cell(places[one.plan]),
            period_cell(places[one.plan]),
            Cell(one.name, address(one.iri), one.iri),
            Cell(str(one.measures), number=one.measures),
            plan_cell(places[one.plan]),
        ]
        for one in rows
    ]
    counted = [
        [
            area_cell(places[one.plan]),
            Cell(one.title, address(one.measure), one.measure),
            Cell(one.sentence, address(one.passage) if one.passage else "", one.passage),
            plan_cell(places[one.plan]),
        ]
        for one in measures
    ]
    return answered(
        "institutions",
        [
            Answer(text("corpus_named_by"), _NAMED, named, "" if is_one else "unsure"),
            *([Answer(text("corpus_counted_on"), _MEASURES, counted)] if counted else []),
        ],
        query("institution", things=" ".join(f"<{one.iri}>" for one in rows)),
        named=_name(rows[0].key, rows[0].name) if is_one else rows[0].name,
        all=url_for("corpus.institutions"),
    )


def _row(one: Shared, by: str) -> list[Cell]:
    leads = here(type=None, page=None, **{by: one.key if by == "key" else one.name})
    return [
        Cell(_name(one.key, one.name), leads),
        Cell(_type(one.type)),
        Cell(str(one.plans), number=one.plans),
        Cell(str(one.measures), number=one.measures),
    ]


def _name(key: str, name: str) -> str:
    """What an institution is called among all plans: one that is of an area with that area's name
    before it, unless it has it, 江苏省省委."""
    code, _, own = key.partition(" ")
    held = gazetteer.with_code(code) if own and code.isdecimal() else ()
    return f"{held[0].name}{name}" if held and held[0].name not in name else name


def _type(name: str) -> str:
    return reader().label(str(PLAN[f"institution-{name}"])) if name else ""
