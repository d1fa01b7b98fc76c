"""The evaluation of a plan as a Word document that an officer can take along. Its charts are drawn
by shaded cells of tables: they print as they look, need no picture, and their words can be
searched and read aloud."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from flask import g

from kg.files import packaged
from kg.network.drawing import FILLS
from kg.release.manifest import PlanEntry
from kg.views.evaluation import Evaluation, Progress
from kg.web.context import imprint, plan_title, reader, release, settings, text
from kg.web.pages.figures import figure_worded, verdict_worded

# light enough for words in black
_SHADES = {state: colour.removeprefix("#").upper() for state, colour in FILLS.items()}
_OTHER, _PATH = "ECE9E4", "F3F1ED"  # states without a colour, and what is left of a path
_NARROWEST = 2.2  # centimetres: a state's words have room
_BAR, _NAME, _SHARE = 14.0, 8.0, 3.0  # centimetres
_BEFORE_YEARS = ("annex_number", "indicator", "baseline")
_BEHIND_YEARS = ("target", "progress_state", "progress_share", "progress_why")
_WIDTHS = ((1.0, 4.0, 2.2), 1.75, (2.4, 1.9, 1.6))  # of their columns, in centimetres
_ACROSS = 25.3  # between the margins
_TWICE = 2  # a share of the path up to which it stands as a percentage


def state_bar(document: Any, counts: Mapping[str, int], named: Mapping[str, str]) -> None:
    """A bar of how many indicators are in each state, its parts as wide as the counts
    where their words have room; states by their names."""
    if not counts:
        return
    across, total = _BAR + _NAME + _SHARE, sum(counts.values())
    spare = across - _NARROWEST * len(counts)
    table = document.add_table(1, len(counts))
    set_widths(table, [_NARROWEST + spare * count / total for count in counts.values()])
    for cell, (state, count) in zip(table.rows[0].cells, counts.items(), strict=True):
        cell.text = f"{named[state]} {count}"
        _shade(cell, _SHADES.get(state, _OTHER))
    table.rows[0].height, table.rows[0].height_rule = Cm(0.9), WD_ROW_HEIGHT_RULE.AT_LEAST


def progress_bars(document: Any, bars: Sequence[tuple[str, float, str, str]]) -> None:
    """A bar for each indicator, by its name: how much of the path from baseline to target is gone
    (1 is the target; less than 0 and more than 1 are drawn as these), how that is said, and its
    state."""
    table = document.add_table(len(bars), 3)
    set_widths(table, [_NAME, _BAR, _SHARE])
    for row, (name, share, worded, state) in zip(table.rows, bars, strict=True):
        row.cells[0].text, row.cells[2].text = name, worded
        _bar(row.cells[1], min(max(share, 0.0), 1.0), _SHADES.get(state, _OTHER))
        add(row._tr.get_or_add_trPr(), "cantSplit")


def _bar(cell: Any, share: float, shade: str) -> None:
    parts = [one for one in ((share, shade), (1 - share, _PATH)) if one[0] > 0]
    inner = cell.add_table(1, len(parts))
    set_widths(inner, [(_BAR - 0.5) * width for width, _ in parts])
    for part, (_, colour) in zip(inner.rows[0].cells, parts, strict=True):
        _shade(part, colour)
    for paragraph in cell.paragraphs:  # Word wants one behind a table; it takes no room
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(2)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Widths of columns in centimetres, of each cell as well: Word goes by these."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _shade(cell: Any, colour: str) -> None:
    add(cell._tc.get_or_add_tcPr(), "shd", val="clear", color="auto", fill=colour)


def add(parent: Any, name: str, **values: str) -> None:
    """Add an element of WordprocessingML that python-docx has no call for, with its attributes."""
    attributes = {qn(f"w:{key}"): value for key, value in values.items()}
    parent.append(parent.makeelement(qn(f"w:{name}"), attributes))


def evaluation_document(found: Evaluation, plan: PlanEntry, states: Mapping[str, str]) -> bytes:
    """The evaluation of a year as a .docx file, in the visitor's language, the states by name."""
    document, written, made = docx.Document(), io.BytesIO(), io.BytesIO()
    _page(document, plan)
    _Report(document, found, states).write(plan)
    document.save(written)
    with ZipFile(written) as package, ZipFile(made, "w") as undated:
        for name in package.namelist():  # dated 1980, as the same evaluation is the same file
            undated.writestr(ZipInfo(name), package.read(name), ZIP_DEFLATED)
    return made.getvalue()


def _page(document: Any, plan: PlanEntry) -> None:
    """What the file says of itself, and its pages: A4 landscape, in a Chinese font, with the
    imprint and the page number at the foot."""
    language = "zh-CN" if g.language == "zh" else "en-GB"
    known = document.core_properties
    known.author = known.last_modified_by = settings().publisher.name[g.language]
    known.created = known.modified = datetime.fromisoformat(release().manifest.issued)
    known.language, known.title = language, plan_title(plan)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.2)
    font = packaged("kg.web", "document")["font"]
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        style = document.styles[name]
        style.font.name = font
        properties = style.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
        add(properties, "lang", val=language, eastAsia=language)
    document.styles["Normal"].font.size = Pt(10.5)
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.add_run(f"{imprint(plan).line(g.language)}    ")
    add(foot._p, "fldSimple", instr="PAGE")


