"""What a release says across its plans: organisations that are the same in several of them, and the
datasets of one area's plans as a series, period by period."""

import pyoxigraph as ox

from kg.rdf.iris import site_graph
from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import QuadWriter
from kg.release.catalogue import words
from kg.release.questions import Place, Questions
from kg.settings import Settings

_DCAT, _DCTERMS = PREFIXES["dcat"], PREFIXES["dcterms"]
_SAME = PREFIXES["owl"] + "sameAs"


def same_organisations(asked: Questions, base: str) -> list[ox.Quad]:
    """Organisations of several plans as the same (docs/architecture.md tells by which rule)."""
    writer = QuadWriter(ox.NamedNode(site_graph(base, "organisations")))
    for first, *others in asked.same_institutions():
        for other in others:
            writer.say(other, _SAME, first)
    return list(writer.quads)


def area_series(asked: Questions, settings: Settings) -> list[ox.Quad]:
    """The datasets of plans of one area for successive periods, as a series of DCAT."""
    base, site = settings.site.base, settings.site
    writer = QuadWriter(ox.NamedNode(site_graph(base, "catalogue")))
    for earlier, later in asked.successive():
        series = f"{base}/id/catalogue/series/{later.path.rpartition('/')[2] or later.plan}"
        for kind in ("DatasetSeries", "Dataset"):
            writer.say(series, PREFIXES["rdf"] + "type", f"{_DCAT}{kind}")
        for property_, texts in words()["area_series"].items():
            for text, language in zip(texts, ("zh", "en"), strict=True):
                title = ox.Literal(text.format(area=later.area), language=language)
                writer.say(series, f"{_DCTERMS}{property_}", title)
        writer.say(series, f"{_DCTERMS}publisher", settings.publisher_iri)
        writer.say(series, f"{_DCAT}contactPoint", settings.contact_iri)
        writer.say(series, f"{_DCTERMS}license", settings.licence.iri)
        writer.say(f"{site.base}/id/catalogue", f"{_DCAT}dataset", series)
        for place in (earlier, later):
            writer.say(_dataset(base, place), f"{_DCAT}inSeries", series)
        writer.say(_dataset(base, later), f"{_DCAT}prev", _dataset(base, earlier))
    return list(dict.fromkeys(writer.quads))


def _dataset(base: str, place: Place) -> str:
    return f"{base}/id/{place.plan}/dataset"
