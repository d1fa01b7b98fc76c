"""planlink query: a query on the released store, without a server.

It runs in a process of its own: some queries end the engine's process, and what the engine then
writes is for its authors.
"""

import multiprocessing
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.cli.output import release_and_other
from kg.errors import PlanlinkError
from kg.files import read_text
from kg.release.current import current
from kg.release.store import open_store
from kg.sparql.reader import evaluate

_WIDEST = 10_000  # characters of a line that no terminal shows
_LONGEST_NAME = 256  # characters of a file's name
_QUERY = re.compile(r"\s*(BASE|PREFIX|SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}

_Rows = tuple[list[str], list[list[str]]]


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
    store = current(directory) / "store"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_silence) as apart:
        try:
            answer = apart.submit(_answered, store, text, place, form).result()
        except BrokenProcessPool:
            raise PlanlinkError(
                "the engine ended before the query did",
                place,
                "where ORDER BY sorts numbers beside texts, sort by their STR(); else ask for less",
            ) from None
    if isinstance(answer, str):
        click.echo(answer, nl=bool(answer))
    else:
        _print_table(*answer)


def _silence() -> None:
    """Keep from the terminal what the engine writes when it ends its process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _read(given: str) -> tuple[str, str]:
    """The text of a query, and where it is; PlanlinkError for neither a file nor a query."""
    if given == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace"), "standard input"
    if len(given) < _LONGEST_NAME and Path(given).is_file():
        return read_text(Path(given)), given
    if "{" in given or _QUERY.match(given):
        return given, "query"
    raise PlanlinkError(
        "there is neither such a file nor a query in these words",
        given,
        "give a file that exists, or a query such as 'SELECT * { ?s ?p ?o } LIMIT 10'",
    )


def _answered(store: Path, text: str, place: str, form: str) -> str | _Rows:
    """What a query gives, as text of a format; for a table, its columns and its rows."""
    result = evaluate(open_store(store), text, place)
    if isinstance(result, ox.QueryTriples):
        return (ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"").decode().rstrip("\n")
    if form in _FORMATS:
        return (result.serialize(format=_FORMATS[form]) or b"").decode().rstrip("\r\n")
    if isinstance(result, ox.QueryBoolean):
        return "true" if result else "false"
    names = [variable.value for variable in result.variables]
    return names, [[getattr(row[name], "value", "") for name in names] for row in result]


def _print_table(names: list[str], rows: list[list[str]]) -> None:
    # Read by a program, a line is a row and holds whole IRIs, however long.
    console = Console() if sys.stdout.isatty() else Console(width=_WIDEST)
    table = Table(*names)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    click.echo(f"{len(rows)} rows")
