"""Names of places and organisations, found by their form, by the lists they stand in, and by
repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kg.extract.clauses import strip_adverbs, verb_at
from kg.lexicon import lexicon, longest_first
from kg.lexicon.dictionary import cut, has_word, part_of_speech

_BREAK = re.compile(r"[,;:。!?、“”‘’\"'《》…]")
_LONGEST = 26
_SHORT_FORM = 7  # of a name whose suffix is one character (路, 河)
_TOO_SHORT = 2
_TELLING = (
    4  # characters before its suffix by which a common noun becomes a name beside other names
)


@dataclass(frozen=True)
class Name:
    """A name at text[start:end]; sure when its form alone distinguishes it from a common noun."""

    start: int
    end: int
    text: str
    kind: str
    type: str
    sure: bool


@dataclass(frozen=True)
class _Form:
    suffix: str
    kind: str
    type: str


@cache
def _forms() -> tuple[_Form, ...]:
    """Every suffix with the kind and type it implies, longer suffixes first."""
    found = [
        _Form(suffix, kind, entry["type"])
        for kind in ("zone", "institution")
        for entry in lexicon("names")[kind]
        for suffix in entry["suffixes"]
    ]
    return tuple(sorted(found, key=lambda f: -len(f.suffix)))


@cache
def _form_table() -> tuple[dict[str, _Form], int]:
    """The forms by suffix, and the length of the longest suffix."""
    table: dict[str, _Form] = {}
    for form in _forms():
        table.setdefault(form.suffix, form)
    return table, max(map(len, table))


def _form_of(word: str) -> _Form | None:
    """The form with the longest suffix that a word ends with."""
    table, longest = _form_table()
    for k in range(min(longest, len(word)), 0, -1):
        form = table.get(word[-k:])
        if form is not None:
            return form
    return None


def suffix_of(name: str) -> str | None:
    """The word that shows a name's form (博物馆), None where it has none."""
    form = _form_of(name)
    return form.suffix if form else None


@lru_cache(maxsize=100_000)
def _tokens(text: str) -> tuple[str, ...]:
    """Words of the dictionary; what it does not know falls into single characters."""
    return tuple(cut(text))


@lru_cache(maxsize=100_000)
def _tag(token: str) -> str:
    """The dictionary's part of speech for a word."""
    return part_of_speech(token)


@cache
def _words(name: str, key: str = "words") -> frozenset[str]:
    return frozenset(lexicon("names")[name][key])


@cache
def _determiners() -> tuple[str, ...]:
    return longest_first(lexicon("names")["determiners"]["words"])


@cache
def _governing() -> re.Pattern[str]:
    """Verbs that may stand inside a name, and so may part two names as well."""
    return re.compile(
        "|".join(longest_first([v for v in lexicon("actions")["inside_names"] if len(v) > 1]))
    )


@cache
def _clause_words() -> re.Pattern[str]:
    return re.compile("|".join((r"\d年", *longest_first(lexicon("names")["clauses"]["words"]))))


@cache
def _openings() -> re.Pattern[str]:
    return re.compile("|".join(longest_first(lexicon("names")["openings"]["words"])))


@cache
def _going_on() -> tuple[str, ...]:
    return longest_first(lexicon("names")["goes_on"]["words"])


@cache
def _breaking_verbs() -> re.Pattern[str]:
    """Action verbs that never stand inside a name."""
    actions = lexicon("actions")
    inside = set(actions["inside_names"])
    return re.compile(
        "|".join(longest_first([v for v in actions["verbs"] if v not in inside and len(v) > 1]))
    )


@cache
def _regions() -> re.Pattern[str]:
    names = longest_first(lexicon("names")["regions"]["names"])
    province = "|".join(names)
    place = r"[\u4e00-\u9fff]{2,5}?(?:自治州|自治县|县|州(?!市))"
    return re.compile(
        rf"(?:(?:{province})(?:省|市|自治区)?(?:{place})?|(?<=[县州市、]、){place}(?=[、等和,]))"
    )


