"""The catalogue of many plans, page by page, as Hydra says it and ckanext-dcat reads it."""

from collections.abc import Sequence

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import respelt
from kg.rdf.turtle import stated
from kg.web.asked import pages_from

PAGE = 25  # plans on a page, and the most that one document holds: 5 MB, made in a second or two
_DATASET = f"{PREFIXES['dcat']}dataset"
_SERVES = f"{PREFIXES['dcat']}servesDataset"


def page_quads(store: ox.Store, base: str, slugs: Sequence[str], every: set[str]) -> list[ox.Quad]:
    """What the catalogue says of some plans' datasets, with all that they lead to, and of itself.

    Args:
        every: the slugs of all plans, whose datasets are not followed unless they are asked for.
    """
    root, own = f"{base}/id/catalogue", {f"{base}/id/{slug}" for slug in slugs}
    waiting = [root, *(f"{plan}/dataset" for plan in sorted(own))]
    seen, found = {*waiting}, []
    while waiting:
        node = ox.NamedNode(waiting.pop())
        quads = respelt(store.quads_for_pattern(node, None, None))
        for quad in quads:
            leads = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            within, _, rest = leads.removeprefix(f"{base}/id/").partition("/")
            of_plan = leads.startswith(f"{base}/id/") and within in every
            asked = f"{base}/id/{within}" in own and rest.startswith(("dataset", "area", "series"))
            if quad.predicate.value in (_DATASET, _SERVES) and of_plan and not asked:
                continue
            found.append(ox.Quad(quad.subject, quad.predicate, quad.object))
            if leads and leads not in seen and (asked or not of_plan):
                seen.add(leads)
                waiting.append(leads)
    return list(dict.fromkeys(found))


def paging_quads(address: str, number: int, pages: int, items: int) -> list[ox.Quad]:
    """Which page of the catalogue a document is, and where the next one is.

    Args:
        address: the catalogue's, without the number of a page.
        items: how many plans there are.
    """
    return stated(
        "kg.web",
        "templates/hydra",
        address=address,
        number=number,
        total=items,
        size=PAGE,
        leads=pages_from(number, pages),
    )
