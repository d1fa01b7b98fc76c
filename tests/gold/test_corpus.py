"""Every annotation of the corpus is whole, and its card says what it holds."""

from __future__ import annotations

import copy
import csv
import re
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from gold.agreement import OTHERS, cross_figures, figures, kappa
from gold.agreement import load as load_readings
from gold.annotations import (
    CORPUS,
    FRESH,
    INSTITUTION_TYPES,
    KINDS,
    MARKS,
    NAMES,
    ZONE_TYPES,
    invented,
    labels,
    mentions,
    published,
    read,
    read_links,
)
from support import ROOT

from kg.lexicon import lexicon

OPS = {"=", ">=", ">", "<=", "<", "trend", "task"}
BASES = {"", "cumulative", "annual-average"}
TARGETED = ("measure", "target", "goal")
TYPES = {"zones": set(ZONE_TYPES), "institutions": set(INSTITUTION_TYPES)}
PERIOD = re.compile(r"(19|20)\d\d(-(19|20)\d\d)?")
CJK = re.compile(r"[\u3400-\u9fff]")
DIVISIONS = ROOT / "kg" / "source" / "gazetteer" / "divisions.tsv"
INVENTED = list(invented())
UNLINKED = list(invented("unlinked"))
OURS = [*INVENTED, *UNLINKED]
LABELS = list(labels())
DRAWN = {folder: list(labels(folder)) for folder in FRESH}
PUBLISHED = [*LABELS, *chain.from_iterable(DRAWN.values())]


