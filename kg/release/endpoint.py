"""What editors of queries ask an endpoint for: the usual prefixes, and queries that may be run
(SHACL Advanced Features §5, https://github.com/sib-swiss/sparql-examples)."""

from typing import Any

import pyoxigraph as ox

from kg.files import packaged
from kg.rdf.namespaces import PREFIXES, with_prefixes
from kg.rdf.turtle import stated
from kg.settings import Site


def examples() -> list[dict[str, Any]]:
    """The example queries of examples.toml, each with the prefixes that it uses."""
    found = packaged("kg.release", "examples")["example"]
    return [example | {"query": with_prefixes(example["query"])} for example in found]


def endpoint_quads(site: Site, graph: str) -> list[ox.Quad]:
    """The prefixes that the endpoint declares, and its examples.

    Args:
        site: the base of all IRIs, and where the server is reached.
        graph: the graph that they go to.
    """
    return stated(
        "kg.release", "endpoint", graph, site=site, prefixes=PREFIXES, examples=examples()
    )
