"""The manifest: read as it was written, and what is no manifest told in a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import PlanlinkError
from kg.release.manifest import PlanEntry, read_manifest, write_manifest
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
    assert json.loads(json.dumps(manifest.as_json())) == json.loads(there)
    assert manifest.plans[0].period == (2021, 2025)
    assert manifest.plan(manifest.plans[0].slug) is manifest.plans[0]
    assert manifest.plan("none") is None


def test_a_release_from_before_some_keys_is_read(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, FIRST))
    assert (manifest.licence, manifest.exports, manifest.removed) == (Licence().iri, (), ())
    assert manifest.plans[0].dump == manifest.plans[0].content == ""


def test_keys_of_a_later_program_are_passed_over(tmp_path: Path) -> None:
    later = FIRST | {"colour": "red", "plans": [PLAN | {"weight": 3}]}
    plans = read_manifest(written(tmp_path, later)).plans
    assert isinstance(plans[0], PlanEntry)


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ([], "", "this is [], where an object should be"),
        ({k: v for k, v in FIRST.items() if k != "graphs"}, "", "the key graphs is missing"),
        (FIRST | {"release": "1"}, ", release", "this is '1', where a whole number should be"),
        (FIRST | {"triples": True}, ", triples", "this is True, where a whole number should be"),
        (FIRST | {"graphs": []}, ", graphs", "this is [], where an object should be"),
        (FIRST | {"graphs": {"x": None}}, ", graphs, x", "this is None, where a whole number"),
        (FIRST | {"plans": {}}, ", plans", "this is {}, where a list should be"),
        (FIRST | {"plans": [PLAN, 3]}, ", plans, 2", "this is 3, where an object should be"),
        (
            FIRST | {"plans": [PLAN | {"period": [2021]}]},
            ", plans, 1, period",
            "this is [2021], where a list of two whole numbers should be",
        ),
        (FIRST | {"plans": [PLAN | {"title_en": 3}]}, ", plans, 1, title_en", "this is 3, where"),
        (FIRST | {"removed": [{"iri": "x", "release": 1}]}, ", removed, 1", "the key successor"),
        (FIRST | {"base": ["\n" * 99]}, ", base", "this is ["),
    ],
)
def test_what_is_no_manifest_is_told_in_a_line(
    tmp_path: Path, content: object, where: str, what: str
) -> None:
    folder = written(tmp_path, content)
    with pytest.raises(PlanlinkError) as raised:
        read_manifest(folder)
    line = str(raised.value)
    assert line.startswith(f"{folder / 'manifest.json'}{where}: {what}")
    assert "\n" not in line and len(line) < len(str(folder)) + 250
    assert "from a backup" in line


@pytest.mark.parametrize("content", [b'{\n "release": 1,\n "iss', b"", b"\xff{}"])
def test_a_manifest_that_is_cut_or_broken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(PlanlinkError, match=r"manifest\.json.*this is no (JSON|UTF-8)"):
        read_manifest(tmp_path)


def test_no_manifest_at_all(tmp_path: Path) -> None:
    with pytest.raises(PlanlinkError, match="cannot be read"):
        read_manifest(tmp_path)
