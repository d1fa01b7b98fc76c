"""A plan's folder: plan.toml (metadata), the source text, and errata.toml (lost text)."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError, SeveralErrors
from kg.files import parse_toml, read_bytes, read_text, read_toml
from kg.source.encodings import decoded
from kg.source.published import NO_ORIGIN, Origin, load_origin
from kg.source.schema import faults
from kg.source.text import Erratum, Span

_ERRATUM = ("start", "published", "correction", "reason", "reason_zh")
_MOST_CHARACTERS = 1_000_000  # ten times the longest known plan


@dataclass(frozen=True)
class Plan:
    """A plan document and what is known of it.

    period: the first and last year. revision_of: the slug of the version that this document
        revises. level: nation, province, city, county, zone or town. source_url: where the document
        was taken from, and retrieved: when. origin: where its text is in the published file.
        model: the file of planlink learn that its names are read with; None for the shipped one.
    """

    slug: str
    title: str
    issuer: str
    area: str
    period: tuple[int, int]
    folder: Path
    source_name: str
    source: str
    encoding: str
    sha256: str
    title_en: str | None = None
    area_code: str | None = None
    horizon: int | None = None
    index_number: str | None = None
    document_number: str | None = None
    status: str | None = None
    subjects: tuple[str, ...] = ()
    issued: date | None = None
    publisher_page: str | None = None
    revision_of: str | None = None
    errata: tuple[Erratum, ...] = ()
    level: str | None = None
    source_url: str | None = None
    retrieved: date | None = None
    resource_code: str | None = None
    origin: Origin = NO_ORIGIN
    model: Path | None = None


def check_length(text: str, path: Path) -> None:
    """PlanlinkError where a plan's text is longer than any that is read."""
    if len(text) > _MOST_CHARACTERS:
        raise PlanlinkError.of("text_long", path, len(text), _MOST_CHARACTERS)


def load_plan(folder: Path) -> Plan:
    """Read a plan's folder.

    Raises:
        PlanlinkError: a file is missing or broken, the text is too long, plan.toml says what it may
            not or still says what is to be filled in (a line for each such key), or an erratum is
            not where it says.
    """
    path = folder / "plan.toml"
    if not path.exists():
        raise PlanlinkError.of("source_missing", path)
    text = read_text(path)
    table = parse_toml(text, path)
    wrong = faults(table, path, text)
    if wrong:
        raise wrong[0] if len(wrong) == 1 else SeveralErrors(wrong)
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    source_path, model = folder / given.pop("source"), given.pop("model", None)
    raw = read_bytes(source_path)
    source, encoding = decoded(raw, str(source_path))
    check_length(source, source_path)
    return Plan(
        **given,
        folder=folder,
        source_name=source_path.name,
        source=source,
        encoding=encoding,
        sha256=hashlib.sha256(raw).hexdigest(),
        errata=_errata(folder / "errata.toml", source),
        origin=load_origin(folder),
        model=folder / model if model else None,
    )


def entries(
    table: Mapping[str, Any],
    name: str,
    path: Path,
    keys: Sequence[str],
    others: Container[str] = (),
) -> list[dict[str, Any]]:
    """The tables [[name]] of a TOML file; PlanlinkError where it holds anything else.

    Args:
        keys: those that each of them may have.
        others: those of them whose values are no text, or need not be.
    """
    found = table.get(name, [])
    strange = sorted(table.keys() - {name})
    if strange or not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
        what = f"{strange[0]!r} is not known" if strange else f"{name!r} is no list of tables"
        raise PlanlinkError(what, str(path), f"give each as a table [[{name}]]")
    for ordinal, entry in enumerate(found, 1):
        where = f"{path}, {name} {ordinal}"
        for key, value in entry.items():
            if key not in keys:
                raise PlanlinkError.of("entry_key", where, key, ", ".join(keys))
            if key not in others and not isinstance(value, str):
                raise PlanlinkError.of("entry_text", where, key, value)
    return found


def _errata(path: Path, source: str) -> tuple[Erratum, ...]:
    """The errata in reading order; each must quote the text at its place."""
    if not path.exists():
        return ()
    errata: list[Erratum] = []
    listed = entries(read_toml(path), "erratum", path, _ERRATUM, others=("start",))
    for ordinal, entry in enumerate(listed, 1):
        where = f"{path}, erratum {ordinal}"
        start = entry.get("start")
        lacking = [key for key in _ERRATUM[:4] if key not in entry]
        if lacking or type(start) is not int or start < 0:
            raise PlanlinkError.of("erratum_lacks", where, (*lacking, "start")[0])
        published, correction, reason = (entry[key] for key in _ERRATUM[1:4])
        span = Span(start, start + len(published))
        if source[span.start : span.end] != published:
            found = source[span.start : span.end]
            raise PlanlinkError.of("erratum_other", where, start, found, published)
        reason_zh = entry.get("reason_zh", "")
        errata.append(Erratum(span, published, correction, reason, reason_zh))
    errata.sort(key=lambda e: e.span)
    for before, after in pairwise(errata):
        if before.span.overlaps(after.span):
            raise PlanlinkError.of("errata_overlap", path, after.span.start)
    return tuple(errata)
