"""The IRIs of things: <base>/id/<plan>/<kind>/<local name>, ASCII, readable, and the same at every
rebuild."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from rdflib import URIRef

from kg.rdf.namespaces import local_name

NAMED = ("zone", "institution")  # the kinds of what is known by its name
# a link in words: kinds and identifiers of its ends around the predicate
STATEMENT = re.compile(r"([a-z]+) (.+) ([a-z]+[A-Z]\w*) ([a-z]+) (.+)")


@dataclass(frozen=True)
class Node:
    """What an IRI is made for: the kind of entity (measure, zone, …) and its key in the extraction,
    its number or name."""

    kind: str
    key: str


def readable(name: str) -> str:
    """A name in ASCII: Chinese in pinyin without tones, one hyphen between words."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 — its dictionary takes a second to load

    words = lazy_pinyin(name, errors=lambda rest: f" {rest} ")
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-") or "x"


def reading_order(iri: str) -> list[tuple[int, str]]:
    """A sort key that puts measure/4.2 before measure/4.10."""
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in re.split(r"(\d+)", iri)]


def outward(inner: str, above: Callable[[str], str | None]) -> list[str]:
    """Something and what is around it, the outermost last; round a circle once.

    Args:
        above: what each is directly in; nothing for the outermost.

    >>> outward("1.2", {"1.2": "1", "1": "p1"}.get)
    ['1.2', '1', 'p1']
    """
    found: dict[str, None] = {}
    while inner and inner not in found:
        found[inner], inner = None, above(inner) or ""
    return [*found]


def plan_iri(base: str, slug: str) -> str:
    """The IRI of a plan.

    >>> plan_iri("https://data.example", "p")
    'https://data.example/id/p'
    """
    return f"{base}/id/{slug}"


def plan_graph(plan: str, name: str = "document") -> str:
    """The named graph of what was read (document), corrected (corrections), observed (monitoring)
    or validated (report) of a plan, by the plan's IRI.

    >>> plan_graph(plan_iri("https://data.example", "p"))
    'https://data.example/id/p/graph/document'
    """
    return f"{plan}/graph/{name}"


def site_graph(base: str, name: str) -> str:
    """The named graph of what is of no one plan: vocabulary, catalogue, releases, shared.

    >>> site_graph("https://data.example", "catalogue")
    'https://data.example/graph/catalogue'
    """
    return f"{base}/graph/{name}"


def shared_graph(base: str) -> str:
    """The named graph of what several plans say alike, of years and of the program.

    >>> shared_graph("https://data.example")
    'https://data.example/graph/shared'
    """
    return site_graph(base, "shared")


def program() -> str:
    """The program with its version: planlink 0.1.0."""
    return f"planlink {version('planlink')}"


def software_iri(base: str, name: str) -> str:
    """The IRI of a version of a program.

    >>> software_iri("https://data.example", "planlink 0.1.0")
    'https://data.example/id/software/planlink-0.1.0'
    """
    return f"{base}/id/software/{re.sub(r'[^A-Za-z0-9.]+', '-', name)}"


def area_iri(base: str, key: str) -> str:
    """The IRI of an administrative division, whichever plan speaks of it.

    >>> area_iri("https://data.example", "120106")
    'https://data.example/id/area/120106'
    """
    return f"{base}/id/area/{key}"


def sameness(iri: str, property_: str) -> str:
    """The IRI of what it rests on that others are the same as an entity, or of its name, by the
    IRIs of the entity and of the property that says so.

    >>> sameness("https://data.example/id/p/zone/a", "http://www.w3.org/2002/07/owl#sameAs")
    'https://data.example/id/p/zone/a#sameAs'
    """
    return f"{iri}#{local_name(property_)}"


class Iris:
    """Mints the IRIs of one plan.

    Args:
        base: the base IRI, without a final slash.
        plan: the plan's slug; the attribute is its IRI.
        identifiers: what IRIs end in, by kind and key; the key itself for what it lacks.
        version: the number of the version of the source text that passages are of.
    """

    def __init__(
        self, base: str, plan: str, identifiers: Mapping[tuple[str, str], str], version: int
    ) -> None:
        self.base, self.identifiers = base, identifiers
        self.plan = URIRef(plan_iri(base, plan))
        self._version = version

    def names(self, node: Node) -> bool:
        """Whether a place or organisation of that name is in the plan."""
        return (node.kind, node.key) in self.identifiers

    def local(self, node: Node) -> str:
        """The local name of an entity."""
        return self.identifiers.get((node.kind, node.key), node.key)

    def of(self, kind: str, key: str) -> URIRef:
        """The IRI of an entity of that kind and key."""
        return URIRef(f"{self.plan}/{kind}/{self.identifiers.get((kind, key), key)}")

    def node(self, node: Node) -> URIRef:
        """The IRI of what a link joins."""
        return self.of(node.kind, node.key)

    def passage(self, start: int, end: int) -> URIRef:
        """A passage's IRI: its offsets, behind the text's version from the second one on."""
        version = f"v{self._version}." if self._version > 1 else ""
        return URIRef(f"{self.plan}/passage/{version}{start}-{end}")

    def link(self, subject: Node, predicate: str, object_: Node) -> URIRef:
        """The IRI of the statement about a link."""
        start, end = (f"{node.kind}-{self.local(node)}" for node in (subject, object_))
        return URIRef(f"{self.plan}/link/{start}.{predicate}.{end}")

    def graph(self, name: str) -> URIRef:
        """A named graph of the plan, see plan_graph."""
        return URIRef(plan_graph(self.plan, name))

    def period(self, first: int, last: int) -> URIRef:
        """The IRI of a year or a span of years."""
        return URIRef(f"{self.base}/id/period/{first if first == last else f'{first}-{last}'}")
