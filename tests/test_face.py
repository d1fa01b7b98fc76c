"""What `import kg` gives: documented by examples that run, typed, quick, and without a server."""

from __future__ import annotations

import doctest
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from support import FLAGSHIP, ROOT

import kg

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "kg").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]
# What only a server needs, and what Windows lacks.
FOREIGN = (
    "flask", "werkzeug", "uvicorn", "uvloop", "httptools", "granian", "gunicorn", "limits",
    "prometheus_client", "pythonjsonlogger", "fcntl", "resource",
)  # fmt: skip


@pytest.fixture
def stage(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that examples are written for: with plans, tests, and a release of the
    flagship.
    """
    for name, target in (
        ("plans", ROOT / "plans"),
        ("tests", ROOT / "tests"),
        ("release", release),
    ):
        (tmp_path / name).symlink_to(target)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


@pytest.fixture(scope="module")
def plan() -> kg.Plan:
    return kg.read_plan(FLAGSHIP)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str, stage: Path) -> None:
    tried = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried.attempted and not tried.failed


def test_all_public_names_are_there_and_documented() -> None:
    assert sorted(kg.__all__) == kg.__all__
    assert set(kg.__all__) <= set(dir(kg))
    for name in kg.__all__:
        thing = getattr(kg, name)
        assert name in ("Row", "Triple", "__version__") or thing.__doc__, name
    with pytest.raises(AttributeError, match="pipe"):
        kg.pipe  # noqa: B018
    assert (ROOT / "kg" / "py.typed").exists()


def alone(code: str, *blocked: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python that lacks some modules."""
    block = f"import sys\nsys.modules.update(dict.fromkeys({blocked!r}))\n"
    command = [sys.executable, "-c", block + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_importing_loads_nothing_that_is_not_used() -> None:
    done = alone("import kg, json; print(json.dumps(sorted(sys.modules)))")
    loaded = set(json.loads(done.stdout))
    assert {name for name in loaded if name.startswith("kg")} == {"kg"}
    assert not loaded & {*FOREIGN, "rdflib", "pyoxigraph", "docx", "networkx", "importlib.metadata"}


def test_a_server_starts_without_the_libraries_of_networks_and_tables() -> None:
    done = alone("import kg.web.application, json; print(json.dumps(sorted(sys.modules)))")
    assert not set(json.loads(done.stdout)) & {"networkx", "numpy", "pyshacl", "xlsxwriter"}


def test_reading_and_publishing_want_no_server_and_nothing_that_windows_lacks(
    small_plan: Path,
) -> None:
    code = f"""import kg, kg.pipeline, kg.cli.publish, kg.cli.query, kg.cli.export, kg.cli.validate
import kg.source.intake.pdf.worker
plan = kg.read_plan({str(small_plan)!r})
print(len(plan.measures))"""
    done = alone(code, *FOREIGN)
    assert done.stdout.strip() == str(len(kg.read_plan(small_plan).measures)), done.stderr


def test_names_that_are_registered_want_no_dictionary_of_sounds() -> None:
    """Identifiers of new names are what they read as; a plan read again has few new ones."""
    done = alone(f"import kg\nprint(len(kg.read_plan({str(FLAGSHIP)!r}).zones))", "pypinyin")
    assert done.stdout.strip() == str(len(kg.read_plan(FLAGSHIP).zones)), done.stderr


def test_what_is_missing_to_serve_is_told_in_a_line(release: Path) -> None:
    done = alone(f"import kg\nkg.create_app({str(release)!r})", "flask")
    assert "run pip install 'planlink[serve]'" in done.stderr.splitlines()[-1]
    assert "PlanlinkError" in done.stderr


def test_the_application_gets_the_folder_and_the_settings(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[object] = []
    monkeypatch.setattr("kg.web.application.create_app", lambda *given: got.extend(given))
    settings = kg.Settings().with_values("site", base="https://data.example.org")
    kg.create_app(str(release), settings)
    assert got == [release, settings]


def test_the_command_line_works_without_a_server() -> None:
    done = alone("from kg.cli import main; main(['--help'])", *FOREIGN)
    assert done.returncode == 0 and "planlink[serve]" in done.stdout, done.stderr
    done = alone("from kg.cli import main; main(['serve', 'release', '--port', '1'])", *FOREIGN)
    assert done.returncode == 2
    assert done.stderr.startswith("planlink: planlink serve: ") and done.stderr.count("\n") == 1


def test_things_lead_to_each_other(plan: kg.Plan) -> None:
    for measure in plan.measures:
        assert all(measure in zone.measures for zone in measure.zones)
        assert all(measure in institution.measures for institution in measure.institutions)
        assert all(measure in goal.measures for goal in measure.goals)
        assert all(measure in indicator.measures for indicator in measure.indicators)
        assert measure in measure.section.measures
    for indicator in plan.indicators:
        assert all(target.indicator is indicator for target in indicator.targets)
        assert indicator.baseline is None or indicator.baseline.indicator is indicator
        assert all(indicator in goal.indicators for goal in indicator.goals)
    for link in plan.links:
        assert link in link.subject.links and link in link.object.links
    for section in plan.sections:
        assert all(inner.parent is section for inner in section.sections)
    assert sum(bool(zone.bounds) for zone in plan.zones) >= 1
    assert {type(link.subject) for link in plan.links} > {kg.Measure, kg.Value, kg.Section}


def test_every_thing_rests_on_passages_of_the_text_as_published(plan: kg.Plan) -> None:
    entities: tuple[kg.Entity | kg.Link, ...] = (
        *plan.sections, *plan.goals, *plan.measures, *plan.indicators, *plan.targets,
        *plan.baselines, *plan.achievements, *plan.zones, *plan.institutions, *plan.links,
    )  # fmt: skip
    assert len(entities) > 1000
    for entity in entities:
        assert entity.passages
        for passage in (*entity.passages, entity.sentence):
            assert plan.source[passage.start : passage.end] == passage.text
            assert str(passage) and "\n" not in str(passage)
        assert entity.sentence.start <= entity.passages[0].start < entity.sentence.end


def test_what_was_read_cannot_be_changed(plan: kg.Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        plan.measures[0].title = "x"  # type: ignore[misc]
    assert len({*plan.measures, *kg.read_plan(FLAGSHIP).measures}) == len(plan.measures)


@pytest.mark.parametrize("name", ["qinghe.md", "lanling.html"])
def test_a_published_file_is_read_as_its_folder_is(name: str, tmp_path: Path) -> None:
    from kg.source.new import new_plan

    path = ROOT / "tests" / "plans" / name
    read = kg.read_plan(path)
    new_plan(path, tmp_path / "plan")
    toml = tmp_path / "plan" / "plan.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('issuer = "\u8bf7\u586b\u5199"', 'issuer = "x"'), encoding="utf-8")
    folder = kg.read_plan(tmp_path / "plan")
    assert read.measures and read.measures == folder.measures
    assert (read.slug, read.period, read.area) == (folder.slug, folder.period, folder.area)
    assert list(map(str, read.links)) == list(map(str, folder.links))


def test_a_file_that_does_not_say_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    lines = (FLAGSHIP / "source.txt").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("\u7b2c\u4e00\u7ae0"))
    path.write_text("\n" * 3 + "x" * 6000 + "\n" + "\n".join(lines[start:]), encoding="utf-8")
    with pytest.raises(kg.PlanlinkError, match=r"title page.*area.*planlink new"):
        kg.read_plan(path)
    read = kg.read_plan(path, area="\u5929\u6d25\u5e02\u7ea2\u6865\u533a", period=(2021, 2025))
    assert read.slug == "plan-2021" and len(read.measures) > 200


def test_publishing_gives_the_release(small_plan: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    settings = kg.Settings().with_values("site", base="https://data.example.org")
    release = kg.publish(small_plan, tmp_path / "out", settings=settings, progress=steps.append)
    assert (release.number, release.base) == (1, "https://data.example.org")
    assert steps[0] == "read" and steps[-1] == "manifest"
    assert release.plans[0].iri == "https://data.example.org/id/qinghe-2026"
    again = kg.publish([small_plan], tmp_path / "out", settings=settings)
    assert again.number == 1 and release.query("ASK { ?s ?p ?o }") is True
    assert kg.Release.open(tmp_path / "out" / "releases" / "1") == release


def test_values_are_python_values(release: Path) -> None:
    opened = kg.open_release(release)
    row = opened.select(
        """SELECT ?m (1 AS ?int) (2.50 AS ?dec) (1e0 AS ?dbl) (true AS ?bool) ("a"@zh AS ?str) ?none
        ("2021-03-08"^^xsd:date AS ?day) ("x"^^xsd:integer AS ?ill) ("2035"^^xsd:gYear AS ?year)
        ("2021-03-08T00:00:00Z"^^xsd:dateTime AS ?time) { ?m a plan:Measure } LIMIT 1"""
    )[0]
    iri = row.pop("m")
    assert isinstance(iri, kg.Iri) and iri == f"{opened.plans[0].iri}/measure/{iri.local_name}"
    time = row.pop("time")
    assert isinstance(time, date) and time.isoformat() == "2021-03-08T00:00:00+00:00"
    assert row == {
        "int": 1, "dec": Decimal("2.5"), "dbl": 1.0, "bool": True, "str": "a", "none": None,
        "day": date(2021, 3, 8), "ill": "x", "year": 2035,
    }  # fmt: skip
    assert {type(value) for value in row.values()} >= {int, Decimal, float, bool, date, type(None)}
    triples = opened.query("CONSTRUCT WHERE { ?m a plan:Measure }")
    assert isinstance(triples, list) and len(triples) == 272
    assert opened.query("ASK { ?m a plan:Nothing }") is False


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "refused: SERVICE is not allowed",
        ),
        ("SELECT (<http://a/f>(1) AS ?x) {}", "refused: The custom function <http://a/f>"),
        ("SELECT * {", "malformed SPARQL"),
        ("ASK {}", "no SELECT"),
    ],
)
def test_queries_that_are_refused(query: str, message: str, release: Path) -> None:
    with pytest.raises(kg.PlanlinkError, match=message):
        kg.open_release(release).select(query)


def test_a_data_frame_where_pandas_is_installed(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = kg.open_release(release)
    pytest.importorskip("pandas")
    frame = opened.dataframe("SELECT ?m ?n { ?m a plan:Measure ; plan:number ?n }")
    assert list(frame.columns) == ["m", "n"] and len(frame) == 272
    assert list(opened.dataframe("SELECT ?x { ?x a plan:Nothing }").columns) == ["x"]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kg.PlanlinkError, match=r"pip install 'planlink\[pandas\]'"):
        opened.dataframe("SELECT * { ?s ?p ?o } LIMIT 1")


def test_the_ten_line_example_prints_measures_with_their_sentences() -> None:
    script = ROOT / "docs" / "measures.py"
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 10
    done = subprocess.run(
        [sys.executable, script, FLAGSHIP],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * 272 and lines[0].startswith("3.1.2 ")
    assert all(line.startswith("    ") for line in lines[1::2])
