"""Scores a published dump against the gold sample: precision and recall by kind of thing read."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

PREFIXES = {
    "plan": "https://w3id.org/planlink/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
}
OWN_AREA = ("天津市红桥区", "天津市", "红桥区", "天津", "地铁", "我区", "全区")
SCALES = (1.0, 1e4, 1e-4, 100.0)  # a target may be given in 万 or as a ratio
NEUTRAL = ("target", "lead")  # neither rewarded nor punished as measure sentences


@dataclass
class Figure:
    """How many were found, wrongly found, and missed."""

    found: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.found / (self.found + self.extra) if self.found + self.extra else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def normal(name: str) -> str:
    """A name without brackets, spaces and the plan's own area before it."""
    name = re.sub(r"[\s()()“”\"《》]", "", name)
    for prefix in OWN_AREA:
        if name.startswith(prefix) and len(name) > len(prefix) + 1:
            return name.removeprefix(prefix)
    return name


def score(store: ox.Store, gold: dict[str, Any], chapters: Iterable[int]) -> dict[str, Figure]:
    """The figures of some chapters.

    Args:
        store: the published graphs.
        gold: the content of flagship-sample.json.
        chapters: the numbers of the chapters that count.
    """
    return _Scorer(store, gold, set(chapters)).figures()


def load_gold() -> dict[str, Any]:
    """The content of flagship-sample.json."""
    path = Path(__file__).with_name("flagship-sample.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


class _Scorer:
    def __init__(self, store: ox.Store, gold: dict[str, Any], chapters: set[int]) -> None:
        self.store, self.gold = store, gold
        self.sentences = [s for s in gold["sentences"] if s["chapter"] in chapters]
        self.names: dict[str, set[str]] = defaultdict(set)
        for node, name in self.rows("?n ?l { ?n skos:prefLabel|skos:altLabel ?l }"):
            self.names[node].add(normal(name))
        self.spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for node, start, end in self.rows(
            "?n ?s ?e { ?n prov:wasQuotedFrom ?p . ?p oa:start ?s ; oa:end ?e }"
        ):
            self.spans[node].append((int(start), int(end)))
        self.measures = self.by_sentence(node for (node,) in self.rows("?m { ?m a plan:Measure }"))
        self.wanted = {i for i, s in enumerate(self.sentences) if s["kind"] == "measure"}
        self.neutral = {i for i, s in enumerate(self.sentences) if s["kind"] in NEUTRAL}

    def rows(self, select: str) -> Iterator[tuple[str, ...]]:
        """The rows of a SELECT without its keyword, as texts."""
        prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
        found = self.store.query(
            f"{prefixes} SELECT DISTINCT {select}", use_default_graph_as_union=True
        )
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            yield tuple(getattr(value, "value", "") for value in row)

    def by_sentence(self, nodes: Iterable[str]) -> dict[int, set[str]]:
        """What is quoted from each sentence: by more than half of the shorter of the two spans."""
        found: dict[int, set[str]] = defaultdict(set)
        for node in nodes:
            for start, end in self.spans[node]:
                for i, s in enumerate(self.sentences):
                    overlap = min(end, s["end"]) - max(start, s["start"])
                    if overlap > 0.5 * min(end - start, s["end"] - s["start"]):
                        found[i].add(node)
        return found

    def figures(self) -> dict[str, Figure]:
        got = {i for i, nodes in self.measures.items() if nodes} - self.neutral
        return {
            "measure sentences": Figure(
                len(got & self.wanted), len(got - self.wanted), len(self.wanted - got)
            ),
            "zones per measure": self.named_in_measures("zones", "locatedIn"),
            "institutions per measure": self.named_in_measures("institutions", "involves"),
            "zone names": self.names_of("zones", "Zone"),
            "institution names": self.names_of("institutions", "Institution"),
            "targets": self.targets(),
            "measure-indicator links": self.links(),
            "annex indicators": self.annex(),
            "goals": self.goals(),
        }

    def optional(self, field: str) -> set[str]:
        return {normal(name) for name in self.gold[f"optional_{field}"]}

    def named_in_measures(self, field: str, predicate: str) -> Figure:
        linked: dict[str, set[str]] = defaultdict(set)
        for measure, node in self.rows(f"?m ?o {{ ?m plan:{predicate} ?o }}"):
            linked[measure].add(node)
        figure, optional = Figure(), self.optional(field)
        for i in self.wanted:
            wanted = {normal(name) for name in self.sentences[i].get(field, ())}
            read = [self.names[o] for m in self.measures.get(i, ()) for o in linked[m]]
            hit = {name for name in wanted if any(name in names for names in read)}
            figure.found += len(hit - optional)
            figure.extra += sum(not names & (wanted | optional) for names in read)
            figure.missed += len(wanted - hit - optional)
        return figure

    def names_of(self, field: str, class_: str) -> Figure:
        """Whether each name is the label of something; what else was read may be of other parts."""
        wanted = {normal(name) for s in self.sentences for name in s.get(field, ())}
        wanted -= self.optional(field)
        read = {
            name
            for (node,) in self.rows(f"?n {{ ?n a plan:{class_} }}")
            for name in self.names[node]
        }
        return Figure(len(wanted & read), 0, len(wanted - read))

    def targets(self) -> Figure:
        values: dict[str, list[float]] = defaultdict(list)
        for node, value in self.rows("?t ?v { ?t a plan:Target ; plan:value ?v }"):
            values[node].append(float(value))
        read = self.by_sentence(list(values))
        figure = Figure()
        for i, s in enumerate(self.sentences):
            if s["kind"] not in ("measure", "target"):
                continue
            left = [value for node in read.get(i, ()) for value in values[node]]
            for value in s.get("targets", ()):
                same = [v for v in left if any(abs(v * k - value) < 1e-6 for k in SCALES)]
                if same:
                    left.remove(same[0])
                    figure.found += 1
                else:
                    figure.missed += 1
            figure.extra += len(left)
        return figure

    def links(self) -> Figure:
        targets = self.by_sentence(node for (node,) in self.rows("?t { ?t a plan:Target }"))
        number: dict[str, set[int]] = defaultdict(set)
        for node, n in self.rows(
            "?m ?n { ?m plan:contributesTo|plan:ofIndicator ?i . ?i plan:number ?n }"
        ):
            number[node].add(int(n))
        wanted, read, optional = set(), set(), set()
        for i, s in enumerate(self.sentences):
            optional |= {(i, n) for n in s.get("optional_indicators", ())}
            if s["kind"] in ("measure", "target"):
                wanted |= {(i, n) for n in s.get("indicators", ())}
            if i in self.wanted | self.neutral:
                nodes = set(self.measures.get(i, ()))
                nodes |= targets.get(i, set()) if i in self.neutral else set()
                read |= {(i, n) for node in nodes for n in number[node]}
        extra = read - wanted - optional
        return Figure(len(read & wanted), len(extra), len(wanted - read))

    def annex(self) -> Figure:
        """Rows of the annex table: name, baseline and target all right."""
        figure = Figure()
        node_of = {
            int(n): i for i, n in self.rows("?i ?n { ?i a plan:Indicator ; plan:number ?n }")
        }
        values: dict[tuple[str, str], set[float | None]] = defaultdict(set)
        for kind in ("Baseline", "Target"):
            for node, value in self.rows(
                f"?i ?v {{ ?i plan:has{kind} ?o OPTIONAL {{ ?o plan:value ?v }} }}"
            ):
                values[node, kind].add(float(value) if value else None)
        for row in self.gold["indicators"]:
            node = node_of.get(row["number"], "")
            names = {normal(n) for n in (row["name"], row["corrected_name"]) if n}
            right = (
                bool(names & self.names[node])
                and row["baseline"] in (values[node, "Baseline"] or {None})
                and row["target"] in (values[node, "Target"] or {None})
            )
            figure.found += right
            figure.missed += not right
        return figure

    def goals(self) -> Figure:
        read = {name for (node,) in self.rows("?g { ?g a plan:Goal }") for name in self.names[node]}
        found = sum(any(normal(title) in name for name in read) for title in self.gold["goals"])
        return Figure(found, 0, len(self.gold["goals"]) - found)
