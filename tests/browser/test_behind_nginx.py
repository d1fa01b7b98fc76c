"""The site below a prefix behind nginx, as a browser meets it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect
from support import answering, ask, copy_release, free_port, serving
from visitor import visitor_on

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(NGINX is None, reason="there is no nginx: sh tests/install-programs.sh"),
]

GOAL = "qinghe-2026/goal/2"
QUERY = (
    f"SELECT DISTINCT ?goal {{ VALUES ?goal {{ <http://localhost:8000/id/{GOAL}> }} ?goal ?p ?o }}"
)

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    # Browsers look for an icon here beside documents that are no pages: it is another site's.
    location = /favicon.ico {{ return 204; }}
    location /plans/ {{
      proxy_pass {upstream};
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Prefix /plans;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def upstream(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that believes one proxy."""
    out = copy_release(small_release, tmp_path_factory.mktemp("behind") / "release")
    with serving(out, PLANLINK_TRUSTED_PROXIES="1") as address:
        yield address


@contextlib.contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """nginx in front of a server; yields the address of its host."""
    port = free_port()
    path = folder / "nginx.conf"
    path.write_text(CONFIGURATION.format(folder=folder, port=port, upstream=upstream))
    host = f"http://127.0.0.1:{port}"
    assert NGINX is not None
    with answering(subprocess.Popen([NGINX, "-c", path, "-e", "stderr"]), f"{host}/plans/readyz"):
        yield host


@pytest.mark.parametrize("path", ["/", ""], ids=["prefix taken off", "prefix passed on"])
def test_pages_work_below_a_prefix(
    browser: Browser, upstream: str, tmp_path: Path, path: str
) -> None:
    with nginx(tmp_path, upstream + path) as host:
        site = f"{host}/plans"
        visitor = visitor_on(browser, site)
        page = visitor.go("/")
        page.locator("nav a[href$='/relations/qinghe-2026']").click()
        page.wait_for_selector("#network[data-ready=true] canvas")
        assert page.url == f"{site}/relations/qinghe-2026"
        page.locator("select[name=colour]").select_option("group")
        page.wait_for_url(re.compile(r".*/relations/qinghe-2026\?(.*&)?colour=group$"))
        page.locator("a.language").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert page.url == f"{site}/relations/qinghe-2026?lang=en"
        assert [c["path"] for c in page.context.cookies()] == ["/plans"]

        page = visitor.go(f"/sparql?edit={quote(QUERY)}")
        page.wait_for_selector("body[data-ready=true]")
        assert f" {site}/sparql" in (page.locator("#code pre").first.text_content() or "")
        page.locator("#run").click()
        page.locator("#result td a").click()
        expect(page).to_have_url(f"{site}/page/{GOAL}")

        page.go_back()
        page.wait_for_selector("body[data-ready=true]")
        page.locator("#save").click()
        page.wait_for_url(f"{site}/queries/*")
        page.locator("a[href$='format=json']").click()
        page.wait_for_url(f"{site}/queries/*/results?format=json")
        visitor.fine()
        page.context.close()

        described = json.loads(ask(f"{site}/openapi.json")[2])
        assert described["servers"] == [{"url": site}]
        told = ask(f"{site}/sparql", Accept="application/n-triples")[2].decode()
        assert f"<{site}/sparql#service>" in told
