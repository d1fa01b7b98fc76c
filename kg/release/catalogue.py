"""The catalogue of a release as DCAT 3, conforming to DCAT-AP 3: datasets for each plan and kind of
entity, files, service, their versions and series. It is in the templates beside this module, in
words of catalogue.toml. Beside it the core metadata of government information resources (GB/T
21063.3-2007) of each plan's dataset, also a sheet of its workbook.
"""

from collections.abc import Container, Iterable
from functools import cache, partial
from typing import Any

import pyoxigraph as ox

from kg.export.tables import schema
from kg.files import csv_bytes, packaged
from kg.graph.area import area_of_plan, place, shared_area_quads
from kg.rdf.iris import site_graph, software_iri
from kg.rdf.namespaces import PLAN, PREFIXES, with_prefixes
from kg.rdf.quads import FORMATS
from kg.rdf.turtle import stated
from kg.release.folder import EVERYTHING
from kg.release.manifest import PastRelease, PlanEntry, ReleaseFile, Removal
from kg.release.questions import Questions
from kg.settings import Settings
from kg.source import gazetteer
from kg.source.plan import Plan

AUTHORITY = "http://publications.europa.eu/resource/authority/"
_CHINA = f"{AUTHORITY}country/CHN"
_GRAPHS = {form.media_type for form in FORMATS.values()}
CORE_METADATA = "core-metadata.csv"
"""The table beside the catalogue."""

Elements = tuple[tuple[str, str], ...]
"""The standard's elements in its order, each with its value."""
_core = partial(packaged, "kg.release", "core_metadata")


def words() -> dict[str, Any]:
    """The words and codes of catalogue.toml."""
    return packaged("kg.release", "catalogue")


def plan_catalogue(
    plan: Plan,
    listed: Iterable[ReleaseFile],
    kinds: dict[str, tuple[str, str]],
    entry: PlanEntry,
    settings: Settings,
) -> list[ox.Quad]:
    """What the catalogue says of a plan's datasets and files, whatever other plans there are.

    Args:
        kinds: the kinds of entities that files hold, in Chinese and English, by name.
        entry: what the manifest says of it.
    """
    base, graph, files = settings.site.base, _graph(settings), [*listed]
    area, held = entry.area_iri(base), {file.holds for file in files}
    known = shared_area_quads(plan, graph, base) if entry.place else area_of_plan(plan, area, graph)
    quads = _stated(
        "catalogue_plan",
        settings,
        plan=plan,
        entry=entry,
        area=area,
        kinds={kind: names for kind, names in kinds.items() if kind in held},
        files=[(file, name := file.name.removesuffix(".gz"), _format(name)) for file in files],
    )
    return _with_codes([*quads, *known], settings)


def own_catalogue(
    plans: list[Plan], entries: dict[str, PlanEntry], settings: Settings
) -> list[ox.Quad]:
    """What the catalogue says of itself, of who publishes, and of all plans together.

    Args:
        entries: what the manifest says of each plan, by slug.
    """
    quads = _stated(
        "catalogue",
        settings,
        china=_CHINA,
        file=EVERYTHING,
        nquads=_format(".nq"),
        issued=min(entry.issued for entry in entries.values()),
        modified=max(entry.modified for entry in entries.values()),
        first=min(plan.period[0] for plan in plans),
        last=max(plan.period[1] for plan in plans),
    )
    nation = place(_CHINA, gazetteer.nation(), _graph(settings))
    return _with_codes([*quads, *nation], settings)


def area_series(asked: Questions, settings: Settings) -> list[ox.Quad]:
    """The datasets of plans of one area for successive periods, as a series of DCAT."""
    return _stated("series", settings, successive=asked.successive())


def examples() -> list[dict[str, Any]]:
    """The example queries of examples.toml, each with the prefixes that it uses."""
    found = packaged("kg.release", "examples")["example"]
    return [example | {"query": with_prefixes(example["query"])} for example in found]


def endpoint_quads(settings: Settings) -> list[ox.Quad]:
    """What editors of queries ask an endpoint for: the usual prefixes, and queries that may be run
    (SHACL Advanced Features §5, https://github.com/sib-swiss/sparql-examples)."""
    return _stated("endpoint", settings, prefixes=PREFIXES, examples=examples())


def version_quads(
    settings: Settings, releases: list[PastRelease], removals: list[Removal], kept: Container[int]
) -> list[ox.Quad]:
    """The release history, in a graph of its own: each release of a plan's data as a version in a
    series, and what is there no more.

    Args:
        releases: every release, the first one first.
        removals: entities that were released once and are gone.
        kept: the numbers of the releases whose files are there.
    """
    base, latest, histories = settings.site.base, dict[str, int](), []
    for release in releases:
        plans = [(plan, latest.get(plan.slug)) for plan in release.plans]
        histories.append((release, software_iri(base, release.program), plans))
        latest |= {plan.slug: release.number for plan in release.plans}
    issued = {release.number: release.issued for release in releases}
    return _stated(
        "versions",
        settings,
        "releases",
        releases=histories,
        kept=kept,
        # when each plan was read: in the run that first released its present content
        read=[(plan.slug, issued[plan.version]) for plan in releases[-1].plans],
        removals=removals,
    )


def _graph(settings: Settings) -> str:
    return site_graph(settings.site.base, "catalogue")


def _stated(
    template: str, settings: Settings, graph: str = "catalogue", **values: Any
) -> list[ox.Quad]:
    return stated(
        "kg.release",
        template,
        site_graph(settings.site.base, graph),
        settings=settings,
        base=settings.site.base,
        root=f"{settings.site.base}/id/catalogue",
        texts=words(),
        vocabulary=str(PLAN).rstrip("#"),
        authority=AUTHORITY,
        answered=_GRAPHS,
        **values,
    )


def _with_codes(quads: list[ox.Quad], settings: Settings) -> list[ox.Quad]:
    """Statements with what they need of the codes of authorities' lists."""
    leads = {q.object.value for q in quads if isinstance(q.object, ox.NamedNode)}
    codes = sorted(iri.removeprefix(AUTHORITY) for iri in leads if iri.startswith(AUTHORITY))
    parted = [(scheme, name) for scheme, _, name in (code.partition("/") for code in codes)]
    made = _stated("catalogue_codes", settings, codes=parted, format_names=_format_names())
    return [*dict.fromkeys([*quads, *made])]


def _format(name: str) -> dict[str, Any]:
    """What catalogue.toml says of a file's format, by the longest ending that its name has."""
    formats: dict[str, dict[str, Any]] = words()["format"]
    return formats[max(filter(name.endswith, formats), key=len)]


@cache
def _format_names() -> dict[str, str]:
    """What people call the file types of RDF, each of one format, by their codes."""
    types = [(one["file_type"], one["name"][1]) for one in words()["format"].values()]
    return {code: name for code, name in types if code.startswith(("RDF_", "JSON_LD"))}


def core_metadata(plan: Plan, entry: PlanEntry, settings: Settings) -> Elements:
    """The core metadata of a plan's dataset, the same as the catalogue says it."""
    texts, default, between = (words()["plan"], _core()["default"], _core()["keyed"])
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
    return tuple((name, said.format(**values)) for name, said in _core()["element"].items())


def core_metadata_csv(datasets: Iterable[Elements]) -> bytes:
    """Datasets as CSV (RFC 4180) in UTF-8 with a byte order mark, one a row."""
    return csv_bytes(
        [_core()["element"], *([value for _, value in elements] for elements in datasets)]
    )
