"""Several numbers of a clause that are given in turn: for one name each, or for one year each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate

from kg.extract.clause_numbers import Part
from kg.extract.clauses import clauses, words_of
from kg.extract.name_words import (
    SHORTEST,
    acts_alone,
    bare_name,
    counted,
    without_lead,
    without_verb,
)
from kg.extract.target_names import all_acted_on, is_nameless, with_subject, without_turn
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut

_form = partial(pattern, "quantities", "name")
_levels = partial(pattern, "quantities", "whole", "levels")


def names_in_turn(
    these: tuple[Part, ...], former: Sequence[str] = (), before: str = ""
) -> list[tuple[str, Part]]:
    """A list of names with a list of numbers: one name a number, the last name's end shared.

    former: the names before in the sentence, of which unnamed numbers are. before: the sentence up
    to the clause; numbers of one name are of the things that its last clause acts on.
    """
    if not these or any(part.number.half for part in these):
        return []
    first = these[0]
    if _grown_in_turn(these) and len(these) == len(former):
        return list(zip(former, _in_turn(these), strict=True))
    each, end = _of_each(these), _turn_at(these)
    if end < 0 and each < 0:
        return []
    words = bare_name((first.left + first.lead)[: max(each, end)])
    if each >= 0 or not first.number.governed:
        words = without_verb(words)
    names = _listed(without_turn(words, first.lead), len(these))
    given = _in_turn(these) * (len(names) if each >= 0 else 1)
    if 2 <= len(given) <= len(former) and (not words or is_nameless(words)):
        of_each = (with_subject(words, name) if words else name for name in former[-len(given) :])
        return list(zip(of_each, given, strict=True))
    if len(names) == 1 and len(given) > 1:
        things = [one for last in clauses(before)[-1:] for one in all_acted_on(last.text)]
        names = [thing + words for thing in things] if len(things) == len(given) else names
    names = [with_subject(name, names[0]) if is_nameless(name) else name for name in names]
    short = min(map(len, names)) < SHORTEST
    if not 2 <= len(names) == len(given) or short or set(words_of("counting")) & set(names):
        return []
    return [
        (counted(with_front(name, names[0]), part.number), part)
        for name, part in zip(_with_ends(names, given), given, strict=True)
    ]


def _grown_in_turn(these: tuple[Part, ...]) -> bool:
    """Whether a clause only says by how much several things turn, one behind the other."""
    between = _form("between")
    named = any(bare_name(part.left) or between.sub("", part.right) for part in these)
    return len(these) > 1 and these[0].number.kind == "ratio" and not named


def _listed(words: str, numbers: int) -> list[str]:
    """The names that words list, each with what all of them are measured by; numbers: how many
    there are in turn, so that two may be of names that a conjunction joins."""
    of_each = _form("together").search(words)
    words, end_of_each = (words[: of_each.start()], of_each["of"]) if of_each else (words, "")
    if bracketed := _form("bracketed").match(words):
        words, end_of_each = bracketed["list"], bracketed["of"] + end_of_each
    words = _form("so_many").sub("", words)
    parts = _form("apart").split(words)
    if len(parts) == 1 and numbers == 2:
        parts = _form("paired").split(words)
    names = [without_lead(name) + end_of_each for name in parts]
    for word, halves in lexicon("quantities")["name"]["both"].items():
        if len(names) == 1 and word in names[0]:
            names = [names[0].replace(word, half) for half in halves]
    return _with_object(names)


def given_in_turn(these: tuple[Part, ...]) -> bool:
    """Whether a clause gives several numbers in turn, so that each is of a thing of its own."""
    return len(these) > 1 and _turn_at(these) >= 0


def _turn_at(these: tuple[Part, ...]) -> int:
    """Where the names end of which numbers are given in turn: before the word that says so, or
    before what several numbers come to that only joints part; -1 where none are."""
    first, joint = these[0], _form("between")
    if match := _form("in_turn").search(first.left + first.lead):
        return match.start()
    listed = all(joint.fullmatch(part.left) for part in these[1:]) and joint.search(first.left)
    if len(these) < 2 or first.number.pair is not None or not listed:
        return -1
    each = _form("each").search(first.left)
    return each.start() if each else len(first.left)


def _of_each(these: tuple[Part, ...]) -> int:
    """Where the names end of which each comes to the one number, or to a multiple; -1 if none."""
    if len(these) > 1:
        return -1
    left = these[0].left
    if match := _form("each").search(left):
        return match.start()
    names = _form("between").split(bare_name(left))
    levels = pattern("quantities", "whole", "levels")
    multiple = these[0].number.unit_id == "times" and all(map(levels.search, names))
    return len(left) if multiple and len(names) > 1 else -1


def years_in_turn(clause: str, these: tuple[Part, ...], before: str) -> list[tuple[int, str, Part]]:
    """The years of a list, the one name, and each year's number, where a clause gives them in turn;
    before: the sentence up to it, whose years may stand in a clause of their own."""
    if not these or any(part.number.half for part in these):
        return []
    form = pattern("quantities", "period", "in_turn")
    apart = pattern("quantities", "period", "years_apart").findall(before)
    between = _form("between")  # the names of several have one number each
    match = form.match(clause)
    if match is None and apart and not between.search(clause[: these[0].number.lead]):
        match = form.match(apart[-1] + clause)
    if match is None:
        return []
    years = [int(year) for year in re.findall(r"\d{4}", match["years"])]
    name, given = bare_name(match["name"] or match["before"]), _in_turn(these)
    if not name or len(years) != len(given):
        return []
    return [
        (year, counted(name, part.number), part) for year, part in zip(years, given, strict=True)
    ]


def _in_turn(these: tuple[Part, ...]) -> list[Part]:
    """The numbers given in turn, pairs (8358/244) apart; the first one's words hold for all."""
    first = these[0].number
    if len(these) == 1 and first.pair is not None:
        given = [first, replace(first, value=first.pair)]
    else:
        given = [part.number for part in these]
    whole = replace(these[0], right="")
    return [
        replace(whole, number=replace(n.turned_as(first, whole.lead), lead=n.start)) for n in given
    ]


