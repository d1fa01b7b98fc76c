"""The files made of a plan: tables and their metadata, workbook, networks, StratML; the same bytes
for the same input.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import networkx as nx
import openpyxl
import pytest
from csv2rdf import triples_of
from support import FLAGSHIP, ROOT, exported, run

from kg.export.stratml import PART_2
from kg.export.tables import Column, Table, as_csv, schema
from kg.export.workbook import workbook
from kg.rdf.quads import read_quads
from kg.release.manifest import read_manifest
from kg.settings import Settings, Site

TABLES = [
    table for table in schema() if not table.optional
]  # those of monitoring: tests/monitoring
KINDS = [table.name for table in TABLES]
SLUG = FLAGSHIP.name
PLAN = "https://w3id.org/planlink/ns#"


@pytest.fixture(scope="module")
def exports(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as they are served."""
    served, current = tmp_path_factory.mktemp("exports"), release / "current"
    for file in read_manifest(current).exports:
        if file.path.startswith("/exports/"):
            (served / file.name).write_bytes(exported(current, file.name))
    return served


@pytest.fixture(scope="module")
def published(release: Path) -> set[tuple[str, str, str]]:
    quads = read_quads(next((release / "dumps").glob(f"{SLUG}.nq*")))
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_read_back_as_rdf_gives_published_triples(
    kind: str, exports: Path, published: set[tuple[str, str, str]]
) -> None:
    """By CSVW's own rules (csv2rdf, minimal mode): nothing but what is published, and all of it for
    single-valued columns.
    """
    found = set(triples_of(exports / f"{SLUG}-{kind}.csv-metadata.json"))
    assert found
    assert found - published == set()
    table = next(t for t in schema() if t.name == kind)
    subjects = {s for s, p, o in found if o == f"<{table.class_}>"}
    assert subjects == {s for s, p, o in published if o == f"<{table.class_}>"}
    for column in table.columns:
        if column.property and column.kind != "iri":
            wanted = {
                t
                for t in published
                if t[0] in subjects and t[1] == f"<{column.property}>" and not t[2].endswith("@en")
            }
            assert {t for t in found if t[1] == f"<{column.property}>"} == wanted, column.name


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_valid_by_its_metadata(kind: str, exports: Path) -> None:
    from csvw import CSVW

    assert CSVW(str(exports / f"{SLUG}-{kind}.csv-metadata.json"), validate=True).is_valid
    with (exports / f"{SLUG}-{kind}.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert (
            len(list(csv.DictReader(handle)))
            == len(json.loads((exports / f"{SLUG}-{kind}.json").read_text(encoding="utf-8")))
            > 0
        )


