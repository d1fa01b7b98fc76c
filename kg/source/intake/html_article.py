"""Where a page's article stands, and what around and in it is the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from kg.lexicon import lexicon
from kg.source.intake.html_tables import is_layout
from kg.source.intake.html_visible import Visible
from kg.source.intake.numerals import is_numbered
from kg.source.text import compact, normal

if TYPE_CHECKING:
    from kg.source.intake.html_lines import HtmlLine

_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "menu"))
_FURNITURE_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_TABULAR = frozenset(("table", "ol", "ul", "dl"))
_TEXT_TAGS = _TABULAR | {"p", "pre", "blockquote"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = (*_TEXT_TAGS, *_HEADINGS, "div", "br", "tr", "td")
_LARGE = 0.3  # share of a page's text that no furniture has
_LEAST_LINKED = 6  # characters of links that make a list of them
_LONG = 3000  # characters that no furniture but lists of links has
_BRACKETED = re.compile(r"^(?:\d+\.)?[\[\u3010]([^\]\u3011]+)[\]\u3011]")  # "1.[label] value"
_FIRST = 40  # lines of an article among which the page's own may be
_LINE = 120  # characters that no line of the page's own has
_STRAY = 15  # characters beside the elements of a frame that make it more than a frame


@dataclass(frozen=True)
class Article:
    """The article of a page.

    node: the element that holds it. furniture: elements that are no part of it. around: the
    elements that node is in, itself included.
    """

    node: HtmlElement
    furniture: frozenset[HtmlElement] = frozenset()
    around: frozenset[HtmlElement] = field(default_factory=frozenset)


def find_article(visible: Visible) -> Article:
    """The article of a page: from the body down, the element that alone holds running text."""
    headed = _headed(visible)
    furniture = _furniture(visible, headed)
    node = visible.body
    while (inner := _only_text(node, visible, furniture, headed)) is not None:
        node = inner
    return Article(node, furniture, frozenset((node, *node.iterancestors())))


def trimmed(lines: Sequence[HtmlLine]) -> list[HtmlLine]:
    """An article's lines without those at its head and its end that are the page's own."""
    head, tail = _cues()
    kept = [*_behind_the_head(lines, head)]
    left = max(400, sum(len(line.text) for line in kept) // 20)
    end = len(kept)
    for i in range(len(kept) - 1, -1, -1):
        left -= len(kept[i].text)
        if left < 0 or kept[i].table:
            break
        if len(kept[i].text) < _LINE and tail.match(compact(normal(kept[i].text))):
            end = i
        elif is_numbered(kept[i].text):
            break
    return kept[:end]


def _behind_the_head(lines: Sequence[HtmlLine], head: re.Pattern[str]) -> Iterator[HtmlLine]:
    """Lines without the page's own among the first ones, which the plan's own text ends."""
    for i, line in enumerate(lines):
        text = _BRACKETED.sub(r"\1:", compact(normal(line.text)))
        if i >= _FIRST or len(text) >= _LINE or is_numbered(text):
            yield from lines[i:]
            return
        if not head.match(text):
            yield line


@cache
def _cues() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = lexicon("pages")["trim"]
    return re.compile("|".join(rules["head"])), re.compile("|".join(rules["tail"]), re.IGNORECASE)


def _headed(visible: Visible) -> set[HtmlElement]:
    """The elements that hold a text numbered as a heading of a plan is."""
    starts = tuple(lexicon("pages")["headings"]["starts"])
    headed: set[HtmlElement] = set()
    for element in (*visible.text, *visible.hidden):
        inside = None if element in visible.hidden else element.text
        for text, holder in ((inside, element), (element.tail, element.getparent())):
            if text and text.lstrip().startswith(starts) and is_numbered(text):
                above: HtmlElement | None = holder
                while above is not None and above not in headed:
                    headed.add(above)
                    above = above.getparent()
    return headed


def _furniture(visible: Visible, headed: set[HtmlElement]) -> frozenset[HtmlElement]:
    """Elements that are navigation, lists of links and the like."""
    whole = visible.text[visible.body]
    found: set[HtmlElement] = set()
    names = frozenset(lexicon("pages")["names"]["furniture"])
    for element in visible.text:
        large = visible.text[element] > _LARGE * whole
        if large or (element in headed and not _is_contents(element, visible)):
            continue
        if _is_named(element, names):
            held = visible.text[element] - visible.links[element]
            if held <= _LONG:
                found.add(element)
        elif _is_link_list(element, visible):
            found.add(element)
    return frozenset(found)


def _is_contents(element: HtmlElement, visible: Visible) -> bool:
    """Whether an element beside the article is a list of links to what stands on the page."""
    anchored = sum(visible.text.get(a, 0) for a in element.iterdescendants("a"))
    return element.tag in _FURNITURE_TAGS and 2 * anchored > visible.text[element]


def _is_named(element: HtmlElement, names: frozenset[str]) -> bool:
    if element.tag in _FURNITURE_TAGS or element.get("role") in _FURNITURE_ROLES:
        return True
    if element.tag in ("html", "body", "p", "span", "td", "tr", "tbody") or not element.attrib:
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    words = [*re.findall(r"[A-Z]?[a-z]+|[A-Z]+", named), *named.split()]
    return not names.isdisjoint(word.lower() for word in words)


def _is_link_list(element: HtmlElement, visible: Visible) -> bool:
    """Whether an element holds little but links to other pages, three or more."""
    links = visible.links[element]
    if element.tag == "a" or links < _LEAST_LINKED or links < 0.7 * visible.text[element]:
        return False
    return sum(1 for _, _ in zip(range(3), element.iterdescendants("a"), strict=False)) == 3


def _only_text(
    node: HtmlElement, visible: Visible, furniture: frozenset[HtmlElement], headed: set[HtmlElement]
) -> HtmlElement | None:
    """The one child that holds an element's running text; None where several do."""
    children = [c for c in node if c in visible.text and c not in furniture]
    held = {c: visible.text[c] - visible.links[c] for c in children}
    main = max(children, key=lambda c: held[c], default=None)
    if main is None or main.tag in _TEXT_TAGS - {"table"} or main.tag in _HEADINGS:
        return None
    if main.tag == "table" and not is_layout(main, visible):
        return None
    if next(main.iterdescendants(*_BLOCKS), None) is None and (main.text or "").count("\n") < 3:
        return None
    own = len((node.text or "").strip()) + sum(len((c.tail or "").strip()) for c in children)
    if own > _STRAY or held[main] < 0.5 * sum(held.values()):
        return None
    others = (c for c in children if c is not main and held[c])
    return None if any(c in headed or _is_text(c, held[c], visible) for c in others) else main


def _is_text(element: HtmlElement, held: int, visible: Visible) -> bool:
    """Whether an element beside the main one is part of the article as well."""
    text = compact(normal(element.text_content()[: 20 * _LONG]))
    head, tail = _cues()
    own = element.tag in _HEADINGS or visible.links[element] > held
    if own or head.match(text) or tail.match(text):
        return False
    if element.tag in _TABULAR:
        # one that gives the document's properties (issuer, number, date) is no part
        labels = [one for one in lexicon("pages")["article"]["properties"] if one in text[:200]]
        if len(labels) > 1 or (element.tag == "table" and is_layout(element, visible)):
            return False
    return element.tag in _TEXT_TAGS or (held >= 30 and "\u3002" in text)
