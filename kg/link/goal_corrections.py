"""What a person decides about goals: no goal, titled wrongly, missed."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from kg.extract.model import Extraction, Goal
from kg.link.decided import Decided, some
from kg.source.text import Span, normal


def _within(decided: Decided, stated: Iterable[Span], words: str) -> Span:
    """The first place of words in what states a goal."""
    for span in stated:
        read = decided.document.read(span)
        if (at := read.text.find(normal(words))) >= 0:
            return read.locate(at, at + len(normal(words)))
    return some(None)


def _titled(decided: Decided) -> list[Goal]:
    return [goal for goal in decided.extraction.goals if goal.title == decided.one.name]


def reject_goal(decided: Decided) -> Extraction:
    """The extraction without the goals of a title."""
    return decided.without("goals", _titled(decided))


def rename_goal(decided: Decided) -> Extraction:
    """The extraction with a goal titled by other words of its statement."""
    goal, to = some(_titled(decided))[0], decided.one.to
    return decided.changed("goals", goal, title=to, span=_within(decided, goal.statement, to))


def add_goal(decided: Decided) -> Extraction:
    """The extraction with a goal or a vision that was missed and is not known, titled by words of
    those that state it."""
    one, known, stated = decided.one, decided.extraction.goals, decided.place
    place = _within(decided, (stated,), one.name)
    some(not _titled(decided))
    taken, vision = {goal.number for goal in known}, one.kind == "vision"
    head = "vision-" if vision else ""
    number = next(n for i in count(1) if (n := f"{head}{i}") not in taken)
    fresh = Goal(number, one.name, place, (stated,), vision=vision)
    return replace(decided.extraction, goals=(*known, fresh))
