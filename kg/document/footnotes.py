"""Footnote marks: small or circled digits that a text without layout has run into its words."""

import re
from collections.abc import Iterator, Sequence

from kg.document.lines import counted, counts, is_furniture
from kg.document.numbering import longest_rise, numbered, strong
from kg.document.tables import Line
from kg.lexicon import pattern
from kg.source.text import Erratum, Span

_MARK = re.compile(
    r"\d(?<=(?:[^\W\d_a-zA-Z]|[”》)%‰])\d)\d{0,2}"
    r"(?![\d.%‰+~—\-/a-zA-Z°\[\u00b2\u00b3\u00b9\u2070-\u2079①-⑳])"
)
_OWN = r"(?:[\u2460-\u2473\u3251-\u325f]|\[\d{1,3}\])"
_LEADS = re.compile(rf"(?<=[\w%”》)]){_OWN}(?=[,。;、:!?)”》]|(?P<goes_on>\w|$))")
_BEGINS = re.compile(rf"{_OWN}|[\u00b2\u00b3\u00b9\u2070-\u2079]{{1,3}}")
_FEWEST = 2  # marks that make a row
_RULE = re.compile(r"[-—–_=*~·]{5,}")
_NOTE = re.compile(r"\d{1,3}(?!\.\d|%)\s*\D|[①-⑳\u00b2\u00b3\u00b9\u2074-\u2079]")
_TERM = re.compile(r"(?P<number>\d{1,3})\s*[.、]?\s*(?P<term>[^:]{2,24}):")
_LONGEST_NOTES = 12  # lines of notes at a page's foot
FOOTNOTE = "footnote"  # the reason why notes and what leads to them are passed over


def footnote_marks(lines: Sequence[Line]) -> list[Erratum]:
    """Digits in running text that count footnotes: behind a word, counting nothing, rising."""
    found = [mark for line, behind in _followed(lines) for mark in _marks(line, behind)]
    return [mark for mark, _ in _rising([(mark, mark.span) for mark in found])]


def notes_of_pages(lines: Sequence[Line]) -> list[tuple[Erratum, Span]]:
    """Digits that lead to notes at page feet or the text's end, with their line."""
    found: list[tuple[Erratum, Span]] = []
    named: list[tuple[Erratum, Span]] = []
    waiting: dict[str, tuple[Erratum, Line]] = {}
    for line, behind in _followed(lines):
        note = pattern("headings", "footnotes", "note").match(line.text)
        if note is None:
            waiting |= {mark.published: (mark, line) for mark in _marks(line, behind)}
        elif (waited := waiting.pop(note["number"], None)) is not None:
            mark, marked = waited
            found.append((mark, line.span))
            term = _TERM.match(line.text)
            if term and term["term"].strip("“”") in marked.text:
                named.append(found[-1])
    return _rising(found) or named


def _rising(found: list[tuple[Erratum, Span]]) -> list[tuple[Erratum, Span]]:
    """The marks whose numbers rise, with what they lead to; none where they are too few."""
    chain = longest_rise([int(mark.published) for mark, _ in found])
    return [found[i] for i in chain] if len(chain) >= _FEWEST else []


def notes_below_rules(lines: Sequence[Line]) -> list[Erratum]:
    """The notes at the feet of pages, between a line that only rules and one that only numbers the
    page or heads what follows, and the digits behind the words that they explain."""
    found: list[Erratum] = []
    begun: list[Line] | None = None
    for i, line in enumerate(lines):
        number = numbered(line.text)
        if not is_furniture(line) and (number is None or number.style not in strong()):
            if begun is not None and (begun or _NOTE.match(line.text)):
                begun.append(line)
            else:
                begun = None
            continue
        if begun and len(begun) <= _LONGEST_NOTES and not _RULE.fullmatch(line.text):
            found += (Erratum(note.span, note.text, "", FOOTNOTE) for note in begun)
            found += _explained(lines[:i], begun)
        begun = [] if _RULE.fullmatch(line.text) else None
    return found


def _explained(lines: Sequence[Line], notes: Sequence[Line]) -> Iterator[Erratum]:
    """The digits of notes behind the words in the lines before that the notes explain."""
    for note in notes:
        match = _TERM.match(note.text)
        if match is None:
            continue
        marked = match["term"] + match["number"]
        line = next((one for one in reversed(lines) if marked in one.text), None)
        if line is not None:
            start = line.span.start + line.text.rindex(marked) + len(match["term"])
            yield Erratum(Span(start, start + len(match["number"])), match["number"], "", FOOTNOTE)


def own_marks(lines: Sequence[Line]) -> tuple[list[Erratum], list[Line]]:
    """The circled and bracketed digits in running text that lead to lines which begin with them,
    and the lines that are notes: what begins with a bracketed or raised number, as no list does,
    and with a circled one, where its mark does not go on as a list in running text does or the line
    explains the words before the mark."""
    marks: list[Erratum] = []
    notes: list[Line] = []
    waiting: dict[str, list[tuple[Erratum, bool, str]]] = {}
    for line in lines:
        if begun := _BEGINS.match(line.text):
            led = waiting.pop(begun[0], [])
            term = line.text[begun.end() :].partition(":")[0].strip()
            marks += [mark for mark, _, _ in led]
            explains = any(ends or (term and words.endswith(term)) for _, ends, words in led)
            if explains or (begun[0] < "\u2460" and re.search("[,:。]", line.text)):
                notes.append(line)
        for match in _LEADS.finditer(line.text):
            found = _mark(line, match), match["goes_on"] is None, line.text[: match.start()]
            waiting.setdefault(match[0], []).append(found)
    return marks, notes


def marks_in_figures(lines: Sequence[Line]) -> list[Erratum]:
    """The marks of notes that stand between a figure and its unit, or end a clause."""
    return [
        _mark(line, match)
        for line in lines
        for key, following in (("in_figure", counted()), ("ends_clause", ("",)))
        for match in pattern("headings", "footnotes", key).finditer(line.text)
        if line.text.startswith(following, match.end())
    ]


def _followed(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """The lines, each with what the next begins with."""
    return zip(lines, (*(line.text for line in lines[1:]), ""), strict=True)


def _marks(line: Line, behind: str) -> Iterator[Erratum]:
    """The digits of a line that lead to notes by their form; what they count may stand behind it,
    on the next line."""
    for match in _MARK.finditer(line.text):
        if match.group()[0] != "0" and not counts(line.text, *match.span(), behind):
            yield _mark(line, match)


def _mark(line: Line, match: re.Match[str]) -> Erratum:
    start = line.span.start
    return Erratum(Span(start + match.start(), start + match.end()), match.group(), "", FOOTNOTE)
