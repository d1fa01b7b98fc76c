"""Headings without numbers: lines that the file marks as such, and short lines between the
paragraphs of a text that numbers none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.document.headings import Candidate
from kg.document.layout import Layout, ends_sentence, is_cells
from kg.document.numbering import MARKED, strong
from kg.document.preface import is_prose
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern
from kg.source.text import compact

_DEEPEST = 3  # titles that stand one above the other
# numbered as chapters are too
_COUNTED = ("topic", "task", "roman", "capital", "enumerated", "decimal")


def with_unnumbered(
    found: Iterable[Candidate], lines: Sequence[Line], layout: Layout, outline: Mapping[int, int]
) -> list[Candidate]:
    """Candidates for headings, with the lines that head the text's chapters where no number does.

    Args:
        found: the numbered lines, in order.
        lines: the lines of the text, and how they are set.
        outline: where the lines begin that the file marks as headings, with their depths; of no
            account where it does not mark what is numbered.
    """
    known = [replace(one, level=outline.get(one.span.start, 0)) for one in found]
    counted = [one for one in known if one.heading and one.style in (*strong(), *_COUNTED)]
    marks = 2 * sum(one.level > 0 for one in counted) >= len(counted)
    if marks and (marked := _marked(known, lines, layout, outline)):
        return sorted((*known, *marked), key=lambda one: one.lines)
    if counted:
        return known
    taken = {i for one in known for i in range(one.lines[0], one.lines[1] + 1)}
    titles = [i for i in _titles(lines, layout) if i not in taken]
    if len(titles) < lexicon("headings")["unnumbered"]["fewest"]:
        return known
    outer = {i for i in titles if i + 1 in titles}
    first = min(outer, default=len(lines))
    number = {"chapter": 0, "section": 0}
    for i in titles:
        style = "chapter" if i <= first or i in outer else "section"
        number[style] += 1
        if style == "chapter":
            number["section"] = 0
        known.append(Candidate(style, (number[style],), lines[i].text, lines[i].span, (i, i)))
    return sorted(known, key=lambda one: one.lines)


def _marked(
    known: Iterable[Candidate], lines: Sequence[Line], layout: Layout, outline: Mapping[int, int]
) -> list[Candidate]:
    """The lines without a number behind the plan's title that the file marks as headings, each
    counted among those of its depth; what is alone at the least depth is a title too."""
    numbered = {i for one in known for i in range(one.lines[0], one.lines[1] + 1)}
    begun = _begun(lines, layout) + 1
    levels = {
        i: outline[line.span.start]
        for i, line in enumerate(lines[begun:], begun)
        if line.span.start in outline and not (is_cells(line.text) or ends_sentence(line.text))
    }
    outer = [i for i, level in levels.items() if level == min(levels.values())]
    if len(outer) == 1 and outer[0] not in numbered:
        del levels[outer[0]]
    counts: Counter[int] = Counter()
    found = []
    for i, level in levels.items():
        counts = Counter({k: n for k, n in counts.items() if k <= level})
        counts[level] += 1
        if i not in numbered:
            wording, span = lines[i].text, lines[i].span
            found.append(Candidate(MARKED, (counts[level],), wording, span, (i, i), level=level))
    return found


def _begun(lines: Sequence[Line], layout: Layout) -> int:
    """The line of the plan's title, the last above its text; -1 for none."""
    title = pattern("headings", "preface", "title")
    first = next((i for i, line in enumerate(lines) if _is_text(line, layout)), len(lines))
    return max((i for i in range(first) if title.search(compact(lines[i].text))), default=-1)


def _titles(lines: Sequence[Line], layout: Layout) -> list[int]:
    """The lines above a paragraph, or above another such line, and behind the end of one; the
    plan's title aside."""
    found: list[int] = []
    for i in range(len(lines) - 2, _begun(lines, layout), -1):
        above = i + 1 in found and i + _DEEPEST not in found
        if _is_title(lines[i], layout) and (above or _is_text(lines[i + 1], layout)):
            found.append(i)
    return [i for i in reversed(found) if i - 1 in found or _begins_paragraph(lines, i, layout)]


def _begins_paragraph(lines: Sequence[Line], i: int, layout: Layout) -> bool:
    """Whether no paragraph goes on in a line."""
    return i == 0 or ends_sentence(lines[i - 1].text) or not _is_text(lines[i - 1], layout)


def _is_title(line: Line, layout: Layout) -> bool:
    """Whether a line may be a heading: some words that end no sentence, and no cells."""
    words = compact(line.text)
    if pattern("headings", "preface", "aside").match(words) or is_cells(line.text):
        return False
    if layout.full(line):
        return False
    return pattern("headings", "unnumbered", "pattern").fullmatch(words) is not None


def _is_text(line: Line, layout: Layout) -> bool:
    """Whether a paragraph begins with a line, or goes on in it."""
    return is_prose(line, layout) and (ends_sentence(line.text) or layout.full(line))
