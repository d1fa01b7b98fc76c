"""Names of places and organisations in a document: what the learned tagger finds, and what regular
language says besides: offices, divisions in lists, parts of lines, names that share an ending."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.extract.characters import Area, plain
from kg.extract.clauses import PAIRS, clauses, strip_adverbs, verb_at
from kg.extract.name_forms import (
    Name,
    division_names,
    is_general,
    of_sure_form,
    suffix_kind,
    suffix_of,
    type_of_form,
)
from kg.extract.offices import acting, is_office, widened
from kg.extract.tagger import Tagged, Tagger
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, has_word, part_of_speech

_TOO_SHORT = 2  # characters of a division's name that is in a list
_SURE_LIST = 4  # names in a list whose one other item is a name as well
_TAIL = 2  # characters that two items of a list of services end with alike
_STEM = 2  # characters of a name before the word that shows its form, at least
_LEFT_OFF = 2  # characters at the beginning of a name that the tagger may leave off
_TRADE = 2  # characters of the word for what a company trades in
_SHORTENED = 12  # characters of a name without the ending it shares with the next, at most
_BESIDE = 0.5  # the confidence of what is only known by the names beside it
_RULE = 0.9  # the confidence of what a rule finds


class Reader:
    """Finds names in the texts of a document.

    Args:
        own: names of the plan's own area, short and long, which are no places of their own.
        above: names of the areas that hold it.
    """

    def __init__(self, own: Iterable[str], above: Iterable[str], tagger: Tagger) -> None:
        self._own = frozenset(own)
        self._near = self._own | frozenset(above)
        self._area = Area.of(self._own)
        self._tagger = tagger

    def names(self, texts: Sequence[str]) -> list[list[Name]]:
        """The names in each text, in order, none inside another; a string has one kind."""
        tagged = self._tagger.tag(texts, self._area)
        found = [
            self._complete(text, [_name(text, one) for one in names])
            for text, names in zip(texts, tagged, strict=True)
        ]
        return _agreed(found)

    def _complete(self, text: str, names: list[Name]) -> list[Name]:
        names = _joined(text, _whole_items(text, names))
        names = [_measured(_unquoted(name)) for name in names]
        names = [self._acting(_worked(_begun(_ended(_turned(text, n))))) for n in names]
        names = [self._widened(text, name) for name in names]
        names = [part for name in names for part in self._parted(self._bracketed(name))]
        names = [_as_company(n) for n in names if not (is_general(n) or self._wanted(n))]
        names = [_counted(name) for name in names if name.text not in self._own]
        known = {(name.start, name.end, name.kind): name for name in names}
        said = [known.get((one.start, one.end, one.kind), one) for one in acting(text)]
        names = said + _free(said, names)
        names += _free(names, _organs(text))
        names += _free(names, _operators(text, names))
        names += _free(names, self._divisions(text, names))
        names += _free(names, _companies(text, names))
        names = _systems(text, sorted(names, key=_place))
        return sorted(map(of_sure_form, _expanded(text, names)), key=_place)

    def _wanted(self, name: Name) -> bool:
        """Whether a name is what is wanted of an area (健康某市)."""
        slogans = lexicon("names")["general"]["slogans"]
        area = next((name.text[len(s) :] for s in slogans if name.text.startswith(s)), "")
        return name.kind == "zone" and (area in self._near or area in division_names())

    def _parted(self, name: Name) -> list[Name]:
        """Two names that a conjunction joins, where each has the form of a name."""
        for joint in lexicon("names")["ends"]["joints"]:
            left, found, right = name.text.partition(joint)
            if found and self._formed(left, name.kind) and self._formed(right, name.kind):
                second = replace(name, start=name.end - len(right), text=right)
                return [replace(name, end=name.start + len(left), text=left), second]
        return [name]

    def _acting(self, name: Name) -> Name:
        """A name up to the verb that what it names does (某大学 | 建设某中心)."""
        rules = lexicon("names")["ends"]
        for verb in rules["acts"] + rules["events"]:
            whole = name.text.partition(verb)[0]
            if whole == name.text:
                continue
            kind = suffix_kind(whole) or name.kind
            named = verb in rules["events"] and pattern("names", "ends", "named").fullmatch(whole)
            if named or self._formed(whole, name.kind):
                shown = named or (kind == name.kind and suffix_kind(whole))
                short = replace(name, text=whole, end=name.start + len(whole))
                return replace(short, kind=kind, type=type_of_form(whole, kind)) if shown else short
        return name

    def _widened(self, text: str, name: Name) -> Name:
        """A name with its area, where it was cut inside of that; organs stand without their own."""
        areas = () if name.text in _organ_names()[1] else self._own
        return widened(text, name, (*areas, *lexicon("names")["divisions"]["autonomous"]))

    def _bracketed(self, name: Name) -> Name:
        """An organisation without the brackets that tell what it works on (某院(某技术))."""
        whole, found, inside = name.text.removesuffix(")").rpartition("(")
        if name.kind != "institution" or not found or not name.text.endswith(")"):
            return name
        kept = inside in lexicon("names")["brackets"]["kept"] or inside in division_names()
        if kept or self._formed(inside, name.kind) or self._formed(inside, "zone"):
            return name
        return replace(name, text=whole, end=name.start + len(whole))

    def _formed(self, text: str, kind: str) -> bool:
        """Whether a text is more than the word that shows a name's form."""
        body = kind == "institution"
        known = body and (is_office(text) or text.endswith(_trades("trades", "fields")))
        known = known or bool(self._tagger.type_of(text[_STEM:], kind, _TOO_SHORT))
        return len(text) > _STEM + 1 and known

    def _divisions(self, text: str, names: list[Name]) -> Iterator[Name]:
        """Divisions that stand by themselves in a list of places (支持甲、乙、丙发展…)."""
        for items in _lists(text):
            known = [d for d in (self._division(text, *one) for one in items) if d is not None]
            tagged = sum(
                any(n.kind == "zone" and n.start < end and start < n.end for n in names)
                for start, end in items
            )
            if known and known[-1][1] in self._area.inside:
                known += self._opening(text, *items[-1])
            if tagged + len(known) >= _TOO_SHORT:
                for at, name in known:
                    yield Name(at, at + len(name), name, "zone", "region", _RULE)

    def _division(self, text: str, start: int, end: int) -> tuple[int, str] | None:
        """The division that an item of a list is, behind a verb that governs the list."""
        item = text[start:end]
        if item[-_TOO_SHORT:] not in _division_ends():
            return None
        bare = strip_adverbs(item)
        if (verb := verb_at(bare)) and bare not in division_names():
            bare = bare[len(verb) :]
        if bare in division_names() and bare not in self._near:
            return end - len(bare), bare
        return None

    def _opening(self, text: str, start: int, end: int) -> list[tuple[int, str]]:
        """The division of the plan's own area that the last item of a list begins with."""
        item = text[start:end]
        found = [n for n in self._area.inside if item.startswith(n) and item != n]
        return [(start, max(found, key=len))] if found else []


