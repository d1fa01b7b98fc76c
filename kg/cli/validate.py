"""planlink validate: RDF against the shapes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.graph.vocabulary import vocabulary
from kg.rdf.shacl import Report, load_graph, validate

_SHOWN = 50


@click.command(name="validate")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE_OR_DIR")
def validate_command(path: Path) -> None:
    """Check RDF against the shapes; exit 1 on violations."""
    conforms = True
    for name, graph in load_graph(path):
        report = validate(graph, vocabulary())
        conforms = conforms and report.conforms
        _print_report(name, report)
    sys.exit(0 if conforms else 1)


def _print_report(name: str, report: Report) -> None:
    counts = ", ".join(f"{report.count(s)} {s.lower()}s" for s in ("Violation", "Warning", "Info"))
    click.echo(f"{name}: {'conforms' if report.conforms else 'does not conform'} ({counts})")
    for result in report.results[:_SHOWN]:
        about = f" {result.path}" if result.path else ""
        value = f" = {result.value}" if result.value else ""
        click.echo(
            f"  {result.severity}: {result.message_zh} / {result.message_en}\n"
            f"    {result.focus}{about}{value}"
        )
    if len(report.results) > _SHOWN:
        click.echo(f"  … and {len(report.results) - _SHOWN} more")
