"""How a picture is drawn: each box with its place, size, colour and words, and each line with its
name; as vis-network takes them, and as SVG is written from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kg.files import packaged
from kg.lexicon import grouped
from kg.network.layout import WIDTH, Place, box_width, column_layout, gaps_of, way_between
from kg.network.picture import REST, Picture, View
from kg.network.relations import CONCERNS, PART_OF, SUPPORTS, Metrics
from kg.rdf.namespaces import PLAN, local_name

if TYPE_CHECKING:
    import networkx as nx

# The types shown, each with a colour that stands out from white by 4.5:1 at least, and a sign.
STYLES: Mapping[str, tuple[str, str]] = {
    "Plan": ("#1c1b1a", "★"),
    "Goal": ("#b04a00", "◆"),
    "Indicator": ("#8a6000", "▲"),
    "Section": ("#5c5a57", "■"),
    "Measure": ("#1a6fa3", "●"),
    "Zone": ("#00734f", "⬢"),
    "Institution": ("#9b4477", "▼"),
}
# the largest groups, each a colour that stands out as well
GROUPS = ("#0072B2", "#B04A00", "#00734F", "#9B4477", "#8A6000", "#3F5FBF", "#6B6B00")
OTHER_GROUPS = "#5C5A57"
# what a box is filled with where an indicator's state is known
FILLS: Mapping[str, str] = {
    "Met": "#cfeadd",
    "Ahead": "#cfeadd",
    "OnTrack": "#d6e8f5",
    "PartlyMet": "#fbe3b4",
    "Behind": "#fbe3b4",
    "Missed": "#f6cfc2",
}
STATES = (*FILLS, "NoData", "Undetermined")
PAPER, LINE = "#ffffff", "#7f7a72"
# Lines that are not whole, so that colour is not all that tells: how long strokes and gaps are, in
# pixels; and of which property they are, with the type whose colour they have, "" for that of lines
DASHES: Mapping[str, tuple[int, int]] = {"dashed": (5, 4), "dotted": (2, 3)}
_LOOKS: Mapping[str, tuple[str, str]] = {CONCERNS: ("dashed", ""), SUPPORTS: ("dotted", "Goal")}
LETTERS = 13  # pixels of a letter of a name
_LINES = 2  # of a name
_WHOLE = re.compile(r"[!-~]{1,12} *|.")  # what no line break parts, such as GDP
_CLOSING, _OPENING = ("Po", "Pe", "Pf"), ("Ps", "Pi")  # marks that begin no line, and end none
_LINE_HEIGHT, _MARGIN = 17, 6  # pixels
_PADDING = 4  # pixels that vis-network puts around a name
_BLANK = re.compile(r"(?<=..) (?=..)")
_FIVE_DIGITS = 10_000
_WIDEST_LINE = 5.0  # pixels of a line that stands for many links


def labels_of(network: nx.MultiDiGraph, label: Callable[[str], str]) -> dict[str, str]:
    """Names of the types, states, properties and methods of a network, by the label of an IRI."""
    named = {kind: str(PLAN[kind]) for kind in STYLES}
    named |= {state: str(PLAN[f"progress-{state}"]) for state in STATES}
    for _, _, link in network.edges(data=True):
        named |= {iri: iri for iri in (link["property"], link["method"]) if iri}
    return {name: label(iri) for name, iri in named.items()}


class Counted(int):
    """A number in a text, with commas between thousands from five digits on, which years have not;
    {0:measure|measures} is the word for as many.

    >>> "{0} {0:measure|measures}, {1} in {2}".format(*map(Counted, (1, 94101, 2026)))
    '1 measure, 94,101 in 2026'
    """

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        if not spec and self >= _FIVE_DIGITS:
            return f"{int(self):,}"
        return (one if self == 1 else several) if bar else super().__format__(spec)


@dataclass(frozen=True)
class Words:
    """What is written in boxes beside names, in one language.

    labels: names of types, properties, methods and states, by IRI or local name.
    measures: how many measures a box stands for, and rest: how many entities of a type, with {}
        where the number, and then the type, stands.
    dashed: what a dashed line means. either: what is between two states of one colour.
    solid: what whole lines mean, with {} where their names stand, and between: what is between
        these. folded: what a box for several means.
    many: names of types as many as there are, by local name. colon: what parts a type from a name.
    """

    labels: Mapping[str, str]
    measures: str = "{}"
    rest: str = "{} {}"
    dashed: str = ""
    either: str = " / "
    solid: str = "{}"
    between: str = ", "
    folded: str = ""
    many: Mapping[str, str] = field(default_factory=dict)
    colon: str = ": "


def words_in(language: str, labels: Mapping[str, str]) -> Words:
    """The words of drawings in a language, "zh" or "en", with labels in it."""
    keys = ("box", "rest", "dashed", "or", "solid", "between", "folded")
    words = {key: said[language] for key, said in packaged("kg.network", "words").items()}
    many = {kind: words[key] for kind in STYLES if (key := f"many_{kind}") in words}
    named = Words(labels, *(words[f"graph_{key}"] for key in keys))
    return replace(named, many=many, colon=words["colon"])


@dataclass(frozen=True)
class Box:
    """An entity, or a box for the entities that a column had no room for: its middle and size in
    pixels, the lines of its name, its whole name, its colours, and an indicator's state, if
    known."""

    id: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    title: str
    colour: str
    fill: str
    state: str = ""
    measures: int = 0

    @property
    def rest(self) -> bool:
        """Whether it collects the entities that a column had no room for."""
        return self.id.startswith(REST)

    def as_vis(self) -> dict[str, Any]:
        """As vis-network takes it."""
        size = {"minimum": self.width, "maximum": self.width}
        return {
            "id": self.id,
            "label": "\n".join(self.lines),
            "title": self.title,
            "x": self.x,
            "y": self.y,
            "shape": "box",
            "widthConstraint": size,
            "heightConstraint": {"minimum": self.height - 2 * _PADDING},
            "margin": _PADDING,
            "color": {"border": self.colour, "background": self.fill},
            "font": {"size": LETTERS, "color": STYLES["Plan"][0]},
            "shapeProperties": {"borderDashes": [4, 3] if self.rest else False},
            "kind": self.kind,
            "state": self.state,
            "measures": self.measures,
        }


@dataclass(frozen=True)
class Line:
    """One or several links between two boxes, by their ids, of one property, and the way that it
    runs, past the boxes of columns between."""

    start: str
    end: str
    predicate: str
    name: str
    method: str
    link: str
    weight: int
    way: tuple[Place, ...] = ()

    @property
    def look(self) -> tuple[str, str]:
        """How it is broken, and the type whose colour it has; "" of other lines."""
        return _LOOKS.get(self.predicate, ("", ""))

    @property
    def colour(self) -> str:
        """That of a type, or that of lines."""
        return STYLES[self.look[1]][0] if self.look[1] else LINE

    @property
    def dashes(self) -> tuple[int, ...]:
        """How long its strokes and gaps are; none of a whole line."""
        return DASHES.get(self.look[0], ())

    @property
    def width(self) -> float:
        """In pixels."""
        return 1.0 if self.predicate == PART_OF else min(1 + 0.25 * self.weight, _WIDEST_LINE)

    def as_vis(self) -> dict[str, Any]:
        """As vis-network takes it."""
        return {
            "from": self.start,
            "to": self.end,
            "label": self.name,
            "title": self.method,
            "property": self.predicate,
            "kind": self.look[1],
            "link": self.link,
            "weight": self.weight,
            "width": self.width,
            "dashes": self.dashes or False,
            "way": self.way,
        }


@dataclass(frozen=True)
class Drawing:
    """The boxes and lines of a picture, and its size in pixels from its corner at 0, 0."""

    boxes: list[Box]
    lines: list[Line]
    width: float = WIDTH
    height: float = field(default=0.0)


def drawing(
    shown: Picture,
    metrics: Metrics,
    view: View,
    words: Words,
    states: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw a picture; states: known ones of indicators, as local names of the vocabulary."""
    network, states = shown.network, states or {}
    columns = dict(network.nodes(data="column"))
    width = box_width(len(set(columns.values())))
    texts = {n: _texts(n, network.nodes[n], words, states.get(n, ""), shown) for n in network}
    lines = {n: wrapped(text, (width - 2 * _MARGIN) / LETTERS) for n, text in texts.items()}
    heights = {n: len(own) * _LINE_HEIGHT + 2.0 * _MARGIN for n, own in lines.items()}
    places = column_layout(network, columns, heights)
    boxes = []
    for n, data in network.nodes(data=True):
        kind, state, many = data["type"], states.get(n, ""), data["measures"]
        title = words.colon.join((words.labels.get(kind, kind), data["label"] or texts[n]))
        colours = (colour_of(n, kind, metrics, view), FILLS.get(state, PAPER))
        size = (width, heights[n])
        boxes.append(Box(n, kind, *places[n], *size, lines[n], title, *colours, state, many))
    gaps = gaps_of([(box.x, box.y, box.height) for box in boxes])
    joined = []
    for a, b, data in network.edges(data=True):
        property_, method = data["property"], words.labels.get(data["method"], "")
        name = words.labels.get(property_, local_name(property_))
        way = way_between(places[a], places[b], gaps, width)
        joined.append(Line(a, b, property_, name, method, data["link"], data["weight"], way))
    return Drawing(boxes, joined, WIDTH, max((b.y + b.height / 2 for b in boxes), default=0.0))


