"""Entity pages and light queries while fifty endless queries and queries of 10 MB arrive, beside
the same server when idle.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import psutil
from load import load, running

from kg.settings import Limits
from plans import flagship

PORT = 8468
ADDRESS = f"http://127.0.0.1:{PORT}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAGES = [f"/page/hongqiao-2021/indicator/{i}" for i in range(1, 24)]
BIG = b"#" * 10_000_000


def ask(query: bytes) -> tuple[int, float]:
    request = urllib.request.Request(
        f"{ADDRESS}/sparql", query, {"Content-Type": "application/sparql-query"}
    )
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = 0
    return status, time.perf_counter() - begun


def memory() -> float:
    """Memory of the server and its processes that they share with nobody, in MiB."""
    root = next(
        process
        for process in psutil.process_iter(["cmdline"])
        if {str(PORT), "serve"} <= set(process.info["cmdline"] or ())
    )
    total = 0
    for process in (root, *root.children(recursive=True)):
        try:
            total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total / 1024**2


def main() -> None:
    limits = Limits()
    with tempfile.TemporaryDirectory() as folder:
        flagship(Path(folder) / "release")
        with running(
            [sys.executable, "-m", "kg", "serve", f"{folder}/release", "--port", str(PORT)],
            ADDRESS,
            "/readyz",
        ):
            load(ADDRESS, PAGES, 4, 200, "text/html")
            idle = load(ADDRESS, PAGES, 4, 1000, "text/html")
            before = memory()
            answers: list[tuple[int, float]] = []
            stop = threading.Event()

            def client(query: bytes) -> None:
                while not stop.is_set():
                    answers.append(ask(query))
                    time.sleep(1)  # a refused client comes again after a while

            clients = [
                threading.Thread(target=client, args=(f"{ENDLESS} # {i}".encode(),))
                for i in range(50)
            ]
            clients += [threading.Thread(target=client, args=(BIG,)) for _ in range(2)]
            for one in clients:
                one.start()
            first = [ask(f"ASK {{ ?s ?p ?o }} # first {i}".encode()) for i in range(10)]
            time.sleep(3)
            light = [ask(f"ASK {{ ?s ?p ?o }} # {i}".encode()) for i in range(40)]
            stormy = load(ADDRESS, PAGES, 4, 1000, "text/html")
            during = [memory() - before for _ in range(5)]
            stop.set()
            for one in clients:
                one.join()
    times = sorted(seconds for _, seconds in light)
    print(
        f"light queries while the storm begins: {Counter(s for s, _ in first)}, the longest "
        f"{max(t for _, t in first):.2f} s"
    )
    print(
        f"entity pages, p95: idle {idle.p95:.1f} ms, in the storm {stormy.p95:.1f} ms: "
        f"{stormy.p95 / idle.p95:.1f} times (bound: 3)"
    )
    print(
        f"light queries in the storm: {Counter(s for s, _ in light)}, median {times[20]:.2f} s, "
        f"95 of 100 within {times[37]:.2f} s"
    )
    print(f"answers to the storm: {dict(Counter(status for status, _ in answers))}")
    print(f"longest answer: {max(s for _, s in answers):.1f} s (limit {limits.seconds:g} s + 1 s)")
    print(
        f"memory: {before:.0f} MiB idle, {min(during):.0f} to {max(during):.0f} MiB more in five "
        f"looks in the storm (bound: {limits.total_memory} MiB)"
    )


if __name__ == "__main__":
    main()
