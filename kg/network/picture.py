"""What of a plan's network a picture shows, on a page, as SVG or as a file: goals, the indicators
that measure them, the measures that serve them, and the zones and institutions that those name.
Measures are many: the section or chapter that they are in stands for them, with their number, and
their links are rolled up to it. What a column has no room for is one box with a number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.network.relations import CONCERNS, CONTRIBUTES, PART_OF, SUPPORTS, Metrics, neighbours
from kg.network.sections import CHAPTER, DEPTHS, MEASURE, PART, Sections
from kg.rdf.iris import reading_order

if TYPE_CHECKING:
    import networkx as nx

OUTLINE, WHOLE, AROUND = "outline", "whole", "around"
BASES = (OUTLINE, WHOLE, AROUND)
MOST_OPENED = 20  # sections that one picture opens
# boxes of a type in a picture of a whole plan, and in one around an entity
MOST_OF_PLAN = {
    "Section": 40, "Measure": 40, "Goal": 20, "Indicator": 40, "Zone": 12, "Institution": 8,
}  # fmt: skip
MOST_AROUND = MOST_OF_PLAN | {"Zone": 16, "Institution": 12}
_FEW_MEASURES = 30  # as many as these stand for themselves in a picture around an entity
_FEW_CHAPTERS = 30  # in a plan of more, parts stand for the measures at first
REST = "urn:planlink:rest:"  # begins the names of boxes that stand for what there is no room for
# without a line, they are only counted
_COLLAPSED = ("Indicator", "Measure", "Zone", "Institution")
_ALONE = ("Goal", "Indicator", "Zone", "Institution")
_TELLING = {SUPPORTS: 0, PART_OF: 0, CONTRIBUTES: 4}  # how much a link counts; others 1
_IN_TEXT = ("Section", "Measure")
_COLUMNS = {"Goal": 0, "Indicator": 1, "Section": 2, "Measure": 3, "Zone": 4, "Institution": 4}


Link = tuple[str, str, dict[str, Any]]
Lines = dict[tuple[str, str, str], list[Link]]


@dataclass(frozen=True)
class View:
    """What a picture shows.

    base: the outline of the plan, the whole plan (measures stand for themselves), or what is around
        the first of those opened.
    opened: the entity that the picture is around, if it is, and the sections whose parts are shown.
    depth: what stands for the measures: part, chapter, section or measure; empty where the picture
        chooses.
    types, links, methods: the types of entities, properties and methods shown; none stands for all.
    chapter: the section whose measures alone are shown; empty for all.
    colour: by type or by group.
    """

    base: str = OUTLINE
    opened: tuple[str, ...] = ()
    depth: str = ""
    types: frozenset[str] = field(default=frozenset())
    links: frozenset[str] = field(default=frozenset())
    methods: frozenset[str] = field(default=frozenset())
    chapter: str = ""
    colour: str = "type"

    @property
    def focus(self) -> str:
        """The entity that the picture is around; empty for a picture of the plan."""
        return self.opened[0] if self.base == AROUND else ""


@dataclass(frozen=True)
class Picture:
    """What is shown.

    network: the boxes, with the attributes of the plan's network and the column that each stands
        in, and how many measures it stands for; the lines, with property, method, link (empty where
        a line stands for several), and weight: how many links it stands for.
    depth: what stands for the measures.
    lines: the links behind each line, by the boxes at its ends and its property.
    rest: what each box that begins with REST stands for, in reading order.
    """

    network: nx.MultiDiGraph
    depth: str
    lines: Lines
    rest: dict[str, list[str]]

    def behind(self, a: str, b: str) -> list[Link]:
        """The links behind the lines between two boxes, in reading order."""
        found = [
            link
            for (start, end, _), links in self.lines.items()
            if {start, end} == {a, b}
            for link in links
        ]
        return sorted(
            found,
            key=lambda link: (reading_order(link[0]), reading_order(link[1]), link[2]["link"]),
        )


def picture(network: nx.MultiDiGraph, metrics: Metrics, view: View) -> Picture:
    """The part of a plan's network that a view shows; what it opens must be in the network."""
    sections = Sections(network)
    measures = _measures_of(network, sections, view)
    depth = view.depth or _depth(network, sections, view, measures)
    rolled, lines = _rolled_up(network, sections, view, measures, depth)
    _add_alone(rolled, network, view)
    if view.types:
        rolled.remove_nodes_from(
            [n for n, kind in rolled.nodes(data="type") if kind not in view.types]
        )
    _keep_linked(rolled, view)
    rest = _collapse(rolled, metrics, view)
    for node, kind in rolled.nodes(data="type"):
        rolled.nodes[node]["column"] = _COLUMNS[kind]
    _set_apart(rolled, view)
    return Picture(rolled, depth, lines, rest)


