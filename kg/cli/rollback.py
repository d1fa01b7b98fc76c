"""planlink rollback: an older release as the current one again."""

from pathlib import Path

import click

from kg.cli.output import release_folder
from kg.cli.store import store_options, where
from kg.release.folder import roll_back


@click.command(name="rollback")
@click.argument("number", type=click.IntRange(1), metavar="N", help="N is the release's number.")
@release_folder
@store_options
def rollback_command(
    number: int, directory: Path, store: str | None, update: str | None, graph_store: str | None
) -> None:
    """Make release N the current one again.

    Releases after it stay in the folder. What only they had answers 410, and the next publish,
    which gets the number after theirs, says what of it was withdrawn.
    """
    out, engine = where(directory, store, update, graph_store)
    manifest = roll_back(out, number, engine)
    click.echo(f"release {number} in {out} is the current one: {manifest.triples} triples")
