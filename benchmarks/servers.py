"""The same Flask application on three stock WSGI servers: granian (as planlink serve has it),
gunicorn and waitress.

Two processes with 128 threads each, but for waitress, which has one process. Load comes from wrk
(Debian package), 8 connections that are kept; new queries differ in a comment.

    python benchmarks/servers.py    needs pip install gunicorn waitress
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from load import running
from sparql import queries, wrk

from plans import flagship

PORT = 8490
BIN = Path(sys.executable).parent
PAGE = "/page/hongqiao-2021/indicator/8"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        flagship(out)
        os.environ["PLANLINK_RELEASE"] = str(out)
        os.environ["PLANLINK_RATE"] = "1000000/second"
        where = {
            "granian": [sys.executable, "-m", "kg", "serve", str(out), "--port", str(PORT)],
            "gunicorn": [
                str(BIN / "gunicorn"),
                "--workers",
                "2",
                "--threads",
                "64",
                "--bind",
                f"127.0.0.1:{PORT}",
                "server:application",
            ],
            "waitress": [
                str(BIN / "waitress-serve"),
                "--threads",
                "64",
                "--listen",
                f"127.0.0.1:{PORT}",
                "server:application",
            ],
        }
        lookup = queries(1)[next(iter(queries(1)))]
        print(f"{'requests/s (p50 / p95 in ms)':30}{'new query':>24}{'repeated':>24}{'page':>24}")
        for server, command in where.items():
            address = f"http://127.0.0.1:{PORT}"
            with running(command, address, "/readyz"):
                wrk(f"{address}/sparql", lookup, 8, 2)
                figures = [
                    wrk(f"{address}/sparql", lookup, 8, 4),
                    wrk(f"{address}/sparql", lookup, 8, 4, repeated=True),
                    wrk(f"{address}{PAGE}", ["x"], 8, 4, repeated=True),
                ]
            cells = [f"{f.throughput:.0f} ({f.p50:.1f} / {f.p95:.1f})" for f in figures]
            print(f"{server:30}" + "".join(f"{cell:>24}" for cell in cells), flush=True)
            time.sleep(2)


if __name__ == "__main__":
    main()