def faults(sentence: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    """What is wrong with one annotated sentence, in words."""
    found = [*_faults_of_names(sentence, plan), *_faults_of_values(sentence)]
    if sentence["kind"] not in KINDS:
        found.append(f"kind {sentence['kind']}")
    if sentence.get("mark", MARKS[0]) not in MARKS:
        found.append(f"mark {sentence['mark']}")
    if "mark" in sentence and sentence["kind"] != "goal":
        found.append("a mark on no goal")
    if sentence["title"] not in sentence["text"]:
        found.append(f"title {sentence['title']}")
    if sentence["text"] != sentence["text"].strip() or not sentence["text"]:
        found.append("space around the text, or none")
    return found


def _faults_of_names(sentence: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    found = []
    for field in NAMES:
        for preferred, *others in sentence[field]:
            if plan[f"{field.removesuffix('s')}_types"].get(preferred) not in TYPES[field]:
                found.append(f"type of {preferred}")
            if preferred in plan["own"]:
                found.append(f"own area {preferred}")
            found += [f"form {x}" for x in others if not _stands(x, sentence["text"])]
        found += [
            f"optional {x}" for x in sentence[f"optional_{field}"] if x not in sentence["text"]
        ]
    try:
        mentions(sentence)
    except ValueError as fault:
        found.append(str(fault))
    return found


def _stands(form: str, text: str) -> bool:
    """A form is in the text, or is put together from a coordinated name: its two ends are."""
    cuts = range(2, len(form))
    return form in text or any(form[:i] in text and form[i:] in text for i in cuts)


def _faults_of_values(sentence: dict[str, Any]) -> list[str]:
    found = []
    if sentence["targets"] and sentence["kind"] not in TARGETED:
        found.append("targets on no promise")
    if sentence["achievements"] and sentence["kind"] != "achievement":
        found.append("results on no achievement")
    for value in [*sentence["targets"], *sentence["achievements"]]:
        if value["quote"] not in sentence["text"]:
            found.append(f"quote {value['quote']}")
        if value["unit"] not in [*re.findall(re.escape(value["unit"]), sentence["text"]), "%"]:
            found.append(f"unit {value['unit']}")
    for target in sentence["targets"]:
        if target["op"] not in OPS or target["basis"] not in BASES:
            found.append(f"direction or basis of {target['quote']}")
        if not PERIOD.fullmatch(target["period"]):
            found.append(f"period of {target['quote']}")
        if bool(target["value"]) == (target["op"] in ("trend", "task")):
            found.append(f"value of {target['quote']}")
    found += [f"result {x['quote']}" for x in sentence["achievements"] if not x["value"]]
    return found


def order(plan: dict[str, Any], length: int) -> list[str]:
    """Sentences that leave the text, overlap, or stand outside the passage that they name."""
    ordered = sorted(plan["sentences"].values(), key=lambda sentence: sentence["start"])
    inside = {
        f"s{s['start']}": any(
            name == s["passage"] and start <= s["start"] and s["end"] <= end
            for name, start, end in plan["passages"]
        )
        for s in ordered
    }
    return [
        *(f"{key} is keyed wrongly" for key, s in plan["sentences"].items() if key != f"s{s['start']}"),
        *(f"{key} is outside its passage" for key, fits in inside.items() if not fits),
        *(f"{a['start']} runs into the next" for a, b in pairwise(ordered) if a["end"] > b["start"]),
        *(f"{s['start']} leaves the text" for s in ordered if not 0 <= s["start"] < s["end"] <= length),
    ]  # fmt: skip


@pytest.mark.parametrize("plan", OURS, ids=lambda plan: plan["slug"])
def test_invented_plan(plan: dict[str, Any]) -> None:
    text = plan["source"]
    assert order(plan, len(text)) == []
    for sentence in plan["sentences"].values():
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        assert faults(sentence, plan) == [], sentence["text"]
    for start, end in ((p[1], p[2]) for p in plan["passages"]):
        inside = [s for s in plan["sentences"].values() if start <= s["start"] < end]
        assert "".join(s["text"] for s in inside) == text[start:end].replace("\n", "")


def test_no_invented_place_is_real() -> None:
    with DIVISIONS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    real = {row["name"] for row in rows if row["level"] != "province"}
    assert {"朝阳区", "苏州市"} <= real
    for plan in OURS:
        places = {
            form
            for sentence in plan["sentences"].values()
            for forms in [*sentence["zones"], sentence["optional_zones"]]
            for form in forms
        }
        assert not (places | set(plan["own"])) & real


@pytest.mark.parametrize("plan", OURS, ids=lambda plan: plan["slug"])
def test_links_lead_to_rows_of_the_table(plan: dict[str, Any]) -> None:
    table = CORPUS / "invented" / f"{plan['slug']}.indicators.tsv"
    rows = set()
    if table.exists():
        with table.open(encoding="utf-8") as lines:
            rows = {int(row["no"]) for row in csv.DictReader(lines, delimiter="\t")}
    linked = {
        number
        for sentence in plan["sentences"].values()
        for number in [*sentence["indicators"], *sentence["optional_indicators"]]
    }
    assert linked <= rows


@pytest.mark.parametrize("plan", PUBLISHED, ids=lambda plan: plan["slug"])
def test_labels_stand_in_their_sentences(plan: dict[str, Any]) -> None:
    assert order(plan, plan["source"]["characters"]) == []
    for sentence in plan["sentences"].values():
        pairs = [sentence["title"]] if "title" in sentence else []
        for field in NAMES:
            required = [mention["at"] for mention in sentence.get(field, [])]
            pairs += [pair for at in required for pair in at]
            pairs += sentence.get(f"optional_{field}", [])
            assert {m["type"] for m in sentence.get(field, [])} <= TYPES[field]
        for field in ("targets", "achievements"):
            pairs += [value["quote"] for value in sentence.get(field, [])]
        for start, end in pairs:
            assert sentence["start"] <= start < end <= sentence["end"], sentence
        first = sorted(m["at"][0] for f in NAMES for m in sentence.get(f, []))
        assert all(a[1] <= b[0] for a, b in pairwise(first)), sentence


@pytest.mark.parametrize("plan", PUBLISHED, ids=lambda plan: plan["slug"])
def test_labels_hold_no_text_of_the_plans(plan: dict[str, Any]) -> None:
    assert longest_text(plan["sentences"]) <= 5  # units such as 微克/立方米 and no more


def longest_text(value: Any) -> int:
    """How many Chinese characters the longest string within holds."""
    if isinstance(value, str):
        return len(CJK.findall(value))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max(map(longest_text, parts), default=0)


@pytest.mark.parametrize("folder", ["passages", *FRESH])
def test_published_plans_resolve(shared: Path, folder: str) -> None:
    plans = list(published(shared / "plans", folder))
    earlier = {plan["slug"]: plan["passages"] for plan in DRAWN[FRESH[0]]}
    assert [plan["slug"] for plan in plans] == [plan["slug"] for plan in LABELS]
    for plan, learned in zip(plans, LABELS, strict=True):
        others = read(shared / "gold" / "plans" / f"{plan['slug']}.json")["passages"]
        others += learned["passages"] if folder in FRESH else []
        others += earlier.get(plan["slug"], []) if folder == FRESH[1] else []
        for sentence in plan["sentences"].values():
            assert faults(sentence, plan) == [], sentence["text"]
            taken = [p for p in others if sentence["start"] < p[2] and p[1] < sentence["end"]]
            assert taken == [], "another gold has it already"


def test_another_text_is_refused(tmp_path: Path) -> None:
    for plan in LABELS:
        (tmp_path / plan["source"]["file"]).write_text("another text", encoding="utf-8")
    with pytest.raises(ValueError, match="is not the text that was annotated"):
        list(published(tmp_path))


def test_faults_are_found() -> None:
    plan = INVENTED[0]
    good = next(
        s
        for s in plan["sentences"].values()
        if s["kind"] == "measure" and s["targets"] and s["zones"]
    )
    assert faults(good, plan) == []
    for field, wrong in (
        ("kind", "deed"),
        ("title", "no such clause"),
        ("mark", "goal-heading"),
        ("zones", [["nowhere"]]),
        ("optional_institutions", ["nobody"]),
        ("achievements", [{"quote": good["text"], "value": [1.0], "unit": ""}]),
    ):
        assert faults(good | {field: wrong}, plan), field
    for field, wrong in (
        ("op", "~"),
        ("value", []),
        ("period", "soon"),
        ("quote", "-"),
        ("unit", "lb"),
    ):
        bad = copy.deepcopy(good)
        bad["targets"][0][field] = wrong
        assert faults(bad, plan), field


def test_mentions_do_not_overlap() -> None:
    text = "支持星望产业园、产业园建设。"
    outside = {"text": text, "zones": [["产业园"], ["星望产业园"]], "institutions": []}
    assert mentions(outside) == {"星望产业园": (2, 7), "产业园": (8, 11)}
    with pytest.raises(ValueError, match="no place of its own"):
        mentions(outside | {"text": "支持星望产业园建设。"})


def counts(plans: list[dict[str, Any]]) -> Counter[str]:
    """How many sentences of each kind, and how many labels of each sort, plans hold."""
    sentences = [s for plan in plans for s in plan["sentences"].values()]
    found = Counter(f"{s['kind']} sentences" for s in sentences)
    found["sentences"] = len(sentences)
    found["goal headings"] = sum(s.get("mark") == "goal-heading" for s in sentences)
    for field in (*NAMES, "targets", "achievements", "indicators"):
        found[field] = sum(len(s.get(field, [])) for s in sentences)
    return found


def test_the_card_counts_right() -> None:
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    rows = {
        label: [int(number) for number in numbers]
        for label, *numbers in re.findall(
            r"^\| ([a-z ]+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", card, re.MULTILINE
        )
    }
    columns = [counts(plans) for plans in (LABELS, INVENTED, UNLINKED)]
    whole = sum(columns, Counter[str]())
    assert rows == {label: [*(one[label] for one in columns), whole[label]] for label in whole}
    part = card.split("| label | `fresh/` | `fresh-names/` |", 1)[1].split("\n\n", 1)[0]
    drawn = [counts(DRAWN[folder]) for folder in FRESH]
    assert {
        label: [int(first), int(second)]
        for label, first, second in re.findall(r"\| ([a-z ]+) \| (\d+) \| (\d+) \|", part)
    } == {
        label: [one[label] for one in drawn]
        for label in drawn[0] | drawn[1]
        if any(one[label] for one in drawn)
    }


def test_confidence_counts_the_links_that_were_read() -> None:
    links = read_links()
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert f"| `read-links.tsv` | {len(set(links))} links" in card
    rates = lexicon("confidence")["rates"]
    right = Counter((one.kind, one.rule) for one in links if one.right)
    for (kind, rule), number in Counter((one.kind, one.rule) for one in links).items():
        assert rates[kind][rule] == {"right": right[kind, rule], "read": number}


def said(card: str, heading: str) -> dict[str, float]:
    """The figures of the table under a heading of the card."""
    part = card.split(heading, 1)[1].split("\n#", 1)[0]
    return {
        figure: float(value)
        for figure, value in re.findall(r"^\| ([\w, ]+?) \| (\d\.\d+) \|", part, re.MULTILINE)
    }


def test_the_card_gives_the_agreement() -> None:
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    rows = load_readings()
    assert len(rows) == 200
    assert said(card, "### Second reading") == {k: round(v, 3) for k, v in figures(rows).items()}


def test_the_card_gives_the_agreement_with_others(shared: Path) -> None:
    card = (CORPUS / "README.md").read_text(encoding="utf-8")
    found = {k: round(v, 3) for k, v in cross_figures(OTHERS).items()}
    assert said(card, "### Cross-reading") == found


def test_agreement_falls_with_chance_and_with_faults() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0.0
    rows = copy.deepcopy(load_readings())
    before = figures(rows)
    for row in rows[:40]:
        row["second"] = {"kind": "other"}
    after = figures(rows)
    assert all(after[figure] < before[figure] for figure in before if figure != "titles, equal")
