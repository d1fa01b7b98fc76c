"""What a person decides about targets of the text."""

from __future__ import annotations

import pytest
from link.promises import promises

from kg.document.structure import Document, read_document
from kg.extract.confidence import rated
from kg.extract.model import Extraction
from kg.link.applying import Applied, apply_corrections
from kg.link.corrections import Correction
from kg.link.links import link
from kg.link.review import review
from kg.link.value_decisions import number_places, words_of

TEXT = """第一章 建设美丽青禾
推进柳埠河治理,新建口袋公园20个。
推动水环境质量总体改善。
对20个泵站开展排查,改造管网30公里、道路5条。
"""
PERIOD = (2026, 2030)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(TEXT, "x")


@pytest.fixture(scope="module")
def extraction(document: Document) -> Extraction:
    return rated(document, promises(document, PERIOD))


def corrected(document: Document, extraction: Extraction, action: str, **said: str) -> Applied:
    one = Correction(1, action, "target", "test", **said)
    return apply_corrections(document, extraction, (one,), PERIOD)


def targets(found: Extraction) -> set[tuple[str, str]]:
    return {(found.indicator[v.indicator].name, v.quantity.text) for v in found.values}


WATER = ("水环境质量", "总体改善")


def doubted(document: Document, found: Extraction, made: tuple[Correction, ...] = ()) -> set[str]:
    linked = link(document, found)
    keys = {("indicator", i.key): i.key for i in found.indicators}
    points = review(document, linked, keys, made)
    uncertain = [p for p in points if p.doubt == "an uncertain target"]
    assert all(p.about.startswith(f"{p.name}：") for p in uncertain)
    return {p.name for p in uncertain}


def test_a_target_is_accepted_by_its_name(document: Document, extraction: Extraction) -> None:
    assert WATER in targets(extraction) and doubted(document, extraction) == {WATER[0]}
    applied = corrected(document, extraction, "accept", name=WATER[0])
    found = applied.extraction
    assert targets(found) == targets(extraction)
    assert [v.confidence for v in found.values if v.quantity.text == WATER[1]] == [1]
    assert doubted(document, found, applied.made) == set()


def test_a_target_is_rejected_by_its_name(document: Document, extraction: Extraction) -> None:
    found = corrected(document, extraction, "reject", name=WATER[0]).extraction
    assert targets(found) == targets(extraction) - {WATER}
    assert WATER[0] not in {i.name for i in found.indicators}


def test_a_target_in_words_is_given_to_another_indicator(
    document: Document, extraction: Extraction
) -> None:
    found = corrected(document, extraction, "rename", quote="".join(WATER), to="水质").extraction
    assert targets(found) ^ targets(extraction) == {WATER, ("水质", WATER[1])}
    assert {v.key for v in found.values} == {v.key for v in extraction.values}


def test_targets_are_dropped_and_added_by_words_of_one_sentence(
    document: Document, extraction: Extraction
) -> None:
    dropped = corrected(document, extraction, "drop", quote="改造管网30公里").extraction
    gone = targets(extraction) - targets(dropped)
    assert {text for _, text in gone} == {"30公里"}
    added = corrected(document, dropped, "add", name="管网改造", quote="改造管网30公里").extraction
    assert targets(added) - targets(dropped) == {("管网改造", "30公里")}
    assert len({i.key for i in added.indicators}) == len(added.indicators)


def test_one_of_two_targets_is_decided_by_itself_in_published_words() -> None:
    whole = "新建口袋公园20个，改造管网30公里、道路5条，覆盖全部街道。"
    document = read_document(f"第一章 建设美丽青禾\n{whole}\n", "x")
    found = promises(document, PERIOD)
    numbers = list(number_places(document, found.values))
    quotes = {
        value.quantity.text: words_of(document, value, at, [place for _, place in numbers])
        for value, at in numbers
    }
    assert list(quotes.values()) == ["新建口袋公园20个", "改造管网30公里", "道路5条"]
    moved = corrected(document, found, "rename", quote=quotes["5条"], to="改造道路").extraction
    assert targets(moved) - targets(found) == {("改造道路", "5条")}
    assert len(targets(moved)) == len(targets(found)) == len(numbers)
    bare = corrected(document, found, "drop", quote=whole).extraction
    added = corrected(
        document, bare, "add", name="管网", quote="公园20个，改造管网30公里、"
    ).extraction
    assert bare.values == () and targets(added) == {("管网", "30公里")}  # the last number


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("accept", {"name": "无此目标"}),
        ("reject", {"name": "无此目标"}),
        ("add", {"name": "公园", "quote": "20个"}),  # in two sentences
        ("add", {"name": "公园", "quote": "口袋公园"}),  # no number
        ("drop", {"quote": "泵站"}),
        ("rename", {"name": WATER[0], "to": "水质"}),
    ],
)
def test_what_finds_no_target_is_idle(
    document: Document, extraction: Extraction, action: str, said: dict[str, str]
) -> None:
    applied = corrected(document, extraction, action, **said)
    assert len(applied.idle) == 1 and applied.extraction == extraction
