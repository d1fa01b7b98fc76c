"""For portals and search engines: the DCAT catalogue, of many plans page by page, as Hydra says it
and ckanext-dcat reads it; VoID, pages of datasets, site map, robots.txt."""

from collections.abc import Sequence

import pyoxigraph as ox
from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.rdf.iris import site_graph
from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import chinese_first, in_order, respelt, serialize
from kg.rdf.turtle import stated
from kg.release.catalogue import CORE_METADATA, words
from kg.release.manifest import ReleaseFile
from kg.web.context import abort_if_its_plan_is_gone, at, plain, plan_of, public, release, sent
from kg.web.linked_data.documents import DOCUMENTS, EXTENSIONS, citations
from kg.web.linked_data.files import file_of
from kg.web.messages import Message
from kg.web.negotiation import PAGE, format_for
from kg.web.parameters import page_of, pages_from

PLANS_ON_A_PAGE = 25  # the most that one document holds: 5 MB, made in a second or two
_LISTS = [PREFIXES["dcat"] + name for name in ("dataset", "servesDataset")]
_DECLARES = "http://www.w3.org/ns/shacl#declare"
_CATALOGUED = ("dataset", "area", "series", "release", "source")  # of a plan
blueprint = Blueprint("catalogue", __name__)

# what VoID says, and what it says of who publishes, whom to ask and the licence; services apart
_VOID = """
CONSTRUCT { ?s ?p ?o . <%s> a void:DatasetDescription ; foaf:primaryTopic <%s> } {
  ?s ?p ?o FILTER ( !STRENDS(STR(?p), "#service") ) {
    SELECT DISTINCT ?s {
      ?dataset ?counted ?n FILTER ( STRSTARTS(STR(?counted), STR(void:)) )
      ?dataset (dcterms:publisher|dcterms:license|dcat:contactPoint)? ?s FILTER ISIRI(?s) } } }"""
_LISTED = (
    "directory.front", "sparql.sparql", "files.downloads", "releases.listing", "vocabulary.terms",
    "sparql.conformance",
)  # fmt: skip
_LISTED_OF_SEVERAL = ("corpus.listed", "comparison.compare")
_LISTED_OF_PLANS = (
    "plans.overview_of", "plans.full_text", "annex.indicators", "catalogue.dataset",
    "relations.relations",
)  # fmt: skip
_PAGES = """
SELECT ?entity WHERE { ?entity a ?type
  VALUES ?type {
    plan:Goal plan:Measure plan:Indicator plan:Zone plan:Institution plan:Section plan:Finding
  } }"""


def page_quads(store: ox.Store, base: str, slugs: Sequence[str], every: set[str]) -> list[ox.Quad]:
    """What the catalogue says of some plans' datasets and their releases, with all that they lead
    to, and of itself. every: the slugs of all plans, former ones too, of which the others are
    not followed."""
    root, own = f"{base}/id/catalogue", {f"{base}/id/{slug}" for slug in slugs}
    waiting = [root, *(f"{plan}/dataset" for plan in sorted(own))]
    seen, found, vocabulary = {*waiting}, [], ox.NamedNode(site_graph(base, "vocabulary"))
    while waiting:
        node = ox.NamedNode(waiting.pop())
        quads = respelt(store.quads_for_pattern(node, None, None))
        for quad in quads:
            leads = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            within, _, rest = leads.removeprefix(f"{base}/id/").partition("/")
            of_plan = leads.startswith(f"{base}/id/") and within in every
            asked = f"{base}/id/{within}" in own and rest.startswith(_CATALOGUED)
            if quad.predicate.value in _LISTS and of_plan and not asked:
                continue
            if quad.graph_name == vocabulary or quad.predicate.value == _DECLARES:
                continue  # no part of the catalogue
            found.append(ox.Quad(quad.subject, quad.predicate, quad.object))
            if leads and leads not in seen and (asked or not of_plan):
                seen.add(leads)
                waiting.append(leads)
    return list(dict.fromkeys(found))


