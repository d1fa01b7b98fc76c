"""The years that goals are for, where their own sentence leaves them to what stands before it."""

from __future__ import annotations

import pytest

from kg.document.stages import stages
from kg.document.structure import read_document

PLAN = """{title}
第一章 发展目标
到2030年，供水普及率达到98%。
展望未来十年，供水普及率达到99%，城乡供水实现一体化。
第二章 重点任务
新建水厂3座。完善供水管网。
"""


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("墨池县“十五五”水务发展规划", [2030, 2035]),
        ("墨池县水务发展规划（2026—2030年）", [2030, 2035]),
        ("墨池县水务发展规划（2026—2032年）", [2030]),  # no period of which it is the first year
    ],
)
def test_years_ahead_are_counted_from_the_period_that_is_named(
    title: str, years: list[int]
) -> None:
    assert list(stages(read_document(PLAN.format(title=title), "plan")).values()) == years
