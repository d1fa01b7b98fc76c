"""planlink review: what a person should look at in a plan's reading."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.cli.completeness import show_completeness
from kg.cli.output import PATH, as_json, counted, json_option, say, user_name
from kg.errors import PlanlinkError
from kg.files import write_durably
from kg.link.reading import read_plan
from kg.link.review import Point, as_csv
from kg.link.suggestions import decide, load_suggestions
from kg.source.plan import load_plan

_SHOWN = 60  # characters of a point's words


@click.command(name="review")
@click.argument("plan_dir", type=PATH)
@click.option("--output", type=PATH, help="CSV file to write; a table on the terminal otherwise.")
@json_option
@click.option(
    "--accept",
    type=int,
    multiple=True,
    help="Accept the suggestion of this number: it becomes a correction.",
)
@click.option("--reject", type=int, multiple=True, help="Reject the suggestion of this number.")
@click.option("--reason", default="", help="Why, for the corrections.")
def review_command(
    plan_dir: Path,
    output: Path | None,
    form: str,
    accept: tuple[int, ...],
    reject: tuple[int, ...],
    reason: str,
) -> None:
    """List what a person should look at, what is least certain first: suggestions, uncertain names
    and targets, numbers without targets, weak links, unread headings."""
    plan = load_plan(plan_dir)
    if accept and not reason.strip():
        raise PlanlinkError.of("accept_without_reason", "--accept")
    for number in (*accept, *reject):
        decide(plan_dir, number, number in accept, reason, user_name())
    reading = read_plan(plan, lambda _: None, say)
    read = reading.completeness()
    points = reading.doubts(load_suggestions(plan_dir))
    if output is not None:
        write_durably(output, as_csv(points))
        click.echo(f"{counted(len(points), 'point')} in {output}")
        return
    if form == "json":
        found = {"read": json.loads(read.as_json()), "points": [asdict(one) for one in points]}
        click.echo(as_json(found))
        return
    show_completeness(read, reading.plan.source)
    table = Table("doubt", "confidence", "about", "start", "end", "words")
    for point in points:
        table.add_row(*map(escape, _row(point)))
    Console().print(table)
    click.echo(f"{counted(len(points), 'point')}; decide them in {plan_dir / 'corrections.toml'}")


def _row(point: Point) -> tuple[str, ...]:
    doubt = point.doubt
    about = point.about
    if point.suggestion is not None:
        doubt = f"{doubt} ({point.suggestion}): {point.action} {point.kind}"
        about = f"{about} ({point.origin})"
    sure = "" if point.confidence is None else f"{point.confidence:.2f}"
    return doubt, sure, about, str(point.start), str(point.end), point.words[:_SHOWN]
