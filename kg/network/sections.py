"""The parts, chapters and sections of a plan's network: which measures are in which, and which
one stands for a measure in a picture of a given depth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from kg.network.relations import PART_OF
from kg.rdf.iris import outward, reading_order
from kg.rdf.namespaces import local_name

if TYPE_CHECKING:
    import networkx as nx

PART, CHAPTER, SECTION, MEASURE = "part", "chapter", "section", "measure"
DEPTHS = (PART, CHAPTER, SECTION, MEASURE)

_A_PART = re.compile(r"p\d+")
_NUMBERED = re.compile(r"\d+(\.\d+)+")
_DEEPEST = 9  # the rank of boxes and of what is in them


class Sections:
    """The sections of a plan as a tree, with its measures as leaves."""

    def __init__(self, network: nx.MultiDiGraph) -> None:
        kinds = dict(network.nodes(data="type"))
        self._above = {
            part: whole
            for part, whole, property_ in network.edges(data="property")
            if property_ == PART_OF and kinds[whole] == "Section"
        }
        self._below: dict[str, list[str]] = defaultdict(list)
        for part in sorted(self._above, key=reading_order):
            self._below[self._above[part]].append(part)
        self._kinds = kinds
        self.measures = sorted((n for n in kinds if kinds[n] == "Measure"), key=reading_order)
        self.sections = sorted((n for n in kinds if kinds[n] == "Section"), key=reading_order)

    def chain(self, node: str) -> list[str]:
        """The sections around a section or measure, the outermost first, and the node itself."""
        return outward(node, self._above.get)[::-1]

    def below(self, section: str) -> list[str]:
        """The sections and measures directly in a section, in reading order."""
        return list(self._below.get(section, ()))

    def inside(self, section: str) -> list[str]:
        """The measures in a section and in the sections below it, in reading order."""
        found = []
        for node in self._below.get(section, ()):
            found += [node] if self._kinds[node] == "Measure" else self.inside(node)
        return found

    def all_in(self, section: str) -> list[str]:
        """The sections and measures in a section at any depth, in reading order."""
        return [n for below in self.below(section) for n in (below, *self.all_in(below))]

    def rank(self, section: str) -> int:
        """A section's depth: 0 a part, 1 a chapter, 2 its section and so on; boxes deepest."""
        name = local_name(section)
        if _A_PART.fullmatch(name):
            return 0
        above = self._above.get(section)
        if above is None or self.rank(above) == 0:
            return 1
        return 1 + name.count(".") if _NUMBERED.fullmatch(name) else _DEEPEST

    def drawn_as(self, node: str, depth: str, opened: Collection[str] = ()) -> str:
        """The ancestor of a section or measure that is drawn at one of DEPTHS: the innermost that
        is no deeper, or in an opened section the next one below that."""
        if depth == MEASURE and self._kinds[node] == "Measure":
            return node
        around = self.chain(node)
        deepest = DEPTHS.index(depth)
        drawn = (
            one in opened or (self._kinds[one] == "Section" and self.rank(one) <= deepest)
            for one in around
        )
        at = max((i for i, is_drawn in enumerate(drawn) if is_drawn), default=0)
        while around[at] in opened and at + 1 < len(around):
            at += 1
        return around[at]

    def depths(self) -> list[str]:
        """The depths at which this plan looks different, the shallowest first."""
        seen: dict[frozenset[str], str] = {}  # where two look the same, the deeper is its name
        for depth in DEPTHS if self.measures else ():
            seen[frozenset(self.drawn_as(m, depth) for m in self.measures)] = depth
        return list(seen.values())
