"""What stands in site.toml is all that a release and its server say of who publishes."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, SH
from support import exported, pages, run

from kg.export.stratml import PART_1, PART_2
from kg.release.manifest import read_manifest

PLAN = Path(__file__).parent / "plans" / "qinghe.md"
SLUG = "qinghe-2026"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
BASE = "https://data.qinghe.example/plans"
ADDRESS = "https://www.qinghe.example/plans"
PUBLISHER = URIRef(f"{BASE}/id/catalogue/publisher")
CONTACT = URIRef(f"{BASE}/id/catalogue/contact")
LICENCE = "https://opendatacommons.org/licenses/odbl/1-0/"
SITE = f"""
[site]
base = "{BASE}"
url = "{ADDRESS}/"
title = {{ zh = "青禾数据", en = "Qinghe data" }}
tagline = {{ zh = "青禾区规划开放数据", en = "Open data on the plans of Qinghe" }}
footer = {{ zh = "青禾区政府网", en = "Qinghe on the web" }}
footer_link = "https://www.qinghe.example/about"
logo = "logo.svg"
languages = ["en"]
[publisher]
name = {{ zh = "青禾区数据局", en = "Qinghe Data Bureau" }}
type = "http://purl.org/adms/publishertype/LocalAuthority"
homepage = "https://www.qinghe.example/bureau"
identifier = "12310000X"
[contact]
name = {{ zh = "青禾咨询台", en = "Qinghe help desk" }}
email = "desk@qinghe.example"
url = "https://www.qinghe.example/desk"
[licence]
iri = "{LICENCE}"
name = {{ zh = "开放数据库许可", en = "Open Database License" }}
id = "ODbL-1.0"
type = "http://purl.org/adms/licencetype/ViralEffect-ShareAlike"
"""
VOCABULARY = "<https://w3id.org/planlink/ns> "
DEFAULTS = (
    "规划链",
    "未署名",
    "Unnamed publisher",
    "Data service",
    "creativecommons",
    "CC BY",
    "localhost",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plan, site.toml, and two releases of it, the latter under the licence."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    assert run("new", PLAN, folder / "plan").returncode == 0
    done = run("publish", folder / "plan", "--out", folder / "out", "--site", folder / "site.toml")
    assert done.returncode == 0, done.stderr
    assert "localhost" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def current(folder: Path) -> Path:
    return (folder / "out" / "current").resolve()


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    """A server whose site.toml has got another publisher since the release: what was released
    holds."""
    changed = SITE.replace("Qinghe Data Bureau", "Another bureau").replace("desk@", "other@")
    (folder / "changed.toml").write_text(changed, encoding="utf-8")
    os.environ["PLANLINK_SITE"] = str(folder / "changed.toml")
    try:
        return pages(folder / "out").test_client()
    finally:
        del os.environ["PLANLINK_SITE"]


def test_the_catalogue(current: Path, shared: Path) -> None:
    graph = Graph().parse(current / "catalogue.ttl")
    assert set(graph.objects(None, DCTERMS.publisher)) == {PUBLISHER}
    assert set(graph.subjects(RDF.type, FOAF.Agent)) == {PUBLISHER}
    assert set(graph.objects(PUBLISHER, FOAF.name)) == {
        Literal("青禾区数据局", lang="zh"),
        Literal("Qinghe Data Bureau", lang="en"),
    }
    assert graph.value(PUBLISHER, FOAF.homepage) == URIRef("https://www.qinghe.example/bureau")
    assert graph.value(PUBLISHER, DCTERMS.identifier) == Literal("12310000X")
    assert set(graph.objects(None, DCAT.contactPoint)) == {CONTACT}
    assert graph.value(CONTACT, VCARD.hasEmail) == URIRef("mailto:desk@qinghe.example")
    assert graph.value(CONTACT, VCARD.hasURL) == URIRef("https://www.qinghe.example/desk")
    assert set(graph.objects(None, DCTERMS.license)) == {URIRef(LICENCE)}
    assert Literal("Open Database License", lang="en") in set(
        graph.objects(URIRef(LICENCE), DCTERMS.title)
    )
    root = URIRef(f"{BASE}/id/catalogue")
    assert Literal("Qinghe data", lang="en") in set(graph.objects(root, DCTERMS.title))
    assert [str(o).rsplit("/", 1)[-1] for o in graph.objects(root, DCTERMS.language)] == ["ENG"]
    program = URIRef(f"{BASE}/id/software/planlink-{version('planlink')}")
    assert set(graph.objects(None, PROV.wasAssociatedWith)) == {PUBLISHER, program}
    for address in graph.objects(None, DCAT.downloadURL):
        assert str(address).startswith(f"{ADDRESS}/")
    shapes = Graph().parse(shared / "standards" / "dcat-ap-3.0.1" / "shapes_recommended.ttl")
    import pyshacl

    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
    focused = set(report.objects(None, SH.focusNode))
    assert not focused & {PUBLISHER, CONTACT, root, URIRef(LICENCE)}


def test_void(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    for dataset in (f"{BASE}/id/catalogue/everything", f"{BASE}/id/{SLUG}/dataset"):
        assert graph.value(URIRef(dataset), DCTERMS.publisher) == PUBLISHER
        assert graph.value(URIRef(dataset), DCTERMS.license) == URIRef(LICENCE)
        assert graph.value(URIRef(dataset), DCAT.contactPoint) == CONTACT
    assert Literal("Qinghe Data Bureau", lang="en") in set(graph.objects(PUBLISHER, FOAF.name))
    assert (CONTACT, VCARD.hasEmail, URIRef("mailto:desk@qinghe.example")) in graph


@pytest.mark.parametrize(
    ("ending", "path"),
    [
        ("stratml.xml", f"{{{PART_2}}}Submitter"),
        ("stratml-part1.xml", f"{{{PART_1}}}AdministrativeInformation/{{{PART_1}}}Submitter"),
    ],
)
def test_stratml(current: Path, ending: str, path: str) -> None:
    submitter = ET.fromstring(exported(current, f"{SLUG}.{ending}")).find(path)
    assert submitter is not None
    assert [e.text for e in submitter] == ["青禾区数据局", "desk@qinghe.example"]


def test_one_address_has_two_files_made_at_a_time(client: FlaskClient) -> None:
    admission, path = client.application.extensions["admission"], f"/exports/{SLUG}.graphml"
    made = client.get(path)
    assert (made.status_code, made.mimetype) == (200, "application/graphml+xml")
    with admission.admitted("file", "127.0.0.1"), admission.admitted("file", "127.0.0.1"):
        assert client.get(path).status_code == 503
        assert client.get(path, headers={"If-None-Match": made.headers["ETag"]}).status_code == 304
        assert client.get(f"/exports/{SLUG}-goals.csv").status_code == 200
    assert client.get(path).data == made.data


def test_the_data_package_and_csvw(current: Path) -> None:
    package = json.loads(exported(current, f"{SLUG}-datapackage.json"))
    assert package["licenses"] == [{"name": "ODbL-1.0", "path": LICENCE, "title": "开放数据库许可"}]
    assert package["contributors"] == [
        {
            "title": "青禾区数据局",
            "path": "https://www.qinghe.example/bureau",
            "role": "publisher",
        },
        {
            "title": "青禾咨询台",
            "path": "https://www.qinghe.example/desk",
            "email": "desk@qinghe.example",
            "role": "maintainer",
        },
    ]
    table = json.loads(exported(current, f"{SLUG}-goals.csv-metadata.json"))
    assert table["dc:license"] == {"@id": LICENCE}
    assert table["dc:publisher"]["@id"] == str(PUBLISHER)
    assert table["dcat:contactPoint"] == {"@id": str(CONTACT)}
    with zipfile.ZipFile(io.BytesIO(exported(current, f"{SLUG}.xlsx"))) as book:
        assert "青禾区数据局" in book.read("docProps/core.xml").decode()


def test_openapi(client: FlaskClient) -> None:
    from openapi_spec_validator import validate

    document = client.get("/openapi.json").get_json()
    validate(document)
    assert document["info"]["title"] == "青禾数据 / Qinghe data"
    assert document["info"]["contact"] == {
        "name": "青禾咨询台 / Qinghe help desk",
        "email": "desk@qinghe.example",
        "url": "https://www.qinghe.example/desk",
    }
    assert document["info"]["license"]["url"] == LICENCE
    assert document["servers"] == [{"url": ADDRESS}]


def test_pages(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    for words in (
        "· Qinghe data</title>",
        "Open data on the plans of Qinghe",
        '<a href="https://www.qinghe.example/about">Qinghe on the web</a>',
        '<a href="https://www.qinghe.example/bureau">Qinghe Data Bureau</a>',
        '<a href="https://www.qinghe.example/desk">Qinghe help desk</a>',
        '<a href="mailto:desk@qinghe.example">',
        f'<a href="{LICENCE}" rel="license">Open Database License</a>',
        'src="/plans/logo"',
        str(PUBLISHER),
    ):
        assert words in page, words
    assert 'class="language"' not in page
    logo = client.get("/logo")
    assert (logo.status_code, logo.mimetype) == (200, "image/svg+xml")


def test_the_feed_and_the_service_description(client: FlaskClient) -> None:
    feed = ET.fromstring(client.get("/releases.atom").data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [e.text for e in feed.find(f"{atom}author") or ()] == [
        "Qinghe Data Bureau",
        "https://www.qinghe.example/bureau",
        "desk@qinghe.example",
    ]
    pages = [(e.get("rel"), e.get("href")) for e in feed.findall(f"{atom}link")]
    page = f"{ADDRESS}/releases.atom"
    assert pages == [("self", page), ("first", page), ("last", page)]
    assert [e.get("href") for e in feed.findall(f"{atom}entry/{atom}link")] == [
        f"{ADDRESS}/releases/1"
    ]
    described = Graph().parse(
        data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle"
    )
    assert set(described.objects(None, DCTERMS.publisher)) == {PUBLISHER}
    assert set(described.objects(None, DCTERMS.license)) == {URIRef(LICENCE)}


def test_the_default_names_are_nowhere(client: FlaskClient, current: Path) -> None:
    """But in what the vocabulary, which is planlink's own, says of itself."""
    texts = {
        file.name: _text(file.read_bytes(), file.suffix)
        for file in current.rglob("*")
        if file.is_file() and file.parent.name != "store"
    }
    for path in (
        "/",
        "/downloads",
        f"/dataset/{SLUG}",
        f"/plan/{SLUG}",
        "/openapi.json",
        "/releases.atom",
        "/.well-known/void?format=ttl",
        "/sitemap.xml",
        "/nowhere",
    ):
        texts[path] = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    for place, text in texts.items():
        own = "\n".join(line for line in text.split("\n") if not line.startswith(VOCABULARY))
        assert [word for word in DEFAULTS if word in own] == [], place


