"""Small inputs, each of which stands for a kind of fault: what is right for each (cases.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import twins
from support import SHARED

from kg.document.structure import Document, read_document
from kg.extract.goals import find_goals
from kg.extract.indicators import read_indicators
from kg.extract.measures import find_measures
from kg.extract.targets import find_targets
from kg.source.intake import read_published
from kg.source.text import normal
from kg.source.title_page import read_title_page

PERIOD = (2026, 2030)
DOCUMENTS = SHARED / "cases" / "documents"
BEFORE = twins.BEFORE + (
    "第二章 建设现代化产业体系\n第一节 壮大先进制造业\n加快建设示例产业园。\n"
    "第三章 建设科技强区\n第一节 做强创新\n新建实验室20家。\n"
)
AFTER = "第九章 规划实施\n加强组织领导。\n"
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases.toml").read_text(encoding="utf-8")
)["case"]


def name_of(case: dict[str, Any]) -> str:
    return case.get("file") or case["text"].split("\n")[1][:12]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case(case: dict[str, Any]) -> None:
    if "text" in case:
        text = BEFORE + case["text"].lstrip("\n") + ("" if "名词" in case["text"] else AFTER)
    elif not DOCUMENTS.is_dir():
        pytest.skip("the reference material (../shared) is not beside the project")
    else:
        published = read_published(DOCUMENTS / case["file"])
        text = published.text
        if "title" in case:
            found = read_title_page(published)
            assert found.value("title") == case["title"]
    check(case, read_document(text, name_of(case)))


def check(case: dict[str, Any], document: Document) -> None:
    """Hold what was read against what is right."""
    outline = [f"{s.number} {s.heading}" for s in document.sections]
    sentences = [s.text for s in document.sentences]
    indicators, values = read_indicators(document, PERIOD)
    for wanted in case.get("sections", ()):
        assert sum(line.startswith(wanted) for line in outline) == 1, (wanted, outline)
    for wanted in case.get("sentences", ()):
        assert any(normal(wanted) in sentence for sentence in sentences), (wanted, sentences)
    for words in case.get("within", ()):
        section, sentence = words.split(" ", 1)
        assert section in {s.section for s in document.sentences if normal(sentence) in s.text}
    for word in case.get("absent", ()):
        assert not any(word in line for line in outline + sentences), word
        assert not any(word in i.name for i in indicators), word
    if "rows" in case:
        told = [
            f"{i.number} {normal(i.name)} "
            + "".join(
                normal(v.quantity.text)
                for v in values
                if v.indicator == i.key and v.kind == "Target"
            )
            for i in indicators
        ]
        rows = case["rows"]
        assert (str(len(told)) if isinstance(rows, str) else told) == (
            rows if isinstance(rows, str) else list(map(normal, rows))
        )
    if "units" in case:
        assert [i.unit or "" for i in indicators] == case["units"]
    assert set(case.get("findings", ())) <= {finding.kind for finding in document.findings}
    if "goals" in case:
        assert [goal.title for goal in find_goals(document)] == case["goals"]
    found = find_targets(document, PERIOD)
    if "targets" in case:
        assert len(found.values) == case["targets"]
    measured = {m.section for m in find_measures(document, found.pure, PERIOD)}
    if "measures" in case:
        assert set(case["measures"]) <= measured
        assert not any("notes" in section for section in measured)
