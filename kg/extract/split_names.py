"""Names that stand free in their text, and those that a verb parts which were read as one."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from kg.extract.characters import plain
from kg.extract.clauses import PAIRS, strip_adverbs, verb_at
from kg.extract.known_names import organ_kinds
from kg.extract.name_bounds import bounded
from kg.extract.name_forms import (
    BESIDE,
    RULE,
    STEM,
    TOO_SHORT,
    Name,
    division_names,
    is_firm,
    of_sure_form,
    stem_sure,
    suffix_kind,
    suffix_of,
    sure_divisions,
    type_of_form,
    up_to,
    with_verbs,
)
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, has_word, part_of_speech
from kg.source import gazetteer

_SHORT = 3  # characters of a place's name without the word that shows it, at most


def around_verbs(name: Name) -> Iterator[Name]:
    """The names on both sides of a verb that is in none, or of one that is in some where what
    follows is no part of a name of such words. What follows is dropped where it has no form."""
    for verb in _does().finditer(name.text):
        whole, rest = name.text[: verb.start()], name.text[verb.end() :]
        formed = is_whole(rest) or (suffix_kind(rest) and not verb["never"])
        follows = list(around_verbs(_rest_as_name(name, rest))) if formed else []
        joint = name.kind == "institution" and pattern("names", "ends", "joint").search(rest)
        builds = verb["builds"] and suffix_kind(rest) != "institution"
        never = builds or (verb["never"] and not joint)
        if (never or (follows and _is_independent(follows[0].text))) and is_whole(whole):
            yield up_to(name, len(whole))
            yield from follows
            return
    yield name


def from_to(text: str, name: Name) -> Iterator[Name]:
    """The places that a name of two holds (from one to the other), where neither it nor what stands
    behind it is called after what runs between them."""
    first, found, second = name.text.partition(lexicon("names")["ends"]["to"])
    if name.kind != "zone" or not found or "(" in first:
        yield name
        return
    runs = pattern("names", "ends", "runs")
    ends = [bounded(up_to(name, len(first))), bounded(_rest_as_name(name, second))]
    to = ends[1].text
    line = runs.match(text, ends[1].end) or any(m.end() == len(to) for m in runs.finditer(to))
    regions = lexicon("names")["regions"]["names"]
    ends = [replace(one, type="region") if one.text in regions else one for one in ends]
    known = [one for one in ends if one.text in regions or _is_place(one.text)]
    yield from known if ends[1] in known and not line else [name]


def _is_place(text: str) -> bool:
    """Whether a text has the form of a place's name, or is no word."""
    return is_whole(text) or (STEM <= len(text) <= _SHORT and stem_sure(text) > 0)


@cache
def _does() -> re.Pattern[str]:
    """Verbs of what somebody does."""
    return re.compile(with_verbs(lexicon("names")["ends"]["does"]))


def _rest_as_name(name: Name, rest: str) -> Name:
    """The rest of a name as one of its own."""
    kind = suffix_kind(rest) or name.kind
    start = name.end - len(rest)
    return replace(name, start=start, text=rest, kind=kind, type=type_of_form(rest, kind))


def _is_independent(name: str) -> bool:
    """Whether a name has a stem that is no word, or names a water by one character."""
    stem = name.removesuffix(suffix_of(name) or name[-1:])
    water = len(stem) == 1 and type_of_form(name, "zone") == "water"
    return water or (len(stem) >= STEM and stem_sure(stem) > 0)


def is_whole(text: str) -> bool:
    """Whether a text is a division's name, or has the form of a name behind a stem."""
    shown = suffix_kind(text) and len(text) - len(suffix_of(text) or "") >= STEM
    known = text in division_names() or text in organ_kinds()
    return bool(shown or is_firm(text)) or known


def set_apart(text: str) -> Iterator[Name]:
    """Divisions, waters and grounds that stand free behind what governs them, or at the beginning:
    a word that ends such names, behind a place's name or single characters, which no other word of
    the text reaches into. Divisions of long names do so anywhere, with those that they lie in."""
    ends, long = pattern("names", "apart", "ends"), pattern("names", "apart", "division")
    words, divisions = cut(text), sure_divisions()[0]
    places = [0, *itertools.accumulate(map(len, words))]
    named = [word in divisions and bool(long.fullmatch(word)) for word in words]
    for is_path, group in itertools.groupby(range(len(words)), named.__getitem__):
        if is_path:
            path = list(group)
            start, end = places[path[0]], places[path[-1] + 1]
            yield Name(start, end, text[start:end], "zone", "region", BESIDE)
    for i, word in enumerate(words):
        if not i or not ends.fullmatch(word):
            continue
        if (first := _stem_from(words, i)) < 0 or not _governed(words[first - 1] if first else ""):
            continue
        start, end = places[first], places[i + 1]
        if not pattern("names", "apart", "goes_on").match(text, end - 1):
            kind = suffix_kind(word) or "zone"
            type_ = type_of_form(text[start:end], kind)
            yield Name(start, end, text[start:end], kind, type_, BESIDE)


