"""Lines -> candidates for headings: numbered lines, run-in headings, titles over two lines."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.document.layout import Layout, is_cells
from kg.document.numbering import LOOSE, OUTER, Numbered, named, numbered, strong
from kg.document.tables import Line
from kg.document.titles import is_second_half
from kg.document.whole_number_headings import with_whole_numbers
from kg.lexicon import lexicon, pattern
from kg.source.text import Span, is_remark, strip_span

_SENTENCE_ENDS = "。!?;:"
_CLOSING = '”’"』」)'
_COLON = 20  # characters of a heading that ends with a colon


@dataclass(frozen=True)
class Candidate(Numbered):
    """A numbered line that is a heading if its number fits.

    heading: whether its form is a heading's; False for an entry of a list that is running text.
    lines: the indices of its first and last line.
    span: the heading itself, its number included.
    rest: what follows a run-in heading on its last line.
    level: its depth, from 1, where the file marks it as a heading; 0 where it does not.
    """

    span: Span
    lines: tuple[int, int]
    heading: bool = True
    rest: Line | None = None
    level: int = 0


def find_candidates(
    lines: Sequence[Line], layout: Layout, marked: Container[int]
) -> Iterator[Candidate]:
    """The numbered lines in order, each with the lines it goes on over; marked: where lines begin
    that are headings of their own, but behind a bare number."""
    numbers = with_whole_numbers(lines, [numbered(line.text) for line in lines])
    i = 0
    while i < len(lines):
        number = numbers[i]
        if number is None or (number.style not in strong() and _inside_sentence(lines, i, layout)):
            i += 1
            continue
        marks = i + 1 < len(lines) and number.wording != "" and lines[i + 1].span.start in marked
        after = numbers[i + 1] if i + 1 < len(lines) else None
        following = marks or after is not None
        candidate = _candidate(lines, i, number, following, layout, _opens_list(number, after))
        yield from _split_candidate(candidate)
        i = candidate.lines[1] + 1


def _opens_list(number: Numbered, after: Numbered | None) -> bool:
    """Whether the next number begins a list below this one: a sentence above it that counts
    nothing heads the list."""
    if after is None or after.number != 1 or any(c.isdecimal() for c in number.wording):
        return False
    return after.style != number.style or after.path[:-1] == number.path


def _candidate(
    lines: Sequence[Line],
    i: int,
    number: Numbered,
    next_numbered: bool,
    layout: Layout,
    parent: bool,
) -> Candidate:
    line = lines[i]
    plain = Candidate(number.style, number.path, number.wording, line.span, (i, i), heading=False)
    if number.style not in (*strong(), *named()) and is_cells(number.wording):
        return plain
    if (stop := _stop(number.wording)) is not None:
        return _run_in(plain, lines, stop, next_numbered and not parent)
    follower = None if next_numbered or i + 1 >= len(lines) else lines[i + 1]
    if follower is not None and (longer := _over_two_lines(plain, lines, layout)):
        return longer
    return replace(plain, heading=_is_heading(number, line, follower, layout))


def _over_two_lines(plain: Candidate, lines: Sequence[Line], layout: Layout) -> Candidate | None:
    """A heading that goes on in the next line: a title's second half, or a run-in heading; a title
    below its number may take two lines more, one set in the middle any."""
    i = plain.lines[1]
    line, follower = lines[i], lines[i + 1]
    if plain.style not in OUTER and layout.full(line):
        broken = _broken(plain, line, follower)
        if broken is not None:
            return broken
    if not is_second_half(plain, lines, i + 1, layout):
        return None
    longer = replace(
        plain,
        wording=plain.wording + follower.text,
        span=Span(plain.span.start, follower.span.end),
        lines=(plain.lines[0], i + 1),
        heading=True,
    )
    after = lines[i + 2] if i + 2 < len(lines) else None
    ends = after is None or numbered(after.text) is not None
    ends = ends or bool(plain.wording and after and after.span.start not in layout.centred)
    return longer if ends else _over_two_lines(longer, lines, layout) or longer


def _inside_sentence(lines: Sequence[Line], i: int, layout: Layout) -> bool:
    """Whether a line goes on with the sentence of the full line before it: none does that has the
    indent of a paragraph."""
    if i == 0 or layout.indents(lines[i]):
        return False
    before, text = lines[i - 1], lines[i].text
    ends = before.text.rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS or is_remark(before.text)
    hangs = text[0].isdecimal() and layout.goes_on(before, lines[i])
    full = layout.full(before) or hangs
    inside = full and not ends and not is_cells(before.text)
    return inside and numbered(before.text) is None


def _is_heading(number: Numbered, line: Line, follower: Line | None, layout: Layout) -> bool:
    """Whether a numbered line without a stop is a heading, not a paragraph's first line."""
    limits = lexicon("headings")["limits"]
    if not number.wording or len(number.wording) > limits["longest"]:
        return False
    if number.wording.startswith(tuple(limits["counted"])):
        return False
    if number.wording[-1] in limits["endings"]:
        return number.wording[-1] == ":" and len(number.wording) <= _COLON
    if number.style not in LOOSE:
        return True
    return ":" not in number.wording and (follower is None or not layout.full(line))