class Reader:
    """Finds names in running text.

    Args:
        own: names of the plan's own area, short and long: no place of their own, but what makes a
            name distinctive.
        above: names of the areas that hold it, which make a name distinctive as well.
    """

    def __init__(self, own: Iterable[str], above: Iterable[str] = ()) -> None:
        self._own = tuple(sorted(own, key=len, reverse=True))
        self._near = (*self._own, *above)

    def names(self, text: str) -> list[Name]:
        """The names in a sentence or heading, in order, none inside another."""
        found = [
            *self._media(text),
            *_organs(text),
            *_others(text),
            *_metro_lines(text),
            *self._in_phrases(text),
            *self._in_lists(text),
            *self._by_region(text),
        ]
        return [name for name in _outermost(found) if name.kind != "other"]

    def _in_phrases(self, text: str) -> Iterator[Name]:
        items = [
            _Item(start, end, self._in_phrase(text, start, end)) for start, end in _phrases(text)
        ]
        for i, entry in enumerate(items):
            neighbours = [
                items[j]
                for j in (i - 1, i + 1)
                if 0 <= j < len(items) and _side_by_side(text, items[min(i, j)], items[max(i, j)])
            ]
            vouched = any(n.sure for other in neighbours for n in other.names)
            for name in entry.names:
                if name.sure:
                    yield name
                elif (
                    vouched
                    and _tellable(name)
                    and not name.text.startswith(_determiners())
                    and "等" not in text[entry.start : name.start]
                ):
                    yield replace(name, sure=True)
            if i + 1 < len(items) and _side_by_side(text, entry, items[i + 1]):
                yield from self._shortened(text, entry, items[i + 1])
            if not entry.names and any(
                n.sure and _tail(text, entry) == _tail(text, other)
                for other in neighbours
                for n in other.names
            ):
                yield from self._operator(text, entry)

    def _operator(self, text: str, entry: _Item) -> Iterator[Name]:
        """Who runs a service, in a list of services by who runs them (某园云服务、某某设计服务):
        characters that make no word."""
        start = self._after_verb(text, entry.start, entry.end)
        length = 0
        for token in _tokens(text[start : entry.end]):
            if len(token) > 1 or token in _words("joints"):
                break
            length += 1
        if length > _TOO_SHORT:
            yield Name(
                start, start + length, text[start : start + length], "institution", "company", True
            )

    def _shortened(self, text: str, entry: _Item, following: _Item) -> Iterator[Name]:
        """The first of two coordinated names that shares the end of the second
        (甲街、乙街卫生服务中心)."""
        full = next((n for n in following.names if n.sure and n.kind == "institution"), None)
        start = self._after_verb(text, entry.start, entry.end)
        short = text[start : entry.end]
        if full is None or not _TOO_SHORT <= len(short) <= _LONGEST // 2:
            return
        shared = full.text.find(short[-1], 1) if short.endswith(tuple(_words("divisions"))) else -1
        ending = full.text[shared + 1 :]
        if shared > 0 and any(
            f.kind == "institution"
            and ending.endswith(f.suffix)
            and len(ending) <= len(f.suffix) + 2
            for f in _forms()
        ):
            yield Name(start, entry.end, short + ending, full.kind, full.type, True)

    def _in_phrase(self, text: str, start: int, end: int) -> list[Name]:
        """Names in a phrase without punctuation: from where a chunk begins to the last suffix in
        it."""
        found: list[Name] = []
        for chunk_start, chunk_end in _chunks(text, start, end):
            position = chunk_start
            while position < chunk_end:
                position = self._skip_openings(text, position, chunk_end)
                name = self._name(text, position, chunk_end)
                if name is None:
                    break
                found.append(name)
                position = name.end
        return found

    def _skip_openings(self, text: str, start: int, end: int) -> int:
        """The place after adverbs, verbs, prepositions and conjunctions that open a chunk."""
        joints = _words("joints")
        while start < end:
            rest = text[start:end]
            bare = strip_adverbs(rest)
            if bare != rest:
                start += len(rest) - len(bare)
                continue
            if (
                (verb := verb_at(rest))
                and 1 < len(verb) < len(rest)
                and not _begins_noun(rest, verb)
            ):
                start += len(verb)
                continue
            opening = _openings().match(rest)
            if opening and opening.end() < len(rest):
                start += opening.end()
                continue
            first = next(iter(_tokens(rest)), "")
            if (
                first in joints
                and len(first) < len(rest)
                and (first not in ("和", "同") or verb_at(rest[len(first) :]))
            ):
                start += len(first)
                continue
            return start
        return start

    def _name(self, text: str, start: int, end: int) -> Name | None:
        """The longest name that begins at a place: up to the last suffix before the chunk ends."""
        rest = text[start:end]
        after = text[start:]
        for length in range(min(len(rest), _LONGEST), _TOO_SHORT - 1, -1):
            candidate = rest[:length]
            form = _form_of(candidate)
            if (
                form is None
                or form.type == "region"
                or after[length:].startswith(_going_on())
                or not _ends_word(rest, length, form)
            ):
                continue
            if candidate.count("(") != candidate.count(")") or _clause_words().search(candidate):
                continue
            if candidate in self._own or candidate[0] in "()" or candidate[0].isdigit():
                return None
            stem = candidate[: -len(form.suffix)]
            if not stem or candidate in _words("common"):
                return None
            if len(form.suffix) == 1 and not _is_short_form(stem):
                return None
            if (shorter := self._governed(text, start, length)) is not None:
                return shorter
            return Name(
                start,
                start + length,
                candidate,
                form.kind,
                form.type,
                self._distinctive(candidate, form),
            )
        return None

    def _governed(self, text: str, start: int, length: int) -> Name | None:
        """A name that is followed by a verb and another name (某遗址 | 建设 | 某碑亭)."""
        for match in _governing().finditer(text, start + _TOO_SHORT, start + length):
            at = match.start()
            left = text[start:at]
            form = _form_of(left)
            if (
                form
                and len(form.suffix) > 1
                and form.suffix != left
                and self._distinctive(left, form)
            ):
                return Name(start, at, left, form.kind, form.type, True)
        return None

    def _distinctive(self, candidate: str, form: _Form) -> bool:
        """Whether something in a name distinguishes it from a common noun of the same form."""
        stem = candidate[: -len(form.suffix)]
        if any(near in stem for near in self._near):
            return True
        if not stem or candidate.startswith(_determiners()) or stem in _words("attributives"):
            return False
        if stem[0] in "区市省县" and (len(stem) == 1 or form.kind == "institution"):
            return True
        return self._proper(stem)

    def _proper(self, stem: str) -> bool:
        """Whether the stem holds a word that no dictionary explains as common."""
        common, affixes = _words("common"), _words("affixes")
        if _regions().search(stem):
            return True
        before = ""
        for token in _tokens(stem):
            tag = _tag(token)
            if len(token) > 1 and token in common:
                pass
            elif len(token) == 1:
                if before == "" and _is_numeral(token) and _counts_nothing(stem[1:]):
                    return True
                if (
                    token in _words("ways")
                    and len(before) > 1
                    and not has_word(before + token)
                    and not stem.endswith(token)
                ):
                    return True
                if (
                    token not in affixes
                    and not token.isascii()
                    and not tag.startswith(("v", "p", "d", "u", "c"))
                ):
                    return True
            elif tag in ("ns", "nr", "nt", "nrt", "nrfg") or (
                len(token) > 2 and tag in ("nz", "s", "f")
            ):
                return True
            before = token
        return False

    def _in_lists(self, text: str) -> Iterator[Name]:
        """Names that a list's closing words give the kind of: A、B、C等地块."""
        if "等" not in text:
            return
        for head in _list_heads():
            for match in head.pattern.finditer(text):
                yield from self._listed(text, match.start(), head)

    def _listed(self, text: str, end: int, head: _ListHead) -> Iterator[Name]:
        start = max((m.end() for m in re.finditer(r"[,;:。!?]", text[:end])), default=0)
        items: list[tuple[int, int]] = []
        position = start
        for match in re.finditer(r"[、]|$", text[start:end]):
            items.append((position, start + match.start()))
            position = start + match.end()
        first = self._after_verb(text, *items[0])
        for begin, end_ in [(first, items[0][1]), *items[1:]]:
            for part_start, part_end in _halves(text, begin, end_):
                word = text[part_start:part_end]
                if (
                    not _TOO_SHORT <= len(word) <= 14
                    or word in self._own
                    or (word.startswith(_determiners()) and not self._proper(word))
                ):
                    continue
                if head.strict and (word in _words("common") or not self._proper(word)):
                    continue
                form = _form_of(word)
                form = form if form and form.suffix != word else None
                kind, type_ = (
                    (form.kind, form.type)
                    if form and form.kind == head.kind and not head.overrides
                    else (head.kind, head.type)
                )
                yield Name(part_start, part_end, word, kind, type_, True)

    def _after_verb(self, text: str, start: int, end: int) -> int:
        """Where the first item of a list begins: after the last verb or preposition that governs
        the list."""
        begin = start
        for match in _breaking_verbs().finditer(text, start, end):
            begin = match.end()
        return self._skip_openings(text, begin, end)

    def _by_region(self, text: str) -> Iterator[Name]:
        not_before = tuple(lexicon("names")["regions"]["not_before"])
        for match in _regions().finditer(text):
            if match.group() not in self._own and not text[match.end() :].startswith(not_before):
                yield Name(match.start(), match.end(), match.group(), "zone", "region", True)

    def _media(self, text: str) -> Iterator[Name]:
        """Newspapers named as works: 《人民日报》."""
        if "《" not in text:
            return
        suffixes = tuple(
            s
            for entry in lexicon("names")["institution"]
            if entry["type"] == "media"
            for s in entry["suffixes"]
        )
        for match in re.finditer(r"《([^》]{2,10})》", text):
            if match[1].endswith(suffixes):
                yield Name(match.start(1), match.end(1), match[1], "institution", "media", True)


