"""The indicator tables of a plan: lines -> a grid of cells -> rows with exact spans."""

from kg.document.tables.find import Found, find_tables
from kg.document.tables.model import Cell, Column, IndicatorTable, Line, Row
from kg.document.tables.running_text import begins_head

__all__ = ["Cell", "Column", "Found", "IndicatorTable", "Line", "Row", "begins_head", "find_tables"]
