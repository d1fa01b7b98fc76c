"""planlink publish: from plans' folders to a release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kg.cli.output import RELEASE, say, user_name
from kg.cli.store import store_options, where
from kg.errors import PlanlinkError
from kg.pipeline import PLAN_STEPS, RELEASE_STEPS, publish
from kg.release.assemble import Publishing
from kg.settings import DEFAULT_BASE, load_settings


@click.command(name="publish")
@click.argument("plan_dirs", nargs=-1, type=click.Path(path_type=Path), metavar="PLAN_DIR…")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=RELEASE,
    show_default=True,
    help="Folder of releases.",
)
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    help="Settings: site.toml, by default the file that PLANLINK_SITE names.",
)
@click.option(
    "--base",
    help=f"Base of all IRIs, over the one in site.toml; {DEFAULT_BASE} where neither is given.",
)
@click.option(
    "--remove",
    metavar="SLUG",
    multiple=True,
    help="A plan of the current release to take out; the others stay.",
)
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(1),
    help="Take away all but the latest N releases; the one served until now stays once more.",
)
@click.option("--by", default=user_name, show_default="your user name", help="Who publishes.")
@store_options
def publish_command(
    plan_dirs: tuple[Path, ...],
    out: Path,
    site: Path | None,
    base: str | None,
    remove: tuple[str, ...],
    keep: int | None,
    by: str,
    store: str | None,
    update: str | None,
    graph_store: str | None,
) -> None:
    """Read, extract, link, build, validate and release plans.

    The release keeps the other plans that the current one has. Where nothing has changed, there is
    no new release.

    With another engine (--store and --update), named graphs are loaded beside the former ones and
    swapped in one update; planlink serve then forwards queries to it.
    """
    if not plan_dirs and not remove:
        raise PlanlinkError(
            "no plan is named", "publish", "name plans' folders, or a plan to take out by --remove"
        )
    settings = load_settings(site, base=base)
    out, engine = where(out, store, update, graph_store)
    with _steps(len(PLAN_STEPS) * len(plan_dirs) + len(RELEASE_STEPS) + bool(engine)) as step:
        publishing = Publishing(step, say, engine, remove, keep, by)
        manifest = publish(list(plan_dirs), out, settings, publishing)
    if settings.is_local:
        say(
            f"all IRIs begin with {DEFAULT_BASE}, which nobody else can follow; give your own with "
            "--base, or as base in site.toml (docs/site.example.toml)"
        )
    classes = manifest.classes
    counts = ", ".join(
        f"{classes.get(name, 0)} {name}"
        for name in ("Goal", "Measure", "Indicator", "Target", "Zone", "Institution", "Link")
    )
    warnings = sum(plan.warnings for plan in manifest.plans)
    click.echo(
        f"release {manifest.release} in {out}: {manifest.triples} triples; "
        f"{counts}; {warnings} warnings"
    )


@contextmanager
def _steps(total: int) -> Iterator[Callable[[str], None]]:
    """Report steps: a progress bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name: click.echo(f"planlink: {name}", err=True)
        return
    columns = (
        TextColumn("{task.description:24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("start", total=total)
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            progress.update(task, description=name, completed=begun)
            begun += 1

        yield step
        progress.update(task, description="released", completed=total)
