"""Bounded evaluation of SPARQL: requests go to forked processes that can be killed and are replaced
at once.

`supervisor` keeps a pool of processes for each release that is served, `pool` is such a pool, which
keeps its `workers`; `evaluate` works in them on an embedded store and `remote` on an engine
elsewhere, `client` asks.
"""

from kg.sparql.client import QueryClient
from kg.sparql.request import Answer, Request

__all__ = ["Answer", "QueryClient", "Request"]
