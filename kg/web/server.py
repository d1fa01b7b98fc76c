"""The web server: granian, a stock one, runs the Flask application in its processes and threads,
and `planlink serve` keeps it, see kg.sparql.supervisor.

python -m kg.web.server takes the arguments of serve(), pickled, on standard input."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import select
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kg.errors import PlanlinkError
from kg.settings import Settings
from kg.sparql.processes import BEATS, beat_in_thread, end_with_parent

if TYPE_CHECKING:
    from flask import Flask

# Seconds beyond a query's limit that requests under way are given when the server stops: those of
# a process that hangs as well, so that a service manager's patience is enough.
GRACE = 5.0
NOT_MADE = "not-made"  # in the runtime folder: why the application could not be made
_UNTIL_ENDED = 5.0  # seconds that a process which cannot serve waits to be ended
_UNTIL_REPLACED = 60.0  # seconds that the next server has to answer beside this one's processes
_HEAD_SECONDS = 20  # within which a request's head must have come, and an idle connection asks anew
_CONNECTIONS = 4096  # that one process keeps: clients that are slow or idle take no thread
_WAITING = 1024  # connections that wait to be accepted


def serve(out: Path, runtime: Path, host: str, port: int, settings: Settings) -> None:
    """Serve a folder of releases until stopped, under the supervisor of a runtime folder."""
    end_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    multiprocessing.set_start_method("spawn")  # granian has threads: to fork beside is not safe
    beat_in_thread(runtime / BEATS)
    # Only here, so that planlink serve, which names this service, stays small.
    from granian import Granian  # noqa: PLC0415
    from granian.constants import HTTPModes, Interfaces, Loops  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    server = Granian(
        "kg.web.application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.server.workers,
        blocking_threads=settings.server.threads,
        backpressure=_CONNECTIONS,
        backlog=_WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_SECONDS * 1000),
        websockets=False,
        http=HTTPModes.http1,
        loop=Loops.asyncio,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.limits.seconds + GRACE),
    )
    made = partial(_application, out, runtime, settings, os.getppid())
    try:
        server.serve(target_loader=made, wrap_loader=False)
    except Exception as error:
        _not_made(runtime, error)


def _application(out: Path, runtime: Path, settings: Settings, keeper: int) -> Flask:
    """What each web process serves, made in it; keeper: the process that ends when all do."""
    _outlive_parent(keeper)
    beat_in_thread(runtime / BEATS)
    gc.disable()  # what modules make is kept: to look for what is not takes a tenth of their time
    try:
        from kg.web.application import create_app  # noqa: PLC0415

        application = create_app(out, settings, runtime)
    except Exception as error:
        _not_made(runtime, error)
    gc.freeze()  # no collection looks at all that was loaded, as the last one would at the end
    gc.enable()
    return application


def _outlive_parent(keeper: int) -> None:
    """Go on while another server takes the parent's place on the same port; end with the keeper."""
    lives = [os.pidfd_open(process) for process in (os.getppid(), keeper)]

    def wait() -> None:
        select.select(lives, [], [])  # readable when it has ended (pidfd_open(2))
        select.select(lives[1:], [], [], _UNTIL_REPLACED)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="outlive").start()


def _not_made(runtime: Path, error: Exception) -> NoReturn:
    """Tell `planlink serve` why nothing can be served, and wait for it to end this process. Where
    others serve already, this one ends by itself and is replaced."""
    fault = str(error) if isinstance(error, PlanlinkError) else repr(error)
    note = runtime / f"{NOT_MADE}-{os.getpid()}"
    note.write_text(" ".join(fault.split()), encoding="utf-8")
    note.replace(runtime / NOT_MADE)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.sleep(_UNTIL_ENDED)
    os._exit(1)


if __name__ == "__main__":
    serve(*pickle.load(sys.stdin.buffer))
