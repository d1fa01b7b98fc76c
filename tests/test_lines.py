"""Lines of what we write in kg/, shapes/ and ontology/ are at most 100 characters long."""

from __future__ import annotations

import re
from pathlib import Path

from support import ROOT

LONGEST = 100
SUFFIXES = (".py", ".css", ".js", ".toml", ".html", ".ttl", ".sql", ".svg", ".xml")
OTHERS = ("vendor", "node_modules")
# Neither language lets them be broken: a pattern in single quotes and an inline table of TOML, and
# a text or an IRI of Turtle on a line of its own.
UNBREAKABLE = {
    ".toml": re.compile(r"[\w.-]+ = '[^']*'|  \{ .* \},"),
    ".ttl": re.compile(r" *(?:\"[^\"]*\"\S*|\S+)(?: [;,.])?"),
}
FILES = sorted(
    path.relative_to(ROOT)
    for folder in ("kg", "shapes", "ontology")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in SUFFIXES and not set(OTHERS) & set(path.parts)
)


def too_long(path: Path) -> list[int]:
    """The numbers of a file's lines that are too long."""
    lines = path.read_text(encoding="utf-8").splitlines()
    unbreakable = UNBREAKABLE.get(path.suffix)
    return [
        number
        for number, line in enumerate(lines, 1)
        if len(line) > LONGEST and not (unbreakable and unbreakable.fullmatch(line))
    ]


def test_lines() -> None:
    found = {str(file): too_long(ROOT / file) for file in FILES}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_a_line_can_be_too_long(tmp_path: Path) -> None:
    for name, longest in (("a.css", "x" * 100), ("a.toml", "pattern = '" + "x" * 100 + "'")):
        (tmp_path / name).write_text(f"{longest}\n{'x' * 101}\n", encoding="utf-8")
        assert too_long(tmp_path / name) == [2]
    assert {file.suffix for file in FILES} == set(SUFFIXES)
