"""How sure what was read is."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.document.structure import read_document
from kg.extract.characters import Area
from kg.extract.confidence import rate
from kg.extract.extraction import extract
from kg.extract.model import Extraction
from kg.extract.tagger import Tagged
from kg.lexicon import lexicon

ROOT = Path(__file__).parent.parent.parent
TEXT = """第一章 主要目标
——生态环境改善。到2030年,森林覆盖率达到40%。
第二章 建设美丽青禾
推进柳埠河治理,新建口袋公园20个。
加强柳埠河管护。
推动水环境质量总体改善。
"""


class Sure:
    """A tagger that is as sure of the river, wherever it stands, as it is told to be."""

    def __init__(self, *confidences: float) -> None:
        self._confidences = confidences

    def tag(self, texts: Sequence[str], _: Area) -> list[list[Tagged]]:
        found, sure = [], iter(self._confidences)
        for text in texts:
            at = text.find("柳埠河")
            found.append([Tagged(at, at + 3, "zone", "water", next(sure, 0.5))] if at >= 0 else [])
        return found

    def type_of(self, name: str, kind: str, least: int = 1) -> str:
        return ""


def read(*confidences: float) -> Extraction:
    document = read_document(TEXT, "x")
    return extract(document, (2026, 2030), "云湖市", Sure(*confidences))  # type: ignore[arg-type]


def test_a_rate_is_of_cases_and_few_cases_make_no_certainty() -> None:
    counts = lexicon("confidence")["rates"]["goal"]["vision"]
    sure = rate("goal", "vision")
    assert sure == pytest.approx((counts["right"] + 1) / (counts["read"] + 2), abs=0.001)
    assert sure < 1
    with pytest.raises(KeyError, match="no figure for goal, never measured"):
        rate("goal", "never measured")


@pytest.mark.parametrize("kind", lexicon("confidence")["scored"])
def test_no_lesser_score_is_of_more_that_is_right(kind: str) -> None:
    for rule in lexicon("confidence")["scored"][kind]:
        sure = [rate(kind, rule, i / 20) for i in range(21)]
        assert sure == sorted(sure)
        assert 0 < sure[0] <= sure[-1] < 1


def test_names_are_as_often_right_as_the_tagger_is_sure() -> None:
    sure = [rate("name", "mentions", i / 20) for i in range(21)]
    assert 0.95 < sure[-1] < 1
    assert 0 < sure[0] < sure[-1] - 0.2  # the table tells what to look at first


def test_a_name_is_as_sure_as_its_mentions_on_average() -> None:
    (low,), (high,), (mixed,) = (read(*c).zones for c in ((0.5, 0.5), (0.9, 0.9), (0.5, 0.9)))
    assert low.confidence < mixed.confidence < high.confidence
    assert mixed.confidence == rate("name", "mentions", 0.7)


def test_everything_read_has_the_confidence_of_the_rule_that_found_it() -> None:
    found = read()
    assert {g.confidence for g in found.goals} == {rate("goal", "period")}
    assert {m.confidence for m in found.measures} == {rate("measure", "sentence")}
    by_text = {v.quantity.text: v.confidence for v in found.values}
    assert by_text["达到40%"] == rate("target", "goals")
    assert by_text["20个"] == rate("target", "measures")
    in_words = [v for v in found.values if v.quantity.value is None]
    assert [v.confidence for v in in_words] == [rate("target", "words")]
    of_indicator = {v.indicator: v.confidence for v in found.values}
    assert all(i.confidence == of_indicator[i.key] for i in found.indicators)


def test_one_command_learns_all_that_is_learned() -> None:
    """Each script that writes a file of the lexicon, after those whose models it reads."""
    said = subprocess.run(
        ["make", "--dry-run", "models"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    run = re.findall(r"benchmarks/(\w+)\.py", said.stdout)
    learned = [*(ROOT / "kg" / "lexicon").glob("*.toml"), ROOT / "kg/lexicon/model/README.md"]
    texts = (path.read_text(encoding="utf-8") for path in learned)
    writes = re.compile(r"(?:[Ww]ritten|learned) by (?:python )?benchmarks/(\w+)\.py")
    assert {name for text in texts for name in writes.findall(text)} <= {*run}
    assert run == ["left_out", "learn_names", "learn_choice", "learn_links", "confidence"]
