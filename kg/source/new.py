"""A published document -> a new plan's folder."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

from kg.errors import PlanlinkError
from kg.source.intake import read_published
from kg.source.title_page import Guess, guess

_UNSURE = "请填写"


def new_plan(source: Path, folder: Path) -> Guess:
    """Make a plan's folder from a published document.

    Args:
        source: a .txt, .md, .html, .docx or .pdf file.
        folder: the folder to make; it must not exist.

    Returns:
        What was guessed; what was not is marked in plan.toml for a person.

    Raises:
        PlanlinkError: the file cannot be read as text, or the folder is there already.
    """
    if folder.exists():
        raise PlanlinkError(
            "the folder is there already",
            str(folder),
            "name a new one; a plan's folder is never overwritten",
        )
    text = read_published(source).text
    found = guess(text)
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        if source.suffix.lower() == ".txt":
            shutil.copyfile(source, partial / "source.txt")
        else:
            (partial / "source.txt").write_bytes(text.encode("utf-8"))
            shutil.copyfile(source, partial / f"published{source.suffix.lower()}")
        (partial / "plan.toml").write_text(_plan_toml(found), encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        raise PlanlinkError(
            f"cannot be written ({error.strerror})", str(folder), "name a folder you may write to"
        ) from error
    return found


def _plan_toml(found: Guess) -> str:
    """plan.toml, with what was not found marked for a person to fill in."""

    def line(key: str, value: str | list[int] | None, note: str) -> str:
        return (
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
            if value
            else f'{key} = "{_UNSURE}"   # {note}\n'
        )

    text = (
        f"# Made by planlink new: check every line; {_UNSURE} marks "
        "what the document did not give.\n"
        + line("slug", found.slug, "small letters, digits and hyphens; part of every IRI")
        + line("title", found.title, "the plan's full title")
        + line("issuer", found.issuer, "who issued it")
        + line("area", found.area, "the full name of its area, such as 天津市红桥区")
        + line(
            "period",
            list(found.period) if found.period else None,
            "first and last year, [2021, 2025]",
        )
        + 'source = "source.txt"\n'
    )
    tomllib.loads(text)
    return text
