"""Reading hostile text: seconds of one core at growing lengths, and whether they grow faster than
the length.

usage: python benchmarks/hostile_text.py [MEGABYTES,MEGABYTES…] [KIND …] [--names]

The document is taken apart; with --names everything is read, the tagger of names with it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from kg.document.structure import read_document
from kg.extract.extraction import extract

BEFORE = "示例区国民经济和社会发展第十五个五年规划纲要\n第一章 目标\n第一节 主要目标\n到2030年建成示例园。\n"
AFTER = "\n第二章 产业\n建设物流园。\n"
HEAD = "主要指标表\n序号\t指标\t2025年\t2030年\t属性\n"
PERIOD, AREA = (2026, 2030), "天津市红桥区"
QUADRATIC = 3.0  # times the time for twice the length


def again(piece: str) -> Callable[[int], str]:
    """A text of so many characters that repeats a piece."""
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def names(length: int) -> str:
    """Distinct names joined by commas."""
    count = length // 8
    return "".join(
        "".join(chr(0x4E00 + (i * 7919 + j * 104729) % 20000) for j in range(4)) + "产业园、"
        for i in range(count)
    )


KINDS: dict[str, Callable[[int], str]] = {
    "unclosed 《": again("建设《"),
    "titles": again("《示例规划》"),
    "quotes": again("“"),
    "brackets": again("（"),
    "one sentence": again("加快建设示例产业园和物流园，"),
    "digits parted by blanks": again("1 "),
    "digits parted by commas": again("1,"),
    "digits": again("1"),
    "Chinese digits": again("一百二十三"),
    "years": again("2030年"),
    "shares": again("5%至"),
    "distinct names": names,
    "bounds": again("东至示例路、西至示例河、"),
    "rows of a table": lambda n: HEAD + again("1\t甲率\t5\t6\t预期性\n")(n),
    "heads of tables": again(HEAD),
    "cells of a table": lambda n: HEAD.replace("\t", "\n") + again("1\n甲率\n5\n6\n预期性\n")(n),
    "heads of one cell a line": again(HEAD.replace("\t", "\n")),
    "chapters": again("第一章 章\n"),
    "entries": again("1.事项\n"),
    "boxes": again("专栏1 项目\n1.项目\n"),
    "goals": again("——目标提升。\n"),
    "contents": again("第一节 目标……5\n"),
    "blank lines": again("\n"),
    "zero width": again("建\u200b"),
}


def seconds(text: str, whole: bool) -> float:
    """The time to read a text."""
    begun = time.process_time()
    document = read_document(text, "hostile")
    if whole:
        extract(document, PERIOD, AREA)
    return time.process_time() - begun


def main() -> None:
    words = [a for a in sys.argv[1:] if not a.startswith("--")]
    given = words.pop(0) if words and words[0][0].isdigit() else "0.125,0.25"
    lengths = [int(float(size) * 1e6) for size in given.split(",")]
    whole = "--names" in sys.argv
    seconds(BEFORE + AFTER, whole)
    print(f"{'':26}", *(f"{n:>10,}" for n in lengths))
    for kind, made in KINDS.items():
        if words and kind not in words:
            continue
        times = [seconds(BEFORE + made(n) + AFTER, whole) for n in lengths]
        grown = times[-1] / times[0] / (lengths[-1] / lengths[0])
        mark = "  more than linear" if grown > QUADRATIC / 2 and times[-1] > 1 else ""
        print(f"{kind:26}", *(f"{t:10.2f}" for t in times), mark, flush=True)


if __name__ == "__main__":
    main()
