"""planlink cite, as a user calls it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.settings import Site

BASE = "http://localhost:8000/id"


def cite(release: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["cite", str(release), *arguments])
    return done.exit_code, done.output


def test_the_plan_by_default_in_gbt7714(release: Path) -> None:
    before = Site().day()
    code, said = cite(release, f"{BASE}/hongqiao-2021")
    days = {before.isoformat(), Site().day().isoformat()}
    found = re.fullmatch(
        r"天津市红桥区人民政府\. 天津市红桥区[^.]*: 红桥政发〔2021〕2号\[EB/OL\]\. 第1次发布\. "
        r"\(2021-03-08\)\[([\d-]+)\]\. http://localhost:8000/id/hongqiao-2021\.\n",
        said,
    )
    assert code == 0
    assert found is not None, said
    assert found[1] in days


@pytest.mark.parametrize(("style", "begins"), [("bibtex", "@incollection{"), ("ris", "TY  - ")])
def test_other_styles(release: Path, style: str, begins: str) -> None:
    code, said = cite(release, f"{BASE}/hongqiao-2021/measure/4.1.3", "--style", style)
    assert (code, said.startswith(begins)) == (0, True)


@pytest.mark.parametrize("iri", [f"{BASE}/hongqiao-2021/nothing", "no iri", "<>"])
def test_what_the_release_does_not_say_is_told_in_a_line(release: Path, iri: str) -> None:
    code, said = cite(release, iri)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("planlink: ")


def test_the_folder_may_stand_behind_the_iri(release: Path) -> None:
    done = CliRunner().invoke(main, ["cite", f"{BASE}/hongqiao-2021/measure/4.1.3", str(release)])
    assert (done.exit_code, done.output) == cite(release, f"{BASE}/hongqiao-2021/measure/4.1.3")
    assert done.exit_code == 0
