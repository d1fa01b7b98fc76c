"""What every answer about all plans has: tables to read and to download, the release that it is
from, an address to cite, and the query behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, render_template, request

from kg.errors import PlanlinkError
from kg.export.answer_table import WORKBOOK, AnswerTable, as_csv, as_workbook
from kg.files import packaged
from kg.rdf.namespaces import with_prefixes
from kg.release.questions import Place, Questions
from kg.web.context import public, release, sent, settings, text
from kg.web.messages import Message, message_of
from kg.web.negotiation import PAGE as PAGE_TYPES
from kg.web.negotiation import format_for
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.cells import Cell
from kg.web.parameters import number_in, page_asked

blueprint = Blueprint("corpus", __name__)

PAGE = 100  # rows on a page
_ALL = 100_000  # rows of a file
_LONGEST = 100  # characters of what is asked
_FILED = ("number", "unit")  # columns of files alone: a target in parts
_OFFERED = {**PAGE_TYPES, "text/csv": "csv", WORKBOOK: "xlsx"}


_T = TypeVar("_T")
Columns = Sequence[tuple[str, Callable[[_T], Cell]]]
"""The columns of a table: the key of each in corpus.toml, and what makes its cell of a row."""


_View = Callable[["Asked"], Response | str]


class _OfPlan(Protocol):
    @property
    def plan(self) -> str: ...


@dataclass(frozen=True)
class Answer:
    """A table of an answer: what it is of, keys of its columns in corpus.toml, the cells of its
    rows, what is to be known when it is read, and how many rows there are in all."""

    title: str
    columns: Sequence[str]
    rows: list[list[Cell]]
    note: str = ""
    total: int = 0

    def on_page(self) -> Answer:
        """Itself without columns that are empty in every row, or to reckon with in a file."""
        columns = zip(self.columns, zip(*self.rows, strict=True), strict=True)
        kept = [
            i
            for i, (name, cells) in enumerate(columns)
            if name not in _FILED and any(x.text for x in cells)
        ]
        rows = [[row[i] for i in kept] for row in self.rows]
        return replace(self, columns=[self.columns[i] for i in kept], rows=rows)

    def heads(self) -> list[str]:
        """The heads of the columns, in the visitor's language."""
        return [contents()["columns"][name][g.language] for name in self.columns]

    def numbers(self) -> list[int]:
        """Which columns hold numbers, from 0."""
        return [at for row in self.rows[:1] for at, x in enumerate(row) if x.number is not None]


def table(
    title: str, columns: Columns[_T], of: Iterable[_T], note: str = "", total: int = 0
) -> Answer:
    """A table with a row for each of the objects given, which may be some of a total."""
    rows = [[cell(one) for _, cell in columns] for one in of]
    return Answer(title, [name for name, _ in columns], rows, note, total or len(rows))


def contents() -> dict[str, Any]:
    """The questions, columns and queries of corpus.toml."""
    return packaged("kg.web", "corpus")


@blueprint.get("/corpus")
def listed() -> str:
    """The questions that are answered from all plans together."""
    return render_template(
        "corpus/contents.html",
        questions=contents()["question"],
        plans=len(release().manifest.plans),
    )


def file_wanted() -> str:
    """The kind of file asked for, by any of its names: csv or xlsx; "" for the page."""
    form = format_for(request, _OFFERED, "text/html")
    return form if form in ("csv", "xlsx") else ""


def answer_from_edition() -> None:
    """Have this request answered from the release that its address names, if any; answers 404 where
    none of that number is kept or can be shown, and 400 where it is no number."""
    if not (wanted := request.args.get("release", "")):
        return
    if (number := number_in(wanted)) is None:
        abort(400, Message("number_of_release", "release"))
    try:
        g.release = release().kept(number)
    except FileNotFoundError:
        abort(404, Message("no_release", number))
    except PlanlinkError as error:
        abort(404, message_of(error))


def query(name: str, **values: str) -> str:
    """A query of corpus.toml with what the page was asked put in, as the SPARQL page shows it."""
    asked_for = contents()["query"][name]
    for key, value in values.items():
        asked_for = asked_for.replace(f"${key}", value)
    return with_prefixes(asked_for)


def literal(words: str, language: str | None = None) -> str:
    """Words as a literal of a query."""
    return str(ox.Literal(words, language=language))


def graph_term(slug: str) -> str:
    """The graph of what was read from a plan, as a term of a query."""
    return f"<{release().graph(slug)}>"


