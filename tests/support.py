"""Helpers of the tests: running planlink as a user does, and a server on a release."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from click.testing import CliRunner
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.serving import make_server

from kg.cli import main
from kg.document.structure import Document, read_document
from kg.release.assemble import CACHE
from kg.release.current import current
from kg.release.edition import made_when_asked
from kg.release.indexing import Entry
from kg.release.manifest import read_manifest
from kg.release.tokens import tokens
from kg.settings import Contact, Licence, Publisher, Settings
from kg.settings.loading import load_settings
from kg.sparql.supervisor import SERVING
from kg.web.application import create_app

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
FLAGSHIP = ROOT / "plans" / "hongqiao-2021"
TOKEN = "a-token-for-the-tests"  # of those who may write
T = TypeVar("T")
# The plans of ../shared that are annotated: each is read once, by the worker that its tests go to.
ANNOTATED = [
    pytest.param(path.stem, marks=pytest.mark.xdist_group(path.stem))
    for path in sorted((SHARED / "gold" / "plans").glob("*.json"))
]
HANGING = 300  # seconds after which a test gives up waiting; none passes for being quicker
PLANLINK = [sys.executable, "-m", "kg"]
# What runs a command, of root too, without the privilege to write anywhere; empty where nothing does.
_SETPRIV = shutil.which("setpriv")
UNPRIVILEGED = [_SETPRIV, "--bounding-set=-all", "--inh-caps=-all"] if _SETPRIV else []


@cache
def annotated(plan: str) -> Document:
    """One of the annotated plans, by its name, as it is read."""
    return read_document((SHARED / "plans" / f"{plan}.txt").read_text(encoding="utf-8"), plan)


def annotation(plan: str) -> list[dict[str, Any]]:
    """The annotated sentences of a plan."""
    text = (SHARED / "gold" / "plans" / f"{plan}.json").read_text(encoding="utf-8")
    return list(json.loads(text)["sentences"].values())


@dataclass(frozen=True)
class Ran:
    """What a command of planlink came to."""

    returncode: int
    stdout: str
    stderr: str


def searched_as(
    iri: str, type_: str, plan: str, label: str, names: str, text: str, chapter: str = "",
    place: int = 0,
) -> Entry:  # fmt: skip
    """What search finds by names and text."""
    found = (" ".join(tokens(words)) for words in (names, text))
    return Entry(iri, type_, plan, label, text, chapter, place, *found)


def run(*arguments: str | Path) -> Ran:
    """Run planlink in this process, where all that it imports and reads is loaded already; so plans
    are compiled in it too, unless a number of jobs is given."""
    alone = {"publish": {"jobs": 1}}
    done = CliRunner().invoke(
        main, list(map(str, arguments)), prog_name="planlink", default_map=alone
    )
    said = done.stderr
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        said += "".join(traceback.format_exception(done.exception))
    # click's runner keeps the frames of what failed in a circle; what they hold of the engine's may
    # only be let go of in this thread
    error = done.exception
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__
    return Ran(done.exit_code, done.stdout, said)


def exported(release: Path, name: str) -> bytes:
    """A table or other file made of a plan, as it is served: on the disk it is compressed, or not
    at all. The site's own settings tell who publishes, but for what the manifest says.

    Args:
        release: the release's folder.
        name: the file's name.
    """
    kept = release / "exports" / f"{name}.gz"
    if kept.exists():
        return gzip.decompress(kept.read_bytes())
    manifest = read_manifest(release)
    said = Settings(
        publisher=manifest.publisher or Publisher(),
        contact=manifest.contact or Contact(),
        licence=manifest.terms or Licence(),
    )
    return made_when_asked(release, manifest, manifest.served[f"/exports/{name}"], said)


def run_apart(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> Ran:
    """Run planlink in a process of its own, as a user does."""
    done = subprocess.run(
        [*PLANLINK, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=HANGING,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that one of the workers of a run makes for all of them.

    Args:
        factory: where the run's temporary folders are.
        name: the folder's name, one for each thing that is made.
        make: fills the folder; where it fails, the next worker begins anew. Nobody writes into
            the folder afterwards.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=shared) as begun:
                make(Path(begun) / name)
                (Path(begun) / name).rename(folder)
    return folder


def copy_release(release: Path, copy: Path) -> Path:
    """Copy a folder of releases; its files, which never change, by hard links.

    What is made of plans is copied too, so that a publish there makes it of those alone that have
    changed. The locks of who publishes there are left out: two folders must not share one.
    """
    return shutil.copytree(
        release, copy, symlinks=True, copy_function=os.link, ignore=_locks_and_store
    )


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a file of a copied release, whose former content is the other's too."""
    text = path.read_bytes().decode()
    path.unlink()
    path.write_bytes(change(text).encode())


def copy_made(release: Path, out: Path) -> Path:
    """Begin a folder of releases with what another has made of its plans, and return it: a publish
    of the same plans makes nothing anew."""
    shutil.copytree(
        release / CACHE,
        out / CACHE,
        copy_function=os.link,
        ignore=_locks_and_store,
        dirs_exist_ok=True,
    )
    return out


