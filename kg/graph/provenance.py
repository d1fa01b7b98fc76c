"""How a plan's data came about, as RDF: the text, where it was taken from, the run that read it,
and by what program."""

from collections.abc import Iterator
from importlib.metadata import version

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, XSD

from kg.graph.area import Triple
from kg.lexicon import lexicon
from kg.rdf.iris import software_iri
from kg.rdf.namespaces import PLAN, SCHEMA, SPDX
from kg.source.plan import Plan


def provenance(plan: Plan, node: URIRef, graph: URIRef, base: str) -> Iterator[Triple]:
    """The source text, the reading, and who read.

    When the reading ended is said with the release (kg/release/versions.py): the same text read
    again by the same program gives the same triples."""
    source, run = URIRef(f"{node}/source"), URIRef(f"{node}/reading")
    yield node, DCTERMS.source, source
    yield from _source(plan, source)
    yield run, RDF.type, PROV.Activity
    yield from labels(run, "reading")
    yield run, PROV.used, source
    yield run, PROV.wasAssociatedWith, URIRef(software_iri(base, program()))
    yield run, SCHEMA.softwareVersion, Literal(version("planlink"))
    yield from program_triples(base)
    yield graph, RDF.type, PROV.Entity
    yield graph, PROV.wasGeneratedBy, run


def _source(plan: Plan, source: URIRef) -> Iterator[Triple]:
    """The text as published, and where it was taken from."""
    yield source, RDF.type, PROV.Entity
    yield from labels(source, "source", title=plan.title)
    yield source, DCTERMS["format"], Literal("text/plain")
    yield source, SPDX.checksumValue, Literal(plan.sha256, datatype=XSD.hexBinary)
    if plan.source_url:
        yield source, DCTERMS.source, URIRef(plan.source_url)
        yield source, PROV.hadPrimarySource, URIRef(plan.source_url)
    if plan.retrieved:
        yield source, PLAN.retrieved, Literal(plan.retrieved)


def program_triples(base: str) -> Iterator[Triple]:
    """The program of this version, as the agent of what it does."""
    agent = URIRef(software_iri(base, program()))
    yield agent, RDF.type, PROV.SoftwareAgent
    yield agent, RDFS.label, Literal(program())
    yield agent, SCHEMA.softwareVersion, Literal(version("planlink"))


def program() -> str:
    """The program with its version: planlink 0.1.0."""
    return f"planlink {version('planlink')}"


def labels(node: URIRef, key: str, **values: str) -> Iterator[Triple]:
    """What a part of the provenance is called (provenance.toml), with values put in."""
    for language, text in lexicon("provenance")[key].items():
        yield node, RDFS.label, Literal(text.format(**values), lang=language)
