"""The site below a path prefix, and behind proxies: no address that it gives leaves the prefix."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from kg.settings import Settings
from kg.web.application import create_app
from kg.web.mount import mounted

HOST = "http://localhost:8000"  # that of the release's base, so that a link to the base is seen too
STARTS = ("/", "/sitemap.xml", "/robots.txt", "/releases.atom", "/manifest.json", "/catalogue")
# Answers of a route that are read; the links on them all are checked. How the prefix came to be known
# makes no difference to a page: by the other way one of each kind is read.
MOST, OTHER_WAY = 5, 1
ATTRIBUTE = re.compile(r'\s(?:href|src|action|formaction|data-[\w-]+)="((?:https?:/)?/[^"]*)"')
JSON_LD = re.compile(r'"(?:url|contentUrl|page)": ?"([^"]+)"')
IN_XML = re.compile(r'<loc>([^<]+)<|<link [^>]*href="([^"]+)"')


def test_the_prefix_is_that_of_the_site_s_address() -> None:
    settings = Settings().with_values("site", url="https://example.org/plans")
    assert seen(settings, "/plans/page/x") == "https://example.org /plans /page/x"
    assert seen(settings, "/page/x") == "https://example.org /plans /page/x"
    assert seen(settings, "/plans") == "https://example.org /plans /"
    assert seen(settings, "/plansbook") == "https://example.org /plans /plansbook"


def test_a_prefix_may_have_any_letters() -> None:
    settings = Settings().with_values("site", url="https://example.org/%E8%A7%84/é")
    for path in ("/%E8%A7%84/%C3%A9/ns", "/ns"):
        assert seen(settings, path) == "https://example.org /%E8%A7%84/%C3%A9 /ns"


def test_only_trusted_proxies_are_believed() -> None:
    given = {
        "X-Forwarded-For": "192.0.2.1, 192.0.2.2",
        "X-Forwarded-Proto": "ftp, http",
        "X-Forwarded-Host": "evil.example, plans.example",
        "X-Forwarded-Prefix": "/evil, /plans",
    }
    alone = Settings().with_values("site", base="https://example.org")
    assert seen(alone, "/ns", given) == "https://example.org  /ns"
    one = Settings().with_values("server", trusted_proxies=1)
    assert seen(one, "/ns", given) == "http://plans.example /plans /ns"
    assert seen(one, "/plans/ns", given) == "http://plans.example /plans /ns"
    assert seen(one, "/ns") == "https://example.org  /ns"
    two = Settings().with_values("server", trusted_proxies=2)
    assert seen(two, "/ns", given) == "ftp://evil.example /evil /ns"


def test_the_site_s_address_goes_before_what_a_proxy_says() -> None:
    settings = Settings().with_values("server", trusted_proxies=1)
    settings = settings.with_values("site", url="https://example.org/plans")
    assert seen(settings, "/ns", {"X-Forwarded-Prefix": "/x"}) == "https://example.org /plans /ns"


def test_the_site_s_host_is_its_own_whatever_a_client_names() -> None:
    settings = Settings().with_values("site", url="https://example.org/plans")
    assert seen(settings, "/ns", {"Host": "evil.example"}) == "https://example.org /plans /ns"
    named = Settings().with_values("site", base="https://data.example")
    assert seen(named, "/ns", {"Host": "evil.example"}) == "https://data.example  /ns"
    assert seen(named, "/ns", {"Host": "127.0.0.1:8000"}) == "https://127.0.0.1:8000  /ns"
    behind = named.with_values("server", trusted_proxies=1)
    assert seen(behind, "/ns", {"Host": "a.example:80"}) == "https://a.example:80  /ns"


@pytest.mark.parametrize("host", ["[::1", "a b", "a/b", "a.example:x", '"'])
def test_what_is_no_host_is_left_out(host: str) -> None:
    assert host not in seen(Settings(), "/ns", {"Host": host})


@pytest.mark.parametrize("prefix", ["//evil.example", "evil", "/a b", "/\\evil.example", "/"])
def test_what_is_no_prefix_is_left_out(prefix: str) -> None:
    settings = Settings().with_values("server", trusted_proxies=1)
    told = seen(settings, "/ns", {"X-Forwarded-Prefix": prefix})
    assert told == "https://example.org  /ns"


def seen(settings: Settings, path: str, headers: dict[str, str] | None = None) -> str:
    """What an application is given of a request: address of the host, prefix, path."""

    @Request.application
    def tell(request: Request) -> Response:
        host = f"{request.scheme}://{request.host}"
        return Response(f"{host} {request.script_root} {request.path}")

    client = Client(mounted(tell, settings))
    answer = client.get(path, base_url="https://example.org", headers=headers)
    return answer.get_data(as_text=True)


@pytest.fixture
def app_at(own_small_release: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Site]:
    """Makes applications on the small plan, with their settings in the environment."""

    def made(prefix: str, **environment: str) -> Site:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Site(create_app(own_small_release), prefix)

    return made


@dataclass
class Site:
    """An application as a visitor meets it below a prefix, and what is wrong with its links."""

    app: Flask
    prefix: str
    headers: dict[str, str] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def get(self, address: str, **headers: str) -> TestResponse:
        """Ask for an address of the host, as a proxy that leaves the prefix passes it on."""
        path = address.removeprefix(HOST)
        sent = {"Accept": "text/html, */*;q=0.5"} | self.headers | headers
        return self.app.test_client().get(path, base_url=HOST, headers=sent)

    def crawl(self, most: int) -> Counter[str]:
        """Read so many answers of each route, from the front page; how many there were."""
        routes = self.app.url_map.bind("localhost")
        read: Counter[str] = Counter()
        found = [f"{HOST}{self.prefix}{path}" for path in STARTS]
        known = set(found)
        while found:
            address = found.pop(0)
            route = self._route(routes, address)
            if route is None or read[route] >= most:
                continue
            read[route] += 1
            answer = self.get(address)
            if answer.status_code >= 400 and route != "relations.panel":  # a script adds of what
                self.wrong.add(f"{answer.status_code} {address}")
            for link in links(answer, address):
                if link.startswith(f"{HOST}/") and not link.startswith(f"{HOST}/id/"):
                    if not f"{link}/".startswith(f"{HOST}{self.prefix}/"):
                        self.wrong.add(f"{address} leads out to {link}")
                    elif link not in known:
                        known.add(link)
                        found.append(link)
        return read

    def _route(self, routes: MapAdapter, address: str) -> str | None:
        """The route of an address, None where it takes POST alone."""
        path = urlsplit(address).path.removeprefix(self.prefix)
        try:
            return str(routes.match(path, method="GET")[0])
        except HTTPException as error:
            if error.code != 405:
                self.wrong.add(f"no route leads to {address}")
            return None


def links(answer: TestResponse, address: str) -> set[str]:
    """The addresses in an answer: of its head, its elements, and its data for search engines."""
    found = re.findall("<([^>]+)>", ",".join(answer.headers.getlist("Link")))
    found += answer.headers.getlist("Location")
    text = ""
    if answer.mimetype.startswith("text/html") or "json" in answer.mimetype:
        text = answer.get_data(as_text=True)
        found += [unescape(link) for link in ATTRIBUTE.findall(text)]
        found += JSON_LD.findall(text)
    elif answer.mimetype in ("application/xml", "application/atom+xml"):
        text = answer.get_data(as_text=True)
        found += ["".join(pair) for pair in IN_XML.findall(text)]
    elif answer.mimetype == "text/plain" and address.endswith("robots.txt"):
        found += re.findall("Sitemap: (.*)", answer.get_data(as_text=True))
    return {urldefrag(urljoin(address, link))[0] for link in found}


@pytest.mark.parametrize(
    ("prefix", "environment", "headers", "most"),
    [
        ("/plans", {"PLANLINK_URL": f"{HOST}/plans"}, {}, OTHER_WAY),
        ("/plans", {"PLANLINK_TRUSTED_PROXIES": "1"}, {"X-Forwarded-Prefix": "/plans"}, MOST),
    ],
    ids=["by site.url", "by X-Forwarded-Prefix"],
)
def test_no_link_leaves_the_prefix_or_leads_nowhere(
    app_at: Callable[..., Site],
    prefix: str,
    environment: dict[str, str],
    headers: dict[str, str],
    most: int,
) -> None:
    site = app_at(prefix, **environment)
    site.headers = headers
    read = site.crawl(most)
    assert not site.wrong
    kinds = {"directory.front", "plans.full_text", "entities.page", "entities.document", "static"}
    kinds |= {
        "releases.feed",
        "releases.one",
        "catalogue.sitemap",
        "catalogue.export",
        "files.dump",
    }
    kinds |= {"relations.as_json", "relations.panel", "search.suggest", "builder.terms"}
    assert kinds <= set(read), kinds - set(read)


def test_addresses_that_are_no_links(app_at: Callable[..., Site]) -> None:
    site = app_at("/plans", PLANLINK_URL=f"{HOST}/plans")
    robots = site.get("/plans/robots.txt").get_data(as_text=True)
    assert "Disallow: /plans/sparql?" in robots
    assert f"Sitemap: {HOST}/plans/sitemap.xml" in robots
    described = json.loads(site.get("/plans/openapi.json").data)
    assert described["servers"] == [{"url": f"{HOST}/plans"}]
    service = site.get("/plans/sparql", Accept="application/n-triples").get_data(as_text=True)
    assert f"<{HOST}/plans/sparql#service>" in service
    document = json.loads(site.get("/plans/data/qinghe-2026/goal/2.jsonld").data)
    assert document["@context"] == f"{HOST}/plans/context.jsonld"
    assert document["id"] == f"{HOST}/id/qinghe-2026/goal/2", "IRIs stay those of the base"


def test_redirects_and_cookies_stay_below_the_prefix(
    app_at: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "plan.toml").write_text('slug = "qinghe-2026"\n', encoding="utf-8")
    monkeypatch.setenv("PLANLINK_PLANS", str(tmp_path))
    monkeypatch.setenv("PLANLINK_TOKEN", "a-token-for-the-tests")
    site = app_at("/plans", PLANLINK_URL=f"{HOST}/plans")
    switched = site.get("/plans/ns?lang=en&format=")
    assert 'href="/plans/ns?format=&amp;lang=zh"' in switched.get_data(as_text=True)
    assert "Path=/plans" in switched.headers["Set-Cookie"].split("; ")
    client = site.app.test_client()
    for path in ("/plans//evil.example/", "//evil.example/"):
        led = client.get("/?lang=en", environ_overrides={"PATH_INFO": path})
        assert led.headers["Location"] == "/plans/evil.example?lang=en"
        assert led.headers["Set-Cookie"].startswith("language=en;"), (
            "who is led on keeps the language"
        )
    for path in ("/releases/?format=ttl", "/page/a%3Fb/"):  # one address for each thing
        sent_on = site.get(f"/plans{path}")
        assert sent_on.status_code == 308
        assert sent_on.headers["Location"] == "/plans" + path.replace("/?", "?").removesuffix("/")
    assert site.get("/plans/releases/1").status_code == 200
    assert site.get("/plans/releases/01").status_code == 404
    signed_in = client.post(
        "/plans/review/qinghe-2026/session", data={"token": "a-token-for-the-tests"}
    )
    assert signed_in.headers["Location"] == "/plans/review/qinghe-2026"
    assert "Path=/plans/review/" in signed_in.headers["Set-Cookie"].split("; ")
    saved = client.post("/plans/queries", data={"query": "ASK {}"})
    assert saved.status_code == 303
    assert re.fullmatch(r"/plans/queries/\d+", saved.headers["Location"])
    assert client.get(saved.headers["Location"] + "/results").status_code == 200


def test_a_text_keeps_the_links_of_its_own_prefix(app_at: Callable[..., Site]) -> None:
    """A text is worked out once for each prefix: the proxy may be one of several."""
    site = app_at("", PLANLINK_TRUSTED_PROXIES="1")
    for prefix in ("/one", "/two", ""):
        page = site.get("/plan/qinghe-2026", **{"X-Forwarded-Prefix": prefix}).get_data(
            as_text=True
        )
        marks = re.findall(r'class="mark [^"]*" href="([^"]+)"', page)
        assert marks and all(link.startswith(f"{prefix}/page/") for link in marks)
