"""Many plans: how fast they are compiled, what a publish costs after one has changed, memory, disk,
a server's start and its answers, for several sizes.

Plans are made from four real ones of ../shared/plans, one of each kind: a city's and a province's
outline, a Party committee's suggestions and a plan of one sector. Each copy has the name of another
division, so that no two texts are the same. The same number gives the same plans.

    python benchmarks/corpus.py 10 30                                   plans in each corpus
    python benchmarks/corpus.py --folder build/corpus --seconds 570 300 1000

With --folder, what is measured is written there as it is measured, and a run that was stopped, or
stops itself after so many seconds (exit status 3), goes on when it is started again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from load import running

from kg.files import write_durably
from kg.release.jobs import cores
from kg.release.manifest import read_manifest
from kg.source.gazetteer import Level, divisions, full_name
from kg.source.new import new_plan

ROOT = Path(__file__).parent.parent
SHARED = next(
    (one for one in (ROOT / "shared" / "plans", ROOT.parent / "shared" / "plans") if one.is_dir()),
    ROOT,
)
SHAPES = {  # and the name that another takes the place of
    "nanjing_city_15fyp_2026": "南京市",
    "shanghai_municipality_14fyp_2021": "上海市",
    "hefei_city_15fyp_suggestions_2025": "合肥市",
    "hubei_province_cultural_relics_14fyp_2021": "湖北省",
}
COUNTRY = 3200
LOOK = 1.0  # seconds between looks at the processes
PORT = 8137
ASKED = (  # of the whole corpus
    "/corpus/words?q=低空经济", "/corpus/words?q=建设", "/corpus/indicators",
    "/corpus/indicators?q=常住人口城镇化率", "/corpus/indicators?q=森林覆盖率", "/corpus/levels",
    "/corpus/gaps", "/corpus/institutions", "/corpus/wordings", "/corpus/periods",
    "/search?q=人才", "/search?q=人工智能", "/", "/compare", "/catalogue.ttl?page=1", "/sitemap.xml",
    "/releases.atom",
)  # fmt: skip
TIMES = 5  # that each is asked, after once to warm up


def corpus(folder: Path, plans: int) -> list[Path]:
    """Folders of plans, made unless they are there."""
    there = sorted((folder / "plans").glob("plan-*"))
    if len(there) == plans:
        return there
    shapes = []
    for name, area in SHAPES.items():
        made = folder / "shapes" / name
        if not made.exists():
            new_plan(SHARED / f"{name}.txt", made)
        text = (made / "source.txt").read_text(encoding="utf-8")
        toml = re.sub(r'"请填写".*', '"未知"', (made / "plan.toml").read_text(encoding="utf-8"))
        toml = re.sub(r"(?m)^(slug|area|area_code|level|period|source) =.*\n", "", toml)
        shapes.append((text, toml, area, [2026, 2030] if "15fyp" in name else [2021, 2025]))
    names = [
        one for one in divisions() if one.level in (Level.CITY, Level.COUNTY) and not one.until
    ]
    found = []
    for number in range(plans):
        text, toml, area, period = shapes[number % len(shapes)]
        other = full_name(names[number * 7 % len(names)])
        plan = folder / "plans" / f"plan-{number:04}"
        plan.mkdir(parents=True, exist_ok=True)
        (plan / "source.txt").write_text(text.replace(area, other), encoding="utf-8")
        own = f'slug = "{plan.name}"\narea = "{other}"\nperiod = {period}\nsource = "source.txt"\n'
        (plan / "plan.toml").write_text(own + toml.replace(area, other), encoding="utf-8")
        found.append(plan)
    return found


class Watched:
    """A process and those that it started: their CPU seconds, and the most memory (MiB, shared
    pages divided) that they had together, and it alone.

    Args:
        process: its number.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._ticks: dict[int, int] = {}
        self.memory = self.alone = 0.0

    @property
    def cpu(self) -> float:
        return sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK")

    def look(self) -> None:
        kib, waiting = 0, [self._process]
        while waiting:
            number = waiting.pop()
            one = Path(f"/proc/{number}")
            with suppress(OSError):  # it has ended
                rollup = (one / "smaps_rollup").read_text()
                held = sum(int(n) for n in re.findall(r"(?m)^Pss: +(\d+)", rollup))
                kib += held
                if number == self._process:
                    self.alone = max(self.alone, held / 1024)
                fields = (one / "stat").read_text().rpartition(")")[2].split()
                self._ticks[number] = int(fields[11]) + int(fields[12])
                for task in (one / "task").iterdir():
                    waiting += map(int, (task / "children").read_text().split())
        self.memory = max(self.memory, kib / 1024)


