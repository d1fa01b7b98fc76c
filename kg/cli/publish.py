"""planlink publish: from plans' folders to a release."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from kg.cli.output import PATH, RELEASE, as_json, counted, json_option, say, user_name
from kg.cli.store import store_options, where
from kg.errors import PlanlinkError, SeveralErrors
from kg.pipeline import publish
from kg.release.assemble import Publishing
from kg.release.jobs import Progress, cores
from kg.release.manifest import Manifest, by_kind
from kg.settings import DEFAULT_BASE
from kg.settings.loading import load_settings

_BETWEEN_LINES = 10.0  # seconds
_COUNTED = ("Goal", "Vision", "Measure", "Indicator", "Target", "Zone", "Institution", "Link")


@click.command(name="publish")
@click.argument("plan_dirs", nargs=-1, type=PATH, metavar="PLAN_DIR…")
@click.option("--out", type=PATH, default=RELEASE, show_default=True, help="Folder of releases.")
@click.option(
    "--site", type=PATH, help="Settings: site.toml, by default the file that PLANLINK_SITE names."
)
@click.option(
    "--base",
    help=f"Base of all IRIs, over the one in site.toml; {DEFAULT_BASE} where neither is given.",
)
@click.option(
    "--remove",
    metavar="SLUG",
    multiple=True,
    help="A plan of the current release to take out; the others stay. Its slug may be that of "
    "another plan in the same command.",
)
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(1),
    help="Take away all but the latest N releases; the one served until now stays once more.",
)
@click.option("--by", default=user_name, show_default="your user name", help="Who publishes.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1),
    default=cores,
    show_default="one for each core",
    help="Processes that compile plans.",
)
@click.option(
    "--scheduler",
    metavar="URL",
    default="",
    help="Scheduler of a dask cluster whose workers compile plans instead, such as "
    "tcp://localhost:8786. They need the same planlink, and the same folders under the same paths.",
)
@click.option("--strict", is_flag=True, help="Release nothing where one plan fails.")
@click.option(
    "--cache",
    type=PATH,
    help="Folder where what is made of plans is kept; by default .compiled in the folder of "
    "releases. It is for one folder of releases.",
)
@store_options
@json_option
def publish_command(
    plan_dirs: tuple[Path, ...],
    out: Path,
    site: Path | None,
    base: str | None,
    remove: tuple[str, ...],
    keep: int | None,
    by: str,
    jobs: int,
    scheduler: str,
    strict: bool,
    cache: Path | None,
    store: str | None,
    update: str | None,
    graph_store: str | None,
    form: str,
) -> None:
    """Read, extract, link, build, validate and release plans.

    The release keeps the other plans that the current one has. Where nothing has changed, there is
    no new release. Plans whose folder has not changed since the last publish are not read again.

    A plan that cannot be released stops no other: it is named, what the current release has of it
    stays, and the exit code is 1.

    With another engine (--store and --update), named graphs are loaded beside the former ones and
    swapped in one update; planlink serve then forwards queries to it.
    """
    if not plan_dirs and not remove:
        raise PlanlinkError.of("plan_missing", "publish")
    settings = load_settings(site, base=base)
    out, engine = where(out, store, update, graph_store)
    if scheduler:  # its workers have folders of their own to begin from
        plan_dirs, out = tuple(one.absolute() for one in plan_dirs), out.absolute()
        cache = cache.absolute() if cache else None
    failed: list[PlanlinkError] = []
    publishing = Publishing(
        say,
        say,
        engine,
        remove,
        keep,
        by,
        cache,
        jobs,
        _in_lines(),
        None if strict else failed.append,
        scheduler,
    )
    manifest = publish(list(plan_dirs), out, settings, publishing)
    if settings.is_local:
        say(
            f"all IRIs begin with {DEFAULT_BASE}, which nobody else can follow; give your own with "
            "--base, or as base in site.toml (docs/site.example.toml)"
        )
    click.echo(_WRITERS[form](manifest, out, failed))
    for line in (line for error in failed for line in str(error).splitlines()):
        say(line)
    if failed:
        plans = counted(len(plan_dirs), "plan")
        say(f"{len(failed)} of {plans} failed; what was released of them stays")
        click.get_current_context().exit(1)


def _text(manifest: Manifest, out: Path, _: Sequence[PlanlinkError]) -> str:
    sizes = by_kind(manifest.classes)
    shown = [name for name in _COUNTED if sizes.get(name) or name != "Vision"]
    counts = ", ".join(f"{sizes.get(name, 0)} {name}" for name in shown)
    warnings = sum(plan.warnings for plan in manifest.plans)
    return (
        f"release {manifest.release} in {out}: {manifest.triples} triples; "
        f"{counts}; {counted(warnings, 'warning')}"
    )


def _json(manifest: Manifest, out: Path, failed: Sequence[PlanlinkError]) -> str:
    each = [e for f in failed for e in (f.errors if isinstance(f, SeveralErrors) else (f,))]
    return as_json(
        {
            "release": manifest.release,
            "folder": str(out),
            "triples": manifest.triples,
            "classes": manifest.classes,
            "plans": [{"slug": plan.slug, "warnings": plan.warnings} for plan in manifest.plans],
            "failed": [{"where": e.where, "what": e.what, "mend": e.mend} for e in each],
        }
    )


_WRITERS = {"text": _text, "json": _json}


def _in_lines() -> Callable[[Progress], None]:
    """Tells of several plans in lines, not too many."""
    shown: dict[str, float] = {}

    def progress(now: Progress) -> None:
        at_end = now.done + now.failed == now.total
        if now.total > 1 and (at_end or now.seconds - shown.get(now.what, 0.0) >= _BETWEEN_LINES):
            shown[now.what] = now.seconds
            say(str(now))

    return progress
