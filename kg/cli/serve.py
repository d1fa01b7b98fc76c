"""planlink serve: checks what it is told, then turns into the server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from limits import parse as parse_rate

from kg.cli.output import RELEASE
from kg.errors import PlanlinkError
from kg.listener import Listener
from kg.release.manifest import current
from kg.sparql.request import Limits


@click.command(name="serve")
@click.argument(
    "directory", required=False, type=click.Path(path_type=Path), default=RELEASE, metavar="[DIR]"
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web server processes.",
)
@click.option(
    "--plans",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of plans' folders: the review page writes there.",
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of a dataset that may be written.",
)
@click.option(
    "--rate",
    metavar="N/UNIT",
    help="Requests for data that one address may send: 5000/second unless given.",
)
@click.option(
    "--log", is_flag=True, help="Log each request to standard error, a JSON object a line."
)
def serve_command(
    directory: Path,
    host: str,
    port: int,
    workers: int,
    plans: Path | None,
    workspace: Path | None,
    rate: str | None,
    log: bool,
) -> None:
    """Serve a release on a production web server (Uvicorn).

    Limits on queries are set by the environment: PLANLINK_QUERY_SECONDS, PLANLINK_QUERY_MEMORY and
        PLANLINK_QUERY_RESULT
    (MiB), PLANLINK_QUERY_HEAVY (long queries that run at a time), PLANLINK_QUERY_HELD (those held,
    running or paused) and PLANLINK_QUERY_WAITING (queries that wait for a process).

    With --plans and the environment variable PLANLINK_TOKEN, /review/<plan> lets who has the token
    decide doubts. With --workspace and PLANLINK_TOKEN, /workspace/sparql and /workspace/graphs are
    a dataset that who has the token may write.
    """
    current(directory)
    Limits.from_environment(os.environ)
    for option, given in (("--plans", plans), ("--workspace", workspace)):
        if given is not None and not os.environ.get("PLANLINK_TOKEN"):
            raise PlanlinkError(
                "PLANLINK_TOKEN is not set",
                option,
                "set it to a secret that those who write will give",
            )
    if plans is not None:
        os.environ["PLANLINK_PLANS"] = str(plans)
    if rate is not None:
        os.environ["PLANLINK_RATE"] = _checked_rate(rate)
    if log:
        os.environ["PLANLINK_LOG"] = "1"
    _check_port(host, port)
    os.environ["PLANLINK_RELEASE"] = str(directory)
    click.echo(f"planlink: serving {directory} at http://{host}:{port}", err=True)
    arguments = [
        str(directory),
        host,
        str(port),
        str(workers),
        *([str(workspace)] if workspace else []),
    ]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "kg.http_server", *arguments])


def _checked_rate(rate: str) -> str:
    try:
        parse_rate(rate)
    except ValueError as error:
        raise PlanlinkError(
            f"{rate!r} is no rate", "--rate", "give one such as 5000/second or 100/minute"
        ) from error
    return rate


def _check_port(host: str, port: int) -> None:
    try:
        Listener.bound(host, port, shared=False).close()
    except OSError as error:
        raise PlanlinkError(
            f"the address cannot be bound ({error.strerror or error})",
            f"{host}:{port}",
            "choose another with --port or --host",
        ) from error