class Record:
    """What was measured of a corpus so far, in its folder: figures by what was measured.

    Args:
        folder: the corpus's.
        until: when to stop, by time.monotonic(); None for never.
    """

    def __init__(self, folder: Path, until: float | None) -> None:
        self._path, self._until = folder / "measured.json", until
        self.of: dict[str, dict[str, Any]] = {}
        if self._path.exists():
            self.of = json.loads(self._path.read_text(encoding="utf-8"))

    def keep(self, what: str, **figures: Any) -> None:
        self.of[what] = {**self.of.get(what, {}), **figures}
        write_durably(self._path, json.dumps(self.of).encode())

    def done(self, what: str) -> bool:
        return bool(self.of.get(what, {}).get("done"))

    @property
    def too_late(self) -> bool:
        return self._until is not None and time.monotonic() > self._until


def published(record: Record, what: str, folders: list[Path], out: Path) -> None:
    """Publish plans as a user does, once; figures of runs that were stopped are added up."""
    if record.done(what):
        return
    before = record.of.get(what, {"seconds": 0.0, "cpu": 0.0, "memory": 0.0, "alone": 0.0})
    steps = Counter(before.get("steps", {}))
    command = [sys.executable, "-m", "kg", "publish", *map(str, folders), "--out", str(out)]
    begun, said = time.monotonic(), list[str]()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        reading = threading.Thread(target=_tell, args=(process.stderr, said))
        reading.start()
        watched, step = Watched(process.pid), "compile"
        while (status := process.poll()) is None:
            former = watched.cpu
            watched.look()
            step = next((s for line in said[-1:] for s in _step(line)), step)
            steps[step] += watched.cpu - former
            record.keep(
                what,
                seconds=before["seconds"] + time.monotonic() - begun,
                cpu=before["cpu"] + watched.cpu,
                memory=max(before["memory"], watched.memory),
                alone=max(before["alone"], watched.alone),
                steps=steps,
            )
            if record.too_late:
                process.terminate()
                process.wait()
                raise TimeoutError
            time.sleep(LOOK)
        reading.join()
    assert status == 0, "".join(said)
    record.keep(what, done=True)


def _tell(stream: Any, said: list[str]) -> None:
    """Show what a process says as it says it."""
    for line in stream:
        said.append(line)
        print(f"    {time.strftime('%H:%M:%S')} {line.rstrip()[:150]}", flush=True)


def _step(line: str) -> list[str]:
    """The step that a line says has begun, if it does."""
    return re.findall(r"^planlink: ((?:[a-z]+ ?)+)$", line)


def served(record: Record, out: Path) -> None:
    """Start a server, ask it, and stop it."""
    if record.done("served"):
        return
    address = f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "kg", "serve", str(out), "--port", str(PORT), "--workers", "1"]
    begun = time.perf_counter()
    with running(command, address, "/readyz", ROOT) as process:
        seconds, watched = time.perf_counter() - begun, Watched(process.pid)
        watched.look()
        record.keep("served", seconds=seconds, memory=watched.memory)
        answers = {path: _asked(address + urllib.parse.quote(path, "/?=")) for path in ASKED}
        watched.look()
    record.keep("served", answers=answers, later=watched.memory, done=True)


