"""Gunicorn with settings of our own: python -m kg.gunicorn_server DIRECTORY HOST PORT WORKERS [WORKSPACE].

planlink serve turns into this: the web server begins in a process that has loaded nothing that must not be loaded before
its workers are forked.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gunicorn.app.base import BaseApplication
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

from kg.query.client import start_pool

_CONNECTIONS = 1000  # that one process keeps open; each is a greenlet, so that a slow client holds up nobody
_GRACE = 30  # seconds that requests under way are given when the server stops
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


class _UnicodeRequest(Request):  # type: ignore[misc]
    """A request whose target may hold raw UTF-8, as people paste IRIs: it is read as if it were percent-encoded."""

    def parse_request_line(self, line_bytes: bytes) -> None:
        method, _, rest = line_bytes.partition(b" ")
        target, space, protocol = rest.rpartition(b" ")
        super().parse_request_line(method + b" " + quote(target, safe=_ASCII).encode() + space + protocol)


class _Server(BaseApplication):  # type: ignore[misc]
    """Runs server.application with settings of our own."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        RequestParser.mesg_class = _UnicodeRequest
        from server import application  # noqa: PLC0415 — each worker loads the application for itself

        return application


def run(directory: Path, host: str, port: int, workers: int, workspace: Path | None = None) -> None:
    """Serve until stopped.

    Args:
        directory: the folder of releases.
        host: the address to listen on.
        port: its port.
        workers: how many processes answer requests.
        workspace: the folder of the dataset that may be written, if there is one.
    """
    sockets = Path(tempfile.mkdtemp(prefix="planlink-"))  # no context: web processes are forked in here, and leave it as well
    counts = sockets / "metrics"
    counts.mkdir()
    os.environ["PLANLINK_SOCKETS"] = str(sockets)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
    pools = [start_pool("follow", directory, sockets)]
    if workspace is not None:
        os.environ["PLANLINK_WORKSPACE"] = str(workspace)
        pools.append(start_pool("dataset", workspace, sockets / "workspace.sock"))
    settings = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gevent",
        "worker_connections": _CONNECTIONS,
        "graceful_timeout": _GRACE,
        "timeout": 120,
        "keepalive": 5,
        "limit_request_line": 8190,
        "http_parser": "python",
        "loglevel": "warning",
        "proc_name": "planlink",
        "child_exit": lambda _, worker: _forget_figures(worker.pid),
        "on_exit": lambda _: _end(pools, sockets),
    }
    _Server(settings).run()


def _forget_figures(pid: int) -> None:
    """Drop what only holds for a web process that has ended."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 — it reads the environment as it is loaded

    mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _end(pools: list[Any], sockets: Path) -> None:
    """Have the query processes end, now that every request has been answered, and take their folder away."""
    for pool in pools:
        pool.stdin.close()
        pool.wait()
    shutil.rmtree(sockets)


def main() -> None:
    """Read the command line, see the module."""
    directory, host, port, workers, *workspace = sys.argv[1:]
    run(Path(directory), host, int(port), int(workers), Path(workspace[0]) if workspace else None)


if __name__ == "__main__":
    main()
