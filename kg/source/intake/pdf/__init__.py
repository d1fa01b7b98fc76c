"""PDF -> text: what its pages show, in reading order, tables as rows and furniture left out; it is
read in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

import kg
from kg.errors import PlanlinkError
from kg.source.published import Published

__all__ = ["read_pdf"]


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
    if wrong := found.get("wrong"):
        raise PlanlinkError.of(wrong, path, found.get("most"))
    return msgspec.convert(found, Published)


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
        return {"wrong": "pdf_time" if done.returncode == -signal.SIGALRM else "pdf_ended"}
    fault = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    if fault.startswith("MemoryError"):
        return {"wrong": "pdf_memory"}
    if done.returncode:
        raise RuntimeError(fault)
    answer: dict[str, Any] = msgspec.json.decode(done.stdout)
    return answer
