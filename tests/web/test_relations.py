"""The relation graph over HTTP: one picture from one address, in every form."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote, urlencode

import networkx as nx
import pyoxigraph as ox
import pytest
from support import ask

ID = "http://localhost:8000/id/hongqiao-2021"
PARK = f"{ID}/zone/guang-rong-dao-ke-ji-chan-ye-yuan"


def shown(server: str, **view: Any) -> dict[str, Any]:
    status, _, body = ask(f"{server}/relations/hongqiao-2021.json?{urlencode(view, doseq=True)}")
    assert status == 200, body
    told: dict[str, Any] = json.loads(body)
    return told


def test_the_outline_is_goals_chapters_and_what_most_measures_name(server: str) -> None:
    outline = shown(server)
    kinds = [n["kind"] for n in outline["nodes"]]
    assert set(kinds) == {"Goal", "Section", "Zone", "Institution"}
    assert kinds.count("Zone") <= 12 and kinds.count("Institution") <= 6
    columns = {
        kind: {n["x"] for n in outline["nodes"] if n["kind"] == kind}
        for kind in ("Goal", "Section", "Zone")
    }
    assert all(len(places) == 1 for places in columns.values())
    assert max(columns["Goal"]) < max(columns["Section"]) < max(columns["Zone"])


def test_a_wide_line_stands_for_that_many_links(server: str) -> None:
    line = max(
        (e for e in shown(server)["edges"] if "/zone/" in e["to"]), key=lambda e: e["weight"]
    )
    html = ask(
        f"{server}/relations/hongqiao-2021/panel?{urlencode({'from': line['from'], 'to': line['to']})}"
    )[2].decode()
    assert line["weight"] > 1
    assert html.count("<li>") == line["weight"]
    assert html.count("<mark>") >= line["weight"]


def test_the_whole_plan_has_every_link_but_the_inherited_ones(server: str) -> None:
    whole = shown(server, view="whole")
    assert len(whole["nodes"]) > 400
    assert all(n["label"] and n["title"] and n["page"] for n in whole["nodes"])
    assert all(e["label"] for e in whole["edges"])


def test_links_of_the_same_subject_are_told_apart(server: str) -> None:
    edges = shown(server, view="whole")["edges"]
    dashed = {e["property"].rsplit("#", 1)[-1] for e in edges if e["dashes"]}
    assert dashed == {"concerns"}
    assert not any(e["dashes"] for e in edges if e["property"].endswith("contributesTo"))
    pages = {
        view: ask(f"{server}/relations/hongqiao-2021?{view}", Cookie="language=en")[2].decode()
        for view in ("view=whole", "link=contributesTo&view=whole")
    }
    assert ["Dashed:" in page for page in pages.values()] == [True, False]
    jobs = ask(f"{server}/id/hongqiao-2021/indicator/16.html", Cookie="language=en")[2].decode()
    assert "contributes to" in jobs and "same subject as" in jobs


def test_what_is_around_a_thing(server: str) -> None:
    near = shown(server, node=PARK)
    assert 3 < len(near["nodes"]) < 20


def test_opening_adds_neighbours_and_moves_nothing(server: str) -> None:
    before = {n["id"]: (n["x"], n["y"]) for n in shown(server)["nodes"]}
    after = {
        n["id"]: (n["x"], n["y"])
        for n in shown(server, view="outline", node=f"{ID}/section/4")["nodes"]
    }
    assert {id_: after[id_] for id_ in before} == before
    assert set(after) - set(before) == {f"{ID}/section/4.{i}" for i in (1, 2, 3, 4)}
    assert len(set(after.values())) == len(after)


def test_filters_leave_what_they_name(server: str) -> None:
    assert {n["kind"] for n in shown(server, view="whole", type=["Zone", "Measure"])["nodes"]} == {
        "Zone",
        "Measure",
    }
    assert {
        e["property"].rsplit("#")[-1] for e in shown(server, view="whole", link="involves")["edges"]
    } == {"involves"}
    assert {
        e["title"] for e in shown(server, view="whole", method="BoundaryStatement")["edges"]
    } == {"四至表述"}
    chapter = shown(server, view="whole", chapter=f"{ID}/section/9")
    measures = [n["id"] for n in chapter["nodes"] if n["kind"] == "Measure"]
    assert measures and all("/measure/9." in m for m in measures)


def test_size_and_colour_tell_of_centrality(server: str) -> None:
    by_measures = {
        n["id"]: n["size"] for n in shown(server, view="whole", size="measures")["nodes"]
    }
    assert by_measures[PARK] > by_measures[f"{ID}/zone/xi-zhan-shu-niu-jing-ji-qu"]
    groups = {n["color"] for n in shown(server, view="whole", colour="group")["nodes"]}
    assert len(groups) > 4


def test_the_same_picture_as_svg_and_graphml(server: str) -> None:
    view = urlencode({"view": "outline", "node": f"{ID}/section/9"})
    told = shown(server, view="outline", node=f"{ID}/section/9")
    status, headers, svg = ask(f"{server}/relations/hongqiao-2021.svg?{view}")
    assert (status, headers.get_content_type()) == (200, "image/svg+xml")
    texts = [t.text or "" for t in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    imprint = [text for text in texts if ID in text]
    assert len(imprint) == 1
    assert sorted(texts) == sorted([*(n["label"] for n in told["nodes"]), *imprint])
    graph = nx.parse_graphml(ask(f"{server}/relations/hongqiao-2021.graphml?{view}")[2].decode())
    assert set(graph) == {n["id"] for n in told["nodes"]}
    assert graph.number_of_edges() == len(told["edges"])


@pytest.mark.parametrize(
    ("query", "status"),
    [("node=http://nowhere.example/", 404), ("view=sideways", 400), ("colour=red", 400), ("type=Zebra", 400), ("chapter=x", 400),
     ("link=knows", 400), ("&".join(f"node={quote(ID)}/measure/4.1.{i}&node={quote(ID)}/measure/9.1.{i}" for i in range(1, 40)), 404)],
)  # fmt: skip
def test_what_cannot_be_shown_is_told_in_a_line(server: str, query: str, status: int) -> None:
    found, _, body = ask(f"{server}/relations/hongqiao-2021.json?{query}", Accept="text/plain")
    assert found == status
    assert len(body.decode().splitlines()) == 1


def test_names_are_suggested_while_typing(server: str) -> None:
    found = json.loads(ask(f"{server}/search/suggest?plan=hongqiao-2021&q={quote('光荣道')}")[2])
    assert found[0]["label"] == "光荣道"
    assert {"iri", "label", "type"} == set(found[0])
    assert len({f["label"] for f in found}) == len(found) > 2
    assert json.loads(ask(f"{server}/search/suggest?plan=elsewhere&q={quote('光荣道')}")[2]) == []
    assert json.loads(ask(f"{server}/search/suggest?q=")[2]) == []


def test_the_query_of_the_annex_table_gives_its_rows(server: str, release: Any) -> None:
    html = ask(f"{server}/board/hongqiao-2021")[2].decode()
    query = _query_behind(html)
    rows = list(
        ox.Store.read_only(str(release / "current" / "store")).query(
            query, use_default_graph_as_union=True
        )
    )
    table = json.loads(ask(f"{server}/board/hongqiao-2021?format=json")[2])
    assert sorted(
        (int(r["number"].value), r["indicator"].value, int(r["measures"].value)) for r in rows
    ) == sorted((b["number"], b["iri"], len(b["measures"])) for b in table)


def _query_behind(html: str) -> str:
    from html import unescape
    from urllib.parse import parse_qs, urlsplit

    address = unescape(html.split('class="behind-query" href="')[1].split('"', maxsplit=1)[0])
    return parse_qs(urlsplit(address).query)["edit"][0]


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/gaps/hongqiao-2021",
        "/progress/hongqiao-2021",
        "/relations/hongqiao-2021",
        "/page/hongqiao-2021/goal/1",
    ],
)
def test_the_query_behind_every_table_runs(page: str, server: str) -> None:
    from html import unescape
    from urllib.parse import parse_qs, urlsplit

    links = ask(server + page)[2].decode().split('class="behind-query" href="')[1:]
    assert links
    for link in links:
        query = parse_qs(urlsplit(unescape(link.split('"')[0])).query)["edit"][0]
        status, _, body = ask(
            f"{server}/sparql", query.encode(), Content_Type="application/sparql-query"
        )
        assert status == 200, query
        found = json.loads(body)["results"]["bindings"]
        assert bool(found) == (page != "/progress/hongqiao-2021"), query  # no values are known yet