def test_the_data_package_is_valid(exports: Path) -> None:
    import frictionless

    report = frictionless.validate(str(exports / f"{SLUG}-datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:3]
    assert [task.name for task in report.tasks] == KINDS


def test_the_workbook_is_made_to_be_read(exports: Path) -> None:
    with ZipFile(exports / f"{SLUG}.xlsx") as parts:  # names of digits are no mistakes
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        marked = [b'numberStoredAsText="1"' in parts.read(name) for name in sheets]
    assert sum(marked) == len(TABLES)
    book = openpyxl.load_workbook(exports / f"{SLUG}.xlsx")
    assert book.sheetnames == ["目录", *(table.zh for table in TABLES), "核心元数据"]
    sheet = book["指标"]
    header = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "C2"
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == 14)
    assert row[header.index("指标")].value == "绿地率"
    assert row[header.index("基期值")].value == 33.48  # a number, though a plan's words
    assert row[-1].hyperlink.target == f"http://localhost:8000/id/{SLUG}/indicator/14"
    values = book["指标值"]
    cell = values.cell(2, [c.value for c in values[1]].index("数值") + 1)
    assert (float(cell.value), cell.number_format) == (4.1, "#,##0.###")
    whole = next(c for (c,) in values.iter_rows(2, None, cell.column, cell.column) if c.value == 5)
    assert whole.number_format == "#,##0"  # not 5.
    for sheet in book:  # A4, as wide as the page, the heads on each
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == "$1:$1"


def test_the_workbook_is_printed_large_enough_to_read(exports: Path) -> None:
    """In 8 points or more: what has 11 points is, where a page has no more than 160 digits across.
    IRIs, and how sure a reading is, are for those who compute, and not printed; nor is what says
    nothing."""
    book = openpyxl.load_workbook(exports / f"{SLUG}.xlsx")
    for table in TABLES:
        sheet = book[table.zh]
        printed = sheet[sheet.print_area.rpartition("!")[2]]
        widths = {
            place: group.width
            for group in sheet.column_dimensions.values()
            for place in range(group.min, group.max + 1)
        }
        assert sum(widths[cell.column] for cell in printed[0]) < 160, table.name
        assert all(c.alignment.wrap_text for row in printed for c in row if c.value), table.name
        for row in printed:  # a line is of 15 points
            lines = (sheet.row_dimensions[row[0].row].height or 15) / 15
            assert lines == 27 or all(
                len(str(cell.value or "")) < (widths[cell.column] + 1) * lines for cell in row
            ), table.name
        heads = [cell.value for cell in printed[0]]
        assert not {"置信度", "相似度", "方式名称"} & {*heads}, table.name
        assert all(
            any(c.value is not None for c in column[1:]) for column in zip(*printed, strict=True)
        ), table.name
        texts = [str(cell.value) for row in printed for cell in row]
        assert not any(text.startswith("http") for text in texts), table.name
    measures = book["举措"]
    height = sum(measures.row_dimensions[at].height for at in range(2, measures.max_row + 1))
    assert height / (measures.max_row - 1) < 4 * 15, "what is long has the room of what is short"


def test_networks_for_gephi(exports: Path) -> None:
    graphml = nx.read_graphml(exports / f"{SLUG}.graphml", force_multigraph=True)
    gexf = nx.read_gexf(exports / f"{SLUG}.gexf")
    assert set(graphml) == set(gexf)
    assert graphml.number_of_edges() == gexf.number_of_edges() > 300
    assert graphml.graph["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (graphml.graph["release"], bool(graphml.graph["publisher"])) == (1, True)
    assert graphml.nodes[f"http://localhost:8000/id/{SLUG}/goal/1"]["type"] == "goals"
    meta = (exports / f"{SLUG}.gexf").read_text(encoding="utf-8").partition("</meta>")[0]
    assert f"<creator>{graphml.graph['publisher']}</creator>" in meta
    assert graphml.graph["licence"] in meta


@pytest.mark.parametrize(
    ("file", "schema_file"),
    [
        (f"{SLUG}.stratml.xml", "PerformancePlanOrReport-Part2-ISODRAFT-2.2.8-20160506.xsd"),
        (f"{SLUG}.stratml.xml", "PerformancePlanOrReport-Part2-2.2.6-20160216.xsd"),
        (f"{SLUG}.stratml-part1.xml", "StrategicPlan-Part1-ISO-1.1-20140401.xsd"),
    ],
)
def test_stratml_is_valid_by_its_schema(
    file: str, schema_file: str, exports: Path, shared: Path
) -> None:
    import xmlschema

    xmlschema.XMLSchema(str(shared / "standards" / "stratml" / schema_file)).validate(
        str(exports / file)
    )


def test_stratml_holds_each_goal_measure_and_indicator_once(exports: Path) -> None:
    root = ET.fromstring((exports / f"{SLUG}.stratml.xml").read_bytes())

    def texts(*path: str) -> list[str]:
        return [
            e.text or "" for e in root.iterfind(".//" + "/".join(f"{{{PART_2}}}{p}" for p in path))
        ]

    def column(table: str, name: str) -> list[str]:
        rows = json.loads((exports / f"{SLUG}-{table}.json").read_text(encoding="utf-8"))
        return sorted(row[name] for row in rows)

    assert sorted(texts("PerformanceIndicator", "MeasurementDimension")) == column(
        "indicators", "name"
    )
    assert set(column("measures", "title")) <= set(texts("Objective", "Name"))
    assert len(texts("Objective", "Stakeholder", "Name")) > 20
    assert "36.31" in texts("TargetResult", "NumberOfUnits")
    assert texts("AdministrativeInformation", "Source") == [f"http://localhost:8000/id/{SLUG}"]
    assert texts("Submitter", "Surname") == [Settings().publisher.name.zh]


def test_the_same_input_gives_the_same_bytes(release: Path, tmp_path: Path) -> None:
    plan = shutil.copytree(FLAGSHIP, tmp_path / "plan")  # whose register a publish may add to

    def published(name: str) -> Path:
        assert run("publish", plan, "--out", tmp_path / name).returncode == 0
        return (tmp_path / name / "current").resolve()

    def day(folder: Path) -> date:
        return Site().day(read_manifest(folder).issued)

    again, before = published("again"), (release / "current").resolve()
    if day(before) != day(again):  # files say the day, and the catalogue their checksums
        before = published("later")
    first, second = ({p.relative_to(d): _undated(p) for p in _files(d)} for d in (before, again))
    assert [str(name) for name in first if first[name] != second.get(name)] == []
    assert set(first) == set(second)


def _undated(path: Path) -> bytes:
    """A file without the time of the run that it came of, which the history of releases says."""
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return re.sub(rb'endedAtTime(>?) "[^"]*"', rb"endedAtTime\1", content)


def _files(folder: Path) -> list[Path]:
    return [p for kind in ("dumps", "exports") for p in sorted((folder / kind).iterdir())] + [
        folder / "catalogue.ttl"
    ]


def test_a_formula_in_the_plan_stays_text() -> None:
    table = Table(
        "goals",
        "目标",
        "Goals",
        "urn:c",
        (Column("title", "目标", "goal", "text", "urn:p"),),
        (("http://e.example/1", "=1+1"),),
    )
    cell = openpyxl.load_workbook(io.BytesIO(workbook((table,), "=1", "")))["目标"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-2.5", "-2.5"),
        ("+3%", "+3%"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_a_formula_in_csv_stays_text(text: str, written: str) -> None:
    column = Column("title", "目标", "goal", "text", "urn:p")
    table = Table("goals", "目标", "Goals", "urn:c", (column,), (("http://e.example/1", text),))
    assert list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"))))[1][1] == written


def test_tables_are_written_by_one_function() -> None:
    """So that formulas stay text in all; the others write what planlink itself reads back."""
    writers = {
        path.relative_to(ROOT / "kg").as_posix()
        for path in (ROOT / "kg").rglob("*.py")
        if re.search(r"csv\.(Dict)?[Ww]riter\(", path.read_text(encoding="utf-8"))
    }
    own = {"link/identifiers.py", "monitoring/log.py"}
    assert writers == {"files.py", "web/pages/observe.py", *own}


def test_rdf_of_the_package_is_part_of_no_other(exports: Path, tmp_path: Path) -> None:
    """A table moved elsewhere with its metadata is read the same: the metadata names it by its own
    name.
    """
    for name in (f"{SLUG}-goals.csv", f"{SLUG}-goals.csv-metadata.json"):
        shutil.copy(exports / name, tmp_path / name)
    assert set(triples_of(tmp_path / f"{SLUG}-goals.csv-metadata.json")) == set(
        triples_of(exports / f"{SLUG}-goals.csv-metadata.json")
    )
