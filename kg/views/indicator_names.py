"""The indicators of all released plans by their names, for those that other plans have too."""

from collections import defaultdict

import pyoxigraph as ox

from kg.rdf.iris import reading_order
from kg.rdf.select import select
from kg.views.sameness import likely_quantity, same_name

_NAMED = """
SELECT ?indicator ?name WHERE { GRAPH ?g { ?indicator a plan:Indicator ; skos:prefLabel ?name } }"""


class Names:
    """The indicators of all released plans by their names."""

    def __init__(self, store: ox.Store) -> None:
        self._name: dict[str, str] = {}
        self._same: dict[str, list[str]] = defaultdict(list)
        self._likely: dict[str, list[str]] = defaultdict(list)
        for row in sorted(select(store, _NAMED), key=lambda r: reading_order(r["indicator"])):
            iri, name = row["indicator"], row["name"]
            self._name[iri] = same_name(name)
            self._same[same_name(name)].append(iri)
            if quantity := likely_quantity(name):
                self._likely[quantity].append(iri)

    def same(self, indicator: str) -> list[str]:
        """The indicators of other plans that have the same name (IRIs)."""
        return self._elsewhere(indicator, self._same[self._name[indicator]])

    def likely(self, indicator: str) -> list[str]:
        """The indicators of other plans that likely count the same by other names (IRIs)."""
        name = self._name[indicator]
        found = self._likely[likely_quantity(name)] if likely_quantity(name) else []
        return [iri for iri in self._elsewhere(indicator, found) if self._name[iri] != name]

    @staticmethod
    def _elsewhere(indicator: str, iris: list[str]) -> list[str]:
        plan = indicator.rsplit("/indicator/", 1)[0]
        return [iri for iri in iris if not iri.startswith(f"{plan}/")]
