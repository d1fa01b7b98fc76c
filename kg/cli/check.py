"""planlink check: whether a folder of releases is whole."""

from pathlib import Path

import click

from kg.cli.output import as_json, counted, json_option, release_folder
from kg.errors import SeveralErrors
from kg.release.check import faults
from kg.release.manifest import numbers


@click.command(name="check")
@release_folder
@json_option
@click.pass_context
def check_command(context: click.Context, directory: Path, form: str) -> None:
    """Check that every release is as it was published: files, stores, counts and history.

    Says each fault with how to mend it; exit 2 where there is any.
    """
    found, there = faults(directory), numbers(directory)
    if form == "json":
        rows = [{"where": one.where, "what": one.what, "mend": one.mend} for one in found]
        click.echo(as_json({"releases": there, "faults": rows}))
        context.exit(2 if found else 0)
    if found:
        raise SeveralErrors(found)
    click.echo(f"{directory}: {counted(len(there), 'release')}, each as it was published")
