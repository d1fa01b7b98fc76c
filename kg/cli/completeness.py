"""How well a plan was understood, on the terminal."""

import click

from kg.link.completeness import Completeness
from kg.source.findings import Finding


def show_completeness(read: Completeness, text: str) -> None:
    """Print what was read of a plan, and what was not; text gives findings their lines."""
    click.echo(
        f"read: {read.chapters} chapters, {read.goals} goals, {read.measures} measures, "
        f"{read.rows} rows of {read.tables} indicator tables, {read.targets} targets, "
        f"{read.zones} zones, {read.institutions} institutions; "
        f"{read.share_read:.0%} of {read.characters} characters"
    )
    for finding in read.findings:
        click.echo(f"  {_place(finding, text)}{finding.wording('en')}")
    if not read.findings:
        click.echo("  nothing was found that was not understood")


def _place(finding: Finding, text: str) -> str:
    if finding.span is None:
        return ""
    line = text.count("\n", 0, finding.span.start) + 1
    return f"line {line}: "
