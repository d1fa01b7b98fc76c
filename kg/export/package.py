"""The files made of a plan beside its dumps: tables at once, the others when asked for."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.export.answer_table import WORKBOOK
from kg.export.stratml import PART_1, PART_2, as_xml
from kg.export.tables import as_csv, records, tables
from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import expand
from kg.rdf.statements import Statements
from kg.settings import Settings
from kg.templates import rendered
from kg.views.citation import Imprint

_POINT = re.compile(r"POINT\((\S+) (\S+)\)")
_MADE = {
    ".xlsx": WORKBOOK,
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".stratml.xml": "application/xml",
    ".stratml-part1.xml": "application/xml",
}


def _geojson(of: Statements) -> list[dict[str, Any]]:
    """A feature of GeoJSON (RFC 7946) for each place whose coordinates are known."""
    features = []
    for iri in of.iris(expand("plan:Zone")):
        types = of.texts(iri, expand("plan:zoneType"))
        names = [name for one in types for name in of.texts(one, expand("skos:prefLabel"))]
        about = {"name": of.first(iri, expand("skos:prefLabel")), "type": next(iter(names), None)}
        for geometry in of.texts(iri, expand("geo:hasGeometry")):
            if point := _POINT.search(of.first(geometry, expand("geo:asWKT"))):
                where = {"type": "Point", "coordinates": [float(point[1]), float(point[2])]}
                feature = {"type": "Feature", "id": iri, "geometry": where, "properties": about}
                features.append(feature)
    return features


def _described(template: str, **values: Any) -> bytes:
    """The CSVW description of a table, or the Frictionless one of a plan's tables, as a template
    states it, without the members of objects that are empty."""
    values["sha256"] = lambda content: hashlib.sha256(content).hexdigest()
    text = rendered("kg.export", f"{template}.json", **values)
    return _json(json.loads(text, object_pairs_hook=lambda of: {k: v for k, v in of if v != ""}))


@dataclass(frozen=True)
class ExportFile:
    """A file: its name, what it holds (a table's name, or "plan"), its media type and content; None
    for one that made_file makes when it is asked for."""

    name: str
    holds: str
    media_type: str
    content: bytes | None = None


def export_files(
    slug: str, imprint: Imprint, quads: list[ox.Quad], settings: Settings
) -> Iterator[ExportFile]:
    """The files of a plan, each of which says its imprint; the same bytes for the same quads."""
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
            _described("csvw", table=table, url=name, imprint=imprint, settings=settings),
        )
        yield ExportFile(
            f"{slug}-{table.name}.json", table.name, "application/json", _json(records(table))
        )
    for ending, media_type in _MADE.items():
        yield ExportFile(f"{slug}{ending}", "plan", media_type)
    if features := _geojson(statements):
        places = {"type": "FeatureCollection", "features": features, "source": imprint.as_json()}
        yield ExportFile(f"{slug}-zones.geojson", "zones", "application/geo+json", _json(places))
    about = {"name": slug, "imprint": imprint, "tables": listed, "settings": settings}
    described = _described("datapackage", **about)
    yield ExportFile(f"{slug}-datapackage.json", "plan", "application/json", described)


def made_file(
    name: str,
    slug: str,
    imprint: Imprint,
    quads: list[ox.Quad],
    settings: Settings,
    core: Sequence[tuple[str, str]],
) -> bytes:
    """A file that export_files lists without its content; core: the core metadata of the plan's
    dataset, by the elements of GB/T 21063.3."""
    statements, ending = Statements(quads), name.removeprefix(slug)
    if ending.endswith(".xml"):
        part = PART_2 if ending == ".stratml.xml" else PART_1
        plan = plan_iri(settings.site.base, slug)
        return as_xml(statements, plan, settings, part, imprint.line())
    made = tables(statements)
    if ending == ".xlsx":
        from kg.export.workbook import workbook  # noqa: PLC0415 — as networks

        author = settings.publisher.name["zh"]
        return workbook(made, imprint.title, author, imprint.line(), core)
    from kg.export import networks  # networkx loads for a seventh of a second  # noqa: PLC0415

    links = networks.network(made)
    links.graph.update(imprint.as_json())
    if ending == ".graphml":
        return networks.graphml(links)
    return networks.gexf(links, imprint.line())


def _json(content: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
