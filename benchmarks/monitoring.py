"""Monitoring at scale: how fast sheets are taken in, and the board on a million observations of a
thousand plans.

The import is measured on sheets of real size against what SHACL validation by pySHACL alone takes
for the same rows (its core constraints and sh:sparql). The page is measured on a store of PLANS
plans with OBSERVATIONS observations in all, as a ratio to the same page on one plan. --plans and
--observations make it smaller.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import Graph

from kg.graph.vocabulary import vocabulary
from kg.link.reading import Reading, read_plan
from kg.monitoring.graph import MonitoringGraph
from kg.monitoring.log import read_log
from kg.monitoring.record import observe
from kg.rdf.quads import FORMATS, read_quads, serialize
from kg.rdf.shapes import shapes
from kg.release.store import write_store
from kg.settings import DEFAULT_BASE
from kg.source.plan import load_plan
from plans import ROOT, SLUG, flagship, slug

sys.path.insert(0, str(ROOT / "tests"))
from support import serving

ROWS = 1000
MORE = 8
YEARS = range(2021, 2026)
VISITS = 40
PAGES = ("board", "progress")
DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


def sheet(path: Path, rows: int, areas: int) -> None:
    """Values of an indicator for five years and many areas, as a city enters those of its
    districts.
    """
    lines = ["指标,时期,数值,来源,地区"]
    for i in range(rows):
        area = f"第{i // len(YEARS) % areas}街道"
        lines.append(
            f"{14 if i // len(YEARS) // areas == 0 else 12},{YEARS[i % len(YEARS)]},"
            f"{33 + i % 7},统计公报,{area}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def imported(folder: Path, rows: int) -> tuple[Reading, float]:
    """A copy of the plan with so many rows taken in, and the seconds that it took."""
    plan = folder / "plan"
    shutil.copytree(ROOT / "plans" / SLUG, plan)
    sheet(folder / "rows.csv", rows, rows // len(YEARS))
    reading = read_plan(load_plan(plan), lambda _: None, lambda _: None)
    begun = time.perf_counter()
    outcome = observe(reading, folder / "rows.csv", "benchmark", "rows.csv", False, DEFAULT_BASE)
    took = time.perf_counter() - begun
    assert outcome.accepted, [a for a in outcome.answers if a.wrong][:3]
    return reading, took


def importing(scratch: Path) -> None:
    (reading, took), (_, longer) = (
        imported(scratch / str(rows), rows) for rows in (ROWS, MORE * ROWS)
    )
    log, graph = read_log(reading.plan.folder), Graph()
    writer = MonitoringGraph(
        graph,
        reading.plan,
        reading.document,
        reading.linked,
        reading.iris(DEFAULT_BASE),
        DEFAULT_BASE,
    )
    writer.add_context(log.observations)
    writer.add_candidates(log.imports[0], log.observations)
    for triple in vocabulary():
        graph.add(triple)
    few = Graph()
    for triple in graph:
        if "/actual/" not in str(triple[0]) or str(triple[0]).endswith(
            ("-2", "-12", "-22", "-32", "-42")
        ):
            few.add(triple)
    begun = time.perf_counter()
    pyshacl.validate(few, shacl_graph=shapes(), advanced=True)
    alone = (time.perf_counter() - begun) / 5 * ROWS
    print(
        f"import of {ROWS} rows: {took:.1f} s, {ROWS / took:.0f} rows a second; "
        f"{took / alone:.3f} of pySHACL's time (taken from 5 rows)"
    )
    print(f"  {MORE} times the rows take {longer / took:.1f} times as long")


def quads(dump: Path, plans: int, observations: int) -> Iterator[ox.Quad]:
    """The flagship under many slugs, each with its share of observations of its 23 indicators."""

    def of_the_plan(quad: ox.Quad) -> bool:
        return f"/{SLUG}" in quad.graph_name.value  # type: ignore[union-attr]

    own = [quad for quad in read_quads(dump) if of_the_plan(quad)]
    yield from (quad for quad in read_quads(dump) if not of_the_plan(quad))
    ns, each = "https://w3id.org/planlink/ns#", observations // plans

    def named(term: object, i: int) -> object:
        return (
            ox.NamedNode(term.value.replace(SLUG, slug(i)))
            if i and isinstance(term, ox.NamedNode) and SLUG in term.value
            else term
        )

    def node(name: str) -> ox.NamedNode:
        return ox.NamedNode(name)

    for i in range(plans):
        root = f"{DEFAULT_BASE}/id/{slug(i)}"
        monitoring = node(f"{root}/graph/monitoring")
        for q in own:
            yield ox.Quad(*(named(term, i) for term in q))  # type: ignore[arg-type]
        for k in range(each):
            indicator, year = node(f"{root}/indicator/{k % 23 + 1}"), YEARS[k // 23 % len(YEARS)]
            place = k // 23 // len(YEARS)
            value, period = node(f"{root}/actual/{k}"), node(f"{DEFAULT_BASE}/id/period/{year}")
            area = node(f"{root}/area/{place}" if place else f"{root}/area")
            for p, o in (
                ("ofIndicator", indicator),
                ("period", period),
                ("valueText", ox.Literal(str(k % 90))),
                ("value", ox.Literal(str(k % 90), datatype=DECIMAL)),
            ):
                yield ox.Quad(value, node(ns + p), o, monitoring)
            yield ox.Quad(
                value,
                node("http://purl.org/linked-data/sdmx/2009/dimension#refArea"),
                area,
                monitoring,
            )
            yield ox.Quad(indicator, node(f"{ns}hasActual"), value, monitoring)


def visits(server: str, page: str, names: list[str]) -> float:
    """The 95th percentile of a page's time, in seconds, each visit to another plan."""
    took = []
    for name in names:
        begun = time.perf_counter()
        with urllib.request.urlopen(f"{server}/{page}/{name}") as answer:
            answer.read()
        took.append(time.perf_counter() - begun)
    return sorted(took)[int(len(took) * 0.95)]


def serving_many(scratch: Path, plans: int, observations: int) -> None:
    out = scratch / "release"
    dump = flagship(out)
    with serving(out) as server:
        single = {
            page: statistics.median(visits(server, page, [SLUG]) for _ in range(5))
            for page in PAGES
        }
    folder = (out / "current").resolve()
    shutil.rmtree(folder / "store")
    begun = time.perf_counter()
    made = [*quads(dump, plans, observations)]
    size = len(write_store(folder / "store", serialize(made, FORMATS["nquads"])))
    print(
        f"store of {plans} plans and {observations} observations: {size} triples, "
        f"{time.perf_counter() - begun:.0f} s"
    )
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["plans"] = [{**manifest["plans"][0], "slug": slug(i)} for i in range(plans)]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with serving(out) as server:
        p95 = {
            page: visits(server, page, [slug(i * plans // VISITS) for i in range(VISITS)])
            for page in PAGES
        }
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for page in PAGES:
        print(
            f"{page}, each visit to another plan: p95 {p95[page] * 1000:.0f} ms, "
            f"{p95[page] / single[page]:.1f} times that of one plan alone"
        )
    print(f"largest process {memory:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--observations", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        importing(Path(name))
        serving_many(Path(name), chosen.plans, chosen.observations)


if __name__ == "__main__":
    main()
