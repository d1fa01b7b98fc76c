"""What a person knows of places and organisations: identities elsewhere, coordinates, and the map
data made of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import exported, run

from kg.rdf.quads import read_quads

KNOWN = """
[[identity]]
kind = "zone"
name = "墨池创新谷"
same_as = "http://www.wikidata.org/entity/Q1"
source = "an invented entry of a test"
[[identity]]
kind = "zone"
name = "栖霞渡科技产业园"
longitude = 117.5
latitude = 39.25
source = "an invented entry of a test"
[[identity]]
kind = "area"
name = "云湖市青禾区"
same_as = "http://www.wikidata.org/entity/Q2"
verified = true
source = "an invented entry of a test"
[[identity]]
kind = "zone"
name = "没有这个地方"
same_as = "http://www.wikidata.org/entity/Q3"
source = "an invented entry of a test"
"""


def test_identities_and_coordinates(small_copy: Path, tmp_path: Path) -> None:
    folder, out = small_copy, tmp_path / "out"
    (folder / "identities.toml").write_text(KNOWN, encoding="utf-8")
    done = run("publish", folder, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "the plan has no zone 没有这个地方" in done.stderr
    quads = read_quads(next((out / "dumps").glob("qinghe-2026.nq*")))
    linked = {(q.predicate.value, q.object.value) for q in quads if "wikidata" in str(q.object)}
    assert linked == {
        ("http://schema.org/sameAs", "http://www.wikidata.org/entity/Q1"),
        ("http://www.w3.org/2002/07/owl#sameAs", "http://www.wikidata.org/entity/Q2"),
    }
    places = json.loads(exported(out / "current", "qinghe-2026-zones.geojson"))
    assert [
        (f["properties"]["name"], f["geometry"]["coordinates"]) for f in places["features"]
    ] == [("栖霞渡科技产业园", [117.5, 39.25])]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('kind = "planet"\nname = "a"\nsource = "b"', "kind is 'planet'"),
        ('kind = "zone"\nname = "a"', "source is missing"),
        ('kind = "zone"\nname = "a"\nsource = "b"\nsame_as = "Q1"', "same_as is 'Q1'"),
        ('kind = "zone"\nname = "a"\nsource = "b"\nlongitude = 500\nlatitude = 1', "name no place"),
        ('kind = "zone"\nname = "a"\nsource = "b"', "nothing is said"),
    ],
)
def test_a_bad_entry_is_told(entry: str, says: str, small_copy: Path, tmp_path: Path) -> None:
    folder = small_copy
    (folder / "identities.toml").write_text(f"[[identity]]\n{entry}\n", encoding="utf-8")
    done = run("publish", folder, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert says in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out" / "current").exists()
