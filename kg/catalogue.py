"""The catalogue of a release as DCAT: one dataset a plan, its dumps as distributions, and the SPARQL service."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from kg.plan import Plan
from kg.terms import SPDX

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
_FILE_TYPES = {"nq": "RDF_N_QUADS", "trig": "RDF_TRIG", "ttl": "RDF_TURTLE", "nt": "RDF_N_TRIPLES", "rdf": "RDF_XML", "jsonld": "JSON_LD"}


@dataclass(frozen=True)
class Dump:
    """A file of a release that holds one plan."""

    plan: str
    name: str
    extension: str
    media_type: str
    size: int
    sha256: str


def _titled(graph: Graph, node: URIRef, title: tuple[str, str], description: tuple[str, str] | None = None) -> None:
    for predicate, texts in ((DCTERMS.title, title), (DCTERMS.description, description)):
        if texts:
            graph.add((node, predicate, Literal(texts[0], lang="zh")))
            graph.add((node, predicate, Literal(texts[1], lang="en")))


def catalogue(plans: list[Plan], dumps: list[Dump], base: str) -> Graph:
    """The catalogue's triples.

    Args:
        plans: the plans of the release.
        dumps: their files.
        base: the base of all IRIs.
    """
    graph = Graph()
    root, service = URIRef(f"{base}/id/catalogue"), URIRef(f"{base}/id/catalogue/sparql")
    publisher = URIRef(f"{base}/id/catalogue/publisher")
    graph.add((root, RDF.type, DCAT.Catalog))
    _titled(
        graph, root, ("规划知识图谱目录", "Catalogue of plan knowledge graphs"),
        ("政府规划的目标、举措、指标、区域与机构及其关联。",
         "Goals, measures, indicators, places and organisations of government plans, and how they hang together."),
    )  # fmt: skip
    graph.add((root, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal("规划链", lang="zh")))
    graph.add((publisher, FOAF.name, Literal("planlink", lang="en")))
    graph.add((root, FOAF.homepage, URIRef(f"{base}/")))
    graph.add((root, DCTERMS.license, _LICENCE))
    graph.add((_LICENCE, RDF.type, DCTERMS.LicenseDocument))
    graph.add((_LICENCE, DCTERMS.title, Literal("Creative Commons Attribution")))
    for code in ("ZHO", "ENG"):
        graph.add((root, DCTERMS.language, URIRef(f"{_AUTHORITY}language/{code}")))
    graph.add((root, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    _titled(graph, service, ("SPARQL 查询服务", "SPARQL endpoint"))
    graph.add((service, DCAT.endpointURL, URIRef(f"{base}/sparql")))
    for plan in plans:
        _dataset(graph, plan, root, service, publisher, base)
    for dump in dumps:
        _distribution(graph, dump, service, base)
    return graph


def _dataset(graph: Graph, plan: Plan, root: URIRef, service: URIRef, publisher: URIRef, base: str) -> None:
    node = URIRef(f"{base}/id/{plan.slug}/dataset")
    graph.add((root, DCAT.dataset, node))
    graph.add((service, DCAT.servesDataset, node))
    graph.add((node, RDF.type, DCAT.Dataset))
    english = plan.title_en or plan.slug
    _titled(
        graph, node, (f"{plan.title}知识图谱", f"Knowledge graph: {english}"),
        (f"{plan.title}的目标、举措、指标、区域、机构及其关联，均附原文依据。",
         f"Goals, measures, indicators, places, organisations and their links, each with the passage it rests on: {english}."),
    )  # fmt: skip
    graph.add((node, DCTERMS.identifier, Literal(plan.slug)))
    graph.add((node, DCTERMS.publisher, publisher))
    graph.add((node, DCTERMS.license, _LICENCE))
    graph.add((node, DCTERMS.subject, URIRef(f"{base}/id/{plan.slug}")))
    graph.add((node, DCAT.landingPage, URIRef(f"{base}/plan/{plan.slug}")))
    for word in ("五年规划", plan.area, "规划指标"):
        graph.add((node, DCAT.keyword, Literal(word, lang="zh")))
    theme = URIRef(f"{_AUTHORITY}data-theme/GOVE")
    graph.add((node, DCAT.theme, theme))
    graph.add((theme, RDF.type, SKOS.Concept))
    graph.add((theme, SKOS.prefLabel, Literal("Government and public sector", lang="en")))
    period = URIRef(f"{node}/period")
    graph.add((node, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(f"{plan.period[0]}-01-01", datatype=XSD.date)))
    graph.add((period, DCAT.endDate, Literal(f"{plan.period[1]}-12-31", datatype=XSD.date)))
    if plan.issued:
        graph.add((node, DCTERMS.issued, Literal(plan.issued)))


def _distribution(graph: Graph, dump: Dump, service: URIRef, base: str) -> None:
    dataset = URIRef(f"{base}/id/{dump.plan}/dataset")
    node = URIRef(f"{dataset}/{dump.extension}")
    media_type = URIRef(f"https://www.iana.org/assignments/media-types/{dump.media_type}")
    file_type = URIRef(f"{_AUTHORITY}file-type/{_FILE_TYPES[dump.extension]}")
    address = URIRef(f"{base}/dumps/{dump.name}")
    checksum = URIRef(f"{node}/checksum")
    graph.add((dataset, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    _titled(graph, node, (f"{dump.extension} 格式", f"as {dump.extension}"))
    graph.add((node, DCAT.accessURL, address))
    graph.add((node, DCAT.downloadURL, address))
    graph.add((node, DCTERMS["format"], file_type))
    graph.add((node, DCAT.mediaType, media_type))
    graph.add((media_type, RDF.type, DCTERMS.MediaType))
    graph.add((media_type, RDFS.label, Literal(dump.media_type)))
    if dump.name.endswith(".gz"):
        packed = URIRef("https://www.iana.org/assignments/media-types/application/gzip")
        graph.add((node, DCAT.compressFormat, packed))
        graph.add((packed, RDF.type, DCTERMS.MediaType))
        graph.add((packed, RDFS.label, Literal("application/gzip")))
    graph.add((node, DCTERMS.license, _LICENCE))
    graph.add((node, DCAT.byteSize, Literal(dump.size, datatype=XSD.nonNegativeInteger)))
    graph.add((node, DCAT.accessService, service))
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)))
