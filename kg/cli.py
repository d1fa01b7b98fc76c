"""The command line: planlink new, publish, review, validate, serve, query, export."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox
from limits import parse as parse_rate
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kg.engine import Engine
from kg.errors import PlanlinkError
from kg.intake import new_plan
from kg.iris import DEFAULT_BASE
from kg.monitoring.record import observe, template_rows
from kg.monitoring.sheet import template_csv, template_xlsx
from kg.pipeline import PLAN_STEPS, RELEASE_STEPS, publish, read_plan
from kg.plan import load_plan
from kg.quads import FORMATS, in_order, read_quads, serialize
from kg.query import Limits, syntax_problem
from kg.release import current
from kg.review import as_csv, review
from kg.store import open_store
from kg.terms import PREFIXES
from kg.validate import Report, load_graph, validate

_RELEASE = Path("release")
_SHOWN = 50


class _Commands(click.Group):
    """Turns a PlanlinkError into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlanlinkError as error:
            click.echo(f"planlink: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands)
@click.version_option(package_name="planlink")
def main() -> None:
    """Government plans as validated linked open data."""


@contextmanager
def _steps(total: int) -> Iterator[Callable[[str], None]]:
    """Tell of steps: a progress bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name: click.echo(f"planlink: {name}", err=True)
        return
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("start", total=total)
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            progress.update(task, description=name, completed=begun)
            begun += 1

        yield step
        progress.update(task, description="released", completed=total)


@main.command(name="publish")
@click.argument("plan_dirs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PLAN_DIR…")
@click.option("--out", type=click.Path(path_type=Path), default=_RELEASE, show_default=True, help="Folder of releases.")
@click.option("--base", default=DEFAULT_BASE, show_default=True, help="Base of all IRIs.")
@click.option("--store", metavar="DIR|URL", help="Folder of releases, as --out, or the query address of another SPARQL 1.1 engine.")
@click.option("--update", metavar="URL", help="Update address of that engine.")
def publish_command(plan_dirs: tuple[Path, ...], out: Path, base: str, store: str | None, update: str | None) -> None:
    """Read, extract, link, build, validate and release plans.

    Into another engine (--store and --update) named graphs are loaded beside the former ones and swapped at once; planlink
    serve then passes queries on to it.
    """
    out, engine = _where(out, store, update)
    with _steps(len(PLAN_STEPS) * len(plan_dirs) + len(RELEASE_STEPS) + bool(engine)) as step:
        manifest = publish(list(plan_dirs), out, base, engine, step, lambda line: click.echo(f"planlink: {line}", err=True))
    classes = manifest["classes"]
    counts = ", ".join(
        f"{classes.get(name, 0)} {name}" for name in ("Goal", "Measure", "Indicator", "Target", "Zone", "Institution", "Link")
    )
    warnings = sum(plan["warnings"] for plan in manifest["plans"])
    click.echo(f"release {manifest['release']} in {out}: {manifest['triples']} triples; {counts}; {warnings} warnings")


def _where(out: Path, store: str | None, update: str | None) -> tuple[Path, Engine | None]:
    """The folder of releases, and the engine that is to hold them as well."""
    if store is None or not store.startswith(("http://", "https://")):
        if update is not None:
            raise PlanlinkError("--update is given without an engine", update, "give the engine's query address with --store")
        return (Path(store) if store else out), None
    if update is None:
        raise PlanlinkError("the engine's update address is missing", store, "give it with --update")
    return out, Engine(store, update)


@main.command(name="new")
@click.argument("plan_file", type=click.Path(path_type=Path))
@click.argument("plan_dir", type=click.Path(path_type=Path))
def new_command(plan_file: Path, plan_dir: Path) -> None:
    """Make a plan's folder from a document (.txt, .md, .html, .docx, .pdf)."""
    found = new_plan(plan_file, plan_dir)
    for key, value in (
        ("title", found.title),
        ("issuer", found.issuer),
        ("area", found.area),
        ("period", found.period),
        ("slug", found.slug),
    ):
        click.echo(f"  {key:7} {value if value else '? (fill it in)'}")
    click.echo(f"{plan_dir / 'plan.toml'}: check it, then planlink publish {plan_dir}")


@main.command(name="review")
@click.argument("plan_dir", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), help="CSV file to write; a table on the terminal otherwise.")
def review_command(plan_dir: Path, output: Path | None) -> None:
    """List what a person should look at: numbers without targets, names seen once, weak links, unread headings."""
    reading = read_plan(load_plan(plan_dir), lambda _: None, lambda line: click.echo(f"planlink: {line}", err=True))
    points = review(reading.document, reading.linked, reading.applied.made)
    if output is not None:
        _write(output, as_csv(points).encode("utf-8-sig"))
        click.echo(f"{len(points)} points in {output}")
        return
    table = Table("doubt", "about", "start", "end", "words")
    for point in points:
        table.add_row(point.doubt, point.about, str(point.start), str(point.end), point.words[:60])
    Console().print(table)
    click.echo(f"{len(points)} points; decide them in {plan_dir / 'corrections.toml'}")


