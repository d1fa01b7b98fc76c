"""Bad input: one clear line, exit code 2, and nothing half-written."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from rdflib import RDF
from support import (
    FLAGSHIP,
    HANGING,
    PLANLINK,
    ROOT,
    UNPRIVILEGED,
    Ran,
    eventually,
    free_port,
    run,
    run_apart,
)  # fmt: skip

SOURCE = (FLAGSHIP / "source.txt").read_bytes()
TEXT = SOURCE.decode()


def refused(*arguments: str | Path, says: str, by: Callable[..., Ran] = run) -> None:
    done = by(*arguments)
    lines = [
        line
        for line in done.stderr.splitlines()
        if not re.fullmatch(r"planlink: (read|extract|link|build|validate|dumps)", line)
    ]
    assert done.returncode == 2, done.stderr
    assert len(lines) == 1, done.stderr
    assert re.search(says, lines[0]), lines[0]
    assert "Traceback" not in done.stderr


TABLE_CELL = "33.48\n\n36.31"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", r"source\.txt: the file is empty; put"),
        (b"  \n\n", r"the file is empty"),
        (bytes(range(256)) * 20, r"no text in UTF-8, UTF-16, GB 18030"),
        ("这里没有任何标题。只有一段话。\n".encode(), r"no chapter or section heading was found"),
        (
            b"1" * 1_000_001,
            r"source\.txt: the text has 1,000,001 characters, more than the 1,000,000",
        ),
    ],
    ids=["empty", "blank", "binary", "no chapters", "endless"],
)
def test_source(plan_copy: Callable[..., Path], tmp_path: Path, source: bytes, says: str) -> None:
    assert source != SOURCE
    refused("publish", plan_copy(source=source), "--out", tmp_path / "out", says=says)
    assert not (tmp_path / "out" / "current").exists()


def test_a_text_that_gives_more_than_can_be_validated_is_refused(
    small_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.graph.build.MOST_STATEMENTS", 1_000)
    says = r"source\.txt: more than 1,000 statements were read from it; publish it in parts"
    refused("publish", small_copy, "--out", tmp_path / "out", says=says)
    assert not (tmp_path / "out" / "current").exists()


def test_rows_that_lack_a_cell_or_repeat_a_number_are_named(
    plan_copy: Callable[..., Path], tmp_path: Path
) -> None:
    text = TEXT.replace(TABLE_CELL, "33.48").replace("\n18\n\n人均", "\n17\n\n人均")
    assert text.count("\n17\n") == 2 and TABLE_CELL not in text
    out = tmp_path / "out"
    assert run("publish", plan_copy(source=text.encode()), "--out", out).returncode == 0
    (folder,) = out.glob("current/plans/*")
    report = json.loads((folder / "completeness.json").read_text("utf-8"))
    found = {f["kind"]: text[f["start"] : f["end"]] for f in report["findings"]}
    assert found["table-value-missing"].startswith("14\n\n绿地率")
    assert found["table-number-twice"].startswith("17\n\n人均")
    packed = next((out / "current").glob("dumps/hongqiao-2021.nq.gz")).read_bytes()
    dump = gzip.decompress(packed).decode()
    numbered = re.findall(r'indicator/(\S+)> <\S+number> "17"', dump)
    assert sorted(set(numbered)) == ["17", "17-2"], "as printed, and distinguished"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("corrections.toml", "correction = 5", "'correction' is no list of tables"),
        (
            "corrections.toml",
            "[correction]\naction = 'accept'",
            "'correction' is no list of tables",
        ),
        ("errata.toml", "erratum = ['x']", "'erratum' is no list of tables"),
        ("identities.toml", "[[identify]]\nname = 'x'", "'identify' is not known"),
    ],
)
def test_a_file_of_decisions_holds_its_tables_alone(
    small_copy: Path, tmp_path: Path, name: str, content: str, what: str
) -> None:
    (small_copy / name).write_text(content)
    says = rf"{name}: {what}; give each as a table \[\["
    refused("publish", small_copy, "--out", tmp_path / "out", says=says)


_IDENTITY = "[[identity]]\nkind = 'zone'\nname = 'a'\nsource = 'b'\n"
_ERRATUM = "[[erratum]]\npublished = 'a'\ncorrection = 'b'\nreason = 'c'\n"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("errata", "[[erratum]]\nbegin = 1", "there is no key 'begin'; its keys are start, "),
        ("errata", f"{_ERRATUM}start = -1", "start is missing or no number"),
        ("errata", f"{_ERRATUM}start = 1\nreason_zh = 5", "reason_zh is 5, which is no text"),
        ("corrections", "[[correction]]\nreason = 2026", "reason is 2026, which is no text"),
        ("identities", "[[identity]]\nname = 1.5", "name is 1.5, which is no text"),
        ("identities", f"{_IDENTITY}verified = 'no'", "verified is 'no'"),
        ("identities", f"{_IDENTITY}longitude = true\nlatitude = 1", "longitude True and"),
        ("identities", "[[identity]]\nnamed = 'x'", "there is no key 'named'; its keys are kind, "),
    ],
)
def test_an_entry_is_refused_for_what_it_says(
    small_copy: Path, tmp_path: Path, name: str, content: str, what: str
) -> None:
    (small_copy / f"{name}.toml").write_text(content)
    says = rf"{name}\.toml, \w+ 1: {what}"
    refused("publish", small_copy, "--out", tmp_path / "out", says=says)


@pytest.mark.parametrize("key", ["slug", "title", "issuer", "area", "period", "source"])
def test_plan_without_a_required_key(
    plan_copy: Callable[..., Path], tmp_path: Path, key: str
) -> None:
    folder = plan_copy(plan=lambda text: re.sub(rf"(?m)^{key} = .*$", "", text))
    refused(
        "publish",
        folder,
        "--out",
        tmp_path / "out",
        says=rf"plan\.toml: the key '{key}' is missing; add",
    )


def test_keys_without_end(small_copy: Path, tmp_path: Path) -> None:
    with (small_copy / "plan.toml").open("a") as file:
        file.writelines(f"key{number} = 'x'\n" for number in range(1_000))
    done = run("publish", small_copy, "--out", tmp_path / "out")
    assert done.returncode == 2 and done.stderr.count("there is no key 'key") == 50


def test_broken_toml(plan_copy: Callable[..., Path], tmp_path: Path) -> None:
    refused(
        "publish",
        plan_copy(plan=lambda text: text + "\nbroken ="),
        "--out",
        tmp_path / "out",
        says=r"plan\.toml: this is no TOML \(.*line",
    )


def test_erratum_that_quotes_something_else(plan_copy: Callable[..., Path], tmp_path: Path) -> None:
    folder = plan_copy(source=SOURCE.replace(b"202138", b"202137"), errata=True)
    refused(
        "publish",
        folder,
        "--out",
        tmp_path / "out",
        says=r"errata\.toml, erratum \d+: offset \d+ holds '202137', not '202138'",
    )


def test_gbk_is_read_and_said(small_copy: Path, small_release: Path, tmp_path: Path) -> None:
    source = small_copy / "source.txt"
    source.write_bytes(source.read_text(encoding="utf-8").encode("gb18030"))
    done = run("publish", small_copy, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "read as GB18030, not UTF-8" in done.stderr
    read = json.loads((small_release / "current" / "manifest.json").read_text("utf-8"))
    assert f" {read['classes']['Measure']} Measure" in done.stdout


def test_missing_folder(tmp_path: Path) -> None:
    refused(
        "publish",
        tmp_path / "nowhere",
        says=r"plan\.toml: there is no such file; a plan's folder holds",
        by=run_apart,
    )


def test_two_plans_of_one_slug(plan_copy: Callable[..., Path], tmp_path: Path) -> None:
    refused(
        "publish",
        FLAGSHIP,
        plan_copy(),
        "--out",
        tmp_path / "out",
        says=r"the slug 'hongqiao-2021' is that of .+ too",
    )


@pytest.mark.skipif(not UNPRIVILEGED, reason="setpriv is not installed")
def test_unwritable_output(small_plan: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    out = str(tmp_path / "locked" / "out")
    command = [*UNPRIVILEGED, *PLANLINK, "publish", str(small_plan), "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, list((tmp_path / "locked").iterdir())) == (2, []), done.stderr
    assert "the release cannot be written" in done.stderr and "Traceback" not in done.stderr


def test_a_reader_that_has_enough_ends_the_output() -> None:
    pipe, out = os.pipe()
    os.close(pipe)  # nobody reads any more
    command = [*PLANLINK, "review", str(FLAGSHIP)]
    done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    os.close(out)
    assert done.stderr == b""


def test_output_that_is_a_plan_s_folder(small_copy: Path) -> None:
    before = sorted(path.name for path in small_copy.iterdir())
    refused(
        "publish", small_copy, "--out", small_copy, says=r"this is a plan's folder; name another"
    )
    assert sorted(path.name for path in small_copy.iterdir()) == before


def test_output_that_is_a_file(small_plan: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    refused(
        "publish",
        small_plan,
        "--out",
        tmp_path / "file",
        says=r"the release cannot be written \(.*\); make room there, let planlink write there",
    )
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    "base",
    ["localhost:8000", "ftp://example.org", "https://example.org/a b", "https://example.org/?q"],
)
def test_base(tmp_path: Path, base: str) -> None:
    refused(
        "publish",
        FLAGSHIP,
        "--out",
        tmp_path / "out",
        "--base",
        base,
        says=r"--base: the base IRI is",
    )


def test_port_in_use(release: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(
            "serve",
            release,
            "--port",
            port,
            says=rf"127\.0\.0\.1:{port}: the address cannot be bound \(.*\); choose another",
            by=run_apart,
        )


def test_too_few_open_files(release: Path) -> None:
    few = ("bash", "-c", 'ulimit -n 64; exec "$@"', "few", sys.executable, "-m", "kg")
    serve = ("serve", release, "--port", str(free_port()))
    for command in (serve, ("query", release, "ASK {}")):
        done = subprocess.run([*few, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert re.match(r"planlink: .*\b64\b", done.stderr)


def test_serve_with_plans_that_are_not_there(release: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[server]\nplans = 'nowhere'")
    says = r"/nowhere: there is no such folder of plans; name another as server\.plans"
    refused("serve", release, "--site", site, says=says, by=run_apart)


def test_serve_without_a_release(tmp_path: Path) -> None:
    says = r"no release is there; run planlink publish first"
    refused("serve", tmp_path, says=says, by=run_apart)
    (tmp_path / "releases" / "1").mkdir(parents=True)
    (tmp_path / "releases" / "1" / "manifest.json").touch()
    (tmp_path / "current").symlink_to("releases/1")
    says = r"manifest\.json: this is no JSON \(.*\); put it back from a backup, or go back to"
    refused("serve", tmp_path, says=says, by=run_apart)
    refused("serve", tmp_path, "--rate", "foo", says="--rate: 'foo' is no rate; give one such as")


def test_query_without_a_release(tmp_path: Path) -> None:
    refused("query", tmp_path, "ASK {}", says=r"no release is there")


def test_malformed_query(release: Path) -> None:
    refused(
        "query",
        release,
        "SELECT * { ?s ?p }",
        says=r"query: malformed SPARQL \(.*1, column \d+.*\); mend",
    )


def test_query_that_ends_the_engine(release: Path) -> None:
    """Oxigraph cannot order numbers among texts, and aborts its process."""
    query = "SELECT ?n { ?x plan:number ?n } ORDER BY ?n"
    refused("query", release, query, says=r"query: the engine ended .*; .* STR\(\); else")


def test_query_that_does_not_end(release: Path) -> None:
    query, says = (
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        r"did not end within 1 s; narrow",
    )
    refused("query", release, query, "--seconds", "1", says=says)


def test_query_whose_command_is_killed(release: Path) -> None:
    """What evaluates it ends as well, and does not take a processor until it is done."""
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    command = psutil.Popen([sys.executable, "-m", "kg", "query", release, query])
    named = "multiprocessing.spawn"

    def evaluating() -> list[psutil.Process]:
        below = command.children()
        return [one for one in below if any(named in word for word in one.cmdline())]

    (child,) = eventually(evaluating, "a process that evaluates")
    command.kill()
    command.wait(HANGING)
    zombie = psutil.STATUS_ZOMBIE  # where nobody waits for it
    eventually(lambda: not child.is_running() or child.status() == zombie, "its end")


def test_query_file_that_is_not_there(release: Path) -> None:
    refused("query", release, "nowhere.rq", says=r"nowhere\.rq: there is neither such a file nor")


def test_settings_that_the_system_makes_up(tmp_path: Path) -> None:
    """Files of /proc say that they are empty."""
    given = ("publish", FLAGSHIP, "--out", tmp_path / "out", "--site", "/proc/version")
    refused(*given, says=r"/proc/version: the file says that it is empty, and is not; copy it")


def test_broken_turtle(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix a: <http://a.example/> .\na:b a:c\n")
    refused("validate", path, says=r"broken\.ttl, line \d+: the RDF is broken \(.*\); mend")


@pytest.mark.parametrize("in_order", [True, False])
def test_entities_that_stand_for_too_much(tmp_path: Path, in_order: bool) -> None:
    told = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 10}">' for i in range(10)]
    path = tmp_path / "bomb.rdf"
    path.write_text(
        f"<!DOCTYPE r [{''.join(told if in_order else reversed(told))}]>"
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="a:b"><p xmlns="c:">&a9;</p></rdf:Description></rdf:RDF>'
    )
    refused("validate", path, says=r"its XML entities stand for more than 64 MiB")


def test_rdf_xml_that_nests_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.rdf"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:">\n'
        f"{'<e:a><e:b>' * 5000}<e:a/>{'</e:b></e:a>' * 5000}</rdf:RDF>"
    )
    refused("validate", path, says=r"deep\.rdf: .*line 2 is in more than 1000 elements")


def test_odd_files_are_neither_read_nor_written_over(tmp_path: Path, small_copy: Path) -> None:
    pipe, latin = tmp_path / "pipe.csv", tmp_path / "query.rq"
    os.mkfifo(pipe)
    latin.write_bytes(b"ASK { ?s ?p '\xff' }")
    refused("query", latin, says=r"query\.rq: this is no UTF-8")
    refused("check", tmp_path / ("x" * 300), says=r"File name too long; name another")
    refused("observe", small_copy, "--template", pipe, says=r"this is no regular file")
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["publish", "--bogus"], r"No such option.*--bogus.* See .+ publish --help\.$"),
        (["--bogus"], r"No such option.*--bogus.* See .+ --help\.$"),
        (["validate", "no\nwhere.ttl"], r"no where\.ttl: there is no such file"),
        (["publsh"], r"No such command 'publsh'\. See .+ --help\.$"),
        (["new"], r"Missing argument 'PLAN_FILE'\. See .+ new --help\.$"),
        (["query", "--format", "x", "ASK {}"], r"'x' is not one of .*\. See .+ query --help\.$"),
        (["query", "--seconds", "nan", "ASK {}"], r"'nan' is not a valid integer range\. See"),
        (["suggest", "--seconds", "nan", "plan"], r"'nan' is not a valid integer range\. See"),
    ],
)
def test_options_and_arguments(arguments: list[str], says: str) -> None:
    refused(*arguments, says=says)


@pytest.mark.parametrize("rest", ["", "<rdf:Description>", "<p xmlns", "<!-- a", "<![CDATA[ a"])
def test_rdf_xml_that_breaks_off(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "cut.rdf"
    path.write_text(f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n{rest}')
    refused("validate", path, says=r"cut\.rdf: .*the XML breaks off in line 2")


@pytest.mark.parametrize("kind", ["pipe", "device", "directory"])
def test_a_source_that_is_no_file(small_copy: Path, tmp_path: Path, kind: str) -> None:
    source = small_copy / "source.txt"
    source.unlink()
    if kind == "pipe":
        os.mkfifo(source)
    elif kind == "device":
        source.symlink_to("/dev/zero")
    else:
        source.mkdir()
    refused("publish", small_copy, "--out", tmp_path / "out", says=r"source\.txt: this is no file")


def test_validate_nothing(tmp_path: Path) -> None:
    refused("validate", tmp_path / "nowhere.ttl", says=r"there is no such file or folder")
    refused("validate", tmp_path, says=r"there is no RDF file in this folder")


def test_any_text_is_html(tmp_path: Path) -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix rdf: " + f"<{RDF}> .\n"
    shape = "<urn:s> sh:targetNode <urn:a> ; sh:property [ sh:path <urn:b> ; sh:datatype rdf:HTML ]"
    (tmp_path / "shapes.ttl").write_text(f"{prefixes}{shape} .")
    (tmp_path / "data.ttl").write_text(f'{prefixes}<urn:a> <urn:b> "{"<b>" * 50_000}"^^rdf:HTML .')
    done = run("validate", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl")
    assert done.returncode == 0, done.stdout


MANY = " ".join(f"$this ?p ?o{i} ." for i in range(9))


@pytest.mark.parametrize(
    ("constraint", "says"),
    [
        ('sh:property [ sh:path <urn:b> ; sh:pattern "^(a|aa)+$" ]', "take more than 1 s of the"),
        (f'sh:sparql [ sh:select "SELECT $this {{ {MANY} FILTER(?o8 = 99) }}" ]', "more than 1 s"),
        ("sh:property [ sh:path <urn:c> ; sh:node <urn:s> ]", "A Recursive Shape was detected"),
    ],
)
def test_shapes_without_end(tmp_path: Path, constraint: str, says: str) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    numbers = ", ".join(map(str, range(50)))
    data.write_text(f'<urn:a> <urn:c> <urn:a> ; <urn:b> "{"a" * 100}!", {numbers} .')
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> ."
    shapes.write_text(f"{prefix} <urn:s> sh:targetNode <urn:a> ; {constraint} .")
    refused("validate", data, "--shapes", shapes, "--seconds", "1", says=says)


def test_violations_exit_1(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(
        "@prefix plan: <https://w3id.org/planlink/ns#> .\n<http://e.example/m> a plan:Measure .\n"
    )
    done = run("validate", path)
    assert done.returncode == 1
    assert "does not conform" in done.stdout
    assert "应有且仅有一个中文名称" in done.stdout
