"""Where in a plan something stands, as people cite it."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.lexicon import filled, lexicon
from kg.rdf.namespaces import local_name
from kg.rdf.select import select
from kg.source.text import compact
from kg.views.reading import Block

_HEADINGS = """
SELECT ?iri ?number ?heading ?words ?start ?end ?parent WHERE {
  ?iri a plan:Section ; plan:number ?number ; plan:heading ?heading ;
    dcterms:isPartOf ?parent ; prov:wasQuotedFrom ?passage .
  ?passage plan:text ?words ; oa:start ?start ; oa:end ?end }"""
_WITHOUT_PARAGRAPHS = re.compile(r"annex|appendix|box")  # sections that hold tables


@dataclass(frozen=True)
class Heading:
    """A section of a plan: its number in the document's own numbering, its heading, the words of
    that as printed, with its label, and their place in the source, and the IRI of what contains
    it."""

    iri: str
    number: str
    heading: str
    words: str
    start: int
    end: int
    parent: str


@dataclass(frozen=True)
class Place:
    """A place in a plan, in Chinese and in English: its section (IRI and number), its offset in the
    source, and the section's heading as far as the place does not say it already."""

    section: str
    number: str
    start: int
    zh: str
    en: str
    heading: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Places:
    """The places of one plan, in its text as published, by the blocks of its document."""

    def __init__(self, store: ox.Store, graph: str, blocks: Iterable[Block]) -> None:
        self._paragraphs = [one.place[0] for one in blocks if one.kind == "paragraph"]
        self._headings: dict[str, Heading] = {}
        self._known: dict[str, Place | None] = {}
        found = msgspec.convert(select(store, _HEADINGS, graph), list[Heading], strict=False)
        for one in sorted(found, key=lambda one: one.start):
            self._headings.setdefault(one.iri, one)

    def above(self, section: str) -> list[Heading]:
        """A section and those that contain it, the outermost first; [] where it is none."""
        found: list[Heading] = []
        while section in self._headings:
            found.insert(0, self._headings[section])
            section = found[0].parent
        return found

    def chapter(self, section: str) -> str:
        """The chapter that a section belongs to (its IRI), or else its outermost section."""
        chain = self.above(section)
        labels = [_label(one)[0] for one in chain]
        within = [one.iri for one, label in zip(chain, labels, strict=True) if label != "part"]
        return next(iter(within), section)

    def of_section(self, section: str) -> Place | None:
        """Where a section is; None where the plan has none of that IRI."""
        if section not in self._known:
            self._known[section] = self._of_section(section)
        return self._known[section]

    def _of_section(self, section: str) -> Place | None:
        chain = self.above(section)
        if not chain:
            return None
        rules = lexicon("citation")["place"]
        parts_of: dict[str, list[str]] = {"zh": [], "en": []}
        names: list[str] = []
        for heading in chain:
            name, words = _label(heading)
            if name and rules["labels"][name].get("alone"):
                parts_of = {"zh": [], "en": []}
            worded = _worded(name, heading, words, names) if name else None
            if worded is None and heading is not chain[-1]:
                continue  # what has no label is named only where nothing is within it
            for language, parts in parts_of.items():
                named = filled(rules["heading"][language], heading=heading.heading)
                parts.append(worded[language] if worded else named)
            names.append(name)
        zh, en = (rules["join"][language].join(parts_of[language]) for language in ("zh", "en"))
        last = chain[-1]
        return Place(section, last.number, last.start, zh, en, _text_of_heading(last))

    def at(self, section: str, offset: int) -> Place | None:
        """Where an offset of the source (code points) in a section (IRI) is; None for none."""
        place = self.of_section(section)
        heading = self._headings.get(section)
        if place is None or heading is None or offset < heading.end:
            return place
        if _WITHOUT_PARAGRAPHS.match(place.number):
            return replace(place, start=offset)
        rules, n = lexicon("citation")["place"], self._paragraph(heading.end, offset)
        worded = {
            language: join.join((place[language], rules["paragraph"][language].format(n=n)))
            for language, join in rules["join"].items()
        }
        return replace(place, start=offset, **worded)

    def _paragraph(self, begin: int, offset: int) -> int:
        """The number of the paragraph, from 1, that a place is in."""
        first, last = (bisect_right(self._paragraphs, at) for at in (begin - 1, offset))
        return max(last - first, 1)


def _label(heading: Heading) -> tuple[str, dict[str, str]]:
    """The kind of a heading's label ("" where it has none), and its number and words as printed."""
    for name, rule in lexicon("citation")["place"]["labels"].items():
        if match := re.match(rf"\s*{rule['pattern']}", heading.words):
            printed = compact(match[0])
            return name, {"n": compact(match["n"]), "printed": printed}
    return "", {}


def _text_of_heading(heading: Heading) -> str:
    """What a heading says behind its label; nothing where it has none, and is itself the place."""
    name, _ = _label(heading)
    if not name:
        return ""
    label = lexicon("citation")["place"]["labels"][name]["pattern"]
    return re.sub(rf"^\s*{label}[\s：:—-]*", "", heading.heading)


def _worded(name: str, heading: Heading, words: dict[str, str], above: list[str]) -> dict[str, str]:
    """A label in Chinese and in English."""
    rule: dict[str, Any] = lexicon("citation")["place"]["labels"][name]
    if (within := rule.get("within")) and above and above[-1] in within["labels"]:
        rule = within
    digits = re.search(r"\d+$", local_name(heading.number)) or re.search(r"\d+", words["n"])
    number = digits[0] if digits else words["n"]
    return {lang: rule[lang].format(number=number, **words).strip() for lang in ("zh", "en")}