@dataclass(frozen=True)
class _Report:
    """What the document says."""

    document: Any
    found: Evaluation
    states: Mapping[str, str]

    def write(self, plan: PlanEntry) -> None:
        """All of it, part by part."""
        found, say = self.found, self.document.add_paragraph
        untitled = f"{plan_title(plan)}{text('colon')}{text('progress_title')}"
        title = text("progress_heading", plan_title(plan), found.year) if found.year else untitled
        self.document.add_heading(title, 0)
        say(imprint(plan).line(g.language))
        if found.indicators:
            say(text("progress_summary", len(found.indicators), self._counted(found.counts)))
            state_bar(self.document, found.counts, self.states)
        shares = [
            (one.row.name, float(one.share), _share(one.share), one.state)
            for one in found.indicators
            if one.share is not None
        ]
        if shares:
            self._heading("progress_chart")
            progress_bars(self.document, shares)
            say(text("progress_chart_note"), style="Caption")
        self._indicators(range(plan.period[0], (found.year or plan.period[0] - 1) + 1))
        if found.is_judged:
            self._behind()
            self._goals()
        measures = [
            (reader().label(m.measure), self.states[m.state], f"{m.source} {m.date}".strip())
            for m in found.measures
        ]
        self._heading("progress_measures")
        say(text("progress_measures_summary", len(measures), found.all_measures))
        if measures:
            heads = ("progress_measure", "progress_state", "progress_evidence")
            self._table(map(text, heads), measures, (12.0, 3.0, 10.2))
        if found.indicators:
            missing = _listed(one.row.name for one in found.missing)
            self._heading("progress_missing")
            say(missing or text("progress_none_missing"))

    def _heading(self, key: str) -> None:
        self.document.add_heading(text(key), 1)

    def _counted(self, counts: Mapping[str, int]) -> str:
        """How many are in each state, in words."""
        return _listed(f"{self.states[state]} {count}" for state, count in counts.items())

    def _indicators(self, years: Sequence[int]) -> None:
        """The table of indicators, with a column for each year."""
        before, yearly, behind = _WIDTHS
        widths = (*before, *(yearly for _ in years), *behind)
        self._heading("progress_indicators")
        if not self.found.indicators:
            self.document.add_paragraph(text("annex_unread"))
            return
        heads = [*map(text, _BEFORE_YEARS), *map(str, years), *map(text, _BEHIND_YEARS)]
        rows = [self._row(one, years) for one in self.found.indicators]
        self._table(heads, rows, (*widths, _ACROSS - sum(widths)))

    def _row(self, one: Progress, years: Iterable[int]) -> tuple[str, ...]:
        row = one.row
        return (
            str(row.number or "—"),
            f"{row.name}{text('progress_binding') if row.binding else ''}",
            figure_worded(row.baseline) if row.baseline else "—",
            *(one.words(v).of(g.language) if (v := one.in_year(year)) else "—" for year in years),
            figure_worded(row.target) if row.target else "—",
            self.states[one.state],
            _share(one.share),
            "\n".join(_why(one)),
        )

    def _behind(self) -> None:
        """The indicators that are behind, each with why and the measures that serve it."""
        self._heading("progress_behind")
        for one in self.found.behind:
            self.document.add_heading(one.row.name, 2)
            serving = _listed(map(reader().label, one.row.measures)) or text("none_serving")
            for said in (*_why(one), f"{text('measures')}{text('colon')}{serving}"):
                self.document.add_paragraph(said)
        if not self.found.behind:
            self.document.add_paragraph(text("progress_none_behind"))

    def _goals(self) -> None:
        """The state of each goal that indicators measure."""
        goals = [
            (reader().label(one.goal), verdict_worded(one), self._counted(one.counts))
            for one in self.found.goals
        ]
        if goals:
            self._heading("progress_goals")
            heads = ("progress_goal", "progress_state", "progress_indicators")
            self._table(map(text, heads), goals, (10.0, 4.0, 11.2))

    def _table(
        self, heads: Iterable[str], rows: Iterable[tuple[str, ...]], widths: Sequence[float]
    ) -> None:
        """A table whose head is repeated on each page."""
        table = self.document.add_table(0, len(widths), style="Table Grid")
        for line in (tuple(heads), *rows):
            row = table.add_row()
            add(row._tr.get_or_add_trPr(), "cantSplit")
            for cell, words in zip(row.cells, line, strict=True):
                cell.text = words
        set_widths(table, widths)
        head = table.rows[0]
        add(head._tr.get_or_add_trPr(), "tblHeader", val="true")
        for cell in head.cells:
            cell.paragraphs[0].runs[0].bold = True


def _why(one: Progress) -> list[str]:
    """The sentences that say why an indicator is in its state."""
    return [judged.zh if g.language == "zh" else judged.en for judged in one.assessments]


def _listed(names: Iterable[str]) -> str:
    return ("、" if g.language == "zh" else ", ").join(names)


def _share(share: Decimal | None) -> str:
    """How much of the path is gone; more than there and back is a figure of nothing."""
    if share is None:
        return "—"
    far = "progress_away" if share < 0 else "progress_beyond" if share > _TWICE else ""
    return text(far) if far else f"{share:.0%}"
