"""Completion for the SPARQL editor: prefixes, classes, properties, and entities by name."""

from flask import Blueprint, Response, jsonify, request

from kg.rdf.namespaces import PLAN, PREFIXES
from kg.web.context import kind_label, reader, release

blueprint = Blueprint("completion", __name__)

_LONGEST = 60
_CLASSES = "SELECT DISTINCT ?x { ?s a ?x FILTER ( ISIRI(?x) ) }"
_PROPERTIES = "SELECT DISTINCT ?x { ?s ?x ?o }"
_LABELLED = """SELECT ?x ?label { GRAPH ?g { ?x rdfs:label|skos:prefLabel ?label }
  FILTER ( STRSTARTS(STR(?x), STR(plan:)) ) }"""


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
