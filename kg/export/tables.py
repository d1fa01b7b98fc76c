"""A plan as tables: one for each kind of entity, by the columns of columns.toml."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pyoxigraph as ox

from kg.files import csv_bytes, packaged
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PREFIXES, expand
from kg.rdf.statements import Statements

_BETWEEN = "；"  # several words read along a path


@dataclass(frozen=True)
class Column:
    """A column: the property that it states (an IRI), or the path that its words are read along."""

    name: str
    zh: str
    en: str
    kind: str = "string"
    property: str | None = None
    separator: str | None = None
    via: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True)
class Table:
    """The entities of a class as rows that begin with the IRI; optional: left out where empty."""

    name: str
    zh: str
    en: str
    class_: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=())
    optional: bool = False


def words() -> dict[str, str]:
    """The words that exports use beside the tables' names, by key."""
    found: dict[str, str] = packaged("kg.export", "columns")["words"]
    return found


@cache
def schema() -> tuple[Table, ...]:
    """The tables without rows."""
    return tuple(
        Table(
            name,
            t["zh"],
            t["en"],
            PREFIXES["plan"] + t["class"],
            tuple(_column(c) for c in t["columns"]),
            optional=t.get("optional", False),
        )
        for name, t in packaged("kg.export", "columns")["table"].items()
    )


def _column(entry: dict[str, Any]) -> Column:
    """A column of columns.toml, its properties as IRIs."""
    paths = {key: tuple(map(expand, entry.get(key, ()))) for key in ("via", "except_")}
    stated = expand(entry["property"]) if "property" in entry else None
    return Column(**{**entry, **paths, "property": stated})


def tables(statements: Statements) -> tuple[Table, ...]:
    """The tables of a plan."""
    made = (replace(t, rows=tuple(_rows(statements, t))) for t in schema())
    return tuple(t for t in made if t.rows or not t.optional)


def _rows(statements: Statements, table: Table) -> Iterator[tuple[str, ...]]:
    for iri in statements.iris(table.class_):
        node = ox.NamedNode(iri)
        yield iri, *(_cell(statements, node, column) for column in table.columns)


def _cell(statements: Statements, node: Any, column: Column) -> str:
    if column.property is None:
        return _BETWEEN.join(_along(statements, [node], column))
    found = statements.values(node, column.property)
    values = [o.value for o in found if column.kind != "text" or o.language == "zh"]
    if len(values) > 1:
        values.sort(key=reading_order if column.kind == "iri" else None)
    return column.separator.join(values) if column.separator else values[0] if values else ""


def _along(statements: Statements, nodes: list[Any], column: Column) -> list[str]:
    """The words at the end of a path: those in Chinese where there are such."""
    for step in column.via[:-1]:
        found = {o for node in nodes for o in statements.values(node, step)}
        nodes = [one for one in found if one.value not in column.except_]
        if len(nodes) > 1:
            nodes.sort(key=lambda one: reading_order(one.value))
    words = [o for node in nodes for o in statements.values(node, column.via[-1])]
    return [o.value for o in words if o.language in ("zh", None)]


def as_csv(table: Table) -> bytes:
    """A table as CSV (RFC 4180) in UTF-8, its first line the columns' names."""
    return csv_bytes([["iri", *(c.name for c in table.columns)], *table.rows])


def records(table: Table) -> list[dict[str, Any]]:
    """The rows as JSON objects: numbers as numbers, several values as lists, no empty cells."""

    def record(row: tuple[str, ...]) -> dict[str, Any]:
        cells = zip(table.columns, row[1:], strict=True)
        return {"iri": row[0], **{c.name: _value(c, cell) for c, cell in cells if cell}}

    return [record(row) for row in table.rows]


def _value(column: Column, cell: str) -> Any:
    if column.separator:
        return cell.split(column.separator)
    if column.kind == "integer":
        return int(cell)
    if column.kind == "decimal":
        return float(cell)
    return cell
