"""planlink new: from a document to a plan's folder."""

from __future__ import annotations

from pathlib import Path

import click

from kg.source.new import new_plan


@click.command(name="new")
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