@main.command(name="observe")
@click.argument("plan_dir", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--by", default=getpass.getuser, show_default="your user name", help="Who enters the values.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--template", type=click.Path(path_type=Path), help="Write a sheet to fill in (.csv or .xlsx) with the plan's indicators.")
@click.option("--year", type=int, help="The year of the template's rows; the last one that has ended unless given.")
def observe_command(plan_dir: Path, file: Path | None, by: str, dry_run: bool, template: Path | None, year: int | None) -> None:
    """Take in values of indicators, or states of measures (.csv, .xlsx): every row or none, each refused row told."""
    reading = read_plan(load_plan(plan_dir), lambda _: None, lambda line: click.echo(f"planlink: {line}", err=True))
    if template is not None:
        write = {".csv": template_csv, ".xlsx": template_xlsx}.get(template.suffix.lower())
        if write is None:
            raise PlanlinkError("a template is CSV or XLSX", str(template), "name a .csv or .xlsx file")
        _write(template, write(*template_rows(reading, year)))
        click.echo(f"{template}: fill it in, then planlink observe {plan_dir} {template}")
        return
    if file is None:
        raise PlanlinkError("no sheet is named", "observe", "name a .csv or .xlsx file, or --template FILE to start from")
    outcome = observe(reading, file, by, file.name, dry_run, DEFAULT_BASE)
    for answer in outcome.answers:
        for zh, en in answer.wrong:
            click.echo(f"row {answer.row} ({answer.about}): {zh} / {en}", err=True)
        if not answer.wrong and (dry_run or not outcome.accepted):
            click.echo(f"row {answer.row} ({answer.about}): {answer.change}")
    if not outcome.accepted:
        wrong = sum(bool(answer.wrong) for answer in outcome.answers)
        raise PlanlinkError(f"{wrong} of {len(outcome.answers)} rows cannot be taken", str(file), "nothing was kept; mend those rows")
    if dry_run:
        click.echo(f"{len(outcome.answers)} rows would be taken; nothing was kept")
        return
    click.echo(f"{len(outcome.answers)} rows kept in {outcome.kept}; planlink publish {plan_dir} releases them")


@main.command(name="validate")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE_OR_DIR")
def validate_command(path: Path) -> None:
    """Check RDF against the shapes; exit 1 on violations."""
    conforms = True
    for name, graph in load_graph(path):
        report = validate(graph)
        conforms = conforms and report.conforms
        _print_report(name, report)
    sys.exit(0 if conforms else 1)


def _print_report(name: str, report: Report) -> None:
    counts = ", ".join(f"{report.count(s)} {s.lower()}s" for s in ("Violation", "Warning", "Info"))
    click.echo(f"{name}: {'conforms' if report.conforms else 'does not conform'} ({counts})")
    for result in report.results[:_SHOWN]:
        about = f" {result.path}" if result.path else ""
        value = f" = {result.value}" if result.value else ""
        click.echo(f"  {result.severity}: {result.message_zh} / {result.message_en}\n    {result.focus}{about}{value}")
    if len(report.results) > _SHOWN:
        click.echo(f"  … and {len(report.results) - _SHOWN} more")


@main.command(name="serve")
@click.argument("directory", required=False, type=click.Path(path_type=Path), default=_RELEASE, metavar="[DIR]")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web server processes.")
@click.option(
    "--plans", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of plans' folders: the review page writes there."
)
@click.option("--workspace", type=click.Path(path_type=Path, file_okay=False), help="Folder of a dataset that may be written.")
@click.option("--rate", metavar="N/UNIT", help="Requests for data that one address may send to one process: 5000/second unless given.")
@click.option("--log", is_flag=True, help="Log each request to standard error, a JSON object a line.")
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
    """Serve a release on a production WSGI server.

    Limits on queries are set by the environment: PLANLINK_QUERY_SECONDS, PLANLINK_QUERY_MEMORY and PLANLINK_QUERY_RESULT
    (MiB), PLANLINK_QUERY_HEAVY (long queries that run at a time), PLANLINK_QUERY_HELD (those held, running or paused) and
    PLANLINK_QUERY_WAITING (queries that wait for a process).

    With --plans and the environment variable PLANLINK_TOKEN, /review/<plan> lets who has the token decide doubts. With
    --workspace and PLANLINK_TOKEN, /workspace/sparql and /workspace/graphs are a dataset that who has the token may write.
    """
    current(directory)
    Limits.from_environment(os.environ)
    for option, given in (("--plans", plans), ("--workspace", workspace)):
        if given is not None and not os.environ.get("PLANLINK_TOKEN"):
            raise PlanlinkError("PLANLINK_TOKEN is not set", option, "set it to a secret that those who write will give")
    if plans is not None:
        os.environ["PLANLINK_PLANS"] = str(plans)
    if rate is not None:
        os.environ["PLANLINK_RATE"] = _checked_rate(rate)
    if log:
        os.environ["PLANLINK_LOG"] = "1"
    _check_port(host, port)
    os.environ["PLANLINK_RELEASE"] = str(directory)
    click.echo(f"planlink: serving {directory} at http://{host}:{port}", err=True)
    arguments = [str(directory), host, str(port), str(workers), *([str(workspace)] if workspace else [])]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "kg.gunicorn_server", *arguments])


