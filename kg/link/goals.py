"""Which goal a chapter of measures supports, and which goal an indicator measures: by how alike
their words are, since plans rarely say so."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from operator import mul
from typing import NamedTuple

import numpy as np

from kg.document.structure import Document, Section
from kg.extract.model import Extraction, Goal, Indicator
from kg.lexicon import grouped, pattern
from kg.link.pairs import asked
from kg.link.themes import theme_shares

SIMILAR = 0.02  # a score below which two texts share nothing
SUPPORTS = 0.03  # a score below which a chapter and a goal share no word of a subject
_AHEAD = 0.005  # by how much a score is above all others' where one goal is meant and no other
_MOST = 2 / 3  # of the sentences of measures: a chapter that holds more says nothing by itself

# What a score is the weighted mean of. Weights were chosen on the flagship and one plan more.
_OUTLINE, _PART, _TITLES, _CHAPTER_THEME = 1.0, 0.5, 1.0, 0.125
_WORDS, _CATEGORY, _ROW_THEME = 1.0, 2.0, 0.2
_KINDS = ("cues", "quantities")  # words of themes
_OF_MOST = 0.3  # of how much the goal that is most about a theme is about it
_NO_CHAPTERS = ("part", "box", "annex", "appendix")  # styles of sections

Rows = list[list[float]]


class Fit(NamedTuple):
    """The goal that fits best, by its place, how well from 0 to 1, and whether that is sure: no
    other goal fits as well, and it is about the same, as far as the themes of their words tell."""

    goal: int
    score: float
    sure: bool


def wording(document: Document, goal: Goal) -> str:
    """A goal's title and full wording."""
    return " ".join((goal.title, *(document.read(span).text for span in goal.statement)))


def measure_chapters(document: Document, goals: int, whole: Collection[str] = ()) -> list[Section]:
    """The chapters of measures, those about carrying out the plan and what is attached aside. Where
    one chapter holds most, or there are fewer of them than goals, so that each is about several,
    its sections are what distinguishes goals, but for those of whole chapters, by number."""
    carry_out = {s.number for s in document.sections if s.role == "safeguards"}
    acting = [s for s in document.sections if s.role == "measures" and s.style not in _NO_CHAPTERS]
    outer = [s for s in acting if document.chapter_of(s.number) == s and s.parent not in carry_out]
    chapters = [s for s in outer if s.style == "chapter"] or outer
    by_number = {chapter.number: chapter for chapter in chapters}
    holding = (chapter_among(document, by_number, one.section) for one in document.sentences)
    sizes = Counter(chapter.number for chapter in holding if chapter)
    found = []
    for chapter in chapters:
        inner = [section for section in acting if section.parent == chapter.number]
        several = len(chapters) < goals or sizes[chapter.number] > _MOST * sizes.total()
        found += inner if inner and several and chapter.number not in whole else [chapter]
    return found


def chapter_among(
    document: Document, chapters: Mapping[str, Section], number: str
) -> Section | None:
    """The chapter, of some by their numbers, that holds the section of a number; None where none of
    them does."""
    above: str | None = number
    while above is not None and above not in chapters:
        above = document.section(above).parent
    return None if above is None else chapters[above]


def chapter_goals(
    document: Document, extraction: Extraction, chapters: Sequence[Section], goals: Sequence[Goal]
) -> list[Fit]:
    """The goal that fits each chapter best: by what the chapter and its part say of themselves, by
    its measures' titles, and by the theme of its heading."""
    leads = grouped((sentence.section, sentence.text) for sentence in document.sentences)
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
    headings = [f"{c.heading} {_heading_of_part(document, c)}" for c in chapters]
    themes = [theme_shares(heading, *_KINDS) for heading in headings]
    alike = _theme_likeness(themes, texts)
    scores = _mean(
        (_OUTLINE, _similarities(about, of_goals)),
        (_PART, _similarities(of_parts, of_goals)),
        (_TITLES, _similarities(acts, of_goals)),
        (_CHAPTER_THEME, alike),
    )
    return _best_goals(scores, themes, alike)


def _subject(text: str) -> str:
    """A text without what its ratios are taken of."""
    return pattern("themes", "subject", "denominator").sub(" ", text)


def _outline(document: Document, chapter: Section, leads: Mapping[str, list[str]]) -> str:
    """What a chapter says of itself: its heading, its opening and its sections' headings."""
    lead = " ".join(leads.get(chapter.number, ()))
    inner = " ".join(s.heading for s in document.sections if s.parent == chapter.number)
    return " ".join((chapter.heading, chapter.heading, lead, inner, inner))


