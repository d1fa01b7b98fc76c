"""Gunicorn, run from planlink's own command line."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

_THREADS = 8
_GRACE = 30  # seconds that requests under way are given when the server stops


class _Server(BaseApplication):  # type: ignore[misc]
    """Runs server.application with settings of our own."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from server import application  # noqa: PLC0415 — each worker loads the application for itself

        return application


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped.

    Args:
        host: the address to listen on.
        port: its port.
        workers: how many processes answer requests.
    """
    settings = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": _THREADS,
        "graceful_timeout": _GRACE,
        "timeout": 120,
        "keepalive": 5,
        "limit_request_line": 8190,
        "loglevel": "warning",
        "proc_name": "planlink",
    }
    _Server(settings).run()
