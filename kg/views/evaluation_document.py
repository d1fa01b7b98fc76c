"""The evaluation of a plan as a Word document that an officer can take along."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kg.views.annex import Figure
from kg.views.evaluation import Evaluation, Progress
from kg.views.evaluation_charts import progress_bars, set_widths, state_bar

_FONT = "宋体"
_BEFORE_YEARS = ("annex_number", "indicator", "baseline")
_BEHIND_YEARS = ("target", "progress_state", "progress_share", "progress_why")
_WIDTHS = ((1.0, 4.0, 2.2), 1.75, (2.4, 1.9, 1.6))  # of their columns, in centimetres
_ACROSS = 25.3  # between the margins
_TWICE = 2  # a share of the path up to which it stands as a percentage


@dataclass(frozen=True)
class Wording:
    """How the document words what it shows.

    label: the name of an entity by its IRI. text: the words of the pages, by key.
    states: the names of the states. zh: whether the sentences are Chinese.
    """

    label: Callable[[str], str]
    text: Callable[..., str]
    states: Mapping[str, str]
    figure: Callable[[Figure], str]
    zh: bool

    def listed(self, names: Iterable[str]) -> str:
        """Names one after another."""
        return ("、" if self.zh else ", ").join(names)

    def counted(self, counts: Mapping[str, int]) -> str:
        """How many are in each state, in words."""
        return self.listed(f"{self.states[state]} {count}" for state, count in counts.items())

    def share(self, share: Decimal | None) -> str:
        """How much of the path is gone; more than there and back is a figure of nothing."""
        if share is None:
            return "—"
        far = "progress_away" if share < 0 else "progress_beyond" if share > _TWICE else ""
        return self.text(far) if far else f"{share:.0%}"


def evaluation_document(
    found: Evaluation, title: str, words: Wording, first: int, imprint: str, about: tuple[str, str]
) -> bytes:
    """The evaluation of a year as a .docx file.

    Args:
        first: the plan's first year.
        imprint: the line below the title and at the foot of each page.
        about: for the file's properties, the publisher, and when the release was made (ISO, UTC).
    """
    document, text = docx.Document(), words.text
    language = "zh-CN" if words.zh else "en-GB"
    _page(document, imprint, language)
    known, (author, issued) = document.core_properties, about
    known.author = known.last_modified_by = author
    known.created = known.modified = datetime.fromisoformat(issued)
    known.language, known.title = language, title
    document.add_heading(text("progress_heading", title, found.year or ""), 0)
    if imprint:
        document.add_paragraph(imprint)
    document.add_paragraph(
        text("progress_summary", len(found.indicators), words.counted(found.counts))
    )
    state_bar(document, found.counts, words.states)
    shares = [
        (one.row.name, float(one.share), words.share(one.share), one.state)
        for one in found.indicators
        if one.share is not None
    ]
    if shares:
        document.add_heading(text("progress_chart"), 1)
        progress_bars(document, shares)
        document.add_paragraph(text("progress_chart_note"), style="Caption")
    _indicators(document, found, words, range(first, (found.year or first - 1) + 1))
    _behind(document, found, words)
    _goals(document, found, words)
    _measures(document, found, words)
    missing = words.listed(one.row.name for one in found.indicators if one.state == "NoData")
    document.add_heading(text("progress_missing"), 1)
    document.add_paragraph(missing or text("progress_none_missing"))
    written, made = io.BytesIO(), io.BytesIO()
    document.save(written)
    with ZipFile(written) as package, ZipFile(made, "w") as undated:
        for name in package.namelist():  # dated 1980, as the same evaluation is the same file
            undated.writestr(ZipInfo(name), package.read(name), ZIP_DEFLATED)
    return made.getvalue()


def _indicators(document: Any, found: Evaluation, words: Wording, years: Sequence[int]) -> None:
    """The table of indicators, with a column for each year."""
    before, yearly, behind = _WIDTHS
    widths = (*before, *(yearly for _ in years), *behind)
    document.add_heading(words.text("progress_indicators"), 1)
    _table(
        document,
        [*map(words.text, _BEFORE_YEARS), *map(str, years), *map(words.text, _BEHIND_YEARS)],
        [_row(one, years, words) for one in found.indicators],
        (*widths, _ACROSS - sum(widths)),
    )


def _behind(document: Any, found: Evaluation, words: Wording) -> None:
    """The indicators that are behind, each with why and the measures that serve it."""
    text = words.text
    behind = [one for one in found.indicators if one.state in ("Behind", "Missed", "PartlyMet")]
    document.add_heading(text("progress_behind"), 1)
    for one in behind:
        document.add_heading(one.row.name, 2)
        for assessment in one.assessments:
            document.add_paragraph(assessment.zh if words.zh else assessment.en)
        serving = words.listed(map(words.label, one.row.measures)) or text("none_serving")
        document.add_paragraph(f"{text('measures')}{text('colon')}{serving}")
    if not behind:
        document.add_paragraph(text("progress_none_behind"))


def _goals(document: Any, found: Evaluation, words: Wording) -> None:
    document.add_heading(words.text("progress_goals"), 1)
    _table(
        document,
        [*map(words.text, ("progress_goal", "progress_state", "progress_indicators"))],
        [
            (words.label(goal), words.states[state], words.counted(counts))
            for goal, state, counts in found.goals
        ],
        (10.0, 4.0, 11.2),
    )


def _measures(document: Any, found: Evaluation, words: Wording) -> None:
    text = words.text
    document.add_heading(text("progress_measures"), 1)
    document.add_paragraph(
        text("progress_measures_summary", len(found.measures), found.all_measures)
    )
    if found.measures:
        rows = [
            (words.label(one.measure), words.states[one.state], f"{one.source} {one.date}".strip())
            for one in found.measures
        ]
        heads = [*map(text, ("progress_measure", "progress_state", "progress_evidence"))]
        _table(document, heads, rows, (12.0, 3.0, 10.2))


def _page(document: Any, imprint: str, language: str) -> None:
    """A4 landscape, in a Chinese font, with the imprint and the page number at the foot."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        style = document.styles[name]
        style.font.name = _FONT
        properties = style.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
        spoken = {qn("w:val"): language, qn("w:eastAsia"): language}
        properties.append(properties.makeelement(qn("w:lang"), spoken))
    document.styles["Normal"].font.size = Pt(10.5)
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.add_run(f"{imprint}    ")
    foot._p.append(foot._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): "PAGE"}))


def _row(one: Progress, years: Iterable[int], words: Wording) -> tuple[str, ...]:
    name = f"{one.row.name}{words.text('progress_binding') if one.row.binding else ''}"
    language = "zh" if words.zh else "en"
    return (
        str(one.row.number),
        name,
        words.figure(one.row.baseline) if one.row.baseline else "—",
        *(one.words(v).of(language) if (v := one.in_year(year)) else "—" for year in years),
        words.figure(one.row.target) if one.row.target else "—",
        words.states[one.state],
        words.share(one.share),
        "\n".join(assessment.zh if words.zh else assessment.en for assessment in one.assessments),
    )


def _table(
    document: Any, heads: list[str], rows: Sequence[tuple[str, ...]], widths: Sequence[float]
) -> None:
    table = document.add_table(1, len(heads), style="Table Grid")
    for line in (heads, *rows):
        row = table.rows[0] if line is heads else table.add_row()
        row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))
        for cell, words in zip(row.cells, line, strict=True):
            cell.text = words
            if line is heads:
                cell.paragraphs[0].runs[0].bold = True
    set_widths(table, widths)
    repeated = table.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
