"""Nanjing's 28 indicators with what its own outline printed for 2025, as a plan's document and a
sheet of values.
"""

from __future__ import annotations

import csv
from pathlib import Path

from support import SHARED

TABLE = SHARED / "plans" / "nanjing_14fyp_completion_2025.tsv"
HEAD = """# 南京市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要

# 第一章　发展目标

## 第一节　主要指标

“十四五”主要指标

| 序号 | 指标 | 2025年 | 年均增速[累计] | 属性 |
|---|---|---|---|---|
"""


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, dialect="excel-tab"))


def document(path: Path) -> Path:
    """The targets as a plan's document."""
    lines = [
        f"| {r['no']} | {r['name']} | {r['target_2025'] or ''} | "
        f"{r['target_annual_or_cumulative'] or ''} | {r['attribute']} |"
        for r in rows()
    ]
    path.write_text(
        HEAD + "\n".join(lines) + "\n\n# 第二章　保障\n\n加强组织领导。\n", encoding="utf-8"
    )
    return path


def sheet(path: Path) -> Path:
    """The results as an officer enters them: what follows a comma is of the years 2021 to 2025."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["指标", "时期", "数值", "单位", "来源"])
        for r in rows():
            level, _, growth = r["actual_2025"].partition("，")
            own = (
                "2021-2025" if r["target_annual_or_cumulative"] and not r["target_2025"] else "2025"
            )
            writer.writerow([r["no"], own, level, "", "南京市第十五个五年规划纲要"])
            if growth:
                unit = "%" if "%" in growth else ""
                writer.writerow([r["no"], "2021-2025", growth, unit, "南京市第十五个五年规划纲要"])
    return path
