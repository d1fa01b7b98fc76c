"""planlink query: a query on the released store, without a server."""

import re
import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.cli.output import release_and_other
from kg.errors import PlanlinkError
from kg.release.current import current
from kg.release.store import open_store
from kg.sparql.reader import Results, evaluate

_WIDEST = 10_000  # characters of a line that no terminal shows
_LONGEST_NAME = 256  # characters of a file's name
_QUERY = re.compile(r"\s*(BASE|PREFIX|SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


@click.command(name="query")
@click.argument("arguments", nargs=-1, required=True, metavar="[DIR] 'SELECT …' | FILE | -")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml"]),
    default="table",
    show_default=True,
    help="Of rows; triples come as N-Triples.",
)
def query_command(arguments: tuple[str, ...], form: str) -> None:
    """Query the released store: with a query, a file of one, or - for standard input."""
    directory, query = release_and_other(arguments, "query", "a query or a file of one")
    text, place = _read(query)
    store = open_store(current(directory) / "store")
    _print_result(evaluate(store, text, place), form)


def _read(given: str) -> tuple[str, str]:
    """The text of a query, and where it is; PlanlinkError for neither a file nor a query."""
    if given == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace"), "standard input"
    if len(given) < _LONGEST_NAME and Path(given).is_file():
        return Path(given).read_text(encoding="utf-8-sig"), given
    if "{" in given or _QUERY.match(given):
        return given, "query"
    raise PlanlinkError(
        "there is neither such a file nor a query in these words",
        given,
        "give a file that exists, or a query such as 'SELECT * { ?s ?p ?o } LIMIT 10'",
    )


def _print_result(result: Results, form: str) -> None:
    if isinstance(result, ox.QueryTriples):
        click.echo((ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"").decode(), nl=False)
        return
    if form in _FORMATS:
        click.echo((result.serialize(format=_FORMATS[form]) or b"").decode().rstrip("\r\n"))
        return
    if isinstance(result, ox.QueryBoolean):
        click.echo("true" if result else "false")
        return
    names = [v.value for v in result.variables]
    # Read by a program, a line is a row and holds whole IRIs, however long.
    console = Console() if sys.stdout.isatty() else Console(width=_WIDEST)
    table = Table(*names)
    rows = 0
    for solution in result:
        table.add_row(*(getattr(solution[name], "value", "") for name in names))
        rows += 1
    console.print(table)
    click.echo(f"{rows} rows")
