"""Names of places and organisations in a document: what the learned tagger finds, and what regular
language says besides: offices, organs, lines by number, names that share an ending."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter

from kg.extract.apart import around_verbs, beside, set_apart
from kg.extract.characters import Area
from kg.extract.clauses import PAIRS, verbs_before
from kg.extract.name_forms import (
    BESIDE,
    RULE,
    STEM,
    Name,
    division_names,
    free,
    is_firm,
    is_general,
    of_sure_form,
    stem_sure,
    suffix_kind,
    suffix_of,
    trades,
    type_of_form,
)
from kg.extract.offices import acting, is_office, lacks_office
from kg.extract.tagger import Tagged, Tagger
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, has_word, part_of_speech

_TOO_SHORT = 2  # characters that are no name
_SURE_LIST = 4  # names in a list whose one other item is a name as well
_LISTED = 8  # characters of an item of a list that is only known by the others, at most
_LEFT_OFF = 2  # characters at the beginning of a name that the tagger may leave off
_SHORTENED = 12  # characters of a name without the ending it shares with the next, at most
_FIRM = 6  # characters of a company that is named by what it trades in, at most


class Reader:
    """Finds names in the texts of a document.

    Args:
        own: names of the plan's own area, short and long, which are no places of their own.
    """

    def __init__(self, own: Iterable[str], tagger: Tagger) -> None:
        self._own = frozenset(own)
        self._area = Area.of(self._own)
        self._tagger = tagger

    def names(self, texts: Sequence[str]) -> list[list[Name]]:
        """The names in each text, in order, none inside another; a string has one kind."""
        tagged = self._tagger.tag(texts, self._area)
        found = [
            self._complete(text, [_name(text, one) for one in names])
            for text, names in zip(texts, tagged, strict=True)
        ]
        agreed = zip(texts, _agreed(found), strict=True)
        return [[_who_acts(text, name) for name in names] for text, names in agreed]

    def _complete(self, text: str, names: list[Name]) -> list[Name]:
        names = [part for name in _whole_items(text, names) for part in _unquoted(name)]
        names = [part for name in names for part in around_verbs(name)]
        names = [self._acting(_as_firm(_ended(_unstraddled(text, name)))) for name in names]
        names = [part for name in names for part in self._parted(self._bracketed(name))]
        names = _sooner(names, list(_shaped(text)))
        praise = pattern("names", "general", "praise")
        names = [n for n in names if not (is_general(n) or lacks_office(n))]
        names = [n for n in names if praise.sub("", n.text) not in self._own]
        known = {(name.start, name.text, name.kind): name for name in names}
        agents = [known.get((one.start, one.text, one.kind), one) for one in acting(text)]
        names = agents + free(agents, names)
        names = _sooner(names, list(_organs(text)))
        names += free(names, _alike(text, names))
        names += free(names, [n for n in set_apart(text) if n.text not in self._own])
        names += free(names, [n for n in beside(text, names) if n.text not in self._own])
        cut = pattern("names", "ends", "cut")
        names = [name for name in names if cut.match(text, name.end - 1) is None]
        names = _systems(text, sorted(names, key=attrgetter("start")))
        sure = (of_sure_form(name, acts=name in agents) for name in _expanded(text, names))
        named = (
            self._unstaged(name) for name in sure if not (is_general(name) or _is_thing(text, name))
        )
        return sorted(named, key=attrgetter("start"))

    def _unstaged(self, name: Name) -> Name:
        """A name without the stage of building that it stands with, where it has a form."""
        whole = pattern("names", "ends", "stages").sub("", name.text)
        shown = suffix_kind(whole) == name.kind and suffix_of(whole) != whole
        return replace(name, text=whole) if shown or self._formed(whole, name.kind) else name

    def _parted(self, name: Name) -> list[Name]:
        """Two names that a conjunction joins, where each has the form of a name or is counted and
        shares the rest (某市第一、第三医院)."""
        if counted := pattern("names", "lists", "counted").fullmatch(name.text):
            area, first, second, end = counted.group("area", "first", "second", "end")
            one = replace(name, text=area + first + end, end=name.start + len(area + first))
            start = name.end - len(second + end)
            return [one, replace(name, text=area + second + end, start=start)]
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
            # at its end, or before the stage that it is built in
            if pattern("names", "ends", "stage").match(name.text, len(whole)):
                continue
            kind = suffix_kind(whole) or name.kind
            named = verb in rules["events"] and pattern("names", "ends", "named").fullmatch(whole)
            if named or self._formed(whole, name.kind):
                shown = named or (kind == name.kind and suffix_kind(whole))
                short = replace(name, text=whole, end=name.start + len(whole))
                return replace(short, kind=kind, type=type_of_form(whole, kind)) if shown else short
        return name

    def _bracketed(self, name: Name) -> Name:
        """An organisation without the brackets that tell what it works on (某院(某技术)), and any
        name without those that tell how large it is, where, or what is in it."""
        whole, found, inside = name.text.removesuffix(")").rpartition("(")
        if not found or not name.text.endswith(")"):
            return name
        told = pattern("names", "brackets", "measured").match(inside)
        if not told and (name.kind == "zone" or self._is_of_name(inside, name.kind)):
            return name
        return replace(name, text=whole, end=name.start + len(whole))

    def _is_of_name(self, inside: str, kind: str) -> bool:
        """Whether what is in brackets belongs to the name before them: a place or a body."""
        kept = inside in lexicon("names")["brackets"]["kept"] or inside in division_names()
        return kept or self._formed(inside, kind) or self._formed(inside, "zone")

    def _formed(self, text: str, kind: str) -> bool:
        """Whether a text is more than the word that shows a name's form."""
        body, trades = kind == "institution", lexicon("names")["companies"]["trades"]
        if body and text in _organ_names()[1]:
            return True
        known = body and (is_office(text) or text.endswith(tuple(trades)))
        known = known or suffix_kind(text[STEM:]) == kind
        known = known or bool(self._tagger.ending_of(text[STEM:], kind, _TOO_SHORT))
        return len(text) > STEM + 1 and known


