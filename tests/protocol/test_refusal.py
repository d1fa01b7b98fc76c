"""Nothing that a visitor sends makes the engine open a connection, however SERVICE and LOAD are
hidden.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import run

from kg.sparql.guard import refusal

# Read by the engine as it stands, and by the standard after its escapes are decoded (SPARQL 1.1
# Query §19.2): each hides SERVICE from one reading and shows it to another. @ stands for
# the service, ⏎ for a line's end.
HIDDEN = {
    "a quote as an escape": r'SELECT * { BIND("\u0022 AS ?x) #" AS ?x) SERVICE @ { ?s ?p ?o }⏎}',
    "an apostrophe as an escape": r"SELECT * { BIND('\u0027 AS ?x) #' AS ?x) SERVICE @ { ?s ?p ?o }⏎}",
    "a long escape": r'SELECT * { BIND("\U00000022 AS ?x) #" AS ?x) SERVICE @ { ?s ?p ?o }⏎}',
    "a letter as an escape": r"SELECT * { SERV\u0049CE @ { ?s ?p ?o } }",
    "an escape in an IRI and one in a string": r'SELECT * { BIND(<http://a/\u0041#x> AS ?y) BIND("\u0022 #" AS ?x) SERVICE @ { ?s ?p ?o }⏎}',
    "a comment that is part of a name": r"PREFIX : <http://a/> SELECT * { BIND(:a\#b AS ?x) SERVICE @ { ?s ?p ?o }⏎}",
    "a quote that is part of a name": r"PREFIX : <http://a/> SELECT * { BIND(:a\'b AS ?x) SERVICE @ { ?s ?p ?o } BIND('' AS ?y) }",
    "less than as the beginning of an IRI": "SELECT * { VALUES (?a ?b ?x) { (1 2 @) } FILTER(?a<?b)SERVICE?x#>⏎{ ?s ?p ?o } }",
    "less than and a text over lines": "SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<?b)#>'''⏎SERVICE @ { ?s ?p ?o } #'''⏎}",
    "glued to a number": "SELECT * { BIND(1 AS ?x) OPTIONAL { FILTER(1=1e0) }SERVICE@{ ?s ?p ?o } }",
    "glued to a prefix": "PREFIX p: @ SELECT * { {}SERVICEp:{ ?s ?p ?o } }",
    "by an empty prefix": "PREFIX : @ SELECT * { {}SERVICE:{ ?s ?p ?o } }",
    "silent": "SELECT * { {} SERVICE SILENT@{ ?s ?p ?o } }",
    "in lower case": "SELECT * { service @ { ?s ?p ?o } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE @ { ?s ?p ?o } } } }",
    "where there may be something": "ASK { FILTER EXISTS { SERVICE @ { ?s ?p ?o } } }",
}  # fmt: skip
HARMLESS = {
    "a string": 'SELECT * { ?s ?p "SERVICE" }',
    "a comment": "SELECT * { ?s ?p ?o } # SERVICE <http://a/> { ?s ?p ?o }",
    "an IRI": "SELECT * { ?s <http://e.example/SERVICE> ?o }",
    "a variable": "SELECT ?service { ?service a ?o }",
    "a relative IRI": "SELECT * { <#service> ?p ?o }",
    "a prefix": "PREFIX service: <http://e.example/> SELECT * { service:a service:b '''it's SERVICE \"here\"''' }",
    "an escape beside the word": r'SELECT * { ?s ?p "Se\u0301rvice", "service" }',
    "download": 'SELECT * { ?download ?p "upload" }',
}  # fmt: skip


class Service:
    """Listens on this machine, and counts who connects."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.iri = f"<http://127.0.0.1:{self._listener.getsockname()[1]}/>"
        self.reached = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self.reached += 1
            connection.close()


@pytest.fixture
def service() -> Iterator[Service]:
    yield Service()


@pytest.mark.parametrize("query", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_service_is_refused(query: str, service: Service) -> None:
    query = query.replace("@", service.iri).replace("⏎", "\n")
    assert refusal(query)
    assert service.reached == 0, "looking at a query must not reach out either"


def test_what_is_refused_is_well_formed_as_far_as_the_engine_reads_it() -> None:
    for query in HIDDEN.values():
        found = refusal(query.replace("@", "<http://a/>").replace("⏎", "\n"))
        assert found is not None
        assert (found.outcome, "SERVICE is not allowed" in found.problem) == ("refused", True)
    cut_off = refusal("SELECT * { SERVICE <http://a/> {")
    assert cut_off is not None
    assert cut_off.outcome == "malformed"


def test_the_engine_does_reach_what_is_hidden(service: Service) -> None:
    """So the queries above are dangerous: most of them make the engine connect."""
    reaching = 0
    for query in HIDDEN.values():
        before = service.reached
        try:
            result = ox.Store().query(query.replace("@", service.iri).replace("⏎", "\n"))
            list(result) if isinstance(result, ox.QuerySolutions) else bool(result)
        except (SyntaxError, OSError, RuntimeError, ValueError):
            pass
        reaching += service.reached > before
    assert reaching >= len(HIDDEN) * 2 // 3


@pytest.mark.parametrize(
    "update",
    [
        "LOAD @",
        "PREFIX p: @ LOADp:",
        "PREFIX p: @ LOAD SILENTp:INTO GRAPH p:a ; LOADp:b",
        "load silent @ INTO GRAPH <http://a/>",
        r'INSERT DATA { <http://a/> <http://a/> "\u0022 } #" } ; LOAD @⏎',
        r'INSERT { ?s ?p ?o } WHERE { BIND("\u0022 AS ?x) #" AS ?x) SERVICE @ { ?s ?p ?o }⏎}',
    ],
)
def test_hidden_load_is_refused(update: str, service: Service) -> None:
    assert refusal(update.replace("@", service.iri).replace("⏎", "\n"), update=True)
    assert service.reached == 0


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_word_that_is_no_keyword_is_left_alone(query: str) -> None:
    assert refusal(query) is None


def test_words_in_data_that_is_written() -> None:
    assert (
        refusal('INSERT DATA { <http://a/load> <http://a/service> "download" }', update=True)
        is None
    )


@pytest.mark.parametrize(
    "query", ["SELECT * { SERVICE @ { ?s ?p ?o } }", HIDDEN["a quote as an escape"]]
)
def test_the_command_line_refuses_it_too(query: str, service: Service, release: Path) -> None:
    done = run("query", release, query.replace("@", service.iri).replace("⏎", "\n"))
    assert (done.returncode, service.reached) == (2, 0)
    assert "SERVICE is not allowed" in done.stderr


def test_the_usual_prefixes_need_no_declaration_beside_the_word() -> None:
    assert (
        refusal("ASK { ?s a dcat:DataService }", prefixes={"dcat": "http://www.w3.org/ns/dcat#"})
        is None
    )
