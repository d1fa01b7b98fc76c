"""Metadata for the tables' CSV, as csvw.json and datapackage.json state it: CSVW and a Frictionless
data package."""

import hashlib
import json
from typing import Any

from kg.export.tables import Table
from kg.settings import Settings
from kg.templates import templates
from kg.views.citation import Imprint


def csvw(table: Table, url: str, imprint: Imprint, settings: Settings) -> dict[str, Any]:
    """The CSVW description of a table, whose CSV is at a relative url."""
    return _stated("csvw", table=table, url=url, imprint=imprint, settings=settings)


def datapackage(
    name: str, imprint: Imprint, tables: list[tuple[Table, str, bytes]], settings: Settings
) -> dict[str, Any]:
    """The Frictionless description of a plan's tables.

    Args:
        name: the plan's slug.
        tables: each table with its CSV's name and content.
    """
    about = {"name": name, "imprint": imprint, "tables": tables, "settings": settings}
    return _stated("datapackage", **about)


def _stated(template: str, **values: Any) -> dict[str, Any]:
    """What a template says, without the members of objects that are empty."""
    written = templates("kg.export").get_template(f"{template}.json")
    text = written.render(values, sha256=lambda content: hashlib.sha256(content).hexdigest())
    found: dict[str, Any] = json.loads(
        text, object_pairs_hook=lambda pairs: {name: value for name, value in pairs if value != ""}
    )
    return found