def _checked_rate(rate: str) -> str:
    try:
        parse_rate(rate)
    except ValueError as error:
        raise PlanlinkError(f"{rate!r} is no rate", "--rate", "give one such as 5000/second or 100/minute") from error
    return rate


def _check_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PlanlinkError(
            f"the address cannot be bound ({error.strerror or error})", f"{host}:{port}", "choose another with --port or --host"
        ) from error


@main.command(name="query")
@click.argument("arguments", nargs=-1, required=True, metavar="[DIR] 'SELECT …' | FILE")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def query_command(arguments: tuple[str, ...], form: str) -> None:
    """Query the released store."""
    if len(arguments) > 2:
        raise PlanlinkError(
            f"{len(arguments)} arguments given", "query", "give a query or a file of one, with the release's folder before it if need be"
        )
    directory, query = (Path(arguments[0]), arguments[1]) if len(arguments) > 1 else (_RELEASE, arguments[0])
    file = Path(query) if len(query) < 256 and "{" not in query else None
    if file is not None and not file.is_file():
        raise PlanlinkError(
            "there is neither such a file nor a query in these words",
            query,
            "give a file that exists, or a query such as 'SELECT * { ?s ?p ?o } LIMIT 10'",
        )
    text = file.read_text(encoding="utf-8") if file is not None else query
    store = open_store(current(directory) / "store")
    try:
        result = store.query(text, use_default_graph_as_union=True, prefixes=PREFIXES)
    except SyntaxError as error:
        raise PlanlinkError(f"malformed SPARQL ({syntax_problem(str(error.msg))})", f"{file or 'query'}", "mend the query there") from error
    except (ValueError, OSError) as error:
        raise PlanlinkError(f"the query failed ({error})", f"{file or 'query'}", "mend the query") from error
    _print_result(result, form)


def _print_result(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, form: str) -> None:
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


@main.command(name="export")
@click.argument("directory", required=False, type=click.Path(path_type=Path), default=_RELEASE, metavar="[DIR]")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="nquads", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="File to write; standard output otherwise.")
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
    _write(output, content)


def _write(output: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    partial = output.with_name(f".{output.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise PlanlinkError(f"cannot be written ({error.strerror})", str(output), "name a file in a folder you may write to") from error
