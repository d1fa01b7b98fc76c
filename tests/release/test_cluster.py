"""Plans compiled by the workers of a cluster, a scheduler and two workers on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from test_folder import write_plan

from kg import pipeline
from kg.errors import PlanlinkError
from kg.release.assemble import Publishing
from kg.release.jobs import Jobs, cluster_at, refuse
from kg.release.manifest import Manifest
from kg.settings import Settings


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    distributed = pytest.importorskip("distributed", reason="planlink[cluster] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made.scheduler_address


def publish(
    out: Path, *folders: Path, scheduler: str, failed: list[PlanlinkError] | None = None
) -> Manifest:
    """Publish, as the command does with --scheduler."""
    told = None if failed is None else failed.append
    publishing = Publishing(lambda _: None, print, failed=told, scheduler=scheduler)
    return pipeline.publish([*folders], out, Settings(), publishing)


def end() -> None:
    """Kill the worker that does this."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_plans_are_compiled_by_workers(scheduler: str, tmp_path: Path) -> None:
    folders = [write_plan(tmp_path / name, f"{name}-2021") for name in ("one", "two", "broken")]
    (folders[2] / "source.txt").write_bytes(b"")
    failed: list[PlanlinkError] = []
    manifest = publish(tmp_path / "out", *folders, failed=failed, scheduler=scheduler)
    assert [plan.slug for plan in manifest.plans] == ["one-2021", "two-2021"]
    assert len(failed) == 1 and str(folders[2]) in str(failed[0])


def test_work_that_kills_its_workers_is_named(scheduler: str) -> None:
    with cluster_at(scheduler) as cluster, closing(Jobs(1, lambda _: None, cluster)) as jobs:
        found = jobs.each("ended", [("the plan", end)])
    with pytest.raises(PlanlinkError, match="the plan: the process that worked on it was killed"):
        refuse(found)


def test_a_scheduler_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="planlink[cluster] is not installed")
    monkeypatch.setattr("kg.release.jobs._PATIENCE", 1)
    with pytest.raises(PlanlinkError, match="no scheduler answers there"):
        publish(tmp_path / "out", write_plan(tmp_path / "plan"), scheduler="tcp://127.0.0.1:9")
