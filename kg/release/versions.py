"""The release history as RDF: each release of a plan's data as a version in a series, and what is
there no more."""

from collections.abc import Container

import pyoxigraph as ox

from kg.rdf.iris import plan_iri, software_iri
from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import QuadWriter
from kg.release.catalogue import AUTHORITY, words
from kg.release.manifest import PastRelease, PlanEntry, Removal
from kg.settings import Settings

_DCAT, _DCTERMS, _PROV, _XSD = (PREFIXES[name] for name in ("dcat", "dcterms", "prov", "xsd"))
_TYPE, _LABEL = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"


def version_quads(
    settings: Settings,
    graph: ox.NamedNode,
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
    writer = _Writer(settings, graph, kept)
    for release in releases:
        writer.add_release(release)
    writer.add_readings(releases)
    for removal in removals:
        writer.add_removal(removal)
    return list(dict.fromkeys(writer.quads))


class _Writer(QuadWriter):
    def __init__(self, settings: Settings, graph: ox.NamedNode, kept: Container[int]) -> None:
        super().__init__(graph)
        self._kept = kept
        self._settings, self._base = settings, settings.site.base
        self._latest: dict[str, str] = {}

    def _typed(self, subject: str, predicate: str, value: str, datatype: str) -> None:
        self.say(subject, predicate, ox.Literal(value, datatype=ox.NamedNode(_XSD + datatype)))

    def _worded(self, subject: str, predicate: str, texts: list[str], **values: str) -> None:
        for text, language in zip(texts, ("zh", "en"), strict=True):
            self.say(subject, predicate, ox.Literal(text.format(**values), language=language))

    def add_release(self, release: PastRelease) -> None:
        """The act of releasing, and the version of each plan that came of it."""
        activity = f"{self._base}/id/release/{release.number}"
        self.say(activity, _TYPE, f"{_PROV}Activity")
        self._worded(activity, _LABEL, words()["release"]["label"], number=str(release.number))
        self.say(activity, f"{_PROV}wasAssociatedWith", self._settings.publisher_iri)
        self._say_program(activity, release.program)
        self._typed(activity, f"{_PROV}endedAtTime", release.issued, "dateTime")
        for plan in release.plans:
            self._add_series(plan)
            self._add_version(plan, release, activity)

    def _say_program(self, activity: str, program: str) -> None:
        """Which version of the program did something, on behalf of who publishes."""
        agent = software_iri(self._base, program)
        self.say(activity, f"{_PROV}wasAssociatedWith", agent)
        self.say(agent, _TYPE, f"{_PROV}SoftwareAgent")
        self.say(agent, _LABEL, ox.Literal(program))
        self.say(
            agent, f"{PREFIXES['schema']}softwareVersion", ox.Literal(program.rpartition(" ")[-1])
        )

    def add_readings(self, releases: list[PastRelease]) -> None:
        """When each plan was read: in the run that first released its present content."""
        issued = {release.number: release.issued for release in releases}
        for plan in releases[-1].plans:
            reading = f"{plan_iri(self._base, plan.slug)}/reading"
            self._typed(reading, f"{_PROV}endedAtTime", issued[plan.version], "dateTime")

    def _about(self, node: str, plan: PlanEntry, part: str, number: str = "") -> None:
        texts = words()
        titles = {"plan": plan.title, "plan_en": plan.title_en or plan.slug, "number": number}
        self._worded(node, f"{_DCTERMS}title", texts[part]["title"], **titles)
        self._worded(
            node,
            f"{_DCTERMS}description",
            texts[part].get("description", texts["plan"]["description"]),
            **titles,
        )
        self._worded(node, f"{_DCAT}keyword", words()["release"]["keywords"])
        self.say(node, f"{_DCAT}theme", f"{AUTHORITY}data-theme/GOVE")
        self.say(node, f"{_DCTERMS}spatial", plan.area_iri(self._base))
        self.say(node, f"{_DCTERMS}temporal", f"{self._base}/id/{plan.slug}/dataset/period")
        self.say(node, f"{_DCTERMS}publisher", self._settings.publisher_iri)
        self.say(node, f"{_DCAT}contactPoint", self._settings.contact_iri)

    def _add_series(self, plan: PlanEntry) -> None:
        series = f"{self._base}/id/{plan.slug}/series"
        for name in ("DatasetSeries", "Dataset"):
            self.say(series, _TYPE, f"{_DCAT}{name}")
        self._about(series, plan, "series")
        self.say(f"{self._base}/id/catalogue", f"{_DCAT}dataset", series)

    def _add_version(self, plan: PlanEntry, release: PastRelease, activity: str) -> None:
        number = str(release.number)
        node = f"{self._base}/id/{plan.slug}/release/{number}"
        whole = f"{self._base}/id/{plan.slug}/dataset"
        self.say(node, _TYPE, f"{_DCAT}Dataset")
        self._about(node, plan, "release", number)
        self.say(node, f"{_DCAT}inSeries", f"{self._base}/id/{plan.slug}/series")
        self.say(node, f"{_DCAT}version", ox.Literal(number))
        self.say(node, f"{_DCTERMS}isVersionOf", whole)
        self.say(node, f"{_DCTERMS}license", release.licence)
        self._typed(node, f"{_DCTERMS}issued", release.date, "date")
        self.say(node, f"{_PROV}wasGeneratedBy", activity)
        self.say(node, f"{PREFIXES['void']}triples", plan.triples)
        self.say(whole, f"{_DCAT}hasVersion", node)
        if (former := self._latest.get(plan.slug)) is not None:
            self.say(node, f"{_PROV}wasRevisionOf", former)
            self.say(node, f"{_DCAT}prev", former)
        self._latest[plan.slug] = node
        if release.number in self._kept:
            self._add_dump(node, plan, release)

    def _add_dump(self, node: str, plan: PlanEntry, release: PastRelease) -> None:
        number = str(release.number)
        copy = f"{node}/nq"
        address = f"{self._settings.site.address}/releases/{number}/dumps/{plan.dump}"
        self.say(node, f"{_DCAT}distribution", copy)
        self.say(copy, _TYPE, f"{_DCAT}Distribution")
        self._worded(copy, f"{_DCTERMS}title", ["N-Quads", "N-Quads"])
        self._worded(copy, f"{_DCTERMS}description", words()["release"]["file"], number=number)
        self.say(
            copy,
            "http://data.europa.eu/r5r/availability",
            f"{AUTHORITY}planned-availability/STABLE",
        )
        for predicate in ("accessURL", "downloadURL"):
            self.say(copy, f"{_DCAT}{predicate}", address)
        self.say(copy, f"{_DCTERMS}license", release.licence)
        self.say(copy, f"{_DCTERMS}format", f"{AUTHORITY}file-type/RDF_N_QUADS")
        self.say(
            copy,
            f"{_DCAT}mediaType",
            "https://www.iana.org/assignments/media-types/application/n-quads",
        )

    def add_removal(self, removal: Removal) -> None:
        """That an entity is gone, and what stands for it now."""
        self.say(
            removal.iri, f"{_PROV}wasInvalidatedBy", f"{self._base}/id/release/{removal.release}"
        )
        if removal.successor:
            self.say(removal.iri, f"{_DCTERMS}isReplacedBy", removal.successor)
