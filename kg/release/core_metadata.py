"""The core metadata of government information resources (GB/T 21063.3-2007) of each plan's dataset:
a sheet of its workbook, and a table beside the catalogue."""

from collections.abc import Iterable
from functools import partial

from kg.export.tables import schema
from kg.files import csv_bytes, packaged
from kg.release.catalogue import words
from kg.release.manifest import PlanEntry
from kg.settings import Settings
from kg.source.plan import Plan

FILE = "core-metadata.csv"
"""The table beside the catalogue."""

Elements = tuple[tuple[str, str], ...]
"""The standard's elements in its order, each with its value."""
_content = partial(packaged, "kg.release", "core_metadata")


def core_metadata(plan: Plan, entry: PlanEntry, settings: Settings) -> Elements:
    """The core metadata of a plan's dataset, the same as the catalogue says it."""
    texts, default, between = (words()["plan"], _content()["default"], _content()["keyed"])
    contact = settings.contact
    values = {
        "title": texts["title"][0].format(plan=plan.title),
        "description": texts["description"][0].format(plan=plan.title),
        "publisher": settings.publisher.name["zh"],
        "category": between.join(plan.subjects) or default["category"],
        "dataset": f"{settings.site.base}/id/{plan.slug}/dataset",
        "code": plan.resource_code or default["code"],
        "issued": entry.issued,
        "modified": entry.modified,
        "keywords": between.join((*texts["keywords"], plan.area)),
        "address": settings.site.address,
        "slug": plan.slug,
        "contact": " ".join(filter(None, (contact.name["zh"], contact.email, contact.url))),
        "formats": default["formats"],
        "tables": between.join(table.zh for table in schema() if not table.optional),
        "licence": settings.licence.name["zh"],
    }
    return tuple((name, said.format(**values)) for name, said in _content()["element"].items())


def as_csv(datasets: Iterable[Elements]) -> bytes:
    """Datasets as CSV (RFC 4180) in UTF-8 with a byte order mark, one a row."""
    return csv_bytes(
        [_content()["element"], *([value for _, value in elements] for elements in datasets)]
    )
