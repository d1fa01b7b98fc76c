"""What is acknowledged is kept: many writers at once, and disks that fail at any step."""

from __future__ import annotations

import contextlib
import csv
import errno
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from moments import failing, watching
from support import HANGING, ROOT, TOKEN, UNPRIVILEGED, ask, copy_release, serving_pages

from kg import files
from kg.errors import CannotWriteError, PlanlinkError
from kg.files import only_writer, write_durably
from kg.link.corrections import load_corrections, record
from kg.link.suggestions import FILE as SUGGESTIONS
from kg.link.suggestions import Suggestion, add_suggestions, decide, load_suggestions
from kg.monitoring.log import append, read_log
from kg.monitoring.model import Entry, Import, Observation, Period
from kg.settings import Token
from kg.web.access import form_key

WRITERS, EACH = 20, 10
SUGGESTED = Suggestion(
    "rename", "zone", "建设墨池产业园。", "测试", name="墨池产业", to="墨池产业园"
)
FAULTS = (errno.ENOSPC, errno.EROFS, errno.EIO)  # a full disk, a read-only one, a broken one


def decision(name: str) -> dict[str, str]:
    return {"action": "accept", "kind": "zone", "name": name, "reason": "concurrent"}


def decide_many(folder: Path, writer: int) -> None:
    for n in range(EACH):
        record(folder, decision(f"区{writer}-{n}"), "甲")


def forkserver() -> ForkServerContext:
    """Processes that do not each import what they run: that takes longer than what they are to
    do.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def test_no_decision_of_many_processes_is_lost(tmp_path: Path) -> None:
    with ProcessPoolExecutor(WRITERS, forkserver()) as pool:
        list(pool.map(decide_many, [tmp_path] * WRITERS, range(WRITERS)))
    kept = [c.name for c in load_corrections(tmp_path)]
    assert sorted(kept) == sorted(
        f"区{writer}-{n}" for writer in range(WRITERS) for n in range(EACH)
    )
    assert [p.name for p in tmp_path.iterdir()] == ["corrections.toml"]


def test_no_decision_of_many_threads_is_lost(tmp_path: Path) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(decide_many, [tmp_path] * WRITERS, range(WRITERS)))
    assert len(load_corrections(tmp_path)) == WRITERS * EACH


def observation(source: str) -> tuple[Observation]:
    return (
        Observation(
            entry=Entry(1, 1), indicator="1", name="x", area="", period=Period.read("2022"), number=None, upper=None, text=source, unit=None,
            unit_text="", status="", judgement="", missing=True, source=source, link="", date="", note="n" * 20_000,
        ),
    )  # fmt: skip


def enter_many(folder: Path, who: str) -> list[bool]:
    """Try to take the first number in each of many folders; says where that was acknowledged."""
    kept = []
    for one in sorted(folder.iterdir()):
        try:
            append(one, Import(1, "f", "s", who, "2026-01-01T00:00:00+00:00"), observation(who))
            kept.append(True)
        except PlanlinkError:
            kept.append(False)
    return kept


def test_an_import_is_kept_for_the_one_who_is_told_so(tmp_path: Path) -> None:
    for n in range(200):
        (tmp_path / f"{n:03}").mkdir()
    who = ["甲", "乙", "丙"]
    with ProcessPoolExecutor(len(who), forkserver()) as pool:
        told = list(pool.map(enter_many, [tmp_path] * len(who), who))
    for n, folder in enumerate(sorted(tmp_path.iterdir())):
        (kept,) = read_log(folder).imports
        assert [name for name, acknowledged in zip(who, told, strict=True) if acknowledged[n]] == [
            kept.by
        ]
        assert [p.name for p in (folder / "monitoring").iterdir()] == ["0001.csv"]


def test_many_people_at_once(small_release: Path, small_copy: Path, tmp_path: Path) -> None:
    plan = small_copy
    before = len(load_corrections(plan))
    # Words between the names of its longest line: what it has not, or is read, is refused.
    line = max((plan / "source.txt").read_text(encoding="utf-8").splitlines(), key=len)
    between = re.sub("栖霞渡科技产业园|墨池创新谷|云湖工业大学|云湖蔚然材料有限公司", " ", line)
    names = re.findall("(?=([\u4e00-\u9fff]{4}))", between)
    access = {"PLANLINK_PLANS": str(plan.parent), "PLANLINK_TOKEN": TOKEN}
    with serving_pages(copy_release(small_release, tmp_path / "out"), **access) as server:
        signed_in = _posted(
            f"{server}/review/qinghe-2026/session", urlencode({"token": TOKEN}).encode()
        )
        session = (signed_in.headers["Set-Cookie"] or "").partition(";")[0]
        key = form_key(Token(secret=TOKEN), session.partition("=")[2])

        def decide(n: int) -> int:
            form = urlencode(
                {
                    "csrf": key,
                    "action": "add",
                    "kind": "zone",
                    "name": names[n],
                    "type": "site",
                    "reason": "同时",
                    "value": "",
                }
            ).encode()
            return _posted(f"{server}/review/qinghe-2026", form, Cookie=session).status

        def enter(n: int) -> int:
            row = {
                "token": TOKEN,
                "by": f"第{n}人",
                "indicator": "1",
                "period": "2022",
                "value": str(550 + n),
                "source": f"公报{n}",
            }
            return ask(f"{server}/observe/qinghe-2026", urlencode(row).encode())[0]

        with ThreadPoolExecutor(WRITERS) as pool:
            assert list(pool.map(decide, range(WRITERS))) == [303] * WRITERS
            # After the decisions: each of them makes the form read the plan anew.
            statuses = list(pool.map(enter, range(WRITERS)))
    assert len(load_corrections(plan)) == before + WRITERS
    kept = [
        row["by"]
        for path in (plan / "monitoring").glob("[0-9]*.csv")
        for row in csv.DictReader(path.open(encoding="utf-8"))
    ]
    assert kept == [f"第{n}人" for n, status in enumerate(statuses) if status == 200], (
        "one value is new, the others repeat it"
    )
    assert sorted(statuses) == [200] + [422] * (WRITERS - 1)


def _posted(address: str, form: bytes, **headers: str) -> http.client.HTTPResponse:
    """The answer itself, not that of where it leads."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=HANGING)
    connection.request(
        "POST", parts.path, form, {"Content-Type": "application/x-www-form-urlencoded", **headers}
    )
    return connection.getresponse()


