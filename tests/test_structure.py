"""The house keeps its order: no package of kg imports one that comes after it
(docs/architecture.md).
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from doctest import DocTestParser
from pathlib import Path

import pytest

KG = Path(__file__).parent.parent / "kg"
ORDER = (
    "errors", "memory", "files", "templates", "settings", "rdf", "lexicon", "quantities", "source", "document", "extract", "link", "graph",
    "monitoring", "network", "views", "export", "release", "sparql", "pipeline", "web", "cli",
)  # fmt: skip
FACE = ("__init__", "__main__")  # may import all of them


def imported(path: Path) -> set[str]:
    """The packages of kg that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            pytest.fail(f"{path}: relative import")
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if names == ["kg"] and isinstance(node, ast.ImportFrom):
            names = [f"kg.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("kg.")}
    return found


def modules() -> list[tuple[str, Path]]:
    """The modules of kg, each with the package at the top that it belongs to."""
    return [
        (path.relative_to(KG).with_suffix("").parts[0], path) for path in sorted(KG.rglob("*.py"))
    ]


def test_every_package_has_its_place() -> None:
    assert {package for package, _ in modules()} == {*ORDER, *FACE}


@pytest.mark.parametrize("package", ORDER)
def test_no_package_imports_a_later_one(package: str) -> None:
    allowed = set(ORDER[: ORDER.index(package) + 1])
    later = {
        str(path.relative_to(KG)): sorted(imported(path) - allowed)
        for top, path in modules()
        if top == package
    }
    assert not {path: names for path, names in later.items() if names}


def test_the_package_never_imports_server() -> None:
    """server.py is a checkout's own: what is installed does without it."""
    texts = {path: path.read_text(encoding="utf-8") for _, path in modules()}
    assert not [
        path
        for path, text in texts.items()
        if "from server import" in text or "import server" in text
    ]


def test_no_function_branches_more_than_eight_times() -> None:
    ruff = [
        Path(sys.executable).with_name("ruff"),
        "check",
        "--select=C901",
        "--output-format=json",
    ]
    bound = ["--config", "lint.mccabe.max-complexity=8"]
    report = subprocess.run([*ruff, *bound, KG], capture_output=True, check=False).stdout
    found = {
        f"{Path(one['filename']).relative_to(KG)} {one['message'].split('`')[1]}"
        for one in json.loads(report)
    }
    assert not found


CHINESE = re.compile("[\u3400-\u9fff]")
# Where Chinese characters stand in code: ranges of characters.
IN_CODE = {
    "link/shingles.py", "release/tokens.py", "source/characters.py", "source/intake/html_lines.py",
}  # fmt: skip


def chinese(path: Path) -> list[str]:
    """The strings with Chinese characters in a module, but for its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in alone
        if isinstance(node.value, str) and CHINESE.search(node.value)
    ]


def documented(path: Path) -> Iterator[str]:
    """What a module's docstrings say, but for their examples."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            parts = DocTestParser().parse(ast.get_docstring(node) or "")
            yield from (f"{path.name}: {part}" for part in parts if isinstance(part, str))


def test_docstrings_are_in_english() -> None:
    said = (part for _, path in modules() for part in documented(path))
    assert [part for part in said if CHINESE.search(part)] == []


def test_words_of_plans_and_sentences_stand_in_the_lexicon() -> None:
    found = {path.relative_to(KG).as_posix() for _, path in modules() if chinese(path)}
    assert found == IN_CODE
