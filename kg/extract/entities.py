"""Places and organisations of a document: mentions gathered, repeated names found again, other
names merged."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import fmean as mean

from kg.document.contents import CONTENTS
from kg.document.structure import Document, Section
from kg.extract.confidence import rate
from kg.extract.known_names import type_of_body
from kg.extract.model import Entity, Mention
from kg.extract.name_bounds import is_within
from kg.extract.name_forms import Name, suffix_of
from kg.extract.names import Reader
from kg.extract.tagger import Tagger
from kg.lexicon import grouped, lexicon, pattern
from kg.quantities.grammar import inside_title
from kg.source.areas import plain_region
from kg.source.text import Span, Stretch, compact, normal, stretch

_SILENT = ("notes", "signature")  # what explains words or signs names no place of the plan
_GAP = re.compile(r"\s{3,}|\t")
_CELL = re.compile(r"[^\s](?:(?!\s{3}|\t).)*[^\s]")
_SURE = 0.8  # the confidence of a name that is looked for elsewhere
_SHORTEST = 2  # characters of a name that may stand for a longer one
_REPEATED = 3  # characters: a shorter name is only found again where it stands free


def find_mentions(document: Document, own: Iterable[str], tagger: Tagger) -> tuple[Mention, ...]:
    """Every mention of a named place or organisation in running text and headings, but for own, the
    names of the plan's own area."""
    texts = units(document)
    names = Reader(own, tagger).names([unit.text for unit in texts])
    named = list(zip(texts, names, strict=True))
    noted = (body for charge in document.charges for body in charge.bodies)  # behind tasks
    charged = [
        Mention(one.name, one.name, one.span, "institution", type_of_body(one.name))
        for one in noted
    ]
    listed = [Name(0, 0, one.name, one.kind, one.type) for one in charged]
    called = _called(named)
    known = _names_by_start((*(name for _, names in named for name in names), *listed))
    for short, full in called.items():
        known[short[:_REPEATED]][short] = full
    found = charged
    for unit, own_names in named:
        for name in (*own_names, *_repeats(unit, own_names, known)):
            full, surface = called.get(name.text, name), unit.text[name.start : name.end]
            span, sure = unit.locate(name.start, name.end), name.confidence
            found.append(Mention(full.text, surface, span, full.kind, full.type, sure))
    return tuple(sorted(found, key=lambda mention: mention.span))


def _called(named: Iterable[tuple[Stretch, Sequence[Name]]]) -> dict[str, Name]:
    """What names are called from some place on, each with the name as it is there: by characters
    of theirs, in order."""
    form, found = pattern("names", "called", "pattern"), dict[str, Name]()
    for unit, names in named:
        for name in names:
            match = form.match(unit.text, name.end)
            short = match["short"] if match else ""
            if len(short) >= _REPEATED and re.search(".*".join(map(re.escape, short)), name.text):
                found[short] = name
    return found


def units(document: Document) -> list[Stretch]:
    """The texts searched for names: sentences, headings and other cells, not notes."""
    found = [s.read for s in document.sentences if document.role(s) not in _SILENT]
    found += [_wording(document, s) for s in document.sections if s.role not in _SILENT]
    return found + [document.read(cell) for cell in _cells(document)]


def _cells(document: Document) -> Iterator[Span]:
    """The cells of rows, as wide gaps part them, outside of what was read otherwise."""
    spans = (
        *(sentence.span for sentence in document.sentences),
        *(section.heading_span for section in document.sections),
        *(table.span for table in document.tables),
        *(one.span for one in document.errata if one.reason == CONTENTS),
    )
    read = sorted((span.start, span.end) for span in spans)
    at = document.sections[0].span.start
    for row in document.text[at:].splitlines(keepends=True):
        start, at = at, at + len(row)
        if not _GAP.search(row.strip()):
            continue
        number = document.section_at(start)
        if number is not None and document.section(number).role in _SILENT:
            continue
        for cell in _CELL.finditer(row):
            begin, end = start + cell.start(), start + cell.end()
            before = bisect_left(read, (end, end)) - 1
            if before < 0 or read[before][1] <= begin:
                yield Span(begin, end)


def _names_by_start(names: Iterable[Name]) -> dict[str, dict[str, Name]]:
    """Each distinct name with its most frequent kind and type, by first characters."""
    votes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    sure: dict[str, list[float]] = defaultdict(list)
    for name in names:
        if name.confidence >= _SURE:
            votes[name.text][name.kind, name.type] += 1
            sure[name.text].append(name.confidence)
    known: dict[str, dict[str, Name]] = defaultdict(dict)
    for text in sorted(votes, key=lambda t: (-len(t), t)):
        if len(text) >= _REPEATED:
            kind, type_ = votes[text].most_common(1)[0][0]
            known[text[:_REPEATED]][text] = Name(0, 0, text, kind, type_, mean(sure[text]))
    return known


