"""Invented tables: each row of indicators right, none invented, in every format."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest

from kg.document.structure import read_document
from kg.source.intake import read_published

TABLES = {table.name: table for table in invented.load()}


def check(text: str, name: str, unsure: tuple[str, ...] = ()) -> None:
    table = TABLES[name]
    found = invented.score(text, table)
    assert found.rows == len(table.right)
    assert [name for name in unsure if not any(name in row for row in found.wrong)] == []
    assert (found.wrong[len(unsure) :], found.invented) == ([], [])


@pytest.mark.parametrize("name", TABLES)
def test_as_text(name: str) -> None:
    check(TABLES[name].plan, name, TABLES[name].open)


def test_attributes_that_the_text_leaves_open_are_told() -> None:
    """A blank line's worth of centring does not say whose attribute it is: none is guessed."""
    text = TABLES["fresh-middle"].plan
    findings = [f for f in read_document(text, "x").findings if f.kind == "table-attribute-missing"]
    assert [f.values["count"] for f in findings] == ["3"]


@pytest.mark.parametrize("name", TABLES)
def test_as_html_and_word(name: str, tmp_path: Path) -> None:
    page, word = tmp_path / "plan.html", tmp_path / "plan.docx"
    page.write_text(invented.as_html(TABLES[name]), encoding="utf-8")
    check(read_published(page).text, name)
    invented.as_word(TABLES[name], word)
    check(read_published(word).text, name)


def test_printed_by_libreoffice() -> None:
    """Narrow columns, long names, and a row that goes on on the next page."""
    check(read_published(invented.TABLES / "two-periods.pdf").text, "two-periods")
