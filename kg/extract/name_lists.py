"""Names in lists: what an item is that the names beside it show, and what they share."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.extract.clauses import verb_at, verbs_before
from kg.extract.known_names import organ_kinds
from kg.extract.name_bounds import bounded
from kg.extract.name_forms import (
    BESIDE,
    STEM,
    TOO_SHORT,
    Name,
    division_names,
    free,
    is_firm,
    stem_sure,
    suffix_of,
    trades,
)
from kg.extract.split_names import is_of_class
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, has_word, part_of_speech

_SURE_LIST = 2  # names in a list whose one other item is a name as well
_LISTED = 8  # characters of an item of a list that is only known by the others, at most
_SHORTENED = 12  # characters of a name without the ending it shares with the next, at most
_FIRM = 6  # characters of a company that is named by what it trades in, at most


def listed(text: str, names: Sequence[Name]) -> Iterator[Name]:
    """Items of lists that the names beside them show to be names as well."""
    for items in _lists(text, names):
        said = free(names, _said_firms(text, items, names))
        yield from said
        yield from _other_items(text, items, [*names, *said])


def firms(text: str, names: list[Name]) -> Iterator[Name]:
    """Companies beside one in a list that are named by what they trade in (drugs, cement)."""
    if not _any_trade().search(text):
        return
    edges = {place: n.type == "company" for n in names for place in (n.start, -n.end)}
    loose = tuple(lexicon("names")["companies"]["loose"])
    for items in _lists(text, names):
        first = items[0][0] + verbs_before(text[slice(*items[0])])
        last = items[-1][0] + _company_in(text[slice(*items[-1])])
        places = [(first, items[0][1]), *items[1:-1], (items[-1][0], last)]
        unnamed = [is_firm(text[slice(*at)]) and not {at[0], -at[1]} & {*edges} for at in places]
        sure = [
            edges.get(start) or edges.get(-end) or (new and not text.endswith(loose, 0, end))
            for (start, end), new in zip(places, unnamed, strict=True)
        ]
        for i in (*range(len(places) - 1, -1, -1), *range(len(places))):
            if unnamed[i] and any(sure[max(0, i - 1) : i] + sure[i + 1 : i + 2]):
                sure[i], unnamed[i] = True, False
                start, end = places[i]
                yield Name(start, end, text[start:end], "institution", "company", BESIDE)


def with_systems(text: str, names: list[Name]) -> list[Name]:
    """Metro lines named by number take the system from their list."""
    found: list[Name] = []
    system, reached = "", -1
    for name in names:
        number = re.search(lexicon("names")["lists"]["numbered_line"], name.text)
        if number:
            if text[reached : name.start] not in lexicon("names")["lists"]["between"]:
                system = ""
            system, reached = name.text[: number.start()] or system, name.end
        full = system + name.text[number.start() :] if number else name.text
        found.append(replace(name, text=full))
    return found


def of_two_places(text: str, names: Sequence[Name]) -> list[Name]:
    """Names in order, the zone that a place forms with another as one."""
    joints, found = lexicon("names")["lists"]["of_two"], list[Name]()
    for name in names:
        united = pattern("names", "lists", "united").fullmatch(name.text)
        if united and found and text[found[-1].end : name.start] in joints:
            start = found.pop().start
            found.append(replace(name, start=start, text=text[start : name.end]))
        else:
            found.append(name)
    return found


def with_waters(text: str, names: Sequence[Name]) -> list[Name]:
    """Names in order, those that show no type as waters in a list that is said to be of such."""
    found: list[Name] = []
    waters, at = False, 0
    for name in reversed(names):
        if text[name.end : at] not in lexicon("names")["lists"]["between"]:
            waters = pattern("names", "lists", "waters").match(text, name.end) is not None
        at = name.start
        bare = waters and name.kind == "zone" and suffix_of(name.text) is None
        found.append(replace(name, type="water") if bare else name)
    return found[::-1]


def with_shared_endings(text: str, names: list[Name]) -> list[Name]:
    """Institutions, and parks of the nation, that share the next one's ending are given it
    (the health centres of two streets)."""
    lists = lexicon("names")["lists"]
    shares = tuple(lists["shared"])
    ends = [n for n in names if n.kind == "institution" or n.text.endswith(shares)]
    found = list(names)
    while ends:
        name = ends.pop()
        if text[name.start - 1 : name.start] != lists["comma"]:
            continue
        end = name.start - 1
        start = max([text.rfind(mark, 0, end) + 1 for mark in lists["closing"] + lists["comma"]])
        known = next((n for n in found if n.end == end), None)
        start += text[start] in lists["openers"]
        start = known.start if known else start + verbs_before(text[start:end])
        short, shared = text[start:end], None
        if name.kind == "zone":
            whole = known is None or known.type in lists["whole"]
            of_one = not whole and len(suffix_of(short) or "") <= 1
            shared = next(s for s in shares if name.text.endswith(s)) if of_one else None
        elif TOO_SHORT <= len(short) <= _SHORTENED:
            shared = _shared(short, name)
        if shared is not None:
            found = [n for n in found if n.end <= start or end <= n.start]
            full = replace(name, start=start, end=end, text=short + shared)
            found.append(full)
            ends.append(full)
    return found


def _lists(text: str, names: Sequence[Name]) -> Iterator[list[tuple[int, int]]]:
    """The lists of a text: the places of their items, two at least, up to the word for the rest. A
    conjunction beside a name parts items as a comma does."""
    rules = lexicon("names")["lists"]
    for place in {place for name in names for place in (name.start - 1, name.end)}:
        if text[place : place + 1] in rules["between"]:
            text = text[:place] + rules["comma"] + text[place + 1 :]
    if rules["comma"] not in text:
        return
    item, phrases = _item_and_phrase()
    for phrase in phrases.finditer(text):
        items = [match.span() for match in item.finditer(text, *phrase.span())]
        if len(items) > 1:
            yield items


@cache
def _any_trade() -> re.Pattern[str]:
    """What companies are named by, wherever it stands."""
    return re.compile("|".join(longest_first([*trades()])))


@cache
def _item_and_phrase() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands between the commas of a list, and what holds a list as a whole."""
    rules = lexicon("names")["lists"]
    marks, counted = re.escape(rules["closing"] + rules["rest"]), rules["counted_places"]
    item = re.compile(f"[^{re.escape(rules['comma'])}]+")
    return item, re.compile(f"(?:(?!{counted})[^{marks}])+")