def _is_thing(text: str, name: Name) -> bool:
    """Whether a name that has no form is in a list of things that are no places."""
    unshown = name.type == "site" and not suffix_kind(name.text)
    return unshown and pattern("names", "lists", "things").match(text, name.end) is not None


def _who_acts(text: str, name: Name) -> Name:
    """A museum, library or hall as a body, where its sentence has it act."""
    if name.kind != "zone" or not pattern("names", "halls", "form").search(name.text):
        return name
    asked = pattern("names", "halls", "asked").search(text, 0, name.start)
    acts = pattern("names", "halls", "acts").match(text, name.end)
    return replace(name, kind="institution", type="museum") if asked and acts else name


def _name(text: str, one: Tagged) -> Name:
    name = text[one.start : one.end]
    if listed := _organ_names()[1].get(name):
        return Name(one.start, one.end, name, *listed, one.confidence)
    type_ = one.type or type_of_form(name, one.kind)
    return Name(one.start, one.end, name, one.kind, type_, one.confidence)


def _lists(text: str) -> Iterator[list[tuple[int, int]]]:
    """The lists of a text: the places of their items, two at least, up to the word for the rest."""
    rules = lexicon("names")["lists"]
    if rules["comma"] not in text:
        return
    item = re.compile(f"[^{re.escape(rules['comma'])}]+")
    marks, counted = re.escape(rules["closing"] + rules["rest"]), rules["counted_places"]
    for phrase in re.finditer(f"(?:(?!{counted})[^{marks}])+", text):
        items = [match.span() for match in item.finditer(text, *phrase.span())]
        if len(items) > 1:
            yield items


