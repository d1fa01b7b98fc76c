"""The places of a plan whose coordinates are known, as GeoJSON (RFC 7946)."""

import re
from typing import Any

from kg.export.tables import Statements
from kg.rdf.namespaces import PREFIXES, expand

_POINT = re.compile(r"POINT\((\S+) (\S+)\)")


def geojson(of: Statements) -> dict[str, Any] | None:
    """A feature for each place with a point; None where there is no such place."""
    features = []
    for iri in of.instances(PREFIXES["plan"] + "Zone"):
        for geometry in of.objects(iri, expand("geo:hasGeometry")):
            point = _POINT.search(of.objects(geometry.value, expand("geo:asWKT"))[0].value)
            if point is None:
                continue
            label = of.objects(iri, expand("skos:prefLabel"))[0].value
            kind = [
                o.value
                for t in of.objects(iri, expand("plan:zoneType"))
                for o in of.objects(t.value, expand("skos:prefLabel"))
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
