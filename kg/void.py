"""VoID of a release: how many triples, entities, classes and properties, and which links lead out (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kg.quads import QuadWriter
from kg.terms import PREFIXES

_VOID = PREFIXES["void"]
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_OUTWARD = ("http://qudt.org/", "http://www.wikidata.org/", "http://publications.europa.eu/", "http://metadata.un.org/")
_ROUNDS = 5  # the statistics count themselves: they are made again until nothing changes


def void(quads: list[ox.Quad], graph: ox.NamedNode, base: str, plans: dict[str, tuple[int, str]]) -> list[ox.Quad]:
    """The statements of VoID on everything released, themselves counted in.

    Args:
        quads: everything else that is released.
        graph: the named graph that they go to.
        base: the base of all IRIs.
        plans: how many triples each plan has, and its dump's file name, by slug.
    """
    made: list[ox.Quad] = []
    for _ in range(_ROUNDS):
        again = _statements([*quads, *made], graph, base, plans)
        if again == made:
            break
        made = again
    return made


def _statements(quads: Iterable[ox.Quad], graph: ox.NamedNode, base: str, plans: dict[str, tuple[int, str]]) -> list[ox.Quad]:
    subjects: set[object] = set()
    classes: dict[str, set[object]] = defaultdict(set)
    properties: Counter[str] = Counter()
    outward: dict[tuple[str, str], int] = Counter()
    total = 0
    for quad in quads:
        total += 1
        subjects.add(quad.subject)
        properties[quad.predicate.value] += 1
        if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            classes[quad.object.value].add(quad.subject)
        elif isinstance(quad.object, ox.NamedNode) and (target := next((o for o in _OUTWARD if quad.object.value.startswith(o)), None)):
            outward[quad.predicate.value, target] += 1
    root = f"{base}/id/catalogue/everything"
    writer = QuadWriter(graph)
    say = writer.say
    say(root, _TYPE.value, f"{_VOID}Dataset")
    say(root, f"{_VOID}sparqlEndpoint", f"{base}/sparql")
    say(root, f"{_VOID}uriSpace", ox.Literal(f"{base}/id/"))
    say(root, f"{_VOID}triples", total)
    say(root, f"{_VOID}entities", sum(1 for s in subjects if getattr(s, "value", "").startswith(f"{base}/id/")))
    say(root, f"{_VOID}distinctSubjects", len(subjects))
    say(root, f"{_VOID}classes", len(classes))
    say(root, f"{_VOID}properties", len(properties))
    for slug, (count, dump) in plans.items():
        part = f"{base}/id/{slug}/dataset"
        say(root, f"{_VOID}subset", part)
        say(part, _TYPE.value, f"{_VOID}Dataset")
        say(part, f"{_VOID}triples", count)
        say(part, f"{_VOID}uriSpace", ox.Literal(f"{base}/id/{slug}/"))
        say(part, f"{_VOID}exampleResource", f"{base}/id/{slug}")
        say(part, f"{_VOID}dataDump", f"{base}/dumps/{dump}")
    for name in sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in (*classes, *properties)}):
        say(root, f"{_VOID}vocabulary", name)
    for iri, instances in sorted(classes.items()):
        node = f"{root}/class/{_local(iri)}"
        say(root, f"{_VOID}classPartition", node)
        say(node, f"{_VOID}class", iri)
        say(node, f"{_VOID}entities", len(instances))
    for iri, count in sorted(properties.items()):
        node = f"{root}/property/{_local(iri)}"
        say(root, f"{_VOID}propertyPartition", node)
        say(node, f"{_VOID}property", iri)
        say(node, f"{_VOID}triples", count)
    for (predicate, target), count in sorted(outward.items()):
        node = f"{root}/linkset/{_local(predicate)}-{target.split('/')[2]}"
        say(root, f"{_VOID}subset", node)
        say(node, _TYPE.value, f"{_VOID}Linkset")
        say(node, f"{_VOID}linkPredicate", predicate)
        say(node, f"{_VOID}subjectsTarget", root)
        say(node, f"{_VOID}objectsTarget", target)
        say(node, f"{_VOID}triples", count)
    return list(dict.fromkeys(writer.quads))


def _local(iri: str) -> str:
    """A short name for an IRI of a vocabulary: its prefix and local name."""
    prefix = next((p for p, full in sorted(PREFIXES.items(), key=lambda e: -len(e[1])) if iri.startswith(full)), None)
    return (
        f"{prefix}.{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri.rsplit("//", maxsplit=1)[-1].replace("/", ".").replace("#", ".")
    )