def _sooner(names: list[Name], sure: Sequence[Name]) -> list[Name]:
    """Names, with those that are sure in place of others inside them."""
    same = {(one.start, one.end, one.kind) for one in sure}
    kept = [
        n
        for n in names
        if (n.start, n.end, n.kind) in same or all(n.start < s.start or s.end < n.end for s in sure)
    ]
    return kept + free(kept, sure)


@cache
def _organs_alone() -> re.Pattern[str]:
    """Organs and cities abroad, without what may stand around them: few texts hold any."""
    return re.compile("|".join(longest_first(list(_organ_names()[1]))))


@cache
def _organ_names() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Organs and cities abroad where they stand, with their branches; the kind and type of each."""
    rules = lexicon("names")
    kinds = {
        name: ("zone" if type_ == "region" else "institution", type_)
        for type_, names in rules["organs"].items()
        for name in names
    }
    organs = "|".join(longest_first(list(kinds)))
    branches = rules["branches"]
    form = f"{branches['before']}(?P<organ>{organs}){branches['ends']}"
    return re.compile(form), kinds


def _organs(text: str) -> Iterator[Name]:
    """Bodies that are known by their names, and foreign cities, where they are words of the text
    and no parts of others (财政部, not 财政部门)."""
    if not _organs_alone().search(text):
        return
    form, kinds = _organ_names()
    edges = {0, *itertools.accumulate(map(len, cut(text)))}
    of_area = tuple(lexicon("areas")["endings"])  # 某市 | 委
    for match in form.finditer(text):
        if match.end() in edges and (match.start() in edges or match[0].startswith(of_area)):
            yield Name(match.start(), match.end(), match[0], *kinds[match["organ"]], RULE)


def _unquoted(name: Name) -> Iterator[Name]:
    """A name without a quotation mark or bracket whose other half is outside it; where a bracket
    opens inside it (甲片区(乙镇 | 、丙镇)), the names on both its sides."""
    text = name.text
    start = sum(text.startswith(left) and right not in text for left, right in PAIRS.items())
    end = sum(text.endswith(right) and left not in text for left, right in PAIRS.items())
    inner = text[start : len(text) - end]
    name = replace(name, text=inner, start=name.start + start, end=name.end - end)
    whole, found, inside = inner.partition("(")
    if found and ")" not in inside:
        type_ = type_of_form(whole, name.kind)
        yield replace(name, text=whole, end=name.start + len(whole), type=type_)
        name = replace(name, text=inside, start=name.end - len(inside))
    yield name


def _unstraddled(text: str, name: Name) -> Name:
    """A name without the end of a verb that begins before it."""
    verb = pattern("names", "ends", "straddling").match(text, max(0, name.start - 1))
    if not verb or not name.start < verb.end() <= name.end - _TOO_SHORT:
        return name
    return replace(name, start=verb.end(), text=text[verb.end() : name.end])


def _is_apart(opening: re.Match[str]) -> bool:
    """Whether what opens a name is no part of it: a place's name and a word for who joins are,
    before words that are no name."""
    if not opening["joins"]:
        return True
    first, placed = cut(opening.string[opening.end() :])[0], cut(opening.string)[0]
    proper = lexicon("names")["companies"]["proper"]
    return part_of_speech(placed) != "ns" or len(first) == 1 or part_of_speech(first) in proper


@cache
def _ends() -> re.Pattern[str]:
    rules = lexicon("names")["ends"]
    return re.compile("|".join((*longest_first(rules["verbs"]), rules["counts"])))


def _ended(name: Name) -> Name:
    """A name up to what is in none (某区 | 作为核心区), behind what bounds it (北起 | 某园)."""
    opening = pattern("names", "ends", "opening").match(name.text)
    if opening and _is_apart(opening) and len(text := name.text[opening.end() :]) >= _TOO_SHORT:
        name = replace(name, start=name.end - len(text), text=text)
    match = _ends().search(name.text, _TOO_SHORT)
    if match is None:
        return name
    whole = name.text[: match.start()]
    shown = suffix_kind(whole) == name.kind
    type_ = type_of_form(whole, name.kind) if shown else name.type
    return replace(name, text=whole, type=type_, end=name.start + match.start())


def _whole_items(text: str, names: list[Name]) -> list[Name]:
    """An item of a list is a name as a whole where the items beside it are: what the tagger left
    off at its beginning belongs to it (甲路、至乙路、丙路)."""
    whole = {(name.start, name.end): name.kind for name in names}
    ends = {name.end: name for name in names}
    found = {name.start: name for name in names}
    for items in _lists(text) if names else ():
        for i in range(1, len(items) - 1):
            start, end = items[i]
            name = ends.get(end)
            beside = {whole.get(items[i - 1]), whole.get(items[i + 1])}
            if name and 0 < name.start - start <= _LEFT_OFF and name.kind in beside:
                del found[name.start]
                found[start] = replace(name, start=start, text=text[start:end])
        found |= {name.start: name for name in _others(text, items, names)}
    return sorted(found.values(), key=attrgetter("start"))


def _others(text: str, items: Sequence[tuple[int, int]], names: Sequence[Name]) -> Iterator[Name]:
    """The other items of a list that holds names: the one beside many, and all where the list is
    said to be one of places or bodies."""
    ends = {name.end: name for name in names}
    named = [ends[end] for _, end in items if end in ends]
    if len({name.kind for name in named}) != 1:
        return
    first = named[0]
    said = pattern("names", "lists", f"said_{first.kind}").match(text, items[-1][1]) is not None
    if not said and not _SURE_LIST <= len(named) == len(items) - 1:
        return
    for start, end in items:
        item = text[start + verbs_before(text[start:end]) : end]
        free = all(end <= n.start or n.end <= start for n in names)
        unknown = free and len(item) > 1 and not has_word(item)
        if unknown and not (said and _is_no_name(item)):
            yield Name(end - len(item), end, item, first.kind, first.type, BESIDE)


def _is_no_name(item: str) -> bool:
    """Whether an item of a list of places or bodies is too long for one, begins with a preposition,
    conjunction or adverb, ends in a verb, or holds a common word."""
    words = cut(item)
    joined = part_of_speech(words[0])[0] in "pcd" or part_of_speech(words[-1]) in ("v", "vn")
    common = lexicon("names")["general"]["words"]
    return len(item) > _LISTED or joined or any(word in item for word in common)


def _shaped(text: str) -> Iterator[Name]:
    """Names that their form shows, whole or behind characters that are surely a proper name."""
    for one in lexicon("names")["shaped"]:
        if not any(word in text for word in one["holds"]):
            continue
        for match in re.finditer(one["form"], text):
            start, end = match.start() + verbs_before(match.group()), match.end()
            stem = text[start : match.start("end")] if "end" in match.groupdict() else None
            placed = stem and one.get("placed") and stem != suffix_of(stem)
            named = stem and (stem_sure(stem) or (placed and suffix_kind(stem) == "zone"))
            if stem is None or (len(stem) >= STEM and named):
                yield _ended(Name(start, end, text[start:end], one["kind"], one["type"], BESIDE))


def _alike(text: str, names: list[Name]) -> Iterator[Name]:
    """Roads beside one in a list (甲路、乙路), and companies beside one that are named by what they
    trade in (某某药业、某某水泥)."""
    edges = {place: n.type for n in names for place in (n.start, -n.end)}
    for items in filter(None, _lists(text)):
        first = items[0][0] + verbs_before(text[slice(*items[0])])
        last = items[-1][0] + _company_in(text[slice(*items[-1])])
        places = [(first, items[0][1]), *items[1:-1], (items[-1][0], last)]
        types = [edges.get(start) or edges.get(-end) for start, end in places]
        forms = [_form(text[start:end]) for start, end in places]
        loose = tuple(lexicon("names")["companies"]["loose"])
        shown = {i for i, (_, end) in enumerate(places) if not text.endswith(loose, 0, end)}
        for i in (*range(len(places) - 1, -1, -1), *range(len(places))):
            near = [j for j in (i - 1, i + 1) if 0 <= j < len(places)]
            beside = {types[j] for j in near}
            beside |= {forms[j] for j in near if j in shown} & {"company"}
            if forms[i] and types[i] is None and forms[i] in beside:
                types[i] = forms[i]
                kind = "zone" if forms[i] == "road" else "institution"
                start, end = places[i]
                yield Name(start, end, text[start:end], kind, forms[i], BESIDE)


def _company_in(item: str) -> int:
    """Where the company's name ends that a list's last item begins with, before what it does; the
    item's length where there is none."""
    ends = (end for end in range(min(len(item), _FIRM + 1)) if is_firm(item[:end]))
    does = lexicon("names")["companies"]["does"]
    return next((end for end in ends if part_of_speech(item[end:])[0] in does), len(item))


