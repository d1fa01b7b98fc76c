"""The styles and the automatic numbers of a Word document."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from kg.source.intake.numerals import numeral

_DEEPEST = 9  # levels of a list
_CHAIN = 20  # styles that one may be based on, one on the other


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace, which Word has in two editions."""
    return str(element.tag).rpartition("}")[2]


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at a path of names; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((c for c in element if name_of(c) == name), None)
    return element


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute without regard to its namespace; None for no element or attribute."""
    if element is None:
        return None
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def is_on(element: etree._Element | None) -> bool | None:
    """Whether a switch is on; None where it is not set."""
    if element is None:
        return None
    return (value(element) or "1").lower() not in ("0", "false", "off", "none")


def whole(text: str | None) -> int | None:
    """A whole number that an attribute gives."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


def outlined(properties: etree._Element | None) -> int | None:
    """The depth, from 1, at which a paragraph's properties have it in the outline; None for none,
    and 0 for text."""
    level = whole(value(child(properties, "outlineLvl")))
    return None if level is None else (level + 1) % (_DEEPEST + 1)


class Styles:
    """The styles of a document, of its part styles.xml; None where there is none."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = [] if root is None else [s for s in root if name_of(s) == "style"]
        self._by_id = {value(style, "styleId") or "": style for style in styles}
        self._default = next(
            (
                value(style, "styleId") or ""
                for style in styles
                if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true")
            ),
            "",
        )

    def chain(self, style: str | None) -> list[etree._Element]:
        """A style and those it is based on; the default paragraph style's for None."""
        found: list[etree._Element] = []
        current: str | None = style if style in self._by_id else self._default
        while current in self._by_id and len(found) < _CHAIN:
            found.append(self._by_id[current])
            current = value(child(found[-1], "basedOn"))
        return found

    def hides(self, style: str | None) -> bool | None:
        """Whether text in a style is hidden; None where the style doesn't say."""
        if style is None:
            return None
        for one in self.chain(style):
            if (hidden := is_on(child(one, "rPr", "vanish"))) is not None:
                return hidden
        return None

    def heading(self, style: str | None) -> int | None:
        """The depth of a heading's style, 0 for a title's; None for any other."""
        for one in self.chain(style):
            name = (value(child(one, "name")) or "").lower()
            if (level := outlined(child(one, "pPr"))) is not None:
                return level
            if match := re.fullmatch(r"heading (\d)|title", name):
                return int(match[1] or 0)
        return None

    def is_contents(self, style: str | None) -> bool:
        """Whether a style is a contents list's."""
        names = ((value(child(one, "name")) or "").lower() for one in self.chain(style)[:1])
        return any(name.startswith("toc ") for name in names)

    def numbering(self, style: str | None) -> tuple[str | None, str | None, str | None]:
        """The list and level that a style gives, and the style that names the list."""
        for one in self.chain(style):
            numbered = child(one, "pPr", "numPr")
            if (list_id := value(child(numbered, "numId"))) is not None:
                level = value(child(numbered, "ilvl"))
                return list_id, level, value(one, "styleId")
        return None, None, None


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    behind: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass
class _List:
    """A list: the definition it counts in, its levels, and the starts that it sets anew."""

    definition: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The automatic numbers of a document, counted from its start on.

    Args:
        root: the part numbering.xml; None where there is none.
    """

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        definitions = {
            value(one, "abstractNumId") or "": one for one in root if name_of(one) == "abstractNum"
        }
        lists = {value(one, "numId") or "": one for one in root if name_of(one) == "num"}
        for list_id, one in lists.items():
            definition = value(child(one, "abstractNumId")) or ""
            found = definitions.get(definition)
            linked = value(child(found, "numStyleLink"))
            if linked is not None:
                other, _, _ = self._styles.numbering(linked)
                definition = value(child(lists.get(other or ""), "abstractNumId")) or definition
                found = definitions.get(definition)
            made = _List(definition, _levels(found))
            for change in one:
                level = whole(value(change, "ilvl"))
                if name_of(change) != "lvlOverride" or level is None:
                    continue
                if (own := child(change, "lvl")) is not None:
                    made.levels[level] = _level(own)
                if (start := whole(value(child(change, "startOverride")))) is not None:
                    made.starts[level] = start
            self._lists[list_id] = made

    def label(self, properties: etree._Element | None, style: str | None) -> str:
        """The number that is before a paragraph, "" for none; it counts on by it.

        Args:
            properties: the paragraph's w:pPr.
        """
        numbered = child(properties, "numPr")
        list_id, level_text = value(child(numbered, "numId")), value(child(numbered, "ilvl"))
        if list_id is None:
            list_id, of_style, named_by = self._styles.numbering(style)
            level_text = level_text or of_style or self._level_of_style(list_id, style, named_by)
        found = self._lists.get(list_id or "0")
        level = whole(level_text) or 0
        if found is None or list_id == "0" or not 0 <= level < _DEEPEST:
            return ""
        if level not in found.levels:
            return ""
        self._count(list_id or "", found, level)
        return self._written(found, level)

    def _level_of_style(self, list_id: str | None, style: str | None, by: str | None) -> str:
        """The level of a list that is linked to a style."""
        found = self._lists.get(list_id or "")
        levels = {} if found is None else found.levels
        return next((str(n) for n, one in levels.items() if one.style in (style, by)), "0")

    def _count(self, list_id: str, found: _List, level: int) -> None:
        counts = self._counts[found.definition]
        first = (list_id, level) not in self._begun
        self._begun.add((list_id, level))
        for above in range(level):
            counts.setdefault(above, found.starts.get(above, self._start(found, above)))
        if first and level in found.starts:
            counts[level] = found.starts[level]
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = self._start(found, level)
        for below in [n for n in counts if n > level]:
            restart = found.levels[below].restart if below in found.levels else None
            if restart is None or (restart > 0 and level < restart):
                del counts[below]

    @staticmethod
    def _start(found: _List, level: int) -> int:
        return found.levels[level].start if level in found.levels else 1

    def _written(self, found: _List, level: int) -> str:
        own = found.levels[level]
        counts = self._counts[found.definition]
        if own.form == "bullet":
            return own.text if set(own.text) <= _DASHES else ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in found.levels:
                return ""
            form = "decimal" if own.legal and at != level else found.levels[at].form
            return numeral(max(0, counts.get(at, self._start(found, at))), form)

        text = re.sub(r"%([1-9])", number, own.text)
        apart = own.behind != "nothing" and text[-1:].isalnum()
        return f"{text} " if apart else text


_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2500\u2501")


def _levels(definition: etree._Element | None) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for one in () if definition is None else definition:
        number = whole(value(one, "ilvl"))
        if name_of(one) == "lvl" and number is not None:
            levels[number] = _level(one)
    return levels


def _level(one: etree._Element) -> _Level:
    start = whole(value(child(one, "start")))
    form = child(one, "numFmt")
    if form is None:
        form = child(one, "AlternateContent", "Fallback", "numFmt")
    return _Level(
        start=0 if start is None else start,
        form=value(form) or "decimal",
        text=value(child(one, "lvlText")) or "",
        behind=value(child(one, "suff")) or "tab",
        restart=whole(value(child(one, "lvlRestart"))),
        legal=bool(is_on(child(one, "isLgl"))),
        style=value(child(one, "pStyle")),
    )
