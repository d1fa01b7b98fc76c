"""W3C's SPARQL 1.1 suite against the running server, and against Oxigraph's own server as the peer.

What fails is named in failing.toml with the reason; the list can only shrink. The figures of the
last run stand in kg/web/conformance.json, which the conformance page is made from: python
tests/protocol/test_conformance.py renews it.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from w3c import Endpoint, cases, passes

sys.path.insert(0, str(Path(__file__).parent.parent))
from support import FLAGSHIP, ROOT, SHARED, copy_release, oxigraph, run, serving

SUITE = SHARED / "suites" / "sparql11"
RECORD = ROOT / "kg" / "web" / "conformance.json"
TOKEN = "a token for the tests"


@contextlib.contextmanager
def our_endpoint(release: Path, folder: Path) -> Iterator[Endpoint]:
    with serving(
        release, "--workspace", str(folder / "workspace"), PLANLINK_TOKEN=TOKEN
    ) as address:
        workspace = f"{address}/workspace"
        yield Endpoint(
            f"{workspace}/sparql",
            f"{workspace}/sparql",
            f"{workspace}/graphs",
            {"Authorization": f"Bearer {TOKEN}"},
        )


@contextlib.contextmanager
def peer_endpoint(folder: Path) -> Iterator[Endpoint]:
    with oxigraph(folder) as address:
        yield Endpoint(f"{address}/query", f"{address}/update", f"{address}/store")


def outcomes(endpoint: Endpoint) -> dict[str, bool]:
    """Which tests a server passes; an answer that cannot be read is none."""
    found = {}
    for test in cases(SUITE):
        try:
            found[test.name] = passes(test, endpoint)
        except (SyntaxError, ValueError, urllib3.exceptions.HTTPError):
            found[test.name] = False
    return found


def failing() -> dict[str, str]:
    """The tests that are known to fail, each with its reason; an entry may name a whole folder."""
    entries = tomllib.loads((Path(__file__).parent / "failing.toml").read_text(encoding="utf-8"))[
        "failing"
    ]
    return {name: entry["why"] for entry in entries for name in entry["tests"]}


def reason(name: str) -> str | None:
    known = failing()
    return known.get(name) or known.get(name.partition("/")[0])


def figures(found: dict[str, bool]) -> dict[str, object]:
    """What the conformance page shows of a run."""
    folders: dict[str, list[bool]] = defaultdict(list)
    for name, passed in found.items():
        folders[name.partition("/")[0]].append(passed)
    return {
        "suite": "W3C SPARQL 1.1",
        "passed": sum(found.values()),
        "tests": len(found),
        "folders": {name: [sum(passed), len(passed)] for name, passed in folders.items()},
        "failing": {name: reason(name) for name, passed in found.items() if not passed},
    }


@pytest.fixture(scope="module")
def ours(
    shared: Path, small_release: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bool]:
    folder = tmp_path_factory.mktemp("ours")
    with our_endpoint(copy_release(small_release, folder / "release"), folder) as endpoint:
        return outcomes(endpoint)


def test_only_what_is_listed_fails(ours: dict[str, bool]) -> None:
    failed = {name for name, passed in ours.items() if not passed}
    assert {name for name in failed if reason(name) is None} == set(), "not listed"
    named = {name for name in failing() if "/" in name}
    assert named - failed == set(), "passes now: take it off the list"
    assert len(ours) > 600


def test_the_page_tells_the_last_run(ours: dict[str, bool]) -> None:
    assert json.loads(RECORD.read_text(encoding="utf-8")) == figures(ours)


def test_no_worse_than_the_peer(ours: dict[str, bool], tmp_path: Path) -> None:
    with peer_endpoint(tmp_path) as endpoint:
        peer = outcomes(endpoint)
    reaching_out = {name for name in ours if (why := reason(name)) and "network" in why}
    assert len(reaching_out) < 20
    compared = set(ours) - reaching_out
    assert sum(ours[name] for name in compared) >= sum(peer[name] for name in compared)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        assert run("publish", FLAGSHIP, "--out", Path(folder) / "release").returncode == 0
        with our_endpoint(Path(folder) / "release", Path(folder)) as endpoint:
            RECORD.write_text(
                json.dumps(figures(outcomes(endpoint)), indent=1) + "\n", encoding="utf-8"
            )