def _as_firm(name: Name) -> Name:
    """A name that is what a company trades in, as a company: a place's name only behind two
    characters that are no word."""
    stem, trade = name.text[:STEM], name.text[STEM:]
    unlike_place = trade in trades() and not has_word(stem)
    firm = is_firm(name.text) and (name.kind == "institution" or unlike_place)
    return replace(name, kind="institution", type="company") if firm else name


def _form(item: str) -> str:
    """Whether an item of a list is shown to be a road or a company by its end, behind a stem."""
    if is_firm(item):
        return "company"
    ending = suffix_of(item) or item
    road = suffix_kind(ending) and type_of_form(item, "zone") == "road"
    kind = pattern("names", "roads", "kinds").fullmatch(item)
    return "road" if road and not kind and STEM <= len(item) - len(ending) <= _SHORTENED else ""


def _systems(text: str, names: list[Name]) -> list[Name]:
    """Metro lines named by number take the system from their list (地铁4号线、7号线)."""
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


def _expanded(text: str, names: list[Name]) -> list[Name]:
    """Institutions, and parks of the nation, that share the next one's ending are given it
    (甲街、乙街卫生服务中心)."""
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
        start = known.start if known else start + verbs_before(text[start:end])
        short, shared = text[start:end], None
        if name.kind == "zone":
            of_one = known and len(suffix_of(short) or "") <= 1
            shared = next(s for s in shares if name.text.endswith(s)) if of_one else None
        elif _TOO_SHORT <= len(short) <= _SHORTENED:
            shared = _shared(short, name)
        if shared is not None:
            found = [n for n in found if n.end <= start or end <= n.start]
            full = replace(name, start=start, end=end, text=short + shared)
            found.append(full)
            ends.append(full)
    return found


