"""Institutions that several plans name, with the measures that count on them."""

from flask import Response, abort, url_for

from kg.rdf.namespaces import PLAN
from kg.release.questions import CountedOn, InstitutionRow, Shared
from kg.source import gazetteer
from kg.web.context import here, reader, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Columns,
    answered,
    asked,
    blueprint,
    paging,
    placed,
    query,
    questions,
    rows_wanted,
    table,
)
from kg.web.pages.corpus.cells import Cell

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
        table(text("corpus_institutions"), _columns("key"), found),
        table(text("corpus_unsure"), _columns("name"), unsure, "unsure"),
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
    named: Columns[InstitutionRow] = (
        ("area", placed(cells.area)),
        ("period", placed(cells.period)),
        ("institution", lambda one: cells.entity(one.name, one.iri)),
        ("measures", lambda one: cells.count(one.measures)),
        ("plan", placed(cells.plan)),
    )
    counted: Columns[CountedOn] = (
        ("area", placed(cells.area)),
        ("measure", lambda one: cells.entity(one.title, one.measure)),
        ("sentence", lambda one: cells.entity(one.sentence, one.passage)),
        ("plan", placed(cells.plan)),
    )
    return answered(
        "institutions",
        [
            table(text("corpus_named_by"), named, rows, "" if is_one else "unsure"),
            table(text("corpus_counted_on"), counted, measures),
        ],
        query("institution", things=" ".join(f"<{one.iri}>" for one in rows)),
        full_name(rows[0].key, rows[0].name) if is_one else rows[0].name,
        all=url_for("corpus.institutions"),
    )


def _columns(by: str) -> Columns[Shared]:
    def leads(one: Shared) -> str:
        return here(type=None, page=None, **{by: one.key if by == "key" else one.name})

    return (
        ("institution", lambda one: Cell(full_name(one.key, one.name), leads(one))),
        ("type", lambda one: Cell(_type(one.type))),
        ("plans", lambda one: cells.count(one.plans)),
        ("measures", lambda one: cells.count(one.measures)),
    )


def full_name(key: str, name: str) -> str:
    """An institution's name in a list of all plans: where its key is of an area, the area's name
    stands before it, unless the name has it; the area's kind, where both have it, once."""
    code, _, own = key.partition(" ")
    held = gazetteer.with_code(code) if own and code.isdecimal() else ()
    if not held or held[0].name in name:
        return name
    return held[0].name.removesuffix(name[:1]) + name


def _type(name: str) -> str:
    return reader().label(str(PLAN[f"institution-{name}"])) if name else ""