@dataclass(frozen=True)
class _Item:
    start: int
    end: int
    names: list[Name]


@dataclass(frozen=True)
class _ListHead:
    pattern: re.Pattern[str]
    kind: str
    type: str
    strict: bool
    overrides: bool


@cache
def _list_heads() -> tuple[_ListHead, ...]:
    return tuple(
        _ListHead(
            re.compile(rf"等\d*[个座条家处项]?(?:{'|'.join(longest_first(e['heads']))})"),
            e.get("kind", "zone"),
            e["type"],
            e.get("strict", False),
            e.get("overrides", False),
        )
        for e in lexicon("names")["list"]
    )


def _ends_word(rest: str, length: int, form: _Form) -> bool:
    """Whether a suffix really ends a word there (道 of 报道 or 道路 does not)."""
    position = 0
    for token in _tokens(rest):
        position += len(token)
        if position == length:
            return len(form.suffix) > 1 or len(token) == 1 or _tag(token) == "ns"
        if position > length:
            return False
    return True


def _begins_noun(rest: str, verb: str) -> bool:
    """Whether what reads as a verb is the beginning of a longer noun (联合 of 联合国)."""
    first = next(iter(_tokens(rest)), "")
    return len(first) > len(verb) and first.startswith(verb) and _tag(first).startswith("n")


