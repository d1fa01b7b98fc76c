"""The places of a plan whose coordinates are known, as GeoJSON (RFC 7946)."""

import re
from typing import Any

from kg.rdf.namespaces import PREFIXES, expand
from kg.rdf.statements import Statements

_POINT = re.compile(r"POINT\((\S+) (\S+)\)")


def geojson(of: Statements) -> dict[str, Any] | None:
    """A feature for each place with a point; None where there is no such place."""
    features = []
    for iri in of.iris(PREFIXES["plan"] + "Zone"):
        for geometry in of.texts(iri, expand("geo:hasGeometry")):
            point = _POINT.search(of.first(geometry, expand("geo:asWKT")))
            if point is None:
                continue
            label = of.first(iri, expand("skos:prefLabel"))
            kind = [
                name
                for t in of.texts(iri, expand("plan:zoneType"))
                for name in of.texts(t, expand("skos:prefLabel"))
            ]
            features.append(
                {
                    "type": "Feature",
                    "id": iri,
                    "geometry": {
                        "type": "Point",
                        "coordinates": [float(point[1]), float(point[2])],
                    },
                    "properties": {"name": label, "type": kind[0] if kind else None},
                }
            )
    return {"type": "FeatureCollection", "features": features} if features else None
