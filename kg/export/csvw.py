"""Metadata for the tables' CSV: CSVW (https://www.w3.org/TR/tabular-metadata/) and a Frictionless
data package."""

import hashlib
from typing import Any

from kg.export.tables import Column, Table
from kg.files import packaged
from kg.settings import Settings
from kg.views.citation import Imprint


def csvw(table: Table, url: str, imprint: Imprint, settings: Settings) -> dict[str, Any]:
    """The CSVW description of a table, whose CSV is at a relative url, for csv2rdf."""
    fixed = packaged("kg.export", "csvw")["csvw"]
    return {
        "@context": fixed["@context"],
        "url": url,
        "dc:title": [
            {"@value": f"{imprint.title}：{table.zh}", "@language": "zh"},
            {"@value": f"{imprint.title_en}: {table.en}", "@language": "en"},
        ],
        "dc:bibliographicCitation": {"@value": imprint.line(), "@language": "zh"},
        "dc:source": {"@id": imprint.iri},
        "dc:issued": {"@value": imprint.edition.date, "@type": "xsd:date"},
        "schema:version": str(imprint.edition.number),
        "dc:license": {"@id": settings.licence.iri},
        "dc:publisher": {
            "@id": settings.publisher_iri,
            "foaf:name": [
                {"@value": text, "@language": tag} for text, tag in settings.publisher.name.tagged
            ],
        },
        "dcat:contactPoint": {"@id": settings.contact_iri},
        "dialect": fixed["dialect"],
        "tableSchema": {
            "primaryKey": "iri",
            "aboutUrl": "{+iri}",
            "columns": [
                fixed["iri"],
                *(_described(c, fixed["types"][c.kind]) for c in table.columns),
                {**fixed["type"], "valueUrl": table.class_},
            ],
        },
    }


def _described(column: Column, datatype: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": [
            {"@value": column.zh, "@language": "zh"},
            {"@value": column.en, "@language": "en"},
        ],
        "datatype": datatype,
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


def datapackage(
    name: str, imprint: Imprint, tables: list[tuple[Table, str, bytes]], settings: Settings
) -> dict[str, Any]:
    """The Frictionless description of a plan's tables
    (https://specs.frictionlessdata.io/data-package/).

    Args:
        name: the plan's slug.
        tables: each table with its CSV's name and content.
    """
    fixed = packaged("kg.export", "csvw")["package"]
    return {
        "profile": "tabular-data-package",
        "name": name,
        "id": f"{imprint.iri}/dataset",
        "title": imprint.title,
        "description": imprint.line(),
        "version": str(imprint.edition.number),
        "sources": [{"title": imprint.title, "path": imprint.iri}],
        "homepage": f"{settings.site.address}/dataset/{name}",
        "licenses": [_license(settings)],
        "contributors": _contributors(settings),
        "resources": [
            {
                **fixed["resource"],
                "name": table.name,
                "title": table.zh,
                "path": path,
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {
                    "fields": [fixed["iri"], *(_field(c, fixed["types"]) for c in table.columns)],
                    "primaryKey": "iri",
                },
            }
            for table, path, content in tables
        ],
    }


def _field(column: Column, types: dict[str, str]) -> dict[str, str]:
    own = {"name": column.name, "type": types[column.kind]}
    return own | {"title": column.zh, "description": column.en}


def _license(settings: Settings) -> dict[str, str]:
    licence = settings.licence
    return _given(name=licence.id, path=licence.iri, title=licence.name["zh"])


def _contributors(settings: Settings) -> list[dict[str, str]]:
    """Who publishes, and whom to ask: the role that the specification has for it is maintainer."""
    publisher, contact = settings.publisher, settings.contact
    return [
        _given(title=publisher.name["zh"], path=publisher.homepage, role="publisher"),
        _given(title=contact.name["zh"], path=contact.url, email=contact.email, role="maintainer"),
    ]


def _given(**values: str) -> dict[str, str]:
    """Those values that are not empty."""
    return {name: value for name, value in values.items() if value}