def _shared(short: str, following: Name) -> str | None:
    """What a short name lacks of the ending of the next one, behind its word for a division or
    behind a proper name as long as the next one's; None where it is no such name.

    A common word is such a name as well before one that shares the ending (天枢、沧浪、玉衡实验室).
    """
    name = following.text
    if short.endswith(tuple(lexicon("names")["divisions"]["words"])):
        at = name.find(short[-1:], 1)
        return name[at + 1 :] if at > 0 else None
    ending = suffix_of(name) or ""
    alike = len(short) == len(name) - len(ending) and short not in division_names()
    shares = len(name) > following.end - following.start
    proper = shares or stem_sure(short)
    return ending if alike and ending and proper and not suffix_of(short) else None


def _agreed(found: list[list[Name]]) -> list[list[Name]]:
    """One string, one kind and type: those that its mentions are surest of together."""
    votes: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    kinds: dict[tuple[str, str], float] = defaultdict(float)
    for name in itertools.chain.from_iterable(found):
        votes[name.text][name.kind, name.type] += name.confidence
        kinds[name.text, name.kind] += name.confidence
    chosen = {
        text: max(sorted(counts), key=lambda pair: (kinds[text, pair[0]], counts[pair]))
        for text, counts in votes.items()
    }
    return [
        [replace(n, kind=chosen[n.text][0], type=chosen[n.text][1]) for n in names]
        for names in found
    ]
