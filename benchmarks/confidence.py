"""How sure what is read is: how often it was right, in plans that were not learned from.

usage: confidence.py --models FOLDER [--write]   (needs ../shared)

FOLDER holds models by benchmarks/left_out.py, which have not learned from the plan, for all ten.
Names are read in those plans, and the share that is right is given for each confidence of the
tagger: it never falls (isotonic regression), and each step rests on 30 names. Links that have a
score are judged likewise. What other rules read is counted in all ten plans; links that no
annotation judges were read one by one (tests/gold/corpus/read-links.tsv). Results are
kg/lexicon/confidence.toml and docs/reliability.svg, where names are shown by a table fitted on the
other plans alone.
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from learn_links import learn, likely, read_all
from left_out import SHARED, Scorer, choices_without, plain

from kg.document.structure import read_document
from kg.extract.entities import find_mentions
from kg.extract.extraction import extract
from kg.extract.model import Entity, Quantity
from kg.extract.tagger import Tagger, read_model
from kg.link.completeness import numbers_without_targets
from kg.link.links import link
from kg.link.model import Linked
from kg.source.areas import own_names
from kg.source.plan import load_plan
from tests.gold.annotations import CORPUS, read, read_links

ROOT = Path(__file__).resolve().parent.parent
TABLE_ROWS = (143, 144)  # right and read: six tables, by ../shared/gold/score_table.py
PERIODS = {"10": (2001, 2005), "14": (2021, 2025), "15": (2026, 2030)}
SCALES = (1, 1e4, 1e-4, 1e8, 1e-8, 100, 0.01, 1000, 0.001)
STEP = 30  # names that a step of the table rests on
Judged = tuple[float, bool]  # a score, and whether what has it is right
Gold = dict[str, Any]


class Counts:
    """What each rule read, and what of that is right; by plan, where it gives scores."""

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str, bool]] = Counter()
        self.scored: dict[tuple[str, str], dict[str, list[Judged]]] = defaultdict(dict)

    def add(self, kind: str, rule: str, right: bool) -> None:
        self.found[kind, rule, right] += 1

    def add_scored(self, kind: str, rule: str, plan: str, score: float, right: bool) -> None:
        self.scored[kind, rule].setdefault(plan, []).append((score, right))

    def tables(self) -> Iterator[tuple[str, str, list[float], list[float]]]:
        """For each rule that gives scores, the share that is right by score."""
        for (kind, rule), plans in sorted(self.scored.items()):
            yield kind, rule, *isotonic([one for held in plans.values() for one in held])

    def rates(self) -> Iterator[tuple[str, str, int, int]]:
        for kind, rule in sorted({(k, r) for k, r, _ in self.found}):
            right, wrong = self.found[kind, rule, True], self.found[kind, rule, False]
            yield kind, rule, right, right + wrong


def is_value(quantity: Quantity, printed: Any) -> bool:
    """Whether a quantity is one of the values of an annotation, in any unit."""
    wanted = [v for v in (printed if isinstance(printed, list) else [printed]) if v is not None]
    values = [float(v) for v in (quantity.value, quantity.upper) if v is not None]
    return any(
        abs(value * scale - v) <= 1e-6 * max(1, abs(v))
        for value in values
        for v in wanted
        for scale in SCALES
    )


class Judge:
    """One plan's reading beside its gold."""

    def __init__(self, gold: Gold, source: str, tagger: Tagger) -> None:
        slug, area = gold["slug"], gold["own"][0]
        match = re.search(r"_(\d\d)fyp", slug)
        period = PERIODS[match[1]] if match else PERIODS["15"]
        self.document = read_document(source, slug)
        extraction = extract(self.document, period, area, tagger)
        self.linked: Linked = link(self.document, extraction)
        mentions = find_mentions(self.document, own_names(area), tagger)
        self.sure = {(m.kind, m.span): m.confidence for m in mentions}
        self.scorer = Scorer(gold, self.document, self.linked.extraction)
        self.roles = {s.number: self.document.role(s) for s in self.document.sentences}

    def inside(self, start: int, end: int) -> list[Gold]:
        return [self.scorer.sentences[k] for k in sorted(self.scorer.inside(start, end))]

    def at(self, start: int, end: int) -> list[Gold]:
        return [
            s
            for s in self.scorer.sentences.values()
            if min(end, s["end"]) - max(start, s["start"])
            > 0.5 * min(end - start, s["end"] - s["start"])
        ]

    def names(self) -> Iterator[tuple[str, float, bool]]:
        """Each place and organisation of the annotated sentences: how sure the tagger is of its
        mentions on average, and whether it is right; those left open are passed over."""
        found = self.linked.extraction
        for field, entities in (("zones", found.zones), ("institutions", found.institutions)):
            wanted, optional = set(), set(map(plain, self.scorer.own))
            for s in self.scorer.sentences.values():
                optional |= {
                    f for a in s.get("optional_" + field, []) for f in self.scorer.forms(a)
                }
                wanted |= set().union(*self.scorer._wanted(s, field))
            for entity in entities:
                labels = self.scorer.labels(entity)
                if self._annotated(entity) and (labels & wanted or not labels & optional):
                    sure = [self.sure.get((entity.kind, span), 1.0) for span in entity.mentions]
                    yield field, sum(sure) / len(sure), bool(labels & wanted)

    def _annotated(self, entity: Entity) -> bool:
        return any(self.scorer.inside(span.start, span.end) for span in entity.mentions)

    def count(self, counts: Counts) -> None:
        """Count what rules read in the annotated sentences."""
        found = self.linked.extraction
        for measure in found.measures:
            at = self.at(measure.span.start, measure.span.end)
            kinds = {s["kind"] for s in at} - {"target", "lead"}
            if kinds:
                counts.add("measure", "sentence", "measure" in kinds)
        for goal in found.goals:
            if at := self.inside(goal.span.start, goal.span.end):
                right = any(s["kind"] == "goal" or s.get("mark") for s in at)
                counts.add("goal", "vision" if goal.vision else "period", right)
        for one in found.achievements:
            self._value(counts, "achievement", "number", one.quantity, "achievements")
        for value in found.values:
            if value.kind == "Target" and value.sentence is not None:
                role = "measures" if self.roles[value.sentence] == "measures" else "goals"
                rule = "words" if value.quantity.value is None else role
                self._value(counts, "target", rule, value.quantity, "targets")
        for sentence, _ in numbers_without_targets(self.document, self.linked):
            for s in self.at(sentence.span.start, sentence.span.end):
                counts.add(
                    "review", "number-without-target", not any(t["value"] for t in s["targets"])
                )
        self._links(counts)

    def _value(self, counts: Counts, kind: str, rule: str, quantity: Quantity, field: str) -> None:
        for s in self.inside(quantity.span.start, quantity.span.end)[:1]:
            if any(is_value(quantity, v) for v in s.get("optional_values", [])):
                continue
            if quantity.value is None:
                right = any(
                    t.get("op") in ("task", "trend") or not t["value"] for t in s.get(field, [])
                )
            else:
                right = any(is_value(quantity, t["value"]) for t in s.get(field, []))
            counts.add(kind, rule, right)

    def _links(self, counts: Counts) -> None:
        """The links from annotated measures to rows of the annex table."""
        found = self.linked.extraction
        numbers = {i.key: i.number for i in found.indicators if i.number is not None}
        words = ("QuantityWords", "SubjectWords")  # measured in plans left out: links_by_words
        if not any(s.get("indicators") for s in self.scorer.sentences.values()):
            return
        measures = {m.number: self.at(m.span.start, m.span.end) for m in found.measures}
        for one in self.linked.links:
            at = measures.get(one.subject.key, []) if one.subject.kind == "measure" else []
            measured = one.object.kind == "indicator" and one.method not in words
            number = numbers.get(one.object.key) if measured else None
            for s in at:
                if number is None or number in s.get("optional_indicators", []):
                    continue
                right = number in s.get("indicators", [])
                counts.add("link", f"{one.predicate}-{one.method}", right)


