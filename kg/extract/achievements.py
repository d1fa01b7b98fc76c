"""Quantified results of the period before, from the plan's review."""

import re

from kg.document.structure import Document, Sentence
from kg.extract.clauses import clauses, strip_time
from kg.extract.model import Achievement, Quantity
from kg.lexicon import pattern
from kg.quantities.grammar import find_numbers

_SHORTEST = 3  # characters that say what was counted; else the whole clause does


def find_achievements(document: Document) -> tuple[Achievement, ...]:
    """Every number with a unit in the review sections, with the words that say what it counts."""
    return tuple(
        achievement
        for sentence in document.sentences
        if document.role(sentence) == "review"
        for achievement in _in_sentence(sentence)
    )


def _in_sentence(sentence: Sentence) -> list[Achievement]:
    found: list[Achievement] = []
    for clause in clauses(sentence.text):
        found_here = (n for one in find_numbers(clause.text) for n in one.as_result())
        for number in found_here:
            if not number.unit_text and not (number.governed and number.value % 1):
                continue
            quantity = Quantity(
                number.value,
                clause.text[number.lead : number.end],
                number.unit.id if number.unit else None,
                number.unit_text,
                number.comparator or "Equal",
                "PointInTime",
                sentence.read.locate(clause.start + number.start, clause.start + number.end),
                number.upper,
            )
            what = _what(clause.text, number.lead, number.end)
            span = sentence.read.locate(clause.start, clause.end)
            found.append(Achievement(f"{sentence.number}-{len(found) + 1}", what, quantity, span))
    return found


def _what(clause: str, start: int, end: int) -> str:
    """The words around a number that name what it counts: those before, with those after."""
    before = strip_time(clause[:start]).rpartition("、")[2]
    after = re.split(r"[、。]", clause[end:])[0]
    what = pattern("quantities", "around", "result").sub("", before + after).strip()
    return what if len(what) >= _SHORTEST else strip_time(clause).rstrip("。")
