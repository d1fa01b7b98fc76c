"""planlink query: a query on the released store, without a server.

It runs in a process of its own: one under way can only be stopped by ending its process, and some
end the engine themselves, whose last words are for its authors and are not shown."""

import multiprocessing
import os
import re
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.cli.output import counted, release_and, release_and_other
from kg.errors import PlanlinkError
from kg.files import decoded, read_text
from kg.release.current import current
from kg.release.jobs import end_with_starter
from kg.release.store import open_store
from kg.settings.loading import load_settings
from kg.sparql.reader import evaluate

_DAY = 86_400  # seconds
_WIDEST = 10_000  # characters of a line that no terminal shows
_MOST = 1_000_000  # bytes of standard input, which may have no end; no query is that long
_LONGEST_NAME = 256  # characters of a file's name
_QUERY = re.compile(r"\s*(BASE|PREFIX|SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_TABLE = "table"  # what is printed for people
_Rows = tuple[list[str], list[list[str]]]


@click.command(name="query")
@release_and("'SELECT …' | FILE | -")
@click.option(
    "--format",
    "form",
    type=click.Choice([_TABLE, "csv", "tsv", "json", "xml"]),
    default=_TABLE,
    show_default=True,
    help="Of rows; triples come as N-Triples.",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, _DAY),
    help="That the query may take; by default what the settings give visitors' queries.",
)
def query_command(arguments: tuple[str, ...], form: str, seconds: int | None) -> None:
    """Query the released store: with a query, a file of one, or - for standard input."""
    directory, query = release_and_other(arguments, "query", "a query or a file of one")
    text, place = _read(query)
    store = current(directory) / "store"
    answer = _in_a_process(seconds or load_settings().limits.seconds, (store, text, place, form))
    if isinstance(answer, str):
        click.echo(answer, nl=bool(answer))
    else:
        _print_table(*answer)


def _in_a_process(seconds: float, query: tuple[Path, str, str, str]) -> str | _Rows:
    """What a query gives (_answered) within so many seconds, asked in another process, which is
    ended with this function; PlanlinkError where it has none in time, is refused or fails, or the
    engine ends."""
    place = query[2]
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, query))
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise PlanlinkError.of("query_slow", place, seconds)
        answer: str | _Rows | PlanlinkError = receiver.recv()
    except EOFError:
        raise PlanlinkError.of("query_crashed", place) from None
    finally:
        process.kill()
        process.join()
    if isinstance(answer, PlanlinkError):
        raise answer
    return answer


def _answer(sender: Connection, query: tuple[Path, str, str, str]) -> None:
    """Send what a query gives, or why it gives nothing."""
    # Keeps from the terminal what the engine writes when it ends its process.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    end_with_starter()
    try:
        sender.send(_answered(*query))
    except PlanlinkError as error:
        sender.send(error)
    except (ValueError, OSError) as error:
        sender.send(PlanlinkError.of("query_failed", query[2], error))


def _read(given: str) -> tuple[str, str]:
    """The text of a query, and where it is; PlanlinkError for neither a file nor a query."""
    if given == "-":
        return decoded(sys.stdin.buffer.read(_MOST), "standard input"), "standard input"
    if len(given) < _LONGEST_NAME and Path(given).is_file():
        return read_text(Path(given)), given
    if "{" in given or _QUERY.match(given):
        return given, "query"
    raise PlanlinkError.of("no_query_or_file", given)


def _answered(store: Path, text: str, place: str, form: str) -> str | _Rows:
    """What a query gives, as text of a format; for a table, its columns and its rows."""
    result = evaluate(open_store(store), text, place)
    if isinstance(result, ox.QueryTriples):
        return (ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"").decode().rstrip("\n")
    if form != _TABLE:
        written = result.serialize(format=ox.QueryResultsFormat.from_extension(form))
        return (written or b"").decode().rstrip("\r\n")
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
    click.echo(counted(len(rows), "row"))
