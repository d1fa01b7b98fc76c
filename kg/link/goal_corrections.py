"""What a person decides about goals: no goal, titled wrongly, missed."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from kg.document.structure import Document
from kg.extract.model import Extraction, Goal
from kg.source.text import Span, compact, normal


def locate(document: Document, quote: str) -> Span | None:
    """The place of a quote in the text, whatever blanks and line breaks stand between its words;
    None where it is found nowhere or several times."""
    words = r"\s*".join(map(re.escape, compact(normal(quote))))
    found = [Span(*m.span()) for m in re.finditer(words, document.text)] if words else []
    return found[0] if len(found) == 1 else None


def _within(document: Document, stated: Iterable[Span], words: str) -> Span | None:
    """The first place of words in what states a goal."""
    for span in stated:
        read = document.read(span)
        if (at := read.text.find(normal(words))) >= 0:
            return read.locate(at, at + len(normal(words)))
    return None


def reject_goal(extraction: Extraction, title: str) -> Extraction | None:
    """The extraction without the goal of that title; None where there is none."""
    kept = tuple(goal for goal in extraction.goals if goal.title != title)
    return replace(extraction, goals=kept) if len(kept) < len(extraction.goals) else None


def rename_goal(
    document: Document, extraction: Extraction, title: str, to: str
) -> Extraction | None:
    """The extraction with a goal titled by other words of its statement; None where it has them
    not."""
    goal = next((one for one in extraction.goals if one.title == title), None)
    if goal is None or (place := _within(document, goal.statement, to)) is None:
        return None
    changed = replace(goal, title=to, span=place, confidence=1.0)
    return replace(
        extraction, goals=tuple(changed if one is goal else one for one in extraction.goals)
    )


def add_goal(
    document: Document, extraction: Extraction, title: str, quote: str, vision: bool = False
) -> Extraction | None:
    """The extraction with a goal or a vision that was missed; None where the text does not hold it
    once, or it is known.

    Args:
        title: words of the quote.
        quote: words that state the goal.
    """
    stated = locate(document, quote)
    place = _within(document, (stated,), title) if stated else None
    if stated is None or place is None or any(one.title == title for one in extraction.goals):
        return None
    taken = {one.number for one in extraction.goals}
    head = "vision-" if vision else ""
    number = next(n for i in count(1) if (n := f"{head}{i}") not in taken)
    fresh = Goal(number, title, place, (stated,), vision=vision)
    return replace(extraction, goals=(*extraction.goals, fresh))
