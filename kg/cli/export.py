"""planlink export: everything released, in one RDF format."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.output import RELEASE
from kg.errors import PlanlinkError
from kg.files import write_durably
from kg.rdf.quads import FORMATS, in_order, read_quads, serialize
from kg.release.manifest import current


@click.command(name="export")
@click.argument(
    "directory", required=False, type=click.Path(path_type=Path), default=RELEASE, metavar="[DIR]"
)
@click.option(
    "--format", "form", type=click.Choice(sorted(FORMATS)), default="nquads", show_default=True
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="File to write; standard output otherwise."
)
def export_command(directory: Path, form: str, output: Path | None) -> None:
    """Write everything released in one RDF format."""
    folder = current(directory)
    dump = next((p for p in sorted((folder / "dumps").glob("planlink.nq*"))), None)
    if dump is None:
        raise PlanlinkError("the release has no dump", str(folder), "publish it again")
    content = serialize(in_order(read_quads(dump)), FORMATS[form])
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_durably(output, content)
