"""What the SPARQL page's form is made from and its editor completes: the classes of the shapes that
the release has entities of, and of each the properties that the shapes name and the data have."""

from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, g, jsonify, request
from rdflib import SH, URIRef

from kg.files import packaged
from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import PLAN, PREFIXES, expand
from kg.rdf.shapes import shapes
from kg.web.context import kind_label, plan_title, reader, release

blueprint = Blueprint("builder", __name__)

# the classes that people ask for, first; the others follow by name
_FIRST = ("Measure", "Indicator", "Goal", "Zone", "Institution", "Target", "Achievement", "Section")
_LABELS = ("plan:valueText", "skos:prefLabel", "rdfs:label", "dcterms:title", "plan:text")
_NAME = PREFIXES["skos"] + "prefLabel"
_PART_OF = PREFIXES["dcterms"] + "isPartOf"
_NUMBERS = ("integer", "decimal", "double", "nonNegativeInteger", "gYear")
_LEFT_OUT = {PREFIXES["prov"] + "wasGeneratedBy", PREFIXES["rdf"] + "type"}
_LONGEST = 60
_CLASSES = "SELECT DISTINCT ?x { ?s a ?x FILTER ( ISIRI(?x) ) }"
_PROPERTIES = "SELECT DISTINCT ?x { ?s ?x ?o }"
_LABELLED = """SELECT ?x ?label { GRAPH ?g { ?x rdfs:label|skos:prefLabel ?label }
  FILTER ( STRSTARTS(STR(?x), STR(plan:)) ) }"""


@blueprint.get("/sparql/builder")
def parts() -> Response:
    """The plans, the classes and their properties, with labels in the visitor's language."""
    found = release().once(("builder", g.language), _classes)
    plans = [
        {
            "iri": plan_iri(release().base, plan.slug),
            "label": plan_title(plan),
            "lang": "en" if g.language == "en" and plan.title_en else "zh-Hans",
        }
        for plan in release().manifest.plans
    ]
    return jsonify({"plans": plans, "classes": found})


def _classes() -> list[dict[str, Any]]:
    written = shapes()
    named: dict[str, set[str]] = {}
    needed: set[tuple[str, str]] = set()
    for shape, _, target in written.triples((None, SH.targetClass, None)):
        for property_ in written.objects(shape, SH.property):
            path = written.value(property_, SH.path)
            if isinstance(path, URIRef) and str(path) not in _LEFT_OUT:
                named.setdefault(str(target), set()).add(str(path))
                if written.value(property_, SH.minCount):
                    needed.add((str(target), str(path)))
    ours = {
        kind: paths
        for kind, paths in named.items()
        if kind.startswith(str(PLAN)) and (_PART_OF in paths or kind == str(PLAN.Plan))
    }
    shown = packaged("kg.web", "questions")["builder"]["order"].split()
    order_of = {expand(name): i for i, name in enumerate(shown)}
    order = {f"{PLAN}{name}": i for i, name in enumerate(_FIRST)}
    found = []
    for kind in sorted(ours, key=lambda one: (order.get(one, len(order)), one)):
        properties = [one for path in sorted(ours[kind]) if (one := _property(kind, path))]
        if _NAME in ours[kind] and properties:
            properties.sort(  # what each entity of the class has, before what some have
                key=lambda one: (
                    one["iri"] != _NAME,
                    (kind, one["iri"]) not in needed,
                    order_of.get(one["iri"], len(order_of)),
                    one["iri"],
                )
            )
            label = reader().label(kind)
            found.append({"iri": kind, "label": label, "properties": properties})
    return found


def _property(kind: str, path: str) -> dict[str, Any] | None:
    """A property of a class as its first value is: text, number, date, or an entity, which is shown
    by a property of its own and, where it is a term of a scheme, chosen from its terms; None where
    no entity of the class in a plan has it."""
    asked = f"""SELECT ?s ?o {{ ?s a <{kind}> ; <{path}> ?o
      FILTER EXISTS {{ ?s dcterms:isPartOf*/a plan:Plan }} }} LIMIT 1"""
    sample = next(release().solutions(asked), None)
    if sample is None:
        return None
    value = sample["o"]
    one: dict[str, Any] = {"iri": path, "label": reader().label(path), "shown": ""}
    if isinstance(value, ox.Literal):
        datatype = value.datatype.value.rsplit("#", 1)[-1]
        one["kind"] = "number" if datatype in _NUMBERS else "date" if datatype == "date" else "text"
        one["tagged"] = len(_values(sample["s"], path)) > 1 and value.language is not None
        return one
    for shown in _LABELS:
        prefix, _, name = shown.partition(":")
        if labels := _values(value, PREFIXES[prefix] + name):
            one |= {"shown": shown, "kind": "entity", "tagged": len(labels) > 1}
            one["choices"] = _terms(value, path, shown, len(labels) > 1)
            return one
    return None


def _values(subject: ox.NamedNode, path: str) -> list[Any]:
    found = release().store.quads_for_pattern(subject, ox.NamedNode(path), None, None)
    return list({quad.object for quad in found})


def _terms(value: ox.NamedNode, path: str, shown: str, tagged: bool) -> list[str]:
    """The names of all that a property leads to, where its values are terms of schemes as the one
    given is; none for other entities. Tagged ones have a name in each language."""
    asked = f'FILTER ( lang(?l) = "{g.language}" )' if tagged else ""
    terms = release().solutions(
        f"""SELECT DISTINCT ?l {{ <{value.value}> a ?kind ; skos:inScheme ?own .
          ?term a ?kind ; skos:inScheme ?scheme ; {shown} ?l {asked}
          FILTER EXISTS {{ ?s <{path}> ?term }} }}"""
    )
    return sorted(row["l"].value for row in terms)


def _iris(query: str) -> list[str]:
    return sorted(row[0].value for row in release().solutions(query))


@blueprint.get("/sparql/terms")
def terms() -> Response:
    """The prefixes we use, and the classes and properties that the data have."""
    found = release().once(
        ("terms",), lambda: {"classes": _iris(_CLASSES), "properties": _iris(_PROPERTIES)}
    )
    return jsonify({"prefixes": sorted(PREFIXES.items()), **found})


@blueprint.get("/sparql/complete")
def complete() -> Response:
    """Vocabulary terms and entities whose names contain what was typed, with text to insert."""
    typed = request.args.get("q", "").strip()[:_LONGEST]
    words: list[tuple[str, str]] = release().once(("words",), _words)
    kind = reader().label(str(PLAN))
    known = [
        {"insert": "plan:" + iri.removeprefix(str(PLAN)), "label": label, "type": kind}
        for label, iri in words
        if typed and typed in label
    ]
    entities = [
        {"insert": f"<{hit.iri}>", "label": hit.label, "type": kind_label(hit.type)}
        for hit in release().index.suggest(typed)
    ]
    return jsonify([*known[:8], *entities])


def _words() -> list[tuple[str, str]]:
    return sorted(
        {(row["label"].value, row["x"].value) for row in release().solutions(_LABELLED)},
        key=lambda pair: (len(pair[0]), pair),
    )
