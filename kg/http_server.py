"""Uvicorn with settings of our own: python -m kg.http_server DIRECTORY HOST PORT WORKERS
[WORKSPACE].

planlink serve turns into this. Plain queries are answered in each process's loop, everything else
by the WSGI application.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from kg.listener import Listener
from kg.sparql.pool import die_with_parent
from kg.sparql.processes import start_pool
from kg.web.connection import Connection
from kg.web.rates import make_counts

if TYPE_CHECKING:
    from kg.web.front import Front

_GRACE = 30  # seconds that requests under way are given when the server stops
_HUNG = 60  # seconds after which a process that does not answer is replaced
# seconds that a thread works while others wait: pages are worked out in threads, queries answered
# in one of them
_TURN = 0.001


def application() -> Front:
    """What each web process serves."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
    sys.setswitchinterval(_TURN)
    from kg.web.front import Front  # noqa: PLC0415 — each process loads the application for itself
    from server import application as framework  # noqa: PLC0415

    return Front(framework)


def run(directory: Path, host: str, port: int, workers: int, workspace: Path | None = None) -> None:
    """Serve until stopped.

    Args:
        directory: the folder of releases.
        host: the address to listen on.
        port: its port.
        workers: how many processes answer requests.
        workspace: the folder of the dataset that may be written, if there is one.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each connection is an open file
    with tempfile.TemporaryDirectory(prefix="planlink-") as folder:
        sockets = Path(folder)
        counts = sockets / "metrics"
        counts.mkdir()
        make_counts(sockets)
        os.environ["PLANLINK_SOCKETS"] = str(sockets)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
        pools = [start_pool("follow", directory, sockets)]
        if workspace is not None:
            os.environ["PLANLINK_WORKSPACE"] = str(workspace)
            pools.append(start_pool("dataset", workspace, sockets / "workspace.sock"))
        settings = Config(
            "kg.http_server:application",
            factory=True,
            workers=workers,
            loop="uvloop",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            timeout_worker_healthcheck=_HUNG,
        )
        Multiprocess(settings, sockets=[Listener.bound(host, port)]).run()
        for pool in pools:  # every request has been answered
            assert pool.stdin is not None
            pool.stdin.close()
            pool.wait()


def main() -> None:
    """Read the command line, see the module."""
    directory, host, port, workers, *workspace = sys.argv[1:]
    run(Path(directory), host, int(port), int(workers), Path(workspace[0]) if workspace else None)


if __name__ == "__main__":
    main()
