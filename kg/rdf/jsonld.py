"""JSON-LD 1.1 as web developers like it: one object for an entity, short names by a published
context, words by language."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF

from kg.files import packaged
from kg.rdf.namespaces import PLAN, PREFIXES, expand, prefixed
from kg.rdf.ontology import ontology

_TYPE = PREFIXES["rdf"] + "type"
_NATIVE: dict[str, Callable[[str], Any]] = {
    PREFIXES["xsd"] + "integer": int,
    PREFIXES["xsd"] + "boolean": lambda text: text in ("true", "1"),
}
_STRING = PREFIXES["xsd"] + "string"


@cache
def context() -> dict[str, Any]:
    """The context: what is served as /context.jsonld."""
    table = packaged("kg.rdf", "jsonld")
    found: dict[str, Any] = {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        **PREFIXES,
        "@vocab": str(PLAN),
    }
    names = dict(table["terms"])
    own = {
        str(t)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for t in ontology().subjects(RDF.type, kind)
    }
    names |= {
        iri.removeprefix(str(PLAN)): f"plan:{iri.removeprefix(str(PLAN))}"
        for iri in sorted(own)
        if iri.startswith(str(PLAN))
    }
    for name, iri in names.items():
        found[name] = {"@id": iri} | (
            {"@container": "@language"} if name in table["languages"]["terms"] else {}
        )
    return found


def document(iri: str, quads: Iterable[ox.Quad], context_address: str) -> dict[str, Any]:
    """An entity as one object: its own properties, and under @reverse those that lead to it."""
    own: dict[str, list[Any]] = {}
    back: dict[str, list[Any]] = {}
    types: list[str] = []
    for quad in dict.fromkeys(q.triple for q in quads):
        name = _terms().get(quad.predicate.value) or _compact(quad.predicate.value)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value == iri:
            if quad.predicate.value == _TYPE:
                types.append(_compact(quad.object.value))  # type: ignore[union-attr]
            else:
                own.setdefault(name, []).append(quad.object)
        elif isinstance(quad.subject, ox.NamedNode):
            back.setdefault(name, []).append({"id": quad.subject.value})
    found: dict[str, Any] = {"@context": context_address, "id": iri}
    if types:
        found["type"] = _single(sorted(types))
    for name, values in own.items():
        found |= _property(name, values)
    if back:
        found["@reverse"] = dict(sorted(back.items()))
    return found


def _property(name: str, values: list[Any]) -> dict[str, Any]:
    """A property with its values: words by language where the context has it so."""
    if isinstance(context().get(name), dict) and "@container" in context()[name]:
        words: dict[str, list[str]] = {}
        for value in values:
            words.setdefault(getattr(value, "language", None) or "@none", []).append(value.value)
        return {name: {language: _single(texts) for language, texts in words.items()}}
    return {name: _single([_value(v) for v in values])}


def _value(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return {"id": term.value}
    if isinstance(term, ox.BlankNode):
        return {"id": f"_:{term.value}"}
    datatype = term.datatype.value
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if datatype in _NATIVE:
        return _NATIVE[datatype](term.value)
    return (
        term.value if datatype == _STRING else {"@value": term.value, "@type": _compact(datatype)}
    )


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


@cache
def _terms() -> dict[str, str]:
    """The context's names by IRI."""
    return {expand(d["@id"]): name for name, d in context().items() if isinstance(d, dict)}


def _compact(iri: str) -> str:
    """An IRI by the vocabulary or a prefix of the context."""
    prefix, local = prefixed(iri)
    if prefix == "plan":
        return local
    return f"{prefix}:{local}" if prefix and "/" not in local else iri
