"""The vocabulary, the shapes, and the JSON-LD context, as pages and as RDF."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox
from flask import Blueprint, Response, g, make_response, render_template, request
from rdflib import URIRef
from rdflib.namespace import OWL, QB, RDF, RDFS, SH, SKOS
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.graph.vocabulary import vocabulary
from kg.rdf.jsonld import context
from kg.rdf.namespaces import PLAN, SCHEMA, local_name, prefixed
from kg.rdf.ontology import ONTOLOGY, VERSION
from kg.rdf.quads import graph_quads
from kg.rdf.shapes import shapes as shapes_graph
from kg.web.context import reader, sent, text
from kg.web.linked_data.documents import DOCUMENTS, EXTENSIONS, rdf_response
from kg.web.negotiation import PAGE, format_for

blueprint = Blueprint("vocabulary", __name__)

_PLACE = re.compile(r"\{\?\w+\}")  # of a value in a message
_SHAPES = "https://w3id.org/planlink/shapes"
_Term = tuple[str, str, str, tuple[str, ...]]
"""A term: its name, label and comment, and the classes that a property is of (none of many)."""


@blueprint.get("/context.jsonld")
def json_ld_context() -> Response:
    """The context of the JSON-LD documents."""
    content = json.dumps({"@context": context()}, ensure_ascii=False, indent=1)
    return sent(f"{content}\n", "application/ld+json")


@blueprint.get("/shapes")
def shapes() -> WerkzeugResponse:
    """What publishable means (SHACL): every shape, in the format asked for."""
    extension = format_for(request, {**PAGE, **EXTENSIONS})
    if extension == "html":
        page = render_template("shapes.html", shapes=_shape_rows(), extensions=sorted(DOCUMENTS))
        return make_response(page)
    return rdf_response(_shape_quads(), DOCUMENTS[extension], f'<{_SHAPES}>; rel="describes"')


@cache
def _shape_quads() -> list[ox.Quad]:
    """The shapes, whose blank nodes have canonical names: each process sends the same bytes, and
    with them the same entity tag (RDF Dataset Canonicalization 1.0)."""
    dataset = ox.Dataset(graph_quads(shapes_graph(), URIRef(_SHAPES)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _shape_rows() -> list[tuple[str, list[str]]]:
    """What is asked of each class, and at last of all, in the visitor's language."""
    found, asked = shapes_graph(), defaultdict[str, set[str]](set)
    for shape in sorted(found.subjects(RDF.type, SH.NodeShape), key=str):
        parts = (shape, *found.objects(shape, SH.property), *found.objects(shape, SH.sparql))
        properties = {
            _PLACE.sub("…", str(m))
            for part in parts
            for m in found.objects(part, SH.message)
            if getattr(m, "language", None) == g.language and not str(m).startswith("{")
        }
        for target in [*map(str, found.objects(shape, SH.targetClass))] or [""]:
            asked[target] |= properties
    return [
        (_class_name(target) if target else text("shapes_of_all"), sorted(asked[target]))
        for target in sorted(asked, key=lambda iri: (not iri, not iri.startswith(str(PLAN)), iri))
    ]


def _class_name(iri: str) -> str:
    """The label of a class of the vocabulary; another vocabulary's class by its own short name."""
    prefix, _ = prefixed(iri)
    return reader().label(iri) if prefix == "plan" else f"{prefix}:{local_name(iri)}"


@blueprint.get("/ns")
@blueprint.get(f"/ns/{VERSION}")
def terms() -> Response | str:
    """The vocabulary: a page, or the ontology in the format asked for."""
    extension = format_for(request, {**PAGE, **EXTENSIONS})
    if extension in DOCUMENTS:
        quads = graph_quads(vocabulary(), ONTOLOGY)
        return rdf_response(quads, DOCUMENTS[extension], f'<{ONTOLOGY}>; rel="describes"')
    groups = [
        (local_name(kind), text(f"terms_{local_name(kind)}"), _terms(RDF.type, kind))
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    ]
    groups += [
        (local_name(scheme), reader().label(scheme), _terms(SKOS.inScheme, URIRef(scheme)))
        for scheme in sorted(map(str, vocabulary().subjects(RDF.type, SKOS.ConceptScheme)))
    ]
    groups += [(local_name(str(s)), reader().label(str(s)), _parts(s)) for s in _structures()]
    return render_template("vocabulary.html", groups=groups, extensions=sorted(DOCUMENTS))


def _structures() -> Iterator[URIRef]:
    """What values are made up of (the RDF Data Cube Vocabulary)."""
    found = vocabulary().subjects(RDF.type, QB.DataStructureDefinition)
    return (one for one in found if isinstance(one, URIRef))


def _parts(structure: URIRef) -> list[_Term]:
    """The parts of a structure, each by the property that it is for."""
    return [
        (local_name(str(part)), reader().label(str(property_)), "", ())
        for part in sorted(vocabulary().objects(structure, QB.component), key=str)
        for kind in (QB.dimension, QB.measure, QB.attribute)
        for property_ in vocabulary().objects(part, kind)
    ]


def _terms(property_: URIRef, value: URIRef) -> list[_Term]:
    """Our terms with a value of a property."""
    found = sorted(map(str, vocabulary().subjects(property_, value)))
    return [_term(iri) for iri in found if iri.startswith(str(PLAN))]


def _term(iri: str) -> _Term:
    domains = vocabulary().objects(URIRef(iri), RDFS.domain | SCHEMA.domainIncludes)
    of = tuple(sorted(_class_name(str(domain)) for domain in domains))
    about = reader().words(iri, "rdfs:comment")
    return iri.removeprefix(str(PLAN)), reader().label(iri), about, of
