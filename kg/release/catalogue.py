"""The catalogue of a release as DCAT 3, conforming to DCAT-AP 3: datasets for each plan and kind of
thing, files, service."""

from collections.abc import Iterable
from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD

from kg.files import packaged
from kg.graph.area import area_of_plan, place, shared_area_triples
from kg.rdf.namespaces import PLAN, SPDX
from kg.rdf.quads import FORMATS
from kg.release.folder import EVERYTHING
from kg.release.manifest import PlanEntry, ReleaseFile
from kg.settings import Settings, Words
from kg.source import gazetteer
from kg.source.plan import Plan

AUTHORITY = "http://publications.europa.eu/resource/authority/"
_ADMS = "http://purl.org/adms/"
_DCATAP = Namespace("http://data.europa.eu/r5r/")
_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_GRAPHS = {form.media_type for form in FORMATS.values()}
_LANGUAGES = {"zh": "ZHO", "en": "ENG"}  # codes of the EU's list
_KINDS = {  # the classes of an authority's codes, by its list
    "language": (DCTERMS.LinguisticSystem,),
    "frequency": (DCTERMS.Frequency,),
    "access-right": (DCTERMS.RightsStatement,),
    "file-type": (DCTERMS.MediaTypeOrExtent,),
    "country": (DCTERMS.Location,),
}
_LOCATION_CHINA = URIRef(f"{AUTHORITY}country/CHN")
_VOCABULARY = URIRef(str(PLAN).rstrip("#"))


def words() -> dict[str, Any]:
    """The words and codes of catalogue.toml."""
    return packaged("kg.release", "catalogue")


def plan_catalogue(
    plan: Plan,
    listed: Iterable[ReleaseFile],
    kinds: dict[str, tuple[str, str]],
    entry: PlanEntry,
    settings: Settings,
) -> Graph:
    """What the catalogue says of a plan's datasets and files, whatever other plans there are.

    Args:
        kinds: the kinds of things that files hold, in Chinese and English, by name.
        entry: what the manifest says of it.
    """
    maker, held = _Catalogue(settings, kinds), set()
    for file in listed:
        held.add(file.holds)
        maker.add_distribution(file)
    maker.add_plan(plan, entry, held)
    maker.add_authorities()
    return maker.graph


def own_catalogue(plans: list[Plan], entries: dict[str, PlanEntry], settings: Settings) -> Graph:
    """What the catalogue says of itself, of who publishes, and of all plans together.

    Args:
        entries: what the manifest says of each plan, by slug.
    """
    maker = _Catalogue(settings, {})
    maker.add_publisher()
    maker.add_catalogue(entries)
    maker.add_everything(min(p.period[0] for p in plans), max(p.period[1] for p in plans))
    maker.add_authorities()
    return maker.graph


