"""The integrity constraints of data cubes (integrity.toml), asked of a store."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES

_TOLD = tomllib.loads((Path(__file__).parent / "integrity.toml").read_text(encoding="utf-8"))
CONSTRAINTS: dict[str, dict[str, Any]] = {one["name"]: one for one in _TOLD["constraint"]}


def normalised(store: ox.Store) -> ox.Store:
    """The store, with what the abbreviations of cubes stand for."""
    for update in _TOLD["normalise"]:
        store.update(update, prefixes=PREFIXES)
    return store


def is_broken(store: ox.Store, name: str) -> bool:
    """Whether a normalised store breaks a constraint."""
    constraint = CONSTRAINTS[name]
    asks = [constraint["ask"]]
    if "select" in constraint:
        found = store.query(constraint["select"], prefixes=PREFIXES)
        asks = [constraint["ask"].replace("$p", row["p"].value) for row in found]  # type: ignore[union-attr]
    return any(bool(store.query(ask, prefixes=PREFIXES)) for ask in asks)


def broken(store: ox.Store) -> list[str]:
    """The constraints that a normalised store breaks."""
    return [name for name in CONSTRAINTS if is_broken(store, name)]