def _measures_of(network: nx.MultiDiGraph, sections: Sections, view: View) -> set[str]:
    """The measures that a picture tells of."""
    found = set(sections.measures)
    if view.focus:
        found &= _measures_near(network, sections, view.focus)
    if view.chapter:
        found &= set(sections.inside(view.chapter))
    return found


def _measures_near(network: nx.MultiDiGraph, sections: Sections, node: str) -> set[str]:
    """The measures that have to do with an entity."""
    kind = network.nodes[node]["type"]
    if kind == "Plan":
        return set(sections.measures)
    if kind == "Section":
        return set(sections.inside(node))
    if kind == "Measure":
        return {node}
    near = neighbours(network, node)
    if kind == "Goal":
        indicators = {n for n in near if network.nodes[n]["type"] == "Indicator"}
        near |= {
            a
            for a, b, property_ in network.in_edges(indicators, data="property")
            if property_ == CONTRIBUTES
        }
    return {n for n in near if network.nodes[n]["type"] == "Measure"}


def _depth(network: nx.MultiDiGraph, sections: Sections, view: View, measures: set[str]) -> str:
    """What stands for the measures where the address does not say."""
    around = view.focus or view.chapter
    few = len(measures) <= _FEW_MEASURES
    alone = "Measure" in view.types and "Section" not in view.types
    if view.base == WHOLE or alone or (around and few):
        return MEASURE
    if around and network.nodes[around]["type"] == "Section":
        return DEPTHS[min(sections.rank(around) + 1, len(DEPTHS) - 1)]
    chapters = {sections.drawn_as(m, CHAPTER) for m in measures}
    return CHAPTER if len(chapters) <= _FEW_CHAPTERS else PART


def _rolled_up(
    network: nx.MultiDiGraph, sections: Sections, view: View, measures: set[str], depth: str
) -> tuple[nx.MultiDiGraph, Lines]:
    """The boxes that have a link of these measures, and their lines; each box stands for the
    measures and sections in it, each line for their links."""
    opened = {n for n in view.opened if network.nodes[n]["type"] == "Section"}
    opened |= {view.chapter} - {""}
    drawn_as, counts = _stand_ins(sections, measures, depth, opened)
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    drawn = nx.MultiDiGraph()
    for unit, many in counts.items():
        drawn.add_node(unit, **network.nodes[unit], measures=many)
    if view.focus and view.focus not in drawn and network.nodes[view.focus]["type"] != "Plan":
        drawn_as[view.focus] = view.focus
        drawn.add_node(view.focus, **network.nodes[view.focus], measures=len(measures))
    lines: Lines = defaultdict(list)
    every = depth == MEASURE and not (view.focus or view.chapter)
    # a filter that asks for them shows them
    asked = bool(view.methods or (view.links and every))
    inherited = set() if asked else _inherited(network, sections, drawn_as, every)
    for a, b, key, data in network.edges(keys=True, data=True):
        start, end = drawn_as.get(a, a), drawn_as.get(b, b)
        if (
            data["property"] != PART_OF
            and start != end
            and (a, b, key) not in inherited
            and _wanted(data, view)
            and _belongs(network, a, b, drawn_as, view)
        ):
            lines[start, end, data["property"]].append((a, b, data))
    for (start, end, property_), links in sorted(lines.items()):
        for node in (start, end):
            if node not in drawn:
                drawn.add_node(node, **network.nodes[node], measures=0)
        one = links[0][2] if len(links) == 1 else {"method": "", "link": ""}
        properties = {"method": one["method"], "link": one["link"], "weight": len(links)}
        drawn.add_edge(start, end, property=property_, **properties)
    _add_parts(drawn, sections, opened)
    return drawn, lines