def enter(folder: Path) -> None:
    with only_writer(folder):
        append(folder, Import(1, "f", "s", "甲", "2026-01-01T00:00:00+00:00"), observation("甲"))


def accept(folder: Path) -> None:
    decide(folder, 1, True, "确有其地", "乙")


WRITES: dict[str, tuple[Callable[[Path], object], str]] = {
    "suggestion": (accept, "corrections.toml"),
    "decision": (lambda folder: record(folder, decision("后"), "乙"), "corrections.toml"),
    "import": (enter, "monitoring/0001.csv"),
}


@pytest.mark.parametrize("what", WRITES)
def test_a_write_that_fails_or_is_killed_at_any_moment(what: str, tmp_path: Path) -> None:
    """The file is what it was or what it becomes; what lies there before a call is what a kill
    leaves then, and the next writer goes on.
    """
    write, name = WRITES[what]

    def fresh(folder: Path) -> Path:
        folder.mkdir()
        (folder / "corrections.toml").write_bytes(decided)
        shutil.copy(tmp_path / SUGGESTIONS, folder)
        return folder

    def there(folder: Path) -> bytes:
        return (folder / name).read_bytes() if (folder / name).exists() else b""

    record(tmp_path, decision("前"), "甲")
    decided = (tmp_path / "corrections.toml").read_bytes()
    add_suggestions(tmp_path, [SUGGESTED])
    trial = fresh(tmp_path / "trial")
    before = there(trial)
    killed: list[Path] = []

    def keep(_: str) -> None:
        killed.append(tmp_path / f"killed-{len(killed)}")
        shutil.copytree(trial, killed[-1])

    with watching(trial, keep):
        write(trial)
    after = len(there(trial))  # the time of a decision is another each time
    assert len(killed) >= 9
    for number, snapshot in enumerate(killed):
        failed = [fresh(tmp_path / f"failed-{number}-{code}") for code in FAULTS]
        for folder, code in zip(failed, FAULTS, strict=True):
            with failing(folder, number, code):
                try:
                    write(folder)
                except PlanlinkError:
                    continue
            assert len(there(folder)) == after, number  # it was acknowledged
        for place in (*failed, snapshot):
            assert there(place) == before or len(there(place)) == after, number
            if what == "suggestion":
                with contextlib.suppress(PlanlinkError):  # it is accepted already
                    accept(place)
                assert load_suggestions(place)[0].decision == "accepted"
            elif there(place) == before:
                write(place)
            with only_writer(place):
                assert not list(place.rglob(".*")), number
            assert len(there(place)) == after


