"""Small files of four formats, one fault each, written before the reader was run on them
(blind.toml and the lists after it).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from small_files import write
from test_cases import PERIOD, check

from kg.document.responsibility_scope import charged
from kg.document.structure import Document, read_document
from kg.extract.extraction import extract
from kg.extract.indicators import earlier_results, read_indicators
from kg.extract.measures import find_measures
from kg.extract.targets import find_targets
from kg.link.completeness import completeness
from kg.link.links import link
from kg.source.intake import read_published
from kg.source.title_page import read_title_page

FILES = (
    "blind",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "marks",
    "fronts",
)
CASES: list[dict[str, Any]] = [
    case
    for name in FILES
    for case in tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))[
        "case"
    ]
]


@pytest.mark.parametrize("case", CASES, ids=[case["kind"] for case in CASES])
def test_blind(case: dict[str, Any], tmp_path: Path) -> None:
    path = write(case, tmp_path)
    published = read_published(path)
    document = read_document(published.text, case["kind"], outline=published.outline)
    if "outline" in case:
        assert [s.heading for s in document.sections] == case["outline"]
    check(case, document)
    check_roles(case, document)
    check_names(case, document)
    if "charged" in case:
        assert charged_measures(document) == case["charged"]
    found = find_targets(document, PERIOD)
    if "titled" in case:
        titles = [one.title for one in find_measures(document, found.pure, PERIOD)]
        assert titles == case["titled"]
    if "promised" in case:
        names = {one.key: one.name for one in found.indicators}
        told = [f"{names[v.indicator]} {v.quantity.text} {v.period[1]}" for v in found.values]
        assert told == case["promised"]
    for name in case.get("projects", ()):
        assert [s for s in document.sentences if name in s.text], name
    if "baselines" in case:
        _, values = read_indicators(document, PERIOD)
        assert [v.quantity.text for v in values if v.kind == "Baseline"] == case["baselines"]
    if "observed" in case:
        told = [f"{a.what} {a.quantity.text} {a.period}" for a in earlier_results(document, PERIOD)]
        assert told == case["observed"]
    if "reported" in case or "silent" in case:
        kinds = reported(document)
        assert set(case.get("reported", ())) <= kinds and not kinds & set(case.get("silent", ()))
    if "meta" in case:
        page = read_title_page(published)
        first, last = page.value("period")
        told = {
            "title": page.value("title"),
            "issuer": page.value("issuer") or "",
            "area_code": page.value("area_code") or "",
            "level": page.value("level") or "",
            "number": page.value("document_number"),
            "issued": str(page.value("issued")),
            "period": f"{first}-{last}",
        }
        assert {k: told[k] for k in case["meta"]} == case["meta"]


def reported(document: Document) -> set[str]:
    """The kinds of what is said of a plan that was not understood."""
    linked = link(document, extract(document, PERIOD, ""), ())
    return {finding.kind for finding in completeness(document, linked).findings}


def charged_measures(document: Document) -> list[str]:
    """The measures that notes or cells charge bodies with: "measure's words: body part,…"."""
    found = charged(document)
    measures = find_measures(document, find_targets(document, PERIOD).pure, PERIOD)
    told = []
    for one in measures:
        if bodies := found.with_measure(document, one.number, one.section):
            told.append(f"{one.title}: " + ",".join(f"{b.name} {b.part}" for b in bodies))
    return told


def check_names(case: dict[str, Any], document: Document) -> None:
    if "names" in case:
        read = extract(document, PERIOD, "")
        mentions = {e.name: len(e.mentions) for e in (*read.zones, *read.institutions)}
        assert {name: mentions.get(name, 0) for name in case["names"]} == case["names"]


def check_roles(case: dict[str, Any], document: Document) -> None:
    for line in case.get("roles", ()):
        words, wanted = line.split(": ")
        (sentence,) = (s for s in document.sentences if words in s.text)
        assert document.role(sentence) in wanted.split("|"), words
