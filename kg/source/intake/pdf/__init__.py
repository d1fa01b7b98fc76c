"""PDF -> text: what its pages show, in reading order, tables as rows and furniture left out."""

from kg.source.intake.pdf.read import read_pdf

__all__ = ["read_pdf"]
