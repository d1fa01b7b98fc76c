"""A PDF file -> what it publishes, read in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kg
from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.published import Place, Published


def read_pdf(path: Path) -> Published:
    """The text of a .pdf file.

    Rows of a table that goes on from page to page follow one another: the head that is repeated on
    each page is left out, and a row that a page's end broke is whole, on its first page. What is
    not seen (white on white, outside the crop box, too small to read) is no text; what a scan
    carries as recognised text is. Running heads, feet, page numbers and watermarks are left
    out; notes at the feet of pages are at the end.

    Raises:
        PlanlinkError: the file is no PDF, broken, locked by a password, or not read within the
            bounds of time and memory.
    """
    found = _read_apart(path)
    if "wrong" in found:
        raise PlanlinkError.of(f"pdf_{found['wrong']}", path, found.get("most"))
    written: list[str] = []
    places: list[Place] = []
    length = 0
    for number, lines in (*enumerate(found["pages"], 1), *_at_the_end(found["notes"])):
        page = "".join(line + "\n" for line in lines)
        if page:
            places.append(Place(length, f"page={number}"))
            written.append(page)
            length += len(page)
    return Published(
        "".join(written),
        tuple(places),
        found["properties"],
        tuple(Finding(kind, values={"page": str(page)}) for kind, page in found["findings"]),
    )


def _at_the_end(notes: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The notes as they are behind the text, under a heading, each with its page."""
    for i, (page, line) in enumerate(notes):
        yield page, [lexicon("pages")["notes"]["heading"], line] if not i else [line]


def _read_apart(path: Path) -> dict[str, Any]:
    """What the reading process answers."""
    found = (str(Path(kg.__file__).parent.parent), os.environ.get("PYTHONPATH", ""))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "kg.source.intake.pdf.worker", str(path.resolve())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, found))},
        check=False,
    )
    if done.returncode < 0:
        return {"wrong": "time" if done.returncode == -signal.SIGALRM else "ended"}
    fault = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    if fault.startswith("MemoryError"):
        return {"wrong": "memory"}
    if done.returncode:
        raise RuntimeError(fault)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