def _other_items(
    text: str, items: Sequence[tuple[int, int]], names: Sequence[Name]
) -> Iterator[Name]:
    """The other items of a list that holds names: the one beside many, and all where the list is
    said to be one of places or bodies."""
    ends = {name.end: name for name in names}
    named = [ends[end] for _, end in items if end in ends]
    if len({name.kind for name in named}) != 1:
        return
    first = named[0]
    said = pattern("names", "lists", f"said_{first.kind}").match(text, items[-1][1]) is not None
    sure = said or _SURE_LIST <= len(named) == len(items) - 1
    whole = said or text.startswith(lexicon("names")["lists"]["rest"], items[-1][1])
    for start, end in items if whole else items[:-1]:
        item = text[start + verbs_before(text[start:end]) * (start == items[0][0]) : end]
        item = item[item[:1] in lexicon("names")["lists"]["openers"] :]
        free = all(end <= n.start or n.end <= start for n in names)
        unknown = free and len(item) > 1 and not has_word(item) and not _is_no_name(item)
        shown = (sure and len(item) <= _LISTED) or any(is_of_class(item, one) for one in named)
        if unknown and shown:
            yield bounded(Name(end - len(item), end, item, first.kind, first.type, BESIDE))


def _said_firms(
    text: str, items: Sequence[tuple[int, int]], names: Sequence[Name]
) -> Iterator[Name]:
    """The coined items of a list that somebody is asked of where it is said to be one of companies,
    or one of its items is such."""
    asked = pattern("names", "lists", "asked").match(text, *items[0])
    if not asked:
        return
    firm = {n.end for n in names if n.type == "company"} & {end for _, end in items}
    acts, (first, end) = pattern("names", "halls", "grows"), items[-1]
    places = range(first + STEM + 1, end)
    last = next((at for at in places if verb_at(text[at:]) or acts.match(text, at)), end)
    said = pattern("names", "lists", "said_institution").match(text, last)
    stated = said is not None and (said["firms"] or said["led"]) is not None
    if firm or stated:
        for start, end in [(asked.end(), items[0][1]), *items[1:-1], (items[-1][0], last)]:
            coined = _is_coined(text[start:end]) and end - start <= _LISTED
            if coined and (stated or not text.endswith(tuple(trades()), 0, end)):
                yield Name(start, end, text[start:end], "institution", "company", BESIDE)


def _is_coined(item: str) -> bool:
    """Whether an item holds characters side by side that are no word, begins with a name, or is
    called after what it trades in."""
    words, proper = cut(item), lexicon("names")["companies"]["proper"]
    loose = any(len(one) == len(other) == 1 for one, other in itertools.pairwise(words))
    known = loose or part_of_speech(words[0]) in proper or item[STEM:] in trades()
    return len(item) > STEM and known and not has_word(item)


def _is_no_name(item: str) -> bool:
    """Whether an item of a list begins with a preposition, pronoun, conjunction, adverb or verb,
    ends in a verb, or holds a common word."""
    words = cut(item)
    joined = part_of_speech(words[0])[0] in "pcdr" or part_of_speech(words[-1]) in ("v", "vn")
    joined = joined or (len(words[0]) > 1 and part_of_speech(words[0]) == "v")
    common = lexicon("names")["general"]["words"]
    return joined or any(word in item for word in common)


def _company_in(item: str) -> int:
    """Where the company's name ends that a list's last item begins with, before what it does; the
    item's length where there is none."""
    ends = (end for end in range(min(len(item), _FIRM + 1)) if is_firm(item[:end]))
    does = lexicon("names")["companies"]["does"]
    acts = (end for end in ends if verb_at(item[end:]) or part_of_speech(item[end:])[0] in does)
    return next(acts, len(item))


def _shared(short: str, following: Name) -> str | None:
    """What a short name lacks of the ending of the next one, behind its word for a division or
    behind a proper name as long as the next one's; None where it is no such name.

    A common word is such a name as well before one that shares the ending.
    """
    name = following.text
    if short.endswith(tuple(lexicon("names")["divisions"]["words"])):
        ranks = lexicon("names")["divisions"]["ranks"]
        alike = next(rank for rank in ranks if short.endswith(tuple(rank)))
        division = re.compile("|".join(alike)).search(name, 1)
        return name[division.end() :] if division else None
    ending = suffix_of(name) or ""
    alike = len(short) == len(name) - len(ending) and short not in division_names()
    shares = len(name) > following.end - following.start
    proper = shares or stem_sure(short)
    lacks = short not in organ_kinds() and not suffix_of(short)
    return ending if alike and ending and proper and lacks else None
