"""Names of zones and institutions in plans not learned from: one plan left out at a time.

usage: left_out.py [--models FOLDER] [--misses] [--fresh [FOLDER]]
(needs ../shared and, to learn, planlink[learn]; --fresh scores on passages of tests/gold/corpus)

For each two annotated plans of ../shared a model is learned from all the others (kept in FOLDER,
and taken from there where it is), and for each the choice among its spans; the plan is read by both
as `planlink publish` reads, and scored by the rules of ../shared/gold/score_plans.py.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from learn_choice import learn as learn_choice
from learn_choice import read_taught
from learn_names import read_all

from kg.document.structure import Document, read_document
from kg.extract.choice import Choice
from kg.extract.entities import printed_names
from kg.extract.extraction import extract
from kg.extract.model import Entity, Extraction
from kg.extract.pretrained import pretrained
from kg.extract.tagger import read_model
from kg.extract.train import at_hand
from kg.extract.training_examples import learn, pack, prepare
from kg.lexicon import lexicon
from tests.gold.annotations import FRESH, published

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FIGURES = (
    *("zone names", "institution names", "zones per measure", "institutions per measure"),
    *("zone types", "institution types"),  # of names found: precision is the share that is right
)
Counts = dict[str, tuple[int, int, int]]


def plain(name: str) -> str:
    return re.sub(r"[\s()（）“”\"《》]", "", name)


class Scorer:
    """One plan's extraction beside its gold, by the rules of score_plans.py."""

    def __init__(self, gold: dict[str, Any], document: Document, found: Extraction) -> None:
        self.gold = gold
        self.own = gold.get("own", [])
        self.document = document
        self.found = found
        self.sentences = {
            key: s | {"end": max(s.get("end", 0), s["start"] + len(s.get("text", "")))}
            for key, s in gold["sentences"].items()
        }
        self.misses: list[tuple[str, str, str]] = []

    def forms(self, name: str) -> set[str]:
        name = plain(name)
        shorter = {
            name[len(area) :]
            for area in self.own
            if name.startswith(area) and len(name) > len(area) + 1
        }
        return {name} | shorter

    def labels(self, entity: Entity) -> frozenset[str]:
        name, others = printed_names(self.document, entity)
        return frozenset(f for label in (name, *others) for f in self.forms(label))

    def inside(self, start: int, end: int) -> set[str]:
        return {
            k for k, s in self.sentences.items() if start >= s["start"] - 1 and end <= s["end"] + 1
        }

    def measures(self) -> dict[str, list[tuple[int, int]]]:
        """The measures found for each annotated measure."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for measure in self.found.measures:
            a, b = measure.span.start, measure.span.end
            for key, s in self.sentences.items():
                if min(b, s["end"]) - max(a, s["start"]) > 0.5 * min(b - a, s["end"] - s["start"]):
                    found[key].append((a, b))
        return {k: found.get(k, []) for k, s in self.sentences.items() if s["kind"] == "measure"}

    def score(self) -> Counts:
        counts: Counts = {}
        measures = self.measures()
        for field, entities in (
            ("zones", self.found.zones),
            ("institutions", self.found.institutions),
        ):
            labels = [self.labels(e) for e in entities]
            at: dict[str, set[int]] = defaultdict(set)
            placed = [
                (i, span.start, span.end) for i, e in enumerate(entities) for span in e.mentions
            ]
            for i, start, end in placed:
                for key in self.inside(start, end):
                    at[key].add(i)
            counts[f"{field[:-1]} names"] = self._names(field, labels, at)
            counts[f"{field} per measure"] = self._per_measure(field, labels, at, placed, measures)
        return counts

    def types(self) -> Counts:
        """Of the names found that are annotated with a type: how many have it, and how many not."""
        alike = lexicon("names")["gold_types"]
        counts: Counts = {}
        for kind, entities in (
            ("zone", self.found.zones),
            ("institution", self.found.institutions),
        ):
            labelled = {
                form: alike.get(type_, type_)
                for name, type_ in self.gold[f"{kind}_types"].items()
                for form in self.forms(name)
            }
            known = [
                (e.type, {labelled[x] for x in self.labels(e) if x in labelled}) for e in entities
            ]
            judged = [type_ in types for type_, types in known if types]
            counts[f"{kind} types"] = sum(judged), len(judged) - sum(judged), 0
        return counts

    def _wanted(self, sentence: dict[str, Any], field: str) -> list[set[str]]:
        return [
            {f for a in ([w] if isinstance(w, str) else w) for f in self.forms(a)}
            for w in sentence[field]
        ]

    def _names(
        self, field: str, labels: list[frozenset[str]], at: dict[str, set[int]]
    ) -> tuple[int, int, int]:
        optional, wanted = set(map(plain, self.own)), defaultdict(set)
        for s in self.sentences.values():
            optional |= {f for a in s.get("optional_" + field, []) for f in self.forms(a)}
            for names, forms in zip(s[field], self._wanted(s, field), strict=True):
                first = names if isinstance(names, str) else names[0]
                wanted[frozenset(self.forms(first))] |= forms
        missed = [first for first, forms in wanted.items() if not any(x & forms for x in labels)]
        allowed = optional.union(*wanted.values())
        inside: set[int] = set().union(*at.values()) if at else set()
        extra = [i for i in inside if not labels[i] & allowed]
        self.misses += [(f"{field} names", "missed", sorted(f)[-1]) for f in missed]
        self.misses += [(f"{field} names", "extra", sorted(labels[i])[-1]) for i in extra]
        return len(wanted) - len(missed), len(extra), len(missed)

    def _per_measure(
        self,
        field: str,
        labels: list[frozenset[str]],
        at: dict[str, set[int]],
        placed: Iterable[tuple[int, int, int]],
        measures: dict[str, list[tuple[int, int]]],
    ) -> tuple[int, int, int]:
        right = extra = missed = 0
        places = list(placed)
        for key, spans in measures.items():
            s = self.sentences[key]
            linked = {i for i, start, _ in places for a, b in spans if a <= start < b} & at[key]
            optional = {f for a in s.get("optional_" + field, []) for f in self.forms(a)}
            optional |= set(map(plain, self.own))
            wanted = self._wanted(s, field)
            for forms in wanted:
                if any(labels[i] & forms for i in linked):
                    right += 1
                elif not forms & optional:
                    missed += 1
            extra += sum(
                not any(labels[i] & forms for forms in wanted) and not labels[i] & optional
                for i in linked
            )
        return right, extra, missed


def line(figure: str, counts: tuple[int, int, int]) -> str:
    right, extra, missed = counts
    p, r = right / ((right + extra) or 1), right / ((right + missed) or 1)
    f = 2 * p * r / ((p + r) or 1)
    return (
        f"{figure:26} P {p:.3f}  R {r:.3f}  F1 {f:.3f}  right {right} extra {extra} missed {missed}"
    )


def learn_models(slugs: Iterable[str], folder: Path) -> None:
    """Learn the models that a folder lacks: one for each two plans, from every other one."""
    folder.mkdir(parents=True, exist_ok=True)
    lacking = [slug for slug in slugs if not (folder / f"{slug}.npz").exists()]
    for aside in zip_longest(lacking[::2], lacking[1::2]):
        begun = pretrained()
        pairs = [pair for pair in at_hand() if Path(pair[0]).stem not in aside]
        lesson = prepare(read_all(pairs), begun)
        packed = pack(learn(lesson, begun), lesson, {})
        for slug in filter(None, aside):
            (folder / f"{slug}.npz").write_bytes(packed)


def choices_without(folder: Path) -> Iterator[tuple[str, Choice]]:
    """For each plan the choice that is learned from the others, as models read them that have not
    learned from them."""
    plans, words = read_taught(folder)
    for plan in plans:
        others = {slug: held for slug, held in words.items() if slug != plan.slug}
        yield plan.slug, learn_choice([p for p in plans if p is not plan], others).choice


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, help="a folder for the models learned")
    parser.add_argument("--misses", action="store_true", help="show each name missed or invented")
    parser.add_argument("--fresh", nargs="?", const=FRESH[0], choices=FRESH, help="which passages")
    given = parser.parse_args()
    folder = given.models or Path(tempfile.mkdtemp())
    total: dict[str, list[int]] = {figure: [0, 0, 0] for figure in FIGURES}
    paths = {path.stem: path for path in sorted((SHARED / "gold" / "plans").glob("*.json"))}
    golds = {slug: json.loads(path.read_text(encoding="utf-8")) for slug, path in paths.items()}
    if given.fresh:
        golds = {plan["slug"]: plan for plan in published(SHARED / "plans", given.fresh)}
    learn_models(paths, folder)
    for slug, choice in choices_without(folder):
        gold = golds[slug]
        source = (SHARED / "plans" / f"{slug}.txt").read_bytes().decode("utf-8")
        document = read_document(source, slug)
        found = extract(
            document,
            (2021, 2025),
            gold["own"][0],
            read_model((folder / f"{slug}.npz").read_bytes(), choice),
        )
        scorer = Scorer(gold, document, found)
        print("==", slug)
        for figure, counts in (scorer.score() | scorer.types()).items():
            print(line(figure, counts), flush=True)
            total[figure] = [a + b for a, b in zip(total[figure], counts, strict=True)]
        if given.misses:
            for miss in scorer.misses:
                print("   ", *miss)
    print("== all")
    for figure, (right, extra, missed) in total.items():
        print(line(figure, (right, extra, missed)))


if __name__ == "__main__":
    main()
