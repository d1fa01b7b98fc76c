"""The evaluation of a plan as a Word document that an officer can take along."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from flask import g

from kg.files import packaged
from kg.release.manifest import PlanEntry
from kg.views.evaluation import Evaluation, Progress
from kg.web.context import imprint, plan_title, reader, release, settings, text
from kg.web.pages.evaluation_charts import add, progress_bars, set_widths, state_bar
from kg.web.pages.figures import figure_worded, verdict_worded

_BEFORE_YEARS = ("annex_number", "indicator", "baseline")
_BEHIND_YEARS = ("target", "progress_state", "progress_share", "progress_why")
_WIDTHS = ((1.0, 4.0, 2.2), 1.75, (2.4, 1.9, 1.6))  # of their columns, in centimetres
_ACROSS = 25.3  # between the margins
_TWICE = 2  # a share of the path up to which it stands as a percentage


def evaluation_document(found: Evaluation, plan: PlanEntry, states: Mapping[str, str]) -> bytes:
    """The evaluation of a year as a .docx file, in the visitor's language.

    Args:
        states: the names of the states.
    """
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
    """Names one after another."""
    return ("、" if g.language == "zh" else ", ").join(names)


def _share(share: Decimal | None) -> str:
    """How much of the path is gone; more than there and back is a figure of nothing."""
    if share is None:
        return "—"
    far = "progress_away" if share < 0 else "progress_beyond" if share > _TWICE else ""
    return text(far) if far else f"{share:.0%}"
