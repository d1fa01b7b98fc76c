"""A plan's folder: plan.toml (metadata), the source text, and errata.toml (lost text)."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError
from kg.source.text import Erratum, Span, decode

_REQUIRED = ("slug", "title", "issuer", "area", "period", "source")


@dataclass(frozen=True)
class Plan:
    """A plan document and what is known of it.

    period: the first and last year. revision_of: the slug of the version that this document
        revises.
    """

    slug: str
    title: str
    title_en: str | None
    issuer: str
    area: str
    area_code: str | None
    period: tuple[int, int]
    horizon: int | None
    index_number: str | None
    document_number: str | None
    status: str | None
    subjects: tuple[str, ...]
    issued: date | None
    publisher_page: str | None
    revision_of: str | None
    folder: Path
    source_name: str
    source: str
    encoding: str
    sha256: str
    errata: tuple[Erratum, ...]


def load_plan(folder: Path) -> Plan:
    """Read a plan's folder.

    Raises:
        PlanlinkError: a file is missing or broken, or an erratum is not where it says.
    """
    path = folder / "plan.toml"
    table = read_toml(path)
    for key in _REQUIRED:
        if key not in table:
            raise PlanlinkError(
                f"the key {key!r} is missing",
                str(path),
                f"add {key} = … (docs/reference/plan-folder.md)",
            )
    source_path = folder / _text(table, "source", path)
    source, encoding = decode(source_path)
    period = table["period"]
    if not (
        isinstance(period, list)
        and len(period) == 2
        and all(isinstance(y, int) for y in period)
        and period[0] <= period[1]
    ):
        raise PlanlinkError(
            f"period is {period!r}",
            str(path),
            "give the first and last year, period = [2021, 2025]",
        )
    slug = _text(table, "slug", path)
    if not all(c.isascii() and (c.isalnum() or c == "-") for c in slug) or slug != slug.lower():
        raise PlanlinkError(
            f"slug is {slug!r}",
            str(path),
            "use small letters, digits and hyphens: it becomes part of every IRI",
        )
    return Plan(
        slug=slug,
        title=_text(table, "title", path),
        title_en=table.get("title_en"),
        issuer=_text(table, "issuer", path),
        area=_text(table, "area", path),
        area_code=table.get("area_code"),
        period=(period[0], period[1]),
        horizon=table.get("horizon"),
        index_number=table.get("index_number"),
        document_number=table.get("document_number"),
        status=table.get("status"),
        subjects=tuple(table.get("subjects", ())),
        issued=table.get("issued"),
        publisher_page=table.get("publisher_page"),
        revision_of=_revised(table, slug, path),
        folder=folder,
        source_name=source_path.name,
        source=source,
        encoding=encoding,
        sha256=hashlib.sha256(source_path.read_bytes()).hexdigest(),
        errata=_errata(folder / "errata.toml", source),
    )


def _revised(table: Mapping[str, Any], slug: str, path: Path) -> str | None:
    """The slug of the version that a plan revises."""
    revised = table.get("revision_of")
    if revised is not None and (not isinstance(revised, str) or not revised or revised == slug):
        raise PlanlinkError(
            f"revision_of is {revised!r}",
            str(path),
            "give the slug of the version that this document revises",
        )
    return revised


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        PlanlinkError: it is missing or broken; the message names the line.
    """
    try:
        return parse_toml(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError as error:
        raise PlanlinkError(
            "there is no such file",
            str(path),
            "a plan's folder holds plan.toml and the source text",
        ) from error
    except UnicodeDecodeError as error:
        raise PlanlinkError(
            f"this is no UTF-8 ({error})", str(path), "save the file as UTF-8"
        ) from error
    except OSError as error:
        raise PlanlinkError(
            f"cannot be read ({error.strerror})", str(path), "name a plan's folder"
        ) from error


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The content of a TOML text.

    Args:
        text: the text.
        path: the file that it is of.

    Raises:
        PlanlinkError: it is broken; the message names the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanlinkError(
            f"this is no TOML ({error})", str(path), "mend the line it names"
        ) from error


def _text(table: Mapping[str, Any], key: str, path: Path) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise PlanlinkError(f"{key} is {value!r}", str(path), f'give text, {key} = "…"')
    return value


def _errata(path: Path, source: str) -> tuple[Erratum, ...]:
    """The errata in reading order; each must quote the text at its place."""
    if not path.exists():
        return ()
    errata: list[Erratum] = []
    for ordinal, entry in enumerate(read_toml(path).get("erratum", ()), 1):
        where = f"{path}, erratum {ordinal}"
        try:
            start, published = int(entry["start"]), str(entry["published"])
            correction, reason = str(entry["correction"]), str(entry["reason"])
        except (KeyError, ValueError) as error:
            raise PlanlinkError(
                f"{error} is missing or no number",
                where,
                "give start, published, correction and reason",
            ) from error
        span = Span(start, start + len(published))
        if source[span.start : span.end] != published:
            found = source[span.start : span.end]
            raise PlanlinkError(
                f"offset {start} holds {found!r}, not {published!r}",
                where,
                "correct start or published",
            )
        errata.append(Erratum(span, published, correction, reason))
    errata.sort(key=lambda e: e.span)
    for before, after in pairwise(errata):
        if before.span.overlaps(after.span):
            raise PlanlinkError(
                f"errata overlap at offset {after.span.start}", str(path), "merge the two"
            )
    return tuple(errata)
