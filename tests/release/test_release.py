"""The dump and the release, seen from outside."""

from __future__ import annotations

import gzip
import hashlib
import json
import signal
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from support import FLAGSHIP, PLANLINK, ROOT, run

from kg.cli import main

PLAN = "https://w3id.org/planlink/ns#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def dump(release: Path) -> list[ox.Quad]:
    path = next((release / "dumps").glob("planlink.nq*"))
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(ox.parse(content, format=ox.RdfFormat.N_QUADS))


def test_source_is_as_published(shared: Path) -> None:
    published = (shared / "source" / "hongqiao-14fyp.txt").read_bytes()
    assert (FLAGSHIP / "source.txt").read_bytes() == published


def test_the_register_is_that_of_what_is_read(flagship: Path) -> None:
    """Whoever changes how the flagship is read sees here which of its IRIs that changes."""
    written = (flagship.parent / "plan" / "identifiers.csv").read_text(encoding="utf-8")
    assert written.splitlines() == (
        (FLAGSHIP / "identifiers.csv").read_text(encoding="utf-8").splitlines()
    )


def test_counts_agree_in_dump_store_and_manifest(release: Path) -> None:
    manifest = json.loads((release / "current" / "manifest.json").read_text())
    quads = dump(release)
    assert len(quads) == manifest["triples"]
    assert sum(manifest["graphs"].values()) == len(quads)
    types = Counter(q.object.value.removeprefix(PLAN) for q in quads if q.predicate == TYPE)
    assert types["Measure"] == manifest["classes"]["Measure"] > 200
    done = run("query", release, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv")
    assert int(done.stdout.splitlines()[1]) == len(
        {(q.subject, q.predicate, q.object) for q in quads}
    )


def test_a_query_as_it_comes(release: Path) -> None:
    """From standard input, in every format, and as words without a brace."""
    command = [*PLANLINK, "query", str(release), "-", "--format", "tsv"]
    text = "SELECT ?s ?t { ?s a ?t } LIMIT 1"
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    (subject, type_) = done.stdout.splitlines()[1].split("\t")
    assert subject.startswith("<http")
    described = run("query", release, f"DESCRIBE {subject}").stdout
    assert f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {type_} ." in described
    assert subject.strip("<>") in run("query", release, text).stdout  # whole, in a table as well


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'ASK { ?s ?p "\xff" }', "standard input: this is no UTF-8"),
        (b"{" * 1_500_000, "has 1000000 characters, at most 200000 are taken"),
    ],
)
def test_standard_input_that_is_no_query(small_release: Path, content: bytes, says: str) -> None:
    done = CliRunner().invoke(main, ["query", str(small_release), "-"], input=content)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert says in done.stderr


def test_manifest_checksums_hold(release: Path) -> None:
    folder = release / "current"
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, entry in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert len(content) == entry["bytes"], name
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name


def test_names_of_dumps_do_not_depend_on_their_size(release: Path, small_release: Path) -> None:
    endings = [
        {path.name.split(".", 1)[1] for path in (folder / "dumps").iterdir()}
        for folder in (release, small_release)
    ]
    assert endings == [{"nq.gz"}, {"nq.gz"}]


def test_passages_quote_the_source_exactly(release: Path) -> None:
    source = (FLAGSHIP / "source.txt").read_bytes().decode()
    found: dict[str, dict[str, str]] = {}
    for q in dump(release):
        if "/passage/" in q.subject.value:
            found.setdefault(q.subject.value, {})[q.predicate.value.rsplit("#", 1)[-1]] = (
                q.object.value
            )
    assert len(found) > 600
    for passage in found.values():
        assert source[int(passage["start"]) : int(passage["end"])] == passage["text"]


