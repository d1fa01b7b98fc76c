"""The links of a plan as a network for Gephi and its like: GraphML and GEXF."""

import io
import re
from xml.sax.saxutils import escape

import networkx as nx

from kg.export.tables import Table

_NODES = ("goals", "measures", "indicators", "zones", "institutions")
_DATED = re.compile(rb' lastmodifieddate="[^"]*"')
_CREATOR = re.compile(rb"<creator>.*?</creator>")


def network(tables: tuple[Table, ...]) -> nx.MultiDiGraph:
    """Entities as nodes with name and type, links as edges with property, method and score."""
    graph = nx.MultiDiGraph()
    for table in tables:
        if table.name in _NODES:
            name = next(
                i
                for i, c in enumerate(table.columns, 1)
                if c.property and c.property.endswith("#prefLabel")
            )
            for row in table.rows:
                graph.add_node(row[0], label=row[name], type=table.name)
    links = next(t for t in tables if t.name == "links")
    place = {c.name: i for i, c in enumerate(links.columns, 1)}
    for row in links.rows:
        subject, object_ = row[place["subject"]], row[place["object"]]
        if subject in graph and object_ in graph:
            graph.add_edge(
                subject,
                object_,
                key=row[0],
                property=row[place["predicate_label"]],
                method=row[place["method_label"]],
                weight=float(row[place["score"]] or 1),
            )
    return graph


def graphml(graph: nx.MultiDiGraph) -> bytes:
    """The network as GraphML."""
    out = io.BytesIO()
    nx.write_graphml(graph, out)
    return out.getvalue()


def gexf(graph: nx.MultiDiGraph, imprint: str) -> bytes:
    """The network as GEXF 1.2, by its publisher and under its licence, without the day it was
    written: the same bytes each time."""
    out = io.BytesIO()
    nx.write_gexf(graph, out, version="1.2draft")
    by, about = escape(graph.graph["publisher"]), escape(f"{imprint} {graph.graph['licence']}")
    meta = f"<creator>{by}</creator>\n    <description>{about}</description>"
    return _CREATOR.sub(lambda _: meta.encode(), _DATED.sub(b"", out.getvalue()), count=1)
