"""All quads of a release: what each plan alone says is taken compressed from its files as it lies
there, and never stands in memory together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.quads import FORMATS, in_order, packed, serialize
from kg.release.compiled import Compiled


class Everything:
    """The quads of a release.

    sizes: how many quads each graph has, by its IRI in order.

    Args:
        plans: its plans, each with what it alone says.
        rest: all other quads.
    """

    def __init__(self, plans: Sequence[Compiled], rest: list[ox.Quad]) -> None:
        self._plans = plans
        self._rest = packed(serialize(in_order(rest), FORMATS["nquads"])) if rest else b""
        sizes = Counter(getattr(quad.graph_name, "value", "") for quad in rest)
        for one in plans:
            sizes.update(one.part.noted["graphs"])
        self.sizes = dict(sorted(sizes.items()))

    def pieces(self) -> Iterator[bytes]:
        """All as N-Quads, in compressed pieces: a plan after the other, then what is of none."""
        for one in self._plans:
            yield one.inner()
        yield self._rest

    def write_dump(self, path: Path) -> None:
        """Write all as N-Quads, compressed: one gzip file may follow the other in a third one (RFC
        1952, section 2.2)."""
        with path.open("wb") as out:
            out.writelines(self.pieces())
