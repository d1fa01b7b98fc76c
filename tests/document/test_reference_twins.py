"""The tables of the real plans in ../shared, set anew from their references as HTML, Word and PDF."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import invented
import pytest
from support import SHARED

from kg.document.structure import read_document
from kg.extract.indicators import read_indicators
from kg.source.intake import read_published

ENOUGH = 0.97  # of the rows right, and none invented
REFERENCES = sorted((SHARED / "plans").glob("*.indicators.tsv"))
PROGRAM = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not REFERENCES, reason="the reference material is not there")


def rows_of(reference: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(reference.open(encoding="utf-8"), delimiter="\t"))


def table_of(reference: Path) -> invented.Table:
    """The table that a reference is of, its empty columns left out and its categories merged."""
    rows, first = rows_of(reference), 2026 if "15fyp" in reference.name else 2021
    heads = {
        "no": "序号",
        "category": "类别",
        "name": "指标名称",
        "unit": "单位",
        "baseline": f"{first - 1}年",
        "target": f"{first + 4}年",
        "cumulative_or_annual": "年均/累计",
        "attribute": "属性",
    }
    kept = [key for key in heads if any(row[key] for row in rows)]
    lines = [
        tuple(
            "^" if key == "category" and i and rows[i - 1][key] == row[key] else row[key]
            for key in kept
        )
        for i, row in enumerate(rows)
    ]
    head = tuple(heads[key] for key in kept)
    return invented.Table(reference.name, "主要指标表", first, (head,), tuple(lines), "", ())


def check(text: str, reference: Path) -> None:
    """Each row has an indicator with a number of its target, and no other has a row's number."""
    table, rows = table_of(reference), rows_of(reference)
    found, values = read_indicators(read_document(text, "twin"), (table.first, table.first + 4))
    names = {invented.plain(one.name): one.key for one in found}
    right, used = 0, set()
    for row in rows:
        key = names.get(invented.plain(row["name"]))
        used.add(key)
        read = [invented.told(v.quantity.text) for v in values if v.indicator == key]
        wanted = [invented.told(row[k]) for k in ("target", "cumulative_or_annual")]
        numbers = [one for one in wanted if isinstance(one, set)]
        right += key is not None and (not numbers or any(one in read for one in numbers))
    others = [one.name for one in found if one.key not in used and one.number is not None]
    assert (right >= ENOUGH * len(rows), others) == (True, []), (right, len(rows))


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: path.name.split("_")[0])
def test_as_html_and_word(reference: Path, tmp_path: Path) -> None:
    page, word = tmp_path / "twin.html", tmp_path / "twin.docx"
    page.write_text(invented.as_html(table_of(reference)), encoding="utf-8")
    invented.as_word(table_of(reference), word)
    for file in (page, word):
        check(read_published(file).text, reference)


@pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed")
def test_printed_by_libreoffice(tmp_path: Path) -> None:
    words = [tmp_path / f"{reference.name}.docx" for reference in REFERENCES]
    for reference, word in zip(REFERENCES, words, strict=True):
        invented.as_word(table_of(reference), word)
    subprocess.run(
        [str(PROGRAM), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, *words],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for reference, word in zip(REFERENCES, words, strict=True):
        check(read_published(word.with_suffix(".pdf")).text, reference)