def _asked(address: str) -> tuple[float, float, int, str]:
    """How long an answer takes (milliseconds, the middle and the longest of several), its bytes,
    and what was wrong.
    """
    times, size = [], 0
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        request = urllib.request.Request(address, headers={"Accept": "text/html, */*;q=0.5"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                size = len(answer.read())
        except OSError as error:  # printed, and the others are asked all the same
            return 0.0, 0.0, 0, str(error)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:]), max(times[1:]), size, ""


def size(*folders: Path) -> float:
    """What folders take on the disk, what they share once (MiB)."""
    done = subprocess.run(["du", "-sck", *folders], capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1].split()[0]) / 1024


def measured(folder: Path, plans: int, until: float | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    record, folders, out = Record(folder, until), corpus(folder, plans), folder / "out"
    published(record, "all", folders, out)
    all_ = record.of["all"]
    if "disk" not in all_:
        characters = sum(len((one / "source.txt").read_text(encoding="utf-8")) for one in folders)
        triples = read_manifest(out / "current").triples
        released = size(out / "releases")
        record.keep(
            "all", characters=characters, triples=triples, disk=size(out), released=released
        )
        all_ = record.of["all"]
    print(f"{plans} plans, {all_['characters']:,} characters, {all_['triples']:,} triples")
    print(f"  publish of all      {_run(all_)}")
    print(f"    CPU by step       {_steps(all_)}")
    print(f"  that is             {plans / all_['cpu']:7.3f} plans a second of a core", flush=True)
    published(record, "nothing", folders, out)
    print(f"  nothing changed     {_run(record.of['nothing'])}", flush=True)
    text = folders[0] / "source.txt"
    if "one" not in record.of:
        more = text.read_text(encoding="utf-8") + "支持建设技术转移中心。\n"
        text.write_text(more, encoding="utf-8")
        disk = size(out)
        published(record, "one", folders, out)
        record.keep("one", disk=size(out) - disk)
    published(record, "one", folders, out)
    one = record.of["one"]
    print(
        f"  one plan changed    {_run(one)}, {one['cpu'] / all_['cpu']:.1%} of the CPU time of all"
    )
    print(f"    CPU by step       {_steps(one)}")
    print(
        f"  disk                {all_['disk']:8.0f} MiB, of which the release "
        f"{all_['released']:.0f}"
    )
    if "disk" in one:
        print(f"  a release more      {one['disk']:8.0f} MiB")
    served(record, out)
    of_server = record.of["served"]
    print(
        f"  server answers after{of_server['seconds']:8.1f} s   {of_server['memory']:7.0f} MiB, "
        f"{of_server['later']:.0f} after its answers"
    )
    for path, (middle, longest, many, wrong) in of_server["answers"].items():
        print(
            f"    {middle:8.0f} ms, at most {longest:6.0f}, {many / 1024:7.0f} KiB  {path} {wrong}"
        )
    times = COUNTRY / plans
    print(
        f"  the country's {COUNTRY:,} outlines, extrapolated and not run: publish of all "
        f"{all_['cpu'] * times / 3600:.1f} h of one core, disk {all_['disk'] * times / 1024:.0f} "
        f"GiB",
        flush=True,
    )


def _run(of: dict[str, Any]) -> str:
    return (
        f"{of['seconds']:7.1f} s, CPU {of['cpu']:7.1f} s, {of['memory']:6.0f} MiB "
        f"(the one that assembles {of['alone']:.0f})"
    )


def _steps(of: dict[str, Any]) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in of["steps"].items())


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures a corpus of plans.")
    parser.add_argument("plans", nargs="*", type=int, default=[10, 30])
    parser.add_argument(
        "--folder", type=Path, help="where to measure and to keep what was measured"
    )
    parser.add_argument("--seconds", type=float, help="stop after so many, to go on another time")
    given = parser.parse_args()
    until = time.monotonic() + given.seconds if given.seconds else None
    print(f"{cores()} cores", flush=True)
    for plans in given.plans:
        try:
            if given.folder:
                measured(given.folder.absolute() / str(plans), plans, until)
            else:
                with tempfile.TemporaryDirectory() as name:
                    measured(Path(name), plans, until)
        except TimeoutError:
            print("stopped; the same command goes on from here", flush=True)
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
