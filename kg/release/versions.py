"""The release history as RDF: each release of a plan's data as a version in a series, and what is
there no more."""

from collections.abc import Container

import pyoxigraph as ox

from kg.rdf.iris import software_iri
from kg.rdf.turtle import stated
from kg.release.catalogue import words
from kg.release.manifest import PastRelease, Removal
from kg.settings import Settings


def version_quads(
    settings: Settings,
    graph: str,
    releases: list[PastRelease],
    removals: list[Removal],
    kept: Container[int],
) -> list[ox.Quad]:
    """The statements of the release history.

    Args:
        releases: every release, the first one first.
        removals: entities that were released once and are gone.
        kept: the numbers of the releases whose files are there.
    """
    base, latest, histories = settings.site.base, dict[str, int](), []
    for release in releases:
        plans = [(plan, latest.get(plan.slug)) for plan in release.plans]
        histories.append((release, software_iri(base, release.program), plans))
        latest |= {plan.slug: release.number for plan in release.plans}
    issued = {release.number: release.issued for release in releases}
    return stated(
        "kg.release",
        "versions",
        graph,
        settings=settings,
        base=base,
        texts=words(),
        releases=histories,
        kept=kept,
        # when each plan was read: in the run that first released its present content
        read=[(plan.slug, issued[plan.version]) for plan in releases[-1].plans],
        removals=removals,
    )