def _name(text: str, one: Tagged) -> Name:
    name = text[one.start : one.end]
    type_ = one.type or type_of_form(name, one.kind)
    return Name(one.start, one.end, name, one.kind, type_, one.confidence)


def _place(name: Name) -> int:
    return name.start


@cache
def _division_ends() -> frozenset[str]:
    """What the names of divisions end with."""
    return frozenset(name[-_TOO_SHORT:] for name in division_names())


@cache
def _list_patterns(strict: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What holds a list, and what parts its items."""
    rules = lexicon("names")["lists"]
    between = rules["comma"] if strict else "|".join(longest_first(rules["between"]))
    closing = rules["closing"] + (rules["rest"] if strict else "")
    return re.compile(rf"[^{re.escape(closing)}]+"), re.compile(between)


def _lists(text: str, *, strict: bool = False) -> Iterator[list[tuple[int, int]]]:
    """The lists of a text: the places of their items, two at least.

    Args:
        strict: items parted by commas of lists alone, up to the word for the rest of them.
    """
    phrases, between = _list_patterns(strict)
    if between.search(text) is None:
        return
    for phrase in phrases.finditer(text):
        at, items = phrase.start(), []
        for joint in between.finditer(text, phrase.start(), phrase.end()):
            items.append((at, joint.start()))
            at = joint.end()
        items.append((at, phrase.end()))
        if len(items) > 1:
            yield [(start, end) for start, end in items if start < end]


def _free(names: Sequence[Name], others: Iterable[Name]) -> list[Name]:
    """Those of the others that overlap none of the names."""
    return [o for o in others if all(o.end <= n.start or n.end <= o.start for n in names)]


@cache
def _organ_names() -> tuple[re.Pattern[str], dict[str, str]]:
    types = {name: type_ for type_, names in lexicon("names")["organs"].items() for name in names}
    return re.compile("|".join(longest_first(list(types)))), types


def _organs(text: str) -> Iterator[Name]:
    """Organs that are named by their office alone."""
    pattern, types = _organ_names()
    for match in pattern.finditer(text):
        type_ = types[match.group()]
        organ = Name(match.start(), match.end(), match.group(), "institution", type_, _RULE)
        yield widened(text, organ, lexicon("names")["divisions"]["autonomous"])


def _unquoted(name: Name) -> Name:
    """A name without a quotation mark or bracket whose other half is outside it."""
    text = name.text
    start = sum(text.startswith(left) and right not in text for left, right in PAIRS.items())
    end = sum(text.endswith(right) and left not in text for left, right in PAIRS.items())
    if not start and not end:
        return name
    inner = text[start : len(text) - end]
    return replace(name, text=inner, start=name.start + start, end=name.end - end)


@cache
def _ends() -> re.Pattern[str]:
    rules = lexicon("names")["ends"]
    return re.compile("|".join((*longest_first(rules["verbs"]), rules["counts"])))


def _ended(name: Name) -> Name:
    """A name up to the verb or the count that is in no name (某区 | 作为核心区)."""
    match = _ends().search(name.text, _TOO_SHORT)
    if match is None:
        return name
    whole = name.text[: match.start()]
    return replace(name, text=whole, end=name.start + match.start())


def _turned(text: str, name: Name) -> Name:
    """A name without what only begins the word behind it (某学校 | 集团化)."""
    match = pattern("names", "ends", "turned").search(text, name.start + _STEM, name.end + 1)
    if match is None or match.end() != name.end:
        return name
    return replace(name, text=text[name.start : match.start()], end=match.start())


def _measured(name: Name) -> Name:
    """A name without what a list says of it in brackets (某高速公路(98.5亿元))."""
    match = pattern("names", "ends", "measured").search(name.text, _TOO_SHORT)
    if match is None:
        return name
    return replace(name, text=name.text[: match.start()], end=name.start + match.start())


def _begun(name: Name) -> Name:
    """A name from behind the verb that begins none (加快建设 | 某号线, 北至 | 某路)."""
    begins = lexicon("names")["ends"]["begins"]
    verb = next((word for word in begins if name.text.startswith(word)), "")
    if bound := pattern("names", "ends", "bounds").match(name.text):
        verb = bound.group()
    if len(name.text) - len(verb) < _TOO_SHORT:
        return name
    return replace(name, text=name.text[len(verb) :], start=name.start + len(verb))


def _worked(name: Name) -> Name:
    """A place up to what is done to it (某遗址 | 保护工程)."""
    match = pattern("names", "ends", "works").search(name.text, _STEM + 1)
    if match is None or name.kind != "zone":
        return name
    whole = name.text[: match.start()]
    return replace(name, text=whole, end=name.start + len(whole))


def _whole_items(text: str, names: list[Name]) -> list[Name]:
    """An item of a list is a name as a whole where the items beside it are: what the tagger left
    off at its beginning belongs to it (甲路、至乙路、丙路)."""
    whole = {(name.start, name.end): name.kind for name in names}
    ends = {name.end: name for name in names}
    found = {name.start: name for name in names}
    for items in _lists(text, strict=True) if names else ():
        for i in range(1, len(items) - 1):
            start, end = items[i]
            name = ends.get(end)
            beside = {whole.get(items[i - 1]), whole.get(items[i + 1])}
            if name and 0 < name.start - start <= _LEFT_OFF and name.kind in beside:
                del found[name.start]
                found[start] = replace(name, start=start, text=text[start:end])
        named = [ends[end] for _, end in items if end in ends]
        if _SURE_LIST <= len(named) == len(items) - 1 and len({n.kind for n in named}) == 1:
            start, end = next(item for item in items if item[1] not in ends)
            free = all(end <= n.start or n.end <= start for n in names)
            if free and end - start > 1 and not has_word(text[start:end]):
                item = text[start:end]
                found[start] = Name(start, end, item, named[0].kind, named[0].type, _BESIDE)
    return sorted(found.values(), key=_place)


def _counted(name: Name) -> Name:
    """A division's name without the count of the list that it closes (甲、乙、丙3市)."""
    bare = re.sub(lexicon("names")["ends"]["closing_count"], "", name.text)
    if name.kind != "zone" or bare == name.text or bare not in division_names():
        return name
    return replace(name, text=bare, end=name.start + len(bare), type="region")


def _operators(text: str, names: list[Name]) -> Iterator[Name]:
    """Operators of services in a row (某园云服务、某某设计服务): characters that make no word."""
    for items in _lists(text, strict=True) if names else ():
        for (other, last), (start, end) in itertools.pairwise(items):
            named = any(other <= n.start < last for n in names)
            if named and text[end - _TAIL : end] == text[last - _TAIL : last]:
                begin = start + _governed(text[start:end])
                letters = itertools.takewhile(lambda w: len(w) == 1, cut(text[begin:end]))
                length = len(list(letters))
                if length > _TOO_SHORT:
                    name = text[begin : begin + length]
                    yield Name(begin, begin + length, name, "institution", "company", _RULE)


@cache
def _trades(*kinds: str) -> tuple[str, ...]:
    return tuple(word for kind in kinds for word in lexicon("names")["companies"][kind])


def _as_company(name: Name) -> Name:
    """A short name that ends with what companies trade in is a company's."""
    trades = _trades("trades", "fields")
    short = _STEM + 1 < len(name.text) <= _STEM + 1 + _TRADE
    if name.kind == "zone" and short and name.text.endswith(trades):
        return replace(name, kind="institution", type="company")
    return name


def _companies(text: str, names: list[Name]) -> Iterator[Name]:
    """Companies named by what they trade in, behind a stem that is no common word (某某药业); by a
    field (某某电子) where another of their list is one."""
    known = {name.end for name in names if name.type == "company"}
    lists, found = _lists(text, strict=True), dict[int, Name]()
    for items in (*lists, *([(clause.start, clause.end)] for clause in clauses(text))):
        here = [name for item in items if (name := _traded(text, *item)) is not None]
        beside = [end for _, end in items if end in known]
        sure = [name for name in here if name.confidence == _RULE]
        if not (beside or (sure and len(here) > 1)):
            here = [name for name in sure if name.text.endswith(_trades("trades"))]
        found.update((name.start, name) for name in here)
    yield from found.values()


def _traded(text: str, start: int, end: int) -> Name | None:
    """The company that an item begins with, behind the verbs that govern it."""
    at = start + _governed(text[start:end])
    for stem in (_STEM, _STEM + 1):
        close = at + stem + _TRADE
        sure = _stem(text[at : at + stem])
        if sure and close <= end and text[at + stem : close] in _trades("trades", "fields"):
            return Name(at, close, text[at:close], "institution", "company", sure)
    return None


def _stem(text: str) -> float:
    """How sure it is that characters are a proper name: no word, or a word for names."""
    if has_word(text):
        rules, tag = lexicon("names")["companies"], part_of_speech(text)
        return _RULE if tag in rules["sure"] else _BESIDE if tag in rules["proper"] else 0.0
    return _RULE if all(map(plain, text)) and max(map(len, cut(text))) == 1 else 0.0


def _joined(text: str, names: list[Name]) -> list[Name]:
    """Names with the two ends of a line's part made one (甲路至乙路段)."""
    rules = lexicon("names")["parts_of_lines"]
    found: list[Name] = []
    for name in names:
        if (
            found
            and found[-1].kind == name.kind == "zone"
            and text[found[-1].end : name.start] in rules["between"]
            and name.text.endswith(tuple(rules["endings"]))
        ):
            first = found.pop()
            whole = text[first.start : name.end]
            sure = min(first.confidence, name.confidence)
            found.append(Name(first.start, name.end, whole, "zone", "road", sure))
        else:
            found.append(name)
    return found


def _systems(text: str, names: list[Name]) -> list[Name]:
    """Metro lines named by number take the system from their list (地铁4号线、7号线)."""
    found: list[Name] = []
    system, reached = "", -1
    for name in names:
        number = re.search(lexicon("names")["lists"]["numbered_line"], name.text)
        if number is None:
            found.append(name)
            continue
        if number.start():
            system = name.text[: number.start()]
        elif text[reached : name.start] not in lexicon("names")["lists"]["between"]:
            system = ""
        reached = name.end
        full = name.text if number.start() else system + name.text
        found.append(replace(name, text=full))
    return found


def _expanded(text: str, names: list[Name]) -> list[Name]:
    """Institutions that share the next one's ending are given it (甲街、乙街卫生服务中心)."""
    lists = lexicon("names")["lists"]
    found, ends = list(names), [name for name in names if name.kind == "institution"]
    while ends:
        name = ends.pop()
        if text[name.start - 1 : name.start] != lists["comma"]:
            continue
        end = name.start - 1
        start = max([text.rfind(mark, 0, end) + 1 for mark in lists["closing"] + lists["comma"]])
        before = [n for n in found if n.end == end]
        start = before[0].start if before else start + _governed(text[start:end])
        short = text[start:end]
        shared = _shared(short, name.text) if _TOO_SHORT <= len(short) <= _SHORTENED else None
        if shared is not None:
            found = [n for n in found if n.end <= start or end <= n.start]
            full = replace(name, start=start, end=end, text=short + shared)
            found.append(full)
            ends.append(full)
    return found


def _shared(short: str, name: str) -> str | None:
    """What a short name lacks of the ending of the next one, behind its word for a division or
    behind a proper name as long as the next one's; None where it is no such name."""
    if short.endswith(tuple(lexicon("names")["divisions"]["words"])):
        at = name.find(short[-1:], 1)
        return name[at + 1 :] if at > 0 else None
    ending = suffix_of(name) or ""
    alike = len(short) == len(name) - len(ending) and short not in division_names()
    return ending if alike and ending and _stem(short) and not suffix_of(short) else None


def _governed(item: str) -> int:
    """Where the name begins in the first item of a list: behind the verbs that govern it."""
    bare = strip_adverbs(item)
    while (verb := verb_at(bare)) and len(verb) < len(bare):
        bare = bare[len(verb) :]
    return len(item) - len(bare)


def _agreed(found: list[list[Name]]) -> list[list[Name]]:
    """One string, one kind and type: those that its mentions are surest of together."""
    votes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for names in found:
        for name in names:
            votes[name.text][name.kind, name.type] += name.confidence  # type: ignore[assignment]
    chosen: dict[str, tuple[str, str]] = {}
    for text, counts in votes.items():
        kinds: dict[str, float] = defaultdict(float)
        for (kind, _), count in counts.items():
            kinds[kind] += count
        kind = max(sorted(kinds), key=lambda k: kinds[k])
        of_kind = {pair: n for pair, n in counts.items() if pair[0] == kind}
        chosen[text] = max(sorted(of_kind), key=lambda pair: of_kind[pair])
    return [
        [
            n
            if (n.kind, n.type) == chosen[n.text]
            else replace(n, kind=chosen[n.text][0], type=chosen[n.text][1])
            for n in names
        ]
        for names in found
    ]