def paging_quads(address: str, number: int, pages: int, items: int) -> list[ox.Quad]:
    """Which page a document is of the catalogue at an address, and where the next one is; items:
    how many plans there are."""
    return stated(
        "kg.web",
        "templates/hydra",
        address=address,
        number=number,
        total=items,
        size=PLANS_ON_A_PAGE,
        leads=pages_from(number, pages),
    )


@blueprint.get("/catalogue")
def catalogue() -> WerkzeugResponse:
    """The catalogue, redirected to the format that the client prefers."""
    extension = format_for(request, {**PAGE, **EXTENSIONS})
    if extension == "html":
        return _listed_on_a_page()
    return redirect(url_for("catalogue.catalogue_document", extension=extension), 303)


def _listed_on_a_page() -> WerkzeugResponse:
    """To the page on which people find what the catalogue and VoID list for programs."""
    return redirect(url_for("files.downloads"), 303)


@blueprint.get("/catalogue.<any(ttl, trig, nt, nq, rdf, jsonld):extension>")
def catalogue_document(extension: str) -> Response:
    """The DCAT catalogue of the current release, page by page where there are many plans or the
    address names a page; releases of plans that were taken out are on the first. Chinese titles
    come before English ones: harvesters take the first."""
    form, wanted, shown = DOCUMENTS[extension], request.args.get("page", ""), release()
    slugs = [plan.slug for plan in shown.manifest.plans]
    listed, number, pages = page_of(slugs, PLANS_ON_A_PAGE)
    if wanted or pages > 1:
        address = public("catalogue.catalogue_document", extension=extension)
        past = {plan.slug for one in shown.manifest.history for plan in one.plans}.difference(slugs)
        own = [*listed, *past] if number == 1 else listed
        quads = [
            *page_quads(shown.store, shown.base, own, past.union(slugs)),
            *paging_quads(address, number, pages, len(slugs)),
        ]
        body = serialize(chinese_first(quads), form)
    else:
        body = shown.once(("catalogue", extension), lambda: _catalogue_bytes(extension))
    return sent(body, form.content_type)


def _catalogue_bytes(extension: str) -> bytes:
    content = (release().folder / "catalogue.ttl").read_bytes()
    if extension == "ttl":
        return content
    quads = ox.parse(content, format=ox.RdfFormat.TURTLE)
    return serialize(chinese_first(quads), DOCUMENTS[extension])


@blueprint.get("/core-metadata.csv")
def core_metadata() -> Response:
    """The core metadata of the datasets by GB/T 21063.3, a row each."""
    response = send_from_directory(release().folder, CORE_METADATA, conditional=True)
    response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    return response


@blueprint.get("/.well-known/void")
def void() -> WerkzeugResponse:
    """VoID of everything released (https://www.w3.org/TR/void/ §7.2)."""
    extension = format_for(request, {**EXTENSIONS, **PAGE})
    if extension == "html":
        return _listed_on_a_page()
    form = DOCUMENTS[extension]
    body = release().once(("void", form.extension), lambda: serialize(_void_quads(), form))
    return sent(body, form.content_type)


def _void_quads() -> list[ox.Quad]:
    base, store = release().base, release().store
    query = _VOID % (f"{base}/.well-known/void", f"{base}/id/catalogue/everything")
    graph = ox.NamedNode(site_graph(base, "catalogue"))
    triples = store.query(query, prefixes=PREFIXES, default_graph=graph)
    assert isinstance(triples, ox.QueryTriples)
    return in_order(respelt(ox.Quad(*triple) for triple in triples))


