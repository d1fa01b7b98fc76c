"""What tests share: the flagship published once, a server on it, and where the reference material
lies.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import FLAGSHIP, ROOT, SHARED, copy_made, copy_release, once, run, run_apart, serving

from kg.link.reading import read_plan
from kg.pipeline import build_plan
from kg.settings import Settings
from kg.source.plan import load_plan

# Nearly all that is made while a test runs is kept until its end: to look for what is not, as often
# as Python does by itself, takes a twentieth of the processor's time.
gc.set_threshold(50_000, 20, 20)
# No test takes the power away: nothing that is made in its process waits for the disk.
os.fsync = lambda _: None
# Where no bytecode is kept, each server that a test starts would compile all of it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let a worker collect before the others: it compiles what they then load."""
    folder = os.open(ROOT / "tests", os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(folder, fcntl.LOCK_SH)
        return (yield)
    finally:
        os.close(folder)


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all tests of the server on the flagship, and else those of a file: three
    would each start that server and make its pages, a file's fixtures, and what modules keep."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            group = "server" if "server" in getattr(item, "fixturenames", ()) else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call a long text by its parameter: workers send the names of all tests to and fro."""
    if isinstance(val, str | bytes) and len(val) > _NAMED:
        return f"{argname}:{len(val)}"
    return None


_NAMED = 100  # characters of a text that a test may be called by


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the reference material (../shared) is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flagship, published once for all workers, as a user does, from a copy of its folder that
    lies beside; nothing is written into it."""

    def publish(folder: Path) -> None:
        plan = shutil.copytree(FLAGSHIP, folder / "plan")
        done = run_apart("publish", plan, "--out", folder / "release")
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "flagship", publish) / "release"


@pytest.fixture(scope="session")
def release(flagship: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published flagship, where the servers of a worker save visitors' queries."""
    return copy_release(flagship, tmp_path_factory.mktemp("published") / "release")


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an invented plan that is read and published in no time, and its release, made
    once for all workers: the first publish writes the register that later ones hold it against."""

    def publish(folder: Path) -> None:
        folder.mkdir()
        plan = folder / "qinghe"
        for command in (
            ("new", ROOT / "tests" / "plans" / "qinghe.md", plan),
            ("publish", plan, "--out", folder / "release"),
        ):
            done = run(*command)
            assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "small", publish)


@pytest.fixture(scope="session")
def small_plan(small_folder: Path) -> Path:
    """The small plan's folder, published before; only its register may be written again."""
    return small_folder / "qinghe"


@pytest.fixture
def own_release(flagship: Path, tmp_path: Path) -> Path:
    """A copy of the published flagship that a test may publish into."""
    return copy_release(flagship, tmp_path / "release")


@pytest.fixture
def small_copy(small_plan: Path, tmp_path: Path) -> Path:
    """A copy of the small plan's folder that a test may change."""
    return shutil.copytree(small_plan, tmp_path / "small")


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[ox.Quad]:
    """The flagship's graphs, made without what a person decided on it, to be held against the gold;
    its tests are of the xdist group "gold"."""
    folder = tmp_path_factory.mktemp("alone") / "plan"
    shutil.copytree(FLAGSHIP, folder, ignore=shutil.ignore_patterns("corrections.toml"))
    reading = read_plan(load_plan(folder), print, print)
    return build_plan(reading, Settings().site.base, print, print).quads


@pytest.fixture(scope="session")
def small_release(small_folder: Path) -> Path:
    """The small plan, published once for all workers; nothing is written into it."""
    return small_folder / "release"


@pytest.fixture
def own_small_release(small_release: Path, tmp_path: Path) -> Path:
    """A copy of the published small plan that a test may publish into."""
    return copy_release(small_release, tmp_path / "release")


@pytest.fixture(scope="session")
def server(release: Path) -> Iterator[str]:
    """A server on the published flagship."""
    with serving(release) as address:
        yield address


@pytest.fixture(scope="session")
def two(
    flagship: Path, small_plan: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server on the flagship and the small plan; its tests are of the xdist group "compare"."""
    folder = tmp_path_factory.mktemp("two")
    copy = shutil.copytree(small_plan, folder / "qinghe")
    out = copy_made(flagship, folder / "release")
    done = run("publish", flagship.parent / "plan", copy, "--out", out)
    assert done.returncode == 0, done.stderr
    with serving(out) as address:
        yield address


@pytest.fixture
def plan_copy(tmp_path: Path) -> Callable[..., Path]:
    """Makes a copy of the flagship's folder as it was before its first publish, changed by what is
    given."""

    def make(
        source: bytes | None = None, plan: Callable[[str], str] | None = None, errata: bool = False
    ) -> Path:
        folder = tmp_path / "plan"
        shutil.copytree(FLAGSHIP, folder, ignore=shutil.ignore_patterns("identifiers.csv"))
        if source is not None:
            (folder / "source.txt").write_bytes(source)
            if not errata:
                (folder / "errata.toml").unlink()
        if plan is not None:
            path = folder / "plan.toml"
            path.write_text(plan(path.read_text(encoding="utf-8")), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def published_flagship() -> Callable[[], str]:
    """Reads the flagship's text."""
    return lambda: (FLAGSHIP / "source.txt").read_text(encoding="utf-8")
