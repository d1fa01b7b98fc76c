"""What of a page is seen: elements that a browser shows, and how much text each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from kg.source.intake.html_merge import merge_letters

_NEVER = frozenset((
    "head", "script", "style", "template", "noscript", "select", "datalist", "button", "input",
    "textarea", "svg", "iframe", "object", "embed", "audio", "video", "canvas", "map", "area",
    "dialog", "frameset", "applet", "rp", "rt", "rtc", "meta", "link", "title", "del",
))  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_SHOWING = re.compile(r"display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible", re.IGNORECASE)
_DISPLAY = re.compile(r"display\s*:|vertical-align\s*:\s*super", re.IGNORECASE)
_KEEPING = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_FLOWING = re.compile(r"white-space\s*:\s*(?:normal|nowrap)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
# @media and the like hold in other circumstances
_AT_RULE = re.compile(r"@[^@{};]*+(?:;|\Z|\{(?:[^{}]++|\{[^{}]*+\})*+(?:\}|\Z))")
_SELECTOR = re.compile(r"([a-z][\w-]*)?(?:([.#])([\w-]+))?", re.IGNORECASE)


class Visible:
    """A page's visible elements.

    Args:
        root: the page; elements in it that only set letters are merged into their text. What it
            hides is left out of every measure here, unless it holds most of the page's text: a
            page hides its text only until its script shows it.

    Attributes:
        body: the element that holds all that is shown.
        hidden: elements that are not shown, with all that is in them.
        text: for each shown element, how many characters it holds.
        links: for each shown element, how many of them lead to other pages.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.body: HtmlElement = root.find("body") if root.find("body") is not None else root
        self._sheet = _Sheet(root)
        merge_letters(self.body, self._is_plain)
        elements = [self.body, *self.body.iterdescendants("*")]
        lengths = _lengths(elements)
        whole = lengths[self.body] or 1
        self.hidden: set[HtmlElement] = set()
        shown: list[HtmlElement] = []
        out: set[HtmlElement] = set()  # hidden elements and all in them
        for element in elements:
            if element.getparent() in out:
                out.add(element)
            elif self._is_hidden(element, lengths[element] / whole):
                self.hidden.add(element)
                out.add(element)
            else:
                shown.append(element)
        self.text, self.links = _measures(shown, self.hidden, self.body)

    def _is_hidden(self, element: HtmlElement, share: float) -> bool:
        if element.tag in _NEVER:
            return not (element.tag == "dialog" and element.get("open") is not None)
        if share > 0.5 or not (element.attrib or self._sheet.rules):
            return False
        if element.get("hidden") not in (None, "until-found"):
            return True
        return next((r.hides for r in self._rules(element) if r.hides is not None), False)

    def _is_plain(self, element: HtmlElement) -> bool:
        """Whether nothing says how an element's text is shown, or that it is furniture."""
        if element.get("hidden") is not None or element.get("role") is not None:
            return False
        style = element.get("style") or ""
        return not _DISPLAY.search(style) and set(self._rules(element)) <= {_NOTHING}

    def keeps_lines(self, element: HtmlElement) -> bool | None:
        """Whether line breaks in an element's source are shown; None: as in the one around it."""
        if element.tag in ("pre", "listing", "xmp", "plaintext"):
            return True
        return next((r.keeps for r in self._rules(element) if r.keeps is not None), None)

    def _rules(self, element: HtmlElement) -> list[_Rule]:
        """What an element's own style and the style rules for it say, the strongest first."""
        own = _declared(element.get("style") or "")
        return [own, *reversed([*self._sheet.of(element)])] if self._sheet.rules else [own]


class _Rule(NamedTuple):
    """What a style says: whether it hides, and whether line breaks in the source are shown."""

    hides: bool | None
    keeps: bool | None


_NOTHING = _Rule(None, None)


@lru_cache(maxsize=1024)
def _declared(style: str) -> _Rule:
    """What declarations say."""
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


def _lengths(elements: list[HtmlElement]) -> dict[HtmlElement, int]:
    """How many characters each element holds, scripts and styles aside."""
    lengths = {
        element: 0 if element.tag in _NEVER else len((element.text or "").strip())
        for element in elements
    }
    for element in reversed(elements[1:]):
        if element.tag in _NEVER:
            lengths[element] = 0
        lengths[element.getparent()] += lengths[element] + len((element.tail or "").strip())
    return lengths


def _measures(
    shown: list[HtmlElement], hidden: set[HtmlElement], body: HtmlElement
) -> tuple[dict[HtmlElement, int], dict[HtmlElement, int]]:
    """For each shown element, its characters, and those of them that lead to other pages."""
    text = {element: len((element.text or "").strip()) for element in shown}
    links = dict.fromkeys(shown, 0)
    for element in hidden:
        if element is not body:
            text[element.getparent()] += len((element.tail or "").strip())
    for element in reversed(shown):
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            links[element] = text[element]
        if element is not body:
            parent = element.getparent()
            text[parent] += text[element] + len((element.tail or "").strip())
            links[parent] += links[element]
    return text, links
