"""The stages that a plan's goals are stated for: of each sentence, the year that its own words may
leave to what stands before it."""

from functools import partial

from kg.document.roles import first_year, own_period
from kg.document.structure import Document
from kg.lexicon import pattern
from kg.quantities.numerals import chinese_number
from kg.source.patterns import year

_form = partial(pattern, "roles", "stage")


def stages(document: Document) -> dict[str, int]:
    """The year of the stage that each sentence of goals or a vision is about, by its number; those
    left out are about no stage.

    A stage is given by the sentence, by one before it in its paragraph, by a paragraph of its
    section that announces others, or by the heading of a section around it.
    """
    found: dict[str, int] = {}
    period = own_period(document.text)
    begins = None if period is None else first_year(period)
    known: dict[str | None, int | None] = {None: None}
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.role not in ("goals", "vision"):
            continue
        stage = _of_section(document, paragraph.section, known)
        text = ""
        for sentence in document.sentences_of(index):
            text = sentence.text
            stage = _stage_after(text, stage, begins)
            if stage is not None:
                found[sentence.number] = stage
        if text.endswith(":"):
            known[paragraph.section] = stage
    return found


def _stage_after(text: str, stage: int | None, begins: int | None) -> int | None:
    """The stage that a sentence and those behind it are about, if it was another before: that which
    it opens, or none where it turns to the whole period.

    Args:
        begins: the first year of the plan's period, from which so many years ahead are counted;
            None where the text does not tell it.
    """
    if begins and (match := _form("ahead").match(text)):
        return begins - 1 + (chinese_number(match["years"]) or 0)
    if match := _form("opening").match(text):
        return year(match["year"])
    return None if _form("whole").match(text) else stage


def _of_section(document: Document, number: str, known: dict[str | None, int | None]) -> int | None:
    """The stage of a section where none of its paragraphs has given one: its heading's, or that of
    the section around it."""
    if number not in known:
        section = document.section(number)
        outer = _of_section(document, section.parent, known) if section.parent else None
        known[number] = _of_heading(section.wording) or outer
    return known[number]


def _of_heading(heading: str) -> int | None:
    """The year that a heading is about, where it names but one and no whole period."""
    if _form("period").search(heading):
        return None
    years = [year(match["year"]) for match in _form("named").finditer(heading)]
    return years[0] if len(years) == 1 else None
