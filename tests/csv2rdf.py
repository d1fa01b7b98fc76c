"""A reader of CSVW in minimal mode (Generating RDF from Tabular Data on the Web §4), for what our
tables use.

Written from the standard, apart from the writer: aboutUrl, propertyUrl and valueUrl as templates
({+name}), lang, separator, datatype, suppressOutput and virtual columns.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"


def triples_of(metadata: Path) -> Iterator[tuple[str, str, str]]:
    """The triples of a table, as N-Triples writes their terms."""
    described = json.loads(metadata.read_text(encoding="utf-8"))
    schema = described["tableSchema"]
    columns = schema["columns"]
    stated = [c for c in columns if not c.get("virtual")]
    assert described["dialect"]["encoding"] == "utf-8"
    # decoded by the Encoding Standard (CSVW Model §8), which takes the byte order mark away
    with (metadata.parent / described["url"]).open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        assert next(rows) == [c["titles"] for c in stated]
        for row in rows:
            cells = {c["name"]: value for c, value in zip(stated, row, strict=True)}
            about = ox.NamedNode(_filled(schema["aboutUrl"], cells))
            for column in columns:
                if column.get("suppressOutput"):
                    continue
                yield from (
                    (str(about), f"<{_filled(column['propertyUrl'], cells)}>", o)
                    for o in _objects(column, cells)
                )


def _objects(column: dict[str, object], cells: dict[str, str]) -> Iterator[str]:
    text = cells.get(str(column["name"]), "")
    if not column.get("virtual") and text == "":
        return  # null: no triple (§4.6.8.2)
    if "valueUrl" in column:
        yield f"<{_filled(str(column['valueUrl']), cells)}>"
        return
    for value in text.split(str(column["separator"])) if "separator" in column else [text]:
        datatype = str(column.get("datatype", "string"))
        if datatype == "string":
            yield str(
                ox.Literal(value, language=str(column["lang"]))
                if "lang" in column
                else ox.Literal(value)
            )
        else:
            yield str(ox.Literal(value, datatype=ox.NamedNode(XSD + datatype)))


def _filled(template: str, cells: dict[str, str]) -> str:
    return re.sub(r"\{\+(\w+)\}", lambda m: cells[m[1]], template)
