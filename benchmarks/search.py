"""Full-text search over thousands of plans, beside SQLite's FTS5 on the same tokens.

What search finds of the plans of a folder of releases (benchmarks/corpus.py makes one of hundreds)
is repeated under other slugs until there are so many plans. Both return the best 50 with their
texts and count all by type and by plan, in one process, the same words in turn.

    python benchmarks/search.py RELEASES 3200
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from kg.rdf.gzipped import read_content
from kg.release.assemble import CACHE
from kg.release.compiled import SEARCH
from kg.release.indexing import FOLDER, Entry, PlanEntries, write_index
from kg.release.search import Index
from kg.release.tokens import tokens

ROUNDS = 10
WORDS = (
    "养老", "就业", "人才", "创新", "建设", "人工智能", "低空经济", "科技产业园", "生态环境", "城市更新",
    "森林覆盖率", "石墨烯", "长江经济带", "养老 社区", "数字 经济", "文物保护", "5G", "师", "大学",
    "先进制造业集群",
)  # fmt: skip


def plans(folder: Path, times: int) -> Iterator[PlanEntries]:
    """What is found of the plans of a folder of releases, so many times."""
    kept = sorted((folder / CACHE).glob(f"*/*/{SEARCH}"))
    for i in range(times):
        for path in kept:
            yield PlanEntries(slug := f"{path.parts[-3]}-{i}", slug, partial(under, path, slug))


def under(path: Path, slug: str) -> Iterator[Entry]:
    """The entries of a plan under another slug."""
    for iri, kind, plan, *rest in json.loads(read_content(path)):
        yield Entry(iri.replace(f"/{plan}/", f"/{slug}/"), kind, slug, *rest)


def fts5(path: Path, found: list[PlanEntries]) -> Callable[[str], int]:
    """The same rows in SQLite, and how they are searched there."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE entry (iri, type, plan, label, text, chapter, place)")
        connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5("
            "names, text, content='', tokenize=\"unicode61 tokenchars '.'\")"
        )
        numbered = enumerate((row for one in found for row in one.read()), 1)
        while some := list(islice(numbered, 10_000)):
            connection.executemany(
                "INSERT INTO entry (rowid, iri, type, plan, label, text, chapter, place) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, *row[:7]) for number, row in some],
            )
            connection.executemany(
                "INSERT INTO words (rowid, names, text) VALUES (?, ?, ?)",
                [(number, *row[7:]) for number, row in some],
            )
    opened = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    matching = "FROM words JOIN entry ON entry.rowid = words.rowid WHERE words MATCH ?"

    def search(words: str) -> int:
        phrases = []
        for run in words.lower().split():
            pairs = tokens(run)[: -1 if len(run) > 1 and not run.isascii() else None]
            prefix = "*" if run.isascii() or len(run) == 1 else ""
            phrases.append(f'"{" ".join(pairs)}"{prefix}')
        asked = (" AND ".join(phrases),)
        opened.execute(
            f"SELECT entry.* {matching} ORDER BY bm25(words, 8.0, 1.0), entry.plan LIMIT 50", asked
        ).fetchall()
        counted = f"SELECT entry.type, entry.plan, count(*) {matching} GROUP BY 1, 2"
        return sum(n for _, _, n in opened.execute(counted, asked))

    return search


def main() -> None:
    folder, wanted = Path(sys.argv[1]), int(sys.argv[2])
    found = list(islice(plans(folder, wanted), wanted))
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        scratch = Path(beside)
        begun = time.process_time()
        write_index(scratch / FOLDER, found)
        took = time.process_time() - begun
        size = sum(path.stat().st_size for path in (scratch / FOLDER).iterdir())
        print(f"{len(found)} plans; Tantivy's index: {size >> 20} MiB, {took:.0f} CPU s")
        begun = time.process_time()
        theirs = fts5(scratch / "fts5", found)
        took = time.process_time() - begun
        size = (scratch / "fts5").stat().st_size
        print(f"FTS5's: {size >> 20} MiB, {took:.0f} CPU s; milliseconds of a search:")
        ours = Index(scratch)
        works = {"search": ours.search, "FTS5": theirs, "suggestions": ours.suggest}
        times = {name: [] for name in works}  # type: dict[str, list[float]]
        for words in WORDS:
            mine, other = ours.search(words).total, theirs(words)
            if mine != other:
                print(f"  {words}: {mine} found, and {other} by FTS5")
        for _ in range(ROUNDS):
            for words in WORDS:
                for name, work in works.items():
                    times[name].append(_taken(work, words))
        for name, all_ in times.items():
            ordered = sorted(all_)
            print(
                f"  {name:12} median {statistics.median(ordered):.1f}, "
                f"p95 {ordered[int(len(ordered) * 0.95)]:.1f}, longest {ordered[-1]:.1f}"
            )
        begun = time.perf_counter()
        ours.naming("人才")
        print(f"  who names 人才: {(time.perf_counter() - begun) * 1000:.0f}")


def _taken(work: Callable[[str], object], words: str) -> float:
    begun = time.perf_counter()
    work(words)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
