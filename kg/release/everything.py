"""All graphs of a release in order, a graph at a time: what each plan alone says is taken from its
files as it lies there, and never stands in memory together."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.quads import FORMATS, serialize
from kg.release.compiled import INNER, Compiled


class Everything:
    """The quads of a release.

    Args:
        plans: its plans, each with what it alone says.
        rest: all other quads.
    """

    def __init__(self, plans: Sequence[Compiled], rest: list[ox.Quad]) -> None:
        self._inner: dict[str, tuple[Path, int, int]] = {}
        self._rest: dict[str, list[ox.Quad]] = defaultdict(list)
        for quad in rest:
            self._rest[getattr(quad.graph_name, "value", "")].append(quad)
        sizes = Counter({name: len(quads) for name, quads in self._rest.items()})
        for one in plans:
            file = one.part.folder / INNER
            graphs = one.part.noted["graphs"]
            ends = [*(start for start, _ in graphs.values()), one.part.files[INNER].bytes][1:]
            for (name, (start, count)), end in zip(graphs.items(), ends, strict=True):
                self._inner[name] = file, start, end - start
                sizes[name] += count
        self.sizes = dict(sorted(sizes.items()))

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        """Each graph by its IRI, as N-Quads in order."""
        for name in self.sizes:
            lines = serialize(self._rest.get(name, ()), FORMATS["nquads"]).splitlines(keepends=True)
            if name in self._inner:
                file, start, length = self._inner[name]
                with file.open("rb") as held:
                    held.seek(start)
                    lines += held.read(length).splitlines(keepends=True)
            # as by graph, subject, property and object: none of the first three begins another
            yield name, b"".join(sorted(lines))

    def write_dump(self, path: Path) -> None:
        """Write all as N-Quads, compressed."""
        packed = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=31)
        with path.open("wb") as out:
            for _, lines in self.graphs():
                out.write(packed.compress(lines))
            out.write(packed.flush())
