"""planlink review: what a person should look at in a plan's reading."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.cli.completeness import show_completeness
from kg.files import write_durably
from kg.link.reading import read_plan
from kg.link.review import Point, as_csv, review
from kg.source.plan import load_plan

_SHOWN = 60  # characters of a point's words


@click.command(name="review")
@click.argument("plan_dir", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="CSV file to write; a table on the terminal otherwise.",
)
def review_command(plan_dir: Path, output: Path | None) -> None:
    """List what a person should look at, what is least certain first: uncertain names and targets,
    numbers without targets, names seen once, weak links, unread headings."""
    reading = read_plan(
        load_plan(plan_dir), lambda _: None, lambda line: click.echo(f"planlink: {line}", err=True)
    )
    read = reading.completeness()
    points = review(
        reading.document, reading.linked, reading.register.identifiers, reading.applied.made
    )
    if output is not None:
        write_durably(output, as_csv(points).encode("utf-8-sig"))
        click.echo(f"{len(points)} points in {output}")
        return
    show_completeness(read, reading.plan.source)
    table = Table("doubt", "confidence", "about", "start", "end", "words")
    for point in points:
        table.add_row(*map(escape, _row(point)))
    Console().print(table)
    click.echo(f"{len(points)} points; decide them in {plan_dir / 'corrections.toml'}")


def _row(point: Point) -> tuple[str, ...]:
    sure = "" if point.confidence is None else f"{point.confidence:.2f}"
    start, end = str(point.start), str(point.end)
    return point.doubt, sure, point.about, start, end, point.words[:_SHOWN]