Entry = tuple[str, str, str]
"""Of a legend: a type, "fill", "rest" (a box for several), "line" or one of DASHES; a colour; and
words."""


def legend(drawn: Drawing, words: Words, by_type: bool = True) -> list[Entry]:
    """The entries of the legend, each beginning large: the signs, fills and lines that a drawing
    has, with colours of types where it has them."""
    kinds, states = ({getattr(box, name) for box in drawn.boxes} for name in ("kind", "state"))
    ink = STYLES["Plan"][0]
    entries = [
        (kind, colour if by_type else ink, words.labels.get(kind, kind))
        for kind, (colour, _) in STYLES.items()
        if kind in kinds
    ]
    named = grouped(
        (fill, words.labels.get(state, state)) for state, fill in FILLS.items() if state in states
    )
    entries += [("fill", fill, words.either.join(names)) for fill, names in named.items()]
    if any(box.rest for box in drawn.boxes):
        entries.append(("rest", LINE, words.folded))
    if whole := sorted({one.name for one in drawn.lines if not one.dashes}):
        entries.append(("line", LINE, words.solid.format(words.between.join(whole))))
    broken = {one.look[0]: one for one in drawn.lines if one.dashes}
    entries += [
        (look, line.colour, words.dashed if look == "dashed" else line.name)
        for look, line in sorted(broken.items())
    ]
    return [(sign, colour, said[:1].upper() + said[1:]) for sign, colour, said in entries]