def test_everything_extracted_names_its_passage_and_every_link_its_statement(release: Path) -> None:
    quads = dump(release)
    quoted = {q.subject for q in quads if q.predicate.value.endswith("wasQuotedFrom")}
    kinds = {
        PLAN + k
        for k in (
            "Goal",
            "Measure",
            "Indicator",
            "Target",
            "Baseline",
            "Zone",
            "Institution",
            "Achievement",
            "Link",
        )
    }
    for q in quads:
        if q.predicate == TYPE and q.object.value in kinds:
            assert q.subject in quoted, q.subject
    properties = {
        PLAN + p
        for p in (
            "supportsGoal",
            "measuredBy",
            "contributesTo",
            "concerns",
            "locatedIn",
            "involves",
            "consistentWith",
            "inconsistentWith",
            "hasTarget",
            "hasBaseline",
            "ofIndicator",
        )
    }
    properties |= {f"{PLAN}{side}Boundary" for side in ("north", "south", "east", "west")}
    parts: dict[ox.NamedNode, dict[str, ox.NamedNode]] = {}
    for q in quads:
        name = q.predicate.value.rsplit("#", 1)[-1]
        if name in ("subject", "predicate", "object"):
            parts.setdefault(q.subject, {})[name] = q.object
    stated = {(p["subject"], p["predicate"], p["object"]) for p in parts.values()}
    for q in quads:
        if q.predicate.value in properties:
            assert (q.subject, q.predicate, q.object) in stated, q


def test_a_killed_publish_leaves_the_former_release(
    small_plan: Path, own_small_release: Path
) -> None:
    """Killed where it says that a step begins; at every other moment: see test_folder.py."""
    out, step = own_small_release, "manifest"
    other = ["--base", "https://other.example"]
    process = subprocess.Popen(
        [*PLANLINK, "publish", str(small_plan), "--out", str(out), *other],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert f"planlink: {step}\n" in process.stderr, "the publish ended without that step"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stderr.close()
    manifest = json.loads((out / "current" / "manifest.json").read_text())
    done = run("query", out, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", "--format", "csv")
    assert int(done.stdout.splitlines()[1]) == manifest["triples"]
    again = run("publish", small_plan, "--out", out)
    assert again.returncode == 0, again.stderr
    assert not list(out.glob(".building-*"))


def test_a_violation_is_refused_and_the_former_release_stays(
    small_copy: Path, own_small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg import pipeline
    from kg.errors import PlanlinkError
    from kg.rdf.shacl import Result, ValidationReport
    from kg.release.assemble import Publishing
    from kg.settings import Settings

    quiet = lambda _: None  # noqa: E731
    broken = ValidationReport(
        (Result("Violation", "http://localhost:8000/id/x", "", "", "有误", "wrong", "s"),)
    )
    monkeypatch.setattr(pipeline, "validate_quads", lambda *_: broken)
    with (small_copy / "plan.toml").open("a", encoding="utf-8") as toml:
        toml.write("# changed, so that it is compiled again\n")
    with pytest.raises(PlanlinkError, match="1 SHACL violations"):
        publishing = Publishing(quiet, quiet)
        pipeline.publish([small_copy], own_small_release, Settings(), publishing)
    assert [p.name for p in (own_small_release / "releases").iterdir()] == ["1"]


def test_provenance_of_every_thing(release: Path) -> None:
    """From each thing that was read to its passage, and to the run with its version; from what a
    person corrected to the correction.
    """
    prov = "http://www.w3.org/ns/prov#"
    of: dict[object, dict[str, set[str]]] = {}
    for q in dump(release):
        of.setdefault(q.subject, {}).setdefault(q.predicate.value, set()).add(
            getattr(q.object, "value", "")
        )
    read = [
        s
        for s, told in of.items()
        if told.get(TYPE.value, set())
        & {
            f"{PLAN}{k}"
            for k in ("Goal", "Measure", "Indicator", "Value", "Zone", "Institution", "Link")
        }
    ]
    assert len(read) > 1000
    run_ = "http://localhost:8000/id/hongqiao-2021/reading"
    assert all(
        of[s][f"{prov}wasQuotedFrom"] and of[s][f"{prov}wasGeneratedBy"] == {run_} for s in read
    )
    assert of[ox.NamedNode(run_)]["http://schema.org/softwareVersion"]
    assert any(
        "/correction/" in iri
        for told in of.values()
        for iri in told.get(f"{prov}wasDerivedFrom", ())
    )
