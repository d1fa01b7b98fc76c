"""How long the same N-Quads take to load into planlink's store, by `oxigraph load`, and into
Virtuoso 7: seconds, CPU seconds and MiB on the disk.

python benchmarks/loading.py [DUMP.nq.gz] [--times 2]      the flagship's unless given
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from load import running
from sparql import VIRTUOSO

from plans import flagship

PORT, SQL = 8570, 8670
OURS = """
import sys
from pathlib import Path
from kg.release.store import write_store
dump, folder = map(Path, sys.argv[1:])
print(len(write_store(folder, dump.read_bytes())))
"""

Load = Callable[[Path, Path], float]  # of N-Quads and a folder to fill: CPU seconds


def ended(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after[2] + after[3] - before[2] - before[3]


def planlink(dump: Path, folder: Path) -> float:
    return ended([sys.executable, "-c", OURS, str(dump), str(folder / "store")])


def oxigraph(dump: Path, folder: Path) -> float:
    program = Path(sys.executable).parent / "oxigraph"
    return ended([str(program), "load", "--location", str(folder / "store"), "--file", str(dump)])


def oxigraph_optimized(dump: Path, folder: Path) -> float:
    program = Path(sys.executable).parent / "oxigraph"
    return oxigraph(dump, folder) + ended(
        [str(program), "optimize", "--location", str(folder / "store")]
    )


def virtuoso(dump: Path, folder: Path) -> float:
    ini = VIRTUOSO.read_text(encoding="utf-8")
    ini = ini.format(
        sql=SQL, http=PORT, buffers=170_000, threads=10, parallel=os.cpu_count(), seconds=8
    )
    (folder / "virtuoso.ini").write_text(ini, encoding="utf-8")
    command, address = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], PORT
    load = f"ld_dir('{dump.parent}', '{dump.name}', 'urn:none'); rdf_loader_run(); checkpoint;"
    with running(command, f"http://127.0.0.1:{address}", "/sparql", folder) as process:
        before = ticks(process.pid)
        isql(load)
        spent = ticks(process.pid) - before
        isql("shutdown;")
        process.wait()
    return spent


def isql(said: str) -> None:
    command = ["isql-vt", f"127.0.0.1:{SQL}", "dba", "dba", f"exec={said}"]
    subprocess.run(command, check="shutdown" not in said, capture_output=True)


def ticks(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description="Loads the same N-Quads into several stores.")
    parser.add_argument("dump", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=2)
    given = parser.parse_args()
    loads: dict[str, Load] = {
        "planlink": planlink,
        "oxigraph load": oxigraph,
        "oxigraph load, optimize": oxigraph_optimized,
        **({"Virtuoso 7": virtuoso} if shutil.which("virtuoso-t") else {}),
    }
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "dump" / "all.nq"
        plain.parent.mkdir()
        packed = given.dump or flagship(Path(name) / "out")
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
        with plain.open("rb") as lines:
            print(f"{sum(1 for _ in lines):,} quads, {plain.stat().st_size / 2**20:.0f} MiB")
        for turn in range(given.times):
            for called, load in loads.items():
                folder = Path(name) / f"{called.replace(' ', '-')}-{turn}"
                folder.mkdir()
                begun = time.perf_counter()
                cpu = load(plain, folder)
                seconds = time.perf_counter() - begun
                size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20
                print(f"{called:24}{seconds:9.1f} s, CPU {cpu:8.1f} s, {size:7.0f} MiB", flush=True)
                shutil.rmtree(folder)


if __name__ == "__main__":
    main()
