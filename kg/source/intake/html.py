"""HTML -> text: the article's visible text by lines, tables as grids; and what the page says of its
document, in its meta elements and the lines around the article."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree
from lxml import html as markup
from lxml.html import HtmlElement

from kg.errors import PlanlinkError
from kg.files import read_bytes
from kg.lexicon import lexicon
from kg.source.dates import day
from kg.source.encodings import decoded
from kg.source.front_matter import folded, head_lines, labelled
from kg.source.intake.html_article import Article, find_article, trimmed
from kg.source.intake.html_lines import HtmlLine, html_lines
from kg.source.intake.html_visible import Visible
from kg.source.intake.lines import PlacedLine, put_together
from kg.source.organs import is_organ, organs_of, without_what_is_printed_behind
from kg.source.published import Published
from kg.source.text import compact, is_remark, normal
from kg.source.titles import title_of_field

_WITHIN = 40  # lines of the article in which its properties may stand
_LONGEST = 400  # characters of such a line
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
# what has a meaning in a fragment, or may not stand in one
_CODED = re.compile(r'[%&\-, <>"`#{}|\\^\[\]]')
_TITLE_WITHIN = 30  # lines of the article that hold its title, if it has it
_FRAGMENT = 16  # characters by which a browser finds a line
_TAG = re.compile(r"""<[a-z](?:"[^"]*"|'[^']*'|[^<>"'])*""", re.IGNORECASE)
_BETWEEN_ATTRIBUTES = re.compile(r"""(?:"[^"]*"|'[^']*'|[\s/]+)""")
_ATTRIBUTES = 5000  # of one tag: the parser compares each with all others
_HEAD = 4096  # bytes in which a page declares its encoding; browsers look at 1024


def page_properties(root: HtmlElement, lines: Sequence[HtmlLine]) -> dict[str, str]:
    """Title, issuer, date (ISO 8601) and when it was published (the date, where no other is given),
    numbers, status, source and address, where given."""
    found: dict[str, str] = {}
    inside = [line for line in lines if line.inside][:_WITHIN]
    head = [line.text for line in lines if not line.inside] + [line.text for line in inside]
    head = [line for line in head if len(line) <= _LONGEST]
    for key, printed in (*_labelled("\n".join(head)), *_meta(root)):
        if key not in ("date", "published"):
            found.setdefault(key, printed)
        elif when := day(folded(printed).text):
            found.setdefault("date", when.isoformat())
            found.setdefault(key, when.isoformat())
    title = root.findtext(".//title")
    if title and "title" not in found:
        found["title"] = _shown(title)
    return found


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """The values behind labels, the day of issue before that of publication; who is named as the
    issuer and is no office is the source."""
    values = labelled(head_lines(text, len(text)))
    for label in (label for label in lexicon("titles")["labels"] if label in values):
        for value in values[label] if label != "other" else ():
            span = value.span()
            printed = text[span.start : span.end].split("\t", maxsplit=1)[0].strip(" /|[]")
            key = "date" if label == "issued" else label
            if key == "issuer" and not is_organ(without_what_is_printed_behind(value).text):
                key = "source"
            if printed:
                yield key, printed.split()[0] if key == "source" else printed


def _meta(root: HtmlElement) -> Iterator[tuple[str, str]]:
    names = {name: key for key, group in lexicon("pages")["meta"].items() for name in group}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name in names and element.get("content"):
            said = _shown(element.get("content"))
            key = names[name]
            yield "issuer" if key == "source" and is_organ(folded(said).text) else key, said


def _shown(text: str) -> str:
    """A text without the markup that some portals write into it."""
    return " ".join(re.sub(r"<[^<>]*>", "", text).split())


def read_html(path: Path) -> Published:
    """The text of the article in an HTML file, and what the page says of it.

    Raises:
        PlanlinkError: the encoding cannot be recognised, or elements are nested without end.
    """
    raw = read_bytes(path)
    declared = [name.decode("ascii") for name in _DECLARED.findall(raw[:_HEAD])]
    return read_page(decoded(raw, str(path), declared)[0], str(path))


