"""Glyphs -> printed lines, each with its text, its place and the wide gaps in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from statistics import median

from kg.source.intake.pdf.glyphs import Glyph

_SAME_LINE = 0.35  # of an em: base lines no farther apart are one line's
_SMALL = 0.8  # of a line's size: smaller glyphs may be set above or below it as notes
_SMALL_MARKS = 0.95  # … where they are digits and signs
_SMALLER = 0.93  # of the text's size: notes and running heads are set no larger
_WORD_GAP = 0.2  # of an em, between letters and digits
_CHARACTER_GAP = 0.6  # of an em, where a Chinese character is next to it
_FULL_STEP = (1.2, 1.02)  # em, from one full-width character to the next: a blank's, a line's usual
_WIDE_GAP = 1.5  # of an em: between cells
_GUTTER = 0.9  # of an em: the narrowest space between columns of text
_BLANK = _FIRST_WIDE = "\u3000"
_QUOTES = ("\u201c", "\u2018")  # that open


@dataclass(frozen=True)
class Run:
    """Glyphs of a line with no wide gap between them."""

    glyphs: tuple[Glyph, ...]

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(g.right for g in self.glyphs)

    @cached_property
    def text(self) -> str:
        """Its characters, blanks where they are printed or where the gap is a word's."""
        return text_of(self.glyphs)


@dataclass(frozen=True)
class PrintedLine:
    """Glyphs on one base line, from left to right, without blanks at its ends.

    glyphs: all of them; blanks too.
    """

    glyphs: tuple[Glyph, ...]
    base: float = field(init=False)
    size: float = field(init=False)
    left: float = field(init=False)
    right: float = field(init=False)

    def __post_init__(self) -> None:
        inked = [g for g in self.glyphs if not g.text.isspace()]
        object.__setattr__(self, "size", median(g.size for g in inked))
        plain = [g.base for g in inked if g.size >= _SMALL * self.size]
        object.__setattr__(self, "base", median(plain))
        object.__setattr__(self, "left", inked[0].left)
        object.__setattr__(self, "right", max(g.right for g in inked))

    @property
    def top(self) -> float:
        """The upper edge of its em box."""
        return self.base - 0.86 * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of its em box."""
        return self.base + 0.14 * self.size

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The line, parted at its wide gaps."""
        return tuple(Run(tuple(run)) for run in parted_at_gaps(self.glyphs, _WIDE_GAP))

    @cached_property
    def stretches(self) -> tuple[tuple[float, float], ...]:
        """Where it is printed on, parted at gaps that may be a gutter between columns."""
        parts = parted_at_gaps(self.glyphs, _GUTTER)
        return tuple((part[0].left, max(g.right for g in part)) for part in parts)

    @cached_property
    def text(self) -> str:
        """Its characters; a wide gap is four blanks, as wide as no gap between words."""
        return "    ".join(run.text for run in self.runs)

    def indented(self, margin: float) -> str:
        """The text, with an ideographic blank for each em between it and a margin."""
        return _BLANK * min(20, max(0, round((self.left - margin) / self.size))) + self.text


def parted_at_gaps(glyphs: Iterable[Glyph], gap: float) -> list[list[Glyph]]:
    """Glyphs from left to right, parted at gaps of so many em; blanks at the ends left out."""
    parts: list[list[Glyph]] = []
    blanks: list[Glyph] = []
    end = 0.0
    for glyph in glyphs:
        if glyph.text.isspace():
            blanks.append(glyph)
            continue
        if not parts or glyph.left - end > gap * max(glyph.size, parts[-1][-1].size):
            parts.append([glyph])
            end = glyph.right
        else:
            parts[-1] += [*blanks, glyph]
            end = max(end, glyph.right)
        blanks = []
    return parts


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The characters of glyphs on one line, a blank where a gap between words has none."""
    written: list[str] = []
    last: Glyph | None = None
    blanks = ""
    tight = _is_tight(glyphs)
    for glyph in glyphs:
        if glyph.text.isspace():
            blanks += glyph.text
            continue
        if last is not None:
            gap = (glyph.left - last.right) / max(glyph.size, last.size)
            words = last.text.isascii() and glyph.text.isascii()
            if blanks and gap > 0.1:
                written.append(blanks)
            elif gap > (_WORD_GAP if words else _CHARACTER_GAP) or (
                tight and _step(last, glyph) > _FULL_STEP[0]
            ):
                written.append(" ")
        written.append(glyph.text)
        last, blanks = glyph, ""
    return "".join(written)


def _step(one: Glyph, other: Glyph) -> float:
    """How many em from a full-width character to the next; 0 where either is none."""
    if other.text in _QUOTES and one.text >= _FIRST_WIDE:  # which fonts set wide or narrow
        return 1 + (other.left - one.right) / one.size
    wide = min(one.text, other.text) >= _FIRST_WIDE
    return (other.left - one.left) / max(one.size, other.size) if wide else 0.0


def _is_tight(glyphs: Sequence[Glyph]) -> bool:
    """Whether full-width characters are set without space, so that what space there is is a
    blank's: a browser prints a blank as nothing but a step."""
    steps = [step for pair in pairwise(glyphs) if (step := _step(*pair))]
    return bool(steps) and median(steps) <= _FULL_STEP[1]


def lines_of(glyphs: Iterable[Glyph]) -> list[PrintedLine]:
    """The printed lines, top to bottom, with small raised or lowered glyphs in them."""
    rows: list[list[Glyph]] = []
    bases: list[float] = []
    for glyph in sorted((g for g in glyphs), key=lambda g: g.base):
        if rows and glyph.base - bases[-1] <= _SAME_LINE * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
            bases[-1] += (glyph.base - bases[-1]) / len(rows[-1])
        else:
            rows.append([glyph])
            bases.append(glyph.base)
    lines = [
        PrintedLine(tuple(sorted(row, key=lambda g: g.left)))
        for row in rows
        if not all(g.text.isspace() for g in row)
    ]
    return _with_raised(lines)


def _with_raised(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines; one of small glyphs that reaches into its neighbour is part of it."""
    kept: list[PrintedLine] = []
    for line in lines:
        if kept and (joined := _joined(kept[-1], line)):
            kept[-1] = joined
        else:
            kept.append(line)
    return kept


def _joined(upper: PrintedLine, lower: PrintedLine) -> PrintedLine | None:
    large, small = (upper, lower) if upper.size > lower.size else (lower, upper)
    words = any(map(str.isalpha, small.text))
    if small.size >= large.size * (_SMALL if words else _SMALL_MARKS):
        return None
    middle = small.base - 0.36 * small.size
    if not large.top - 0.1 * large.size <= middle <= large.bottom:
        return None
    if small.right < large.left - large.size or small.left > large.right + large.size:
        return None
    return PrintedLine(tuple(sorted((*large.glyphs, *small.glyphs), key=lambda g: g.left)))


def usual_size(pages: Iterable[Sequence[PrintedLine]]) -> float:
    """The size of most of a document's characters, in points."""
    sizes: Counter[float] = Counter()
    for line in chain.from_iterable(pages):
        sizes[round(2 * line.size) / 2] += len(line.glyphs)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def is_small(line: PrintedLine, usual: float) -> bool:
    """Whether a line is set smaller than the text, as notes and running heads are."""
    return line.size <= _SMALLER * usual