@pytest.mark.skipif(not UNPRIVILEGED, reason="setpriv is not installed")
def test_ten_writes_of_each_kind_into_a_read_only_folder_leave_it_alone(tmp_path: Path) -> None:
    record(tmp_path, decision("前"), "甲")
    add_suggestions(tmp_path, [SUGGESTED])
    (tmp_path / "monitoring").mkdir(mode=0o500)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    tmp_path.chmod(0o500)
    writing = """
import sys
from pathlib import Path
from kg.errors import CannotWriteError
from test_files import WRITES
for write, _ in [*WRITES.values()] * 10:
    try:
        write(Path(sys.argv[1]))
    except CannotWriteError as error:
        print(len(str(error).splitlines()))
"""
    paths = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    command = [*UNPRIVILEGED, sys.executable, "-c", writing, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"] * 10 * len(WRITES)
    tmp_path.chmod(0o700)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_lock_that_fails_when_it_is_let_go_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = os.close

    def fail(number: int) -> None:
        close(number)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "close", fail)
        with only_writer(tmp_path):
            (tmp_path / "kept").write_bytes(b"1")
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize("what", ["decision", "import"])
def test_ten_kills_in_a_row_lose_nothing_that_was_acknowledged(what: str, tmp_path: Path) -> None:
    """One write after the other by a process that is killed while it writes (SIGKILL)."""

    def kept() -> int:
        read = load_corrections if what == "decision" else lambda folder: read_log(folder).imports
        return len(read(tmp_path))

    def write(number: int) -> None:
        if what == "decision":
            record(tmp_path, decision(f"区{number}"), "甲")
        else:
            about = Import(number, "f", "s", "甲", "2026-01-01T00:00:00+00:00")
            with only_writer(tmp_path):
                append(tmp_path, about, observation("甲"))

    for delay in range(10):
        before = kept()
        told, tell = os.pipe()
        if not (process := os.fork()):
            try:
                for number in range(before + 1, before + 1_000):
                    write(number)
                    os.write(tell, b"1")
            finally:
                os._exit(1)
        os.close(tell)
        acknowledged = len(os.read(told, 1))
        time.sleep(delay / 2_000)
        os.kill(process, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(process, 0)[1]) == signal.SIGKILL
        acknowledged += len(os.read(told, 1_000))
        os.close(told)
        assert 1 <= acknowledged <= kept() - before <= acknowledged + 1
    write(kept() + 1)
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EIO, errno.ENOLCK])
def test_a_folder_that_cannot_be_held(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "lock", fails)
    with pytest.raises(CannotWriteError, match="cannot be written"):
        record(tmp_path, decision("甲"), "甲")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from kg.link.corrections import record\n"
        "os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
        "record(Path(sys.argv[1]), {'action': 'accept', 'kind': 'zone', 'name': '半', 'reason': "
        "'x'}, '甲')"
    )
    assert (
        subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False).returncode == -9
    )
    assert [p.suffix for p in tmp_path.iterdir()] == [".partial"]
    record(tmp_path, decision("全"), "甲")
    assert (
        tomllib.loads((tmp_path / "corrections.toml").read_text(encoding="utf-8"))["correction"][0][
            "name"
        ]
        == "全"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["corrections.toml"]


def test_it_is_on_the_disk_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file before it gets its name, then the folder that holds the name."""
    done: list[str] = []
    monkeypatch.setattr(
        os,
        "fsync",
        lambda number: done.append(Path(f"/proc/self/fd/{number}").readlink().suffix or "folder"),
    )
    write_durably(tmp_path / "a.toml", b"x")
    assert done == [".partial", "folder"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError, match="cannot be written"), only_writer(tmp_path / "none"):
        pass
