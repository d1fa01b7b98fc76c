"""The numbers of a clause, each with the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import zip_longest

from kg.extract.clauses import OF_A_PLAN, Clause, clauses, words_of
from kg.extract.timing import without_time
from kg.extract.titling import behind_setting
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.bounds import CEILINGS, FLOORS
from kg.quantities.grammar import PERSONS, SPANS, Number, read_numbers

_form = partial(pattern, "quantities", "name")


@dataclass(frozen=True)
class Part:
    """A number of a clause, the words before it since the number before, and those behind it up to
    the next.

    start: where the words before it begin in the clause. lead: the words that govern it. earlier,
    rest: the clause up to it, and behind it. year: by which, where it stands with the number. each:
    the words of what has so many each, where the clause begins with them.
    """

    number: Number
    start: int
    left: str
    right: str
    lead: str
    earlier: str
    rest: str
    year: int | None = None
    each: str = ""


def last_number(sentence: str, words: str) -> tuple[Clause, Part] | None:
    """The last number in some words of a sentence, and its clause; None where they hold none."""
    begin = sentence.find(words)
    held = [
        (clause, part)
        for clause in clauses(sentence)
        for part in parts(clause.text)
        if 0 <= begin <= clause.start + part.number.start
        and not part.number.half
        and clause.start + part.number.end <= begin + len(words)
    ]
    return held[-1] if held else None


@lru_cache(OF_A_PLAN)
def parts(clause: str) -> tuple[Part, ...]:
    """The numbers of a clause with the words around each."""
    every = read_numbers(clause)
    around = zip_longest((None, *every[:-1]), every, every[1:])
    numbers = [
        number
        for before, number, following in around
        if number and not (_tells_whom(clause, number, following) or _sizes(clause, before, number))
    ]
    opened = _opened(clause) if numbers else 0
    found: list[Part] = []
    for i, number in enumerate(numbers):
        if i and clause[numbers[i - 1].end : number.lead] == lexicon("quantities")["name"]["pair"]:
            found[-1:] = _paired(found[-1], number, clause, numbers[i + 1 : i + 2])
            continue
        start = numbers[i - 1].end if i else 0
        opening = opened if start < opened <= number.lead else start
        if opened == number.lead and number.governed and not _tells_where(clause):
            opening = start  # a centre of service that grows
        end = numbers[i + 1].lead if i + 1 < len(numbers) else len(clause)
        before = without_time(clause[start : number.lead])
        if _form("whole_of").search(before):
            opening = start
        each = _form("for_each").match(before)
        before = before[each.end() :] if each else clause[opening : number.lead]
        left, year = _dated(before, number)
        goes_on = found and _form("for_each_too").search(before)
        of_each = each["each"] if each else found[-1].each if goes_on else ""
        right, by = _words_and_year(clause[number.end : end].rstrip("。"), number)
        lead = clause[number.lead : number.start]
        rest = clause[number.end :].rstrip("。") if by is None else right
        words = left, right, lead, clause[: number.start], rest
        found.append(Part(number, opening if i else 0, *words, year or by, of_each))
    for i in range(len(found) - 2, -1, -1):
        if _shares_thing(found[i], found[i + 1]):
            found[i] = replace(found[i], right=found[i + 1].right, rest=found[i + 1].rest)
    return tuple(found)


def _shares_thing(part: Part, following: Part) -> bool:
    """Whether two verbs have one object, which stands behind the second's number only (build 4,
    rebuild 7 clinics)."""
    joint = _form("joint").match(following.left)
    if joint is None or not following.right or part.number.unit_text != following.number.unit_text:
        return False
    verbs = without_time(part.left), following.left[joint.end() :]
    return part.right == following.left and all(verb in words_of("counting") for verb in verbs)


def _tells_where(clause: str) -> bool:
    """Whether a clause begins with where something is done."""
    return pattern("actions", "governing", "placed").match(without_time(clause)) is not None


def _tells_whom(clause: str, number: Number, following: Number | None) -> bool:
    """Whether a number only says who or what is meant: by age, or by size."""
    behind = clause[number.end : following.lead if following else len(clause)]
    if number.governed or number.unit is None:
        return False
    bounded = number.comparator in (*FLOORS, *CEILINGS)
    if (
        bounded
        and number.unit_id in (*PERSONS, "household")
        and pattern("quantities", "numeral", "sizes_of").match(behind)
    ):
        return True
    if not behind.isalpha():
        return False
    if number.unit_text in lexicon("quantities")["numeral"]["ages"]:
        return True
    counted = following and following.kind == "count"
    joined = _form("joined").search(behind)
    governed = following is None or following.governed
    size = number.kind == "measure" and number.unit_id not in SPANS
    sizes = size or is_held(number, behind)
    return bool(sizes and counted and not governed and not joined)


def _sizes(clause: str, before: Number | None, number: Number) -> bool:
    """Whether a number says how large the things are that the one right before it counts: 2 parks
    of five billion each."""
    counted = before is not None and before.kind == "count" and before.end == number.lead
    return counted and number.kind == "measure" and clause[number.end :][:1].isalpha()


def is_held(number: Number, thing: str) -> bool:
    """Whether a number says how many animals one thing is to hold."""
    held = pattern("quantities", "numeral", "held").search(number.unit_text)
    return held is not None and pattern("quantities", "numeral", "holds").match(thing) is not None


def bounds_measure(number: Number) -> bool:
    """Whether a number without a verb says how large something is at least or at most."""
    bounds = number.comparator in (FLOORS[0], CEILINGS[0])
    return number.kind == "measure" and bounds and not number.governed


def _words_and_year(right: str, number: Number) -> tuple[str, int | None]:
    """The words behind a count without the year by which it is there, and that year."""
    match = pattern("quantities", "period", "behind").search(right) if number.sized else None
    if match is None:
        return _form("based").sub("", right), None
    return right[: match.start()] + right[match.end() :], int(match["year"])


def tells_size(part: Part, before: str) -> bool:
    """Whether a number says how large a place is or how many live there, and not what is to be done
    or was. before: the sentence up to the clause."""
    text = before + part.earlier
    size = _form("describes").search(text)
    if size is None or part.number.comparator not in (None, "Equal", "About"):
        return False
    words = cut(re.split("[,;:]", text[: size.start()])[-1])
    acts = lexicon("quantities")["name"]["kept"]  # some of which the dictionary takes for nouns
    return not any(word in acts or part_of_speech(word)[0] == "v" for word in words)


def _paired(
    part: Part, second: Number, clause: str, following: Sequence[Number]
) -> tuple[Part, Part]:
    """The two sizes of one thing: each with the words before the first and behind the second."""
    end = following[0].lead if following else len(clause)
    right, rest = clause[second.end : end].rstrip("。"), clause[second.end :].rstrip("。")
    first = replace(part, right=right, rest=rest)
    if part.number.governed:
        second = replace(second, lead=part.number.lead, comparator=part.number.comparator)
    return first, replace(first, number=second)


def _dated(left: str, number: Number) -> tuple[str, int | None]:
    """The words before a number without the year that is its own, and that year."""
    dated = number.governed or number.sized
    match = pattern("quantities", "period", "own").fullmatch(left) if dated else None
    if match is None:
        return left, None
    return match["before"] or match["name"] or "", int(match["year"] or match["apart"])


def _opened(clause: str) -> int:
    """How much of a clause's beginning says only where, for whom or by whom."""
    answering = pattern("actions", "governing", "answering").match(clause)
    return behind_setting(clause) or (answering.end() if answering else 0)


def with_words_of(part: Part, before: Part) -> Part:
    """A part with the words of the one before it, whose number only belongs to its name, unless it
    says where. How many live in what that counts are its inhabitants.
    """
    if part.start > before.number.end:
        return part
    inhabited = before.number.kind == "count" and before.right == part.left and not part.right
    if inhabited and part.number.unit_id in PERSONS:
        left = before.left + before.right + lexicon("quantities")["name"]["inhabitants"][0]
    else:
        left = before.left + part.earlier[before.number.lead : part.number.lead]
    return replace(part, start=before.start, left=left)
