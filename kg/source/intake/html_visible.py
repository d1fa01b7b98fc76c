"""What of a page is seen: elements that a browser shows, and how much text each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

_NEVER = frozenset((
    "head", "script", "style", "template", "select", "datalist", "button", "input",
    "textarea", "svg", "iframe", "object", "embed", "audio", "video", "canvas", "map", "area",
    "dialog", "frameset", "applet", "rp", "rt", "rtc", "meta", "link", "title", "del",
))  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_SHOWING = re.compile(r"display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible", re.IGNORECASE)
_KEEPING = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_FLOWING = re.compile(r"white-space\s*:\s*(?:normal|nowrap)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
# @media and the like hold in other circumstances
_AT_RULE = re.compile(r"@[^@{};]*+(?:;|\Z|\{(?:[^{}]++|\{[^{}]*+\})*+(?:\}|\Z))")
_SELECTOR = re.compile(r"([a-z][\w-]*)?(?:([.#])([\w-]+))?", re.IGNORECASE)


class Visible:
    """A page's visible elements.

    Args:
        root: the page. What it hides is left out of every measure here, unless it holds most of
            the page's text, links to other pages aside: a page hides its text only until its
            script shows it.

    Attributes:
        body: the element that holds all that is shown.
        hidden: elements that are not shown, with all that is in them.
        text: for each shown element, how many characters it holds.
        links: for each shown element, how many of them lead to other pages.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.body: HtmlElement = root.find("body") if root.find("body") is not None else root
        self._sheet = _Sheet(root)
        elements = [self.body, *self.body.iterdescendants("*")]
        never = {element for element in elements if element.tag in _NEVER}
        links = {element for element in elements if _leads_away(element)}
        lengths = _character_counts(elements, never | links)
        whole = lengths[self.body] or 1
        self.hidden: set[HtmlElement] = set()
        met: list[HtmlElement] = []  # what is shown, and hidden elements without what is in them
        out: set[HtmlElement] = set()  # hidden elements and all in them
        for element in elements:
            if element.getparent() in out:
                out.add(element)
                continue
            met.append(element)
            if self._is_hidden(element, lengths[element] / whole):
                self.hidden.add(element)
                out.add(element)
        held = _character_counts(met, self.hidden)
        self.text = {element: held[element] for element in met if element not in self.hidden}
        self.links = dict.fromkeys(self.text, 0)
        for element in reversed(self.text):
            if _leads_away(element):
                self.links[element] = self.text[element]
            if element is not self.body:
                self.links[element.getparent()] += self.links[element]

    def _is_hidden(self, element: HtmlElement, share: float) -> bool:
        if element.tag in _NEVER:
            return not (element.tag == "dialog" and element.get("open") is not None)
        if share > 0.5:
            return False
        if element.tag == "noscript":
            return True
        if not (element.attrib or self._sheet.rules):
            return False
        if element.get("hidden") not in (None, "until-found"):
            return True
        return next((r.hides for r in self._rules(element) if r.hides is not None), False)

    def keeps_lines(self, element: HtmlElement) -> bool | None:
        """Whether line breaks in an element's source are shown; None: as in the one around it."""
        if element.tag in ("pre", "listing", "xmp", "plaintext"):
            return True
        return next((r.keeps for r in self._rules(element) if r.keeps is not None), None)

    def _rules(self, element: HtmlElement) -> list[_Rule]:
        """What an element's own style and the style rules for it say, the strongest first."""
        own = _declared(element.get("style") or "")
        return [own, *reversed([*self._sheet.of(element)])] if self._sheet.rules else [own]


def _leads_away(element: HtmlElement) -> bool:
    """Whether an element is a link to another page."""
    return element.tag == "a" and not (element.get("href") or "#").startswith("#")


class _Rule(NamedTuple):
    """What a style says: whether it hides, and whether line breaks in the source are shown."""

    hides: bool | None
    keeps: bool | None


_NOTHING = _Rule(None, None)


@lru_cache(maxsize=1024)
def _declared(style: str) -> _Rule:
    shown = False if _SHOWING.search(style) else None
    flowing = False if _FLOWING.search(style) else None
    hides = True if _HIDING.search(style) else shown
    return _Rule(hides, True if _KEEPING.search(style) else flowing)


class _Sheet:
    """The page's own style rules with simple selectors: p, .note, p.note, #note."""

    def __init__(self, root: HtmlElement) -> None:
        self.rules: dict[tuple[str, str, str], _Rule] = {}
        for sheet in root.iter("style"):
            for block in _AT_RULE.sub("", _COMMENT.sub("", sheet.text or "")).split("}"):
                selectors, _, declarations = block.rpartition("{")
                rule = _declared(declarations)
                if rule != _NOTHING:
                    self._add(selectors, rule)

    def _add(self, selectors: str, rule: _Rule) -> None:
        for selector in selectors.split(","):
            if (match := _SELECTOR.fullmatch(selector.strip())) and match.group():
                key = ((match[1] or "").lower(), match[2] or "", match[3] or "")
                former = self.rules.get(key, _NOTHING)
                self.rules[key] = _Rule(
                    former.hides if rule.hides is None else rule.hides,
                    former.keeps if rule.keeps is None else rule.keeps,
                )

    def of(self, element: HtmlElement) -> Iterator[_Rule]:
        """What the rules for an element say, general ones first."""
        tag = element.tag
        named = [(".", name) for name in (element.get("class") or "").split()]
        named += [("#", element.get("id"))] if element.get("id") else []
        for mark, name in (("", ""), *named):
            for key in (("", mark, name), (tag, mark, name)):
                if key in self.rules:
                    yield self.rules[key]


def _character_counts(
    elements: list[HtmlElement], passed: Set[HtmlElement]
) -> dict[HtmlElement, int]:
    """How many characters each of the elements, the first of which holds the others, has, those in
    elements that are passed aside."""
    held = {element: len((element.text or "").strip()) for element in elements}
    for element in reversed(elements[1:]):
        if element in passed:
            held[element] = 0
        held[element.getparent()] += held[element] + len((element.tail or "").strip())
    return held
