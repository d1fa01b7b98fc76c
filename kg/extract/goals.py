"""Goals of the period and the longer-range vision."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise

from kg.document.roles import Cues, heading_cue, own_period
from kg.document.sentences import is_reached
from kg.document.structure import Document, Paragraph, Section
from kg.document.tables import Line
from kg.document.task_tables import cells_of
from kg.extract.clauses import Clause, clauses, strip_time
from kg.extract.model import Goal
from kg.lexicon import grouped, lexicon, pattern
from kg.source.text import Span, Stretch, strip_span

_SHORTEST = 4  # characters of a vision's title


def find_goals(document: Document) -> tuple[Goal, ...]:
    """The goals in reading order, and a vision for each passage about the longer range."""
    fewest = lexicon("roles")["goal"]["fewest"]
    several = (_headed(document, form, fewest) for form in ("", "field"))
    stated = next(filter(None, (_period_goals(document, headed) for headed in several)), None)
    stated = stated or list(_prose_goals(document))
    stated = stated or _period_goals(document, _headed(document, "", 1))
    return (*stated, *_visions(document))


def _prose_goals(document: Document) -> Iterator[Goal]:
    """The goals of a plan that marks none, as plans of a sector do: one a sentence, titled by the
    first clause that says what is reached."""
    ordinal = 0
    for sentence in document.sentences:
        if document.role(sentence) != "goals" or not re.fullmatch("[^;]*。", sentence.text):
            continue
        for clause in clauses(sentence.text):
            bare = strip_time(clause.text).rstrip("。")
            if len(bare) >= _SHORTEST and is_reached(bare):
                ordinal += 1
                title = _located(sentence.read, clause, bare)
                yield Goal(str(ordinal), document.printed(title), title, (sentence.span,))
                break


def _located(read: Stretch, clause: Clause, words: str) -> Span:
    """The span of words of a clause, the last of them that are alike."""
    start = clause.start + clause.text.rfind(words)
    return read.locate(start, start + len(words))


def _period_goals(document: Document, headed: Set[str]) -> list[Goal]:
    """The goals that are marked, labelled, headed or open paragraphs; headed: the numbers of the
    sections that state one each."""
    stated = grouped(
        (paragraph.section, paragraph)
        for paragraph in document.paragraphs
        if paragraph.role in ("goals", "cells")
    )
    goals: list[Goal] = []
    for section in document.sections:
        marked = [p for p in stated[section.number] if p.role == "goals"]
        paragraphs = stated[section.number] if marked else []
        if section.number in headed:
            found = list(_run_on(document, section, paragraphs))
        else:
            found = (
                list(_marked(document, marked))
                or _labelled(document, paragraphs)
                or _in_rows(document, marked)
                or _opened(document, marked, "plain")
                or _goals_in_paragraph(document, marked)
                or _opened(document, marked, "staged")
            )
        for title, statement in found:
            wording = section.heading if title == section.heading_span else document.printed(title)
            goals.append(Goal(str(len(goals) + 1), wording, title, statement))
    return goals


_Found = tuple[Span, tuple[Span, ...]]  # the title's span, and those of the whole statement
_form = partial(pattern, "roles", "goal")


def _marked(document: Document, paragraphs: Sequence[Paragraph]) -> Iterator[_Found]:
    """Goals that a dash or a count marks: one a paragraph, or several in one."""
    for paragraph in paragraphs:
        read = document.read(paragraph.span)
        matches = list(_form("marked").finditer(read.text))
        if not matches and _form("numbered").match(read.text):
            matches = list(_form("numbered").finditer(read.text))
        yield from _titles_with_words(document, read, matches, 0)


def _run_on(
    document: Document, section: Section, paragraphs: Sequence[Paragraph]
) -> Iterator[_Found]:
    """The goal that heads a section, and those with numbers that its paragraphs run on into."""
    own, behind = [section.heading_span], list[_Found]()
    for paragraph in paragraphs:
        read = document.read(paragraph.span)
        matches = list(_form("numbered").finditer(read.text))
        first = matches[0].start() if matches else len(read.text)
        own += [strip_span(document.text, read.locate(0, first))] if first else []
        behind += _titles_with_words(document, read, matches, first)
    yield section.heading_span, tuple(own)
    yield from behind


def _goals_in_paragraph(document: Document, paragraphs: Sequence[Paragraph]) -> list[_Found]:
    """Goals that one paragraph counts up, each of them a state reached: between semicolons, between
    commas all of a sentence that follows the colon of what announces them, maybe a paragraph of its
    own, or in sentences of their own."""
    fewest = lexicon("roles")["goal"]["fewest"]
    reads = [document.read(paragraph.span) for paragraph in paragraphs]
    for i, read in enumerate(reads):
        start = "^" if i and reads[i - 1].text.endswith(":") else ":"
        begin = len(read.text) - len(strip_time(read.text).lstrip(","))
        ways = (
            (";", f"^.{{{begin}}}|[:。]", "joined"),
            (";", start, "part"),
            (",", start, "joined"),
        )
        for mark, ahead, form in ways:
            end = read.text.find("。", begin) + 1 if mark == "," else 0
            text = read.text[: end or None]
            matches = list(_reached(text, mark, ahead, form))
            first = matches[0].start() if matches else 0
            if len(matches) >= fewest and text.count(mark, first) == len(matches) - 1:
                return list(_titles_with_words(document, read, matches, first, len(text)))
        announced = re.compile("[^。:,;]*:").match(read.text, begin)
        opening = _opening(read.text, announced.end() if announced else begin)
        if len(opening) >= fewest:
            return list(_titles_with_words(document, read, opening, opening[0].start()))
    return []


def _reached(text: str, mark: str, ahead: str, form: str) -> Iterator[re.Match[str]]:
    """The states that a text says are reached, in a form: the first behind what is ahead, others
    behind marks, by patterns."""
    found = False
    for place in re.finditer(f"{ahead}|{mark}", text):
        if (found or place.group() != mark) and (match := _form(form).match(text, place.end())):
            found = True
            yield match


def _opening(text: str, begin: int) -> list[re.Match[str]]:
    """The states that open sentences from a place on: all that open so, where most of them say that
    they are reached; else those that are sentences of their own."""
    starts = [begin, *(i + 1 for i, c in enumerate(text[:-1]) if c == "。" and i >= begin)]
    parts = [m for at in starts if (m := _form("part").match(text, at))]
    reached = [m for m in parts if is_reached(m["title"])]
    behind = sum(at >= parts[0].start() for at in starts) if parts else 0
    if len(parts) == behind and 2 * len(reached) > behind:
        return parts
    return [m for m in reached if text.startswith("。", m.end("title"))]


def _titles_with_words(
    document: Document,
    read: Stretch,
    matches: Sequence[re.Match[str]],
    first: int,
    last: int | None = None,
) -> Iterator[_Found]:
    """Each title matched, with the words up to the next one; the first has those from `first`, the
    last those up to `last`, or all."""
    for i, match in enumerate(matches):
        end = matches[i + 1].start() if i + 1 < len(matches) else last or len(read.text)
        start = match.start() if i else first
        stated = strip_span(document.text, read.locate(start, end))
        yield read.locate(*match.span("title")), (stated,)


def _labelled(document: Document, paragraphs: Sequence[Paragraph]) -> list[_Found]:
    """Goals that a line above each names."""
    return _enough(
        (label.span, (label.span, paragraph.span))
        for label, paragraph in pairwise(paragraphs)
        if paragraph.role == "goals" and _heads(document, label, paragraph)
    )


def _in_rows(document: Document, paragraphs: Sequence[Paragraph]) -> list[_Found]:
    """Goals that a table's rows name, each in the cell before the one that says what it means."""
    text = document.text
    found: list[_Found] = []
    for paragraph in paragraphs:
        row = Span(text.rfind("\n", 0, paragraph.span.start) + 1, paragraph.span.end)
        cells = cells_of(text, Line(row, text[row.start : row.end])) or ()
        before = [cell for cell in cells if cell.span.end <= paragraph.span.start]
        if before and _form("cell").fullmatch(before[-1].text):
            found.append((before[-1].span, (before[-1].span, paragraph.span)))
    return _enough(found)