def _locks_and_store(_: str, names: list[str]) -> list[str]:
    """The locks in a folder of releases, and the store that is kept there, which changes."""
    kept = (CACHE, ".managed.json")  # the last is of the search index
    return [name for name in names if name.startswith(".") and name not in kept]


def complete(folder: Path) -> None:
    """Fill in what planlink new left open in a plan's folder, as a person would."""
    path = folder / "plan.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in (
        ("slug", '"invented-2026"'),
        ("title", '"虚构规划"'),
        ("issuer", '"虚构市人民政府"'),
        ("area", '"虚构市"'),
        ("period", "[2026, 2030]"),
    ):
        text = re.sub(rf'(?m)^{key} = "请填写".*$', f"{key} = {value}", text)
    path.write_text(text, encoding="utf-8")


def ask(
    address: str, data: bytes | None = None, method: str | None = None, **headers: str
) -> tuple[int, Message, bytes]:
    """Send a request and return the answer's status, headers and body, whatever the status."""
    request = urllib.request.Request(
        address,
        data=data,
        method=method,
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )
    try:
        with urllib.request.urlopen(request, timeout=HANGING) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def form_key(page: str) -> str:
    """What the forms of a page carry, so that no other site can send them."""
    found = re.search(r'name="csrf" value="([\w-]+)"', page)
    assert found is not None, "the page has no form of a session"
    return found[1]


def eventually(found: Callable[[], T], what: str) -> T:
    """Ask again until what is found is true, and return it; fail where it never is.

    Args:
        found: asks another process for its state, which sends no event that could be waited for.
        what: what is waited for, to be said where it does not come.
    """
    end = time.monotonic() + HANGING
    while not (value := found()):
        assert time.monotonic() < end, f"not within {HANGING} s: {what}"
        time.sleep(0.05)
    return value


def npm_file(*names: str) -> Path:
    """A file of a package of npm that tests use; the test is left out where it is not installed."""
    modules = ROOT / "tests" / "clients" / "node_modules"
    if "CLIENTS_TO_COME" in os.environ:
        eventually((modules / ".tried").exists, "an end of npm's installing")
    path = modules.joinpath(*names)
    if not path.exists():
        pytest.skip("clients of npm are not installed: make clients")
    return path


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def answering(process: subprocess.Popen[bytes], address: str, kill: bool = False) -> Iterator[None]:
    """A server process, from when it answers at an address until the block ends; kill is for one
    that does not stop at a query.
    """

    def answers() -> bool:
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10):
            return True
        return False

    try:
        eventually(answers, f"an answer from {address}")
        yield
    finally:
        process.kill() if kill else process.terminate()
        process.wait(timeout=HANGING)


@contextlib.contextmanager
def serving(out: Path, *options: str, **environment: str) -> Iterator[str]:
    """A server on a folder of releases; yields its address."""
    with served(out, *options, **environment) as (address, _):
        yield address


@contextlib.contextmanager
def served(
    out: Path, *options: str, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server on a folder of releases; yields its address and its process."""
    port = free_port()
    command = [*PLANLINK, "serve", str(out), "--port", str(port), "--workers", "1", *options]
    # A busy machine keeps queries waiting: none is ended for it, but where a test is about that.
    limits = {"PLANLINK_QUERY_SECONDS": "60"}
    process = subprocess.Popen(command, env={**os.environ, **limits, **environment}, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    with answering(process, f"{address}/readyz"):
        yield address, process


class _CompiledTemplates(BytecodeCache):
    """What an application has compiled, for all that this process makes."""

    _kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self._kept.get(bucket.key):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def pages(out: Path, settings: Settings | None = None) -> Flask:
    """The application on a release, in this process: pages and files, which need no query pools.
    Nobody answers queries, and no later release is gone over to.

    Args:
        out: the folder of releases, in a folder of the tests.
        settings: those of the environment unless given.
    """
    runtime = Path(tempfile.mkdtemp(prefix="runtime-", dir=out.parent))
    pool = runtime / "pool"
    pool.mkdir()
    (pool / "release").symlink_to(current(out))
    (runtime / SERVING).symlink_to(pool)
    made = create_app(out, settings, runtime)
    made.jinja_env.bytecode_cache = _CompiledTemplates()
    return made


@contextlib.contextmanager
def serving_pages(out: Path, **environment: str) -> Iterator[str]:
    """A server in this process of a release's pages and files, which starts in a fifth of the
    processor's time of another; yields its address."""
    settings = load_settings(environment={**os.environ, **environment})
    server = make_server("127.0.0.1", 0, pages(out, settings), threaded=True)
    with server, ThreadPoolExecutor(1) as apart:
        apart.submit(server.serve_forever)
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Oxigraph's own server on a store in a folder; yields its address."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [
        Path(sys.executable).parent / "oxigraph",
        "serve",
        "--location",
        folder / "oxigraph",
        "--bind",
        address.removeprefix("http://"),
    ]
    with answering(subprocess.Popen(command, stderr=subprocess.DEVNULL), address, kill=True):
        yield address