def _with_object(names: list[str]) -> list[str]:
    """Verbs alone with the object of the last one."""
    verb = next(iter(cut(names[-1])), "")
    thing = names[-1][len(verb) :]
    if not thing or not all(map(acts_alone, (*names[:-1], verb))):
        return names
    return [name + thing for name in names[:-1]] + names[-1:]


def with_front(name: str, first: str) -> str:
    """A name with what stands before the first of its list only: what the first is for each of,
    or what its counterpart is of (budget revenue, and expenditure).
    """
    rules = lexicon("quantities")["name"]
    each = _form("of_people").match(first)
    if each and _form("for_people").search(name):
        return _overlapped(each.group(), name)
    per = _form("per_front").match(first)
    if per and not _form("per_front").match(name):
        each_of = per.group().startswith(lexicon("quantities")["numeral"]["per"])
        if each_of or _form("used").search(name) or not _levels().search(name):
            return _overlapped(per.group(), name)
    for one, other in rules["counterparts"]:
        for ends, alone in ((one, other), (other, one)):
            if name == alone and first.endswith(ends):
                return first.removesuffix(ends) + name
    return name


def _with_ends(names: list[str], given: Sequence[Part]) -> list[str]:
    """Names with the end of the last, where one kind of units measures them all; else each says
    what it is measured by."""
    kinds = {part.number.unit.kind for part in given if part.number.unit}
    return [_with_end(name, names[-1]) for name in names] if len(kinds) < 2 else names


def _with_end(name: str, last: str) -> str:
    """A name with the end that it shares with the last of its list."""
    share, of_all = lexicon("quantities")["name"]["share"], _form("of_all").search(last)
    # the dictionary may take the word for a share apart
    words = [*cut(last.removesuffix(share)), share] if last.endswith(share) else cut(last)
    if of_all and not _levels().search(name):
        return name + of_all.group()
    if name.endswith(words[-1]) or (len(name) > _SHORT and name[-1] == last[-1]):
        return name
    if shared := next((name[-n:] for n in range(len(name) - 1, 1, -1) if name[-n:] in last), ""):
        return name + last[last.find(shared) + len(shared) :]
    if kind := _form("kinds").search(last):
        return name + (kind["of"] if name.endswith(kind["kind"][-1]) else kind.group())
    rules = lexicon("quantities")["name"]
    measured = name.endswith((*rules["counts"], *rules["generic"])) or _levels().search(name)
    longer = len(name) >= len(last) and not (words[1:] and _levels().search(last))
    if longer or (measured and len(name) > _SHORT) or name in rules["complete"]:
        return name
    places = [*accumulate(map(len, words[:-1]))] or [len(name)]
    apart = places[0] > len(name) + 1  # two words in one, of which the first has a counterpart
    beyond = len(name) if apart else places[0]
    within = [place for place in places if place <= len(name)] or [beyond]
    first = places[0] if words[0][-1] == name[-1] else within[-1]  # a grade, and another one
    return _overlapped(name, last[first:])


def _overlapped(before: str, behind: str) -> str:
    """Two texts as one, with what the first ends and the second begins with once."""
    overlap = next((n for n in range(len(behind), 0, -1) if before.endswith(behind[:n])), 0)
    return before + behind[overlap:]


_SHORT = 3  # characters of a name that may lack what it shares with others
