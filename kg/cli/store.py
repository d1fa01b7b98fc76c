"""The options that say where releases are: a folder, and another engine that holds them too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kg.errors import PlanlinkError
from kg.release.engine import Engine

_OPTIONS = (
    click.option(
        "--store",
        metavar="DIR|URL",
        help="Folder of releases, as --out, or the query address of another SPARQL 1.1 engine.",
    ),
    click.option("--update", metavar="URL", help="Update address of that engine."),
    click.option(
        "--graph-store",
        metavar="URL",
        help="Graph Store address of that engine: graphs are then loaded whole, not by updates.",
    ),
)


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with --store, --update and --graph-store."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def where(
    out: Path, store: str | None, update: str | None, graph_store: str | None
) -> tuple[Path, Engine | None]:
    """The folder of releases, and the engine that is to hold them as well."""
    if store is None or not store.startswith(("http://", "https://")):
        for option, given in (("--update", update), ("--graph-store", graph_store)):
            if given is not None:
                raise PlanlinkError.of("engine_missing", given, option)
        return (Path(store) if store else out), None
    if update is None:
        raise PlanlinkError.of("update_missing", store)
    return out, Engine(store, update, graph_store)