def _repeats(unit: Stretch, names: list[Name], known: dict[str, dict[str, Name]]) -> list[Name]:
    """Known names that are in a unit outside of those found in it, the longest at each place."""
    taken = [(n.start, n.end) for n in names]
    found: list[Name] = []
    text, reached = unit.text, 0
    for at in [at for at in range(len(text)) if text[at : at + _REPEATED] in known]:
        near = known[text[at : at + _REPEATED]]
        longest = max((t for t in near if text.startswith(t, at)), key=len, default="")
        end = at + len(longest)
        if (
            longest
            and at >= reached
            and all(end <= a or b <= at for a, b in taken)
            and not inside_title(text, at)
            and not is_within(text, at, end)
        ):
            found.append(replace(near[longest], start=at, end=end))
            reached = end
    return found


def merge_mentions(mentions: Iterable[Mention], own: Iterable[str]) -> tuple[Entity, ...]:
    """One entity a name, of mentions in reading order; a name is merged into a longer one that only
    adds the area it lies in. own: names of the plan's own area and of those above it."""
    by_name = grouped(((mention.kind, mention.name), mention) for mention in mentions)
    canonical = _canonical(by_name, tuple(sorted(own, key=len, reverse=True)))
    entities: dict[tuple[str, str], Entity] = {}
    sure: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (kind, name), group in by_name.items():
        full = canonical.get((kind, name), name)
        types = Counter(m.type for m in by_name[kind, full])
        entity = entities.setdefault((kind, full), Entity(full, kind, types.most_common(1)[0][0]))
        entity.mentions.extend(m.span for m in group)
        sure[kind, full].extend(m.confidence for m in group)
        entity.aliases.update({m.surface for m in group} | {name})
        entity.aliases.discard(full)
    for key, entity in entities.items():
        entity.mentions.sort()
        entity.confidence = rate("name", "mentions", mean(sure[key]))
    return tuple(sorted(entities.values(), key=lambda e: (e.mentions[0], e.name)))


def _canonical(
    by_name: dict[tuple[str, str], list[Mention]], areas: tuple[str, ...]
) -> dict[tuple[str, str], str]:
    """Short names and the one full name that they stand for."""
    full: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, name in by_name:
        for short in _shorter(name, areas):
            if (kind, short) in by_name and _may_be_short_for(by_name[kind, short], name):
                full[kind, short].add(name)
    found = {("zone", one): name for one, name in _same_regions(by_name)}
    for (kind, short), names in full.items():
        if (kind, short) in found:
            continue
        longest = [name for name in names if names.isdisjoint(full.get((kind, name), ()))]
        if len(longest) == 1:
            found[kind, short] = longest[0]
    return found


def _same_regions(by_name: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Names of regions of several provinces that have other names too, each with the longest of
    the same region's."""
    alike = grouped((plain_region(name), name) for _, name in by_name)
    return ((one, max(names, key=len)) for names in alike.values() for one in names if names[1:])


def _may_be_short_for(mentions: list[Mention], name: str) -> bool:
    """Whether a short name's mentions may be of a longer one: of a county or district only where
    their type is no other place's (a lake that a district is called after)."""
    short = mentions[0].name
    county = name.removeprefix(short) in lexicon("names")["merge"]["counties"]
    return not county or {m.type for m in mentions} <= {"region", *lexicon("areas")["guessed"]}


def _shorter(name: str, areas: tuple[str, ...]) -> set[str]:
    """Short forms of a name: without its area, or with no more of it than its level; without its
    word for a division or kind."""
    rules = lexicon("names")["merge"]
    divisions = tuple(rules["divisions"])
    before = [len(area) for area in areas if name.startswith(area)]
    found = {name[end:] for end in before}
    by_level = (name[end - 1 :] for end in before)
    last = tuple(lexicon("areas")["last"])
    found |= {s for s in by_level if len(s) >= _REPEATED and s.startswith(last)}
    found |= {name.removesuffix(ending) for ending in rules["endings"] + rules["counties"]}
    if (kind_word := suffix_of(name)) and len(kind_word) >= _REPEATED:
        found.add(kind_word)
    if name.endswith(divisions):
        found |= {name[i:] for i in range(1, len(name)) if name[:i].endswith(divisions)}
    return {short for short in found if len(short) >= _SHORTEST and short != name}


def _wording(document: Document, section: Section) -> Stretch:
    """A heading without its number."""
    read = document.read(section.heading_span)
    length = len(compact(section.wording))
    start = max(0, len(read.text) - length)
    starts, ends = read.starts[start:], read.ends[start:]
    return Stretch(Span(starts[0], read.span.end), read.text[start:], starts, ends)


def printed_names(document: Document, entity: Entity) -> tuple[str, tuple[str, ...]]:
    """What an entity is called in print: its full name, and its other names, sorted.

    Its own name is normalised; where a mention prints it in other characters, those are shown.
    """
    shown = (document.printed(span) for span in entity.mentions)
    name = next((text for text in shown if normal(text) == entity.name), entity.name)
    published = {stretch(document.source, span).text for span in entity.mentions}
    return name, tuple(sorted((entity.aliases | published) - {name}))
