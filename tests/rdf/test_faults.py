"""Faults of meaning are found: each of the table (faults.toml) by the shape that it names."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from mutants import Things, Triple, missed, mutants, told_why
from planting import Fault, batches, faults, plant
from rdflib import SH

from kg.graph.vocabulary import vocabulary
from kg.link.reading import read_plan
from kg.monitoring.record import observe
from kg.pipeline import build_plan
from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import read_quads
from kg.rdf.shacl import Result, validate_quads
from kg.rdf.shapes import shapes
from kg.source.plan import load_plan

BASE = "http://localhost:8000"
VALUES = (
    "指标,时期,数值,单位,来源,链接,公布日期\n3,2021,81,,公报,https://example.org/a,2022-02-01\n"
    "2,2021,70,,公报,,\n2,2022,80,,公报,,\n"
)
# Years and periods, each taken for the one before it.
EARLIER = (
    ("2025", "2020"), ("2026", "2021"), ("2030", "2025"), ("十四五", "十三五"), ("十五五", "十四五"),
)  # fmt: skip
STATES = "举措,进展,来源\n3.1.1,进行中,公报\n"


def quiet(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def bases(
    release: Path, small_plan: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[ox.Quad]]:
    """The flagship, and a small plan of years that are over, with values entered."""
    folder = tmp_path_factory.mktemp("monitored") / "plan"
    # without the register of identifiers, where a test has published it before
    shutil.copytree(small_plan, folder, ignore=shutil.ignore_patterns("*.csv"))
    for name in ("plan.toml", "source.txt"):
        text = (folder / name).read_text(encoding="utf-8")
        for year, over in EARLIER:
            text = text.replace(year, over)
        (folder / name).write_text(text, encoding="utf-8")
    reading = read_plan(load_plan(folder), quiet, quiet)
    for name, text in (("values.csv", VALUES), ("states.csv", STATES)):
        sheet = folder.parent / name
        sheet.write_text(text, encoding="utf-8")
        assert observe(reading, sheet, "监测科", name, False, BASE).accepted
    flagship = read_quads(next((release / "dumps").glob("hongqiao-2021.nq*")))
    monitored = build_plan(reading, BASE, quiet, quiet).quads
    return {"flagship": merged(flagship), "monitored": merged(monitored)}


def merged(quads: list[ox.Quad]) -> list[ox.Quad]:
    return [
        ox.Quad(t.subject, t.predicate, t.object) for t in dict.fromkeys(q.triple for q in quads)
    ]


def at_fault(quads: list[ox.Quad]) -> set[tuple[str, str]]:
    """The nodes at fault, each with the local name of the shape."""
    return {(result.focus, result.shape.rsplit("#", 1)[-1]) for result in found(quads)}


def violations(quads: list[ox.Quad]) -> set[tuple[str, str]]:
    """The nodes that must not be published."""
    return {
        (result.focus, result.shape.rsplit("#", 1)[-1])
        for result in found(quads)
        if result.severity == "Violation"
    }


def found(quads: list[ox.Quad]) -> tuple[Result, ...]:
    return validate_quads(quads, vocabulary()).results


def test_nothing_is_at_fault_where_nothing_is_planted(bases: dict[str, list[ox.Quad]]) -> None:
    assert violations(bases["monitored"]) == set()


# A ceiling above the baseline that a value is beyond: nothing is covered, and the ceiling expected.
KEPT = """
DELETE { ?a plan:shareOfWay ?share ; plan:expected ?e ; plan:reached ?r ; plan:progressState ?s .
         ?target plan:comparator ?how ; plan:value ?goal }
INSERT { ?a plan:expected 90.0 ; plan:reached 95.0 ; plan:progressState plan:progress-Behind .
         ?target plan:comparator plan:AtMost ; plan:value 90.0 }
WHERE { ?a plan:againstTarget ?target ; plan:expected ?e ; plan:reached ?r ; plan:shareOfWay ?share ;
          plan:progressState ?s . ?target plan:comparator ?how ; plan:value ?goal }
"""


def test_a_bound_that_the_baseline_keeps_has_no_path(bases: dict[str, list[ox.Quad]]) -> None:
    store = ox.Store()
    store.extend(bases["monitored"])
    store.update(KEPT, prefixes=PREFIXES)
    assert store.query("ASK { ?a plan:expected 90.0 }", prefixes=PREFIXES)
    said = {result.message_zh for result in found(list(store)) if "/assessment/" in result.focus}
    assert not [words for words in said if "路径" in words or "完成比例" in words], said


@pytest.mark.parametrize("base", ["flagship", "monitored"])
def test_each_fault_is_found(base: str, bases: dict[str, list[ox.Quad]]) -> None:
    planted = [fault for fault in faults() if fault.base == base]
    missed: list[Fault] = []
    before = at_fault(bases[base])
    for lot in batches(planted):
        reported = at_fault(plant(bases[base], lot)) - before
        missed += [fault for fault in lot if (fault.named, fault.shape) not in reported]
    assert [(fault.what, fault.shape) for fault in missed] == []


def test_what_a_program_plants_is_found_or_told_why_not(bases: dict[str, list[ox.Quad]]) -> None:
    """A sample of all mutants; benchmarks/shapes.py plants each of them."""
    things = Things((q.subject, q.predicate, q.object) for q in bases["monitored"])
    sample = sorted(mutants(things), key=lambda mutant: mutant.name)[7::37]
    assert len(sample) > 40

    def reported(triples: list[Triple]) -> set[str]:
        return {
            f"{r.focus} {r.shape} {r.path} {r.value}" for r in found([ox.Quad(*t) for t in triples])
        }

    assert [m.name for m in missed(things, sample, reported) if not told_why(m)] == []


def test_another_engine_finds_the_same(bases: dict[str, list[ox.Quad]]) -> None:
    """pyrudof (Rust) is given the shapes as they are published."""
    import pyrudof

    lot = batches([fault for fault in faults() if fault.base == "monitored"])[0]
    quads = plant(bases["monitored"], lot)
    results = found(quads)
    triples = ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES)
    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(
        triples.decode() + vocabulary().serialize(format="nt"),
        format=pyrudof.RDFFormat.NTriples,
    )
    engine.read_shacl(shapes().serialize(format="turtle"))
    theirs = {str(entry.focus_node).strip("<>") for entry in engine.validate_shacl()}
    assert theirs == {result.focus for result in results}
    by_query = str(SH.SPARQLConstraintComponent)
    assert {r.focus for r in results} - {r.focus for r in results if r.component != by_query}


def test_the_table_has_each_fault_once() -> None:
    assert [what for what, n in Counter(f.what for f in faults()).items() if n > 1] == []
    assert len(faults()) > 260
