"""The administrative divisions, today's and those of before."""

from __future__ import annotations

import pytest

from kg.source import gazetteer
from kg.source.areas import of_unknown_area
from kg.source.gazetteer import (
    Level,
    divisions,
    full_name,
    names_of,
    nation,
    resolve,
    starts,
    with_code,
)


def full(found: tuple[gazetteer.Division, ...]) -> list[str]:
    return [full_name(one) for one in found]


def test_a_name_that_is_one_divisions_and_one_that_is_nones() -> None:
    assert full(gazetteer.named("虹桥区")) == []
    assert full(gazetteer.named("红桥区")) == ["天津市红桥区"]
    assert full(resolve("南京市鼓楼区", 2021)) == ["江苏省南京市鼓楼区"]


def test_an_area_that_is_no_division_is_said() -> None:
    areas = ("火星市", "江苏省火星市", "天津市红桥区", "中国", "两江新区", "石榴镇", "")
    said = [one.values["area"] for area in areas for one in of_unknown_area(area)]
    assert said == ["火星市", "江苏省火星市"]


def test_today_is_whole() -> None:
    """31 provinces with 台湾, 香港 and 澳门, and as many cities and counties as the ministry counted
    at the end of 2025, to within what the statistics office counts beside them."""
    today = [one for one in divisions() if one.until is None]
    count = {level: sum(one.level is level for one in today) for level in Level}
    assert count[Level.NATION] == 1
    assert count[Level.PROVINCE] == 34
    assert count[Level.CITY] == 333
    assert 2840 <= count[Level.COUNTY] <= 2860
    assert len({one.code for one in today}) == len(today)


def test_divisions_of_today_have_extents_that_agree_with_their_seats() -> None:
    """Two sources: the seat lies in the box, and the centroid too, but for a seat that moved."""
    today = [one for one in divisions() if one.until is None and one.code]
    boxed = [one for one in today if one.extent and one.middle]
    assert len(today) - len(boxed) <= 12
    out = set()
    for one in boxed:
        assert one.extent is not None
        west, south, east, north = one.extent
        for place in (one.centre, one.middle):
            if place and not (west <= place[0] <= east and south <= place[1] <= north):
                out.add(one.name)
    assert out == {"余杭区"}
    assert nation().extent is not None
    assert all(one.extent is None for one in divisions() if one.until is not None)


def test_every_division_hangs_on_the_nation() -> None:
    for one in divisions():
        for parent in gazetteer.above(one):
            assert parent.level in (Level.PROVINCE, Level.CITY)
            assert one.code[: 2 if parent.level is Level.PROVINCE else 4] == parent.code.rstrip(
                "0"
            ).ljust(2 if parent.level is Level.PROVINCE else 4, "0")


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("红桥区", ("红桥区", "红桥")),
        ("恩施土家族苗族自治州", ("恩施土家族苗族自治州", "恩施州", "恩施")),
        ("内蒙古自治区", ("内蒙古自治区", "内蒙古")),
        ("新疆维吾尔自治区", ("新疆维吾尔自治区", "新疆")),
        ("双江拉祜族佤族布朗族傣族自治县", ("双江拉祜族佤族布朗族傣族自治县", "双江县", "双江")),
        ("鄂温克族自治旗", ("鄂温克族自治旗", "鄂温克族旗", "鄂温克族")),
        ("郊区", ("郊区",)),
        ("井陉矿区", ("井陉矿区",)),
        ("沙县", ("沙县",)),
        ("沙县区", ("沙县区", "沙县")),
        ("浦东新区", ("浦东新区", "浦东")),
        ("大兴安岭地区", ("大兴安岭地区", "大兴安岭")),
    ],
)
def test_names(name: str, names: tuple[str, ...]) -> None:
    assert names_of(name) == names


def test_history_is_known() -> None:
    assert full(resolve("襄樊市", 2005)) == ["湖北省襄樊市"]
    assert not resolve("襄樊市", 2015)
    assert full(with_code("420600")) == ["湖北省襄阳市", "湖北省襄樊市"]
    assert not resolve("临平区", 2010)
    assert full(resolve("临平区", 2022)) == ["浙江省杭州市临平区"]


def test_a_place_below_the_county_has_its_code() -> None:
    assert full(with_code("120106001000")) == ["天津市红桥区"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("鼓楼区", 4),
        ("南京鼓楼区", 1),
        ("江苏省鼓楼区", 2),
        ("江苏省南京市鼓楼区", 1),
        ("北京市鼓楼区", 0),
        ("吉林", 2),
        ("吉林省吉林市", 1),
        ("鼓楼区人民政府", 0),
    ],
)
def test_a_name_is_resolved_by_what_stands_before_it(path: str, found: int) -> None:
    assert len(resolve(path, 2021)) == found


def test_what_a_text_starts_with() -> None:
    found = list(starts("南京市鼓楼区国民经济", 2021))
    assert [(end, full_name(one)) for end, one in found] == [
        (6, "江苏省南京市鼓楼区"),
        (5, "江苏省南京市鼓楼区"),
        (3, "江苏省南京市"),
        (2, "江苏省南京市"),
    ]


def test_the_nation_holds_all() -> None:
    assert nation().code == ""
    assert full(resolve("全国")) == [nation().name]
    assert all(gazetteer.lies_in(one, nation()) for one in divisions())
