"""What a file holds as RDF, and what it is where it holds none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from kg.errors import PlanlinkError
from kg.rdf import gzipped
from kg.rdf.namespaces import PLAN
from kg.rdf.reading import load_graph, load_quads


def test_json_ld_is_read_with_our_context_and_without_the_network(tmp_path: Path) -> None:
    file = tmp_path / "goal.jsonld"
    told = {
        "@context": "https://data.example/context.jsonld",
        "id": "https://data.example/g",
        "number": "3",
    }
    file.write_text(json.dumps(told), encoding="utf-8")
    assert list(load_graph(file)) == [(URIRef("https://data.example/g"), PLAN.number, Literal("3"))]


_TERMS = r'{"\u0040context":{"0":"e:"' + "".join(f',"{i + 1}":"{i}:x"' for i in range(9000)) + "}}"


_SCOPED = json.dumps(
    {
        "@context": {"t": {"@id": "e:t", "@context": {f"{i}": f"e:{i}" for i in range(1000)}}},
        "@graph": [{"t": {"1": "x"}}] * 3000,
    }
)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (
            "t.csv-metadata.json",
            '{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv"}',
            "CSVW",
        ),
        ("manifest.json", '{"release": 1}', "no JSON-LD"),
        ("goals.json", '[{"iri": "https://data.example/g"}]', "no JSON-LD"),
        ("source.txt", "<urn:a> <urn:b> 1 .", "ending"),
        ("plan.xml", "<StrategicPlan/>", "no RDF/XML"),
        ("t.csv", "a,b\n", "ending"),
        ("other.jsonld", '{"@context": "https://other.example/c", "id": "x"}', "broken"),
        ("broken.ttl", "<a> <b> .", "line 1"),
        ("star.ttl", "<urn:a> <urn:b> <<( <urn:c> <urn:d> 1 )>> .", "object of another"),
        ("cut.nq.gz", "", "no such|cannot be read"),
        ("deep.jsonld", '{"@graph":[' * 50_000, "nests deeper than 100"),
        ("terms.jsonld", _TERMS, "more than 10000 strings"),
        ("scoped.jsonld", _SCOPED, "more than 10000000 strings"),
        ("long.nt", f'<urn:a> <urn:b> "{"x" * 17_000_000}" .', "cannot be read"),
    ],
)
def test_what_is_no_rdf_is_told_in_a_line(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x1f\x8b\x08" if name.endswith(".gz") else content.encode())
    with pytest.raises(PlanlinkError, match=why) as told:
        load_graph(file)
    assert "\n" not in str(told.value)


def test_what_is_too_much_or_no_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gzipped, "MOST", 2**20)
    bomb, pipe = tmp_path / "bomb.ttl.gz", tmp_path / "pipe.ttl"
    bomb.write_bytes(gzipped.packed(b" " * 2**21))
    (tmp_path / "long.ttl").write_bytes(b" " * 2**21)
    os.mkfifo(pipe)
    for file, why in (
        (bomb, "more than 1 MiB"),
        (tmp_path / "long.ttl", "1 MiB"),
        (pipe, "no file"),
    ):
        with pytest.raises(PlanlinkError, match=why):
            load_graph(file)


def test_a_folder_gives_its_rdf_files_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "b.ttl").write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")
    (tmp_path / "a.trig").write_text(
        "<urn:g> { <urn:a> <urn:b> 1 } <urn:a> <urn:b> 2 .", encoding="utf-8"
    )
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    of_table = b'{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv"}'
    (tmp_path / "t.csv-metadata.json.gz").write_bytes(gzipped.packed(of_table))
    hidden = tmp_path / ".compiled" / "pieces"
    hidden.mkdir(parents=True)
    for file in (hidden / "rest.nq", tmp_path / ".rest.nq"):
        file.write_text("no RDF", encoding="utf-8")
    found = load_quads(tmp_path)
    name, first = next(found)
    assert (Path(name).name, len(first)) == ("a.trig", 2)
    assert [Path(name).name for name, _ in found] == ["b.ttl"]