def _opened(document: Document, paragraphs: Sequence[Paragraph], form: str) -> list[_Found]:
    """Goals that each open a paragraph in a form, by patterns, or as a state reached."""
    reads = (document.read(paragraph.span) for paragraph in paragraphs)
    return _enough(
        (read.locate(*match.span("title")), (read.span,))
        for read in reads
        if (match := _form(form).match(read.text) or _form("joined").match(read.text))
    )


def _enough(found: Iterable[_Found]) -> list[_Found]:
    """The goals, where they are enough for one to be taken for a goal."""
    goals = list(found)
    return goals if len(goals) >= lexicon("roles")["goal"]["fewest"] else []


def _heads(document: Document, label: Paragraph, paragraph: Paragraph) -> bool:
    """Whether a line of its own is what the paragraph below it is called, and no table's cell."""
    text, below = document.read(label.span).text, document.read(paragraph.span).text
    named = _form("label").fullmatch(text) is not None and text[-1] != "。"
    return named and len(below) > 2 * len(text) and below[-1] == "。"


def _headed(document: Document, form: str, fewest: int) -> frozenset[str]:
    """The numbers of sections that each state one goal, so many at least beside each other: those
    without a role of their own or with a heading of a form, which says no state, and not parts of
    such a section; one alone below a heading that names goals, or where others follow in its
    paragraph. A new result is a goal among goals.
    """
    inner: dict[str, list[str]] = defaultdict(list)
    for section in document.sections:
        parent = document.section(section.parent) if section.parent else None
        if section.role != "goals" or parent is None or parent.role != "goals":
            continue
        above = heading_cue(parent.wording)[0]
        if above == "measures" or (fewest == 1 and above != "goals"):
            continue
        own = heading_cue(section.wording)[0] not in (None, "review")
        own = own and not (form and _form(form).match(section.wording))
        if section.style not in ("chapter", "box") and not own:
            inner[parent.number].append(section.number)
    running = {
        paragraph.section
        for paragraph in document.paragraphs
        if paragraph.role == "goals"
        and _form("numbered").search(document.read(paragraph.span).text, 1)
    }
    found = {
        number
        for numbers in inner.values()
        if len(numbers) >= fewest or running.intersection(numbers)
        for number in numbers
    }
    return frozenset(number for number in found if document.section(number).parent not in found)


