"""Confidence, and the model that names were read with, in what is published."""

from __future__ import annotations

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF, XSD

from kg.errors import PlanlinkError
from kg.export.tables import records, tables
from kg.extract.tagger import load_model, shipped
from kg.extract.train import MODEL
from kg.graph.build import build
from kg.graph.vocabulary import vocabulary
from kg.link.reading import Reading, read_plan
from kg.rdf.namespaces import PLAN, SCHEMA, SPDX
from kg.rdf.quads import FORMATS, serialize
from kg.rdf.shacl import validate
from kg.rdf.statements import Statements
from kg.settings import DEFAULT_BASE
from kg.source.plan import load_plan

READ = ("Goal", "Measure", "Indicator", "Value", "Zone", "Institution", "Link")
RETYPE = """[[correction]]
action = "retype"
kind = "zone"
name = "墨池创新谷"
type = "functional-zone"
reason = "test"
"""


@pytest.fixture(scope="module")
def folder(small_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sure") / "qinghe"
    shutil.copytree(small_plan, folder)
    (folder / "corrections.toml").write_text(RETYPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return read_plan(load_plan(folder), lambda _: None, lambda _: None)


@pytest.fixture(scope="module")
def quads(reading: Reading) -> list[ox.Quad]:
    return build(reading, DEFAULT_BASE, (), print)


@pytest.fixture(scope="module")
def graph(quads: list[ox.Quad]) -> Graph:
    return Graph().parse(data=serialize(quads, FORMATS["ntriples"]), format="nt")


@pytest.mark.parametrize("kind", READ)
def test_everything_read_has_one_confidence(graph: Graph, kind: str) -> None:
    things = set(graph.subjects(RDF.type, PLAN[kind]))
    assert things
    for thing in things:
        (sure,) = graph.objects(thing, PLAN.confidence)
        assert isinstance(sure, Literal) and sure.datatype == XSD.decimal
        assert 0 < sure.toPython() <= 1


def test_a_link_is_as_sure_as_what_it_hangs_on(graph: Graph, reading: Reading) -> None:
    sure = {e.name: e.confidence for e in reading.linked.extraction.zones}
    named = [x for x in reading.linked.links if x.method == "NamedInSentence"]
    located = [x for x in named if x.predicate == "locatedIn"]
    assert located and all(x.confidence == sure[x.object.key] for x in located)
    chapters = {
        x.object: x.confidence
        for x in reading.linked.links
        if x.method == "SimilarWords" and x.predicate == "supportsGoal"
    }
    inherited = [x for x in reading.linked.links if x.method == "SameSection"]
    assert inherited and all(x.confidence == chapters[x.object] for x in inherited)
    told = dict(graph.subject_objects(PLAN.confidence))
    links = set(graph.subjects(RDF.type, PLAN.Link))
    assert sorted(float(told[x]) for x in links) == sorted(
        x.confidence for x in reading.linked.links
    )


def test_what_a_person_decided_is_certain(reading: Reading) -> None:
    (valley,) = (z for z in reading.linked.extraction.zones if z.name == "墨池创新谷")
    assert valley.confidence == 1
    assert all(z.confidence < 1 for z in reading.linked.extraction.zones if z is not valley)


def test_tables_tell_the_confidence(quads: list[ox.Quad]) -> None:
    made = {t.name: records(t) for t in tables(Statements(quads))}
    for name in ("goals", "measures", "indicators", "values", "zones", "institutions"):
        assert made[name] and all(0 < row["confidence"] <= 1 for row in made[name])
    assert any("confidence" in row for row in made["links"])


@pytest.mark.parametrize("wrong", [Decimal("1.2"), Decimal("-0.1"), "0.5"])
def test_no_other_confidence_is_published(wrong: Decimal | str) -> None:
    thing = URIRef("https://data.example.org/zone")
    report = validate([(thing, PLAN.confidence, Literal(wrong))], vocabulary())
    assert {r.path for r in report.results} == {str(PLAN.confidence)}
    assert validate([(thing, PLAN.confidence, Literal(Decimal("0.5")))], vocabulary()).conforms


def test_a_release_tells_which_models_its_names_were_read_with(
    graph: Graph, reading: Reading
) -> None:
    run = URIRef(f"{reading.iris(DEFAULT_BASE).plan}/reading")
    told = {
        (
            str(graph.value(model, SCHEMA.softwareVersion)),
            str(graph.value(model, SPDX.checksumValue)),
        )
        for model in graph.objects(run, PROV.used)
        if (model, SCHEMA.softwareVersion, None) in graph
    }
    assert told == {
        (shipped().version, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in (MODEL, MODEL.with_name("choice.npz"))
    }


def test_a_file_that_is_no_model_is_refused(folder: Path, tmp_path: Path) -> None:
    for content in (None, b"no model", b"PK\x03\x04"):
        path = tmp_path / "names.npz"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(PlanlinkError, match="cannot be read"):
            load_model(path)


def test_a_model_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.extract.tagger.shipped", lambda: SimpleNamespace(version="0"))
    with pytest.raises(PlanlinkError, match="is of version 1, and planlink's is 0"):
        load_model(MODEL)