def links_by_words(counts: Counts) -> None:
    """Count the links that rest on words, of each annotated plan by weights learned from the
    others: those of a quantity, where annotators leave none open, and those of a subject, where
    they tell the open ones."""
    plans = read_all()
    for plan in plans:
        others = [other for other in plans if other.slug != plan.slug]
        serves = likely(plan, learn(others, subject=False))
        for pair, score in serves.items():
            if pair not in plan.open | plan.stated:
                right, rule = pair in plan.required, "contributesTo-QuantityWords"
                counts.add_scored("link", rule, plan.slug, score, right)
        concerns = likely(plan, learn(others, subject=True), subject=True)
        for pair, score in concerns.items() if plan.open_listed else ():
            if pair not in plan.stated | serves.keys():
                right, rule = pair in plan.open | plan.required, "concerns-SubjectWords"
                counts.add_scored("link", rule, plan.slug, score, right)


def links_to_goals(counts: Counts) -> None:
    """Count the links from chapters and to indicators of the three plans whose goals are annotated,
    those that are only likely apart."""
    for gold in map(read, sorted((CORPUS / "goals").glob("*.json"))):
        source = (SHARED / "plans" / gold["source"]["file"]).read_bytes().decode("utf-8")
        document = read_document(source, gold["slug"])
        linked = link(document, extract(document, PERIODS["15"], ""))
        goals = {
            goal.number: number
            for goal in linked.extraction.goals
            for number, (start, end) in enumerate(gold["goals"], 1)
            if goal.span.start < end and start < goal.span.end
        }
        starts = {one["start"]: one["goals"] for one in gold["chapters"]}
        chapters = {s.number: starts.get(s.heading_span.start, []) for s in document.sections}
        _to_goals(counts, gold["slug"], linked, goals, chapters, gold["indicators"])
    gold = json.loads((SHARED / "gold" / "gold-flagship.json").read_text(encoding="utf-8"))
    plan = load_plan(ROOT / "plans" / "hongqiao-2021")
    document = read_document(plan.source, plan.slug, plan.errata)
    linked = link(document, extract(document, plan.period, plan.area))
    titles = {goal["title"]: number for number, goal in enumerate(gold["goals"], 1)}
    goals = {g.number: titles[g.title] for g in linked.extraction.goals if g.title in titles}
    sides = ("chapters", "indicator_rows")
    of_goals: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for wanted, side in zip(of_goals, sides, strict=True):
        for number, goal in enumerate(gold["goals"], 1):
            for held in goal[side]:
                wanted[str(held)].append(number)
    _to_goals(counts, plan.slug, linked, goals, *of_goals)


