"""Headings -> sections: their numbers, their spans, and where boxes end."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from kg.document.headings import Candidate
from kg.document.hierarchy import Heading
from kg.document.layout import Layout
from kg.document.model import Section
from kg.document.numbering import named
from kg.document.sentences import is_entry_before_text
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern
from kg.source.text import Span

_FORMED = 2  # entries of one form that make a box a list


def build_sections(
    headings: Sequence[Heading],
    length: int,
    lines: Sequence[Line],
    layout: Layout,
    wording: Callable[[Candidate], str],
) -> list[Section]:
    """Number the headings by the document's own numerals and give each its span.

    Args:
        headings: the headings in reading order.
        lines: the lines of running text, headings aside, and their layout, by which boxes end.
        wording: a heading's wording as it is to be shown.

    Returns:
        The sections in reading order; their roles are empty.
    """
    sections: list[Section] = []
    taken: Counter[str] = Counter()
    styles: Counter[str] = Counter()
    ends = _section_ends(headings, length)
    boxes = _box_ends(headings, ends, lines, layout)
    for i, heading in enumerate(headings):
        candidate = heading.candidate
        parent = sections[heading.parent] if heading.parent is not None else None
        styles[candidate.style] += 1
        number = _number(candidate, parent, styles[candidate.style])
        taken[number] += 1
        if taken[number] > 1:
            number = f"{number}-{taken[number]}"
        span = Span(candidate.span.start, boxes.get(i, ends[i]))
        sections.append(
            Section(
                number,
                candidate.style,
                wording(candidate),
                candidate.span,
                span,
                parent.number if parent else None,
                "",
            )
        )
    return sections


def _number(candidate: Candidate, parent: Section | None, ordinal: int) -> str:
    """A section's number: its numerals behind its parent's, or an ordinal without any."""
    style = candidate.style
    apart = {
        "part": f"p{candidate.number}",
        "box": f"box{candidate.number or ordinal}",
        "appendix": f"appendix{ordinal}",
        "chapter": str(candidate.number),
    }
    if style in apart or style in named():
        return apart.get(style, style)
    if parent is None:
        return ".".join(map(str, candidate.path))
    if parent.style == "part" and style != "section":
        return str(candidate.number)
    return f"{parent.number}.{candidate.number}"


def _section_ends(headings: Sequence[Heading], length: int) -> list[int]:
    """Where each heading's section ends: where the next begins that does not stand in it."""
    ends = [length] * len(headings)
    still_open: list[int] = []
    for i, heading in enumerate(headings):
        while still_open and still_open[-1] != heading.parent:
            ends[still_open.pop()] = heading.candidate.span.start
        still_open.append(i)
    return ends


def _box_ends(
    headings: Sequence[Heading], ends: Sequence[int], lines: Sequence[Line], layout: Layout
) -> dict[int, int]:
    """Where boxes, and the headings in them, end before the next heading: behind the last entry of
    their list."""
    found: dict[int, int] = {}
    starts = [line.span.start for line in lines]
    i = 0
    while i < len(headings):
        first, end = i, ends[i]
        i += 1
        if headings[first].candidate.style != "box":
            continue
        while i < len(headings) and headings[i].candidate.span.start < end:
            i += 1
        last = headings[i - 1].candidate.span.end  # what is behind the last heading may be no list
        begin = headings[first].candidate.span.end
        inside = lines[bisect_left(starts, begin) : bisect_left(starts, end)]
        stop = _end_of_names(inside, last, layout)
        rests = [headings[k].candidate.rest for k in range(first + 1, i)]
        if stop is None and all(rests):
            stop = _end_of_list(inside, {rest.span.start for rest in rests if rest})
        if stop is not None:
            found |= {k: stop for k in range(first, i) if ends[k] > stop}
    return found


def _end_of_names(lines: Sequence[Line], last: int, layout: Layout) -> int | None:
    """Where entries that only name things end, none of them a sentence, and the first sentence
    behind a place follows; None where they are no such list."""
    form, limits = pattern("headings", "box", "entry"), lexicon("headings")["limits"]
    entries = 0
    for i, line in enumerate(lines):
        if line.text[-1] in limits["endings"]:
            behind = line.span.start > last and entries >= _FORMED and line.text[-1] == "。"
            new = behind and not form.match(line.text) and not layout.full(lines[i - 1])
            return lines[i - 1].span.end if new else None
        entries += bool(form.match(line.text)) or "、" in line.text
    return None


def _end_of_list(lines: Sequence[Line], rests: Collection[int]) -> int | None:
    """Where a list ends and text of another form goes on; None where it doesn't.

    Args:
        rests: where entries go on behind their headings.
    """
    form = pattern("headings", "box", "entry")
    entries, last_entry, begins = 0, -1, True
    stop: int | None = None
    for i, line in enumerate(lines):
        if form.match(line.text) or line.span.start in rests:
            if stop is not None and rests:
                return None  # entries of several paragraphs
            entries, last_entry, stop = entries + 1, i, None
        elif begins and stop is None and entries >= _FORMED:
            stop = lines[i - 1].span.end
        behind = lines[i + 1] if i + 1 < len(lines) else None
        ends = line.text[-1] in lexicon("headings")["limits"]["stops"]
        begins = ends or (behind is not None and is_entry_before_text(line, behind))
    return stop if last_entry >= 0 else None
