"""Releases for benchmarks: the flagship, and many plans made from it, each under a name of its
own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.quads import FORMATS, read_quads, serialize
from kg.release.store import write_store

ROOT = Path(__file__).parent.parent
SLUG = "hongqiao-2021"


def flagship(out: Path) -> Path:
    """Publish the flagship; returns its dump."""
    command = [sys.executable, "-m", "kg", "publish", ROOT / "plans" / SLUG, "--out", out]
    subprocess.run(command, check=True, capture_output=True)
    return next((out / "dumps").glob("planlink.nq*"))


def many(out: Path, plans: int) -> None:
    """Turn a release of the flagship into one of many plans: its statements again under other
    slugs, labels numbered.
    """
    folder = (out / "current").resolve()
    quads = read_quads(next((folder / "dumps").glob("planlink.nq*")))
    own = [q for q in quads if f"/{SLUG}" in q.graph_name.value]  # type: ignore[union-attr]
    shutil.rmtree(folder / "store")
    copies = list(_copies(own, [q for q in quads if q not in set(own)], plans))
    write_store(folder / "store", serialize(copies, FORMATS["nquads"]))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["graphs"] = {
        name.replace(SLUG, slug(i)): count
        for name, count in manifest["graphs"].items()
        for i in range(plans)
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def slug(number: int) -> str:
    """The slug of the plan of a number; the first is the flagship."""
    return SLUG if number == 0 else f"plan-{number:04}"


def _copies(own: list[ox.Quad], shared: list[ox.Quad], plans: int) -> Iterator[ox.Quad]:
    yield from shared
    for i in range(plans):
        for quad in own:
            yield quad if i == 0 else ox.Quad(*(_renamed(term, i) for term in quad))


def _renamed(term: object, number: int) -> object:
    if isinstance(term, ox.NamedNode) and SLUG in term.value:
        return ox.NamedNode(term.value.replace(SLUG, slug(number)))
    if isinstance(term, ox.Literal) and term.language == "zh" and len(term.value) < 40:
        return ox.Literal(f"{term.value}{number}", language="zh")
    return term