def _visions(document: Document) -> list[Goal]:
    visions: list[Goal] = []
    stated = partial(_last_stage, document, Cues(own_period(document.text)))
    places = [i for i, p in enumerate(document.paragraphs) if p.role == "vision"]
    for number, group in groupby(places, key=lambda i: document.paragraphs[i].section):
        section, found = document.section(number), list(group)
        spans = tuple(s.span for i in found for s in document.sentences_of(i))
        if section.role != "vision":
            visions += [
                _stated_vision(document, stated(i) or document.paragraphs[i].span, len(visions) + n)
                for n, i in enumerate(found, 1)
            ]
        else:
            span = stated(found[0]) or document.paragraphs[found[0]].span
            one = _stated_vision(document, span, len(visions) + 1)
            visions.append(_headed_vision(section, replace(one, statement=spans)))
    for i, paragraph in enumerate(document.paragraphs):
        if paragraph.role == "goals" and (behind := stated(i)):
            visions.append(_stated_vision(document, behind, len(visions) + 1))
    titles = Counter(one.title for one in visions)
    headings = {section.heading_span: section.heading for section in document.sections}
    return [  # two of one name by their whole headings, which tell the years
        replace(one, title=headings.get(one.span, one.title)) if titles[one.title] > 1 else one
        for one in visions
    ]


def _last_stage(document: Document, cues: Cues, i: int) -> Span | None:
    """What paragraph i says of the longer range behind what it says of the period, in a sentence of
    its own or the same one; None for nothing."""
    span = document.paragraphs[i].span
    read = document.read(span)
    if last := pattern("roles", "vision", "staged").match(read.text):
        return read.locate(*last.span("stated"))
    behind = document.sentences_of(i)[1:]
    starts = (one.span.start for one in behind if "vision" in cues.scores(one.text))
    start = next(starts, None)
    return None if start is None else Span(start, span.end)


def _headed_vision(section: Section, stated: Goal) -> Goal:
    """A vision by what its section's heading says, where that is more than the year and a word."""
    title = re.sub(lexicon("roles")["vision"]["heading"], "", section.heading)
    if len(title) < _SHORTEST:
        return stated
    return replace(stated, title=clauses(title)[-1].text, span=section.heading_span)


def _stated_vision(document: Document, span: Span, ordinal: int) -> Goal:
    """A vision stated in another section, titled by its first clause that says what."""
    read = document.read(span)
    rules = lexicon("roles")["vision"]
    opening = re.compile(rules["opening"])
    parts = list(clauses(read.text))
    title = read.span
    for clause in parts:
        bare = opening.sub("", strip_time(clause.text)).rstrip("。")
        if clause is parts[-1] or (
            len(bare) >= _SHORTEST and not re.search(rules["when"], clause.text)
        ):
            title = _located(read, clause, bare or clause.text)
            break
    wording = document.printed(title)
    return Goal(f"vision-{ordinal}", wording, title, (span,), vision=True)
