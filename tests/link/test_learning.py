"""Learning from corrections: what they teach, and a model learned anew."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.extract.labels import KINDS, OUTSIDE
from kg.extract.name_scores import Figure, figures
from kg.extract.tagger import load_model, shipped
from kg.extract.training_examples import UNKNOWN, Annotated, Labelled
from kg.link.learning import Learned, Taught, taught_by
from kg.link.reading import read_plan
from kg.source.plan import load_plan

CORRECTIONS = (
    {"action": "reject", "kind": "zone", "name": "柳埠河"},
    {"action": "rename", "kind": "institution", "name": "云湖蔚然材料有限公司", "to": "蔚然材料有限公司"},
    {"action": "rename", "kind": "institution", "name": "云湖工业大学", "to": "云湖工业大学共建"},
    {"action": "retype", "kind": "zone", "name": "墨池创新谷", "type": "functional-zone"},
    {"action": "add", "kind": "institution", "name": "联合实验室", "type": "research-institute"},
    {"action": "drop", "kind": "measure", "quote": "新建口袋公园"},
    {"action": "reject", "kind": "zone", "name": "无此地"},
)  # fmt: skip
learns = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs the extra learn")


def correct(folder: Path, *entries: dict[str, str]) -> None:
    lines = [
        "\n".join(
            ("[[correction]]", *(f'{k} = "{v}"' for k, v in entry.items()), 'reason = "test"')
        )
        for entry in entries
    ]
    (folder / "corrections.toml").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def folder(small_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrected") / "qinghe"
    shutil.copytree(small_plan, folder)
    correct(folder, *CORRECTIONS)
    return folder


@pytest.fixture(scope="module")
def taught(folder: Path) -> Taught:
    return taught_by(load_plan(folder), shipped())


def labels(taught: Taught, words: str) -> list[int]:
    (text,) = (t for t in taught.texts.texts if words in t.text)
    at = text.text.index(words)
    return list(text.labels[at : at + len(words)])


def test_corrections_become_labels_of_their_own_characters_alone(taught: Taught) -> None:
    assert labels(taught, "推进柳埠河综合") == [UNKNOWN] * 2 + [OUTSIDE] * 3 + [UNKNOWN] * 2
    assert labels(taught, "、墨池创新谷等") == [UNKNOWN, 1, 2, 2, 2, 3, UNKNOWN]
    assert labels(taught, "联合实验室。") == [4, 5, 5, 5, 6, UNKNOWN]


def test_a_name_that_was_cut_wrongly_is_taught_with_its_right_ends(taught: Taught) -> None:
    assert labels(taught, "云湖蔚然材料有限公司") == [OUTSIDE] * 2 + [4, 5, 5, 5, 5, 5, 5, 6]


def test_what_a_name_is_merged_into_need_not_stand_there(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "qinghe"
    shutil.copytree(folder, other)
    correct(other, {"action": "rename", "kind": "zone", "name": "柳埠河", "to": "柳埠江"})
    assert labels(taught_by(load_plan(other), shipped()), "推进柳埠河综合") == [
        UNKNOWN, UNKNOWN, 1, 2, 3, UNKNOWN, UNKNOWN,
    ]  # fmt: skip


def test_types_are_taught_and_what_teaches_nothing_is_counted(taught: Taught) -> None:
    assert taught.texts.types["zone"] == {"墨池创新谷": "functional-zone"}
    assert taught.texts.types["institution"] == {"联合实验室": "research-institute"}
    assert (taught.learned, taught.passed) == (5, 2)


def test_figures_count_names_by_their_places_and_pass_over_what_is_open() -> None:
    class Told:
        def tag(self, texts: list[str], _: object) -> list[list[object]]:
            return [list(shipped_like) for _ in texts]

    from kg.extract.tagger import Tagged

    shipped_like = (
        Tagged(0, 2, "zone", "road", 0.9),
        Tagged(3, 5, "zone", "road", 0.9),
        Tagged(6, 8, "zone", "road", 0.9),
    )
    text = Labelled("甲路与乙路或丙路和丁所", (1, 3, 0, 0, 0, 0, UNKNOWN, UNKNOWN, 0, 4, 6))
    plan = Annotated((), (text,), {"zone": {"甲路": "street"}, "institution": {}})
    found = figures(Told(), [plan])  # type: ignore[arg-type]
    assert found["zone names"] == Figure(1, 2, 1)
    assert found["zone types"] == Figure(0, 1, 1)
    assert found["institution names"] == Figure(0, 0, 1)
    assert found["zone names"].f1 == pytest.approx(2 / 3)
    assert found["institution types"].f1 == 1


def learn(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["learn", *map(str, arguments)])


FALLEN = Learned(
    b"model",
    "1+0",
    {"zone names": Figure(9, 10, 10)},
    {"zone names": Figure(8, 10, 10)},
    12,
)


@learns
@pytest.mark.parametrize("keep", [False, True])
def test_a_model_that_is_worse_is_kept_only_when_asked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    monkeypatch.setattr("kg.cli.learn.learn_anew", lambda *_: FALLEN)
    out = tmp_path / "names.npz"
    pair = "gold.json=plan"
    done = learn(folder, "--out", out, "--gold", pair, *(["--keep"] if keep else []))
    assert "zone names" in done.output and "0.900" in done.output and "0.800" in done.output
    assert done.exit_code == (0 if keep else 1)
    assert out.exists() == keep
    assert ("not kept: zone names fell" in done.output) != keep


def gold(folder: Path, slug: str, *lines: str) -> str:
    """A tiny annotated plan: each line is a verb, a park's or company's name, and what follows."""
    text, sentences = "第一章 产业\n", {}
    for line in lines:
        before, name, after = line.split("|")
        field = "zones" if name.endswith("公园") else "institutions"
        start = len(text)
        text += f"{before}{name}{after}\n"
        sentences[f"s{start}"] = {"start": start, "end": len(text) - 1, field: [[name]]}
    (folder / f"{slug}.txt").write_text(text, encoding="utf-8")
    types = {"zone_types": {}, "institution_types": {}}
    told = {"slug": slug, "own": [f"{slug}市"], "sentences": sentences, **types}
    (folder / f"{slug}.json").write_text(json.dumps(told), encoding="utf-8")
    return f"{folder / slug}.json={folder / slug}.txt@{slug}市"


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A few steps of learning, compiled in no time: what they make of the names does not matter."""
    import jax

    from kg.extract import network

    for voice in ("LINEAR", "NETWORK"):
        course = replace(getattr(network, voice), passes=1, together=2)
        monkeypatch.setattr(network, voice, course)
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


