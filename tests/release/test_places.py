"""The province that a plan is filed under."""

from __future__ import annotations

import pytest

from kg.release.questions import Place


@pytest.mark.parametrize(
    ("area", "level", "path", "province"),
    [
        ("天津市红桥区", "county", "100000/120000/120106", "天津市"),
        ("澜江省沅宁市青杉县", "county", "", "澜江省"),
        ("云湖市青禾区", "county", "", ""),
        ("澜江省", "province", "", "澜江省"),
        ("中华人民共和国", "nation", "100000", "中华人民共和国"),
    ],
)
def test_a_place_tells_its_province_also_where_the_gazetteer_does_not(
    area: str, level: str, path: str, province: str
) -> None:
    place = Place("p", area, level, path, True, 2026, 2030, "", None, None, 1, "")
    assert place.region == province