def read_page(source: str, where: str) -> Published:
    """The article's text in an HTML page; PlanlinkError for elements nested without end."""
    root = _parsed(source, where)
    visible = Visible(root)
    article = find_article(visible)
    lines = html_lines(visible, article)
    properties = page_properties(root, lines)
    return put_together(_placed(_with_title(lines, article)), properties)


def read_fragment(source: str, where: str) -> Published:
    """The text of HTML that is all article, such as rendered Markdown."""
    root = _parsed(source, where)
    visible = Visible(root)
    return put_together(_placed(html_lines(visible, Article(visible.body))))


def _parsed(source: str, where: str) -> HtmlElement:
    parser = markup.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    # a declaration of another encoding, and NUL, would make the parser leave the text
    content = re.sub(r"^\s*<\?xml[^>]*>", "", source.lstrip("\ufeff").replace("\x00", ""))
    long = (tag for tag in _TAG.findall(content) if len(tag) > _ATTRIBUTES)
    if any(len(_BETWEEN_ATTRIBUTES.findall(tag)) > 2 * _ATTRIBUTES for tag in long):
        raise PlanlinkError.of("html_attributes", where, _ATTRIBUTES)
    try:
        root = markup.document_fromstring(content, parser=parser)
    except etree.ParserError:  # nothing but comments and blanks
        return markup.document_fromstring("<p></p>")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise PlanlinkError.of("html_deep", where)
    return root


def _with_title(lines: Sequence[HtmlLine], article: Article) -> Iterator[HtmlLine]:
    """The article's lines, behind the page's heading where the article itself lacks it."""
    inside = [line for line in lines if line.inside]
    head = "".join(line.text for line in inside[:_TITLE_WITHIN])
    before = [*itertools.takewhile(lambda line: not line.inside, lines)]
    rules = lexicon("pages")["title"]
    titles = [
        line
        for line in before
        if any(word in normal(line.text) for word in rules["words"])
        and not line.text.endswith(tuple(rules["endings"]))
    ]
    own = any(_is_title(line) for line in inside[:_TITLE_WITHIN])
    named = [line for line in titles if not own and _is_title(line)]
    titles = [line for line in titles if line.heading] or named
    if titles and compact(normal(titles[-1].text)) not in compact(normal(head)):
        yield titles[-1]
        yield from _below_title(before[before.index(titles[-1]) + 1 :])
    yield from trimmed(inside)


def _below_title(lines: Sequence[HtmlLine]) -> Iterator[HtmlLine]:
    """Of the lines between the page's heading and the article those that a title page has: remarks
    in brackets, who issued the plan, and the day of signature behind that."""
    signed = False
    for line in lines:
        text = folded(line.text)
        body = bool(organs_of(without_what_is_printed_behind(text)))
        if body or is_remark(text.text) or (signed and day(text.text, whole=True)):
            yield line
        signed = body


def _is_title(line: HtmlLine) -> bool:
    return title_of_field(folded(line.text)) is not None


def _placed(lines: Iterable[HtmlLine]) -> Iterator[PlacedLine]:
    """Lines with fragment identifiers: paragraph, or table and row, and a text fragment."""
    used: set[str] = set()
    before = ""
    for number, line in enumerate(lines, 1):
        start = max(line.text.split("\t"), key=len).strip()[:_FRAGMENT]  # of a row its longest cell
        prefix = f"{_coded(before)}-," if start in used and before else ""
        place = f"table={line.table};row={line.row}" if line.table else f"paragraph={number}"
        locator = f"{place}:~:text={prefix}{_coded(start)}"
        yield PlacedLine(line.text, locator, line.heading)
        used.add(start)
        before = line.text.rpartition("\t")[2].strip()[-_FRAGMENT:]


def _coded(text: str) -> str:
    """A text as a part of a fragment."""
    return _CODED.sub(lambda match: f"%{ord(match[0]):02X}", text)
