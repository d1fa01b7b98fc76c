"""Targets in the body text: what is to be reached, in numbers or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.document.structure import Document, Sentence
from kg.extract.clauses import Clause, acts, clauses, strip_adverbs, strip_time
from kg.extract.model import Indicator, Quantity, Value
from kg.lexicon import lexicon, longest_first
from kg.lexicon.dictionary import cut
from kg.quantities.grammar import Number, find_numbers
from kg.source.text import chinese_number

_COMMITTING = ("measures", "goals", "vision")  # what a target may stand in


@dataclass(frozen=True)
class Targets:
    """The body text's indicators and targets, and the sentences that do nothing but set targets."""

    indicators: tuple[Indicator, ...]
    values: tuple[Value, ...]
    pure: frozenset[str]


@dataclass(frozen=True)
class _Found:
    name: str
    number: Number | None
    words: str
    basis: str
    start: int
    end: int
    comparator: str


def find_targets(document: Document, period: tuple[int, int]) -> Targets:
    """The commitments of the sections about measures, goals and the vision.

    Args:
        document: the document.
        period: the plan's first and last year.
    """
    indicators: list[Indicator] = []
    values: list[Value] = []
    pure: set[str] = set()
    for sentence in document.sentences:
        role = document.role(sentence)
        if role not in _COMMITTING:
            continue
        found = _in_sentence(sentence)
        if role != "measures":  # a goal's words are its own; only its numbers are targets
            found = [target for target in found if target.number is not None]
        for i, target in enumerate(found, 1):
            key = f"{sentence.number}-{i}"
            span = sentence.read.locate(target.start, target.end)
            number = target.number
            unit = number.unit.id if number and number.unit else None
            quantity = Quantity(
                number.value if number else None,
                target.words,
                unit,
                number.unit_text if number else "",
                target.comparator,
                target.basis,
                span,
                number.upper if number else None,
            )
            indicators.append(Indicator(key, target.name, span, unit))
            values.append(
                Value(
                    key,
                    "Target",
                    key,
                    quantity,
                    _period(sentence.text, target, period),
                    sentence=sentence.number,
                )
            )
        if found and _only_targets(sentence, found):
            pure.add(sentence.number)
    return Targets(tuple(indicators), tuple(values), frozenset(pure))