def colour_of(node: str, kind: str, metrics: Metrics, view: View) -> str:
    """A box's colour: of its type, or of its group."""
    if view.colour != "group":
        return STYLES[kind][0]
    community = metrics.communities.get(node, len(GROUPS))
    return GROUPS[community] if community < len(GROUPS) else OTHER_GROUPS


def _texts(node: str, data: Mapping[str, Any], words: Words, state: str, shown: Picture) -> str:
    """What is in a box: a sign, the name, and how many measures it stands for, or the state."""
    sign, kind = STYLES[data["type"]][1], data["type"]
    if node in shown.rest:
        collected = Counted(len(shown.rest[node]))
        name = words.rest.format(collected, words.many.get(kind, kind).format(collected))
    else:
        name = data["label"]
    if kind == "Section" and data["measures"]:
        return f"{sign} {name}\n{words.measures.format(data['measures'])}"
    return f"{sign} {name}" + (f"\n{words.labels.get(state, state)}" if state else "")


def wrapped(text: str, room: float) -> tuple[str, ...]:
    """A name on as many lines as a box has, cut where it is too long, by how many full-width
    letters a line takes; what follows a line break stays whole, at the end of the last line, or
    below it where the box is too narrow for both."""
    name, _, kept = text.partition("\n")
    last = f" · {kept}" if kept else ""
    lines, even = in_lines(name, room, _wide), room
    if parted := _at_a_space(name, len(lines), room, room - _wide(last)):
        return (parted[0], parted[1] + last)
    while 1 < len(lines) <= _LINES:  # no letter is left alone on a line
        even -= 1
        evener = in_lines(name, even, _wide)
        if len(evener) > len(lines) or _wide(evener[-1] + last) > room:
            break
        lines = evener
    if len(lines) > _LINES or _wide(lines[-1] + last) > room:
        if kept and (len(lines) < _LINES or _wide(f"……{last}") > room):  # no letter of it is left
            return (*wrapped(name, room), kept)
        lines = lines[:_LINES]
        while _wide(f"{lines[-1]}…{last}") > room:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    lines[-1] += last
    return tuple(lines)


def _at_a_space(name: str, lines: int, room: float, last: float) -> list[str]:
    """A name of two lines parted at a blank between its words, the last where both fit; the second
    has less room. A sign before the name is no word."""
    places = (m.start() for m in _BLANK.finditer(name)) if lines == 2 else ()
    ways = ([name[:at], name[at + 1 :]] for at in places)
    fitting = [way for way in ways if _wide(way[0]) <= room and _wide(way[1]) <= last]
    return fitting[-1] if fitting else []


def in_lines(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """A text in lines, each as full as the room lets it be, by its width; none begins with a mark
    that closes, or ends with one that opens."""
    lines = [""]
    for piece in _WHOLE.findall(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > room:
            full, held = lines[-1], ""
            while len(full) > 1 and (
                unicodedata.category((held + piece)[0]) in _CLOSING
                or unicodedata.category(full[-1]) in _OPENING
            ):
                full, held = full[:-1], full[-1] + held
            lines[-1:] = [full, held]
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _wide(text: str) -> float:
    """How wide a text is, in full-width letters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.58 for c in text)