class Asked:
    """What an address asks of all plans, by the question's name in corpus.toml."""

    def __init__(self, name: str) -> None:
        self.name = name
        answer_from_edition()

    @property
    def questions(self) -> Questions:
        """The questions of the release asked for."""
        return release().questions

    @property
    def places(self) -> dict[str, Place]:
        """What plans are for, by slug."""
        return self.questions.places

    def words(self, name: str = "q") -> str:
        """What is asked for."""
        return " ".join(request.args.get(name, "").split())[:_LONGEST]

    def place(self, name: str) -> Place:
        """What the plan that is asked for is for; answers 404 where there is none of that slug."""
        slug = self.words(name)
        return self.places.get(slug) or abort(404, Message("no_plan", slug))

    def placed(self, cell: Callable[[Place], Cell]) -> Callable[[_OfPlan], Cell]:
        """A column's function on plans, for rows that name a plan."""
        return lambda row: cell(self.places[row.plan])

    def rows(self) -> tuple[int, int]:
        """The limit and offset of a list's rows: those of a page, or all of them in a file."""
        return (_ALL, 0) if file_wanted() else (PAGE, (page_asked() - 1) * PAGE)

    def paging(self, total: int) -> dict[str, int]:
        """What a page says of a list: its rows in all, the number of the page, and of how many."""
        pages = -(-total // PAGE)
        return {"total": total, "number": page_asked(pages), "pages": pages}

    def answer(
        self, answers: Sequence[Answer], behind: str, thing: str = "", /, **shown: Any
    ) -> Response | str:
        """An answer as a page, or as CSV or a workbook with format=csv or xlsx: its tables, those
        after the first left out where they are empty; the query behind it; the thing (indicator,
        word or body) that it is of, which heads the page and its citation; and what else the page's
        template needs."""
        answers = [one for at, one in enumerate(answers) if one.rows or not at]
        about = contents()["question"][self.name]
        title = " · ".join(filter(None, (thing, about[g.language])))
        if form := file_wanted():
            return as_file(self.name, title, [_table(one) for one in answers], form)
        return render_template(
            f"corpus/{self.name}.html",
            question=about[g.language],
            about=about[f"about_{g.language}"],
            answers=answers,
            query=behind,
            thing=thing,
            cited=cited(title),
            plan_cell=cells.plan,
            **shown,
        )


def question(name: str) -> Callable[[_View], _View]:
    """Has a function answer a question at its address."""

    def answered_by(view: _View) -> _View:
        blueprint.add_url_rule(f"/corpus/{name}", name, lambda: view(Asked(name)))
        return view

    return answered_by


def cited(title: str) -> str:
    """The citation of this answer, at an address that stays while its release is kept."""
    asked_for = request.args.to_dict(flat=False)
    kept = {k: v for k, v in asked_for.items() if k not in ("lang", "format")}
    assert request.endpoint is not None
    where = {**(request.view_args or {}), **kept, "release": release().number}
    there = public(request.endpoint, **where)
    issued = settings().site.day(release().manifest.issued)
    site, publisher = settings().site.title[g.language], settings().publisher.name[g.language]
    return text("corpus_cited", publisher, title, site, release().number, issued, there)


def as_file(name: str, title: str, tables: Sequence[AnswerTable], form: str) -> Response:
    """Tables as a file of that name, CSV or a workbook (form csv or xlsx)."""
    citation, author = cited(title), settings().publisher.name[g.language]
    if form == "csv":
        table = as_csv(tables, (text("cite_title"), citation))
        return sent(table, "text/csv; charset=utf-8; header=present", f"{name}.csv")
    return sent(as_workbook(tables, citation, author), WORKBOOK, f"{name}.xlsx")


def _table(one: Answer) -> AnswerTable:
    """A table of an answer for a file: a cell's note stands in brackets behind its text, and a
    column of IRIs beside each column that has some."""
    named = [any(row[at].iri for row in one.rows) for at in range(len(one.columns))]
    heads: list[str] = []
    for head, iris in zip(one.heads(), named, strict=True):
        heads += [head, f"{head} IRI"] if iris else [head]
    rows: list[list[str | int | float]] = []
    for row in one.rows:
        cells: list[str | int | float] = []
        for cell, iris in zip(row, named, strict=True):
            shown = text("bracketed", cell.text, cell.note) if cell.note else cell.text
            value = cell.filed or (shown if cell.number is None else cell.number)
            cells += [value, cell.iri] if iris else [value]
        rows.append(cells)
    return AnswerTable(one.title, heads, rows)
