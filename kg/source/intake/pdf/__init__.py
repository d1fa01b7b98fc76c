"""PDF -> text: what its pages show, in reading order, tables as rows and furniture left out."""

from __future__ import annotations

from kg.source.intake.pdf.read import read_pdf

__all__ = ["read_pdf"]
