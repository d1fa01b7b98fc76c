"""Targets in the body text: what is to be reached, in numbers or in words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import Any

from kg.document.model import ACTING, COMMITTING
from kg.document.responsibility_notes import Charge
from kg.document.responsibility_scope import charged
from kg.document.stages import stages
from kg.document.structure import Document, Sentence
from kg.extract.clause_numbers import Part, last_number, parts, tells_size, with_words_of
from kg.extract.clauses import (
    Clause,
    acts,
    clauses,
    strip_adverbs,
    strip_time,
    unpaired,
    verb_at,
    words_of,
)
from kg.extract.model import Indicator, Quantity, Value, Years
from kg.extract.naming import name_of, of_growth, of_whole, of_zone, work_name
from kg.extract.respective_numbers import given_in_turn, names_in_turn, with_front, years_in_turn
from kg.extract.target_names import (
    acted_on,
    is_nameless,
    is_whole,
    of_trend,
    turned_first,
    whole,
    with_subject,
)
from kg.extract.timing import (
    basis_of,
    first_of_span,
    grows_yearly,
    never_summed,
    only_tells,
    period_of,
    reference_year,
    start_year,
    without_past,
    without_time,
    year_before,
    years_by_which,
)
from kg.extract.titling import behind_setting, commands
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.bounds import guarded
from kg.quantities.conversion import is_convertible
from kg.quantities.grammar import Number
from kg.source.findings import Finding

_commit = partial(pattern, "quantities", "commit")
_DATE = 16  # characters of a year with what is done by then


@dataclass(frozen=True)
class Targets:
    """The text's indicators and targets, pure target sentences, and doubtful numbers."""

    indicators: tuple[Indicator, ...]
    values: tuple[Value, ...]
    pure: frozenset[str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Found:
    """A commitment of a clause: its place in the sentence, and its number where it has one.

    before: the clause up to the number; segment: what of that is behind the number before; year: by
    which, where the number has one of its own; whole: whether words say it that state a result as a
    number does; goal: whether they do so among goals too; best: whether it is what the commitment
    before it is to come to at best.
    """

    name: str
    number: Number | None
    words: str
    start: int
    end: int
    comparator: str
    before: str = ""
    segment: str = ""
    year: int | None = None
    whole: bool = False
    goal: bool = False
    best: bool = False


def find_targets(document: Document, period: Years) -> Targets:
    """The commitments of the sections about measures, goals and the vision."""
    rows, staged = charged(document).rows, stages(document)
    roles = ((sentence, document.role(sentence)) for sentence in document.sentences)
    read = [
        _of_sentence(
            document, sentence, rows.get(sentence.number), staged.get(sentence.number, 0), period
        )
        for sentence, role in roles
        if role in (*COMMITTING, "review") and not (role in ACTING and only_tells(sentence.text))
    ]
    return Targets(
        tuple(indicator for one in read for indicator in one.indicators),
        tuple(value for one in read for value in one.values),
        frozenset().union(*(one.pure for one in read)),
        tuple(finding for one in read for finding in one.findings),
    )


def _of_sentence(
    document: Document, sentence: Sentence, row: Charge | None, stage: int, period: Years
) -> Targets:
    """The commitments of one sentence. row: that of a table of projects that it is; stage: the year
    of its stage, 0 without one."""
    role = document.role(sentence)
    words = without_past(sentence.text, period[0], role == "review")
    ahead = sentence
    if words != sentence.text:
        ahead = replace(sentence, read=replace(sentence.read, text=words))
    if not clauses(ahead.text):
        return Targets((), (), frozenset({sentence.number}))
    named = [t for t in _in_sentence(sentence) if not ahead.text.startswith(",", t.start)]
    if row and row.name:
        named = [t for t in named if not _is_size(t)]
    named = [_of_section(document, sentence, target) for target in named]
    nameless = [target for target in named if is_nameless(target.name)]
    found = [t for t in named if t not in nameless and (t.year or period[0]) >= period[0]]
    if _commit("forecast").search(ahead.text):
        outside = _commit("outside")
        found = [t for t in found if not outside.match(t.name)]
    if role not in ACTING:  # a goal's words are its own, but for such as a number has
        found = [t for t in found if t.number is not None or t.goal]
    found.sort(key=lambda target: target.whole)
    until = max(row.until, period[0]) if row and row.until else period[1]
    begun = max(row.years[0], period[0]) if row and row.years else period[0]
    stated = _in_years(ahead, found, stage, (min(begun, until), until), period)
    only = not all(t.whole for t in found) and _only_targets(ahead, found)
    findings = (
        Finding("number-half-read", sentence.read.locate(t.start, t.end), {"number": t.words})
        for t in nameless
    )
    return Targets(
        tuple(indicator for indicator, _ in stated),
        tuple(value for _, values in stated for value in values),
        frozenset({sentence.number}) if only else frozenset(),
        (*findings, *_half_understood(ahead, [*found, *nameless])),
    )


def _in_years(
    ahead: Sentence, found: list[_Found], stage: int, plan: Years, period: Years
) -> list[tuple[Indicator, list[Value]]]:
    """A sentence's commitments, each as an indicator with its values by the years named before it.

    ahead: the sentence without what was reached before the plan. plan: the years of its row, where
    it is one; period: those of the plan.
    """
    years = years_by_which(ahead.text, period) if found else []
    if stage >= period[0]:
        years.insert(0, (-1, stage))
    stated: list[tuple[Indicator, list[Value]]] = []
    for i, target in enumerate(found, 1):
        former = stated[-1][1][0].quantity.basis if stated else ""
        stated.append(_as_indicator(ahead, f"{ahead.number}-{i}", target, years, plan, former))
    return stated


def read_target(
    sentence: Sentence, name: str, words: str, key: str, period: Years
) -> tuple[Indicator, list[Value]] | None:
    """A target that a person names, with its values, by words of the sentence that hold its number,
    as the last one; None where they hold none."""
    held = last_number(sentence.text, words)
    if held is None:
        return None
    clause, part = held
    years = years_by_which(sentence.text, period)
    return _as_indicator(sentence, key, _target(clause, name, part), years, period)


def _half_understood(sentence: Sentence, found: list[_Found]) -> Iterator[Finding]:
    """The numbers of a sentence that say how much, but of which a part was not understood, and
    those that say what is there by a year but gave no target.
    """
    for clause in clauses(sentence.text):
        stated = [t for t in found if t.start == clause.start]
        worded = [t for t in stated if t.number is None]
        these = parts(clause.text)
        in_turn = given_in_turn(these)
        for part in these:
            number = part.number
            unnamed = in_turn or part.year
            doubtful = number.half or (unnamed and not stated)
            if not doubtful or _holds(worded, clause.text, number):
                continue
            place = clause.start + number.start, clause.start + number.end
            printed = clause.text[number.lead : number.end]
            yield Finding("number-half-read", sentence.read.locate(*place), {"number": printed})


def _of_section(document: Document, sentence: Sentence, target: _Found) -> _Found:
    """A target whose sentence does not say of what, as one of the thing its section acts on; not
    where the sentence itself acts on something before."""
    thing = acted_on(document.section(sentence.section).wording)
    generic = target.name and is_nameless(target.name)
    if not (thing and generic) or part_of_speech(cut(thing)[-1])[0] == "v":
        return target
    before = (c.text for c in clauses(sentence.text) if c.start < target.start)
    if any(acts(clause) or behind_setting(clause) is not None for clause in before):
        return target
    return replace(target, name=with_subject(target.name, thing))


def _as_indicator(
    sentence: Sentence,
    key: str,
    target: _Found,
    by: list[tuple[int, int]],
    plan: Years,
    former: str = "",
) -> tuple[Indicator, list[Value]]:
    """A commitment as an indicator with its target, and its baseline where it names one. by: the
    years by which that the sentence names; former: the basis of its target before."""
    place = target.start + len(target.before) if target.number else target.end
    text, names = sentence.text, lexicon("quantities")["name"]
    sizes = target.name in names["generic"] or re.match(names["ability"], target.name) is not None
    by = [
        (at, y) for at, y in by if at >= target.start or _dates_later_clauses(text, at, by, sizes)
    ]
    year = target.year or year_before(by, place)
    span = sentence.read.locate(target.start, target.end)
    first = first_of_span(sentence.text[:place], year) if year is not None else None
    number = target.number
    dated = year is not None and first is None
    begins = any(_commit("during").match(text) for text in (sentence.text, target.before))
    during = first is not None or (begins and not dated)
    during |= _commit("work").search(target.name) is not None
    basis = (
        basis_of(number, target.before, target.segment, dated, during) if number else "PointInTime"
    )
    name = target.name
    if basis == "Cumulative" and number and grows_yearly(name, number, target.segment):
        basis, name = "AnnualAverage", name + lexicon("quantities")["name"]["growth"]
    continues = former == "Cumulative" and basis == "PointInTime"
    continues = continues and bool(number and number.unit and _continues_sum(target, number))
    if former and (target.best or continues):
        basis = former
    years = period_of(basis, year, plan, first)
    quantity = Quantity.of_number(number, target.words, target.comparator, basis, span)
    if number and basis != "AnnualAverage":
        quantity = replace(quantity, relative_to=reference_year(number, years[1], plan))
    values = [Value(key, "Target", key, quantity, years, sentence=sentence.number)]
    if number and number.base:
        base = _baseline(sentence, key, target, number.base, plan[0] - 1)
        values += [base] if base.period[1] <= plan[0] else []  # no stage on the way
    known = number.unit if number else None
    unit_text = "" if known and quantity.unit_text == known.labels[0] else quantity.unit_text
    return Indicator(key, name, span, quantity.unit, unit_text), values


def _dates_later_clauses(text: str, at: int, by: list[tuple[int, int]], sizes: bool) -> bool:
    """Whether the year at a place dates the clauses behind its own as well.

    A year inside a clause that only says by when what is named before it is done does not, but for
    the size of that (sizes). In a list a year dates its own entry, unless an earlier year of the
    clause makes it the second stage.
    """
    inside = at > 0 and text[at - 1] not in ",;:。"
    done = pattern("quantities", "period", "behind").search(text, at, at + _DATE)
    if inside and done and not sizes:
        return False
    if not text[:at].endswith(lexicon("names")["lists"]["comma"]):
        return True
    return any(other < at and len(clauses(text[other:at])) == 1 for other, _ in by)


def _continues_sum(target: _Found, number: Number) -> bool:
    """Whether a number is a part of the sum before it, or so many more things under its verb."""
    if _commit("within").match(target.before):
        return number.kind != "ratio"
    words = without_time(target.segment)
    verb = bool(words) and part_of_speech(cut(words)[0])[0] == "v"
    level = re.search(lexicon("quantities")["whole"]["levels"], words)
    bound = number.governed or verb or level or never_summed(words)
    summed = number.kind == "count" or _commit("spent").search(words)
    return bool(summed and not bound)


def _baseline(sentence: Sentence, key: str, target: _Found, base: Number, before: int) -> Value:
    """The value that a target starts from: of the year before the plan's, unless another one is
    printed.
    """
    span = sentence.read.locate(target.start + base.start, target.start + base.end)
    printed = sentence.text[target.start + base.start : target.start + base.end]
    year = start_year(sentence.text[target.start : target.start + base.start]) or before
    quantity = Quantity.of_number(base, printed, "Equal", "PointInTime", span)
    return Value(key, "Baseline", key, quantity, (year, year), sentence=sentence.number)


def _in_sentence(sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    subject, passed = "", list[Clause]()
    for clause in chain.from_iterable(map(_before_turns, clauses(sentence.text))):
        targets = list(_in_clause(clause, subject, passed, sentence.text[: clause.start], found))
        then = list(_completed_later(clause, targets[-1].name if targets else subject))
        if then and found and not targets and _is_sum(found[-1]):
            found[-1] = replace(found[-1], year=then[0].year)
        targets += then
        found += targets
        if targets:  # what follows several given in turn is of none of them more than of others
            subject = "" if given_in_turn(parts(clause.text)) else targets[-1].name
            passed = []
        else:
            subject = _named_alone(clause.text) or subject
            passed.append(clause)
    return found


def _named_alone(clause: str) -> str:
    """What a clause without a target names, of which the next ones say more; "" for nothing."""
    opens = pattern("quantities", "around", "opens").match(clause)
    named = opens or pattern("quantities", "around", "names").match(strip_time(clause))
    return next(filter(None, named.groups()), "") if named else ""


def _before_turns(clause: Clause) -> Iterator[Clause]:
    """A clause in two, where numbers given in turn stand in its list behind others: one of A, of B
    and C two and three."""
    turn = clause.text.find(lexicon("quantities")["name"]["in_turn"])
    ends = [part.number.end for part in parts(clause.text) if part.number.end < turn]
    comma = lexicon("names")["lists"]["comma"]
    if not ends or not clause.text.startswith(comma, ends[-1]):
        yield clause
        return
    at, behind = ends[-1], ends[-1] + len(comma)
    yield Clause(clause.start, clause.start + at, clause.text[:at])
    yield Clause(clause.start + behind, clause.end, clause.text[behind:])


def _thing_of(passed: Sequence[Clause]) -> str:
    """What the last of some clauses acts on, or one before it where it does not act itself."""
    thing = ""
    for clause in passed:
        if own := acted_on(clause.text):
            thing = own
        elif acts(clause.text):
            thing = ""
        else:
            thing = thing or acted_on(clause.text[behind_setting(clause.text) or 0 :])
    return thing


def _in_clause(
    clause: Clause, subject: str, passed: Sequence[Clause], before: str, former: Sequence[_Found]
) -> Iterator[_Found]:
    """The commitments of a clause. subject: the name of the target before it; passed: the clauses
    since then; before: the sentence up to it; former: all targets there."""
    worded = list(_commitments_in_words(clause, before, subject))
    compared = [target for target in worded if target.comparator in ("Relative", "Equal")]
    these = parts(clause.text)
    these = tuple(part for part in these if not _holds(compared, clause.text, part.number))
    yield from compared
    listed = _listed(clause, these, before, [target.name for target in former])
    if listed is not None:
        yield from listed
        return
    thing = _thing_of(passed) if these else ""
    last = former[-1] if former and not passed else None
    found, counts = _one_by_one(clause, these, subject, thing, before, last)
    yield from found
    if not (compared or counts):
        yield from worded


def _listed(
    clause: Clause, these: tuple[Part, ...], before: str, former: Sequence[str]
) -> list[_Found] | None:
    """The commitments of numbers given in turn, none where they are not of as many things; None
    where no numbers are given so.
    """
    if dated := years_in_turn(clause.text, these, before):
        return [replace(_target(clause, name, part), year=year) for year, name, part in dated]
    found = names_in_turn(these, former, before)
    if not found and not given_in_turn(these):
        return None
    return [_target(clause, of_growth(name, part), part) for name, part in found]


def _one_by_one(
    clause: Clause,
    these: tuple[Part, ...],
    subject: str,
    thing: str,
    before: str,
    former: _Found | None,
) -> tuple[list[_Found], bool]:
    """The commitments of a clause's numbers, each named by the words around it, and whether any of
    its numbers says how much; former: the target right before the clause."""
    found: list[_Found] = []
    counts = False
    last, passed = None, None
    for one in these:
        part = with_words_of(one, passed) if passed else one
        if part.number.half:
            counts, last, passed = True, None, None
            continue
        if best := _at_best(clause, part, found[-1] if found else former):
            found.append(best)
            continue
        name, last = name_of(part, subject, last)
        name = (None if subject else work_name(part, thing)) or name
        passed = part if name is None else None
        if name is None:
            continue
        counts = True
        if found and pattern("quantities", "name", "joint").match(part.left):
            name = with_front(name, found[0].name)
        name = of_whole(of_zone(name, one, subject), one, subject)
        target = _target(clause, with_subject(name, thing or subject), part)
        described = _only_describes(part, clause, before, subject)
        if is_whole(target.name) and not unpaired(target.name) and not described:
            subject, thing = target.name, ""
            found.append(target)
    return found, counts


def _at_best(clause: Clause, part: Part, former: _Found | None) -> _Found | None:
    """A number as what the target before it is to come to at best, or at least; None where it is
    not of the same, or has words of its own."""
    alone = pattern("quantities", "name", "aspired").fullmatch(part.left + part.lead)
    ends = pattern("quantities", "name", "joins").match(part.right)
    if not (alone and ends and former and former.number):
        return None
    unit, before = part.number.unit, former.number.unit
    if unit is None or before is None or not is_convertible(unit.id, before.id):
        return None
    number = part.number.turned_as(former.number, "")
    best = _target(clause, former.name, replace(part, number=number))
    return replace(best, name=former.name, year=best.year or former.year, best=True)


def _only_describes(part: Part, clause: Clause, before: str, subject: str) -> bool:
    """Whether a number only says how large a place is, what one project costs altogether, or how
    large those are that something is done to."""
    whom = pattern("quantities", "name", "whom").match(clause.text)
    if whom and part.number.end <= whom.end():
        return True
    costs = "entry_costs" if pattern("quantities", "name", "entry").match(before) else "costs"
    alone = not subject or costs == "entry_costs"
    if alone and pattern("quantities", "name", costs).match(part.left + part.lead):
        return True
    undated = strip_time(before + clause.text) == before + clause.text
    return undated and tells_size(part, before)


def _is_size(target: _Found) -> bool:
    """Whether a number only says how long, large or dear a project is, by no verb."""
    size = pattern("quantities", "name", "of_project").search(target.segment)
    if size is None:
        return False
    words = cut(target.segment[: size.start()])
    return not any(word == verb_at(word) or word in words_of("counting") for word in words)


def _holds(worded: list[_Found], clause: str, number: Number) -> bool:
    """Whether a number of a clause is in words that state a target without it."""
    places = ((at, at + len(t.words)) for t in worded if (at := clause.find(t.words)) >= 0)
    return any(start <= number.start and number.end <= end for start, end in places)


def _completed_later(clause: Clause, subject: str) -> Iterator[_Found]:
    """What is to be done as a whole by a later year, of the target before it."""
    then = pattern("quantities", "period", "then").search(clause.text)
    if subject and then:
        year, place = int(then["year"]), (clause.start, clause.end)
        yield _Found(subject, None, then["words"], *place, "Task", year=year)


def _is_sum(target: _Found) -> bool:
    """Whether a target counts or measures what is done to so many, by no year of its own."""
    number = target.number
    return number is not None and number.sized and not number.governed and target.year is None


def _target(clause: Clause, name: str, part: Part) -> _Found:
    name, number = turned_first(*whole(name, part.number, part.earlier), part.earlier)
    before, segment = clause.text[: number.start], clause.text[part.start : number.start]
    bound, kept = number.comparator or "Equal", lexicon("quantities")["commit"]["unsummed"]["kept"]
    if bound == "Equal" and re.search(kept, segment):
        bound = guarded(name)
    words, place = clause.text[number.lead : number.end], (clause.start, clause.end)
    return _Found(name, number, words, *place, bound, before, segment, part.year)


def _commitments_in_words(clause: Clause, before: str, subject: str) -> Iterator[_Found]:
    """The commitments of a clause in words, each of several years by its own."""
    if not pattern("quantities", "task", "cue").search(clause.text):
        return
    listed = pattern("quantities", "period", "listed").split(clause.text)
    for one in listed:
        for found in _in_words(replace(clause, text=one), before, subject):
            by = years_by_which(one, (0, 0)) if len(listed) > 1 else []
            yield replace(found, year=by[0][1]) if by else found


def _in_words(clause: Clause, before: str, subject: str) -> Iterator[_Found]:
    """Commitments without a number of their own: a task to complete, a trend, what others reach;
    what is compared by itself is said of the subject, the name of the target before it."""
    place, timeless = (clause.start, clause.end), strip_time(clause.text)
    dated = timeless != clause.text or strip_time(before) != before
    text = strip_time(pattern("quantities", "around", "promise").sub("", timeless.strip("。")))
    for part in _said_apart(text):
        for rules, form in _forms():
            whole = "whole" in rules
            asked = (whole or part is text) and (dated or "dated" not in rules)
            match = form.fullmatch(part) if asked else None
            if match is None:
                continue
            if "in_turn" in rules:
                yield from _ranked_in_turn(match, rules, place)
                return
            named = match["name"] or subject
            by = pattern("quantities", "task", "by").search(named)
            named = named[: by.start()] if by else named
            name = with_subject(of_trend(named), subject)
            if _form_fits(name, rules):
                found = _Found(name, None, match["words"], *place, rules["comparator"], whole=whole)
                year, goal = int(by["year"]) if by else None, whole or "goals" in rules
                yield replace(found, year=year, goal=goal)
                if part is text:
                    return
                break


def _said_apart(text: str) -> Iterator[str]:
    """A clause and its parts behind commas, each where it has a cue of a target in words; not the
    parts of what one verb governs as one object.
    """
    comma = lexicon("names")["lists"]["comma"]
    divided = comma in text and not pattern("quantities", "task", "undivided").match(text)
    apart = text.split(comma) if divided else ()
    yield from filter(pattern("quantities", "task", "cue").search, (text, *apart))


def _ranked_in_turn(
    match: re.Match[str], rules: dict[str, Any], place: tuple[int, int]
) -> Iterator[_Found]:
    """The places of several quantities, one each: A and B come fifth and tenth."""
    between = pattern("quantities", "name", "between")
    names, places = (between.split(match[group]) for group in ("name", "words"))
    if len(names) == len(places) and all(_form_fits(name, rules) for name in names):
        for name, words in zip(names, places, strict=True):
            yield _Found(name, None, words, *place, rules["comparator"], whole=True, goal=True)


@cache
def _forms() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    """The forms of targets in words, each with its pattern."""
    forms = lexicon("quantities")["task"]["form"]
    return tuple((form, re.compile(form["pattern"])) for form in forms)


def _form_fits(name: str, form: dict[str, Any]) -> bool:
    """Whether a form is used of such a name: one that says what it is of, does not act itself, and
    is measured or ranked where the form asks for that. None is named by "".
    """
    kinds = form.get("of", ())
    if kinds and not any(pattern("quantities", "task", kind).search(name) for kind in kinds):
        return False
    if not name or "whole" not in form:
        return not name or is_whole(name)
    first, kept = cut(name)[0], lexicon("quantities")["name"]["kept"]
    acting = acts(name) and first == verb_at(name) and first not in kept
    return is_whole(name) and not acting and not unpaired(name)


def _only_targets(sentence: Sentence, found: list[_Found]) -> bool:
    """Whether every clause of a sentence states a result and none is work to be done."""
    spans = {(t.start, t.end) for t in found}
    states = tuple(lexicon("quantities")["states"]["verbs"])
    parts = clauses(sentence.text)
    opening = parts[0].text
    dated = strip_time(opening) != opening
    for clause in parts:
        if _is_work(clause.text, states):
            return False
        rest = pattern("quantities", "around", "area").sub("", strip_time(clause.text))
        if not rest.strip("。"):
            continue
        stated = strip_adverbs(rest).startswith(states) or rest.startswith(states)
        if not stated and (acts(rest) or (not dated and commands(rest))):
            return False
        held = any(clause.start <= start and end <= clause.end for start, end in spans)
        if not held and not dated:
            return False
    return True


def _is_work(clause: str, states: tuple[str, ...]) -> bool:
    """Whether a clause says where or by whom something is to be brought about."""
    bare = strip_time(clause)
    at = behind_setting(bare)
    sums = tuple(lexicon("quantities")["commit"]["sums"])
    return bool(at) and (bare.startswith(sums, at) or not bare.startswith(states, at))
