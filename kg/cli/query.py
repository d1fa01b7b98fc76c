"""planlink query: a query on the released store, without a server."""

from __future__ import annotations

from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.cli.output import RELEASE
from kg.errors import PlanlinkError
from kg.release.manifest import current
from kg.release.store import open_store
from kg.sparql.reader import Results, evaluate


@click.command(name="query")
@click.argument("arguments", nargs=-1, required=True, metavar="[DIR] 'SELECT …' | FILE")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
def query_command(arguments: tuple[str, ...], form: str) -> None:
    """Query the released store."""
    if len(arguments) > 2:
        raise PlanlinkError(
            f"{len(arguments)} arguments given",
            "query",
            "give a query or a file of one, with the release's folder before it if need be",
        )
    directory, query = (
        (Path(arguments[0]), arguments[1]) if len(arguments) > 1 else (RELEASE, arguments[0])
    )
    file = Path(query) if len(query) < 256 and "{" not in query else None
    if file is not None and not file.is_file():
        raise PlanlinkError(
            "there is neither such a file nor a query in these words",
            query,
            "give a file that exists, or a query such as 'SELECT * { ?s ?p ?o } LIMIT 10'",
        )
    text = file.read_text(encoding="utf-8") if file is not None else query
    store = open_store(current(directory) / "store")
    _print_result(evaluate(store, text, str(file or "query")), form)


def _print_result(result: Results, form: str) -> None:
    if isinstance(result, ox.QueryTriples):
        click.echo((ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"").decode(), nl=False)
        return
    formats = {"csv": ox.QueryResultsFormat.CSV, "json": ox.QueryResultsFormat.JSON}
    if form in formats:
        click.echo((result.serialize(format=formats[form]) or b"").decode().rstrip("\r\n"))
        return
    if isinstance(result, ox.QueryBoolean):
        click.echo("true" if result else "false")
        return
    names = [v.value for v in result.variables]
    table = Table(*names)
    rows = 0
    for solution in result:
        table.add_row(*(getattr(solution[name], "value", "") for name in names))
        rows += 1
    Console().print(table)
    click.echo(f"{rows} rows")
