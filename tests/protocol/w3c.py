"""Runs W3C's SPARQL 1.1 test suite against an endpoint over HTTP: the manifests, what they ask for,
and how answers are compared.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox
import urllib3
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SD = "http://www.w3.org/ns/sparql-service-description#"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
NUMERIC = {
    f"http://www.w3.org/2001/XMLSchema#{n}" for n in ("integer", "decimal", "double", "float")
}
RESULT_TYPES = {".srx": "application/sparql-results+xml", ".srj": "application/sparql-results+json",
                ".csv": "text/csv", ".tsv": "text/tab-separated-values"}  # fmt: skip
READ = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
JSON = "application/sparql-results+json"


@dataclass
class Endpoint:
    """Where a server takes queries, updates and graphs."""

    query: str
    update: str
    graphs: str
    headers: dict[str, str] = field(default_factory=dict)
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=30)
    )

    def send(
        self, method: str, url: str, body: bytes | None = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, url, body=body, headers=sent, redirect=False)

    def ask(self, query: str, accept: str) -> urllib3.BaseHTTPResponse:
        return self.send(
            "POST",
            self.query,
            query.encode(),
            content_type="application/sparql-query",
            accept=accept,
        )

    def change(self, update: str) -> urllib3.BaseHTTPResponse:
        return self.send(
            "POST", self.update, update.encode(), content_type="application/sparql-update"
        )


@dataclass(frozen=True)
class Case:
    """One test of the suite: its short name (folder/name), kind and node in its manifest."""

    name: str
    kind: str
    node: URIRef
    manifest: Graph
    folder: Path

    def file(self, iri: object) -> Path:
        return self.folder / str(iri).removeprefix(f"{BASE}{self.folder.name}/")


def cases(suite: Path) -> Iterator[Case]:
    """The tests of every manifest of the suite, in its order."""
    listed = re.findall(
        r"<([\w-]+)/manifest\.ttl>", (suite / "manifest-all.ttl").read_text(encoding="utf-8")
    )
    for folder in dict.fromkeys(listed):
        for path in sorted((suite / folder).glob("manifest*.ttl")):
            manifest = Graph().parse(path, publicID=f"{BASE}{folder}/{path.name}")
            for entries in manifest.objects(None, MF.entries):
                for node in Collection(manifest, entries):
                    kinds = {
                        str(k).rpartition("#")[2] for k in manifest.objects(node, RDF.type)
                    } - {"NotClassified"}
                    yield Case(
                        f"{folder}/{str(node).rpartition('#')[2]}",
                        kinds.pop(),
                        node,
                        manifest,
                        suite / folder,
                    )


def passes(test: Case, endpoint: Endpoint) -> bool:
    """Whether the server does what a test wants."""
    return {
        "QueryEvaluationTest": _query,
        "CSVResultFormatTest": _query,
        "UpdateEvaluationTest": _update,
        "PositiveSyntaxTest11": _syntax,
        "NegativeSyntaxTest11": _syntax,
        "PositiveUpdateSyntaxTest11": _syntax,
        "NegativeUpdateSyntaxTest11": _syntax,
        "ProtocolTest": _conversation,
        "GraphStoreProtocolTest": _conversation,
        "ServiceDescriptionTest": _description,
    }[test.kind](test, endpoint)


def _triples(path: Path, base: str) -> bytes:
    form = {
        ".ttl": ox.RdfFormat.TURTLE,
        ".nt": ox.RdfFormat.N_TRIPLES,
        ".rdf": ox.RdfFormat.RDF_XML,
    }[path.suffix]
    parsed = ox.parse(path=str(path), format=form, base_iri=base)
    return ox.serialize((q.triple for q in parsed), format=ox.RdfFormat.N_TRIPLES) or b""


def _load(test: Case, endpoint: Endpoint, where: object, data: URIRef, graph_data: URIRef) -> None:
    """Make a test's data all that the dataset holds, by one update."""
    triples = [
        _triples(test.file(default), str(default)).decode()
        for default in test.manifest.objects(where, data)
    ]
    for named in test.manifest.objects(where, graph_data):
        file, name = test.manifest.value(named, UT.graph), test.manifest.value(named, RDFS.label)
        content = _triples(test.file(file or named), str(file or named)).decode()
        triples.append(f"GRAPH <{name or named}> {{ {content} }}")
    update = "DROP ALL ; INSERT DATA { " + "\n".join(triples) + " }"
    assert endpoint.change(update).status < 300


def _text(test: Case, file: object) -> str:
    """A query or update with its file's address as its base."""
    return f"BASE <{file}>\n{test.file(file).read_text(encoding='utf-8')}"


