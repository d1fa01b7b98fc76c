"""One truth: what a release says of itself in several places is the same in all of them, checked by
queries over the published dump."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, Graph, URIRef
from support import ask, exported

from kg import pipeline
from kg.rdf.namespaces import PLAN, PREFIXES
from kg.rdf.quads import read_quads
from kg.release.assemble import Publishing
from kg.release.catalogue import core_metadata
from kg.release.current import current
from kg.release.manifest import read_manifest
from kg.settings import Settings
from kg.source.plan import load_plan

pytestmark = pytest.mark.xdist_group("truth")

BASE = "http://localhost:8000"
SOURCE = "https://www.portal.example/notice/1.html"
LOCATED = """
area = "天津市红桥区"
area_code = "120106"
level = "county"
source_url = "https://www.portal.example/notice/1.html"
retrieved = 2026-03-09
"""


@pytest.fixture(scope="module")
def several(small_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans in one release: one of an invented area, one of a real one, taken from
    somewhere.
    """
    folder = tmp_path_factory.mktemp("several")
    shutil.copytree(small_plan, folder / "located", ignore=shutil.ignore_patterns("*.csv"))
    path = folder / "located" / "plan.toml"
    text = re.sub(
        r"(?m)^#? ?(area|area_code|level|source_url|retrieved) =.*\n", "", path.read_text()
    )
    path.write_text(text.replace("qinghe-2026", "located-2026") + LOCATED, encoding="utf-8")
    quiet = lambda _: None  # noqa: E731
    plans = [small_plan, folder / "located"]
    pipeline.publish(plans, folder / "out", Settings(), Publishing(quiet, quiet))
    return folder / "out"


@pytest.fixture(scope="module", params=["several", "release"])
def out(request: pytest.FixtureRequest) -> Path:
    """A folder of releases: that of two plans, and the flagship's."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def store(out: Path) -> ox.Store:
    made = ox.Store()
    made.extend(read_quads(out / "dumps" / "planlink.nq.gz"))
    return made


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    prefixes = {**PREFIXES, "sh": "http://www.w3.org/ns/shacl#"}
    solutions = store.query(query, use_default_graph_as_union=True, prefixes=prefixes)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in row) for row in solutions]


def test_each_triple_stands_once(store: ox.Store) -> None:
    """A query over all graphs counts a thing once, however many plans say the same of it."""
    assert len(store) == len({quad.triple for quad in store})
    assert rows(store, "SELECT ?g { GRAPH ?g { ?p a dcterms:PeriodOfTime } } LIMIT 1")


def test_each_entity_is_counted_once(store: ox.Store) -> None:
    """VoID counts what two plans share, and the site says so, with the plans' own triples."""
    told = "void:distinctSubjects ?subjects ; void:entities ?entities ; void:triples ?triples"
    found = rows(store, f"SELECT * {{ <{BASE}/id/catalogue/everything> {told} }}")[0]
    subjects = {quad.subject for quad in store}
    ours = [one for one in subjects if getattr(one, "value", "").startswith(f"{BASE}/id/")]
    assert {*found} == {str(len(counted)) for counted in (subjects, ours, store)}
    partition = """SELECT ?n { ?all void:classPartition ?of . ?of void:class plan:Zone ;
      void:propertyPartition [ void:property owl:sameAs ; void:triples ?n ] }"""
    same = rows(store, "SELECT (COUNT(*) AS ?n) { ?zone a plan:Zone ; owl:sameAs ?other }")
    assert rows(store, partition) == [one for one in same if one != ("0",)]


def test_an_iri_is_of_one_kind(store: ox.Store) -> None:
    query = "SELECT ?x ?a ?b { ?a owl:disjointWith ?b . ?x a/rdfs:subClassOf* ?a , ?b }"
    assert rows(store, query.replace("?a , ?b", "?a . ?x a/rdfs:subClassOf* ?b")) == []
    assert len(rows(store, "SELECT ?a ?b { ?a owl:disjointWith ?b }")) > 200


def test_no_plan_stands_for_its_data(store: ox.Store) -> None:
    asked = (
        "dcat:dataset|dcat:servesDataset|dcat:inSeries|void:subset|dcterms:isVersionOf|qb:dataSet"
    )
    assert rows(store, f"SELECT ?x {{ ?x a plan:Plan . ?y {asked} ?x }}") == []
    assert rows(store, "SELECT ?x { ?x a plan:Plan ; dcat:distribution|void:triples ?y }") == []


