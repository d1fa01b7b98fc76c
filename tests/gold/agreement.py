"""How far two readings of the same sentences agree.

`corpus/readings.json` holds both readings of 200 sentences as they were before they were settled.
`corpus/cross-reading.json` holds one reading of 120 sentences of ../shared/gold/plans, made without
its labels. Run it alone to print the figures: `python tests/gold/agreement.py`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).with_name("corpus")
OTHERS = Path(__file__).parents[3] / "shared" / "gold" / "plans"
Reading = dict[str, Any]


def kappa(pairs: Iterable[tuple[str, str]]) -> float:
    """Cohen's kappa of two readers' choices: 1.0 is full agreement, 0.0 is chance."""
    pairs = list(pairs)
    total = len(pairs)
    seen = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance: float = sum(first[kind] * second[kind] for kind in first) / (total * total)
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)


def f1(both: int, only_first: int, only_second: int) -> float:
    """The harmonic mean of precision and recall, whichever reading is taken as right."""
    total = 2 * both + only_first + only_second
    return 2 * both / total if total else 1.0


def names(reading: Reading) -> set[tuple[str, int, int]]:
    """The required names of a reading: field, start, end."""
    return {
        (field, start, end)
        for field in ("zones", "institutions")
        for start, end in reading.get(field, [])
    }


def passed_over(reading: Reading) -> set[tuple[int, int]]:
    """The spans that a reading marks as neither right nor wrong."""
    return {
        (start, end)
        for field in ("optional_zones", "optional_institutions")
        for start, end in reading.get(field, [])
    }


def compare_names(rows: list[Reading]) -> float:
    """F1 of the names that neither reading passes over."""
    both = only_first = only_second = 0
    for row in rows:
        first, second = names(row["first"]), names(row["second"])
        both += len(first & second)
        only_first += sum(x[1:] not in passed_over(row["second"]) for x in first - second)
        only_second += sum(x[1:] not in passed_over(row["first"]) for x in second - first)
    return f1(both, only_first, only_second)


def compare_values(rows: list[Reading], key: Callable[[Reading], Counter[Any]]) -> float:
    """F1 of targets or achievements, each told by `key`."""
    both = only_first = only_second = 0
    for row in rows:
        first, second = key(row["first"]), key(row["second"])
        both += (first & second).total()
        only_first += (first - second).total()
        only_second += (second - first).total()
    return f1(both, only_first, only_second)


def targets(reading: Reading) -> Counter[Any]:
    """Values with their direction."""
    return Counter((tuple(x["value"]), x["op"]) for x in reading.get("targets", []))


def achievements(reading: Reading) -> Counter[Any]:
    """Values of results."""
    return Counter(tuple(x["value"]) for x in reading.get("achievements", []))


def titles(rows: list[Reading]) -> float:
    """The share of equal titles where both readings give one."""
    pairs = [
        (row["first"]["title"], row["second"]["title"])
        for row in rows
        if "title" in row["first"] and "title" in row["second"]
    ]
    equal: int = sum(a == b for a, b in pairs)
    return equal / len(pairs)


def figures(rows: list[Reading]) -> dict[str, float]:
    """The agreement of the two readings, figure by figure."""
    return {
        "kinds, kappa": kappa((row["first"]["kind"], row["second"]["kind"]) for row in rows),
        "names, F1": compare_names(rows),
        "titles, equal": titles(rows),
        "targets, F1": compare_values(rows, targets),
        "achievements, F1": compare_values(rows, achievements),
    }


def load() -> list[Reading]:
    """The sentences that were read twice."""
    return json.loads((CORPUS / "readings.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def cross_figures(others: Path) -> dict[str, float]:
    """The agreement of the cross-reading with those who made the gold in `others`."""
    rows = json.loads((CORPUS / "cross-reading.json").read_text(encoding="utf-8"))
    plans = {
        slug: json.loads((others / f"{slug}.json").read_text(encoding="utf-8"))
        for slug in {row["slug"] for row in rows}
    }
    pairs = [(plans[row["slug"]]["sentences"][row["sentence"]], row) for row in rows]
    titled = [(gold, row) for gold, row in pairs if gold["title"] and "title" in row]
    return {
        "kinds, kappa": kappa((gold["kind"], row["kind"]) for gold, row in pairs),
        "kinds but lead, kappa": kappa(
            (gold["kind"], row["kind"]) for gold, row in pairs if gold["kind"] != "lead"
        ),
        "names, F1": _cross_names(pairs),
        "titles, equal": sum(
            gold["title"] == _surface(gold, row["title"]) for gold, row in titled
        ) / len(titled),
        "targets, F1": compare_values(
            [{"first": _numbered(gold), "second": row} for gold, row in pairs], targets
        ),
    }  # fmt: skip


def _surface(gold: Reading, at: Iterable[int]) -> str:
    start, end = at
    return str(gold["text"])[start:end]


def _numbered(gold: Reading) -> Reading:
    """Its targets; a task or a trend has no value, whatever stands in the file."""
    without = ("task", "trend")
    return {
        "targets": [
            x | {"value": [] if x["op"] in without else x["value"]} for x in gold["targets"]
        ]
    }


def _cross_names(pairs: list[tuple[Reading, Reading]]) -> float:
    both = only_gold = only_row = 0
    for gold, row in pairs:
        passed = {
            _surface(gold, at)
            for field in ("zones", "institutions")
            for at in row.get(f"optional_{field}", [])
        }
        for field in ("zones", "institutions"):
            found = [_surface(gold, at) for at in row.get(field, [])]
            wanted = [set(alternatives) for alternatives in gold[field]]
            neutral = set(gold["optional_zones"] + gold["optional_institutions"]).union(*wanted)
            hits = [any(name in alternatives for name in found) for alternatives in wanted]
            both += sum(hits)
            only_gold += sum(
                not hit and not alternatives & passed
                for hit, alternatives in zip(hits, wanted, strict=True)
            )
            only_row += sum(name not in neutral for name in found)
    return f1(both, only_gold, only_row)


if __name__ == "__main__":
    print("two readings of 200 sentences")
    for figure, value in figures(load()).items():
        print(f"  {figure:24} {value:.3f}")
    if OTHERS.is_dir():
        print("a reading of 120 sentences of the gold beside the project")
        for figure, value in cross_figures(OTHERS).items():
            print(f"  {figure:24} {value:.3f}")
