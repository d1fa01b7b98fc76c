"""How well a plan was understood, on the terminal."""

import click

from kg.cli.output import counted
from kg.link.completeness import Completeness
from kg.source.findings import Finding


def show_completeness(read: Completeness, text: str) -> None:
    """Print what was read of a plan, and what was not; text gives findings their lines."""
    found = (
        counted(read.chapters, "chapter"),
        counted(read.goals, "goal"),
        counted(read.measures, "measure"),
        f"{counted(read.rows, 'row')} of {counted(read.tables, 'indicator table')}",
        counted(read.targets, "target"),
        counted(read.zones, "zone"),
        counted(read.institutions, "institution"),
    )
    share = f"{read.share_read:.0%} of {counted(read.characters, 'character')}"
    click.echo(f"read: {', '.join(found)}; {share}")
    for finding in read.findings:
        click.echo(f"  {_place(finding, text)}{finding.wording('en')}")
    if not read.findings:
        click.echo("  nothing was found that was not understood")


def _place(finding: Finding, text: str) -> str:
    if finding.span is None:
        return ""
    line = text.count("\n", 0, finding.span.start) + 1
    return f"line {line}: "