def divisions_in(text: str, inside: frozenset[str]) -> Iterator[Name]:
    """Divisions that lie inside the plan's own area, by their names: by full ones anywhere, by
    short ones where they stand alone, governed or in a list."""
    for match in _form_of_divisions(inside).finditer(text):
        if match["full"] or _stands_alone(text, *match.span()):
            yield Name(*match.span(), match.group(), "zone", "region", RULE)


@lru_cache(16)
def _form_of_divisions(names: frozenset[str]) -> re.Pattern[str]:
    """The form of divisions' names, the longest first, with what tells full ones."""
    full = {one.name for name in names for one in gazetteer.named(name)} & names
    long = (name for name in full if len(name) > TOO_SHORT)
    every, whole = ("|".join(longest_first(some)) or "(?!)" for some in (names, long))
    return re.compile(f"(?P<full>{whole})|{every}")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a short name, which is no common word, begins its phrase, is governed or joined, and
    ends it, does something or is joined."""
    rules, name = lexicon("names"), text[start:end]
    common = has_word(name) and part_of_speech(name) not in rules["companies"]["proper"]
    between, rest = tuple(rules["lists"]["between"]), rules["lists"]["rest"]
    before = cut(text[:start])[-1] if start else ""
    follows = (*between, rest, *rules["characters"]["classes"]["stop"])
    joined = text.endswith(between, 0, start) or (_governed(before) and before not in PAIRS)
    ends = end == len(text) or text.startswith(follows, end)
    ends = ends or bool(verb_at(strip_adverbs(text[end:])))
    return not common and joined and ends


def _governed(before: str) -> bool:
    """Whether the word before a name governs it, or none does."""
    rules = lexicon("names")["apart"]
    if not before or not all(map(plain, before)) or before in (verb_at(before), *rules["with"]):
        return True
    return part_of_speech(before)[0] in rules["governing"]


def _stem_from(words: Sequence[str], i: int) -> int:
    """Where the name begins that ends with word i; -1 where none does."""
    rules, first = lexicon("names")["apart"], i
    if len(words[i - 1]) > 1:
        ends = pattern("names", "apart", "of_places").fullmatch(words[i])
        first -= bool(ends) and part_of_speech(words[i - 1]) in rules["places"]
    else:
        while first and len(words[first - 1]) == 1 and plain(words[first - 1]):
            first -= 1
        while part_of_speech(words[first])[0] in rules["before"]:
            first += 1
    stem = "".join(words[first:i])
    named = pattern("names", "apart", "stem").fullmatch(stem)
    return first if named and part_of_speech(words[first])[0] not in rules["unlike"] else -1


def joined_to_names(text: str, names: Sequence[Name]) -> Iterator[Name]:
    """What a conjunction joins with a name, and has an ending of its class behind a proper name."""
    taken, item = list(names), _joined_item()
    for i, name in enumerate(taken):  # those found on the way too
        start = name.end + 1
        match = item.match(text, start)
        if match is None:
            continue
        sure = of_sure_form(name) if i < len(names) else name
        end = start + _ended_alike(match.group(), sure)
        if start < end and all(end <= n.start or n.end <= start for n in taken):
            one = replace(sure, start=start, end=end, text=text[start:end], confidence=BESIDE)
            taken.append(one)
            yield one


@cache
def _joined_item() -> re.Pattern[str]:
    """What stands behind a conjunction, up to the next or the end of its phrase."""
    rules = lexicon("names")["lists"]
    joints = "".join(sorted({*"".join(rules["between"])}))
    return re.compile(f"(?<=[{joints}])[^{re.escape(rules['closing'])}{joints}]+")


def _ended_alike(item: str, name: Name) -> int:
    """How much of an item is a name with the ending of another, or one of its class; 0 if none."""
    item = bounded(replace(name, text=item)).text
    words, proper = cut(item), lexicon("names")["companies"]["proper"]
    rules = lexicon("names")["general"]
    common = {*rules["words"], *rules["kinds"], *rules["places"]}
    if of_sure_form(replace(name, text=words[0], type="")).type == name.type == "water":
        return len(words[0])
    known = len(words[0]) > 1 and part_of_speech(words[0]) not in proper
    two = "".join(words[:2])  # may end at once as the name does, though it begins with a word
    if words[0] in common or (known and (has_word(two) or not is_of_class(two, name))):
        return 0
    least = STEM if name.type == "water" else STEM + 1  # a water's stem may be one character
    ends = [
        end
        for word, end in zip(words, itertools.accumulate(map(len, words)), strict=True)
        if end >= least and word not in rules["words"] and is_of_class(item[:end], name)
    ]
    return max((end for end in ends if end - ends[0] < _GROWN), default=0)


_GROWN = 4  # characters by which a name is longer than one that it begins with, at most


def is_of_class(text: str, name: Name) -> bool:
    """Whether the word that a text ends with, behind a stem, is that of another name, or one of
    names of its kind and type."""
    ending, own = suffix_of(name.text) or name.text[-1:], suffix_of(text) or ""
    if text.endswith(ending):
        own = ending
    stem = text.removesuffix(own)
    if len(stem) < (STEM if name.type != "water" else 1):
        return False
    same = type_of_form(text, name.kind) == name.type not in ("site", "other")
    alike = suffix_kind(text) == name.kind and (same or stem_sure(stem) > BESIDE)
    return own == ending or alike
