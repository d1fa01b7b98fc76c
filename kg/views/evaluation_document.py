"""The evaluation of a plan as a Word document that an officer can take along."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kg.views.annex import Figure
from kg.views.evaluation import Evaluation, Progress

_FONT = "宋体"
_BEFORE_YEARS = ("annex_number", "annex_indicator", "annex_baseline")
_BEHIND_YEARS = ("annex_target", "progress_state", "progress_share", "progress_why")
_WIDTHS = ((1.0, 4.2, 2.2), 1.5, (2.4, 1.9, 1.6))  # of their columns, in centimetres
_ACROSS = 25.3  # between the margins


def evaluation_document(
    found: Evaluation,
    title: str,
    label: Callable[[str], str],
    text: Callable[..., str],
    states: Mapping[str, str],
    figure: Callable[[Figure], str],
    zh: bool,
    first: int,
    imprint: str = "",
    author: str = "",
) -> bytes:
    """The evaluation of a year as a .docx file.

    Args:
        label: the name of an entity by its IRI.
        text: the words of the pages, by key.
        zh: whether the sentences are Chinese.
        imprint: what it is of, below the title and at the foot of each page.
    """
    document = docx.Document()
    _page(document, imprint, "zh-CN" if zh else "en-GB")
    document.core_properties.author = document.core_properties.last_modified_by = author
    document.core_properties.language = "zh-CN" if zh else "en-GB"
    document.core_properties.title = title
    document.add_heading(text("progress_heading", title, found.year or ""), 0)
    if imprint:
        document.add_paragraph(imprint)
    document.add_paragraph(
        text("progress_summary", len(found.indicators), _counted(found.counts, states))
    )
    document.add_heading(text("progress_indicators"), 1)
    years = range(first, (found.year or first - 1) + 1)
    before, yearly, behind_years = _WIDTHS
    widths = (*before, *(yearly for _ in years), *behind_years)
    _table(
        document,
        [*map(text, _BEFORE_YEARS), *map(str, years), *map(text, _BEHIND_YEARS)],
        [_row(one, years, states, text, figure, zh) for one in found.indicators],
        (*widths, _ACROSS - sum(widths)),
    )
    behind = [one for one in found.indicators if one.state in ("Behind", "Missed", "PartlyMet")]
    document.add_heading(text("progress_behind"), 1)
    for one in behind:
        document.add_heading(one.row.name, 2)
        for assessment in one.assessments:
            document.add_paragraph(assessment.zh if zh else assessment.en)
        serving = "、".join(label(measure) for measure in one.row.measures)
        document.add_paragraph(f"{text('annex_measures')}: {serving or text('none_serving')}")
    if not behind:
        document.add_paragraph(text("progress_none_behind"))
    document.add_heading(text("progress_goals"), 1)
    _table(
        document,
        [text("progress_goal"), text("progress_state"), text("progress_indicators")],
        [
            (label(goal), states[state], _counted(counts, states))
            for goal, state, counts in found.goals
        ],
        (10.0, 4.0, 11.2),
    )
    document.add_heading(text("progress_measures"), 1)
    document.add_paragraph(
        text("progress_measures_summary", len(found.measures), found.all_measures)
    )
    if found.measures:
        rows = [
            (label(one.measure), states[one.state], f"{one.source} {one.date}".strip())
            for one in found.measures
        ]
        _table(
            document,
            [text("progress_measure"), text("progress_state"), text("progress_evidence")],
            rows,
            (12.0, 3.0, 10.2),
        )
    missing = [one for one in found.indicators if one.state == "NoData"]
    document.add_heading(text("progress_missing"), 1)
    document.add_paragraph(
        "、".join(one.row.name for one in missing) or text("progress_none_missing")
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, imprint: str, language: str) -> None:
    """A4 across, in a Chinese font and the language, with what it is of and the page's number at
    its foot."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _FONT
        properties = style.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
        spoken = properties.makeelement(
            qn("w:lang"), {qn("w:val"): language, qn("w:eastAsia"): language}
        )
        properties.append(spoken)
    document.styles["Normal"].font.size = Pt(10.5)
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.add_run(f"{imprint}    ")
    number = foot._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): "PAGE"})
    foot._p.append(number)


def _row(
    one: Progress,
    years: Iterable[int],
    states: Mapping[str, str],
    text: Callable[..., str],
    figure: Callable[[Figure], str],
    zh: bool,
) -> tuple[str, ...]:
    name = f"{one.row.name}{text('progress_binding') if one.row.binding else ''}"
    why = "\n".join(assessment.zh if zh else assessment.en for assessment in one.assessments)
    return (
        str(one.row.number),
        name,
        figure(one.row.baseline) if one.row.baseline else "—",
        *(value.text if (value := one.in_year(year)) else "—" for year in years),
        figure(one.row.target) if one.row.target else "—",
        states[one.state],
        "—" if one.share is None else f"{one.share:.0%}",
        why,
    )


def _counted(counts: Mapping[str, int], states: Mapping[str, str]) -> str:
    return "、".join(f"{states[state]} {count}" for state, count in counts.items())


def _table(
    document: Any, heads: list[str], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    table = document.add_table(1, len(heads), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for line in (heads, *rows):
        cells = table.rows[0].cells if line is heads else table.add_row().cells
        for cell, words, width in zip(cells, line, widths, strict=True):
            cell.width = Cm(width)
            cell.text = words
            if line is heads:
                cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:cantSplit"), {}))
    repeated = table.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
