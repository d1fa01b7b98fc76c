"""How a text is set: whether its lines are broken at one width, and which of them are full."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.document.tables import Line
from kg.lexicon import pattern

_CELLS = re.compile(r"\s(?<=\S.)(?:\s{2,}|(?<=\t))(?=\S)", re.DOTALL)
_GAP = re.compile(r"(?<=\S)(?:\s{3,}|\t\s*)(?=\S)")
_WIDE = re.compile(r"[^\x00-\u2e7f]+")
_FULL = 0.86  # of the text's width: a line so wide may be broken only because it is full
_SHARE = 0.3  # of all lines: so many are full where a text is set to a width
_OVER = 4  # half characters by which signs of half a width may pass the text's width
_FEW = 8  # full lines that show a width, indented ones that show an indent
_PART = 0.5  # of the text's width: a line so wide is no label
_INDENT = re.compile(r"[^\S\n]{2,}$")
_ENDS = "。!?;:"


def is_cells(text: str) -> bool:
    """Whether a line is a row of cells, recognised by wide gaps between them."""
    return _CELLS.search(text) is not None


def last_cell(text: str) -> int:
    """Where the last cell of a row begins."""
    return max((gap.end() for gap in _GAP.finditer(text)), default=0)


def ends_sentence(text: str) -> bool:
    """Whether a line ends a sentence: by no colon inside a number (11.2:)."""
    return text[-1] in _ENDS and pattern("headings", "broken", "number").search(text) is None


def measure(text: str) -> int:
    """The width of a line in halves of a Chinese character."""
    return 2 * len(text) - len(_WIDE.sub("", text))


@dataclass(frozen=True)
class Layout:
    """The width of a text's lines, in half characters; None with a paragraph on each line.

    hanging: where lines begin without the indent that paragraphs have; none where they have none.
    centred: where lines begin that are set in further than paragraphs, right below such a line.
    """

    width: int | None
    hanging: frozenset[int] = frozenset()
    centred: frozenset[int] = frozenset()

    @property
    def wrapped(self) -> bool:
        """Whether the lines are broken at a width."""
        return self.width is not None

    def full(self, line: Line) -> bool:
        """Whether a line is as wide as the text, so that it may go on in the next."""
        return self.width is not None and measure(line.text) >= _FULL * self.width

    def filled(self, line: Line) -> bool:
        """Whether a line takes up all of the text's width, its last character or so aside."""
        return self.width is not None and measure(line.text) >= self.width - 2

    def indents(self, line: Line) -> bool:
        """Whether a line has the indent that paragraphs begin with."""
        return bool(self.hanging) and line.span.start not in self.hanging

    def goes_on(self, line: Line, following: Line) -> bool:
        """Whether a line ends inside a sentence that only an indent could keep from going on."""
        long = self.width is not None and measure(line.text) >= _PART * self.width
        return long and not ends_sentence(line.text) and following.span.start in self.hanging


def _is_running_text(text: str) -> bool:
    """Whether a line is of running text: it holds a stop, or ends a sentence."""
    return "," in text or ends_sentence(text)


def layout_of(lines: Sequence[Line], text: str) -> Layout:
    """The layout of a text, judged by its lines that end no sentence and by their indents."""
    centred = _centred(lines, text)
    widths = Counter(
        measure(line.text)
        for line in lines
        if not ends_sentence(line.text) and not is_cells(line.text)
    )
    if not widths:
        return Layout(None, centred=centred)
    # the width that most broken lines have, give or take a character
    width = max(widths, key=lambda w: (sum(widths[w + d] for d in range(-2, 3)), w))
    full = sum(n for w, n in widths.items() if _FULL * width <= w <= width + _OVER)
    long = sum(measure(line.text) > 2 * width for line in lines)
    if full < _FEW or full < _SHARE * widths.total() or long > 0.02 * len(lines):
        return Layout(None, centred=centred)
    starts = [line.span.start for line in lines]
    hanging = frozenset(one for one in starts if not _INDENT.search(text, max(0, one - 4), one))
    return Layout(width, hanging if len(starts) - len(hanging) >= _FEW else frozenset(), centred)


def _centred(lines: Sequence[Line], text: str) -> frozenset[int]:
    """Where lines begin that are set in further than any that ends a sentence, right below another
    such line."""
    indents = [
        measure(text[text.rfind("\n", 0, line.span.start) + 1 : line.span.start]) for line in lines
    ]
    deepest = max(
        (n for n, line in zip(indents, lines, strict=True) if _is_running_text(line.text)),
        default=0,
    )
    return frozenset(
        line.span.start
        for i, line in enumerate(lines[1:], 1)
        if min(indents[i], indents[i - 1]) > deepest
        and text.count("\n", lines[i - 1].span.end, line.span.start) == 1
    )
