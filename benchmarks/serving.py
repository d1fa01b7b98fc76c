"""Serving the flagship, beside rdflib-endpoint on the same dump: a query of three patterns, and our entity page.

One run, one machine, the two servers one after the other, 8 connections.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from load import Figures, load, running

ROOT = Path(__file__).parent.parent
CONNECTIONS = 8
OURS, PEER = 8461, 8462
JSON = "application/sparql-results+json"
QUERY = """PREFIX plan: <https://w3id.org/planlink/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?m ?measure ?goal { ?m a plan:Measure ; skos:prefLabel ?measure ; plan:supportsGoal ?goal }"""


def told(name: str, figures: Figures) -> None:
    print(
        f"  {name:34} {figures.throughput:8.0f} requests/s   p50 {figures.p50:7.1f} ms   p95 {figures.p95:7.1f} ms   {figures.failed} failed"
    )


def rows(address: str, accept: str) -> int:
    """How many solutions a query's answer holds."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept})) as answer:
        return len(json.load(answer)["results"]["bindings"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "release"
        subprocess.run(
            [sys.executable, "-m", "kg", "publish", ROOT / "plans" / "hongqiao-2021", "--out", out], check=True, capture_output=True
        )
        dump = next((out / "dumps").glob("planlink.nq*"))
        plain = Path(folder) / "planlink.nq"
        plain.write_bytes(gzip.decompress(dump.read_bytes()) if dump.suffix == ".gz" else dump.read_bytes())
        asked = urllib.parse.urlencode({"query": QUERY})
        path, peer_path = f"/sparql?{asked}", f"/?{asked}"
        ours = f"http://127.0.0.1:{OURS}"
        peer = f"http://127.0.0.1:{PEER}"
        with running([sys.executable, "-m", "kg", "serve", str(out), "--port", str(OURS)], ours, "/healthz"):
            page = "/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan"
            expected = rows(ours + path, JSON)
            load(ours, [path, page], CONNECTIONS, 200, JSON)
            repeated = load(ours, [path], CONNECTIONS, 8000, JSON)
            distinct = load(ours, [f"{path}%20%23{i}" for i in range(3000)], CONNECTIONS, 3000, JSON)
            pages = load(ours, [page], CONNECTIONS, 1000, "text/html")
        endpoint = shutil.which("rdflib-endpoint", path=str(Path(sys.executable).parent)) or "rdflib-endpoint"
        with running([endpoint, "serve", str(plain), "--host", "127.0.0.1", "--port", str(PEER)], peer, peer_path):
            assert rows(peer + peer_path, JSON) == expected, "the peer's answer differs"
            load(peer, [peer_path], CONNECTIONS, 20, JSON)
            peer_repeated = load(peer, [peer_path], CONNECTIONS, 400, JSON)
    print(f"{CONNECTIONS} connections, flagship release")
    told("planlink, three patterns, repeated", repeated)
    told("planlink, each query different", distinct)
    told("rdflib-endpoint, three patterns", peer_repeated)
    told("planlink, entity page", pages)
    print(f"  planlink answers {repeated.throughput / peer_repeated.throughput:.0f} times as many (bound: 20);", end=" ")
    print(f"{distinct.throughput / peer_repeated.throughput:.0f} times when no query comes twice, so that nothing is kept")


if __name__ == "__main__":
    main()
