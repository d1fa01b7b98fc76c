"""Which organisation or zone a name means beyond its plan."""

from __future__ import annotations

import pytest

from kg.link.same_entity import organisation_key, own_area, zone_key
from kg.source import gazetteer


@pytest.mark.parametrize(
    ("name", "kind", "code", "key"),
    [
        # a full name is one in the whole nation
        ("中国科学技术大学", "university", "340100", "中国科学技术大学"),
        ("云海大学", "university", "", "云海大学"),
        ("海山国家技术创新中心", "research-institute", "320500", "海山国家技术创新中心"),
        # organs of the nation
        ("国务院", "government", "", "国务院"),
        ("国家文物局", "government", "420000", "国家文物局"),
        ("财政部", "government", "320500", "财政部"),
        # an organ named by its level is that of the plan's area or of one above it
        ("省委", "government", "320500", "320000 省委"),
        ("省委", "government", "320000", "320000 省委"),
        ("市政府", "government", "120106", "120000 市政府"),
        ("市政府", "government", "320500", "320500 市政府"),
        ("区人大常委会", "party-or-people-organ", "120106", "120106 区人大常委会"),
        # which an area without that level does not have
        ("区政府", "government", "320500", ""),
        ("省委", "government", "", ""),
        # classes, short names and organs of every area tell nothing
        ("国家重点实验室", "research-institute", "320500", ""),
        ("国家医学中心", "hospital", "320500", ""),
        ("市级新城规划建设领导小组", "government", "320500", ""),
        ("复旦", "university", "310000", ""),
        ("妇联", "party-or-people-organ", "320500", ""),
        # a hospital is one within its area
        ("鼓山医院", "hospital", "320500", "320500 ~鼓山医院"),
        ("鼓山医院", "hospital", "", ""),
    ],
)
def test_what_an_organisation_has_in_common(name: str, kind: str, code: str, key: str) -> None:
    area = gazetteer.with_code(code)[0] if code else None
    assert organisation_key(name, kind, area) == key


@pytest.mark.parametrize(
    ("name", "kind", "code", "key"),
    [
        # known by one name in the whole nation; a water may be called as a division is
        ("长三角区域", "region", "", "长三角"),
        ("太湖", "water", "340100", "太湖"),
        ("扬子江城市群", "region", "320500", "扬子江城市群"),
        ("现代化都市圈", "region", "", ""),
        # a division: of the plan's province, else a province or city
        ("西湖区", "region", "330000", "330106 西湖区"),
        ("西湖区", "region", "360100", "360103 西湖区"),
        ("西湖区", "region", "320100", ""),
        ("湖州", "region", "320500", "330500 湖州市"),
        ("滨海新区", "region", "330100", "330100 ~滨海新区"),  # Tianjin's is another
        ("太湖", "site", "340100", ""),
        # its name holds its own area, or a place that the nation knows
        (
            "江苏省南京市高新技术产业开发区",
            "functional-zone",
            "320000",
            "320100 高新技术产业开发区",
        ),
        ("上海港", "station", "440300", "310000 港"),
        ("大运河国家文化公园", "park", "", "大运河国家文化公园"),
        ("长三角示范区", "functional-zone", "", ""),
        ("深圳—广州国际性综合交通枢纽", "station", "440300", ""),
        ("上海路", "road", "320100", "320100 ~上海路"),
        # one within its area
        ("富春江", "water", "330100", "330100 ~富春江"),
        ("高新区", "functional-zone", "330100", ""),
    ],
)
def test_what_a_zone_has_in_common(name: str, kind: str, code: str, key: str) -> None:
    area = gazetteer.with_code(code)[0] if code else None
    assert zone_key(name, kind, area) == key


@pytest.mark.parametrize(
    ("name", "kind", "area", "of"),
    [
        ("市委", "government", "江苏省苏州市", "320500"),
        ("省委", "government", "江苏省苏州市", "320000"),
        ("市委", "government", "澜河市", "澜河市"),  # which no gazetteer knows
        ("发展改革委", "government", "澜河市", "澜河市"),
        ("城市管理局", "government", "澜河市", "澜河市"),
        ("市场监督管理局", "government", "澜河市", "澜河市"),
        # a name that tells its place, or is one everywhere
        ("云川省委", "government", "澜河市", ""),
        ("江苏省发展改革委", "government", "江苏省苏州市", ""),
        ("国务院", "government", "澜河市", ""),
        ("云海大学", "university", "澜河市", ""),
    ],
)
def test_whose_organ_a_name_means_that_every_area_has(
    name: str, kind: str, area: str, of: str
) -> None:
    assert own_area(name, kind, area) == of