def _stand_ins(
    sections: Sections, measures: set[str], depth: str, opened: set[str]
) -> tuple[dict[str, str], Counter[str]]:
    """The box of each measure and section, and how many measures each box stands for."""
    in_order = sorted(measures, key=reading_order)  # a set's order differs between processes
    drawn_as = {m: sections.drawn_as(m, depth, opened) for m in in_order}
    counts = Counter(drawn_as.values())
    for measure in in_order:
        counts.update(s for s in sections.chain(measure) if s in opened)
    for section in sections.sections:
        unit = sections.drawn_as(section, depth, opened)
        if section in counts or unit in counts:
            drawn_as[section] = section if section in counts else unit
    return drawn_as, counts


def _inherited(
    network: nx.MultiDiGraph, sections: Sections, drawn_as: dict[str, str], every: bool
) -> set[tuple[str, str, int]]:
    """The links of measures to their chapters' goals, of chapters with a box or of all."""
    of_sections = {
        (a, b)
        for a, b, property_ in network.edges(data="property")
        if property_ == SUPPORTS and network.nodes[a]["type"] == "Section" and a in drawn_as
    }
    return {
        (a, b, key)
        for a, b, key, property_ in network.edges(keys=True, data="property")
        if property_ == SUPPORTS
        and network.nodes[a]["type"] == "Measure"
        and (every or any((s, b) in of_sections for s in sections.chain(a)))
    }


def _wanted(data: dict[str, str], view: View) -> bool:
    """Whether the filters keep a link; an outline has sameSubject links only when asked."""
    if view.base == OUTLINE and not view.links | view.methods and data["property"] == CONCERNS:
        return bool(view.chapter)
    return (not view.links or data["property"] in view.links) and (
        not view.methods or data["method"] in view.methods
    )


def _belongs(
    network: nx.MultiDiGraph, a: str, b: str, drawn_as: dict[str, str], view: View
) -> bool:
    """Whether a link belongs in the picture: one of a measure shown in it, one of the entity that
    the picture is around, or, in a picture of the plan, one of a goal to its indicators."""
    kinds = {network.nodes[a]["type"], network.nodes[b]["type"]}
    if kinds & {"Section", "Measure"}:
        return all(n in drawn_as for n in (a, b) if network.nodes[n]["type"] in _IN_TEXT)
    if kinds == {"Goal", "Indicator"}:
        return not view.chapter
    return view.focus in (a, b)


def _add_parts(drawn: nx.MultiDiGraph, sections: Sections, opened: set[str]) -> None:
    """Lines from each opened section to the boxes below it."""
    for node in list(drawn):
        around = next((s for s in reversed(sections.chain(node)[:-1]) if s in opened), "")
        if around in drawn:
            drawn.add_edge(around, node, property=PART_OF, method="", link="", weight=1)


def _add_alone(drawn: nx.MultiDiGraph, network: nx.MultiDiGraph, view: View) -> None:
    """What has no link belongs in a picture of the plan: to be shown, or at least counted."""
    if view.focus or view.chapter or view.links or view.methods:
        return
    for node, data in network.nodes(data=True):
        if data["type"] in _ALONE and node not in drawn:
            drawn.add_node(node, **data, measures=0)


def _keep_linked(drawn: nx.MultiDiGraph, view: View) -> None:
    """Take out what a filter or the focus cuts off: other goals, and what has no line."""
    if view.focus and not view.types:
        _keep_goals_of(drawn, view.focus)
    by_link = bool(view.links or view.methods)
    if not (view.focus or view.chapter or by_link):
        return
    drawn.remove_nodes_from(
        [
            n
            for n, kind in list(drawn.nodes(data="type"))
            if drawn.degree(n) == 0 and n != view.focus and (by_link or kind not in _IN_TEXT)
        ]
    )


