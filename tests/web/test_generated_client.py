"""Programs that others wrote read what we send: a client made of our description, SPARQLWrapper,
rdflib's store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from support import ask

pytestmark = pytest.mark.xdist_group("client")

ZONES = "PREFIX plan: <https://w3id.org/planlink/ns#> SELECT ?s { ?s a plan:Zone } LIMIT 3"
DESCRIBE = "PREFIX plan: <https://w3id.org/planlink/ns#> CONSTRUCT WHERE { ?s a plan:Goal }"


@pytest.fixture(scope="module")
def client(server: str, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client, a package that openapi-python-client has written."""
    tool = Path(sys.executable).parent / "openapi-python-client"
    if not tool.exists():
        pytest.skip("openapi-python-client is not installed")
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(ask(f"{server}/openapi.json")[2])
    command = [tool, "generate", "--path", "openapi.json", "--meta", "none"]
    config = folder / "config.yml"
    config.write_text("post_hooks: []\npackage_name_override: planlink_client\n")
    made = subprocess.run(
        [*command, "--config", config, "--output-path", "planlink_client"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "WARNING" not in made.stdout, made.stdout
    sys.path.insert(0, str(folder))
    import planlink_client  # type: ignore[import-not-found]

    return planlink_client


def test_a_client_made_of_the_description_asks_and_searches(
    client: ModuleType, server: str
) -> None:
    from planlink_client.api.default import search_search, sparql_sparql_get

    connection = client.Client(
        base_url=server, headers={"Accept": "application/sparql-results+json"}
    )
    answer = sparql_sparql_get.sync(client=connection, query=ZONES)
    assert [
        row["s"].type_ for row in (b.additional_properties for b in answer.results.bindings)
    ] == ["uri"] * 3
    programs = client.Client(base_url=server, headers={"Accept": "application/json"})
    found = search_search.sync(client=programs, q="产业", page="1")
    assert found.total > 10 and "产业" in found.hits[0].label


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_rows(server: str, form: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=form)
    wrapper.setQuery(ZONES)
    found = wrapper.queryAndConvert()
    rows = {
        "json": lambda: found["results"]["bindings"],
        "xml": lambda: found.getElementsByTagName("result"),
        "csv": lambda: found.decode().splitlines()[1:],
        "tsv": lambda: found.decode().splitlines()[1:],
    }[form]()
    assert len(rows) == 3


@pytest.mark.parametrize("form", ["turtle", "n3", "xml", "rdf+xml", "json-ld", "rdf"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_reads_triples(server: str, form: str, method: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server}/sparql", returnFormat=form)
    wrapper.setQuery(DESCRIBE)
    wrapper.setMethod(method)
    found = wrapper.queryAndConvert()
    if not isinstance(found, rdflib.Graph):
        found = rdflib.Graph().parse(data=found, format="turtle" if form != "n3" else "n3")
    assert len(found) == 8


def test_rdflib_s_store_reads_as_a_graph_of_its_own(server: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    goal = rdflib.URIRef("https://w3id.org/planlink/ns#Goal")
    assert len(set(graph.subjects(rdflib.RDF.type, goal))) == 8
