"""Who decided what against the program, and when, in what is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import FOAF, PROV, RDF, XSD

from kg.graph.vocabulary import vocabulary
from kg.link.identifiers import keep_register, register_digest
from kg.link.model import statement
from kg.link.reading import Reading, read_plan
from kg.pipeline import build_plan
from kg.rdf.namespaces import PLAN
from kg.rdf.quads import FORMATS, graph_quads, serialize
from kg.rdf.shacl import validate
from kg.settings import DEFAULT_BASE
from kg.source.plan import load_plan
from kg.views.entity import EntityReader

DECISION = """[[correction]]
action = "{action}"
kind = "{kind}"
name = "{name}"
reason = "核对原文"
by = "{by}"
at = "{at}"
"""


def published(reading: Reading) -> Graph:
    """All that is said of a plan."""
    quads = build_plan(reading, DEFAULT_BASE, lambda _: None, lambda _: None).quads
    return Graph().parse(data=serialize(quads, FORMATS["ntriples"]), format="nt")


def test_a_decision_names_person_and_time(small_plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    # without the register of identifiers, where a test has published it before
    shutil.copytree(small_plan, folder, ignore=shutil.ignore_patterns("*.csv"))
    reading = read_plan(load_plan(folder), lambda _: None, lambda _: None)
    identifiers = reading.register.identifiers
    zone = reading.linked.extraction.zones[0]
    link = next(one for one in reading.linked.links if one.predicate == "supportsGoal")
    told = [
        ("accept", "zone", zone.name, "李 丽", "2026-04-01T08:30:00+08:00"),
        ("accept", "link", statement(link, identifiers), "规划科", "2026-04-02"),
        ("accept", "zone", reading.linked.extraction.zones[1].name, "", ""),
    ]
    keys = ("action", "kind", "name", "by", "at")
    text = "".join(DECISION.format(**dict(zip(keys, one, strict=True))) for one in told)
    before, last = text.rsplit("核对原文", 1)
    text = f"{before}a trial{last}"
    (folder / "corrections.toml").write_text(text, encoding="utf-8")
    reading = read_plan(load_plan(folder), lambda _: None, lambda _: None)
    graph = published(reading)

    iris = reading.iris(DEFAULT_BASE)
    first, second, third = (iris.of("correction", str(n)) for n in (1, 2, 3))
    assert (iris.of("zone", zone.name), PROV.wasDerivedFrom, first) in graph
    assert (
        iris.link(link.subject, link.predicate, link.object),
        PROV.wasDerivedFrom,
        second,
    ) in graph
    moments = [graph.value(one, PROV.generatedAtTime) for one in (first, second, third)]
    assert moments == [
        Literal("2026-04-01T08:30:00+08:00", datatype=XSD.dateTime),
        Literal("2026-04-02", datatype=XSD.date),
        None,
    ]
    assert graph.value(first, PLAN.reason) == Literal("核对原文", lang="zh")
    assert graph.value(third, PLAN.reason) == Literal("a trial", lang="en")
    people = [graph.value(one, PROV.wasAttributedTo) for one in (first, second)]
    assert [str(graph.value(one, FOAF.name)) for one in people] == ["李 丽", "规划科"]
    assert all((one, RDF.type, PROV.Agent) in graph for one in people)
    assert (third, PROV.wasAttributedTo, None) not in graph
    assert validate(graph, vocabulary()).conforms

    store = ox.Store()
    store.extend(graph_quads(graph, URIRef("urn:x")))
    page = EntityReader(store, "zh").entity(str(iris.of("zone", zone.name)))
    [decided] = [g for g in page.outgoing if g.property.iri == str(PROV.wasDerivedFrom)]
    assert decided.entities[0].explanation == "李 丽 · 2026-04-01 08:30:00+08:00 · 核对原文"

    graph.set((first, PROV.generatedAtTime, Literal("昨天")))
    found = {(r.focus, r.path) for r in validate(graph, vocabulary()).results}
    assert (str(first), str(PROV.generatedAtTime)) in found

    # a decision taken back leaves the others what they are called
    keep_register(folder, register_digest(folder), reading.register.written())
    _, _, *left = text.split("[[correction]]")
    entries = "".join(f"[[correction]]{one}" for one in left)
    (folder / "corrections.toml").write_text(entries, encoding="utf-8")
    register = read_plan(load_plan(folder), lambda _: None, lambda _: None).register
    assert register.key("correction", "1") is None
    assert [register.key("correction", known) for known in ("2", "3")] == ["1", "2"]
