"""The chapters about carrying a plan out (organisation, means, monitoring): their measures serve
all goals alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.document.model import MEASURES, SAFEGUARDS, Paragraph, Section, Sentence, chapters_of
from kg.lexicon import grouped, lexicon
from kg.lexicon import pattern as lexicon_pattern

_ASIDE = ("appendix", "box")


def with_safeguards(
    sections: Sequence[Section], paragraphs: Sequence[Paragraph], sentences: Sequence[Sentence]
) -> tuple[list[Section], list[Paragraph]]:
    """The sections and paragraphs, those of measures that say how the plan is carried out separated
    apart.

    Args:
        sections: in reading order, with their roles.
        paragraphs: in reading order, with their roles.
    """
    chapters = chapters_of(sections)
    chosen = _carrying_out(sections, chapters, sentences)
    inside = {s.number for s in sections if chapters[s.number] in chosen}
    return (
        [
            replace(s, role=SAFEGUARDS) if s.number in inside and s.role == MEASURES else s
            for s in sections
        ],
        [
            replace(p, role=SAFEGUARDS) if p.section in inside and p.role == MEASURES else p
            for p in paragraphs
        ],
    )


def _carrying_out(
    sections: Sequence[Section], chapters: Mapping[str, str], sentences: Sequence[Sentence]
) -> set[str]:
    """The chapters about carrying the plan out, by their headings or what the last ones say."""
    rules = lexicon("roles")["safeguards"]
    says = lexicon_pattern("roles", "safeguards", "says")
    acting = [s for s in sections if chapters[s.number] == s.number and s.role == MEASURES]
    last = {s.number for s in acting[-rules["last"] :]}
    by_chapter = grouped(
        (chapters[sentence.section], bool(says.search(sentence.text))) for sentence in sentences
    )
    found = set()
    for section in acting:
        votes = by_chapter.get(section.number, [])
        cue = any(re.search(cue, section.wording) for cue in rules["cues"])
        if cue or (section.number in last and sum(votes) >= rules["share"] * max(len(votes), 1)):
            found.add(section.number)
    return found
