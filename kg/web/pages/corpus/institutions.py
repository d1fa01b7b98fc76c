"""Institutions that several plans name, with the measures that count on them."""

from flask import Response, abort, url_for

from kg.release.questions import CountedOn, InstitutionRow, Shared
from kg.source import gazetteer
from kg.web.context import here, kind_label, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, query, question, table
from kg.web.pages.corpus.cells import Cell

_CANDIDATES = 60  # names that are listed to be checked


@question("institutions")
def institutions(asked: Asked) -> Response | str:
    """The institutions that several plans name; one of them by its key; or those of a name."""
    if key := asked.words("key"):
        return _one(asked, key, *asked.questions.institution(key), is_one=True)
    if name := asked.words("name"):
        return _one(asked, name, *asked.questions.institutions_named(name), is_one=False)
    type_ = asked.words("type")
    found, total = asked.questions.institutions(type_, *asked.rows())
    unsure = asked.questions.institution_candidates(_CANDIDATES) if not type_ else []
    answers = [
        table(text("corpus_institutions"), _columns("key"), found),
        table(text("corpus_unsure"), _columns("name"), unsure, "unsure"),
    ]
    return asked.answer(
        answers,
        query("institutions"),
        types=asked.questions.institution_types(),
        type=type_,
        **asked.paging(total),
    )


def _one(
    asked: Asked, name: str, rows: list[InstitutionRow], measures: list[CountedOn], is_one: bool
) -> Response | str:
    if not rows:
        abort(404, Message("no_institution", name))
    named: Columns[InstitutionRow] = (
        ("area", asked.placed(cells.area)),
        ("period", asked.placed(cells.period)),
        ("institution", lambda one: cells.entity(one.name, one.iri)),
        ("measures", lambda one: cells.count(one.measures)),
        ("plan", asked.placed(cells.plan)),
    )
    counted: Columns[CountedOn] = (
        ("area", asked.placed(cells.area)),
        ("measure", lambda one: cells.entity(one.title, one.measure)),
        ("sentence", lambda one: cells.entity(one.sentence, one.passage)),
        ("plan", asked.placed(cells.plan)),
    )
    return asked.answer(
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
        ("type", lambda one: Cell(kind_label(one.type and f"institution-{one.type}"))),
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
