"""A published document -> a new plan's folder: its text and the metadata of its title page."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from docx import Document as WordDocument
from docx.table import Table as WordTable
from markdown_it import MarkdownIt
from pypdf import PdfReader

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.rdf.iris import readable
from kg.source.areas import own_names
from kg.source.text import chinese_number, decode, normal

_BLOCKS = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "br",
    "section",
    "article",
    "blockquote",
    "pre",
    "title",
]
_HEAD = 6000  # characters from the start in which a title and an issuer are looked for
_UNSURE = "请填写"


@dataclass(frozen=True)
class Guess:
    """Metadata on a document's first page; None where it was not found."""

    title: str | None
    issuer: str | None
    area: str | None
    period: tuple[int, int] | None
    slug: str | None


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
    text = read_published(source)
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


def read_published(path: Path) -> str:
    """The text of a published document; rows of tables are on lines of their own, cells parted by
    tabs.

    Raises:
        PlanlinkError: the file is missing or broken, of an unknown kind, or holds no text.
    """
    kind = path.suffix.lower()
    readers = {
        ".txt": _plain,
        ".md": _markdown,
        ".html": _html_file,
        ".htm": _html_file,
        ".docx": _word,
        ".pdf": _pdf,
    }
    if kind not in readers:
        raise PlanlinkError(
            f"{kind or 'no ending'} is no kind of document that is read",
            str(path),
            f"give one of {', '.join(readers)}",
        )
    if not path.is_file():
        raise PlanlinkError("there is no such file", str(path), "check the path")
    try:
        text = readers[kind](path)
    except PlanlinkError:
        raise
    except Exception as error:  # the readers raise whatever their formats' parsers do
        raise PlanlinkError(
            f"the file cannot be read as {kind} ({error})",
            str(path),
            "save the document anew, or as plain text",
        ) from error
    if not text.strip():
        raise PlanlinkError(
            "the file holds no text", str(path), "a scan has to be recognised (OCR) first"
        )
    return text


def _plain(path: Path) -> str:
    return decode(path)[0]


def _markdown(path: Path) -> str:
    return _html(MarkdownIt("commonmark").enable("table").render(decode(path)[0]))


def _html_file(path: Path) -> str:
    return _html(decode(path)[0])


def _html(content: str) -> str:
    soup = BeautifulSoup(content, "html.parser")
    for tag in soup(["script", "style", "noscript", "head"]):
        tag.decompose()
    lines = (line.strip(" ") for line in "".join(_pieces(soup)).splitlines())
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _pieces(node: Tag) -> Iterator[str]:
    """The text of a node: blocks on lines of their own, rows of tables as cells parted by tabs."""
    for child in node.children:
        if isinstance(child, NavigableString):
            yield " ".join(str(child).split())
        elif isinstance(child, Tag) and child.name == "tr":
            cells = [" ".join(cell.get_text().split()) for cell in child.find_all(["td", "th"])]
            yield "\n" + "\t".join(cells) + "\n"
        elif isinstance(child, Tag):
            block = child.name in _BLOCKS
            yield "\n" if block else ""
            yield from _pieces(child)
            yield "\n" if block else ""


def _word(path: Path) -> str:
    lines: list[str] = []
    for block in WordDocument(str(path)).iter_inner_content():
        if isinstance(block, WordTable):
            lines += [
                "\t".join(" ".join(cell.text.split()) for cell in _distinct(row.cells))
                for row in block.rows
            ]
        else:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def _distinct(cells: Iterable[Any]) -> list[Any]:
    """The cells of a Word table's row, a merged one once."""
    found: list[Any] = []
    for cell in cells:
        if not found or cell._tc is not found[-1]._tc:
            found.append(cell)
    return found


def _pdf(path: Path) -> str:
    # what pypdf finds wrong is reported once, by the error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages) + "\n"
    return text.replace("\x00", "")


def guess(text: str) -> Guess:
    """The metadata on the first page of a plan."""
    rules = lexicon("titles")
    head = normal(text[:_HEAD])
    joined = re.sub(r"\s+", "", head)
    title = next(
        (
            m["title"]
            for pattern in rules["title"]["patterns"]
            for m in re.finditer(pattern, joined)
        ),
        None,
    )
    area = match["area"] if title and (match := re.match(rules["area"]["pattern"], title)) else None
    government = f"{area}人民政府"
    issuer = government if area and government in joined else None
    issuer = issuer or next(
        (
            m["issuer"]
            for pattern in rules["issuer"]["patterns"]
            for m in re.finditer(pattern, joined)
        ),
        None,
    )
    period = _period(title or joined)
    slug = (
        f"{readable(own_names(area)[-1]).replace('-', '')}-{period[0]}" if area and period else None
    )
    return Guess(title, issuer, area, period, slug)


def _period(text: str) -> tuple[int, int] | None:
    """The plan's years: written out, or from the number of the five-year plan (the 14th began in
    2021)."""
    if match := re.search(r"(20\d\d)年?[-—~至到](20\d\d)年?", text):
        return int(match[1]), int(match[2])
    match = re.search(
        r"第(十[一二三四五六七八九]?|二十[一二三四五六七八九]?)个五年|“?(十[一二三四五六七八九]?)五”?(?=[^年]|$)",
        text,
    )
    number = chinese_number(match[1] or match[2]) if match else None
    return (first := 2021 + (number - 14) * 5, first + 4) if number else None


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
