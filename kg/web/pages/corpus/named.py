"""Institutions and zones that several plans name, with the measures that count on them."""

from flask import Response, abort

from kg.release.questions import CountedOn, NamedRow, Shared
from kg.source import gazetteer
from kg.web.context import here, kind_label, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, file_wanted, query, question, table
from kg.web.pages.corpus.cells import Cell
from kg.web.parameters import choice_asked

_CANDIDATES = 60  # names to be checked that a page lists
_ALL = 100_000  # and a file
_IN_QUERIES = {
    "institution": {"class": "plan:Institution", "by": "plan:involves"},
    "zone": {"class": "plan:Zone", "by": "plan:locatedIn"},
}


@question("institutions")
def institutions(asked: Asked) -> Response | str:
    """The institutions that several plans name; one of them by its key; or those of a name."""
    return _named(asked, "institution")


@question("zones")
def zones(asked: Asked) -> Response | str:
    """The zones that several plans name, or one, or those of a name, as institutions."""
    return _named(asked, "zone")


def _named(asked: Asked, kind: str) -> Response | str:
    if key := asked.words("key"):
        return _one_entity(asked, kind, key, *asked.questions.named(kind, key), is_one=True)
    if name := asked.words("name"):
        return _one_entity(
            asked, kind, name, *asked.questions.named(kind, name, sure=False), is_one=False
        )
    types = asked.questions.types(kind)
    type_ = choice_asked("type", types)
    found, total = asked.questions.shared(kind, type_, *asked.rows())
    most = _ALL if file_wanted() else _CANDIDATES
    unsure, many = asked.questions.shared(kind, "", most, 0, sure=False)
    answers = [
        table(text(f"corpus_{kind}s"), _columns(asked, kind, "key"), found, total=total),
        table(text("corpus_unsure"), _columns(asked, kind, "name"), unsure, "unsure", many),
    ]
    return asked.answer(
        answers[:1] if type_ else answers,
        query("named", **_IN_QUERIES[kind]),
        kind=kind,
        types=types,
        type=type_,
        **asked.paging(total),
    )


def _one_entity(
    asked: Asked,
    kind: str,
    name: str,
    rows: list[NamedRow],
    measures: list[CountedOn],
    is_one: bool,
) -> Response | str:
    if not rows:
        abort(404, Message(f"no_{kind}", name))
    named: Columns[NamedRow] = (
        ("area", asked.placed(cells.area)),
        ("period", asked.placed(cells.period)),
        (kind, lambda one: cells.entity(one.name, one.iri)),
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
        query("one_named", **_IN_QUERIES[kind], iris=" ".join(f"<{one.iri}>" for one in rows)),
        full_name(rows[0].key, rows[0].name) if is_one else rows[0].name,
    )


def _columns(asked: Asked, kind: str, by: str) -> Columns[Shared]:
    """The columns of a list, by key or by name; a file says who names each as well."""

    def leads(one: Shared) -> str:
        return here(type=None, page=None, **{by: one.key if by == "key" else one.name})

    columns: Columns[Shared] = (
        (kind, lambda one: Cell(_in_list(one, by), leads(one))),
        ("type", lambda one: Cell(kind_label(one.type and f"{kind}-{one.type}"))),
        ("plans", lambda one: cells.count(one.plans)),
        ("measures", lambda one: cells.count(one.measures)),
    )
    if not file_wanted():
        return columns
    named = asked.questions.named_by(kind, sure=by == "key")

    def plans(one: Shared) -> str:
        places = dict.fromkeys(of.plan for of in named[one.key])
        return text("semicolon").join(cells.plan(asked.places[plan]).text for plan in places)

    return (
        *columns,
        ("named_by", lambda one: Cell(plans(one))),
        ("iris", lambda one: Cell(" ".join(of.iri for of in named[one.key]))),
    )


def _in_list(one: Shared, by: str) -> str:
    return full_name(one.key, one.name) if by == "key" else one.name


def full_name(key: str, name: str) -> str:
    """A name in a list of all plans: where its key is of an area, the area's name stands before it,
    unless the name has it; the area's kind, where both have it, once. A division has its full
    name."""
    code, _, own = key.partition(" ")
    held = gazetteer.with_code(code) if own and code.isdecimal() else ()
    if not held or (own != held[0].name and any(one in name for one in held[0].names)):
        return name
    if own == held[0].name:
        return gazetteer.full_name(held[0])
    return held[0].name.removesuffix(name[:1]) + name
