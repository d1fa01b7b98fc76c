"""planlink export: everything released, in one RDF format, or a plan's relation graph as HTML."""

import sys
from pathlib import Path

import click

from kg.cli.output import PATH, release_folder
from kg.errors import PlanlinkError
from kg.files import write_durably
from kg.network.drawing import drawing, labels_of, legend, words_in
from kg.network.picture import View, picture
from kg.network.relations import Metrics, relation_graph
from kg.rdf.quads import FORMATS, in_order, read_quads, serialize
from kg.release.current import current
from kg.release.store import open_store
from kg.settings.loading import load_settings
from kg.sparql.reader import Release, ReleasedPlan
from kg.views.citation import Edition, Imprint
from kg.views.entity import EntityReader
from kg.views.evaluation import evaluate

_HTML = "html"


@click.command(name="export")
@release_folder
@click.option(
    "--format",
    "form",
    type=click.Choice([*sorted(FORMATS), _HTML]),
    default="nquads",
    show_default=True,
)
@click.option("--output", type=PATH, help="File to write; standard output otherwise.")
@click.option("--plan", "slug", metavar="SLUG", help="The plan, with html; needed if several are.")
def export_command(directory: Path, form: str, output: Path | None, slug: str | None) -> None:
    """Write everything released in one RDF format, or a relation graph as HTML.

    The HTML file is interactive and opens without a server and without the internet.
    """
    if form == _HTML:
        content = _relations(Release.open(directory), slug).encode()
    else:
        if slug is not None:
            raise PlanlinkError.of("plan_not_asked", f"--plan {slug}")
        content = _everything(current(directory), form)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_durably(output, content)


def _everything(folder: Path, form: str) -> bytes:
    dump = next((p for p in sorted((folder / "dumps").glob("planlink.nq*"))), None)
    if dump is None:
        raise PlanlinkError.of("dump_missing", folder)
    return serialize(in_order(read_quads(dump)), FORMATS[form])


def _relations(release: Release, slug: str | None) -> str:
    """The relation graph of a plan as HTML."""
    from kg.export.interactive import interactive  # pyvis takes a second to load  # noqa: PLC0415

    plan = _chosen(release, slug)
    store = open_store(release.folder / "store")
    network = relation_graph(store, plan.graph)
    metrics, view = Metrics(network), View()
    now = evaluate(store, plan.iri)
    states = {one.row.iri: one.state for one in now.indicators} if now.year else {}
    words = words_in("zh", labels_of(network, EntityReader(store, "zh").label))
    drawn = drawing(picture(network, metrics, view), metrics, view, words, states)
    issued = load_settings().site.day(release.issued.isoformat())
    edition = Edition(release.number, str(issued), "")
    imprint = Imprint(plan.title, plan.title_en or plan.title, plan.iri, edition)
    about = (plan.title, plan.iri)
    return interactive(drawn, legend(drawn, words), about, imprint=imprint.line())


def _chosen(release: Release, slug: str | None) -> ReleasedPlan:
    slugs = [plan.slug for plan in release.plans]
    if slug is None and len(slugs) == 1:
        return release.plans[0]
    found = next((plan for plan in release.plans if plan.slug == slug), None)
    if found is None:
        key = "plan_not_named" if slug is None else "plan_not_released"
        raise PlanlinkError.of(key, release.folder, ", ".join(slugs), slug)
    return found