def _heading_of_part(document: Document, chapter: Section) -> str:
    """The heading of a chapter's part; "", where it is in none, or all measures are in one."""
    parts = [s for s in document.sections if s.style == "part" and s.role == "measures"]
    return next((s.heading for s in parts if s.number == chapter.parent and len(parts) > 1), "")


def _part(document: Document, chapter: Section, outlines: Mapping[str, str]) -> str:
    """The words of a chapter's part; the chapter's own, where it is in none."""
    if not (heading := _heading_of_part(document, chapter)):
        return outlines[chapter.number]
    inner = (s.number for s in document.sections if s.parent == chapter.parent)
    return " ".join((heading, heading, *(outlines[n] for n in inner if n in outlines)))


def indicator_goals(
    document: Document, rows: Sequence[Indicator], goals: Sequence[Goal]
) -> list[Fit]:
    """The goal that fits each indicator best: by its words and those of its category, and by its
    theme."""
    share_of = pattern("themes", "subject", "share_of")
    texts = [share_of.sub(" ", wording(document, goal)) for goal in goals]
    words = [_subject(_words(row)) for row in rows]
    names = grouped((row.category or row.name, _subject(row.name)) for row in rows)
    of_names = _similarities([" ".join([c] * 3 + names[c]) for c in names], texts)
    of_category = dict(zip(names, of_names, strict=True))
    themes = [theme_shares(row.name, "quantities") for row in rows]
    alike = _theme_likeness(themes, texts)
    scores = _mean(
        (_WORDS, _similarities(words, texts)),
        (_CATEGORY, [of_category[row.category or row.name] for row in rows]),
        (_ROW_THEME, alike),
    )
    return _best_goals(scores, themes, alike)


def _theme_likeness(of_texts: Sequence[Sequence[float]], goals: Sequence[str]) -> Rows:
    """How much each text and the wording of each goal are about the same, by the shares of their
    themes."""
    of_goals = [theme_shares(goal, *_KINDS) for goal in goals]
    return [[sum(map(mul, own, other)) for other in of_goals] for own in of_texts]


def _best_goals(scores: Rows, themes: Sequence[Sequence[float]], alike: Rows) -> list[Fit]:
    """The goal with the best score in each row; where others are far more about the row's theme,
    the best of those, and where none is about it, that one with no score. That is not sure, nor
    is one whose score another comes near."""
    found = []
    for row, own, shared in zip(scores, themes, alike, strict=True):
        best = max(range(len(row)), key=row.__getitem__)
        of_theme = [i for i, share in enumerate(shared) if share >= _OF_MOST * max(shared) > 0]
        settled = not any(own) or best in of_theme
        at = best if settled else max(of_theme, key=row.__getitem__, default=best)
        is_ahead = all(row[at] - other >= _AHEAD for i, other in enumerate(row) if i != at)
        found.append(Fit(at, row[at] if settled or of_theme else 0.0, settled and is_ahead))
    return found


def _words(row: Indicator) -> str:
    """An indicator's name with other words for it and words of its subject."""
    found = asked(row)
    return " ".join((row.name, row.name, *map("".join, found.serves + found.concerns)))


def _mean(*weighed: tuple[float, Rows]) -> Rows:
    """The mean of scores, by their weights."""
    weights, rows = zip(*weighed, strict=True)
    return list(np.average(rows, axis=0, weights=weights).tolist())


def _pairs(text: str) -> Counter[str]:
    """The pairs of neighbouring Chinese characters of a text."""
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return Counter(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def _similarities(texts: list[str], others: list[str]) -> list[list[float]]:
    """How alike texts are to others, from 0 to 1, a row for each: the cosine of the weights of
    their pairs of characters, frequent pairs weighing little."""
    counted = [_pairs(text) for text in (*texts, *others)]
    seen = Counter(chain.from_iterable(counted))
    rare = {pair: math.log(len(counted) / count) for pair, count in seen.items()}

    def weighed(counts: Counter[str]) -> dict[str, float]:
        weights = {p: (1 + math.log(n)) * rare[p] for p, n in counts.items()}
        norm = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {p: w / norm for p, w in weights.items()}

    found = list(map(weighed, counted))
    left, right = found[: len(texts)], found[len(texts) :]
    return [[sum([w * b[p] for p, w in a.items() if p in b]) for b in right] for a in left]
