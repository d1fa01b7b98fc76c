"""Starting the query processes (python -m kg.sparql.serve), and where they are found."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from ctypes.util import find_library
from pathlib import Path


def start_pool(what: str, folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """Start the query processes (python -m kg.sparql.serve); they end with this process.

    They allocate memory by jemalloc where the system has it: most queries then take a third to two
        thirds of the time.
    """
    environment = dict(os.environ)
    if "LD_PRELOAD" not in environment and (allocator := find_library("jemalloc")):
        environment["LD_PRELOAD"] = allocator
        environment.setdefault(
            "MALLOC_CONF", "thp:always"
        )  # large pages: a fifth of the time to fork beside a large release
    command = [sys.executable, "-m", "kg.sparql.serve", what, str(folder), str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)


def sockets_for(out: Path) -> Path:
    """The folder of the sockets for a folder of releases: the one that the server has made, else
    one with processes of our own."""
    if given := os.environ.get("PLANLINK_SOCKETS"):
        return Path(given)
    folder = tempfile.TemporaryDirectory(prefix="planlink-")
    process = start_pool("follow", out, Path(folder.name))

    def stop() -> None:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        folder.cleanup()

    atexit.register(stop)
    return Path(folder.name)
