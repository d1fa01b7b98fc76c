"""Many plans at once: what fails, is killed or finds no room stops nothing else, and is named."""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest
from test_folder import MORE, TEXT, quiet, tree, write_plan

from kg import pipeline
from kg.errors import CannotWriteError, PlanlinkError, SeveralErrors
from kg.export.package import export_files
from kg.link.identifiers import REGISTER
from kg.release import edition, kept_store
from kg.release.assemble import CACHE, Publishing
from kg.release.jobs import Jobs, Progress
from kg.release.manifest import Manifest, read_manifest
from kg.settings import Settings
from kg.source.schema import UNSURE


class Room(NamedTuple):
    free: int


@pytest.fixture(autouse=True)
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in test_folder.py."""
    monkeypatch.setattr(edition, "export_files", lambda *of: islice(export_files(*of), 1))


def halved(number: int) -> int:
    """Half of an even number; 13 is unlucky, and 17 kills."""
    if number == 17:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 13:
        raise ValueError("13\nis unlucky")
    if number % 2:
        raise PlanlinkError("it is odd", str(number), "give an even one")
    return number // 2


SHARING = """
from contextlib import closing
from functools import partial
from kg.release.jobs import Jobs
tagger = "__import__('kg.extract.tagger').extract.tagger"
models = partial(eval, f"{tagger}.shipped.cache_info().currsize")
with closing(Jobs(2, lambda _: None)) as working:
    print(working.each("models", [("", models), ("", models)]))
"""


def test_processes_share_the_model_of_names() -> None:
    """In a process of its own, since what is forked from is started once."""
    said = subprocess.run([sys.executable, "-c", SHARING], check=True, capture_output=True)
    assert said.stdout == b"[1, 1]\n"


@pytest.mark.parametrize(("jobs", "last"), [(1, 16), (2, 17)])
def test_what_fails_or_is_killed_is_named_and_stops_nothing_else(jobs: int, last: int) -> None:
    told: list[Progress] = []
    numbers = (last, 3, *range(4, 14))
    tasks = [(f"plan {n}", partial(halved, n)) for n in numbers]
    with closing(Jobs(jobs, told.append)) as working:
        found = working.each("halved", tasks)
        assert working.each("halved", tasks[-2:-1]) == [6], "and they go on working"
    of = dict(zip(numbers, found, strict=True))
    assert [of[n] for n in range(4, 13, 2)] == [2, 3, 4, 5, 6]
    assert "3: it is odd; give an even one" in str(of[3])
    assert "plan 13: planlink failed on it (ValueError: 13 is unlucky; test_jobs.py, line" in str(
        of[13]
    )
    assert (
        of[last] == 8
        if last == 16
        else "plan 17: the process that worked on it was killed" in str(of[17])
    )
    end = told[len(tasks) - 1]
    assert (end.done + end.failed, end.total, end.remaining) == (len(tasks), len(tasks), 0)
    assert str(end).startswith(f"halved: {end.done} of {len(tasks)}, {end.failed} failed; ")


def test_errors_go_from_process_to_process() -> None:
    one = PlanlinkError("a", "b", "c")
    for error in (one, SeveralErrors([one, one]), CannotWriteError(OSError("full"), Path("x"))):
        again = pickle.loads(pickle.dumps(error))
        assert isinstance(again, PlanlinkError)
        assert (str(again), again.where, again.mend) == (str(error), error.where, error.mend)


def publish(out: Path, *folders: Path, failed: list[PlanlinkError] | None = None) -> Manifest:
    told = None if failed is None else failed.append
    return pipeline.publish(
        [*folders], out, Settings(), Publishing(quiet, quiet, failed=told, jobs=1)
    )


def test_a_plan_that_fails_stops_no_other(tmp_path: Path) -> None:
    one, other = (write_plan(tmp_path / slug, slug) for slug in ("one", "other"))
    out, failed = tmp_path / "out", list[PlanlinkError]()
    toml = other / "plan.toml"
    whole = toml.read_text("utf-8")
    toml.write_text(whole.replace("area", "aera"), encoding="utf-8")
    with pytest.raises(PlanlinkError, match="aera"):
        publish(out, one, other)
    assert not (out / "releases").exists()
    assert [plan.slug for plan in publish(out, one, other, failed=failed).plans] == ["one"]
    assert len(failed) == 1 and str(other) in str(failed[0])
    toml.write_text(whole, encoding="utf-8")
    former = publish(out, one, other).plan("other")
    for path, text in ((one / "source.txt", TEXT + MORE), (toml, "no toml")):
        path.write_text(text, encoding="utf-8")
    now = publish(out, one, other, failed=failed)
    assert now.plan("other") == former and now.plan("one").version == now.release
    toml.write_text(whole, encoding="utf-8")
    register = other / REGISTER
    for broken in (True, False):  # or missing, and kept nowhere
        register.write_text("broken", encoding="utf-8") if broken else register.unlink()
        shutil.rmtree(out / CACHE)
        (one / "source.txt").write_text(TEXT * 2 if broken else TEXT, encoding="utf-8")
        with pytest.raises(PlanlinkError, match=REGISTER):
            publish(out, one, other)
        former, now = now.plan("other"), publish(out, one, other, failed=failed)
        assert now.plan("other") == former and now.plan("one").version == now.release
        assert str(register) in str(failed.pop())
    (one / "source.txt").unlink()
    (one / "source.txt").mkdir()
    with pytest.raises(SeveralErrors, match=r"source\.txt"):
        publish(out, one, other, failed=failed)
    assert len(failed) == 2, "where none is left, that is an error"


def test_two_plans_with_one_slug_are_named_before_anything_is_read(tmp_path: Path) -> None:
    folders = [write_plan(tmp_path / str(n)) for n in range(2)]
    (folders[0] / "source.txt").unlink()
    with pytest.raises(PlanlinkError, match=r"1/plan\.toml: the slug 'qingshi' is that of .+ too"):
        publish(tmp_path / "out", *folders, failed=[])
    assert not (tmp_path / "out").exists()
    for folder in folders:  # which nobody has filled in yet
        text = (folder / "plan.toml").read_text("utf-8")
        (folder / "plan.toml").write_text(text.replace("qingshi", UNSURE), encoding="utf-8")
    with pytest.raises(SeveralErrors, match=f"slug, title still say {UNSURE}"):
        publish(tmp_path / "out", *folders, failed=[])


def test_a_full_disk_is_told_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = write_plan(tmp_path / "plan"), tmp_path / "out"
    publish(out, folder)
    before = tree(out)
    (folder / "source.txt").write_text(TEXT + MORE, encoding="utf-8")

    def full(*_: object) -> Iterator[None]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(kept_store, "write_store", full)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(0))
    with pytest.raises(
        PlanlinkError, match=r"the disk is full .* about \d+ MiB are missing"
    ) as told:
        publish(out, folder)
    taken = sum(path.stat().st_size for path in (out / "current").resolve().rglob("*"))
    assert int(str(told.value).split(" MiB")[0].split()[-1]) << 20 > taken
    assert tree(out) == before
    kept = [json.loads(path.read_text("utf-8")) for path in out.glob(".compiled/*/*/part.json")]
    assert len(kept) == 4, "two plans and their tables: what was made is not lost"
    assert read_manifest(out / "current").release == 1
