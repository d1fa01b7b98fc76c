"""Quantified results of the time before the plan's, from its review or among its tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.document.model import COMMITTING
from kg.document.structure import Document, Sentence
from kg.extract.clause_numbers import (
    Part,
    bounds_measure,
    last_number,
    parts,
    tells_size,
    with_words_of,
)
from kg.extract.clauses import Clause, clauses, strip_time
from kg.extract.model import Achievement, Quantity, Years
from kg.extract.name_words import bare_name
from kg.extract.naming import describes, name_of, of_growth, of_whole, of_zone
from kg.extract.respective_numbers import names_in_turn
from kg.extract.target_names import is_broken, is_whole, uncounted, whole, with_subject
from kg.extract.timing import basis_of, reached, reference_year, start_year, without_past
from kg.lexicon import grouped, lexicon, pattern
from kg.quantities.bounds import CEILINGS, FLOORS
from kg.quantities.conversion import in_unit_of
from kg.quantities.grammar import Number, read_numbers

_WHOLE = 100  # percent, from which on a share is one of what was before
_LONGEST = 30  # characters of a name; what is longer is the sentence
_SHORTEST = 3  # characters that say what was counted; else the whole clause does


def find_achievements(document: Document, period: Years) -> tuple[Achievement, ...]:
    """Every number with a unit in the review sections, and in what other sections say of the time
    before the plan's period, with the words that say what it counts.
    """
    found: list[Achievement] = []
    before = (period[0] - 1, period[0] - 1)
    paragraph, last_named = -1, before
    for sentence in document.sentences:
        if pattern("quantities", "around", "natural").match(sentence.text):
            continue
        if pattern("roles", "troubles", "opening").match(sentence.text):
            continue
        if (role := document.role(sentence)) == "review":
            if sentence.paragraph != paragraph:
                paragraph, last_named = sentence.paragraph, before
            found += _in_sentence(sentence, last_named, period)
            years, timed = reached(sentence.text, period[0])
            last_named = (years or before) if timed else last_named
        elif role in COMMITTING:
            found += _in_sentence(sentence, None, period)
    return tuple(found)


def read_achievement(
    sentence: Sentence, name: str, words: str, key: str, plan: Years
) -> Achievement | None:
    """A result that a person names, by words that hold its number, as the last one; None where they
    hold none."""
    held = last_number(sentence.text, words)
    if held is None:
        return None
    clause, part = held
    number = part.number.as_result()
    quantity, years = _quantity_and_years(
        number, clause, sentence, clause.text[: number.start], plan
    )
    span = sentence.read.locate(clause.start, clause.end)
    return Achievement(key, name, quantity, span, None, years)


def _in_sentence(sentence: Sentence, of_level: Years | None, plan: Years) -> list[Achievement]:
    """The results of a sentence. of_level: the years of a level beside which no time is named: in a
    review those that its paragraph names before, or the last one before the plan; None
    elsewhere."""
    found: list[Achievement] = []
    ahead = without_past(sentence.text, plan[0], of_level is not None)
    if ahead == sentence.text:
        return found
    subject, named = "", 0  # the name before, and where the clause begins that gives it
    names: list[str] = []
    for clause in clauses(sentence.text):
        read_to = 0
        if not ahead.startswith(",", clause.start):
            continue
        if opens := pattern("quantities", "around", "opens").match(clause.text):
            subject = opens["name"]
        for name, turn, number in _in_clause(clause.text, subject, tuple(names)):
            if re.match(r":\d", sentence.text[clause.start + number.end :]):
                continue  # the first of the shares of several parts
            borrowed = (
                subject and name.startswith(subject) and uncounted(subject) not in clause.text
            )
            named = named if borrowed else clause.start
            subject, behind = name, clause.text[read_to : number.start]
            names.append(name)
            read_to = number.end
            quantity, years = _quantity_and_years(number, clause, sentence, behind, plan, of_level)
            start = in_unit_of(number, number.base) if number.base else None
            key = f"{sentence.number}-{len(found) + 1}"
            span = sentence.read.locate(named, clause.end)
            found.append(Achievement(key, name + turn, quantity, span, start, years))
    return found


def _quantity_and_years(
    number: Number,
    clause: Clause,
    sentence: Sentence,
    behind: str,
    plan: Years,
    of_level: Years | None = None,
) -> tuple[Quantity, Years | None]:
    """A result's quantity, and its years: a level's is the last one of a span, and a sum or average
    beside which no time is named is of the five years before the plan, a review's level of those
    that came before it.

    behind: the clause from the number before it on. of_level: as in _in_sentence.
    """
    unit = number.unit_id
    multiple = unit == "times" or (unit == "percent" and number.value >= _WHOLE)
    place = clause.start + (number.lead if multiple else number.start)
    years, timed = reached(sentence.text[:place], plan[0])
    in_span = years is not None and years[0] != years[1]
    basis = basis_of(number, clause.text[: number.start], behind, dated=not in_span)
    altogether = pattern("quantities", "period", "altogether").search(clause.text[: number.start])
    if number.change and basis == "Cumulative" and not (in_span and altogether):
        basis = "PointInTime"  # growth is stated of the year as often as of all years
    if of_level is not None and basis == "PointInTime" and not (timed or number.change):
        years = of_level
    if basis == "PointInTime":
        years = years and (years[1], years[1])
    elif not timed or (years and basis == "AnnualAverage" and not in_span):
        end = years[1] if years else plan[0] - 1
        years = min(plan[0] - 5, end), end
    since = start_year(clause.text[: number.base.start]) if number.base else None
    if number.since and number.base is None:
        since = reference_year(number, plan[0], plan)
    printed, bound = clause.text[number.lead : number.end], number.comparator or "Equal"
    span = sentence.read.locate(clause.start + number.start, clause.start + number.end)
    return Quantity.of_number(number, printed, bound, basis, span, since), years


def _in_clause(
    clause: str, subject: str, former: Sequence[str]
) -> Iterator[tuple[str, str, Number]]:
    """The numbers of a clause that count or measure something, each with the name of that, and the
    verb where it turns by so much; subject: the name of the result before it, former: all names
    before."""
    these = tuple(part for part in parts(clause) if not part.number.half)
    in_turn = grouped((named[1].number.start, named) for named in names_in_turn(these, former))
    growth, last, passed = lexicon("quantities")["name"]["growth"], None, None
    for one in these:
        part = with_words_of(one, passed) if passed else one
        passed = one if _bounds_who(one) else None
        if passed or _names_group(one) or (not subject and tells_size(one, "")):
            continue
        name, last = name_of(part, subject, last)
        for given, own in in_turn.get(part.number.start, ((name, part),)):
            what, number = _name_and_number(clause, one, own, given, subject)
            if is_broken(what):
                continue
            subject, number = what, number.as_result()
            what = of_growth(what.removesuffix(growth), own)
            if number.unit_text or (number.governed and number.value % 1):
                yield what, _turning_verb(what, own), number


def _name_and_number(
    clause: str, one: Part, part: Part, name: str | None, subject: str
) -> tuple[str, Number]:
    """What a number is of, by its name or by the words around it, and the number as it is read.
    one: as it stands; part: with the words that hold for it too, as it is named."""
    number = replace(part.number, lead=one.number.lead)
    if name is not None:
        named = with_subject(of_whole(of_zone(name, one, subject), one, subject), subject)
        name, number = whole(named, number, part.earlier)
    if name is None and not bare_name(part.left) and not part.rest:
        name = (subject if part.number.kind == "count" else uncounted(subject)) or None
    if name is None or not is_whole(name) or not _SHORTEST <= len(name) <= _LONGEST:
        name = _words_around(clause, part)
        if pattern("quantities", "name", "joins").fullmatch(name):
            name = subject or name  # the second of several levels that were passed
    return name, number


def _bounds_who(part: Part) -> bool:
    """Whether a number only says who or what is meant: infants under 3, the firms with an output
    over a sum."""
    describes_what = pattern("quantities", "around", "of_what").match(part.right)
    sized = part.number.kind == "measure" or (part.number.kind == "ratio" and describes_what)
    bounds = sized and part.number.comparator in (*FLOORS, *CEILINGS)
    who = bounds_measure(part.number) or (bounds and describes(part))
    return bool(who) and part.right[:1] not in ("", *"、,;()")


def _names_group(part: Part) -> bool:
    """Whether a number only says how many share what the next one states, as 57 counties do."""
    number, following = part.number, read_numbers(part.rest)
    counts = number.kind == "count" and not number.governed
    share = following and following[0].kind == "ratio"
    joint = pattern("quantities", "name", "joint").match(part.right)
    apart = joint or re.search("[、,;]", part.right) or bare_name(part.left)
    return bool(counts and share and not apart)


def _turning_verb(name: str, part: Part) -> str:
    """The verb by which a result turned by so much, where its name does not say it."""
    turn = lexicon("quantities")["turn"]
    verb = next((w for w in (*turn["up"], *turn["down"]) if w in part.lead), "")
    grows = re.search(lexicon("comparison")["likeness"]["growth"], name)
    return verb if part.number.change and not grows else ""


def _words_around(clause: str, part: Part) -> str:
    """The words around a number that name what it counts; the clause where too few."""
    before = strip_time(clause[: part.number.lead]).rpartition("、")[2]
    after = re.split(r"[、。]", part.rest)[0]
    what = pattern("quantities", "around", "result").sub("", before + after).strip()
    what = pattern("quantities", "around", "area").sub("", what)
    return what if len(what) > 1 else strip_time(clause).rstrip("。")
