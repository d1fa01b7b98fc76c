"""What the shapes find of faults that a program plants, for every class and property of a graph.

For each class and property of the graph one value is lost, taken from another thing, blanked, cut,
moved by a year, said in another language and so on (tests/rdf/mutants.py). Prints how many are
found, and those that are not, each with why that may be (tests/rdf/unseen.toml), or with nothing.

usage: python benchmarks/shapes.py PLAN
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.graph.vocabulary import vocabulary
from kg.link.reading import read_plan
from kg.pipeline import build_plan
from kg.rdf.shacl import validate
from kg.settings import DEFAULT_BASE
from kg.source.plan import load_plan

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "rdf"))

from mutants import Things, Triple, missed, mutants, told_why


def at_fault(triples: list[Triple]) -> set[str]:
    """What is reported of a graph, each finding beginning with the node at fault."""
    written = ox.serialize(
        [ox.Triple(*triple) for triple in triples], format=ox.RdfFormat.N_TRIPLES
    )
    found = validate(Graph().parse(data=written, format="nt"), vocabulary()).results
    return {f"{one.focus} {one.shape} {one.path} {one.value}" for one in found}


def main() -> None:
    """Plant each mutant of a plan, and print what is not found."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # it tells of each ill-typed literal
    reading = read_plan(load_plan(Path(sys.argv[1])), print, print)
    quads = build_plan(reading, DEFAULT_BASE, print, print).quads
    things = Things((quad.subject, quad.predicate, quad.object) for quad in quads)
    planted = list(mutants(things))
    unseen = missed(things, planted, at_fault)
    explained = [mutant for mutant in unseen if told_why(mutant)]
    print(
        f"{len(planted)} mutants: {len(planted) - len(unseen)} found, {len(explained)} need not be"
    )
    for why, number in Counter(map(told_why, explained)).most_common():
        print(f"{number:5} {why}")
    for mutant in unseen:
        if mutant not in explained:
            print(f"not found: {mutant.name}")


if __name__ == "__main__":
    main()