@blueprint.get("/dataset/<slug>")
def dataset(slug: str) -> str:
    """A plan's dataset: its files, and the same in schema.org's vocabulary."""
    plan = plan_of(slug)
    listed = [f for f in release().manifest.exports if f.plan == slug]
    groups: dict[str, list[ReleaseFile]] = {}
    for file in sorted(listed, key=lambda file: not file.name.endswith(".xlsx")):  # for most
        groups.setdefault(file.holds, []).append(file)
    return render_template(
        "dataset.html",
        plan=plan,
        groups=groups,
        citations=citations(f"{release().base}/id/{slug}/dataset"),
        listed=listed,
        keywords=words()["plan"]["keywords"],
        indicators=dict.fromkeys(row["label"] for row in release().select(_INDICATORS, slug)),
    )


_INDICATORS = "SELECT ?label WHERE { ?i a plan:Indicator ; skos:prefLabel ?label } ORDER BY ?i"


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The site map (https://www.sitemaps.org/protocol.html); of several plans, an index."""
    slugs = [plan.slug for plan in release().manifest.plans]
    if len(slugs) > 1:
        maps = [public("catalogue.site_pages")]
        maps += [public("catalogue.plan_pages", slug=slug) for slug in slugs]
        return _site_map(maps, "sitemapindex", "sitemap")
    return _site_map([*_pages_of_site(), *(one for slug in slugs for one in _pages_of(slug))])


@blueprint.get("/sitemap-site.xml")
def site_pages() -> Response:
    """The pages that are of no one plan, for search engines."""
    return _site_map(_pages_of_site())


@blueprint.get("/sitemap/<slug>.xml")
def plan_pages(slug: str) -> Response:
    """The pages of a plan, for search engines."""
    return _site_map(_pages_of(plan_of(slug).slug))


def _pages_of_site() -> list[str]:
    several = len(release().manifest.plans) > 1
    return [public(one) for one in (*_LISTED, *(_LISTED_OF_SEVERAL if several else ()))]


def _pages_of(slug: str) -> list[str]:
    paths = release().once(("pages", slug), lambda: _paths(slug))
    return [
        *(public(endpoint, slug=slug) for endpoint in _LISTED_OF_PLANS),
        *(public("entities.page", path=path) for path in paths),
    ]


def _site_map(addresses: list[str], root: str = "urlset", name: str = "url") -> Response:
    issued = release().manifest.issued
    body = render_template("sitemap.xml", root=root, name=name, addresses=addresses, issued=issued)
    return sent(body, "application/xml; charset=utf-8")


def _paths(slug: str) -> list[str]:
    """The paths, below /page/, of the entities of a plan that have pages of their own."""
    rows = release().select(_PAGES, slug)
    return sorted({row["entity"].removeprefix(f"{release().base}/id/") for row in rows})


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots may read: everything but what computes and what writes; results of searches
    are without end. They ask for it at the root of a host alone (RFC 9309 §2.3): who mounts the
    site elsewhere merges it with the robots.txt there."""
    closed = ("/sparql?", "/workspace/", "/review/", "/search", "/corpus/*?", "/releases/compare")
    lines = [
        "User-agent: *",
        *(f"Disallow: {at(path)}" for path in closed),
        f"Sitemap: {public('catalogue.sitemap')}",
    ]
    return plain("\n".join(lines))


@blueprint.get("/exports/<name>")
def export(name: str) -> Response:
    """A table or other file of the current release; 410 for one of a plan that was withdrawn."""
    known = release().manifest.served.get(f"/exports/{name}")
    if known is None:
        abort_if_its_plan_is_gone(name)
        abort(404, Message("no_file", name))
    response = file_of(release().folder, release().manifest, known.path)
    dataset = f"{release().base}/id/{known.plan}/dataset"
    # RFC 8574; the data package names plan, release and date, which tables cannot
    link = f'<{dataset}>; rel="cite-as", <{known.plan}-datapackage.json>; rel="describedby"'
    if name.endswith(".csv"):
        response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
        link += f', <{name}-metadata.json>; rel="describedby"; type="application/csvm+json"'
    response.headers["Link"] = link
    return response
