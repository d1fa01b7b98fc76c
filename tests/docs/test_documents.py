"""The documents: links that lead somewhere, generated pages in step, commands that run, and a site
that loads nothing from other hosts."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from support import ROOT, run

from kg.settings.loading import load_settings
from kg.web.linked_data.catalogue import PLANS_ON_A_PAGE
from kg.web.pages import plan_directory, releases, search
from kg.web.pages.corpus import answers

DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *(p for p in (ROOT / "tests").rglob("README.md") if "node_modules" not in p.parts),
    ],
    key=str,
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)


def _links(text: str) -> list[str]:
    return _LINK.findall(re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text)))


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as python-markdown and GitHub make them of ASCII ones."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.M)
    plain = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[\s-]+", "-", heading) for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page: Path) -> None:
    broken = []
    for link in _links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z][a-z+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.is_file() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


def test_every_picture_is_shown_once_somewhere() -> None:
    shown = {Path(link).name for page in PAGES for link in _links(page.read_text(encoding="utf-8"))}
    assert {path.name for path in DOCS.glob("*.png")} <= shown


def test_the_readme_is_short_and_plain_markdown() -> None:
    assert len(README.split()) <= 700
    assert not re.search(r"<(?!https?://)[a-z/!]", re.sub(r"`[^`]*`", "", README))
    assert len(re.findall(r"!\[", README)) == 1


def test_generated_pages_are_in_step() -> None:
    command = [sys.executable, "docs/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_variable_of_the_settings_is_described() -> None:
    source = (ROOT / "kg" / "settings" / "loading.py").read_text(encoding="utf-8")
    page = (DOCS / "reference" / "configuration.md").read_text(encoding="utf-8")
    for variable in set(re.findall(r"PLANLINK_[A-Z]+(?:_[A-Z]+)*", source)):
        assert f"`{variable}`" in page, variable


def test_every_setting_says_what_it_means() -> None:
    page = (DOCS / "reference" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", page, re.MULTILINE)
    assert len(rows) > 30
    assert not [name for name, meaning in rows if not meaning.strip()]


def test_the_size_of_pages_is_as_described() -> None:
    page = (DOCS / "reference" / "http.md").read_text(encoding="utf-8")
    table = page.partition("## Long answers")[2].partition("\n\nA catalogue")[0]
    described = [int(size) for size in re.findall(r"^\| .* \| (\d+) ", table, re.M)]
    sizes = (
        PLANS_ON_A_PAGE,
        plan_directory._PAGE,
        answers.PAGE,
        search._PAGE,
        releases._ENTRIES,
    )
    assert described == [*sizes]


def test_the_example_of_settings_can_be_read() -> None:
    settings = load_settings(DOCS / "site.example.toml", {})
    assert settings.site.base.startswith("https://")
    assert settings.publisher.name["en"]


def test_the_citation_names_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {project['version']}\n" in citation
    assert f"license: {project['license']}\n" in citation


def _blocks(language: str) -> list[str]:
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _commands() -> Iterator[str]:
    """The tutorial's commands that need no server, in order."""
    for block in _blocks("console"):
        for command in re.findall(r"^\$ (planlink .*)$", block, re.MULTILINE):
            if not command.startswith("planlink serve"):
                yield command


def test_the_commands_of_the_tutorial_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (sheet,) = _blocks("csv")
    (corrections,) = _blocks("toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "84")
    for command in _commands():
        if "--dry-run" in command:
            (tmp_path / "values.csv").write_text(sheet, encoding="utf-8")
        if "publish" in command:
            path = tmp_path / "my-plans" / "baihe" / "corrections.toml"
            path.write_text(corrections, encoding="utf-8")
        done = run(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)
        assert "finds nothing to correct" not in done.stderr, command
    assert (tmp_path / "my-release" / "current").resolve().name == "2"
    rows = (tmp_path / "my-plans" / "baihe" / "monitoring" / "0001.csv").read_text("utf-8")
    assert len(rows.splitlines()) == 4


def test_doctests_are_shown_as_code(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("griffe")
    monkeypatch.syspath_prepend(str(DOCS))
    fenced = import_module("doctests").fenced
    assert fenced("Adds.\n\n>>> 1 + 1\n2\n\nThat is all.") == (
        "Adds.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nThat is all."
    )
    assert fenced("No doctest here.") == "No doctest here."


class _Loads(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "src" in told:
            self.found.append(told["src"])
        if tag == "link" and told.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.found.append(told.get("href", ""))


def test_the_site_builds_and_loads_nothing_from_other_hosts(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        loads = _Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.found
        assert not [address for address in loads.found if re.match(r"(https?:)?//", address)], page
    index = json.loads((tmp_path / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any("tutorial" in entry["location"] for entry in index["docs"])
    assert [path.name for path in tmp_path.rglob("*.py")] == ["measures.py"]  # for readers
    ET.parse(tmp_path / "sitemap.xml")
