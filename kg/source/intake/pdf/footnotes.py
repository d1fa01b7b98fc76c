"""Notes at the feet of pages: set smaller than the text, under marks that it bears."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from kg.lexicon import lexicon
from kg.source.intake.numerals import raised
from kg.source.intake.pdf.glyphs import Glyph
from kg.source.intake.pdf.lines import PrintedLine, is_small, usual_size

_RAISED = 0.75  # of a line's size: marks are set no larger
_MARK = re.compile(r"[\[〔(]?(?P<mark>\d{1,2}|[①-⑳])[\]〕)]?[.、]?\s*(?=\D)")


@dataclass(frozen=True)
class Note:
    """A note: the index of its page, and its line as it is at the end of the text."""

    page: int
    line: str


def without_footnotes(
    pages: Sequence[Sequence[PrintedLine]],
) -> tuple[list[list[PrintedLine]], list[Note]]:
    """The lines of each page without the notes at its foot, their marks in the text counted
    through the document as small raised numbers; and the notes.

    Small lines at a page's foot are notes where the first begins with a mark that stands, raised
    or in a circle, in the text above.
    """
    usual = usual_size(pages)
    numbers = count(1)
    kept: list[list[PrintedLine]] = []
    notes: list[Note] = []
    for page, lines in enumerate(pages):
        first = _first_note(lines, usual)
        marks = {}
        for mark, text in _notes(lines[first:]):
            number = next(numbers)
            marks[mark] = raised(str(number))
            words = lexicon("pages")["notes"]["line"]
            notes.append(Note(page, words.format(number=number, text=text)))
        kept.append([_marked(line, marks) for line in lines[:first]])
    return kept, notes


def _first_note(lines: Sequence[PrintedLine], usual: float) -> int:
    """The index of the first note at a page's foot; the number of lines where there is none."""
    at = len(lines)
    while at and is_small(lines[at - 1], usual):
        at -= 1
    borne = {mark for line in lines[:at] for _, mark in _marks(line)}
    for i in range(at, len(lines)):
        found = _MARK.match(lines[i].text)
        if found and found["mark"] in borne:
            return i
    return len(lines)


def _notes(lines: Sequence[PrintedLine]) -> Iterator[tuple[str, str]]:
    """The marks and texts of the notes that lines make: each mark follows the one before."""
    mark = text = ""
    for line in lines:
        found = _MARK.match(line.text)
        if found and (not mark or _follows(found["mark"], mark)):
            if mark:
                yield mark, text
            mark, text = found["mark"], line.text[found.end() :].strip()
        elif mark:
            text += line.text
    if mark:
        yield mark, text


def _follows(mark: str, before: str) -> bool:
    if mark.isdecimal() and before.isdecimal():
        return int(mark) == int(before) + 1
    return not mark.isdecimal() and ord(mark) == ord(before[0]) + 1


def _marks(line: PrintedLine) -> Iterator[tuple[tuple[int, int], str]]:
    """The marks in a line: small raised digits and circled ones, with their glyphs' places."""
    start: int | None = None
    for i, glyph in enumerate((*line.glyphs, None)):
        if glyph is not None and _is_raised(glyph, line):
            start = i if start is None else start
            continue
        if start is not None:
            yield (start, i), "".join(g.text for g in line.glyphs[start:i])
        start = None
        if glyph is not None and "①" <= glyph.text <= "⑳":
            yield (i, i + 1), glyph.text


def _is_raised(glyph: Glyph, line: PrintedLine) -> bool:
    small = glyph.size <= _RAISED * line.size and glyph.base < line.base
    return small and glyph.text.isdecimal()


def _marked(line: PrintedLine, marks: dict[str, str]) -> PrintedLine:
    """A line with its marks as numbers of the document's notes, other raised digits raised."""
    glyphs: list[Glyph | None] = list(line.glyphs)
    for (start, end), mark in _marks(line):
        written = marks.get(mark, raised(mark) if mark.isdecimal() else mark)
        glyphs[start:end] = [replace(line.glyphs[start], text=written), *[None] * (end - start - 1)]
    return PrintedLine(tuple(g for g in glyphs if g))
