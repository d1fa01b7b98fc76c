"""All quads of a release: what each plan alone says is taken compressed from its files as it lies
there, and never is in memory together."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.quads import FORMATS, in_order, packed, serialize
from kg.release.compiled import Compiled
from kg.release.kept_store import KeptStore, Piece
from kg.release.manifest import sha256

_REST = ".rest"  # no plan is called so


class Everything:
    """The quads of a release.

    sizes: how many quads each graph has, by its IRI in order.

    Args:
        plans: its plans, each with what it alone says.
    """

    def __init__(self, plans: Sequence[Compiled], rest: list[ox.Quad]) -> None:
        self._plans = plans
        self._rest = packed(serialize(in_order(rest), FORMATS["nquads"])) if rest else b""
        sizes = Counter(getattr(quad.graph_name, "value", "") for quad in rest)
        for one in plans:
            sizes.update(one.part.noted["graphs"])
        self.sizes = dict(sorted(sizes.items()))

    def write_dump(self, path: Path) -> None:
        """Write all as N-Quads, compressed, a plan after the other, then what is of none: one gzip
        file may follow the other in a third one (RFC 1952, section 2.2)."""
        with path.open("wb") as out:
            out.writelines(one.inner() for one in self._plans)
            out.write(self._rest)

    def write_store(self, folder: Path, kept: KeptStore, drafts: Path) -> int:
        """Write all to a new on-disk store; returns how many quads it holds.

        Args:
            kept: the store of the publish before, which takes in what differs.
            drafts: a folder for what is of no plan, until it is loaded.
        """
        rest = drafts / "rest.nq.gz"
        rest.write_bytes(self._rest)
        pieces = {
            one.slug: Piece(one.dump, one.part.noted["inner"], one.content) for one in self._plans
        }
        pieces[_REST] = Piece(rest, len(self._rest), sha256(self._rest))
        try:
            return kept.bring_up_to_date(pieces, folder)
        finally:
            rest.unlink()
