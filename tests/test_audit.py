"""What an index of known faults says of a package that is shipped decides about `make audit`."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from support import ROOT

OSV_FAULT = {"id": "OSV-1", "modified": "2026-01-01T00:00:00Z", "affected": []}
NPM_FAULT = {
    "id": 1,
    "title": "a fault",
    "severity": "high",
    "url": "https://faults.example/1",
    "vulnerable_versions": "*",
    "cvss": {"score": 0, "vectorString": None},
}


class Index(BaseHTTPRequestHandler):
    """Answers as OSV does to pip-audit, and as npm's registry does to npm audit."""

    faulty = ""  # the package that has a fault
    asked: set[str]

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        plain = gzip.decompress(sent) if self.headers["Content-Encoding"] == "gzip" else sent
        question = json.loads(plain)
        if self.path == "/osv":
            names = {question["package"]["name"]}
            answer = {"vulns": [OSV_FAULT]} if self.faulty in names else {}
        else:
            names = {*question}
            answer = {self.faulty: [NPM_FAULT]} if self.faulty in names else {}
        self.asked |= names
        self.answer(200, answer)

    def do_GET(self) -> None:
        """npm asks for mended versions of what is faulty: there are none."""
        self.answer(404, {})

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what is printed is the audit's."""


@contextmanager
def answering_index(faulty: str) -> Iterator[tuple[str, set[str]]]:
    """The address of an index that knows a fault of one package, and what it is asked of."""
    asked: set[str] = set()
    kind = type("Index", (Index,), {"faulty": faulty, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as index:
        Thread(target=index.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{index.server_port}", asked
        index.shutdown()


@pytest.mark.parametrize(
    ("part", "faulty", "says"),
    [
        ("packages", "", "audit: nothing found"),
        ("packages", "lxml", "OSV-1"),
        ("scripts", "", "audit: nothing found"),
        ("scripts", "vis-network", "vis-network: high"),
    ],
)
def test_a_known_fault_of_what_is_shipped_fails(part: str, faulty: str, says: str) -> None:
    if part == "scripts" and shutil.which("npm") is None:
        pytest.skip("there is no npm")
    with answering_index(faulty) as (address, asked):
        environment = os.environ | {
            "PIP_AUDIT_VULNERABILITY_SERVICE": "osv",
            "PIP_AUDIT_OSV_URL": f"{address}/osv",
            "npm_config_registry": address,
        }
        command = [sys.executable, ROOT / "tests" / "audit.py", part]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert {"packages": "lxml", "scripts": "vis-network"}[part] in asked
    assert (done.returncode, says in done.stdout) == (bool(faulty), True), done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("part", ["packages", "scripts"])
def test_where_no_index_answers_a_line_says_so(part: str) -> None:
    nowhere = "http://127.0.0.1:9"
    environment = os.environ | {
        "PIP_AUDIT_VULNERABILITY_SERVICE": "osv",
        "PIP_AUDIT_OSV_URL": nowhere,
        "npm_config_registry": nowhere,
        "npm_config_fetch_retries": "0",
    }
    command = [sys.executable, ROOT / "tests" / "audit.py", part]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert f"audit of {part}: skipped" in done.stdout
