"""Places and organisations of a document: mentions gathered, repeated names found again, other names merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from kg.document import Document
from kg.extract.model import Entity, Mention
from kg.extract.names import Name, Reader
from kg.lexicon import lexicon
from kg.text import Stretch

_SHORTEST = 2  # characters of a name that may stand for a longer one
_REPEATED = 3  # characters: a shorter name is only found again where it stands free


def find_mentions(document: Document, own: Iterable[str], above: Iterable[str]) -> tuple[Mention, ...]:
    """Every mention of a named place or organisation in running text and headings.

    Args:
        document: the document.
        own: names of the plan's own area, which are no places of their own.
        above: names of the areas that hold it.
    """
    reader = Reader(own, above)
    units = [sentence.read for sentence in document.sentences]
    units += [document.read(section.heading_span) for section in document.sections]
    named = [(unit, reader.names(unit.text)) for unit in units]
    known = _known(name for _, names in named for name in names)
    found = [_mention(unit, name) for unit, names in named for name in _with_repeats(unit, names, known)]
    return tuple(sorted(found, key=lambda mention: mention.span))


def _known(names: Iterable[Name]) -> dict[str, Name]:
    """Each distinct name once, with the kind and type it has most often; longer names first."""
    votes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    example: dict[str, Name] = {}
    for name in names:
        votes[name.text][name.kind, name.type] += 1
        example.setdefault(name.text, name)
    known: dict[str, Name] = {}
    for text in sorted(votes, key=lambda t: (-len(t), t)):
        kind, type_ = votes[text].most_common(1)[0][0]
        known[text] = Name(0, 0, text, kind, type_, True)
    return known


def _with_repeats(unit: Stretch, names: list[Name], known: dict[str, Name]) -> list[Name]:
    """The names found in a unit, and known names that stand in it outside of them."""
    taken = [(n.start, n.end) for n in names]
    found = list(names)
    for text, name in known.items():
        if len(text) < _REPEATED:
            continue
        at = unit.text.find(text)
        while at >= 0:
            end = at + len(text)
            if all(end <= a or b <= at for a, b in taken) and not _inside_title(unit.text, at):
                found.append(Name(at, end, text, name.kind, name.type, True))
                taken.append((at, end))
            at = unit.text.find(text, end)
    return found


def _inside_title(text: str, at: int) -> bool:
    return text.rfind("《", 0, at) > text.rfind("》", 0, at)


def _mention(unit: Stretch, name: Name) -> Mention:
    return Mention(name.text, unit.text[name.start : name.end], unit.locate(name.start, name.end), name.kind, name.type)


def merge_mentions(mentions: Iterable[Mention], own: Iterable[str]) -> tuple[Entity, ...]:
    """One entity a name; a name is merged into a longer one that only adds the area it lies in.

    Args:
        mentions: the mentions, in reading order.
        own: names of the plan's own area and of the areas above it.
    """
    by_name: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_name[mention.kind, mention.name].append(mention)
    canonical = _canonical(by_name, tuple(sorted(own, key=len, reverse=True)))
    entities: dict[tuple[str, str], Entity] = {}
    for (kind, name), group in by_name.items():
        full = canonical.get((kind, name), name)
        types = Counter(m.type for m in by_name[kind, full])
        entity = entities.setdefault((kind, full), Entity(full, kind, types.most_common(1)[0][0]))
        entity.mentions.extend(m.span for m in group)
        entity.aliases.update({m.surface for m in group} | {name})
        entity.aliases.discard(full)
    for entity in entities.values():
        entity.mentions.sort()
    return tuple(sorted(entities.values(), key=lambda e: (e.mentions[0], e.name)))


def _canonical(by_name: dict[tuple[str, str], list[Mention]], areas: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Short names and the one full name that they stand for."""
    merged: dict[tuple[str, str], str] = {}
    for kind, short in by_name:
        full = [name for other, name in by_name if other == kind and name != short and _stands_for(short, name, areas)]
        if len(full) == 1:
            merged[kind, short] = full[0]
    return merged


def _stands_for(short: str, name: str, areas: tuple[str, ...]) -> bool:
    """Whether a short name only leaves out the area before it, or the word for a division or area behind it."""
    rules = lexicon("names")["merge"]
    if name.startswith(short):
        return name[len(short) :] in rules["endings"]
    if not name.endswith(short) or len(short) < _SHORTEST:
        return False
    before = name[: -len(short)]
    return before in areas or (before.endswith(tuple(rules["divisions"])) and short.endswith(tuple(rules["divisions"])))