def _to_goals(
    counts: Counts,
    slug: str,
    linked: Linked,
    goals: dict[str, int],
    chapters: dict[str, list[int]],
    rows: dict[str, list[int]],
) -> None:
    """Count one plan's links: goals by the gold's numbers; chapters and rows with those of theirs
    that the gold names."""
    numbers = {i.key: str(i.number) for i in linked.extraction.indicators}
    for one in (*linked.links, *linked.likely):
        if one.predicate == "measuredBy":
            right = goals.get(one.subject.key) in rows.get(numbers[one.object.key], [])
        elif one.predicate == "supportsGoal" and one.subject.kind == "section":
            right = goals.get(one.object.key) in chapters.get(one.subject.key, [])
        else:
            continue
        if one in linked.likely:
            counts.add("link", f"{one.predicate}-unsure", right)
        elif one.score is not None:
            rule = f"{one.predicate}-{one.method}"
            counts.add_scored("link", rule, slug, float(one.score), right)


def isotonic(judged: list[Judged]) -> tuple[list[float], list[float]]:
    """The share that is right for each confidence, never falling: pools of adjacent violators,
    over steps of so many names."""
    ordered = sorted(judged)
    steps = max(1, len(ordered) // STEP)
    pools: list[list[Any]] = []
    for chunk in np.array_split(np.array(ordered, float), steps):
        pools.append([chunk[:, 0].mean(), chunk[:, 1].sum(), len(chunk), [chunk[:, 0].mean()]])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            _, right, size, at = pools.pop()
            pools[-1] = [pools[-1][0], pools[-1][1] + right, pools[-1][2] + size, pools[-1][3] + at]
    sure = [round(float(np.mean(at)), 3) for _, _, _, at in pools]
    shares = [round((right + 1) / (size + 2), 3) for _, right, size, _ in pools]
    return sure, [float(x) for x in np.maximum.accumulate(shares)]


def error(judged: list[Judged]) -> float:
    """The expected calibration error over ten steps of equal width."""
    bins = bin_by(judged, 10)
    return sum(abs(sure - right) * size for sure, right, size in bins) / len(judged)


def bin_by(judged: list[Judged], steps: int) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right and size of each step that holds anything."""
    held: dict[int, list[Judged]] = defaultdict(list)
    for sure, right in judged:
        held[min(int(sure * steps), steps - 1)].append((sure, right))
    return [
        (sum(s for s, _ in h) / len(h), sum(r for _, r in h) / len(h), len(h))
        for _, h in sorted(held.items())
    ]


def as_toml(counts: Counts) -> str:
    """The figures as kg/lexicon/confidence.toml has them."""
    lines = [
        "# How often what was read was right, in plans left out; written by "
        "benchmarks/confidence.py.",
        "",
        "# Where a rule gives such a score, the share that is right, by kind and rule: names by how "
        "sure",
        "# the tagger is of their mentions on average, links by predicate and method.",
    ]
    for kind, rule, scores, right in counts.tables():
        lines += [f"[scored.{kind}.{rule}]", _wrapped("score", scores), _wrapped("right", right)]
    lines += ["", "# What other rules read, by kind and rule."]
    for kind, rule, right, read_ in counts.rates():
        lines += [f"[rates.{kind}.{rule}]", f"right = {right}", f"read = {read_}"]
    return "\n".join(lines) + "\n"


def _wrapped(key: str, values: list[float]) -> str:
    """A list of numbers as TOML, on lines of at most 100 characters."""
    text = textwrap.fill(", ".join(map(str, values)), 96)
    return f"{key} = [\n{textwrap.indent(text, '  ')},\n]"


def diagram(judged: list[Judged]) -> str:
    """The reliability diagram (SVG) of names, by steps of confidence."""
    size, edge = 360, 56

    def at(sure: float, right: float) -> tuple[str, str]:
        return f"{edge + sure * size:.1f}", f"{edge / 2 + (1 - right) * size:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * edge} '
        f'{size + 2 * edge}" '
        'role="img" font-family="sans-serif" font-size="11" fill="#333">',
        "<title>Reliability of names in plans left out</title>",
        f'<rect width="{size + 2 * edge}" height="{size + 2 * edge}" fill="#fff"/>',
    ]
    for tick in range(0, 11, 2):
        x, y = at(tick / 10, tick / 10)
        low, left = at(0, 0)[1], at(0, 0)[0]
        parts.append(
            f'<path d="M{x} {edge / 2}V{low}M{left} {y}H{edge + size}" stroke="#ddd"/>'
            f'<text x="{x}" y="{float(low) + 16:.1f}" text-anchor="middle">{tick / 10}</text>'
            f'<text x="{float(left) - 8:.1f}" y="{float(y) + 4:.1f}" '
            f'text-anchor="end">{tick / 10}</text>'
        )
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts.append(f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#999" stroke-dasharray="4 4"/>')
    for sure, right, count in bin_by(judged, 10):
        x, y = at(sure, right)
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="{2 + count**0.5 / 1.5:.1f}" fill="#1565c0" '
            f'fill-opacity=".55"><title>{count} names: confidence {sure:.2f}, '
            f"right {right:.2f}</title></circle>"
            f'<text x="{float(x) + 14:.1f}" y="{float(y) + 14:.1f}">{count}</text>'
        )
    bottom = size + edge + 20
    parts += [
        f'<text x="{edge + size / 2}" y="{bottom}" text-anchor="middle">confidence</text>',
        f'<text transform="translate(14 {edge / 2 + size / 2}) rotate(-90)" text-anchor="middle">'
        "share that is right</text>",
        f'<text x="{edge}" y="{bottom + 20}">{len(judged)} names of plans left out; expected '
        f"calibration error {error(judged):.3f}</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def crossed(plans: dict[str, list[Judged]]) -> list[Judged]:
    """What was judged of each plan by a table fitted on the others."""
    found: list[Judged] = []
    for slug, judged in plans.items():
        others = [one for other, held in plans.items() if other != slug for one in held]
        sure, right = isotonic(others)
        found += [(float(np.interp(s, sure, right)), ok) for s, ok in judged]
    return found


def show(kind: str, rule: str, plans: dict[str, list[Judged]]) -> None:
    """Print the table of a rule that gives scores, and how well other plans' table foretells."""
    every, left_out = [one for held in plans.values() for one in held], crossed(plans)
    right = sum(right for _, right in every)
    print(f"{kind} {rule}: {right} of {len(every)} in {len(plans)} plans; table {isotonic(every)}")
    print(f"  calibration error {error(every):.3f} raw, {error(left_out):.3f} by others' table")
    for sure, share, size in bin_by(left_out, 10):
        print(f"  confidence {sure:.3f}  right {share:.3f}  of {size}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="models by left_out.py")
    parser.add_argument("--write", action="store_true", help="write the table and the diagram")
    given = parser.parse_args()
    counts = Counts()
    for slug, choice in choices_without(given.models):
        path = SHARED / "gold" / "plans" / f"{slug}.json"
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = (SHARED / "plans" / f"{slug}.txt").read_bytes().decode("utf-8")
        tagger = read_model((given.models / f"{slug}.npz").read_bytes(), choice)
        judge = Judge(gold, source, tagger)
        judge.count(counts)
        for _, sure, right in judge.names():
            counts.add_scored("name", "mentions", slug, sure, right)
    links_by_words(counts)
    links_to_goals(counts)
    for one in read_links():
        counts.add(one.kind, one.rule, one.right)
    counts.found["target", "table", True] += TABLE_ROWS[0]
    counts.found["target", "table", False] += TABLE_ROWS[1] - TABLE_ROWS[0]
    for kind, rule, right, read_ in counts.rates():
        print(f"{kind:12} {rule:32} {right:5} of {read_:5}  {right / read_:.3f}")
    for (kind, rule), plans in sorted(counts.scored.items()):
        show(kind, rule, plans)
    if given.write:
        toml = ROOT / "kg" / "lexicon" / "confidence.toml"
        toml.write_text(as_toml(counts), encoding="utf-8")
        names = crossed(counts.scored["name", "mentions"])
        (ROOT / "docs" / "reliability.svg").write_text(diagram(names), encoding="utf-8")


if __name__ == "__main__":
    main()
