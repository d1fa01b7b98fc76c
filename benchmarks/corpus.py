"""Many plans: how fast they are compiled, what a publish costs after one has changed, memory, disk and a server's start, for several sizes.

Plans are made from four real ones of ../shared/plans, one of each kind: a city's and a province's
outline, a Party committee's suggestions and a plan of one sector. Each copy has the name of another
division, so that no two texts are the same. The same number gives the same plans.

    python benchmarks/corpus.py 10 30      plans in each corpus
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from load import running

from kg.release.assemble import CACHE
from kg.release.jobs import cores
from kg.release.manifest import read_manifest
from kg.source.gazetteer import Level, divisions, full_name
from kg.source.new import new_plan

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "plans"
SHAPES = {  # and the name that another takes the place of
    "nanjing_city_15fyp_2026": "南京市",
    "shanghai_municipality_14fyp_2021": "上海市",
    "hefei_city_15fyp_suggestions_2025": "合肥市",
    "hubei_province_cultural_relics_14fyp_2021": "湖北省",
}
COUNTRY = 3200
_LOOK = 1.0  # seconds between looks at the processes
PORT = 8137
MIB = 1 << 20


@dataclass(frozen=True)
class Run:
    """A publish: seconds, CPU seconds, the most memory that its processes had together (MiB), and what it said."""

    seconds: float
    cpu: float
    memory: float
    said: str

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s, CPU {self.cpu:7.1f} s, {self.memory:6.0f} MiB"


def corpus(folder: Path, plans: int) -> list[Path]:
    """Folders of plans."""
    shapes = []
    for name, area in SHAPES.items():
        made = folder / "shapes" / name
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
        plan.mkdir(parents=True)
        (plan / "source.txt").write_text(text.replace(area, other), encoding="utf-8")
        own = f'slug = "{plan.name}"\narea = "{other}"\nperiod = {period}\nsource = "source.txt"\n'
        (plan / "plan.toml").write_text(own + toml.replace(area, other), encoding="utf-8")
        found.append(plan)
    return found


class Watched:
    """A process and those that it started: the most memory that they had together, shared pages divided (MiB), and their CPU seconds.

    Args:
        process: its number.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._ticks: dict[int, int] = {}
        self.memory = 0.0

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
                kib += sum(int(n) for n in re.findall(r"(?m)^Pss: +(\d+)", rollup))
                told = (one / "stat").read_text().rpartition(")")[2].split()
                self._ticks[number] = int(told[11]) + int(told[12])
                for task in (one / "task").iterdir():
                    waiting += map(int, (task / "children").read_text().split())
        self.memory = max(self.memory, kib / 1024)


def published(folders: list[Path], out: Path) -> Run:
    """Publish plans as a user does."""
    command = [sys.executable, "-m", "kg", "publish", *map(str, folders), "--out", str(out)]
    begun, said = time.perf_counter(), list[str]()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        reading = threading.Thread(target=lambda: said.extend(process.stderr or ()))
        reading.start()
        watched = Watched(process.pid)
        while process.poll() is None:
            watched.look()
            time.sleep(_LOOK)
        reading.join()
    assert process.returncode == 0, "".join(said)
    return Run(time.perf_counter() - begun, watched.cpu, watched.memory, "".join(said))


def started(out: Path) -> tuple[float, float]:
    """Seconds until a server answers, and what its processes have in memory then (MiB)."""
    command = [sys.executable, "-m", "kg", "serve", str(out), "--port", str(PORT), "--workers", "1"]
    begun = time.perf_counter()
    with running(command, f"http://127.0.0.1:{PORT}", "/readyz", ROOT) as process:
        seconds, watched = time.perf_counter() - begun, Watched(process.pid)
        watched.look()
    return seconds, watched.memory


def size(*folders: Path) -> float:
    """What folders take on the disk, what they share once (MiB)."""
    done = subprocess.run(["du", "-sck", *folders], capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1].split()[0]) / 1024


def measured(folder: Path, plans: int) -> None:
    folders, out = corpus(folder, plans), folder / "out"
    characters = sum(len((one / "source.txt").read_text(encoding="utf-8")) for one in folders)
    full = published(folders, out)
    manifest = read_manifest(out / "current")
    disk, released = size(out), size(out / "releases")
    print(f"{plans} plans, {characters:,} characters, {manifest.triples:,} triples")
    print(f"  publish of all      {full}")
    print(f"  that is             {plans / full.cpu:7.3f} plans a second of a core")
    same = published(folders, out)
    text = folders[0] / "source.txt"
    text.write_text(text.read_text(encoding="utf-8") + "支持建设技术转移中心。\n", encoding="utf-8")
    one = published(folders, out)
    print(f"  nothing changed     {same}")
    print(f"  one plan changed    {one}, {one.cpu / full.cpu:.1%} of the CPU time of all")
    print(f"  disk                {disk:8.0f} MiB, of which the release {released:.0f}")
    print(f"  a release more      {size(out) - disk:8.0f} MiB")
    seconds, memory = started(out)
    print(f"  server answers after{seconds:8.1f} s   {memory:7.0f} MiB")
    times = COUNTRY / plans
    print(
        f"  the country's {COUNTRY:,} outlines, extrapolated and not run: publish of all "
        f"{full.cpu * times / 3600:.1f} h of one core, disk {disk * times / 1024:.0f} GiB"
    )


def main() -> None:
    print(f"{cores()} cores")
    for plans in map(int, sys.argv[1:] or ["10", "30"]):
        with tempfile.TemporaryDirectory() as name:
            measured(Path(name), plans)
            shutil.rmtree(Path(name) / "out" / CACHE)


if __name__ == "__main__":
    main()
