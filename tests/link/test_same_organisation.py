"""Which organisation a name means beyond its plan."""

from __future__ import annotations

import pytest

from kg.link.same_organisation import organisation_key, own_area
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
        ("鼓山医院", "hospital", "320500", "320500 鼓山医院"),
        ("鼓山医院", "hospital", "", ""),
    ],
)
def test_what_an_organisation_has_in_common(name: str, kind: str, code: str, key: str) -> None:
    area = gazetteer.with_code(code)[0] if code else None
    assert organisation_key(name, kind, area) == key


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
