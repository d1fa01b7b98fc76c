"""All quads of a release: what each plan alone says, and the catalogue of it alone, is taken
compressed from files as it lies there, and never is in memory together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.gzipped import Blocks, one_member
from kg.rdf.quads import FORMATS, in_order, serialize
from kg.release.kept_store import KeptStore, Piece
from kg.release.manifest import sha256

_REST = ".rest"  # no plan is called so


class Everything:
    """The quads of a release.

    sizes: how many quads each graph has, by its IRI in order.

    Args:
        pieces: the parts that lie in files, by name. graphs: how many quads of each graph they
            have. rest: the quads that lie in none.
    """

    def __init__(
        self,
        pieces: Mapping[str, Piece],
        graphs: Iterable[Mapping[str, int]],
        rest: list[ox.Quad],
    ) -> None:
        self._pieces = pieces
        self._rest = Blocks.of(serialize(in_order(rest), FORMATS["nquads"]))
        sizes = Counter(getattr(quad.graph_name, "value", "") for quad in rest)
        for one in graphs:
            sizes.update(one)
        self.sizes = dict(sorted(sizes.items()))

    def write_dump(self, path: Path) -> None:
        """Write all as N-Quads, compressed, a piece after the other, then the rest."""
        parts = chain((piece.blocks() for piece in self._pieces.values()), [self._rest])
        with path.open("wb") as out:
            out.writelines(one_member(parts))

    def write_store(self, folder: Path, kept: KeptStore, drafts: Path) -> None:
        """Write all to a new on-disk store.

        Args:
            kept: the store of the publish before, which takes in what differs.
            drafts: a folder for what lies in no file, until it is loaded.
        """
        rest = drafts / "rest.nq.gz"
        rest.write_bytes(b"".join(one_member([self._rest])))
        last = Piece(rest, self._rest.noted, sha256(self._rest.deflated))
        try:
            kept.bring_up_to_date({**self._pieces, _REST: last}, folder)
        finally:
            rest.unlink()
