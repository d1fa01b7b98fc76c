"""Metadata for the tables' CSV: CSVW (https://www.w3.org/TR/tabular-metadata/) and a Frictionless
data package."""

from __future__ import annotations

import hashlib
from typing import Any

from kg.export.tables import Column, Table
from kg.rdf.namespaces import PREFIXES

_DATATYPES = {
    "text": "string",
    "string": "string",
    "integer": "integer",
    "decimal": "decimal",
    "iri": "anyURI",
}
_FRICTIONLESS = {
    "text": "string",
    "string": "string",
    "integer": "integer",
    "decimal": "number",
    "iri": "string",
}
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def csvw(table: Table, url: str, title: tuple[str, str]) -> dict[str, Any]:
    """The CSVW description of a table: what its columns state, so that csv2rdf gives triples of the
    plan.

    Args:
        table: the table.
        url: the CSV's address relative to the description.
        title: the plan's title in Chinese and English.
    """
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": url,
        "dc:title": [
            {"@value": f"{title[0]}：{table.zh}", "@language": "zh"},
            {"@value": f"{title[1]}: {table.en}", "@language": "en"},
        ],
        "dc:license": {"@id": _LICENCE},
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "delimiter": ",",
            "lineTerminators": ["\r\n", "\n"],
        },
        "tableSchema": {
            "primaryKey": "iri",
            "aboutUrl": "{+iri}",
            "columns": [
                {
                    "name": "iri",
                    "titles": "iri",
                    "datatype": "anyURI",
                    "required": True,
                    "suppressOutput": True,
                },
                *(_described(c) for c in table.columns),
                {
                    "name": "type",
                    "virtual": True,
                    "propertyUrl": PREFIXES["rdf"] + "type",
                    "valueUrl": table.class_,
                },
            ],
        },
    }


def _described(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": [
            {"@value": column.zh, "@language": "zh"},
            {"@value": column.en, "@language": "en"},
        ],
        "datatype": _DATATYPES[column.kind],
    }
    if column.property is None:
        return found | {"suppressOutput": True}
    found["propertyUrl"] = column.property
    if column.kind == "iri":
        found["valueUrl"] = f"{{+{column.name}}}"
    if column.kind == "text":
        found["lang"] = "zh"
    if column.separator:
        found["separator"] = column.separator
    return found


def datapackage(name: str, title: str, tables: list[tuple[Table, str, bytes]]) -> dict[str, Any]:
    """The Frictionless description of a plan's tables
    (https://specs.frictionlessdata.io/data-package/).

    Args:
        name: the plan's slug.
        title: its title.
        tables: each table with its CSV's name and content.
    """
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "licenses": [
            {"name": "CC-BY-4.0", "path": _LICENCE, "title": "Creative Commons Attribution 4.0"}
        ],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "title": table.zh,
                "path": path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {
                    "fields": [
                        {
                            "name": "iri",
                            "type": "string",
                            "format": "uri",
                            "constraints": {"required": True, "unique": True},
                        },
                        *(
                            {
                                "name": c.name,
                                "type": _FRICTIONLESS[c.kind],
                                "title": c.zh,
                                "description": c.en,
                            }
                            for c in table.columns
                        ),
                    ],
                    "primaryKey": "iri",
                },
            }
            for table, path, content in tables
        ],
    }
