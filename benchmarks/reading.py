"""Reading a plan over lengths of 10,000 to 1,000,000 characters: from text to document, and (up to
100,000) to links; and the whole reading of the plans of ../shared, as publishing does it.

usage: reading.py [--whole]   (--whole: the plans of ../shared alone)

Seconds are those of one core: of its processor, not of a clock. The plans repeat the flagship's
chapters of measures under new chapter numbers, so that every one is a plan. Before that, reading
files of each kind that hold the flagship's text ten times over.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path

from docx import Document as WordDocument

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.link.links import link
from kg.link.reading import read_plan
from kg.memory import garbage_seldom_looked_for
from kg.source.intake import read_published
from kg.source.plan import load_plan

FLAGSHIP = Path(__file__).parent.parent / "plans" / "hongqiao-2021"
PLANS = Path(__file__).parent.parent.parent / "shared" / "plans"
ROUNDS = 4  # of reading the plans of ../shared; the first, which loads what is needed, is left out
LENGTHS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
LINKED = 100_000  # characters up to which a plan is also extracted from and linked
DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below 10,000 in Chinese."""
    if number < 10:
        return DIGITS[number]
    for size, word in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            zero = "零" if rest and rest < size // 10 else ""
            return (
                ("" if head == 1 and size == 10 else DIGITS[head])
                + word
                + zero
                + (numeral(rest) if rest else "")
            )
    raise ValueError(number)


def plan_of(length: int, chapters: list[str]) -> str:
    """A plan of about so many characters."""
    parts: list[str] = []
    size = 0
    while size < length:
        number = len(parts) + 1
        part = re.sub(
            r"^第[一二三四五六七八九十]+章",
            f"第{numeral(number)}章",
            chapters[(number - 1) % len(chapters)],
        )
        parts.append(part)
        size += len(part)
    return "".join(parts)[:length]


def files(lines: list[str], folder: Path) -> dict[str, Path]:
    """Files of each kind with these lines, by what reads them."""
    made = {
        "text (own)": folder / "plan.txt",
        "HTML (lxml, own choice of the article)": folder / "plan.html",
        "Word (zipfile, lxml)": folder / "plan.docx",
    }
    text, page, word = made.values()
    text.write_text("\n".join(lines), encoding="utf-8")
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page.write_text(f"<html><body><div>{body}</div></body></html>", encoding="utf-8")
    document = WordDocument()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(word))
    return made


def pdfs(lines: list[str], folder: Path) -> dict[str, Path]:
    """PDFs: these lines as Chromium prints them, and the plans of ../shared."""
    found = {f"PDF (PDFium), {p.stem[:14]}": p for p in sorted(PLANS.glob("*.pdf"))}
    if browser := shutil.which("chromium"):
        page, out = folder / "print.html", folder / "print.pdf"
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        page.write_text(f"<meta charset=utf-8><body>{body}</body>", encoding="utf-8")
        run = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={out}"]
        subprocess.run([*run, str(page)], check=True, capture_output=True)
        found["PDF (PDFium), by Chromium"] = out
    return found


def pages(lines: list[str], folder: Path) -> None:
    """Times reading PDFs, in seconds of one core of the process that reads them."""
    for reader, path in pdfs(lines, folder).items():
        times = []
        for _ in range(3):
            begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            published = read_published(path)
            times.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun)
        seconds = statistics.median(times)
        count = len(published.places)
        print(
            f"{reader:40} {len(published.text) / seconds:19,.0f} {count / seconds:6.1f} pages a "
            f"second"
        )


def intake(source: str) -> None:
    """Times reading files of each kind, in seconds of one core."""
    print(f"{'reader':40} characters a second   MB/s")
    with tempfile.TemporaryDirectory() as folder:
        lines = [line for line in source.splitlines() if line.strip()] * 10
        for reader, path in files(lines, Path(folder)).items():
            times = []
            for _ in range(3):
                begun = time.process_time()
                text = read_published(path).text
                times.append(time.process_time() - begun)
            seconds = statistics.median(times)
            size = path.stat().st_size / 1e6
            print(f"{reader:40} {len(text) / seconds:19,.0f} {size / seconds:6.1f}")
        pages(lines[: len(lines) // 10], Path(folder))


def plans(folder: Path) -> list[Path]:
    """Folders of the annotated plans of ../shared."""
    made = []
    for text in sorted(PLANS.glob("*.txt")):
        known = json.loads((PLANS.parent / "gold" / "plans" / f"{text.stem}.json").read_text())
        about = json.loads(text.with_suffix(".meta.json").read_text())
        period = [int(year) for year in about["plan_period"].split("-")]
        plan = folder / text.stem
        plan.mkdir()
        shutil.copy(text, plan / "source.txt")
        given = dict.fromkeys(("title", "issuer", "area"), known["own"][0])
        given |= {"slug": text.stem.replace("_", "-"), "source": "source.txt"}
        lines = [f'{key} = "{value}"\n' for key, value in given.items()]
        (plan / "plan.toml").write_text("".join([*lines, f"period = {period}\n"]))
        made.append(plan)
    return made


@garbage_seldom_looked_for()
def whole() -> None:
    """Times the whole reading of the plans of ../shared: the least of several rounds over all of
    them, so that little of what is kept of a plan's sentences is there when it is read again."""
    with tempfile.TemporaryDirectory() as folder:
        read = [load_plan(plan) for plan in plans(Path(folder))]
        least = dict.fromkeys((plan.slug for plan in read), float("inf"))
        for number in range(ROUNDS):
            for plan in read:
                begun = time.process_time()
                read_plan(plan, lambda _: None, lambda _: None)
                seconds = time.process_time() - begun
                if number:
                    least[plan.slug] = min(least[plan.slug], seconds)
    print(f"{'plan, read wholly':44} characters  seconds   characters a second")
    for plan in read:
        size, seconds = len(plan.source), least[plan.slug]
        print(f"{plan.slug:44} {size:10,} {seconds:8.3f} {size / seconds:21,.0f}")
    size, seconds = sum(len(plan.source) for plan in read), sum(least.values())
    print(f"{'all':44} {size:10,} {seconds:8.3f} {size / seconds:21,.0f}", flush=True)


def main() -> None:
    if PLANS.is_dir():
        whole()
    if "--whole" in sys.argv[1:]:
        return
    plan = load_plan(FLAGSHIP)
    intake(plan.source)
    body = plan.source[
        plan.source.index("第三章构筑") : plan.source.index("红桥区“十四五”规划主要指标表")
    ]
    chapters = [c for c in re.split(r"(?m)^(?=第[一二三四五六七八九十]+章)", body) if c.strip()]
    print("characters   document, seconds   characters a second   extraction and links, seconds")
    for length in LENGTHS:
        text = plan_of(length, chapters)
        times: list[float] = []
        for _ in range(3):
            begun = time.process_time()
            document = read_document(text, "benchmark")
            times.append(time.process_time() - begun)
        seconds = statistics.median(times)
        rest = ""
        if length <= LINKED:
            begun = time.process_time()
            link(document, extract(document, plan.period, plan.area))
            rest = f"{time.process_time() - begun:10.3f}"
        print(
            f"{len(text):10,} {seconds:19.3f} {len(text) / seconds:21,.0f} {rest:>31}", flush=True
        )


if __name__ == "__main__":
    main()
