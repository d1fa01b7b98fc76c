"""Tables of indicators: rows right and rows invented, for each reference table of ../shared/plans
as published, and laid out anew in every shape and layout of tests/document/twins.py, as text, HTML
and Word.

usage: python benchmarks/tables.py [PLAN ...] [--misses] [--published]
       python benchmarks/tables.py --invented [NAME ...] [--misses]

With --invented, the invented tables of tests/document/tables in each format, printed as PDF by
Chromium (with ruling lines and without) and, where it is installed, LibreOffice.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "document"))

import invented  # noqa: E402
import twins  # noqa: E402

from kg.document.structure import read_document  # noqa: E402
from kg.errors import PlanlinkError  # noqa: E402
from kg.extract.indicators import read_indicators  # noqa: E402
from kg.extract.model import Indicator, Value  # noqa: E402
from kg.source.intake import read_published  # noqa: E402

PLANS = HERE.parent.parent / "shared" / "plans"
NOTHING = ("", "—", "-", "——", "/")


def plain(name: str) -> str:
    """A name as score_table.py compares it."""
    return re.sub(r"[\s*∗#()()\[\]【】“”\"〔〕①-⑳]|[((][^))]*[))]", "", name)


def numbers(text: str) -> set[float]:
    """The numbers of a text."""
    return {float(n) for n in re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))}


def score(
    indicators: tuple[Indicator, ...],
    values: tuple[Value, ...],
    rows: list[dict[str, str]],
    misses: bool = False,
    exact: bool = True,
) -> tuple[int, int, int]:
    """Rows, rows right (all the target's numbers, and no target where there is none) and
    invented.
    """
    read: dict[str, list[tuple[str, set[float]]]] = {}
    for one in indicators:
        targets = [v for v in values if v.indicator == one.key and v.kind == "Target"]
        found = {n for v in targets for n in numbers(v.quantity.text)}
        for name in {plain(name) for name in (one.name, *one.other_names)}:
            read.setdefault(name, []).append((one.key, found))
    right, used = 0, set()
    for row in rows:
        hits = read.get(plain(row["name"]), [])
        used |= {key for key, _ in hits}
        want = numbers(row["target"]) | numbers(row["cumulative_or_annual"])
        good = any(have == want if exact else want <= have for _, have in hits)
        right += good
        if misses and not good:
            print("      ", "wrong" if hits else "missed", row["no"], row["name"], want, hits)
    invented = [one for one in indicators if one.key not in used]
    if misses:
        for one in invented:
            print("       invented", one.key, one.name)
    return len(rows), right, len(invented)


def read(
    text: str, first: int, rows: list[dict[str, str]], misses: bool, exact: bool = True
) -> tuple[int, int, int]:
    """The score of a text."""
    try:
        document = read_document(text, "twin")
    except PlanlinkError as error:
        print("      ", error)
        return len(rows), 0, 0
    if misses:
        for finding in document.findings:
            print("       finding", finding.kind, dict(finding.values))
    return score(*read_indicators(document, (first, first + 4)), rows, misses, exact)


def reference(plan: str) -> list[dict[str, str]]:
    """A plan's reference rows."""
    with (PLANS / f"{plan}.indicators.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def as_indicators(
    rows: list[dict[str, str]], shape: twins.Shape
) -> tuple[list[twins.Indicator], list[dict[str, str]]]:
    """The rows as a table of a shape holds them, and what is right then."""
    made, wanted = [], []
    for row in rows:
        cell = {k: "" if v in NOTHING else v for k, v in row.items()}
        if shape.apart:
            cell["name"] = re.sub(r"(?<=[一-龥])(?=\d)|(?<=\d)(?=[一-龥])", " ", cell["name"])
        if "rate" not in shape.columns:
            cell["target"] = cell["target"] or cell["cumulative_or_annual"]
            cell["cumulative_or_annual"] = ""
        unit = cell["unit"]
        name = re.sub(r"（(?:%|个|场次|万人次)）$", "", cell["name"])
        made.append(
            twins.Indicator(
                int(cell["no"]), cell["category"], name, unit, cell["baseline"], cell["target"],
                cell["cumulative_or_annual"], cell["attribute"],
            )
        )  # fmt: skip
        wanted.append(cell | {"name": name})
    return made, wanted


def wanted_names(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Parts as a twin prints them: the first with the shared name in its cell."""
    found, before, shared = [], "", ""
    for row in rows:
        group, _, own = row["name"].rpartition(" / ")
        name = row["name"]
        if group:
            first = f"{group}{own}"
            name = first if row["no"] != before else f"{shared} / {own}"
            shared = first
        before = row["no"]
        found.append(row | {"name": name})
    return found


def printed(table: invented.Table, folder: Path) -> Iterator[tuple[str, Path]]:
    """PDFs of an invented table, by who printed them."""
    page, word = folder / f"{table.name}.html", folder / f"{table.name}.docx"
    for lines, style in (("ruled", invented.RULED), ("no lines", invented.BARE)):
        out = folder / f"{table.name}-{lines}.pdf"
        page.write_text(invented.as_html(table, style), encoding="utf-8")
        run = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={out}"]
        subprocess.run([*run, str(page)], check=True, capture_output=True)
        yield f"PDF, Chromium, {lines}", out
    if shutil.which("soffice"):
        run = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(word)]
        subprocess.run(run, check=True, capture_output=True)
        yield "PDF, LibreOffice", word.with_suffix(".pdf")


def blind(misses: bool) -> None:
    """The scores of the invented tables."""
    totals: dict[str, Counter[str]] = {}
    names = tuple(a for a in sys.argv[1:] if not a.startswith("--"))
    with tempfile.TemporaryDirectory() as folder:
        for table in [t for t in invented.load() if not names or t.name.startswith(names)]:
            page, word = Path(folder) / "plan.html", Path(folder) / f"{table.name}.docx"
            page.write_text(invented.as_html(table), encoding="utf-8")
            invented.as_word(table, word)
            files = [("HTML", page), ("Word", word), *printed(table, Path(folder))]
            texts = [("text", table.plan)] + [(k, read_published(p).text) for k, p in files]
            for kind, text in texts:
                found = invented.score(text, table)
                counts = totals.setdefault(kind, Counter())
                counts.update(rows=found.rows, right=found.right, invented=len(found.invented))
                if misses:
                    print(*(f"{kind} {table.name}: {m}" for m in found.wrong + found.invented))
    for kind, counts in totals.items():
        print(
            f"  {kind:<25} rows {counts['rows']}  right {counts['right']}  invented "
            f"{counts['invented']}"
        )


def main() -> None:
    misses = "--misses" in sys.argv
    if "--invented" in sys.argv:
        return blind(misses)
    names = [a for a in sys.argv[1:] if not a.startswith("--")]
    plans = [p.name.removesuffix(".indicators.tsv") for p in sorted(PLANS.glob("*.indicators.tsv"))]
    for plan in [p for p in plans if not names or any(p.startswith(n) for n in names)]:
        rows = reference(plan)
        first = int(
            json.loads((PLANS / f"{plan}.meta.json").read_text(encoding="utf-8")).get("year", 0)
        ) or (2026 if "15fyp" in plan else 2021)
        print(plan)
        for kind in ("txt", "html", "pdf"):
            path = PLANS / f"{plan}.{kind}"
            if path.exists():
                total, right, invented = read(read_published(path).text, first, rows, misses, False)
                print(f"  published .{kind:<5} rows {total}  right {right}  invented {invented}")
        if "--published" not in sys.argv:
            twins_of(rows, misses)


def asked(known: Mapping[str, object]) -> list[str]:
    """Those of the known names that the command line asks for; all where it asks for none."""
    words = [a.removeprefix("--only=") for a in sys.argv if a.startswith("--only=")]
    return [name for name in known if name in words] or list(known)


def twins_of(rows: list[dict[str, str]], misses: bool) -> None:
    """The scores of the twins of one plan's table."""
    rows = rows[
        : next(
            (i for i in range(1, len(rows)) if int(rows[i]["no"]) < int(rows[i - 1]["no"])),
            len(rows),
        )
    ]
    totals: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for shape_name, shape in twins.SHAPES.items():
            if shape_name not in asked(twins.SHAPES):
                continue
            made, wanted = as_indicators(rows, shape)
            wanted = wanted_names(wanted)
            grid = twins.grid(made, shape)
            texts = {}
            for layout, write in twins.LAYOUTS.items():
                lines = write(grid)
                texts[layout] = twins.document(lines, shape)
                if layout in ("tabs", "blanks", "aligned", "even gaps"):
                    head = len(shape.head)
                    paged = twins.paged(lines, head, 10, lines[:head])
                    texts[f"{layout}, paged"] = twins.document(paged, shape)
            page, word = Path(folder) / "twin.html", Path(folder) / "twin.docx"
            page.write_text(twins.html_document(grid, shape), encoding="utf-8")
            twins.word_document(grid, shape, word)
            texts["HTML"], texts["Word"] = read_published(page).text, read_published(word).text
            for layout, text in texts.items():
                if layout not in asked(texts):
                    continue
                total, right, invented = read(text, 2026, wanted, False)
                counts = totals.setdefault(layout, Counter())
                counts.update(rows=total, right=right, invented=invented)
                if misses and (right < total or invented):
                    print(
                        f"    {shape_name} / {layout}: right {right} of {total}, invented "
                        f"{invented}"
                    )
                    read(text, 2026, wanted, "--rows" in sys.argv)
    for layout, counts in totals.items():
        print(
            f"  {layout:<20} rows {counts['rows']}  right {counts['right'] / counts['rows']:.3f}  "
            f"invented {counts['invented']}"
        )


if __name__ == "__main__":
    main()
