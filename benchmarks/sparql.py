"""The SPARQL endpoint beside its peers on the same data: thirteen queries at 1, 8 and 32
connections.

It is asked directly and, where nginx is installed, through nginx with connections that are kept.
Peers: `oxigraph serve` on disk and in memory, rdflib-endpoint (flagship only), Virtuoso 7. All run
at once, and each query goes to one after the other, so that what else the machine does meets all
alike. Load comes from wrk (Debian package), each request another query text, so that no server
answers twice from memory; "repeated" asks ours the same again.

    python benchmarks/sparql.py [PLANS… [--seconds N] [--connections N…]]

1 and 100 plans, 2 seconds and 1, 8 and 32 connections unless given.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from load import Figures, running

from kg.rdf.namespaces import PREFIXES
from plans import flagship, many, slug

PORT = 8470
JSON_OR_TURTLE = "application/sparql-results+json, application/n-triples;q=0.9"
LUA = """
local count, repeated = 0, {repeated}
local paths = {{ {paths} }}
local agents = {{
  "curl/8.14", "Mozilla/5.0 (X11; Linux x86_64)", "python-requests/2.32", "Apache-Jena-ARQ/5"
}}
request = function()
  count = count + 1
  local path = paths[count % #paths + 1]
  if not repeated then path = path:gsub("query=", "query=%%23{salt}-" .. count .. "%%0A", 1) end
  local agent = agents[count % #agents + 1]
  return wrk.format("GET", path, {{ ["Accept"] = "{accept}", ["User-Agent"] = agent }})
end
done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.timeout
  io.write(string.format("RESULT %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, failed))
end
"""
_FEW, _LONGEST = 40, 5  # requests and seconds
VIRTUOSO = Path(__file__).parent.parent / "tests" / "protocol" / "virtuoso.ini"

Serve = Callable[
    [Path, Path, Path, int], AbstractContextManager[str]
]  # of releases, dump, folder and port: the query address


def queries(plans: int) -> dict[str, list[str]]:
    """The queries by name, each for every plan; where there are many, also "<name>, all": what asks
    about one, of all together.
    """
    listed = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))[
        "query"
    ]
    prefixes = "".join(
        f"PREFIX {name}: <{iri}> "
        for name, iri in PREFIXES.items()
        if name in ("plan", "skos", "prov")
    )
    asked = {
        name: [prefixes + _about(text, slug(i)) for i in range(plans)]
        for name, text in listed.items()
    }
    if plans > 1:
        asked |= {
            f"{name}, all": [prefixes + text.replace("{graph}", "")]
            for name, text in listed.items()
            if "{graph}" in text
        }
    return asked


def _about(text: str, plan: str) -> str:
    return text.replace(
        "{graph}", "GRAPH <http://localhost:8000/id/{plan}/graph/document>"
    ).replace("{plan}", plan)


def wrk(
    address: str, texts: list[str], connections: int, seconds: int, repeated: bool = False
) -> Figures:
    """What requests over so many seconds measure; over five times as many where answers are
    slow.
    """
    parts = urllib.parse.urlsplit(address)
    extra = f"&{parts.query}" if parts.query else ""
    paths = ", ".join(
        f'"{parts.path}?query={urllib.parse.quote(text, safe="")}{extra}"' for text in texts
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        filled = {"repeated": str(repeated).lower(), "paths": paths, "accept": JSON_OR_TURTLE}
        script.write(LUA.format(salt=time.time_ns(), **filled))
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            script.name,
        ]
        command.append(f"{parts.scheme}://{parts.netloc}")
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    throughput, p50, p95, failed = re.findall(r"RESULT (\S+) (\S+) (\S+) (\d+)", printed)[0]
    if float(throughput) * seconds < _FEW and seconds < _LONGEST:
        return wrk(address, texts, connections, 5 * seconds, repeated)
    return Figures(float(throughput), float(p50), float(p95), int(failed))


@contextlib.contextmanager
def ours(out: Path, _: Path, __: Path, port: int) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "kg",
        "serve",
        str(out),
        "--port",
        str(port),
        "--rate",
        "1000000/second",
    ]
    with running(command, address, "/readyz"):
        yield f"{address}/sparql"


NGINX = """
daemon off; pid {folder}/nginx.pid; error_log stderr crit; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream planlink {{ server 127.0.0.1:{behind}; keepalive 32; }}
  server {{
    listen 127.0.0.1:{port}; keepalive_requests 1000000;
    location / {{
      proxy_pass http://planlink; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }}
  }}
}}
"""


def behind_nginx(behind: int) -> Serve:
    """planlink's own server, which listens at a port, behind nginx with connections that are
    kept.
    """

    @contextlib.contextmanager
    def serve(_: Path, __: Path, folder: Path, port: int) -> Iterator[str]:
        place = folder / "nginx"
        place.mkdir()
        (place / "nginx.conf").write_text(
            NGINX.format(folder=place, behind=behind, port=port), encoding="utf-8"
        )
        address = f"http://127.0.0.1:{port}"
        with running(["nginx", "-c", str(place / "nginx.conf")], address, "/readyz"):
            yield f"{address}/sparql"

    return serve


def oxigraph(on_disk: bool) -> Serve:
    @contextlib.contextmanager
    def serve(_: Path, dump: Path, folder: Path, port: int) -> Iterator[str]:
        program, place = str(Path(sys.executable).parent / "oxigraph"), folder / "oxigraph"
        if on_disk:
            subprocess.run(
                [program, "load", "--location", place, "--file", dump],
                check=True,
                capture_output=True,
            )
        address = f"http://127.0.0.1:{port}"
        with running(
            [
                program,
                "serve",
                *(["--location", str(place)] if on_disk else []),
                "--bind",
                f"127.0.0.1:{port}",
            ],
            address,
            "/",
        ):
            if not on_disk:
                request = urllib.request.Request(
                    f"{address}/store", dump.read_bytes(), {"Content-Type": "application/n-quads"}
                )
                urllib.request.urlopen(request).close()
            yield f"{address}/query?union-default-graph"

    return serve


@contextlib.contextmanager
def rdflib_endpoint(_: Path, dump: Path, __: Path, port: int) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    program = str(Path(sys.executable).parent / "rdflib-endpoint")
    with running(
        [program, "serve", str(dump), "--host", "127.0.0.1", "--port", str(port)],
        address,
        "/?query=ASK%20%7B%7D",
    ):
        yield f"{address}/"


@contextlib.contextmanager
def virtuoso(_: Path, dump: Path, folder: Path, port: int) -> Iterator[str]:
    place, sql = folder / "virtuoso", port + 100
    place.mkdir()
    (place / "virtuoso.ini").write_text(
        VIRTUOSO.read_text(encoding="utf-8").format(
            sql=sql, http=port, buffers=170_000, threads=40, parallel=os.cpu_count(), seconds=8
        ),
        encoding="utf-8",
    )
    address = f"http://127.0.0.1:{port}"
    with running(
        ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], address, "/sparql", place
    ):
        load = f"ld_dir('{dump.parent}', '{dump.name}', 'urn:none'); rdf_loader_run(); checkpoint;"
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"],
            check=True,
            capture_output=True,
        )
        yield f"{address}/sparql"
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "exec=shutdown;"],
            check=False,
            capture_output=True,
        )
        time.sleep(2)


def compare(plans: int, seconds: int, levels: list[int]) -> None:
    servers: dict[str, Serve] = {
        "planlink": ours,
        **({"planlink, nginx": behind_nginx(PORT)} if shutil.which("nginx") else {}),
        "oxigraph, disk": oxigraph(True),
        "oxigraph, memory": oxigraph(False),
        **({"virtuoso": virtuoso} if shutil.which("virtuoso-t") else {}),
        **({"rdflib-endpoint": rdflib_endpoint} if plans == 1 else {}),
    }
    asked = queries(plans)
    found: dict[tuple[str, str, int], Figures] = {}
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as running_servers:
        folder = Path(name)
        packed = flagship(folder / "out")
        dump = folder / "dump.nq"
        if plans > 1:
            many(folder / "out", plans)
            import pyoxigraph as ox  # noqa: PLC0415 — only here

            ox.serialize(
                ox.Store.read_only(str(folder / "out" / "current" / "store")),
                str(dump),
                format=ox.RdfFormat.N_QUADS,
            )
        else:
            dump.write_bytes(
                gzip.decompress(packed.read_bytes())
                if packed.suffix == ".gz"
                else packed.read_bytes()
            )
        addresses = {
            server: running_servers.enter_context(serve(folder / "out", dump, folder, PORT + i))
            for i, (server, serve) in enumerate(servers.items())
        }
        for connections in levels:
            for query, texts in asked.items():
                for server, address in addresses.items():
                    wrk(address, texts[:1], connections, 1)
                    found[server, query, connections] = wrk(address, texts, connections, seconds)
                    if server == "planlink":
                        found["planlink, repeated", query, connections] = wrk(
                            address, texts, connections, seconds, repeated=True
                        )
    report(plans, list(asked), levels, found)


def report(
    plans: int, names: list[str], levels: list[int], found: dict[tuple[str, str, int], Figures]
) -> None:
    servers = list(dict.fromkeys(server for server, _, _ in found))
    on_one = [name for name in names if not name.endswith(", all")]
    scopes = {"": on_one}
    if len(on_one) < len(names):
        scopes = {
            " on one plan": on_one,
            " on all plans": [
                f"{name}, all" if f"{name}, all" in names else name for name in on_one
            ],
        }
    for connections in levels:
        print(f"\n{plans} plan(s), {connections} connections: requests/s (p50 / p95 in ms)")
        print(f"{'':16}" + "".join(f"{s:>26}" for s in servers))
        for name in names:
            row = [found.get((s, name, connections)) for s in servers]
            cells = [
                f"{f.throughput:.1f} ({f.p50:.1f} / "
                f"{f.p95:.1f}){f' {f.failed}!' if f.failed else ''}"
                if f
                else ""
                for f in row
            ]
            print(f"{name:16}" + "".join(f"{c:>26}" for c in cells))
        for scope, scoped in scopes.items():
            for ours_ in [one for one in servers if one.startswith("planlink")]:
                ratios = []
                for peer in [one for one in servers if one not in (ours_, "planlink, repeated")]:
                    pairs = {
                        n: (
                            found[ours_, n, connections].throughput,
                            found[peer, n, connections].throughput,
                        )
                        for n in scoped
                    }
                    answered = [n for n, (_, theirs) in pairs.items() if theirs]
                    mean = math.exp(
                        sum(math.log(pairs[n][0] / pairs[n][1]) for n in answered) / len(answered)
                    )
                    unanswered = "".join(
                        f", but for {n}, which it did not answer in time"
                        for n in scoped
                        if n not in answered
                    )
                    ratios.append(f"{mean:.2f} × {peer}{unanswered}")
                print(f"  {ours_}{scope}, geometric mean: " + "; ".join(ratios), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("plans", nargs="*", type=int, default=[1, 100])
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 8, 32])
    given = parser.parse_args()
    for size in given.plans:
        compare(size, given.seconds, given.connections)
