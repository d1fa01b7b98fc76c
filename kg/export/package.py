"""Every file that is made of a plan beside its dumps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.export.csvw import csvw, datapackage
from kg.export.geojson import geojson
from kg.export.networks import gexf, graphml, network
from kg.export.stratml import PART_1, PART_2, as_xml
from kg.export.tables import Statements, as_csv, records, tables
from kg.export.workbook import workbook
from kg.rdf.iris import plan_iri
from kg.settings import Settings
from kg.views.citation import Imprint


@dataclass(frozen=True)
class ExportFile:
    """A file: its name, what it holds (a table's name, or "plan"), its media type and content."""

    name: str
    holds: str
    media_type: str
    content: bytes


def export_files(
    slug: str,
    imprint: Imprint,
    quads: list[ox.Quad],
    settings: Settings,
    core: Sequence[tuple[str, str]],
) -> Iterator[ExportFile]:
    """The files of a plan, the same bytes for the same quads.

    Args:
        imprint: what each file says it is of.
        core: the core metadata of its dataset, by the elements of GB/T 21063.3.
    """
    statements = Statements(quads)
    made = tables(statements)
    listed = []
    for table in made:
        name = f"{slug}-{table.name}.csv"
        content = as_csv(table)
        listed.append((table, name, content))
        yield ExportFile(name, table.name, "text/csv", content)
        yield ExportFile(
            f"{name}-metadata.json",
            table.name,
            "application/csvm+json",
            _json(csvw(table, name, imprint, settings)),
        )
        yield ExportFile(
            f"{slug}-{table.name}.json", table.name, "application/json", _json(records(table))
        )
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = workbook(made, imprint.title, settings.publisher.name["zh"], imprint.line(), core)
    yield ExportFile(f"{slug}.xlsx", "plan", sheet, book)
    links = network(made)
    links.graph.update(imprint.as_json())
    yield ExportFile(f"{slug}.graphml", "plan", "application/graphml+xml", graphml(links))
    yield ExportFile(f"{slug}.gexf", "plan", "application/gexf+xml", gexf(links, imprint.line()))
    plan = plan_iri(settings.site.base, slug)
    for ending, part in (("stratml", PART_2), ("stratml-part1", PART_1)):
        content = as_xml(statements, plan, settings, part, imprint.line())
        yield ExportFile(f"{slug}.{ending}.xml", "plan", "application/xml", content)
    if (places := geojson(statements)) is not None:
        places |= {"source": imprint.as_json()}
        yield ExportFile(f"{slug}-zones.geojson", "zones", "application/geo+json", _json(places))
    yield ExportFile(
        f"{slug}-datapackage.json",
        "plan",
        "application/json",
        _json(datapackage(slug, imprint, listed, settings)),
    )


def _json(content: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
