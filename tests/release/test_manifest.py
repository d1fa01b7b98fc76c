"""The manifest: read as it was written, and what is no manifest told in a line."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg.errors import PlanlinkError
from kg.release.manifest import (
    Manifest,
    PastRelease,
    PlanEntry,
    read_manifest,
    write_manifest,
)
from kg.settings import Licence

PLAN: dict[str, Any] = {
    "slug": "p",
    "title": "规划",
    "title_en": None,
    "issuer": "政府",
    "area": "区",
    "period": [2021, 2025],
    "revision_of": None,
    "source_sha256": "00",
    "source_encoding": "utf-8",
    "errata": 0,
    "warnings": 1,
}
FIRST: dict[str, Any] = {  # what the first releases had
    "release": 1,
    "issued": "2026-01-02T03:04:05+00:00",
    "program": "planlink 0.1.0",
    "base": "https://data.example",
    "triples": 7,
    "graphs": {"https://data.example/id/p/graph/document": 7},
    "classes": {"Measure": 2},
    "plans": [PLAN],
    "files": {"catalogue.ttl": {"bytes": 3, "sha256": "ff"}},
}


def written(folder: Path, content: object) -> Path:
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_what_is_read_is_written_again_byte_for_byte(release: Path, tmp_path: Path) -> None:
    manifest = read_manifest(release / "current")
    write_manifest(tmp_path, manifest)
    there = (release / "current" / "manifest.json").read_bytes()
    assert (tmp_path / "manifest.json").read_bytes() == there
    assert set(json.loads(there)) == {one.name for one in fields(Manifest)}
    assert manifest.plans[0].period == (2021, 2025)
    assert manifest.plan(manifest.plans[0].slug) is manifest.plans[0]
    assert manifest.plan("none") is None


def test_a_release_from_before_some_keys_is_read(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, FIRST))
    assert (manifest.licence, manifest.exports, manifest.removed) == (Licence().iri, (), ())
    assert manifest.plans[0].dump == manifest.plans[0].content == ""


def test_a_plan_that_stays_is_written_once_for_all_releases(tmp_path: Path) -> None:
    a, b = (replace(msgspec.convert(PLAN, PlanEntry), slug=slug) for slug in "ab")
    held = ((a,), (a, b), (a, replace(b, triples=9)), (a,), (a, b), (a, b))
    history = tuple(PastRelease(n, "", "", "", plans) for n, plans in enumerate(held, 1))
    manifest = replace(msgspec.convert(FIRST, Manifest), history=history)
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    told = json.loads((tmp_path / "manifest.json").read_bytes())["history"]
    assert [[plan["slug"] for plan in one["plans"]] for one in told] == [
        *(["a"], ["b"], ["b"], [], ["b"], [])
    ]


def test_keys_of_a_later_program_are_passed_over(tmp_path: Path) -> None:
    later = FIRST | {"colour": "red", "plans": [PLAN | {"weight": 3}]}
    plans = read_manifest(written(tmp_path, later)).plans
    assert isinstance(plans[0], PlanEntry)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ([], "Expected `object`, got `array`"),
        ({k: v for k, v in FIRST.items() if k != "graphs"}, "missing required field `graphs`"),
        (FIRST | {"release": "1"}, "Expected `int`, got `str` - at `$.release`"),
        (FIRST | {"triples": True}, "Expected `int`, got `bool` - at `$.triples`"),
        (FIRST | {"graphs": []}, "Expected `object`, got `array` - at `$.graphs`"),
        (FIRST | {"graphs": {"x": None}}, "Expected `int`, got `null` - at `$.graphs[...]`"),
        (FIRST | {"plans": {}}, "Expected `array`, got `object` - at `$.plans`"),
        (FIRST | {"plans": [PLAN, 3]}, "Expected `object`, got `int` - at `$.plans[1]`"),
        (
            FIRST | {"plans": [PLAN | {"period": [2021]}]},
            "Expected `array` of length 2 - at `$.plans[0].period`",
        ),
        (FIRST | {"plans": [PLAN | {"title_en": 3}]}, "at `$.plans[0].title_en`"),
        (
            FIRST | {"removed": [{"iri": "x", "release": 1}]},
            "field `successor` - at `$.removed[0]`",
        ),
        (FIRST | {"base": ["\n" * 99]}, "Expected `str`, got `array` - at `$.base`"),
    ],
)
def test_what_is_no_manifest_is_told_in_a_line(tmp_path: Path, content: object, what: str) -> None:
    folder = written(tmp_path, content)
    with pytest.raises(PlanlinkError) as raised:
        read_manifest(folder)
    line = str(raised.value)
    assert line.startswith(f"{folder / 'manifest.json'}: this is no manifest (")
    assert what in line and "from a backup" in line
    assert "\n" not in line and len(line) < len(str(folder)) + 250


@pytest.mark.parametrize("content", [b'{\n "release": 1,\n "iss', b"", b"\xff{}"])
def test_a_manifest_that_is_cut_or_broken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(PlanlinkError, match=r"manifest\.json.*this is no JSON"):
        read_manifest(tmp_path)


def test_no_manifest_at_all(tmp_path: Path) -> None:
    with pytest.raises(PlanlinkError, match="cannot be read"):
        read_manifest(tmp_path)