@learns
@pytest.mark.usefixtures("few_steps")
def test_a_model_is_learned_and_used_by_the_plan_that_names_it(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "qinghe"
    shutil.copytree(folder, own)
    correct(own, CORRECTIONS[0], CORRECTIONS[-1])
    pairs = (
        gold(tmp_path, "甲", "加快建设|甲子公园|。", "支持|乙丑集团|发展。"),
        gold(tmp_path, "乙", "加快建设|丁卯公园|。", "支持|戊辰集团|发展。"),
    )
    options = [x for pair in pairs for x in ("--gold", pair)]
    done = learn(own, *options, "--keep")
    assert done.exit_code == 0, done.output
    assert "corrections to learn from: 1, in sentences: 1" in done.output
    assert "that teach nothing, since rules read what they correct: 1" in done.output
    assert all(f"{kind} names" in done.output for kind in KINDS)
    again = tmp_path / "again.npz"
    assert learn(own, *options, "--keep", "--out", again).exit_code == 0
    assert again.read_bytes() == (own / "names.npz").read_bytes()

    (own / "plan.toml").open("a", encoding="utf-8").write('\nmodel = "names.npz"\n')
    reading = read_plan(load_plan(own), lambda _: None, lambda _: None)
    learned = load_model(own / "names.npz")
    assert (reading.tagger.version, reading.tagger.sha256) == (learned.version, learned.sha256)
    assert learned.version.startswith(f"{shipped().version}+") and learned.version in done.output


@learns
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--gold", "gold.json"], "give GOLD.json=PLAN"),
        (["--gold", "nowhere.json=nowhere.txt@甲市"], "nowhere.txt: the annotated text cannot be"),
    ],
)
def test_without_gold_nothing_is_learned(folder: Path, arguments: list[str], says: str) -> None:
    done = learn(folder, *arguments)
    assert done.exit_code == 2 and says in done.output
    assert not (folder / "names.npz").exists()


@learns
def test_one_annotated_plan_is_too_few(folder: Path, tmp_path: Path) -> None:
    done = learn(folder, "--gold", gold(tmp_path, "甲", "加快建设|甲子公园|。"))
    assert done.exit_code == 2 and "annotations of 1 plans" in done.output


@learns
def test_without_corrections_nothing_is_learned(small_plan: Path) -> None:
    done = learn(small_plan)
    assert done.exit_code == 2 and "no correction of a zone or an institution" in done.output