def _is_short_form(stem: str) -> bool:
    """Whether the words before a suffix of one character may be a name: few, without digits,
    governing nothing (过江)."""
    return (
        _TOO_SHORT <= len(stem) < _SHORT_FORM
        and not any(c.isdigit() for c in stem)
        and stem[-1] not in _words("crossings")
    )


def _is_numeral(token: str) -> bool:
    return token in "一二三四五六七八九十百千"


def _counts_nothing(rest: str) -> bool:
    """Whether what follows a numeral is a noun of its own, so that the two make a name (三条石)."""
    following = next(iter(_tokens(rest)), "")
    return len(following) > 1 and _tag(following) == "n" and following[0] not in _words("affixes")


def _organs(text: str) -> Iterator[Name]:
    """Organs named by their office alone."""
    for match in _organ_names().finditer(text):
        kind = (
            "government" if match.group().endswith(("政府", "国务院")) else "party-or-people-organ"
        )
        yield Name(match.start(), match.end(), match.group(), "institution", kind, True)


@cache
def _organ_names() -> re.Pattern[str]:
    return re.compile("|".join(longest_first(list(_words("organs")))))


def _others(text: str) -> Iterator[Name]:
    """Events and programmes, so that the places in their names are not taken for places of work."""
    for match in _other_names().finditer(text):
        yield Name(match.start(), match.end(), match.group(), "other", "other", True)


@cache
def _other_names() -> re.Pattern[str]:
    endings = "|".join(longest_first(lexicon("names")["other"]["suffixes"]))
    return re.compile(rf"[^、,;:。和与对的“”]{{2,16}}(?:{endings})(?=[、,;。的等和及与]|$)")


