"""Publishing the flagship, split by step, as ratios to what reading and serialising alone take.

Also SHACL three ways on the same graph: ours, pySHACL on the core constraints alone, pySHACL on
everything.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import SH, Graph

from kg import pipeline
from kg.graph.vocabulary import vocabulary
from kg.rdf import shacl as validate
from kg.rdf.shapes import shapes
from kg.release.assemble import Publishing
from kg.settings import DEFAULT_BASE, Settings
from kg.source.plan import load_plan

ROOT = Path(__file__).parent.parent
FLAGSHIP = ROOT / "plans" / "hongqiao-2021"
RUNS = 5
READING = ("read", "extract", "link", "build", "dumps")


def steps_of_one_publish() -> dict[str, float]:
    """Seconds of each step of one publish."""
    marks: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        publishing = Publishing(lambda name: marks.append((name, time.perf_counter())), print)
        pipeline.publish([FLAGSHIP], Path(folder), Settings(), publishing)
        marks.append(("end", time.perf_counter()))
    return {name: marks[i + 1][1] - begun for i, (name, begun) in enumerate(marks[:-1])}


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    shapes(), vocabulary()
    steps_of_one_publish()
    runs = [steps_of_one_publish() for _ in range(RUNS)]
    steps = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    alone = sum(steps[name] for name in READING)
    total = sum(steps.values())
    print(f"publish of the flagship, median of {RUNS} runs")
    for name, seconds in steps.items():
        print(f"  {name:22} {seconds:6.3f} s   {seconds / alone:5.2f} of reading and serialising")
    print(
        f"  {'whole':22} {total:6.3f} s   {total / alone:5.2f} of reading and serialising (bound: "
        f"3)"
    )
    quiet: Callable[[str], None] = lambda _: None  # noqa: E731
    quads = pipeline.build_plan(
        pipeline.read_plan(load_plan(FLAGSHIP), quiet, quiet), DEFAULT_BASE, quiet, quiet
    ).quads
    triples = ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES)
    graph = Graph().parse(data=triples, format="nt")
    together, core = vocabulary() + graph, Graph() + shapes()
    core.remove((None, SH.sparql, None))
    ours = timed(lambda: validate.validate(graph, vocabulary()))
    alone_core = timed(lambda: pyshacl.validate(together, shacl_graph=core, advanced=False))
    naive = timed(lambda: pyshacl.validate(together, shacl_graph=shapes(), advanced=True))
    print(
        f"SHACL on {len(graph)} triples: ours {ours:.2f} s; pySHACL, core only {alone_core:.2f} "
        f"s; pySHACL, sh:sparql as well {naive:.2f} s"
    )
    print(f"  ours takes {ours / naive:.3f} of pySHACL's time for the same constraints")


if __name__ == "__main__":
    main()
