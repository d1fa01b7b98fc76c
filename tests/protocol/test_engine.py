"""Loading another engine: Oxigraph's own server, started on loopback."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import FLAGSHIP, free_port, run


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "oxigraph"),
        "serve",
        "--location",
        str(tmp_path / "engine"),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(address):
            break
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(timeout=20)


def test_publish_loads_an_engine(engine: str, tmp_path: Path) -> None:
    done = run("publish", FLAGSHIP, "--out", tmp_path / "out", "--store", f"{engine}/store")
    assert done.returncode == 0, done.stderr
    graphs = json.loads((tmp_path / "out" / "current" / "manifest.json").read_text())["graphs"]
    name = "http://localhost:8000/id/hongqiao-2021/graph/document"
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    address = f"{engine}/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"})) as answer:
        count = json.load(answer)["results"]["bindings"][0]["n"]["value"]
    assert int(count) == graphs[name]


def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    done = run("publish", FLAGSHIP, "--out", tmp_path / "out", "--store", f"http://127.0.0.1:{free_port()}/store")
    assert done.returncode == 2
    assert "could not be put" in done.stderr.splitlines()[-1]