@cache
def _metro_names() -> re.Pattern[str]:
    return re.compile(rf"((?:{_regions().pattern})?(?:地铁|轨道交通|轻轨))?(\d{{1,2}}号线)")


def _metro_lines(text: str) -> Iterator[Name]:
    """Lines of a metro; a number alone takes the system's name from the list it stands in
    (地铁4号线、7号线)."""
    if "号线" not in text:
        return
    system = ""
    previous = -1
    for match in _metro_names().finditer(text):
        if match[1]:
            system = match[1]
        elif previous < 0 or text[previous : match.start()] not in ("、", "和", "及", "与"):
            system = ""
        previous = match.end()
        yield Name(match.start(), match.end(), system + match[2], "zone", "metro-line", True)


def _phrases(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between punctuation, those inside book-title marks left out; brackets stay
    inside names."""
    title = [(m.start(), m.end()) for m in re.finditer(r"《[^》]*》", text)]
    position = 0
    for match in re.finditer(rf"{_BREAK.pattern}|$", text):
        if position < match.start() and not any(a <= position < b for a, b in title):
            yield from _balanced(text, position, match.start())
        position = match.end()


def _balanced(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A phrase parted at brackets that do not pair within it."""
    depth = 0
    for i in range(start, end):
        if text[i] == ")" and depth == 0:
            if i > start:
                yield start, i
            start = i + 1
        depth += (text[i] == "(") - (text[i] == ")" and depth > 0)
    if depth:
        opened = text.rfind("(", start, end)
        yield from ((a, b) for a, b in ((start, opened), (opened + 1, end)) if a < b)
    elif start < end:
        yield start, end


def _tail(text: str, entry: _Item) -> str:
    """The word that an item of a list ends with, before 等."""
    return text[entry.start : entry.end].split("等", maxsplit=1)[0][-_TOO_SHORT:]


def _tellable(name: Name) -> bool:
    """Whether a name that only its neighbours vouch for says enough besides its suffix."""
    form = _form_of(name.text)
    return form is not None and (
        len(form.suffix) == 1
        or len(name.text) - len(form.suffix) >= _TELLING
        or form.type in _words("vouched")
    )


def _side_by_side(text: str, left: _Item, right: _Item) -> bool:
    return text[left.end : right.start] == "、"


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a phrase at verbs that no name holds, at counts, and at words that join unless a name
    begins with them."""
    edges = _edges(text, start, end)
    cuts = {
        (m.start(), m.end())
        for m in _breaking_verbs().finditer(text, start, end)
        if m.start() in edges and m.end() in edges
    }
    cuts |= {
        (m.start(), m.end())
        for m in re.finditer(r"(?:[两几]|\d+)[个家座所条宗处项](?!号)", text[:end])
        if m.start() >= start
    }
    position = start
    for token in _tokens(text[start:end]):
        if token in _words("joints") and position > start:
            cuts.add((position, position + len(token)))
        position += len(token)
    begin = start
    for a, b in sorted(cuts):
        if a < begin or (a == begin and text[a:b] in ("和", "同", "及")):
            continue
        if a > begin:
            yield begin, a
        begin = b
    if begin < end:
        yield begin, end


def _edges(text: str, start: int, end: int) -> set[int]:
    """The places between the dictionary's words: a verb inside a longer word (联合 in 联合国) is
    none."""
    edges, position = {start}, start
    for token in _tokens(text[start:end]):
        position += len(token)
        edges.add(position)
    return edges


def _halves(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """An item of a list, parted at a conjunction (三岔河口及核心展示园)."""
    position = start
    offset = start
    for token in _tokens(text[start:end]):
        if token in ("及", "和", "与", "以及") and offset > start:
            yield position, offset
            position = offset + len(token)
        offset += len(token)
    if position < end:
        yield position, end


def _outermost(names: Iterable[Name]) -> list[Name]:
    """Names in order of place, the longest where they overlap."""
    kept: list[Name] = []
    for name in sorted(
        names,
        key=lambda n: (
            -(n.end - n.start),
            n.start,
            -len(n.text),
            n.kind != "zone",
            n.type != "region",
        ),
    ):
        if all(name.end <= other.start or other.end <= name.start for other in kept):
            kept.append(name)
    return sorted(kept, key=lambda n: n.start)
