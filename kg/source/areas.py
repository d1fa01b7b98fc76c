"""The names of an administrative area, derived from its full name."""

from __future__ import annotations

_NATION = ("中华人民共和国", "中国", "我国", "全国")
_DIVISIONS = "省市区县州旗盟"
_SHORTEST_OWN = 2  # characters of an area's own name


def own_names(area: str) -> tuple[str, ...]:
    """The names that a plan's own area goes by: 天津市红桥区, 红桥区, 红桥."""
    if area in _NATION:
        return _NATION
    own = _innermost(area)
    short = own[:-1] if own[-1] in _DIVISIONS and len(own) > _SHORTEST_OWN else own
    return tuple(dict.fromkeys((area, own, short)))


def areas_above(area: str) -> tuple[str, ...]:
    """The names of the areas that hold the plan's own: 天津市, 天津."""
    above = area.removesuffix(_innermost(area))
    return (above, above[:-1]) if len(above) > 1 else ()


def _innermost(area: str) -> str:
    """The last division of an area's full name: 天津市红桥区 -> 红桥区, 江苏省苏州市 -> 苏州市."""
    for i in range(len(area) - _SHORTEST_OWN, 0, -1):
        if area[i - 1] in _DIVISIONS and i > 1:
            return area[i:]
    return area
