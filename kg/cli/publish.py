"""planlink publish: from plans' folders to a release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kg.cli.output import RELEASE
from kg.errors import PlanlinkError
from kg.pipeline import PLAN_STEPS, RELEASE_STEPS, publish
from kg.release.engine import Engine
from kg.settings import DEFAULT_BASE, load_settings


@click.command(name="publish")
@click.argument(
    "plan_dirs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PLAN_DIR…"
)
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
    "--store",
    metavar="DIR|URL",
    help="Folder of releases, as --out, or the query address of another SPARQL 1.1 engine.",
)
@click.option("--update", metavar="URL", help="Update address of that engine.")
@click.option(
    "--graph-store",
    metavar="URL",
    help="Graph Store address of that engine: graphs are then loaded whole, not by updates.",
)
def publish_command(
    plan_dirs: tuple[Path, ...],
    out: Path,
    site: Path | None,
    base: str | None,
    store: str | None,
    update: str | None,
    graph_store: str | None,
) -> None:
    """Read, extract, link, build, validate and release plans.

    With another engine (--store and --update), named graphs are loaded beside the former ones and
    swapped in one update; planlink serve then forwards queries to it.
    """
    settings = load_settings(site, base=base)
    out, engine = _where(out, store, update, graph_store)
    with _steps(len(PLAN_STEPS) * len(plan_dirs) + len(RELEASE_STEPS) + bool(engine)) as step:
        manifest = publish(
            list(plan_dirs),
            out,
            settings,
            engine,
            step,
            _say,
        )
    if settings.is_local:
        _say(
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


def _say(line: str) -> None:
    click.echo(f"planlink: {line}", err=True)


def _where(
    out: Path, store: str | None, update: str | None, graph_store: str | None
) -> tuple[Path, Engine | None]:
    """The folder of releases, and the engine that is to hold them as well."""
    if store is None or not store.startswith(("http://", "https://")):
        for option, given in (("--update", update), ("--graph-store", graph_store)):
            if given is not None:
                raise PlanlinkError(
                    f"{option} is given without an engine",
                    given,
                    "give the engine's query address with --store",
                )
        return (Path(store) if store else out), None
    if update is None:
        raise PlanlinkError(
            "the engine's update address is missing", store, "give it with --update"
        )
    return out, Engine(store, update, graph_store)


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
