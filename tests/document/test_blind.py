"""Small files of four formats, one fault each, written before the reader was run on them (blind.toml, second.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from small_files import write
from test_cases import PERIOD, check

from kg.document.structure import Document, read_document
from kg.extract.indicators import read_indicators
from kg.source.intake import read_published
from kg.source.title_page import read_title_page

CASES: list[dict[str, Any]] = [
    case
    for name in ("blind", "second")
    for case in tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))[
        "case"
    ]
]


@pytest.mark.parametrize("case", CASES, ids=[case["kind"] for case in CASES])
def test_blind(case: dict[str, Any], tmp_path: Path) -> None:
    path = write(case, tmp_path)
    published = read_published(path)
    document = read_document(published.text, case["kind"])
    if "outline" in case:
        assert [s.heading for s in document.sections] == case["outline"]
    check(case, document)
    check_roles(case, document)
    if "baselines" in case:
        _, values = read_indicators(document, PERIOD)
        assert [v.quantity.text for v in values if v.kind == "Baseline"] == case["baselines"]
    if "meta" in case:
        page = read_title_page(published, path.suffix)
        first, last = page.value("period")
        told = {
            "title": page.value("title"),
            "issuer": page.value("issuer"),
            "area_code": page.value("area_code"),
            "number": page.value("document_number"),
            "issued": str(page.value("issued")),
            "period": f"{first}-{last}",
        }
        assert {k: told[k] for k in case["meta"]} == case["meta"]


def check_roles(case: dict[str, Any], document: Document) -> None:
    for line in case.get("roles", ()):
        words, wanted = line.split(": ")
        (sentence,) = (s for s in document.sentences if words in s.text)
        assert document.role(sentence) in wanted.split("|"), words
