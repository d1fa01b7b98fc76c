"""Goals of chapters and indicators, against what a reader finds in a plan that weights were not
chosen on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from gold.annotations import CORPUS, read
from link.promises import promises

from kg.document.structure import Document, read_document
from kg.link.links import link
from kg.link.model import Linked

GOLD = sorted((CORPUS / "goals").glob("*.json"))
UNSEEN = "suzhou_city_15fyp_2026"


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_goals_of_the_gold_are_in_order(path: Path) -> None:
    gold = read(path)
    numbers = range(1, len(gold["goals"]) + 1)
    starts = [chapter["start"] for chapter in gold["chapters"]]
    assert (
        starts == sorted(set(starts)) and 0 < starts[0] < starts[-1] < gold["source"]["characters"]
    )
    assert gold["goals"] == sorted(gold["goals"])
    for chosen in (*(c["goals"] for c in gold["chapters"]), *gold["indicators"].values()):
        assert chosen and set(chosen) <= set(numbers)


@pytest.fixture(scope="module")
def reading(shared: Path) -> tuple[dict[str, Any], Document, Linked]:
    gold = read(CORPUS / "goals" / f"{UNSEEN}.json")
    text = (shared / "plans" / gold["source"]["file"]).read_bytes()
    assert hashlib.sha256(text).hexdigest() == gold["source"]["sha256"]
    document = read_document(text.decode(), UNSEEN)
    return gold, document, link(document, promises(document, (2026, 2030)))


def _numbers(gold: dict[str, Any], linked: Linked) -> dict[str, int]:
    """The gold's numbers of the goals that were read."""
    return {
        goal.number: at
        for goal in linked.extraction.goals
        for at, (start, end) in enumerate(gold["goals"], 1)
        if goal.span.start < end and start < goal.span.end
    }


def test_chapters_support_the_goals_that_a_reader_names(
    reading: tuple[dict[str, Any], Document, Linked],
) -> None:
    gold, document, linked = reading
    numbers = _numbers(gold, linked)
    found = {
        document.section(one.subject.key).heading_span.start: numbers.get(one.object.key)
        for one in linked.links
        if one.predicate == "supportsGoal" and one.subject.kind == "section"
    }
    wanted = {chapter["start"]: chapter["goals"] for chapter in gold["chapters"]}
    assert set(found) <= set(wanted)
    right = sum(found.get(start) in goals for start, goals in wanted.items())
    assert right / len(wanted) >= 0.85


def test_indicators_measure_the_goals_that_a_reader_names(
    reading: tuple[dict[str, Any], Document, Linked],
) -> None:
    gold, _, linked = reading
    numbers = _numbers(gold, linked)
    row = {i.key: str(i.number) for i in linked.extraction.indicators}
    found = [
        (row[one.object.key], numbers.get(one.subject.key))
        for one in linked.links
        if one.predicate == "measuredBy"
    ]
    assert len(found) == len(gold["indicators"])
    assert sum(goal in gold["indicators"][n] for n, goal in found) / len(found) >= 0.9
