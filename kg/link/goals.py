"""Which goal a chapter of measures supports, and which goal an indicator measures: by how alike
their words are, since plans rarely say so."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kg.document.structure import Document, Section
from kg.extract.model import Extraction, Goal, Indicator
from kg.lexicon import pattern
from kg.link.pairs import asked
from kg.link.similarity import similarities
from kg.link.themes import theme_counts

SIMILAR = 0.02  # a score below which two texts share nothing
SUPPORTS = 0.03  # a score below which a chapter and a goal share no word of a subject

# What a score is the weighted mean of. Weights were chosen on the flagship and one plan more.
_OUTLINE, _PART, _TITLES, _CHAPTER_THEME = 1.0, 0.5, 1.0, 0.05
_WORDS, _CATEGORY, _MEASURES, _OF_CATEGORY, _ROW_THEME = 1.0, 2.0, 0.1, 0.5, 0.1
_NO_CHAPTERS = ("part", "box", "annex", "appendix")  # styles of sections
_FEW = 0.3  # measures that an indicator is given besides its own, for a few to tell little

Rows = list[list[float]]


def wording(document: Document, goal: Goal) -> str:
    """A goal's title and full wording."""
    return " ".join((goal.title, *(document.read(span).text for span in goal.statement)))


def measure_chapters(document: Document) -> list[Section]:
    """The chapters of measures, those about carrying out the plan and what is attached aside. Where
    one chapter holds all measures (三、主要任务), its sections are what distinguishes goals."""

    def carries_out(section: Section) -> bool:
        above = document.section(section.parent) if section.parent else None
        return above is not None and above.role == "safeguards"

    acting = [s for s in document.sections if s.role == "measures" and s.style not in _NO_CHAPTERS]
    outer = [s for s in acting if document.chapter_of(s.number) is s and not carries_out(s)]
    chapters = [s for s in outer if s.style == "chapter"] or outer
    if len(chapters) == 1:
        return [s for s in acting if s.parent == chapters[0].number] or chapters
    return chapters


def chapter_among(
    document: Document, chapters: Mapping[str, Section], number: str
) -> Section | None:
    """The one of some chapters, by their numbers, that holds the section of a number; None where
    that is in none of them."""
    above: str | None = number
    while above is not None and above not in chapters:
        above = document.section(above).parent
    return None if above is None else chapters[above]


def chapter_scores(
    document: Document, extraction: Extraction, chapters: Sequence[Section], goals: Sequence[Goal]
) -> Rows:
    """How well each goal fits each chapter, from 0 to 1: by what the chapter and its part say of
    themselves, by its measures' titles, and by its theme."""
    leads: dict[str, list[str]] = defaultdict(list)
    for sentence in document.sentences:
        leads[sentence.section].append(sentence.text)
    titles: dict[str, list[str]] = defaultdict(list)
    by_number = {chapter.number: chapter for chapter in chapters}
    for measure in extraction.measures:
        if chapter := chapter_among(document, by_number, measure.section):
            titles[chapter.number].append(measure.title)
    outlines = {c.number: _outline(document, c, leads) for c in chapters}
    parts = [_part(document, c, outlines) for c in chapters]
    texts = [wording(document, goal) for goal in goals]
    about, of_parts, of_goals = (list(map(_subject, t)) for t in (outlines.values(), parts, texts))
    acts = [_subject(" ".join(titles[c.number])) for c in chapters]
    return _mean(
        (_OUTLINE, similarities(about, of_goals)),
        (_PART, similarities(of_parts, of_goals)),
        (_TITLES, similarities(acts, of_goals)),
        (_CHAPTER_THEME, _themes(list(outlines.values()), texts)),
        (_CHAPTER_THEME / 2, _themes(parts, texts)),
    )


def _subject(text: str) -> str:
    """A text without what its ratios are taken of."""
    return pattern("themes", "subject", "denominator").sub(" ", text)


def _outline(document: Document, chapter: Section, leads: Mapping[str, list[str]]) -> str:
    """What a chapter says of itself: its heading, its opening and its sections' headings."""
    lead = " ".join(leads.get(chapter.number, ()))
    inner = " ".join(s.heading for s in document.sections if s.parent == chapter.number)
    return " ".join((chapter.heading, chapter.heading, lead, inner, inner))


def _part(document: Document, chapter: Section, outlines: Mapping[str, str]) -> str:
    """The words of a chapter's part; the chapter's own, where it is in none."""
    if chapter.parent is None or document.section(chapter.parent).style != "part":
        return outlines[chapter.number]
    heading = document.section(chapter.parent).heading
    inner = (s.number for s in document.sections if s.parent == chapter.parent)
    return " ".join((heading, heading, *(outlines[n] for n in inner if n in outlines)))


def indicator_scores(
    document: Document,
    rows: Sequence[Indicator],
    goals: Sequence[Goal],
    measured: Mapping[str, Mapping[str, float]],
) -> Rows:
    """How well each goal fits each indicator, from 0 to 1: by its words and those of its category,
    and by how much measures of its subject (measured) support the goal."""
    share_of = pattern("themes", "subject", "share_of")
    texts = [share_of.sub(" ", wording(document, goal)) for goal in goals]
    words = [_words(row) for row in rows]
    category = [row.category or "" for row in rows]
    groups = list(dict.fromkeys(category))
    alike = similarities(
        [
            " ".join([g] * 3 + [r.name for r, c in zip(rows, category, strict=True) if c == g])
            for g in groups
        ],
        texts,
    )
    votes = [_votes(measured.get(row.key, {}), goals) for row in rows]
    together = {
        g: _average([v for v, c in zip(votes, category, strict=True) if c == g]) for g in groups
    }
    return _mean(
        (_WORDS, similarities(words, texts)),
        (_CATEGORY, [alike[groups.index(c)] for c in category]),
        (_MEASURES, votes),
        (_OF_CATEGORY, [together[c] for c in category]),
        (_ROW_THEME, _themes(words, texts)),
    )


def _words(row: Indicator) -> str:
    """An indicator's name with other words for it and words of its subject."""
    found = asked(row)
    return " ".join((row.name, row.name, *map("".join, found.serves + found.concerns)))


def _votes(measured: Mapping[str, float], goals: Sequence[Goal]) -> list[float]:
    total = sum(measured.values()) + _FEW
    return [measured.get(goal.number, 0.0) / total for goal in goals]


def _average(rows: Rows) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def _themes(texts: Iterable[str], others: Iterable[str]) -> Rows:
    """How alike the themes of texts are: the cosine of how often cues of each are found."""
    left, right = (
        [(counts, math.hypot(*counts)) for counts in map(theme_counts, side)]
        for side in (texts, others)
    )
    return [
        [
            sum(x * y for x, y in zip(a, b, strict=True)) / (size * other)
            if size and other
            else 0.0
            for b, other in right
        ]
        for a, size in left
    ]


def _mean(*weighed: tuple[float, Rows]) -> Rows:
    """The mean of scores, by their weights."""
    weights, rows = zip(*weighed, strict=True)
    found: Rows = np.average(rows, axis=0, weights=weights).tolist()
    return found
