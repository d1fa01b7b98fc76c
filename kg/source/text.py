"""Text as published: decoding, spans, and a normalised view that keeps every offset."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Self

from kg.files import read_bytes
from kg.source.characters import NOT_AS_IT_STANDS, ideographs, look_alikes, unseen
from kg.source.encodings import decoded

_LAYOUT = re.compile(r"\s+")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_BLANK = re.compile(r"\s")
_SPACED_DIGITS = re.compile(r"\d \d(?!\d)")  # 2 0 0 1: letter-spaced by a scan, not two numbers


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of the source text: Unicode code points from its start, end exclusive."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Self) -> bool:
        """Whether the other span lies inside this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Self) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Erratum:
    """A place where the published text is damaged; published is "" where characters are missing.

    reason, reason_zh: why the correction is right, in English and in Chinese; "" where it is not
        given in that language.
    """

    span: Span
    published: str
    correction: str
    reason: str
    reason_zh: str = ""


@dataclass(frozen=True)
class Stretch:
    """A span as it is to be read: one line, normalised, its errata mended.

    starts, ends: those of each character in the source.
    """

    span: Span
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def locate(self, start: int, end: int) -> Span:
        """The source span of text[start:end], which must not be empty."""
        return Span(self.starts[start], self.ends[end - 1])


def compact(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def normal(text: str) -> str:
    """The text with look-alikes and full-width forms as what they are read as and traditional
    characters simplified, character for character."""
    return text.translate(look_alikes())


def stretch(text: str, span: Span, errata: Sequence[Erratum] = ()) -> Stretch:
    """Read a span of text: without the line breaks that typesetting left and characters that nobody
    sees, with its errata mended.

    Args:
        text: the whole text, normalised or as published.
        errata: the errata in order; those inside the span are applied. An insertion at the span's
            end belongs to it when it closes something, one at its start when it opens something.
    """
    raw = ideographs(text[span.start : span.end])
    inside = _inside(errata, span)
    if not inside and not NOT_AS_IT_STANDS.search(raw):
        return Stretch(span, raw, range(span.start, span.end), range(span.start + 1, span.end + 1))
    dropped = _layout_characters(raw).union(*(range(*gap) for gap in unseen(raw)))
    gone = [span.start + place for place in sorted(dropped)]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def publish(start: int, end: int) -> None:
        for gap in (*(place for place in gone if start <= place < end), end):
            words.append(_BLANK.sub(" ", raw[start - span.start : gap - span.start]))
            starts.extend(range(start, gap))
            ends.extend(range(start + 1, gap + 1))
            start = gap + 1

    position = span.start
    for erratum in inside:
        publish(position, erratum.span.start)
        words.append(erratum.correction)
        starts.extend([erratum.span.start] * len(erratum.correction))
        ends.extend([erratum.span.end] * len(erratum.correction))
        position = erratum.span.end
    publish(position, span.end)
    return Stretch(span, "".join(words), tuple(starts), tuple(ends))


def _inside(errata: Sequence[Erratum], span: Span) -> list[Erratum]:
    """The errata, given in order, that are applied to a span."""
    first = bisect_left(errata, span.start, key=attrgetter("span.start"))
    found = []
    for i in range(first, len(errata)):
        erratum = errata[i]
        if erratum.span.start > span.end:
            break
        if span.contains(erratum.span) and _belongs(erratum, span):
            found.append(erratum)
    return found


def _layout_characters(raw: str) -> set[int]:
    """The places of line breaks, and of blanks other than those between Latin words."""
    dropped: set[int] = set()
    for match in _LAYOUT.finditer(raw):
        before, after = raw[match.start() - 1 : match.start()], raw[match.end() : match.end() + 1]
        latin = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        digits = before.isdigit() and after.isdigit()
        if latin and not digits and "\n" not in match.group():
            dropped.update(range(match.start() + 1, match.end()))
        elif (
            not digits
            or "\n" in match.group()
            or _SPACED_DIGITS.match(raw, max(0, match.start() - 1))
        ):
            dropped.update(range(*match.span()))
    return dropped


def _belongs(erratum: Erratum, span: Span) -> bool:
    if len(erratum.span) or span.start < erratum.span.start < span.end:
        return True
    return opens_bracket(erratum.correction) == (erratum.span.start == span.start)


def opens_bracket(words: str) -> bool:
    """Whether words begin with a sign that opens something: put in, they are of what follows."""
    return words[:1] in ("“", "《", "(", "‘")


def is_remark(text: str) -> bool:
    """Whether a normalised line stands in brackets as a whole."""
    return text.startswith("(") and text.endswith(")")


def on_one_line(text: str) -> str:
    """A text as it is shown on one line: where it was broken beside a Chinese character, nothing
    parts the words; blanks that are printed stay."""
    return _LINE_BREAK.sub(_between_lines, text)


def shortened(text: str, most: int) -> str:
    """As much of a text as fits so many characters, with a sign that it goes on."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _between_lines(match: re.Match[str]) -> str:
    beside = match.string[max(0, match.start() - 1) : match.end() + 1]
    return " " if beside.isascii() else ""


def line_around(text: str, start: int, end: int, reach: int) -> tuple[str, str]:
    """The text before and after text[start:end] on its line, at most so many characters."""
    return text[max(0, start - reach) : start].rsplit("\n", 1)[-1], text[end : end + reach].split(
        "\n", 1
    )[0]


def strip_span(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    raw = text[span.start : span.end]
    start = span.start + len(raw) - len(raw.lstrip())
    return Span(start, max(start, span.end - (len(raw) - len(raw.rstrip()))))


def decode(path: Path) -> tuple[str, str]:
    """Read a source file.

    Returns:
        The text, every code point of the file in place, and the name of its encoding.

    Raises:
        PlanlinkError: the file is missing, empty, no file, or no text in an encoding that is read.
    """
    return decoded(read_bytes(path), str(path))