def _text(content: bytes, suffix: str) -> str:
    """The text of a file, of the files within it where it is an archive."""
    if suffix == ".gz":
        content = gzip.decompress(content)
    if suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return content.decode("utf-8", "replace")


def test_a_former_release_keeps_its_licence(folder: Path, tmp_path: Path) -> None:
    """The history says of each release under which licence it was released."""
    for option in ((), ("--site", folder / "site.toml")):
        done = run("publish", folder / "plan", "--out", tmp_path, "--base", BASE, *option)
        assert done.returncode == 0, done.stderr
    graph = Graph().parse(tmp_path / "current" / "catalogue.ttl")
    licences = {
        number: str(graph.value(URIRef(f"{BASE}/id/{SLUG}/release/{number}"), DCTERMS.license))
        for number in (1, 2)
    }
    assert licences == {1: "https://creativecommons.org/licenses/by/4.0/", 2: LICENCE}


def test_the_default_base_is_said(folder: Path, tmp_path: Path) -> None:
    done = run("publish", folder / "plan", "--out", tmp_path, "--format", "json")
    told = json.loads(done.stdout)
    assert (told["release"], [plan["slug"] for plan in told["plans"]]) == (1, [SLUG])
    assert told["triples"] == read_manifest(tmp_path / "current").triples and not told["failed"]
    said = [line for line in done.stderr.splitlines() if "localhost" in line]
    assert len(said) == 1
    assert "--base" in said[0]
    assert "site.toml" in said[0]
