"""A published document -> a new plan's folder."""

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from kg.errors import PlanlinkError
from kg.source.encodings import decoded
from kg.source.intake import read_published
from kg.source.plan import check_length
from kg.source.published import Published, keep_origin
from kg.source.schema import UNSURE, keys
from kg.source.text import decode
from kg.source.title_page import TitlePage, read_title_page


def new_plan(source: Path, folder: Path, check: Callable[[Published], object] = str) -> TitlePage:
    """Make a plan's folder from a published document.

    Args:
        source: a .txt, .md, .html, .docx or .pdf file.
        folder: the folder to make; it must not exist.
        check: raises PlanlinkError for a document that is not to be kept.

    Returns:
        What the document says of itself; what it does not is marked in plan.toml for a person.

    Raises:
        PlanlinkError: the file cannot be read as text, or the folder is there already. Nothing is
            written then.
    """
    if folder.exists():
        raise PlanlinkError.of("folder_there", folder)
    published = read_published(source)
    text = published.text
    check_length(text, source)
    decoded(text.encode(), str(source))  # what is written is to be read again
    check(published)
    found = read_title_page(published)
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        if source.suffix.lower() == ".txt" and decode(source)[0] == text:
            shutil.copyfile(source, partial / "source.txt")
        else:
            (partial / "source.txt").write_bytes(text.encode("utf-8"))
            shutil.copyfile(source, partial / f"published{source.suffix.lower()}")
        keep_origin(partial, published)
        (partial / "plan.toml").write_text(_plan_toml(found), encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        raise PlanlinkError.of("folder_not_written", folder, error.strerror) from error
    return found


def _plan_toml(found: TitlePage) -> str:
    """plan.toml: a line for what was found, for what was not a line that publish refuses where a
    plan must have it, and a comment where the document may have none."""
    lines = [
        f"# Made by planlink new: check every line; {UNSURE} marks what the document did not give."
    ]
    open_: list[str] = []
    for key, rule in keys().items():
        value = "source.txt" if key == "source" else found.value(key)
        if value is not None:
            lines.append(f"{key} = {_as_toml(value)}")
        elif rule.get("required"):
            lines.append(f'{key} = "{UNSURE}"   # {missing(found, key)}')
        elif rule.get("sought") and not (key == "area_code" and found.value("level") == "nation"):
            open_.append(f'# {key} = "{UNSURE}"   # {missing(found, key)}')
    if open_:
        lines += ["", "# What it may have beside that: take the # away and fill it in.", *open_]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text


def missing(found: TitlePage, key: str) -> str:
    """What to fill in for a key, and why it is open where the document says something of it."""
    return "; ".join(filter(None, (keys()[key]["hint"], why_open(found, key))))


def why_open(found: TitlePage, key: str) -> str:
    """What the document says of a key without telling its value; "" for nothing."""
    if key in ("area", "area_code") and found.candidates:
        return f"it may be {' or '.join(found.candidates)}"
    if key == "issued" and found.month:
        return f"the document gives the month alone, {found.month}"
    if key == "level" and (area := found.value("area")):
        return f"{area} may be of several levels"
    return ""


def _as_toml(value: object) -> str:
    """A text, number, day or pair of years as TOML."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
