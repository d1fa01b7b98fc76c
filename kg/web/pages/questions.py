"""Questions on an entity's page, each with its answer and the query behind it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pyoxigraph as ox
from flask import g

from kg.files import packaged
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import with_prefixes
from kg.source.text import on_one_line
from kg.views.entity import MOST
from kg.web.context import reader, release

_contents = partial(packaged, "kg.web", "questions")


@dataclass(frozen=True)
class Answered:
    """A question with the headings and rows of its answer, cells as references or text, the query
    behind it, and how many rows are not listed. name: of what a page draws in a way of its own,
    else ""."""

    name: str
    question: str
    headings: list[str]
    rows: list[list[Any]]
    query: str
    more: int

    @property
    def numbers(self) -> list[int]:
        """The columns, from 0, of which every cell is a number."""
        columns = enumerate(zip(*self.rows, strict=True))
        return [n for n, column in columns if all(str(cell).isdecimal() for cell in column)]


def about(query: str, *iris: str) -> str:
    """A query of this file about one entity or several, as the SPARQL page shows it."""
    these = " ".join(f"<{iri}>" for iri in iris)
    return with_prefixes(
        query.strip().replace("WHERE {", f"WHERE {{\n  VALUES ?this {{ {these} }}", 1)
    )


def table_query(name: str, *plans: str) -> str:
    """The query that gives the rows of a page's table, for plans by slug."""
    return about(
        _contents()["table"][name]["query"], *(f"{release().base}/id/{plan}" for plan in plans)
    )


def answers(iri: str, kind: str) -> list[Answered]:
    """The questions about entities of a kind, answered for one; unanswered ones left out."""
    found = []
    for question in _contents()["question"]:
        if kind in question["kinds"]:
            query = about(question["query"], iri)
            names, rows = _rows(query)
            if rows:
                headings = [_contents()["columns"][name][g.language] for name in names]
                listed = [[_cell(term) for term in row] for row in rows[:MOST]]
                asked, more = (question.get("name", ""), question[g.language]), len(rows[MOST:])
                found.append(Answered(*asked, headings, listed, query, more))
    return found


def links_query(iri: str, property_: str, outgoing: bool) -> str:
    """The query for all that an entity is joined to by a property, as its subject if outgoing."""
    return about(_contents()["links"]["outgoing" if outgoing else "incoming"], iri).replace(
        "?property", f"<{property_}>"
    )


def _rows(query: str) -> tuple[list[str], list[list[Any]]]:
    solutions = release().solutions(query)
    names = [variable.value for variable in solutions.variables]
    rows = [[row[name] for name in names] for row in solutions]
    if "measures" not in names:  # what is not counted comes in the plan's own order
        rows.sort(key=lambda row: [reading_order(term.value) if term else [] for term in row])
    return names, rows


def _cell(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return reader().reference(term.value)
    return "" if term is None else on_one_line(term.value)
