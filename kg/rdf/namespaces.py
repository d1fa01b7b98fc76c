"""Namespaces of the vocabulary and of the standards it builds on, and where their files lie."""

import re
from pathlib import Path

from rdflib import Namespace

PLAN = Namespace("https://w3id.org/planlink/ns#")
OA = Namespace("http://www.w3.org/ns/oa#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
QUDT = Namespace("http://qudt.org/schema/qudt/")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")

PREFIXES = {
    "plan": str(PLAN),
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": str(OA),
    "geo": str(GEO),
    "locn": str(LOCN),
    "org": "http://www.w3.org/ns/org#",
    "qudt": str(QUDT),
    "unit": "http://qudt.org/vocab/unit/",
    "schema": str(SCHEMA),
    "spdx": str(SPDX),
    "time": "http://www.w3.org/2006/time#",
    "void": "http://rdfs.org/ns/void#",
    "qb": "http://purl.org/linked-data/cube#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
}


def expand(name: str) -> str:
    """A prefixed name as an IRI; a ^ before it, for the way back along a property, stays."""
    back, bare = ("^", name[1:]) if name.startswith("^") else ("", name)
    prefix, _, local = bare.partition(":")
    return f"{back}{PREFIXES[prefix]}{local}"


def prefixed(iri: str) -> tuple[str, str]:
    """The prefix of an IRI's namespace, and what follows that; "" and the IRI for no prefix.

    >>> prefixed("https://w3id.org/planlink/ns#Goal"), prefixed("https://a.example/b")
    (('plan', 'Goal'), ('', 'https://a.example/b'))
    """
    found = next((p for p, namespace in PREFIXES.items() if iri.startswith(namespace)), "")
    return found, iri.removeprefix(PREFIXES.get(found, ""))


def with_prefixes(query: str) -> str:
    """A query with the declarations of the prefixes it uses before it.

    >>> with_prefixes("ASK { ?s a plan:Goal }")
    'PREFIX plan: <https://w3id.org/planlink/ns#>\\nASK { ?s a plan:Goal }'
    """
    used = [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if f"{name}:" in query]
    return "\n".join([*used, query.strip()])


def local_name(iri: str) -> str:
    """What stands after an IRI's last # or /.

    >>> local_name("https://w3id.org/planlink/ns#Goal"), local_name("https://a.example/id/p/goal/1")
    ('Goal', '1')
    """
    return re.split("[/#]", iri)[-1]


def shipped(folder: str) -> Path:
    """A data folder of the project: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parent.parent
    inside = package / f"_{folder}"
    return inside if inside.is_dir() else package.parent / folder
