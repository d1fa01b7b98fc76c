"""planlink serve: query pools and a web server on a folder of releases."""

import os
import resource
import signal
import socket
import time
import urllib.request
from contextlib import closing, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import click

from kg.cli.output import PATH, release_folder
from kg.errors import PlanlinkError
from kg.release.current import current
from kg.release.manifest import read_manifest
from kg.settings import Server, Settings
from kg.settings.loading import load_settings, parse_rate, require_plans
from kg.sparql.processes import LOOK, PYTHON, started
from kg.sparql.supervisor import Supervisor, runtime_folder
from kg.web.server import GRACE, NOT_MADE

for _needed in ("flask", "granian"):  # the children load them; to load them here takes a second
    if find_spec(_needed) is None:
        raise ModuleNotFoundError(name=_needed)

_OPEN_FILES = 256  # of a process: connections, and what the store keeps open
_PATIENCE = 5.0  # seconds that the web server has to say that it is ready; then it is asked again
# glibc keeps what large answers took in an arena for each thread; web processes grew by 100 MiB
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072"}


def _checked_rate(_: click.Context, option: click.Parameter, rate: str | None) -> str | None:
    """A rate that is one; PlanlinkError for any other."""
    try:
        parse_rate(Server.rate if rate is None else rate)
    except ValueError as error:
        raise PlanlinkError.of("setting_rate", option.opts[0], "", "", rate) from error
    return rate


@click.command(name="serve")
@release_folder
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1, 64), help="Web server processes.")
@click.option("--site", type=PATH, help="Settings: site.toml.")
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
    callback=_checked_rate,
    help="Requests for data that one address may send.",
)
@click.option("--log", is_flag=True, help="Log each request to standard error, as JSON.")
def serve_command(
    directory: Path,
    host: str,
    port: int,
    workers: int | None,
    site: Path | None,
    plans: Path | None,
    workspace: Path | None,
    rate: str | None,
    log: bool,
) -> None:
    """Serve a release on a production web server (granian).

    Settings are those of site.toml (--site, or PLANLINK_SITE), of environment variables over them,
    and of these options over both: see docs/reference/configuration.md.

    With --plans and PLANLINK_TOKEN or PLANLINK_TOKEN_FILE, /review/<plan> lets holders of tokens
    decide doubtful points. With --workspace and one of them, /workspace/sparql and
    /workspace/graphs serve a dataset that holders of tokens may write.
    """
    read_manifest(current(directory))  # what is wrong with it is told before any process starts
    settings = load_settings(site).with_values(
        "server", workers=workers, plans=plans, workspace=workspace, rate=rate, log=log or None
    )
    require_plans(settings)
    for option, given in (("--plans", plans), ("--workspace", workspace)):
        if given is not None and not settings.server.tokens:
            raise PlanlinkError.of("token_missing", option)
    _check_port(host, port)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= most < _OPEN_FILES:
        raise PlanlinkError.of("open_files", "ulimit -n", most, _OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each connection is an open file
    with runtime_folder() as runtime:
        _serve(directory.absolute(), runtime, host, port, settings)


def _serve(directory: Path, runtime: Path, host: str, port: int, settings: Settings) -> None:
    """Supervise the children until a signal to stop."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopping.append(number))
    counts = runtime / "metrics"
    counts.mkdir()
    environment = _FEW_ARENAS | os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    served = (directory, runtime, host, port, settings)
    web = partial(started, [*PYTHON, "kg.web.server"], served, env=environment)
    grace = settings.limits.seconds + 2 * GRACE
    workspace, limits = settings.server.workspace, settings.limits
    with closing(Supervisor(directory, runtime, limits, workspace, web, grace)) as keeper:
        announced = False
        while not stopping:
            keeper.look()
            if not announced and (note := runtime / NOT_MADE).exists():
                fault = note.read_text(encoding="utf-8")
                raise PlanlinkError.of("pages_not_made", directory, fault)
            if not announced and (ready := _ready(host, port)):
                announced = True
                click.echo(f"planlink: serving {directory} at http://{host}:{port}", err=True)
                if "; " in ready:
                    click.echo(f"planlink: {ready.partition('; ')[2]}", err=True)
            time.sleep(LOOK)


def _ready(host: str, port: int) -> str:
    """What the server says of itself when it answers queries, "" until then."""
    shown = f"[{host}]" if ":" in host else host
    address = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(shown, shown)
    with (
        suppress(OSError),
        urllib.request.urlopen(f"http://{address}:{port}/readyz", timeout=_PATIENCE) as answer,
    ):
        return str(answer.read().decode()).strip()
    return ""


def _check_port(host: str, port: int) -> None:
    """Raise PlanlinkError where the address cannot be bound."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PlanlinkError.of("port_taken", f"{host}:{port}", error.strerror or error) from error
