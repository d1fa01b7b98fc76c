"""The ruling lines, pictures and other figures of a page."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from kg.source.intake.pdf.glyphs import Box, Frame

MOST_FIGURES = 100_000  # on a page; what follows is not looked at
_DEEPEST = 6  # forms in one another
_LONGEST_OUTLINE = 64  # parts of a path that is taken for ruling lines
_THIN = 2.5  # points; a filled box no thicker is a ruling line

Segment = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruling line: level at height `at`, or upright at `at`; `start` to `end`."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Drawing:
    """A page's straight lines, the share of it under pictures, and its other figures."""

    lines: list[Segment]
    pictures: float = 0.0
    shapes: int = 0


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure, and how the forms that it is in place it on the page, the innermost first."""

    raw: Any
    kind: int
    placing: tuple[pdfium.PdfMatrix, ...]

    @property
    def bounds(self) -> Box:
        """The box round it, in the page's own space."""
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        pdf.FPDFPageObj_GetBounds(self.raw, left, bottom, right, top)
        box: Box = left.value, bottom.value, right.value, top.value
        for matrix in self.placing:
            corners = [matrix.on_point(x, y) for x in box[::2] for y in box[1::2]]
            xs, ys = zip(*corners, strict=True)
            box = min(xs), min(ys), max(xs), max(ys)
        return box


def drawing_of(page: pdfium.PdfPage, box: Box) -> Drawing:
    """The lines and pictures of a page with that crop box."""
    found = Drawing([])
    area = (box[2] - box[0]) * (box[3] - box[1]) or 1.0
    every = _figures(page.raw, (pdf.FPDFPage_CountObjects, pdf.FPDFPage_GetObject), ())
    for figure in islice(every, MOST_FIGURES):
        bounds = figure.bounds
        if figure.kind == pdf.FPDF_PAGEOBJ_IMAGE:
            found.pictures += _shared(bounds, box) / area
            continue
        lines = list(_segments(figure, bounds))
        found.lines += lines
        found.shapes += not lines
    return found


def _figures(
    holder: Any,
    access: tuple[Callable[..., int], Callable[..., Any]],
    placing: tuple[pdfium.PdfMatrix, ...],
) -> Iterator[_Figure]:
    """The paths and pictures of a page or a form, and of the forms in it.

    Text is passed over at the level of PDFium: most pages hold a thousand pieces of it.
    """
    count, get = access
    for index in range(count(holder)):
        raw = get(holder, index)
        kind = pdf.FPDFPageObj_GetType(raw)
        if kind in (pdf.FPDF_PAGEOBJ_PATH, pdf.FPDF_PAGEOBJ_IMAGE):
            yield _Figure(raw, kind, placing)
        elif kind == pdf.FPDF_PAGEOBJ_FORM and len(placing) < _DEEPEST:
            inner = (pdf.FPDFFormObj_CountObjects, pdf.FPDFFormObj_GetObject)
            yield from _figures(raw, inner, (_matrix(raw), *placing))


def _matrix(raw: Any) -> pdfium.PdfMatrix:
    matrix = pdf.FS_MATRIX()
    pdf.FPDFPageObj_GetMatrix(raw, matrix)
    return pdfium.PdfMatrix.from_raw(matrix)


def _shared(bounds: Box, box: Box) -> float:
    """The area that two boxes share."""
    return max(0.0, min(bounds[2], box[2]) - max(bounds[0], box[0])) * max(
        0.0, min(bounds[3], box[3]) - max(bounds[1], box[1])
    )


def _segments(figure: _Figure, bounds: Box) -> Iterator[Segment]:
    """A path's straight lines: stroked edges, or a thin filled box."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdf.FPDFPath_GetDrawMode(figure.raw, fill, stroke)
    left, bottom, right, top = bounds
    count = pdf.FPDFPath_CountSegments(figure.raw)
    if fill.value and min(right - left, top - bottom) <= _THIN:
        if right - left >= top - bottom:
            yield left, (bottom + top) / 2, right, (bottom + top) / 2
        else:
            yield (left + right) / 2, bottom, (left + right) / 2, top
    elif stroke.value and count <= _LONGEST_OUTLINE:
        yield from _edges(figure)


def _edges(figure: _Figure) -> Iterator[Segment]:
    path = figure.raw
    placing = (_matrix(path), *figure.placing)
    x, y = ctypes.c_float(), ctypes.c_float()
    last = first = (0.0, 0.0)
    for index in range(pdf.FPDFPath_CountSegments(path)):
        part = pdf.FPDFPath_GetPathSegment(path, index)
        pdf.FPDFPathSegment_GetPoint(part, x, y)
        point = x.value, y.value
        for matrix in placing:
            point = matrix.on_point(*point)
        kind = pdf.FPDFPathSegment_GetType(part)
        if kind == pdf.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdf.FPDF_SEGMENT_LINETO:
            yield *last, *point
        last = point
        if pdf.FPDFPathSegment_GetClose(part):
            yield *last, *first


def placed(segment: Segment, frame: Frame) -> Rule | None:
    """A line of the page as a rule in a frame; None for one that is aslant or very short."""
    (a, b), (c, d) = frame(*segment[:2]), frame(*segment[2:])
    if abs(b - d) <= 1 and abs(a - c) > 1:
        return Rule(True, (b + d) / 2, min(a, c), max(a, c))
    if abs(a - c) <= 1 and abs(b - d) > 1:
        return Rule(False, (a + c) / 2, min(b, d), max(b, d))
    return None
