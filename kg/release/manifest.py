"""Where the current release of a folder is, and what a release says of itself."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.rdf.quads import read_quads


def current(out: Path) -> Path:
    """The folder of the current release.

    Raises:
        PlanlinkError: nothing has been released there.
    """
    folder = out / "current"
    if not (folder / "manifest.json").exists():
        raise PlanlinkError(
            "no release is there",
            str(out),
            "run planlink publish first, or name the folder it wrote to",
        )
    return folder.resolve()


def current_name(link: str) -> str:
    """The name of the current release, by one system call.

    Args:
        link: the link "current" of a folder of releases.
    """
    # a path's methods take three times as long
    return os.path.basename(os.readlink(link))  # noqa: PTH115, PTH119


def tag_of(folder: Path) -> str:
    """What distinguishes a release from others, in entity tags."""
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()[:16]


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a release's folder."""
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def plan_quads(folder: Path, manifest: dict[str, Any]) -> dict[str, list[ox.Quad]]:
    """What a release says of each of its plans, by slug, read from its dumps.

    Args:
        folder: the release's folder.
        manifest: its manifest.
    """
    return {
        p["slug"]: read_quads(folder / "dumps" / p["dump"])
        for p in manifest["plans"]
        if "dump" in p
    }
