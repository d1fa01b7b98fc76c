"""The evaluation of a plan as a Word document that an officer can take along."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kg.views.evaluation import Evaluation, Progress

_STEPS = 10  # squares of a progress bar
_FONT = "宋体"
_HEADS = (
    "annex_number",
    "annex_indicator",
    "annex_baseline",
    "annex_target",
    "progress_state",
    "progress_share",
    "progress_why",
)


def evaluation_document(
    found: Evaluation,
    title: str,
    label: Callable[[str], str],
    text: Callable[..., str],
    states: Mapping[str, str],
    zh: bool,
    imprint: str = "",
) -> bytes:
    """The evaluation of a year as a .docx file.

    Args:
        found: the evaluation.
        title: the plan's title.
        label: the name of an entity by its IRI.
        text: the words of the pages, by key.
        states: the names of the states.
        zh: whether the sentences are Chinese.
        imprint: what it is of, below the title.
    """
    document = docx.Document()
    _page(document)
    document.add_heading(text("progress_heading", title, found.year or ""), 0)
    if imprint:
        document.add_paragraph(imprint)
    document.add_paragraph(
        text("progress_summary", len(found.indicators), _counted(found.counts, states))
    )
    document.add_heading(text("progress_indicators"), 1)
    heads = [text(key) for key in _HEADS]
    _table(
        document,
        heads,
        [_row(one, states, text, zh) for one in found.indicators],
        (1.0, 5.0, 2.4, 2.8, 2.0, 3.4, 8.6),
    )
    behind = [one for one in found.indicators if one.state in ("Behind", "Missed", "PartlyMet")]
    document.add_heading(text("progress_behind"), 1)
    for one in behind:
        document.add_heading(one.row.name, 2)
        for assessment in one.assessments:
            document.add_paragraph(assessment.zh if zh else assessment.en)
        serving = "、".join(label(measure) for measure in one.row.measures)
        document.add_paragraph(f"{text('annex_measures')}: {serving or text('annex_none')}")
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


def _page(document: Any) -> None:
    """A4 across, in a Chinese font."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].font.size = Pt(10.5)


def _row(
    one: Progress, states: Mapping[str, str], text: Callable[..., str], zh: bool
) -> tuple[str, ...]:
    name = f"{one.row.name}{text('progress_binding') if one.row.binding else ''}"
    why = "\n".join(assessment.zh if zh else assessment.en for assessment in one.assessments)
    return (
        str(one.row.number),
        name,
        one.row.baseline.text if one.row.baseline else "—",
        one.row.target.text if one.row.target else "—",
        states[one.state],
        _bar(one),
        why,
    )


def _bar(one: Progress) -> str:
    """The share of the path from baseline to target, as squares and a percentage."""
    if one.share is None:
        return "—"
    share = min(max(float(one.share), 0.0), 1.0)
    full = round(share * _STEPS)
    return f"{'█' * full}{'░' * (_STEPS - full)} {float(one.share):.0%}"


def _counted(counts: Mapping[str, int], states: Mapping[str, str]) -> str:
    return "、".join(
        f"{states[state]} {count}"
        for state, count in sorted(counts.items(), key=lambda pair: -pair[1])
    )


def _table(
    document: Any, heads: list[str], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    table = document.add_table(1, len(heads), style="Table Grid")
    table.autofit = False
    for line in (heads, *rows):
        cells = table.rows[0].cells if line is heads else table.add_row().cells
        for cell, words, width in zip(cells, line, widths, strict=True):
            cell.width = Cm(width)
            cell.text = words
            if line is heads:
                cell.paragraphs[0].runs[0].bold = True
    repeated = table.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
