"""planlink: government plans as linked open data.

This is all that programs should import. Everything else in kg may change from one version to the
next.

>>> import kg
>>> plan = kg.read_plan("plans/hongqiao-2021")
>>> measure = next(m for m in plan.measures if m.zones and m.goals)
>>> measure.zones[0].measures[0].number <= measure.number
True

Names are loaded when they are first used, so that ``import kg`` is quick and wants no server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from kg.errors import PlanlinkError
    from kg.settings import Settings
    from kg.settings.loading import load_settings
    from kg.sparql.reader import BlankNode, Iri, Release, ReleasedPlan, Row, Triple, open_release
    from kg.views.plan_entities import (
        Achievement,
        Entity,
        Goal,
        Indicator,
        Institution,
        Link,
        Measure,
        NamedEntity,
        Passage,
        Plan,
        Quantity,
        Section,
        Value,
        Zone,
    )
    from kg.views.plan_reading import read_plan

    __version__: str

__all__ = [
    "Achievement", "BlankNode", "Entity", "Goal", "Indicator", "Institution", "Iri", "Link",
    "Measure", "NamedEntity", "Passage", "Plan", "PlanlinkError", "Quantity", "Release",
    "ReleasedPlan", "Row", "Section", "Settings", "Triple", "Value", "Zone", "__version__",
    "create_app", "load_settings", "open_release", "publish", "read_plan",
]  # fmt: skip

_HOMES = {
    "kg.errors": ("PlanlinkError",),
    "kg.settings": ("Settings",),
    "kg.settings.loading": ("load_settings",),
    "kg.sparql.reader": (
        "BlankNode", "Iri", "Release", "ReleasedPlan", "Row", "Triple", "open_release",
    ),
    "kg.views.plan_entities": (
        "Achievement", "Entity", "Goal", "Indicator", "Institution", "Link", "Measure",
        "NamedEntity", "Passage", "Plan", "Quantity", "Section", "Value", "Zone",
    ),
    "kg.views.plan_reading": ("read_plan",),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A name of the public face, loaded when it is first asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        found: Any = version("planlink")
    elif name in _HOME:
        found = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def publish(
    folders: str | PathLike[str] | Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    settings: Settings | None = None,
    remove: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
    notes: Callable[[str], None] | None = None,
) -> Release:
    """Read plans' folders, validate what was read, and release it.

    Args:
        folders: a plan's folder, or several; the other plans that are released there stay.
        out: the folder of releases; it is made where it is missing.
        settings: who publishes, under which base of all IRIs; those of the site.toml that
            PLANLINK_SITE names, and of the environment, unless given.
        remove: the slugs of released plans that are to be taken out.
        progress: called with the name of each step as it begins.
        notes: called with what a user should know, a line each.

    Returns:
        The release, open to be read.

    Raises:
        PlanlinkError: something in the input is wrong, what was read violates a shape, or the
            folder cannot be written. The former release stays the current one.

    >>> publish("plans/nowhere", "release")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kg.errors.PlanlinkError: plans/nowhere/plan.toml: there is no such file; ...
    """
    from kg import pipeline  # noqa: PLC0415
    from kg.release.assemble import Publishing  # noqa: PLC0415
    from kg.settings.loading import load_settings  # noqa: PLC0415
    from kg.sparql.reader import Release  # noqa: PLC0415

    def quiet(_: str) -> None:
        pass

    several = [folders] if isinstance(folders, str | PathLike) else folders
    chosen = settings or load_settings()
    publishing = Publishing(progress or quiet, notes or quiet, remove=tuple(remove))
    pipeline.publish([Path(folder) for folder in several], Path(out), chosen, publishing)
    return Release.open(out)


def create_app(folder: str | PathLike[str], settings: Settings | None = None) -> Flask:
    """The Flask application that serves a folder of releases; a release that follows is taken up.

    Args:
        folder: the folder of releases.
        settings: who publishes, under which address, within which limits; those of the site.toml
            that PLANLINK_SITE names, and of the environment, unless given.

    Raises:
        PlanlinkError: no release is there, or what serving needs is not installed.
    """
    from kg.errors import PlanlinkError  # noqa: PLC0415
    from kg.settings.loading import load_settings  # noqa: PLC0415

    try:
        from kg.web.application import create_app as create  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kg"):
            raise
        raise PlanlinkError(
            f"{error.name} is not installed", "create_app", "run pip install 'planlink[serve]'"
        ) from error
    return create(Path(folder), settings or load_settings())