def _query(test: Case, endpoint: Endpoint) -> bool:
    action = test.manifest.value(test.node, MF.action)
    _load(test, endpoint, action, QT.data, QT.graphData)
    query = _text(test, test.manifest.value(action, QT.query))
    expected = test.file(test.manifest.value(test.node, MF.result))
    is_graph = expected.suffix in (".ttl", ".rdf") and not _is_result_set(expected)
    accept = "text/turtle" if is_graph else RESULT_TYPES.get(expected.suffix, JSON)
    answer = endpoint.ask(query, accept)
    if answer.status != 200:
        return False
    if is_graph:
        found = ox.serialize(
            (q.triple for q in ox.parse(answer.data, format=ox.RdfFormat.TURTLE)),
            format=ox.RdfFormat.N_TRIPLES,
        )
        return _same_graph(found or b"", _triples(expected, BASE))
    if expected.suffix == ".csv":
        return _same_table(answer.data.decode(), expected.read_text(encoding="utf-8"))
    found = ox.parse_query_results(
        answer.data, format=READ.get(expected.suffix, ox.QueryResultsFormat.JSON)
    )
    wanted = (
        _result_set(expected)
        if expected.suffix not in READ
        else ox.parse_query_results(expected.read_bytes(), format=READ[expected.suffix])
    )
    return _rows(found) == _rows(wanted)


def _is_result_set(path: Path) -> bool:
    return "result-set#" in path.read_text(encoding="utf-8")


def _result_set(path: Path) -> ox.QuerySolutions | ox.QueryBoolean:
    """A result set written in RDF (http://www.w3.org/2001/sw/DataAccess/tests/result-set#)."""
    graph = Graph().parse(path, publicID=f"{BASE}{path.parent.name}/{path.name}")
    names = sorted(str(v) for v in graph.objects(None, RS.resultVariable))
    rows = []
    for solution in graph.objects(None, RS.solution):
        bound = {
            str(graph.value(b, RS.variable)): graph.value(b, RS.value)
            for b in graph.objects(solution, RS.binding)
        }
        rows.append("\t".join(bound[n].n3() if n in bound else "" for n in names))
    text = "\t".join(f"?{n}" for n in names) + "\n" + "".join(f"{row}\n" for row in rows)
    return ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.TSV)


def _rows(result: ox.QuerySolutions | ox.QueryBoolean) -> object:
    """A result in a form that is equal for equal results, whatever their order and the names of
    blank nodes.
    """
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    names = sorted(v.value for v in result.variables)
    solutions, dataset = list(result), ox.Dataset()
    for solution in solutions:
        row = ox.BlankNode()
        dataset.add(ox.Quad(row, ox.NamedNode("urn:row"), ox.NamedNode("urn:row")))
        for name in names:
            if solution[name] is not None:
                dataset.add(
                    ox.Quad(row, ox.NamedNode(f"urn:column:{name}"), _by_value(solution[name]))
                )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return names, len(solutions), frozenset(map(str, dataset))


