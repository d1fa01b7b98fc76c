"""Goals of the period and the longer-range vision."""

from __future__ import annotations

import re
from itertools import groupby

from kg.document.structure import Document, Section
from kg.extract.clauses import clauses
from kg.extract.model import Goal
from kg.lexicon import lexicon
from kg.source.text import Span


def find_goals(document: Document) -> tuple[Goal, ...]:
    """The goals, numbered in reading order, and one vision for each section about the longer
    range."""
    return (*_period_goals(document), *_visions(document))


def _period_goals(document: Document) -> list[Goal]:
    form = re.compile(lexicon("roles")["paragraph"]["goal"])
    goals: list[Goal] = []
    for paragraph in document.paragraphs:
        if document.section(paragraph.section).role != "goals":
            continue
        read = document.read(paragraph.span)
        if match := form.match(read.text):
            title = read.locate(*match.span("title"))
            goals.append(
                Goal(str(len(goals) + 1), document.printed(title), title, (paragraph.span,))
            )
    return goals


def _visions(document: Document) -> list[Goal]:
    visions: list[Goal] = []
    for number, sentences in groupby(document.sentences, key=lambda s: s.section):
        section = document.section(number)
        if section.role == "vision" and section.style != "chapter":
            spans = tuple(s.span for s in sentences)
            visions.append(_vision(section, spans, str(len(visions) + 1)))
    return visions


def _vision(section: Section, spans: tuple[Span, ...], ordinal: str) -> Goal:
    title = re.sub(r"^到?二〇[〇一二三四五六七八九]{2}年|的?远景目标$", "", section.heading)
    last = [c.text for c in clauses(title)][-1] if title else section.heading
    return Goal(f"vision-{ordinal}", last, section.heading_span, spans, vision=True)
