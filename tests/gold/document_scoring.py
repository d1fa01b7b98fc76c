"""What `kg.read_plan` finds in a whole document beside the answers in `documents/`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from kg import Measure, Plan, read_plan

DOCUMENTS = Path(__file__).with_name("documents")
_ALIKE = 0.75  # of characters, for two wordings of one name or title
_MOST = 0.6  # of a sentence's characters
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[篇编章节]|[一二三四五六七八九十]+、"
    r"|[(][一二三四五六七八九十]+[)]|\d+(?:\.\d+)*[.．、]?|专栏[\d一二三四五六七八九十]*)"
)


class Figure(NamedTuple):
    """How many there are in the answers, how many were read, and how many of these are right."""

    wanted: int
    read: int
    right: int

    @property
    def f1(self) -> float:
        """Twice the right ones of all there are and all that were read."""
        return 2 * self.right / (self.wanted + self.read)


def figures() -> dict[str, Figure]:
    """Each figure over all documents."""
    wanted, read, right = Counter[str](), Counter[str](), Counter[str]()
    for path in sorted(DOCUMENTS.glob("*.json")):
        answers = json.loads(path.read_text(encoding="utf-8"))
        for name, one in _figures_of(read_plan(path.with_suffix(".txt")), answers):
            wanted[name] += one.wanted
            read[name] += one.read
            right[name] += one.right
    return {name: Figure(wanted[name], read[name], right[name]) for name in wanted}


def _figures_of(plan: Plan, answers: dict[str, Any]) -> Iterator[tuple[str, Figure]]:
    yield "headings", _found(answers["headings"], [s.heading for s in plan.sections], _same_heading)
    yield "goals", _found(answers["goals"], [g.title for g in plan.goals], _holds)
    rows = [one for one in plan.indicators if one.number is not None]
    yield "rows", _found(answers["rows"], rows, _same_row)
    yield "results", _found(answers["achievements"], plan.achievements, _same_number)
    yield from _figures_of_measures(plan.measures, answers["measures"])


def _figures_of_measures(
    measures: Sequence[Measure], answers: list[dict[str, Any]]
) -> Iterator[tuple[str, Figure]]:
    """Of measures, and of what is in those that both have; a sentence may be several of ours."""
    left = list(measures)
    found = 0
    for answer in answers:
        sentence = _plain(answer["sentence"]).rstrip("。;")
        parts = [one for one in left if _within(_plain(one.sentence.text).rstrip("。;"), sentence)]
        left = [one for one in left if one not in parts]
        found += bool(parts)
        titled = any(_alike(answer["title"], one.title) for one in parts)
        yield "titles", Figure(bool(parts), bool(parts), titled)
        targets = [target for one in parts for target in one.targets]
        yield "targets", _found(answer["targets"], targets, _same_number)
        optional = {
            _plain(name)
            for key in ("optional_zones", "optional_institutions")
            for name in answer.get(key, ())
        }
        for key in ("zones", "institutions"):
            names = [one.name for part in parts for one in getattr(part, key)]
            kept = [name for name in names if _plain(name) not in optional]
            yield key, _found(answer[key], kept, lambda a, b: _plain(a) == _plain(b))
    yield "measures", Figure(len(answers), found + len(left), found)


def _within(read: str, answer: str) -> bool:
    """Whether a sentence is the answer's or one of its parts, or has it as most of its own."""
    return read in answer or (answer in read and len(answer) > _MOST * len(read))


def _found(wanted: Iterable[Any], read: Iterable[Any], same: Callable[[Any, Any], bool]) -> Figure:
    """How many answers have one of what was read, each its own."""
    left, answers = list(read), list(wanted)
    count, right = len(left), 0
    for answer in answers:
        match = next((i for i, one in enumerate(left) if same(answer, one)), None)
        if match is not None:
            del left[match]
            right += 1
    return Figure(len(answers), count, right)


def _plain(text: object) -> str:
    """A text without blanks, with half-width brackets and semicolons."""
    folded = str(text).translate(str.maketrans("（）；：，", "();:,"))
    return re.sub(r"[\s“”\"]", "", folded)


def _alike(a: str, b: str) -> bool:
    one, two = _plain(a), _plain(b)
    inside = min(len(one), len(two)) >= 4 and (one in two or two in one)
    return inside or SequenceMatcher(None, one, two).ratio() > _ALIKE


def _same_heading(wanted: str, read: str) -> bool:
    return _NUMBER.sub("", _plain(wanted)) in (_plain(read), _NUMBER.sub("", _plain(read)))


def _holds(wanted: str, read: str) -> bool:
    one, two = _plain(wanted).strip("。,:"), _plain(read)
    return one in two or two in one


def _same_row(wanted: dict[str, Any], read: Any) -> bool:
    given = {n for value in wanted["values"].values() if (n := _number(value)) is not None}
    values = {v.value for v in (read.baseline, *read.targets) if v is not None}
    return _alike(wanted["name"], read.name) and given <= {v for v in values if v is not None}


def _same_number(wanted: dict[str, Any], read: Any) -> bool:
    number = _number(wanted["value"])
    same = None not in (number, read.value) and abs(number or 0) == abs(read.value)
    return same or _plain(wanted["value"]) in _plain(read.text)


def _number(text: str) -> Decimal | None:
    match = re.search(r"-?\d+(?:\.\d+)?", _plain(text).replace(",", ""))
    try:
        return Decimal(match[0]) if match else None
    except InvalidOperation:
        return None