def _by_value(term: object) -> object:
    if isinstance(term, ox.Literal) and term.datatype.value in NUMERIC:
        try:
            return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
        except InvalidOperation:
            return term
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#boolean"):
        return ox.Literal(
            {"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype
        )
    return term


def _same_graph(found: bytes, wanted: bytes) -> bool:
    datasets = []
    for content in (found, wanted):
        quads = ox.parse(content, format=ox.RdfFormat.N_TRIPLES)
        dataset = ox.Dataset(ox.Quad(q.subject, q.predicate, _by_value(q.object)) for q in quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        datasets.append(frozenset(map(str, dataset)))
    return datasets[0] == datasets[1]


def _same_table(found: str, wanted: str) -> bool:
    """Whether two CSV files hold the same rows in any order; blank nodes all count as one, numbers
    by value.
    """

    def cells(text: str) -> list[list[tuple[str, str]]]:
        return sorted(
            sorted((name, _plain(value)) for name, value in row.items())
            for row in csv.DictReader(io.StringIO(text))
        )

    return cells(found) == cells(wanted)


def _plain(cell: str) -> str:
    try:
        return str(Decimal(cell).normalize())
    except InvalidOperation:
        return "_:" if cell.startswith("_:") else cell


def _update(test: Case, endpoint: Endpoint) -> bool:
    action, result = (
        test.manifest.value(test.node, MF.action),
        test.manifest.value(test.node, MF.result),
    )
    _load(test, endpoint, action, UT.data, UT.graphData)
    update = _text(test, test.manifest.value(action, UT.request))
    if endpoint.change(update).status >= 300:
        return False
    expected: dict[str | None, bytes] = {None: b""}
    for default in test.manifest.objects(result, UT.data):
        expected[None] = _triples(test.file(default), str(default))
    for named in test.manifest.objects(result, UT.graphData):
        file = test.manifest.value(named, UT.graph)
        expected[str(test.manifest.value(named, RDFS.label))] = _triples(test.file(file), str(file))
    for graph, wanted in expected.items():
        where = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        answer = endpoint.ask(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", "application/n-triples"
        )
        if answer.status != 200 or not _same_graph(answer.data, wanted):
            return False
    answer = endpoint.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", JSON)
    found = {
        row["g"].value
        for row in ox.parse_query_results(answer.data, format=ox.QueryResultsFormat.JSON)
    }
    return found == {graph for graph, content in expected.items() if graph and content}


def _syntax(test: Case, endpoint: Endpoint) -> bool:
    text = test.file(test.manifest.value(test.node, MF.action)).read_text(encoding="utf-8")
    if "Update" in test.kind:
        endpoint.change("DROP ALL")
        answer = endpoint.change(text)
    else:
        answer = endpoint.ask(text, f"{JSON}, text/turtle")
    return answer.status < 300 if test.kind.startswith("Positive") else answer.status == 400


def _conversation(test: Case, endpoint: Endpoint) -> bool:
    """A sequence of requests with the answers that each must get."""
    graph = test.manifest
    _load(test, endpoint, test.node, UT.data, UT.graphData)
    connection = graph.value(test.node, MF.action)
    if (connection, RDF.first, None) in graph:
        connection = graph.value(connection, RDF.first)
    location = ""
    for request in Collection(graph, graph.value(connection, HT.requests)):
        headers = {}
        if (listed := graph.value(request, HT.headers)) is not None:
            headers = {
                str(graph.value(h, HT.fieldName)): str(graph.value(h, HT.fieldValue))
                for h in Collection(graph, listed)
            }
        path = str(graph.value(request, HT.absolutePath)).replace("$LOCATION$", location)
        content = graph.value(request, HT.body)
        body = None
        if content is not None:
            body = (
                str(graph.value(content, CNT.chars))
                .replace("$LOCATION$", location)
                .encode(str(graph.value(content, CNT.characterEncoding) or "utf-8"))
            )
        answer = endpoint.send(
            str(graph.value(request, HT.methodName)),
            _address(path, body, headers, endpoint),
            body,
            **headers,
        )
        location = answer.headers.get("Location", location)
        if not _as_expected(graph, graph.value(request, HT.resp), answer):
            return False
    return True


def _address(path: str, body: bytes | None, headers: dict[str, str], endpoint: Endpoint) -> str:
    """Where a request of the suite goes on this server."""
    if path.startswith(endpoint.graphs):
        return path
    if path.startswith("/gsp"):
        return endpoint.graphs + path.removeprefix("/gsp")
    kind = (
        " ".join(v for k, v in headers.items() if k.lower() == "content-type")
        + path
        + (body or b"")[:20].decode("latin-1")
    )
    target = endpoint.update if "update" in kind else endpoint.query
    return target + path.removeprefix("/sparql").removeprefix("/")


def _as_expected(graph: Graph, response: object, answer: urllib3.BaseHTTPResponse) -> bool:
    statuses = {str(s).rpartition("#")[2] for s in graph.objects(response, MF.expectedStatus)}
    if statuses and not any(_status_fits(status, answer.status) for status in statuses):
        return False
    boolean = graph.value(response, MF.expectedBoolean)
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if isinstance(boolean, Literal):
        form = {v: k for k, v in RESULT_TYPES.items()}.get(media_type)
        if (
            form not in READ
            or bool(ox.parse_query_results(answer.data, format=READ[form])) != boolean.toPython()
        ):
            return False
    expected_format = graph.value(response, MF.expectedFormat)
    if (
        expected_format is not None
        and str(expected_format) == "RDF"
        and ox.RdfFormat.from_media_type(media_type) is None
    ):
        return False
    if (
        expected_format is not None
        and str(expected_format) != "RDF"
        and media_type not in RESULT_TYPES.values()
    ):
        return False
    content = graph.value(response, HT.body)
    if content is not None and answer.status < 300:
        wanted = (
            Graph()
            .parse(data=str(graph.value(content, CNT.chars)), format="turtle")
            .serialize(format="nt")
            .encode()
        )
        found = ox.serialize(
            (
                q.triple
                for q in ox.parse(answer.data, format=ox.RdfFormat.from_media_type(media_type))
            ),
            format=ox.RdfFormat.N_TRIPLES,
        )
        return _same_graph(found or b"", wanted)
    return True


def _status_fits(name: str, status: int) -> bool:
    named = {
        "OK": 200,
        "Created": 201,
        "NoContent": 204,
        "BadRequest": 400,
        "NotFound": 404,
        "MethodNotAllowed": 405,
        "UnsupportedMediaType": 415,
    }
    return (
        status // 100 == int(name[10]) if name.startswith("StatusCode") else status == named[name]
    )


def _description(test: Case, endpoint: Endpoint) -> bool:
    answer = endpoint.send("GET", endpoint.query, accept="text/turtle")
    form = ox.RdfFormat.from_media_type(answer.headers.get("Content-Type", "").partition(";")[0])
    if answer.status != 200 or form is None:
        return False
    triples = [q.triple for q in ox.parse(answer.data, format=form, base_iri=endpoint.query)]
    if test.name.endswith("returns-rdf"):
        return bool(triples)
    if test.name.endswith("has-endpoint-triple"):
        return any(
            t.predicate.value == f"{SD}endpoint" and t.object.value == endpoint.query
            for t in triples
        )
    services = {t.subject for t in triples if t.object == ox.NamedNode(f"{SD}Service")}
    return len(services) == 1 and all(
        isinstance(t.object, ox.NamedNode)
        for t in triples
        if t.predicate.value in (f"{SD}endpoint", f"{SD}supportedLanguage", f"{SD}feature")
    )
