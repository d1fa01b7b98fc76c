"""A bounded load on one address: so many requests over so many connections, and how long each
took.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import statistics
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """What a load measured: requests a second, median and 95th percentile in milliseconds, and
    failures.
    """

    throughput: float
    p50: float
    p95: float
    failed: int


def load(address: str, paths: list[str], connections: int, requests: int, accept: str) -> Figures:
    """Send requests over keep-alive connections, each taking the next path in turn."""
    parts = urllib.parse.urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    times: list[float] = []
    failed: list[bytes] = []

    def client(first: int) -> None:
        with socket.create_connection((host, port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(first, requests, connections):
                begun = time.perf_counter()
                connection.sendall(
                    (
                        f"GET {paths[i % len(paths)]} HTTP/1.1\r\n"
                        f"Host: {host}:{port}\r\nAccept: {accept}\r\n\r\n"
                    ).encode()
                )
                status = _read_answer(connection)
                times.append(time.perf_counter() - begun)
                if status != b"200":
                    failed.append(status)

    begun = time.perf_counter()
    threads = [threading.Thread(target=client, args=(i,)) for i in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    times.sort()
    return Figures(
        len(times) / took,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.95)] * 1000,
        len(failed),
    )


def _read_answer(connection: socket.socket) -> bytes:
    """Read one answer whole, which must say its length; return its status."""
    received = connection.recv(1 << 20)
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += connection.recv(1 << 20)
    length = re.search(rb"(?i)content-length: *(\d+)", received[:end])
    assert length, "the answer does not say its length"
    missing = int(length[1]) - (len(received) - end - 4)
    while missing > 0:
        missing -= len(connection.recv(1 << 20))
    return received[9:12]


@contextlib.contextmanager
def running(
    command: list[str], address: str, ready: str, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process in a folder, from when it answers at a path until the block ends."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address):
        raise SystemExit(f"another server answers at {address}: end it first")
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ, cwd=folder
    )
    try:
        for _ in range(3000):
            with contextlib.suppress(OSError), urllib.request.urlopen(address + ready):
                break
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} does not answer at {address}")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)
