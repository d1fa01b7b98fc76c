"""Sentences with numbers and the targets that are right: the project's own, and the shared ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from support import SHARED

from kg.document.structure import read_document
from kg.extract.achievements import find_achievements
from kg.extract.model import Achievement, Value
from kg.extract.targets import Targets, find_targets
from kg.quantities.grammar import units
from kg.source.text import normal

PERIOD = (2026, 2030)
OWN = Path(__file__).with_name("sentences.tsv")
OTHERS = SHARED / "cases" / "numbers.tsv"


HEADINGS = {
    "measures": "第一章 加快发展\n一、加强建设",
    "goals": "第一章 发展目标\n一、主要目标",
    "review": "第一章 发展环境\n一、“十四五”发展成就",
}


def rows(path: Path) -> Iterator[tuple[str, str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in [one for one in lines if not one.startswith("#")][1:]:
        sentence, wanted, *role = line.split("\t")
        yield sentence, wanted, *(role or ["measures"])


def read(sentence: str, role: str = "measures") -> tuple[Targets, tuple[Achievement, ...]]:
    title = "青石县国民经济和社会发展第十五个五年规划纲要"
    text = f"{title}\n{HEADINGS[role]}\n{sentence}\n第二章 主要任务\n加快发展。\n"
    document = read_document(text, "x")
    return find_targets(document, PERIOD), find_achievements(document, PERIOD)


def alternatives(field: str) -> list[str]:
    plain = re.sub(r" of \d{4}|\((?:change|growth|relative)[^)]*\)", "", field)
    return [one.strip() for one in plain.split(" or ")]


def counted(name: str) -> str:
    return re.sub("(?:数量|人数)$", "", normal(name))


def numbers_of(value: Value) -> str:
    """The value, or both ends of a range, without what only printing adds."""
    quantity = value.quantity
    ends = [n for n in (quantity.value, quantity.upper) if n is not None]
    return "~".join(f"{n.normalize():f}" for n in ends)


def fits(value: Value, name: str, wanted: str) -> bool:
    """Whether a value is what one wanted target says."""
    fields = [alternatives(field) for field in wanted.removeprefix("baseline ").split("|")]
    if (value.kind == "Baseline") != wanted.startswith("baseline "):
        return False
    quantity, years = value.quantity, sorted(set(value.period))
    if quantity.basis == "Cumulative" and fields[5:6] == [["2030"]]:
        years = years[1:]  # a sum up to a year
    said = [[counted(name)], [numbers_of(value)], list(labels(quantity.unit))]
    said += [[quantity.comparator], [quantity.basis], ["-".join(map(str, years))]]
    said += [[str(quantity.relative_to)]]
    fields[0] = [counted(one) for one in fields[0]]
    return all(set(want) & set(have) for want, have in zip(fields, said, strict=False))


def fits_result(result: Achievement, wanted: str) -> bool:
    """Whether a result is what one wanted says: a target's fields, and its start (value in
    year).
    """
    fields = [alternatives(field) for field in wanted.removeprefix("result ").split("|")]
    quantity, start = result.quantity, result.start
    ends = [n for n in (quantity.value, quantity.upper) if n is not None]
    began = "" if start is None else f"{start.normalize():f}"
    if quantity.relative_to is not None and start is not None:
        began += f" in {quantity.relative_to}"
    said = [[counted(result.what)], ["~".join(f"{n.normalize():f}" for n in ends)]]
    said += [list(labels(quantity.unit)), [quantity.comparator], [quantity.basis]]
    said += [["-".join(map(str, sorted(set(result.period or ()))))], [began]]
    fields[0] = [counted(one) for one in fields[0]]
    fields += [[""]] * (len(said) - len(fields))
    return all(set(want) & set(have) for want, have in zip(fields, said, strict=True))


def labels(unit: str | None) -> tuple[str, ...]:
    return units()[unit].labels if unit else ("",)


def misses(sentence: str, wanted: str, role: str = "measures") -> list[str]:
    """What is wrong with the targets and results read of a sentence; empty where all are right."""
    found, results = read(sentence, role)
    names = {i.key: i.name for i in found.indicators}
    if wanted.endswith(" or '-'"):
        if not found.values and not results:
            return []
        wanted = wanted.removesuffix(" or '-'")
    if wanted in ("finding", "-"):
        said = [f.kind for f in found.findings]
        if found.values or results or bool(said) != (wanted == "finding"):
            return [f"{[v.quantity for v in found.values]} {said}"]
        return []
    left, told = list(found.values), list(results)
    for one in wanted.split(" ; "):
        if one.startswith("result "):
            got = next((r for r in told if fits_result(r, one)), None)
            if got is None:
                return [f"{one} not in {told}"]
            told.remove(got)
            continue
        hit = next((v for v in left if fits(v, names[v.indicator], one)), None)
        if hit is None:
            return [f"{one} not in {[(names[v.indicator], v) for v in left]}"]
        left.remove(hit)
    return [f"too much: {left + told}"] if left or told else []


@pytest.mark.parametrize(("sentence", "wanted", "role"), list(rows(OWN)))
def test_own_sentences(sentence: str, wanted: str, role: str) -> None:
    assert misses(sentence, wanted, role) == []


@pytest.mark.skipif(not OTHERS.exists(), reason="the shared reading does not stand beside")
def test_shared_sentences() -> None:
    wrong = {
        sentence: said for sentence, wanted, _ in rows(OTHERS) if (said := misses(sentence, wanted))
    }
    assert wrong == {}


def test_the_whole_number_is_quoted() -> None:
    sentence = "到2030年，社会消费品零售总额突破一千二百亿元。"
    value = read(sentence)[0].values[0]
    assert value.quantity.value == Decimal(1200)
    assert "一千二百亿元" in value.quantity.text
