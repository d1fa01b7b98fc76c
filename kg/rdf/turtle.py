"""Statements by templates: Turtle in files of a package, with places for values (Jinja)."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pyoxigraph as ox
from jinja2 import Environment
from rdflib import XSD, Literal

from kg.rdf.namespaces import PREFIXES, prefixed
from kg.rdf.quads import term
from kg.templates import templates

_ALSO = {  # prefixes of what only templates speak of
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void-ext": "http://ldf.fi/void-ext#",
}
_DECLARED = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in (PREFIXES | _ALSO).items())


def _both(texts: Sequence[str], **values: str) -> str:
    """A text in Chinese and in English, with values put in where any are given, as literals."""
    filled = [text.format(**values) for text in texts] if values else texts
    tagged = zip(filled, ("zh", "en"), strict=True)
    return ", ".join(str(ox.Literal(text, language=tag)) for text, tag in tagged)


@cache
def _decimal(number: str) -> str:
    return str(term(Literal(Decimal(number), datatype=XSD.decimal)))


@cache
def _short(iri: str) -> str:
    """A short name for an IRI of a vocabulary: its prefix and local name."""
    prefix, local = prefixed(iri)
    if prefix:
        return f"{prefix}.{local}"
    return iri.rsplit("//", maxsplit=1)[-1].replace("/", ".").replace("#", ".")


_FILTERS: dict[str, Callable[..., str]] = {
    "iri": lambda value: str(ox.NamedNode(value)),
    "text": lambda value: str(ox.Literal(value)),
    "lang": lambda value, language: str(ox.Literal(value, language=language)),
    "both": _both,
    "decimal": lambda number: _decimal(str(number)),
    "native": lambda value: str(term(Literal(value))),
    "typed": lambda value, kind: str(term(Literal(value, datatype=XSD[kind]))),
    "short": _short,
    "tagged": lambda words: ", ".join(str(ox.Literal(w, language=t)) for w, t in words.tagged),
}
"""What makes a value a literal, or checks that it is an IRI; else it is put in as it is."""


@cache
def _templates(package: str) -> Environment:
    found = templates(package)
    found.filters |= _FILTERS
    return found


def statements(package: str, template: str, graph: str = "", **values: Any) -> Iterator[ox.Quad]:
    """The statements of a template as quads, one after the other.

    Args:
        package, template: the template is template.ttl in the package; the usual prefixes are
            declared.
        graph: the IRI of the graph that they go to; the default graph without one.
        values: what the template puts in.
    """
    turtle = _templates(package).get_template(f"{template}.ttl").render(values)
    named = f"<{graph}> {{\n{turtle}\n}}" if graph else turtle
    yield from ox.parse(f"{_DECLARED}{named}", format=ox.RdfFormat.TRIG)


def stated(package: str, template: str, graph: str = "", **values: Any) -> list[ox.Quad]:
    """The statements of a template (see statements), each once."""
    return [*dict.fromkeys(statements(package, template, graph, **values))]
