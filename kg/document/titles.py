"""Titles over two lines: whether a line is a title's second half, or begins the text below it."""

import re
from collections.abc import Sequence

from kg.document.layout import Layout, is_cells, measure
from kg.document.numbering import LOOSE, OUTER, Numbered, named, numbered
from kg.document.tables import Line
from kg.lexicon import lexicon
from kg.source.text import is_remark

_AHEAD = 40  # lines in which another label is looked for


def is_second_half(title: Numbered, lines: Sequence[Line], i: int, layout: Layout) -> bool:
    """Whether line i, behind a title and without a number, is its second half."""
    first, follower = lines[i - 1 : i + 1]
    after = lines[i + 1] if i + 1 < len(lines) else None
    if not _may_be_half(follower) or layout.full(follower):
        return False
    if not title.wording or follower.span.start in layout.centred:
        return True
    rules = lexicon("headings")["title"]
    hangs = title.wording.endswith(tuple(rules["endings"])) or (
        re.match(rules["begins"], follower.text) is not None
    )
    broken = hangs or layout.full(first)
    worded = any(c.isalpha() for c in follower.text)
    says = "," in follower.text or re.search(rules["figure"], follower.text)
    alone = worded and len(follower.text) <= rules["half"] and not says
    by_itself = alone and (title.style in OUTER or _is_rest(title, follower, after))
    by_itself = by_itself and not _labels(lines, i, layout)
    halves = title.style in named() or 2 * measure(first.text) >= measure(follower.text)
    between = (
        alone
        and title.style not in LOOSE
        and after is not None
        and numbered(after.text) is not None
    )
    if not (broken or by_itself or (between and halves)):
        return False
    if is_remark(follower.text):
        return False
    if not hangs and after is not None and is_cells(after.text):
        return False  # a table's title
    narrow = hangs and alone and measure(follower.text) < measure(first.text)
    return narrow or _is_no_full_line(follower, after, layout)


def _is_rest(title: Numbered, follower: Line, after: Line | None) -> bool:
    """Whether a line above a paragraph ends a section's title that says no whole thing by itself,
    rather than being a label or a measure."""
    rules, acts = lexicon("headings")["title"], lexicon("actions")["verbs"]
    cut_off = len(title.wording) >= rules["broken"] and not title.wording.endswith(
        tuple(rules["whole"])
    )
    counted = title.style not in (*LOOSE, *named())
    return (
        counted
        and cut_off
        and after is not None
        and "。" in after.text
        and not follower.text.startswith((*acts["firm"], *acts["nominal"]))
    )


def _labels(lines: Sequence[Line], i: int, layout: Layout) -> bool:
    """Whether several lines like this one precede paragraphs of the section: labels."""
    for j in range(i + 2, min(i + _AHEAD, len(lines) - 1)):
        if numbered(lines[j].text) is not None:
            return False
        above, below = lines[j - 1].text, lines[j + 1].text
        short = _may_be_half(lines[j]) and not layout.full(lines[j])
        if short and above[-1] == below[-1] == "。":
            return True
    return False


def _is_no_full_line(follower: Line, after: Line | None, layout: Layout) -> bool:
    """Whether a line that goes on is shorter than the text's lines, or than the next."""
    if after is None or numbered(after.text) is not None:
        return True
    if layout.wrapped:
        return True
    hanging: int = lexicon("headings")["title"]["hanging"]
    return measure(follower.text) + 2 * hanging <= measure(after.text)


def _may_be_half(line: Line) -> bool:
    """Whether a line has the form of a title: short, and no sentence or row of cells."""
    limits = lexicon("headings")["limits"]
    ends = re.search(f"[{limits['stops']}]", line.text) or line.text[-1] in limits["endings"]
    return not ends and len(line.text) <= limits["longest"] and not is_cells(line.text)