class _Catalogue:
    def __init__(self, settings: Settings, kinds: dict[str, tuple[str, str]]) -> None:
        self.graph = Graph()
        self._settings, self._kinds = settings, kinds
        self._base, self._address = settings.site.base, settings.site.address
        self._root = URIRef(f"{self._base}/id/catalogue")
        self._service = URIRef(f"{self._root}/sparql")
        self._publisher = URIRef(settings.publisher_iri)
        self._contact = URIRef(settings.contact_iri)
        self._licence = URIRef(settings.licence.iri)
        self._everything = URIRef(f"{self._root}/everything")
        self._provenance = URIRef(f"{self._root}/provenance")

    def _add(self, subject: URIRef, predicate: URIRef, *objects: URIRef | Literal) -> None:
        for object_ in objects:
            self.graph.add((subject, predicate, object_))

    def _worded(self, node: URIRef, predicate: URIRef, texts: list[str], **values: str) -> None:
        self._add(
            node,
            predicate,
            *(
                Literal(t.format(**values), lang=tag)
                for t, tag in zip(texts, ("zh", "en"), strict=True)
            ),
        )

    def _named(self, node: URIRef, predicate: URIRef, words_: Words) -> None:
        self._add(node, predicate, *(Literal(text, lang=tag) for text, tag in words_.tagged))

    def add_catalogue(self, entries: dict[str, PlanEntry]) -> None:
        """The catalogue itself, the service, and the dataset of everything."""
        texts, site = words(), self._settings.site
        root = self._root
        self._add(root, RDF.type, DCAT.Catalog)
        self._named(root, DCTERMS.title, site.title)
        self._named(root, DCTERMS.description, site.tagline if site.tagline.tagged else site.title)
        for node, part in ((self._service, "service"), (self._everything, "everything")):
            for predicate, key in ((DCTERMS.title, "title"), (DCTERMS.description, "description")):
                self._worded(node, predicate, texts[part][key])
        for node in (root, self._service, self._everything):
            self._add(node, DCTERMS.publisher, self._publisher)
            self._add(node, DCTERMS.license, self._licence)
            self._add(node, DCAT.contactPoint, self._contact)
            self._add(node, DCTERMS.accessRights, URIRef(f"{AUTHORITY}access-right/PUBLIC"))
            self._add(node, DCAT.theme, self._theme("GOVE"))
            for language in site.languages:
                self._add(
                    node, DCTERMS.language, URIRef(f"{AUTHORITY}language/{_LANGUAGES[language]}")
                )
        self._add(root, FOAF.homepage, URIRef(f"{self._address}/"))
        self._add(root, RDFS.seeAlso, URIRef(f"{self._address}/core-metadata.csv"))
        self._add(root, DCTERMS.spatial, _LOCATION_CHINA)
        for triple in place(_LOCATION_CHINA, gazetteer.nation()):
            self.graph.add(triple)
        self._add(root, DCAT.themeTaxonomy, URIRef(f"{AUTHORITY}data-theme"))
        issued = min(entry.issued for entry in entries.values())
        modified = max(entry.modified for entry in entries.values())
        for node in (root, self._everything):
            self._add(node, DCTERMS.issued, Literal(issued, datatype=XSD.date))
            self._add(node, DCTERMS.modified, Literal(modified, datatype=XSD.date))
        service = self._service
        self._add(root, DCAT.service, service)
        self._add(service, RDF.type, DCAT.DataService)
        self._add(service, RDF.type, _SD.Service)
        self._add(service, _SD.endpoint, URIRef(f"{self._address}/sparql"))
        self._add(service, _SD.supportedLanguage, _SD.SPARQL11Query)
        self._add(service, DCAT.endpointURL, URIRef(f"{self._address}/sparql"))
        self._add(service, DCAT.endpointDescription, URIRef(f"{self._address}/openapi.json"))
        self._add(service, DCAT.landingPage, URIRef(f"{self._address}/sparql"))
        self._add(service, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/"))
        self._add(service, DCAT.servesDataset, self._everything)
        self._add(service, DCAT.keyword, Literal("SPARQL", lang="zh"), Literal("SPARQL", lang="en"))
        self._worded(self._provenance, RDFS.label, texts["provenance"]["text"])
        self._add(self._provenance, RDF.type, DCTERMS.ProvenanceStatement)

    def add_publisher(self) -> None:
        """Who publishes, whom to ask, and what may be done with the data."""
        publisher = self._settings.publisher
        contact = self._settings.contact
        licence = self._settings.licence
        self._add(self._publisher, RDF.type, FOAF.Agent, PROV.Agent)
        self._named(self._publisher, FOAF.name, publisher.name)
        if publisher.type:
            self._add(self._publisher, DCTERMS.type, self._adms_concept(publisher.type))
        if publisher.homepage:
            self._add(self._publisher, FOAF.homepage, URIRef(publisher.homepage))
        if publisher.identifier:
            self._add(self._publisher, DCTERMS.identifier, Literal(publisher.identifier))
        self._add(self._contact, RDF.type, _VCARD.Organization, _VCARD.Kind)
        self._named(self._contact, _VCARD.fn, contact.name)
        if contact.email:
            self._add(self._contact, _VCARD.hasEmail, URIRef(f"mailto:{contact.email}"))
        if contact.url or not contact.email:
            self._add(self._contact, _VCARD.hasURL, URIRef(contact.url or f"{self._address}/"))
        self._add(self._licence, RDF.type, DCTERMS.LicenseDocument)
        self._named(self._licence, DCTERMS.title, licence.name)
        if licence.id:
            self._add(self._licence, DCTERMS.identifier, Literal(licence.id))
        if licence.type:
            self._add(self._licence, DCTERMS.type, self._adms_concept(licence.type))

    def _adms_concept(self, iri: str) -> URIRef:
        """A type of publisher or licence, described so that the catalogue can be validated without
        the list that it is from; ADMS names each list by its version."""
        node, (head, _, name) = URIRef(iri), iri.rpartition("/")
        self._add(node, RDF.type, SKOS.Concept)
        self._add(node, SKOS.prefLabel, Literal(name or iri, lang="en"))
        if head.startswith(_ADMS):
            listed = URIRef(f"{head}/1.0")
            self._add(node, SKOS.inScheme, listed)
            self._add(listed, RDF.type, SKOS.ConceptScheme)
            self._add_titles(listed, head.removeprefix(_ADMS))
        return node

    def _add_titles(self, scheme: URIRef, title: str) -> None:
        """The title of somebody else's scheme, which is its label too."""
        for property_ in (DCTERMS.title, SKOS.prefLabel):
            self._add(scheme, property_, Literal(title, lang="en"))

    def add_everything(self, first: int, last: int) -> None:
        """The dataset of all plans, from the first year that one is for to the last."""
        everything, dump = self._everything, URIRef(f"{self._everything}/file/nq")
        self._add(self._root, DCAT.dataset, everything)
        self._add(everything, RDF.type, DCAT.Dataset)
        self._add(everything, DCTERMS.identifier, Literal("everything"))
        self._add(everything, DCTERMS.conformsTo, _VOCABULARY)
        self._add(everything, DCTERMS.spatial, _LOCATION_CHINA)
        self._add(everything, DCTERMS.temporal, self._period(everything, first, last))
        self._add(everything, DCAT.landingPage, URIRef(f"{self._address}/downloads"))
        self._keywords(everything)
        entry = next(f for f in words()["format"] if f["ending"] == ".nq")
        self._distribution(
            everything,
            dump,
            entry,
            words()["everything"]["description"],
            "application/n-quads",
            f"{self._address}/downloads",
        )
        self._add(dump, DCAT.downloadURL, URIRef(f"{self._address}/{EVERYTHING}"))
        self._add(dump, DCAT.compressFormat, self._media_type("application/gzip"))

    def _period(self, node: URIRef, first: int, last: int) -> URIRef:
        period = URIRef(f"{node}/period")
        self._add(period, RDF.type, DCTERMS.PeriodOfTime)
        self._add(period, DCAT.startDate, Literal(f"{first}-01-01", datatype=XSD.date))
        self._add(period, DCAT.endDate, Literal(f"{last}-12-31", datatype=XSD.date))
        return period

    def _keywords(self, node: URIRef, *more: str) -> None:
        texts = words()["plan"]
        self._add(node, DCAT.keyword, *(Literal(w, lang="zh") for w in (*texts["keywords"], *more)))
        self._add(node, DCAT.keyword, *(Literal(w, lang="en") for w in texts["keywords_en"]))

    def add_plan(self, plan: Plan, entry: PlanEntry, held: set[str]) -> None:
        """A plan's dataset, and one for each kind of entity that a file holds."""
        titles = {"plan": plan.title, "plan_en": plan.title_en or plan.slug}
        whole = URIRef(f"{self._base}/id/{plan.slug}/dataset")
        period = self._period(whole, *plan.period)
        area = URIRef(entry.area_iri(self._base))
        known = shared_area_triples(plan, self._base) if entry.place else area_of_plan(plan, area)
        for triple in known:
            self.graph.add(triple)
        if plan.source_url:
            self._add(URIRef(plan.source_url), RDF.type, FOAF.Document)
        self._dataset(whole, "plan", plan, entry, (period, area), **titles)
        self._add(whole, DCTERMS.identifier, Literal(plan.slug))
        self._add(whole, DCTERMS.isPartOf, self._everything)
        for kind, (zh, en) in self._kinds.items():
            if kind not in held:
                continue
            node = URIRef(f"{whole}/{kind}")
            self._dataset(
                node, "kind", plan, entry, (period, area), kind=zh, kind_en=en.lower(), **titles
            )
            self._add(node, DCTERMS.identifier, Literal(f"{plan.slug}-{kind}"))
            self._add(node, DCTERMS.isPartOf, whole)
            self._add(whole, DCTERMS.hasPart, node)

    def _dataset(
        self,
        node: URIRef,
        part: str,
        about: Plan,
        entry: PlanEntry,
        within: tuple[URIRef, URIRef],
        **titles: str,
    ) -> None:
        self._add(self._root, DCAT.dataset, node)
        self._add(self._service, DCAT.servesDataset, node)
        self._add(node, RDF.type, DCAT.Dataset)
        for predicate, key in ((DCTERMS.title, "title"), (DCTERMS.description, "description")):
            self._worded(node, predicate, words()[part][key], **titles)
        self._add(node, DCTERMS.publisher, self._publisher)
        self._add(node, DCAT.contactPoint, self._contact)
        self._add(node, DCTERMS.license, self._licence)
        self._add(node, DCTERMS.accessRights, URIRef(f"{AUTHORITY}access-right/PUBLIC"))
        self._add(node, DCTERMS.accrualPeriodicity, URIRef(f"{AUTHORITY}frequency/ANNUAL"))
        self._add(node, DCTERMS.language, URIRef(f"{AUTHORITY}language/ZHO"))
        self._add(node, DCTERMS.conformsTo, _VOCABULARY)
        self._add(node, DCTERMS.provenance, self._provenance)
        self._add(node, PROV.wasDerivedFrom, URIRef(f"{self._base}/id/{about.slug}/source"))
        if about.source_url:
            self._add(node, FOAF.page, URIRef(about.source_url))
        self._add(node, DCTERMS.subject, URIRef(f"{self._base}/id/{about.slug}"))
        self._add(node, DCAT.landingPage, URIRef(f"{self._address}/dataset/{about.slug}"))
        self._add(node, DCAT.theme, self._theme("GOVE"), self._theme("REGI"))
        self._add(node, DCTERMS.temporal, within[0])
        self._add(node, DCTERMS.spatial, within[1])
        self._add(node, DCTERMS.issued, Literal(entry.issued, datatype=XSD.date))
        self._add(node, DCTERMS.modified, Literal(entry.modified, datatype=XSD.date))
        self._keywords(node, about.area, *([titles["kind"]] if "kind" in titles else []))

    def _theme(self, code: str) -> URIRef:
        return URIRef(f"{AUTHORITY}data-theme/{code}")

    def add_distribution(self, file: ReleaseFile) -> None:
        """A file as a distribution of the dataset it holds."""
        entry = next(
            f
            for f in sorted(words()["format"], key=lambda f: -len(f["ending"]))
            if _plain(file.name).endswith(f["ending"])
        )
        dataset = URIRef(
            f"{self._base}/id/{file.plan}/dataset"
            + ("" if file.holds == "plan" else f"/{file.holds}")
        )
        node = URIRef(f"{dataset}/file/{_plain(file.name).removeprefix(file.plan).lstrip('.-')}")
        address = f"{self._address}{file.path}"
        description = [
            f"{_plain(file.name)}：{entry['name'][0]}",
            f"{_plain(file.name)}: {entry['name'][1]}",
        ]
        self._distribution(dataset, node, entry, description, file.media_type, address)
        self._add(node, DCAT.downloadURL, URIRef(address))
        if file.name.endswith(".gz"):
            self._add(node, DCAT.compressFormat, self._media_type("application/gzip"))
        standard = URIRef(entry["standard"])
        self._add(node, DCTERMS.conformsTo, standard)
        self._add(standard, RDF.type, DCTERMS.Standard)
        self._add(node, DCTERMS.language, URIRef(f"{AUTHORITY}language/ZHO"))
        if file.sha256:
            self._add_measures(node, file)

    def _add_measures(self, node: URIRef, file: ReleaseFile) -> None:
        """How long a file is, and its checksum."""
        checksum = URIRef(f"{node}/checksum")
        self._add(node, DCAT.byteSize, Literal(file.size, datatype=XSD.nonNegativeInteger))
        self._add(node, SPDX.checksum, checksum)
        self._add(checksum, RDF.type, SPDX.Checksum)
        self._add(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        self._add(checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))

    def _distribution(
        self,
        dataset: URIRef,
        node: URIRef,
        entry: dict[str, Any],
        description: list[str],
        media_type: str,
        address: str,
    ) -> None:
        """What is stated of every distribution; entry is that of its format in catalogue.toml."""
        self._add(dataset, DCAT.distribution, node)
        self._add(node, RDF.type, DCAT.Distribution)
        self._worded(node, DCTERMS.title, entry["name"])
        self._worded(node, DCTERMS.description, description)
        self._add(node, DCAT.accessURL, URIRef(address))
        self._add(node, DCTERMS["format"], URIRef(f"{AUTHORITY}file-type/{entry['file_type']}"))
        self._add(node, DCAT.mediaType, self._media_type(media_type))
        self._add(node, DCTERMS.license, self._licence)
        self._add(node, _DCATAP.availability, URIRef(f"{AUTHORITY}planned-availability/STABLE"))
        if media_type in _GRAPHS:  # what the service answers from
            self._add(node, DCAT.accessService, self._service)

    def _media_type(self, name: str) -> URIRef:
        """A media type by its IANA IRI, with the label that CKAN shows."""
        node = URIRef(f"https://www.iana.org/assignments/media-types/{name}")
        self._add(node, RDF.type, DCTERMS.MediaType, DCTERMS.MediaTypeOrExtent)
        self._add(node, RDFS.label, Literal(name))
        return node

    def add_authorities(self) -> None:
        """Describe the codes used: the catalogue validates without the authorities' lists."""
        objects = {o for o in self.graph.objects() if isinstance(o, URIRef)}
        for code in sorted(o for o in objects if o.startswith(AUTHORITY)):
            self._add_code(code)
        self._add(SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm)
        self._add(_VOCABULARY, RDF.type, DCTERMS.Standard)
        self._add(URIRef("https://www.w3.org/TR/sparql11-protocol/"), RDF.type, DCTERMS.Standard)
        for predicate, kind in (
            (FOAF.homepage, FOAF.Document),
            (DCAT.landingPage, FOAF.Document),
            (PROV.wasDerivedFrom, PROV.Entity),
        ):
            for node in {*self.graph.objects(None, predicate)} & objects:
                self._add(URIRef(str(node)), RDF.type, kind)

    def _add_code(self, code: URIRef) -> None:
        """A code of an authority's list, and the list."""
        scheme, _, local = code.removeprefix(AUTHORITY).partition("/")
        listed = URIRef(f"{AUTHORITY}{scheme}")
        if local:
            self._add(code, RDF.type, SKOS.Concept, *_KINDS.get(scheme, ()))
            self._add(code, SKOS.inScheme, listed)
            self._add(code, SKOS.prefLabel, Literal(local.replace("_", " "), lang="en"))
        if scheme == "file-type":
            # CKAN's harvester shows the label of a format that is of DCMI's scheme of media
            # types, else its IRI.
            self._add(code, RDF.type, DCTERMS.IMT)
            self._add(code, RDFS.label, Literal(_format_name(local)))
        if local or scheme == "data-theme":
            self._add(listed, RDF.type, SKOS.ConceptScheme)
            self._add_titles(listed, scheme)


def _format_name(file_type: str) -> str:
    """What people call a file type: the name of the one format of that type, else its code."""
    names = {
        f["name"][1]
        for f in words()["format"]
        if f["file_type"] == file_type and file_type.startswith(("RDF_", "JSON_LD"))
    }
    return names.pop() if len(names) == 1 else file_type


def _plain(name: str) -> str:
    """A file's name before it was compressed."""
    return name.removesuffix(".gz")
