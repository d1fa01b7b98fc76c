"""The indicator tables of a plan: lines -> a grid of cells -> rows with exact spans."""

from kg.document.tables.find import Found, find_tables
from kg.document.tables.model import Cell, Column, IndicatorTable, Line, Row

__all__ = ["Cell", "Column", "Found", "IndicatorTable", "Line", "Row", "find_tables"]