def _stop(wording: str) -> int | None:
    """Where the first sentence of a wording ends, None where the line ends no sentence."""
    stops = lexicon("headings")["limits"]["stops"]
    return next((i for i, character in enumerate(wording) if character in stops), None)


def _run_in(plain: Candidate, lines: Sequence[Line], stop: int, next_numbered: bool) -> Candidate:
    """A heading that its paragraph goes on behind, or that is a sentence alone on its line."""
    limits = lexicon("headings")["limits"]
    i = plain.lines[0]
    line, wording = lines[i], plain.wording
    rest = wording[stop + 1 :].strip()
    longest = limits["run_in"] if rest else limits["alone"]
    if not 0 < stop <= longest or re.search("[;:]", wording[:stop]):
        return plain
    if not rest and (next_numbered or i + 1 >= len(lines)):
        return plain
    end = line.span.end - (len(wording) - stop)
    return replace(
        plain,
        wording=wording[:stop],
        span=Span(line.span.start, end),
        heading=True,
        rest=_rest_of_line(line, end + 1) if rest else None,
    )


def _rest_of_line(line: Line, end: int) -> Line:
    """What a line holds behind a place."""
    text = line.text[end - line.span.start :]
    cut = strip_span(text, Span(0, len(text)))
    return Line(Span(end + cut.start, end + cut.end), text[cut.start : cut.end])


def _broken(plain: Candidate, line: Line, follower: Line) -> Candidate | None:
    """A run-in heading whose first sentence ends on the line behind a full one."""
    stop = _stop(follower.text)
    if stop is None or len(plain.wording) + stop > lexicon("headings")["limits"]["run_in"]:
        return None
    if ";" in plain.wording or not follower.text[stop + 1 :].strip():
        return None
    end = follower.span.start + stop
    return replace(
        plain,
        wording=plain.wording + follower.text[:stop],
        span=Span(line.span.start, end),
        lines=(plain.lines[0], plain.lines[0] + 1),
        heading=True,
        rest=_rest_of_line(follower, end + 1),
    )


def _split_candidate(candidate: Candidate) -> Iterator[Candidate]:
    """Headings that a line runs together."""
    may = candidate.heading and candidate.style in OUTER
    inner = pattern("headings", "together", "pattern").search(candidate.wording) if may else None
    following = numbered(candidate.wording[inner.start() :]) if inner else None
    outer = candidate.wording[: inner.start()].strip() if inner else ""
    if inner is None or following is None or not (following.wording and outer):
        yield candidate
        return
    cut = candidate.span.end - (len(candidate.wording) - inner.start())
    yield replace(candidate, wording=outer, span=Span(candidate.span.start, cut))
    yield from _split_candidate(
        replace(
            candidate,
            style=following.style,
            path=following.path,
            wording=following.wording,
            span=Span(cut, candidate.span.end),
        )
    )
