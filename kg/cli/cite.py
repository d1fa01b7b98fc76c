"""planlink cite: how to cite what was released, by its IRI."""

from pathlib import Path

import click

from kg.cli.output import release_and, release_and_other
from kg.errors import PlanlinkError
from kg.release.current import current
from kg.release.manifest import numbers, read_manifest
from kg.release.store import open_store
from kg.settings.loading import load_settings
from kg.views.citation import STYLES, Citation, Edition, citation, reference
from kg.views.entity import EntityReader


@click.command(name="cite")
@release_and("IRI")
@click.option("--style", type=click.Choice(list(STYLES)), default="gbt7714", show_default=True)
def cite_command(arguments: tuple[str, ...], style: str) -> None:
    """Cite what was released: a plan, a measure, a figure, a dataset. What was withdrawn since is
    cited from the release where it last stood.
    """
    directory, iri = release_and_other(arguments, "cite", "an IRI")
    click.echo(reference(_cited(directory, iri), style, load_settings().site.day()))


def _cited(directory: Path, iri: str) -> Citation:
    """What is cited, from the release where it last stood; PlanlinkError where none kept has it."""
    folder = current(directory)
    manifest = read_manifest(folder)
    if gone := next((one for one in manifest.removed if one.iri == iri), None):
        had = [number for number in numbers(directory) if number < gone.release]
        if not had:
            successor = gone.successor or "what the plan says now"
            raise PlanlinkError.of("iri_withdrawn", iri, gone.release, successor)
        folder = directory / "releases" / str(had[-1])
        manifest = read_manifest(folder)
    store = open_store(folder / "store")
    try:
        known = EntityReader(store, "zh").exists(iri)
    except ValueError as error:
        raise PlanlinkError.of("no_iri", iri, error) from error
    if not known:
        raise PlanlinkError.of("iri_not_released", iri, manifest.release, manifest.base)
    settings = load_settings()
    publisher, issued = manifest.publisher or settings.publisher, settings.site.day(manifest.issued)
    edition = Edition(manifest.release, str(issued), publisher.cited)
    return citation(store, iri, manifest.plan_of(iri), edition)
