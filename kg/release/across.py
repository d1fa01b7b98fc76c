"""What a release says across its plans: organisations that are the same in several of them, and the
datasets of one area's plans as a series, period by period."""

import pyoxigraph as ox

from kg.rdf.iris import site_graph
from kg.rdf.namespaces import PREFIXES
from kg.rdf.turtle import stated
from kg.release.catalogue import words
from kg.release.questions import Questions
from kg.settings import Settings

_SAME = ox.NamedNode(PREFIXES["owl"] + "sameAs")


def same_organisations(asked: Questions, base: str) -> list[ox.Quad]:
    """Organisations of several plans as the same (docs/architecture.md tells by which rule)."""
    graph = ox.NamedNode(site_graph(base, "organisations"))
    return [
        ox.Quad(ox.NamedNode(other), _SAME, ox.NamedNode(first), graph)
        for first, *others in asked.same_institutions()
        for other in others
    ]


def area_series(asked: Questions, settings: Settings) -> list[ox.Quad]:
    """The datasets of plans of one area for successive periods, as a series of DCAT."""
    return stated(
        "kg.release",
        "series",
        site_graph(settings.site.base, "catalogue"),
        base=settings.site.base,
        settings=settings,
        texts=words()["area_series"],
        successive=asked.successive(),
    )