def _in_sentence(sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    subject = ""
    for clause in clauses(sentence.text):
        targets = list(_in_clause(clause, subject, sentence.text[: clause.start]))
        found += targets
        if targets:
            subject = targets[-1].name
    return found


def _in_clause(clause: Clause, subject: str, before: str) -> Iterator[_Found]:
    numbers = list(find_numbers(clause.text))
    shared = re.search(r"分别", clause.text)
    if shared and len(numbers) > 1:
        yield from _shared_out(clause, shared.start(), numbers)
        return
    any_number = False
    for number in numbers:
        if (name := _name(clause.text, number, subject)) is not None:
            any_number = True
            yield _Found(
                name,
                number,
                clause.text[number.lead : number.end],
                _basis(clause.text, number),
                clause.start,
                clause.end,
                number.comparator or "Equal",
            )
    if not any_number:
        yield from _in_words(clause, before)


def _shared_out(clause: Clause, at: int, numbers: list[Number]) -> Iterator[_Found]:
    """雏鹰、瞪羚企业分别达到100家和6家: one name a number, the last name's head shared."""
    names = re.split("[、和]", strip_time(clause.text[:at]))
    if len(names) != len(numbers):
        return
    head = cut(names[-1])[-1]
    for name, number in zip(names, numbers, strict=True):
        full = name if name.endswith(head) else name + head
        comparator = numbers[0].comparator if number.comparator is None else number.comparator
        yield _Found(
            _counted(full, number),
            number,
            clause.text[number.start : number.end],
            _basis(clause.text, number),
            clause.start,
            clause.end,
            comparator or "Equal",
        )


def _name(text: str, number: Number, subject: str) -> str | None:
    """What a number is a target for, None where the number commits to nothing."""
    left, right = text[: number.lead], text[number.end :]
    plain = strip_time(left)
    if number.governed and (not right.strip("。") or right.startswith("、")):
        grows = (
            "年均增速"
            if re.search("年均", text[number.lead : number.start] + left[-2:])
            and "增长" in text[: number.start]
            else ""
        )
        return _counted(_of(plain, subject), number) + grows if plain else None
    if not right.strip("。"):
        bare = _without_commitment(plain)
        if not bare or number.unit is None or (acts(plain) and not _commits(plain)):
            return None
        return _counted(_of(bare, subject), number)
    if (
        number.comparator in ("AtLeast", "MoreThan")
        and number.unit
        and number.unit.kind == "ratio"
        and re.search("达到|完成|实现", right)
    ):
        return strip_time(left) + right.strip("。") + "比例"
    return _counted_object(strip_time(text[: number.start]), right, number)


def _counted_object(left: str, right: str, number: Number) -> str | None:
    """新建5所养老院: the thing counted, where a verb of bringing about governs it."""
    if number.unit is None or number.unit.kind != "count":
        return None
    direct = next((v for v in _commit_verbs() if left.endswith(v)), None)
    listed = left.endswith("等")
    governing = next(
        (v for v in _commit_verbs() if strip_adverbs(left).startswith(v) or left.startswith(v)),
        None,
    )
    if direct is None and not (listed and governing):
        return None
    verb = direct or governing or ""
    if listed and not verb.startswith("新") and left.count("、") + 1 == number.value:
        return None
    thing = re.split("[,、;。]", right)[0]
    prefix = next((p for p in ("新增", "新建") if verb.startswith(p) or p in verb), "")
    return f"{prefix}{thing}数量"


def _of(name: str, subject: str) -> str:
    """A name that says no more than length or area is the former subject's."""
    if name in ("长度", "面积", "总长度", "总面积", "总投资") and subject:
        return re.sub("数量?$", "", subject) + name
    return name


def _counted(name: str, number: Number) -> str:
    name = re.sub(r"^(?:全区|全市|全省|我区|我市)(?=.{4})", "", name)
    name = re.sub(r"^(?:力争|确保|实现|使|保持|基本|高质量)+", "", name)
    if (
        number.unit
        and number.unit.kind == "count"
        and not name.endswith(("数", "数量", "人数", "率", "量", "规模", "总数", "就业"))
    ):
        return name + "数量"
    return name + "人数" if name.endswith("就业") else name


def _without_commitment(text: str) -> str:
    """A clause's subject without the words that only promise it (累计新增绿化面积 keeps
    新增绿化面积)."""
    return re.sub(r"^(?:累计|年均|平均每年|每年|年均增长|期间)+", "", re.sub(r"^.*?期间", "", text))


@cache
def _commit_verbs() -> tuple[str, ...]:
    return longest_first(lexicon("quantities")["commit"]["verbs"])


def _commits(text: str) -> bool:
    return strip_adverbs(text).startswith(_commit_verbs()) or _without_commitment(text).startswith(
        _commit_verbs()
    )


def _basis(text: str, number: Number) -> str:
    rules = lexicon("quantities")["commit"]
    before = text[: number.start]
    if any(word in before for word in rules["annual"]):
        return "AnnualAverage"
    level = number.unit is not None and (number.unit.kind == "ratio" or number.unit.id == "year")
    if not level and any(word in before for word in rules["cumulative"]):
        return "Cumulative"
    return "PointInTime"


def _in_words(clause: Clause, before: str) -> Iterator[_Found]:
    """Commitments without a number: a task to complete, a requirement to meet, a trend."""
    rules = lexicon("quantities")["task"]
    dated = strip_time(before) != before or strip_time(clause.text) != clause.text
    text = strip_time(clause.text).strip("。")
    if match := re.fullmatch(rules["trend"], _without_promise(text)):
        yield _Found(
            match["name"], None, match["trend"], "PointInTime", clause.start, clause.end, "Trend"
        )
    elif match := re.fullmatch(rules["complete"], _without_promise(text)):
        yield _Found(
            match["name"],
            None,
            match.string[match.end("name") :],
            "PointInTime",
            clause.start,
            clause.end,
            "Task",
        )
    elif dated and (match := re.fullmatch(rules["finish"], text)):
        yield _Found(match["name"], None, text, "PointInTime", clause.start, clause.end, "Task")


def _without_promise(text: str) -> str:
    return re.sub(r"^(?:确保|力争|实现|推动)", "", text)


def _period(text: str, target: _Found, plan: tuple[int, int]) -> tuple[int, int]:
    """The years a target is for: the last date named before it, else the plan's last year or its
    whole period."""
    dates = list(re.finditer(lexicon("quantities")["period"]["to_year"], text[: target.end]))
    if target.basis in ("Cumulative", "AnnualAverage") and not (
        dates and _year(dates[-1]["year"]) != plan[1]
    ):
        return plan
    if dates:
        year = _year(dates[-1]["year"])
        return (plan[0], year) if target.basis in ("Cumulative", "AnnualAverage") else (year, year)
    return (plan[1], plan[1])


def _year(text: str) -> int:
    return chinese_number(text) or int(Decimal(text))


def _only_targets(sentence: Sentence, found: list[_Found]) -> bool:
    """Whether every clause of a sentence states a result to be reached and none is work to be
    done."""
    spans = {(t.start, t.end) for t in found}
    states = tuple(lexicon("quantities")["states"]["verbs"])
    dated = strip_time(sentence.text) != sentence.text
    for clause in clauses(sentence.text):
        rest = re.sub(r"^(?:全区|全市|全省|累计|年均)+", "", strip_time(clause.text))
        if not rest.strip("。"):
            continue
        if (
            acts(rest)
            and not strip_adverbs(rest).startswith(states)
            and not rest.startswith(states)
        ):
            return False
        if (clause.start, clause.end) not in spans and not dated:
            return False
    return True
