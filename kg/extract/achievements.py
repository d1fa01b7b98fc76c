"""Quantified results of the time before the plan's, from its review or among its tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.document.model import COMMITTING
from kg.document.structure import Document, Sentence
from kg.extract.clauses import clauses, strip_time
from kg.extract.model import Achievement, Quantity
from kg.extract.naming import Part, bare_name, name_of, names_in_turn, parts
from kg.extract.timing import basis_of, without_past
from kg.extract.whole_names import is_whole, uncounted, whole, with_subject
from kg.lexicon import pattern
from kg.quantities.grammar import Number

_LONGEST = 30  # characters of a name; what is longer is the sentence
_SHORTEST = 3  # characters that say what was counted; else the whole clause does


def find_achievements(document: Document, period: tuple[int, int]) -> tuple[Achievement, ...]:
    """Every number with a unit in the review sections, and in what other sections tell of the time
    before the plan's period, with the words that say what it counts.
    """
    return tuple(
        achievement
        for sentence in document.sentences
        if (role := document.role(sentence)) in (*COMMITTING, "review")
        for achievement in _in_sentence(sentence, None if role == "review" else period[0])
    )


def _in_sentence(sentence: Sentence, first: int | None) -> list[Achievement]:
    """The results of a sentence. first: the year before which they lie, where not all do."""
    found: list[Achievement] = []
    ahead = without_past(sentence.text, first) if first else ""
    if first and ahead == sentence.text:
        return found
    subject, named = "", 0  # the name before, and where the clause begins that gives it
    for clause in clauses(sentence.text):
        read_to = 0
        if first and not ahead.startswith(",", clause.start):
            continue
        for name, number in _in_clause(clause.text, subject):
            borrowed = (
                subject and name.startswith(subject) and uncounted(subject) not in clause.text
            )
            named = named if borrowed else clause.start
            subject, behind = name, clause.text[read_to : number.start]
            read_to = number.end
            span = sentence.read.locate(named, clause.end)
            quantity = Quantity(
                number.value,
                clause.text[number.lead : number.end],
                number.unit.id if number.unit else None,
                number.unit_text,
                number.comparator or "Equal",
                _basis(number, clause.text[: number.start], behind),
                sentence.read.locate(clause.start + number.start, clause.start + number.end),
                number.upper,
            )
            found.append(Achievement(f"{sentence.number}-{len(found) + 1}", name, quantity, span))
    return found


def _basis(number: Number, before: str, behind: str) -> str:
    """A yearly average or a sum where it is called that.

    Args:
        number: the number.
        before: its clause up to it; behind: what of that stands behind the number before.
    """
    basis = basis_of(number, before, behind, dated=True)
    # growth is told of the year as often as of all years
    return "PointInTime" if number.change and basis == "Cumulative" else basis


def _in_clause(clause: str, subject: str) -> Iterator[tuple[str, Number]]:
    """The numbers of a clause that count or measure something, each with the name of that.

    subject: the name of the result before it in the sentence.
    """
    these = tuple(part for part in parts(clause) if not part.number.half)
    in_turn = {part.number.start: name for name, part in names_in_turn(these)}
    last = None
    for part in these:
        name, last = name_of(part, subject, last)
        name = in_turn.get(part.number.start) or name
        number = part.number
        if name is not None:
            name, number = whole(with_subject(name, subject), number, part.earlier)
        if name is None and not bare_name(part.left) and not part.right:
            counts = part.number.unit is not None and part.number.unit.kind == "count"
            name = (subject if counts else uncounted(subject)) or None
        if name is None or not is_whole(name) or not _SHORTEST <= len(name) <= _LONGEST:
            name = _around(clause, part)
        subject = name
        for one in number.as_result():
            if one.unit_text or (one.governed and one.value % 1):
                yield name, one


def _around(clause: str, part: Part) -> str:
    """The words around a number that name what it counts; the clause where too few."""
    before = strip_time(clause[: part.number.lead]).rpartition("、")[2]
    after = re.split(r"[、。]", part.rest)[0]
    what = pattern("quantities", "around", "result").sub("", before + after).strip()
    return what if len(what) >= _SHORTEST else strip_time(clause).rstrip("。")