def test_one_publisher(store: ox.Store, out: Path) -> None:
    publisher = f"{BASE}/id/catalogue/publisher"
    assert {p for (p,) in rows(store, "SELECT ?p { ?x dcterms:publisher ?p }")} == {publisher}
    names = {n for (n,) in rows(store, f"SELECT ?n {{ <{publisher}> foaf:name ?n }}")}
    told = read_manifest(current(out)).publisher
    assert told == Settings().publisher
    assert names == {told.name.zh, told.name.en}


def test_who_did_what_and_when(store: ox.Store, out: Path) -> None:
    """Each reading and release has the program and its version, and the time of the run."""
    manifest = read_manifest(current(out))
    runs = rows(
        store,
        """SELECT ?run ?version ?at { ?run a prov:Activity ; prov:endedAtTime ?at ;
             prov:wasAssociatedWith ?agent .
           ?agent a prov:SoftwareAgent ; schema:softwareVersion ?version }""",
    )
    at = manifest.issued.replace("+00:00", "Z")
    version = manifest.program.rpartition(" ")[2]
    assert sorted(runs) == sorted(
        (iri, version, at)
        for iri in (
            f"{BASE}/id/release/1",
            *(f"{BASE}/id/{plan.slug}/reading" for plan in manifest.plans),
        )
    )
    assert rows(store, "SELECT ?run { ?run a prov:Activity }") != []
    models = rows(
        store,
        """SELECT DISTINCT ?version ?sum { ?run prov:used ?model .
           ?model schema:softwareVersion ?version ; spdx:checksumValue ?sum }""",
    )
    assert models
    assert all(version and re.fullmatch("[0-9a-fA-F]{64}", digest) for version, digest in models)


def test_a_republished_reading_keeps_its_time(
    several: Path, small_plan: Path, tmp_path: Path
) -> None:
    """A plan that is read to the same has the time at which that was first released."""
    quiet = lambda _: None  # noqa: E731
    shutil.copytree(several.parent, tmp_path / "own", symlinks=True)
    out, located = tmp_path / "own" / "out", tmp_path / "own" / "located"
    before = read_manifest(current(out))
    path = located / "plan.toml"
    path.write_text(path.read_text().replace("2026-03-09", "2026-03-10"), encoding="utf-8")
    pipeline.publish([small_plan, located], out, Settings(), Publishing(quiet, quiet))
    after = read_manifest(current(out))
    made = ox.Store()
    made.extend(read_quads(out / "dumps" / "planlink.nq.gz"))
    query = "SELECT ?at { <%s/id/%s> prov:endedAtTime ?at }"
    for reading, at in (
        (f"{small_plan.name}-2026/reading", before.issued),
        ("located-2026/reading", after.issued),
        ("release/1", before.issued),
        ("release/2", after.issued),
    ):
        assert rows(made, query % (BASE, reading)) == [(at.replace("+00:00", "Z"),)], reading
    assert {plan.slug: plan.version for plan in after.plans} == {
        f"{small_plan.name}-2026": 1,
        "located-2026": 2,
    }
    files = {
        file.name: file.sha256
        for file in before.exports
        if file.plan not in ("located-2026", "planlink")
    }
    assert files.items() <= {file.name: file.sha256 for file in after.exports}.items()


def test_every_link_says_what_it_rests_on_and_whether_it_was_reviewed(store: ox.Store) -> None:
    links = rows(
        store,
        """SELECT ?link ?status ?score ?review ?method { ?link a plan:Link ; plan:method ?method
             OPTIONAL { ?method plan:linkStatus ?status } OPTIONAL { ?link plan:score ?score }
             OPTIONAL { ?method plan:reviewStatus ?review } }""",
    )
    assert len(links) == len({link for link, *_ in links}) > 20
    local = [tuple(term.rpartition("#")[2] for term in link) for link in links]
    for _, status, score, review, method in local:
        assert status in ("Stated", "Decided") if score == "" else status == "Inferred"
        decided = method in ("ReviewedByPerson", "ReviewedSection")
        assert review == ("review-Confirmed" if decided else "review-Open")
    schemes = rows(
        store,
        """SELECT DISTINCT ?x { ?method plan:linkStatus|plan:reviewStatus ?x
           FILTER NOT EXISTS { ?x skos:inScheme/skos:prefLabel ?s } }""",
    )
    assert schemes == []