def _keep_goals_of(drawn: nx.MultiDiGraph, focus: str) -> None:
    """Keep a goal's own indicators, or the goals and indicators an entity's measures serve."""
    kinds = dict(drawn.nodes(data="type"))
    if kinds.get(focus) == "Goal":
        kept = {focus} | neighbours(drawn, focus)
    else:
        units = {n for n in kinds if kinds[n] in ("Section", "Measure")} | {focus}
        kept = {n for u in units for n in neighbours(drawn, u)} | {focus}
    gone = [n for n in kinds if kinds[n] in ("Goal", "Indicator") and n not in kept]
    drawn.remove_nodes_from(gone)


def _collapse(drawn: nx.MultiDiGraph, metrics: Metrics, view: View) -> dict[str, list[str]]:
    """Put what a column has no room for into one box each; returns the entities of each."""
    rest = {}
    most = MOST_AROUND if view.focus or view.chapter else MOST_OF_PLAN
    kinds = dict(drawn.nodes(data="type"))
    alone = not drawn.number_of_edges() or bool(view.types)
    for kind, most_of in most.items():
        room, members = most_of, [n for n in kinds if kinds[n] == kind]
        shown = members
        if kind in _COLLAPSED:
            shown = [n for n in members if drawn.degree(n) or n == view.focus]
        if not shown and alone:
            shown, room = members, MOST_OF_PLAN["Measure"]
        kept = set(_first(drawn, shown, metrics, view)[:room])
        if len(kept) == len(members):
            continue
        name = REST + kind
        rest[name] = sorted((n for n in members if n not in kept), key=reading_order)
        measures = sum(drawn.nodes[n]["measures"] for n in rest[name])
        drawn.remove_nodes_from(rest[name])
        drawn.add_node(name, type=kind, label="", zone="", measures=measures)
    return rest


def _first(
    drawn: nx.MultiDiGraph, members: Iterable[str], metrics: Metrics, view: View
) -> list[str]:
    """The boxes of a type by how much they tell: the one that the picture is around, those that
    were opened and what is in them, then those with the most links; wider regions (the city, a
    neighbouring one), which are no places of the plan's own, last."""

    def rank(node: str) -> tuple[Any, ...]:
        lines = list(drawn.in_edges(node, data=True)) + list(drawn.out_edges(node, data=True))
        stated = sum(_TELLING.get(d["property"], 1) for _, _, d in lines)
        weight = sum(d["weight"] for _, _, d in lines)
        below = any(d["property"] == PART_OF for _, _, d in lines)
        return (
            node != view.focus,
            node not in view.opened and not below,
            drawn.nodes[node]["zone"] == "region",
            -weight if drawn.nodes[node]["type"] in ("Zone", "Institution") else -stated,
            -metrics.measures.get(node, 0),
            reading_order(node),
        )

    return sorted(members, key=rank)


def _set_apart(drawn: nx.MultiDiGraph, view: View) -> None:
    """No line runs along a column: what is in an opened section, sections and measures alike, and
    a neighbour of the entity that the picture is around, stand half a column further; a box for the
    rest of a type stands with those that are shown."""
    column = drawn.nodes(data="column")
    parts = [(a, b) for a, b, p in drawn.edges(data="property") if p == PART_OF]
    for _ in range(len(DEPTHS)):  # as deep as sections are
        for a, b in parts:
            drawn.nodes[b]["column"] = column[a] + 0.25
    for near in neighbours(drawn, view.focus) if view.focus in drawn else ():
        if column[near] == column[view.focus]:
            drawn.nodes[near]["column"] += 0.5
    for name in filter(drawn.__contains__, (REST + kind for kind in _COLUMNS)):
        shown = [n for n, kind in drawn.nodes(data="type") if kind == drawn.nodes[name]["type"]]
        drawn.nodes[name]["column"] = max(column[n] for n in shown)
