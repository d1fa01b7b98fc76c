"""Who is charged with what a plan says: notes behind tasks that name the bodies."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kg.lexicon import lexicon, with_parts
from kg.source.text import Span, compact, strip_span

CHARGE = "who is charged"  # the reason why a note is passed over where the text is read
_FIRST = "first"
_PARTS = ("lead", "support", "responsible")


@dataclass(frozen=True)
class Body:
    """A body as a note lists it, and its part in the task: one of lead, responsible, support."""

    name: str
    span: Span
    part: str


@dataclass(frozen=True)
class Cost:
    """What a project costs: as printed with its unit, in yuan, and where it stands."""

    text: str
    yuan: Decimal
    span: Span


@dataclass(frozen=True)
class Charge:
    """A note that names who is charged with what stands before it, or in a table with what is in
    another cell.

    about: what a row of a table says; name: its project's name; until: the year by which it is to
        be done; years: the first and the last in which it is; cost: what it costs.
    """

    span: Span
    bodies: tuple[Body, ...]
    about: Span | None = None
    name: Span | None = None
    until: int | None = None
    years: tuple[int, int] | None = None
    cost: Cost | None = None


@cache
def _rule(name: str) -> re.Pattern[str]:
    rules = lexicon("charges")
    bare = re.sub(r"\?P<\w+>", "?:", rules["cue"])
    return re.compile(with_parts(rules[name], {"cue": f"(?:{bare})"}))


def find_charges(text: str) -> tuple[Charge, ...]:
    """The notes of a normalised text, in order."""
    found: list[Charge] = []
    for form in ("bracket", "line"):
        for match in _rule(form).finditer(text):
            bodies = _bodies(text, Span(*match.span("said")), _ends_sentence(text, match))
            until = max(map(int, re.findall(r"20\d\d", match["said"])), default=None)
            if bodies is not None:
                found.append(Charge(strip_span(text, Span(*match.span())), bodies, until=until))
    found.sort(key=lambda one: one.span)
    return tuple(
        one for i, one in enumerate(found) if not i or found[i - 1].span.end <= one.span.start
    )


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a note stands at the end of a sentence."""
    ends = tuple(lexicon("charges")["ends"])
    behind = match.end() == len(text) or text.startswith(ends, match.end())
    return behind or text.startswith(ends, max(0, match.start() - 1))


def bodies_of(text: str, cell: Span, part: str) -> tuple[Body, ...]:
    """The bodies that a table's cell names, with the part that its column gives them."""
    if part != _FIRST:
        return _bodies(text, cell, True, part) or ()
    first, *others = _bodies(text, cell, True, "responsible") or [None]
    return (replace(first, part="lead"), *others) if first else ()


def part_of(label: str) -> str:
    """The part of the bodies in a table's column under those words, "first" where the first of them
    leads; "" for any other column."""
    cue = _rule("column").fullmatch(label)
    if cue and _rule("first").search(label):
        return _FIRST
    return (_part(cue) or "responsible") if cue else ""


def _bodies(text: str, written: Span, ends: bool, part: str = "") -> tuple[Body, ...] | None:
    """The bodies that a note names; None where it says anything else.

    Args:
        ends: whether it ends a sentence, so that it may name them before their part.
        part: theirs, where nothing in the note tells it.
    """
    found: list[Body] = []
    for clause in _pieces(text, written):
        words = text[clause.start : clause.end]
        read = _of_clause(words, clause, part, ends, not found)
        if read is None and not part and not _rule("other").match(words):
            return None
        if read is None:
            continue
        part, names, tail = read
        if tail is not None:
            names = Span(names.start, clause.start + tail.start())
        own = _part(tail) if tail is not None else ""
        led = any(one.part == "lead" for one in found)
        listed = _with_next_marks(_listed_bodies(text, names, own or part), own or part, led)
        if any(_never(one.name) for one in listed):
            return None
        found += [one for one in listed if not _rule("nobody").match(one.name)]
    return tuple(found) if part else None


def _of_clause(
    words: str, clause: Span, part: str, ends: bool, first: bool
) -> tuple[str, Span, re.Match[str] | None] | None:
    """The part of the bodies in a clause, the place of their names, and the mark behind these; None
    where it names none."""
    if cue := _rule("cue").match(words.replace("\n", "")):
        start = _names_start(words, cue.end())
        tail = _rule("behind").search(words, start) or _rule("rest").search(words, start)
        return _part(cue) or "responsible", Span(clause.start + start, clause.end), tail
    if _rule("other").match(words):
        return None
    tail = _rule("behind").search(words)
    if tail is not None and (part or ends):
        return part or "responsible", clause, tail
    if part and (first or _rule("whole").search(words)):
        return part, clause, _rule("rest").search(words)
    return None


def _with_next_marks(bodies: Iterable[Body], part: str, led: bool) -> list[Body]:
    """Bodies of a list, those between who leads and a mark for support supporting as well.

    Args:
        part: theirs, where no mark gives another. led: whether one before them leads.
    """
    found: list[Body] = []
    for body in bodies:
        if led and body.part == "support":
            found = [replace(one, part="support") if one.part == part else one for one in found]
        led = led or body.part == "lead"
        found.append(body)
    return found


def _names_start(words: str, length: int) -> int:
    """Where the names begin behind a cue of so many characters, the ends of lines not counted."""
    start = next(i for i in range(len(words) + 1) if i - words.count("\n", 0, i) == length)
    while words[start : start + 1] in (":", " ", "\n"):
        start += 1
    return start


def _never(name: str) -> bool:
    """Whether a name of a list can be none."""
    long = not 1 < len(name) <= lexicon("charges")["longest"]
    return long or _rule("never").search(name) is not None


def _part(match: re.Match[str]) -> str:
    return next((part for part in _PARTS if match.groupdict().get(part)), "")


def _pieces(text: str, written: Span) -> Iterator[Span]:
    """The clauses of a note, in no brackets of its own."""
    start, depth = written.start, 0
    for at in range(written.start, written.end + 1):
        depth += (text[at] in "([") - (text[at] in ")]") if at < written.end else 0
        if at == written.end or (not depth and _rule("clause").match(text, at)):
            piece = strip_span(text, Span(start, at))
            if len(piece):
                yield piece
            start = at + 1


def _continues_name(text: str, former: Span, place: Span) -> bool:
    """Whether words behind a blank end the name before it, as a cell's next line does."""
    if place.start - former.end != 1 or text[former.end] != " ":
        return False
    whole = _rule("whole").search(text[former.start : former.end])
    return whole is None or _rule("tail").fullmatch(text, place.start, place.end) is not None


def _listed_bodies(text: str, span: Span, part: str) -> Iterator[Body]:
    """The names of a list, each with the part that a mark behind it gives it (leads, helps)."""
    places: list[Span] = []
    for match in _rule("name").finditer(text, span.start, span.end):
        place = strip_span(text, Span(*match.span()))
        if places and _continues_name(text, places[-1], place):
            place = Span(places.pop().start, place.end)
        places.append(place)
    for place in places:
        mark = _rule("marked").search(text[place.start : place.end])
        own = part if mark is None else _part(mark)
        named = place if mark is None else Span(place.start, place.start + mark.start())
        if len(named):
            yield Body(compact(text[named.start : named.end]), named, own)