def test_areas_are_named_and_placed(store: ox.Store, out: Path) -> None:
    query = """SELECT ?area ?label ?code ?level ?box ?centre { [] dcterms:spatial ?area .
      ?area a dcterms:Location ; skos:prefLabel ?label FILTER(LANG(?label) = "zh")
      OPTIONAL { ?area dcterms:identifier ?code } OPTIONAL { ?area plan:areaLevel ?level }
      OPTIONAL { ?area dcat:bbox ?box } OPTIONAL { ?area dcat:centroid ?centre } }"""
    areas = set(rows(store, query))
    # the plan's own area, and the one of all plans that its datasets are of
    ((_, code, level, box, centre),) = {area[1:] for area in areas if area[1] == "天津市红桥区"}
    assert (code, level.rpartition("#")[2]) == ("120106", "level-county")
    corners = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", box)]
    ((x, y),) = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", centre)]
    assert min(c[0] for c in corners) <= x <= max(c[0] for c in corners)
    assert min(c[1] for c in corners) <= y <= max(c[1] for c in corners)
    assert (round(x), round(y)) == (117, 39)
    invented = [area for area in areas if area[1] == "云湖市青禾区"]
    level = f"{PLAN}level-county"  # its name ends in that of a district; no more is known of it
    assert all(area[2:] == ("", level, "", "") for area in invented)
    catalogue = Graph().parse(out / "current" / "catalogue.ttl")
    told = catalogue.query(
        """SELECT DISTINCT ?box { ?dataset a <http://www.w3.org/ns/dcat#Dataset> ;
             <http://purl.org/dc/terms/spatial> ?area .
           ?area <http://www.w3.org/ns/dcat#bbox> ?box ; a <http://purl.org/dc/terms/Location> ;
             <http://www.w3.org/2004/02/skos/core#prefLabel> "天津市红桥区"@zh }"""
    )
    assert [str(row[0]) for row in told] == [box]


def test_where_a_document_was_taken_from(several: Path) -> None:
    made = ox.Store()
    made.extend(read_quads(several / "dumps" / "planlink.nq.gz"))
    query = """SELECT ?plan ?url ?day { ?plan a plan:Plan ; dcterms:source ?source .
      ?source dcterms:source ?url ; prov:hadPrimarySource ?url ; plan:retrieved ?day }"""
    assert rows(made, query) == [(f"{BASE}/id/located-2026", SOURCE, "2026-03-09")]


def test_linksets_lead_elsewhere_and_are_counted(store: ox.Store) -> None:
    linksets = rows(
        store,
        """SELECT ?p ?target ?n { ?l a void:Linkset ; void:linkPredicate ?p ;
           void:objectsTarget ?target ; void:triples ?n }""",
    )
    assert linksets
    for predicate, target, count in linksets:
        assert not target.startswith((BASE, PREFIXES["plan"]))
        found = rows(
            store,
            f"""SELECT ?s ?o {{ ?s <{predicate}> ?o FILTER(STRSTARTS(STR(?o), "{target}"))
              FILTER(STRSTARTS(STR(?s), "{BASE}/") || STRSTARTS(STR(?s), STR(plan:))) }}""",
        )
        assert len(found) == int(count) > 0, (predicate, target)


def test_outward_links_are_no_identities_unless_verified(store: ox.Store) -> None:
    """SDG and QUDT are matched as concepts; a place or an organisation never is. Which class a
    property may be said of is no link."""
    query = """SELECT DISTINCT ?p { ?s ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), "%s")
      && ?p NOT IN (rdf:type, schema:domainIncludes, schema:rangeIncludes)
      && !STRSTARTS(STR(?p), STR(void:)) && !STRSTARTS(STR(?p), STR(rdfs:))) }"""
    for target in ("http://qudt.org/", "http://metadata.un.org/"):
        used = {p for (p,) in rows(store, query % target)}
        assert used
        assert all(p.startswith(PREFIXES["skos"]) and p.endswith("Match") for p in used), target
    assert (
        rows(
            store,
            "SELECT ?x { ?x a ?k ; skos:exactMatch|skos:closeMatch ?y VALUES ?k { plan:Zone "
            "plan:Institution plan:Area } }",
        )
        == []
    )


def test_the_default_graph_is_one(server: str) -> None:
    """The service description, a query and the Graph Store Protocol mean the same graph."""
    described = Graph().parse(
        data=ask(f"{server}/sparql", Accept="text/turtle")[2], format="turtle"
    )
    (told,) = described.query(
        """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        SELECT ?n { ?s sd:feature sd:UnionDefaultGraph ; sd:defaultDataset/sd:defaultGraph ?g .
          ?g <http://rdfs.org/ns/void#triples> ?n }"""
    )
    query = quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    counted = json.loads(ask(f"{server}/sparql?query={query}")[2])["results"]["bindings"][0]
    status, _, body = ask(f"{server}/graphs?default", Accept="application/n-triples")
    lines = {line for line in body.splitlines() if line}
    assert status == 200
    assert int(str(told[0])) == int(counted["n"]["value"]) == len(lines)


def test_core_metadata_is_the_catalogues(out: Path) -> None:
    """GB/T 21063.3: a row beside the catalogue, a sheet in the workbook, the same as DCAT says."""
    with (out / "current" / "core-metadata.csv").open(encoding="utf-8-sig", newline="") as handle:
        told = list(csv.DictReader(handle))
    manifest = read_manifest(current(out))
    assert len(told) == len(manifest.plans)
    catalogue = Graph().parse(out / "current" / "catalogue.ttl")
    areas = set(catalogue.subjects(RDF.type, URIRef(f"{PREFIXES['plan']}Area")))
    assert {above for area in areas for above in catalogue.objects(area, DCTERMS.isPartOf)} <= areas
    for plan, row in zip(manifest.plans, told, strict=True):
        (found,) = catalogue.query(
            f"""SELECT ?title ?text ?issued ?modified {{ <{BASE}/id/{plan.slug}/dataset>
                <http://purl.org/dc/terms/title> ?title ;
                <http://purl.org/dc/terms/description> ?text ;
                <http://purl.org/dc/terms/issued> ?issued ;
                <http://purl.org/dc/terms/modified> ?modified
              FILTER(LANG(?title) = "zh" && LANG(?text) = "zh") }}"""
        )
        assert [str(value) for value in found] == [
            row[name]
            for name in ("信息资源名称", "信息资源摘要", "信息资源发布日期", "元数据更新日期")
        ]
        assert row["信息资源标识符"] == f"{BASE}/id/{plan.slug}/dataset"
        assert row["信息资源提供方"] == Settings().publisher.name.zh
        assert all(row.values()), "an element is empty"
        book = _workbook(out, f"{plan.slug}.xlsx")
        sheet = book["核心元数据"].iter_rows(max_col=2, values_only=True)
        assert dict(sheet) == row


def _workbook(out: Path, name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(exported(out / "current", name)))


def test_the_code_of_a_dataset_is_told(out: Path) -> None:
    entry, settings = read_manifest(current(out)).plans[0], Settings()
    plan = load_plan(Path("plans/hongqiao-2021"))
    (none, given) = (
        dict(core_metadata(replace(plan, resource_code=code), entry, settings))["信息资源代码"]
        for code in (None, "307010/1001")
    )
    assert (given, "尚未填报" in none) == ("307010/1001", True)


def test_every_export_names_plan_release_date_and_iri(out: Path) -> None:
    """A table in CSV or JSON is named by its metadata: CSV has no other place for it."""
    manifest = read_manifest(current(out))
    for file in manifest.exports:
        plan = manifest.plan(file.plan)
        assert plan is not None
        if not file.path.startswith("/exports/") or (
            file.holds != "plan" and file.name.endswith((".csv", f"-{file.holds}.json"))
        ):
            continue
        text = (
            str([cell.value for cell in _workbook(out, file.name)["目录"]["A"]])
            if file.name.endswith(".xlsx")
            else exported(out / "current", file.name).decode()
        )
        for words in (plan.title, plan.modified, f"{BASE}/id/{plan.slug}"):
            assert words in text, (file.name, words)
        assert re.search(r'第1次发布|"release": 1|>1<', text), file.name
