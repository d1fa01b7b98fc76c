"""The runs of a Word paragraph -> its text, in order; and what is kept while a document is read:
counts, open fields, notes, unread signs."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.intake.numerals import raised
from kg.source.intake.word_styles import Numbering, Styles, child, is_on, name_of, value

# Elements whose content is in the text as if they were not there.
_SEEN_THROUGH = frozenset((
    "ins", "moveTo", "sdtContent", "smartTag", "customXml", "hyperlink", "fldSimple", "dir",
    "bdo", "r", "oMath", "oMathPara", "ruby", "rubyBase", "subDoc", "pict", "drawing", "inline",
    "anchor", "graphic", "graphicData", "wsp", "wgp", "wpc", "txbx", "shape", "group", "rect",
    "roundrect", "oval", "line", "textbox", "object", "e", "den", "sub", "deg",
    "f", "d", "rad", "sSup", "sSub", "sSubSup", "nary", "fName", "lim", "func", "m", "mr",
    "box", "bar", "groupChr", "limLow", "limUpp", "acc", "eqArr", "sPre", "phant", "borderBox",
))  # fmt: skip
_OF_FORMULAS: dict[str, Callable[[str], str]] = {"num": "{}/".format, "sup": raised}
LINE_BREAK = "\n"
_LEADER = "\u2026" * 3  # in a contents list, between a heading and its page
_SYMBOLS = re.compile("[\uf020-\uf0ff]")


class Reading:
    """A document while it is read: its styles, what has been counted and what was met."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self.paragraphs = 0
        self.tables = 0
        self._fields: list[bool] = []  # for each open field, whether its result is reached
        self.notes: list[tuple[str, str]] = []  # met: footnotes or endnotes, and the id
        self._unread: Counter[tuple[str, str]] = Counter()
        self.embedded = False  # whether there is a document inside that is not read
        self.carried = ""  # of a paragraph whose mark is deleted

    def field(self, step: str | None) -> None:
        """A mark of a field: its begin, the begin of its result, or its end."""
        if step == "begin":
            self._fields.append(False)
        elif step == "separate" and self._fields:
            self._fields[-1] = True
        elif step == "end" and self._fields:
            self._fields.pop()

    @property
    def in_result(self) -> bool:
        """Whether text is in the document, not in a field's instruction."""
        return all(self._fields)

    def note(self, kind: str, identifier: str | None) -> str:
        """The mark of a note that is met: the next number, raised."""
        self.notes.append((kind, identifier or ""))
        return raised(str(len(self.notes)))

    def symbol(self, font: str, code: int) -> str:
        """The character of a symbol font's code; "" and a finding for one that is not known."""
        low = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
        table: dict[str, str] | None = lexicon("symbols").get(font.lower())
        if table is None and code < 0xE000:
            return chr(code)
        if table and (known := table.get(f"{low:02X}")):
            return known
        if font.lower() == "symbol" and 0x20 <= low < 0x7F:
            return chr(low)
        self._unread[font, f"{code if table is None else low:04X}"] += 1
        return ""

    def findings(self) -> list[Finding]:
        """What could not be read."""
        symbols = [
            Finding("unread-symbol", None, {"font": font, "code": code, "count": str(count)})
            for (font, code), count in self._unread.items()
        ]
        return [*symbols, Finding("unread-embedded")] if self.embedded else symbols


class Runs:
    """The text of one paragraph."""

    def __init__(self, reading: Reading, style: str | None) -> None:
        self._reading = reading
        self._style_hides = reading.styles.hides(style)
        self._tab = _LEADER if reading.styles.is_contents(style) else "\t"
        self.boxes: list[etree._Element] = []
        self._signs: dict[str, Callable[[etree._Element], str]] = {
            "sym": self._symbol,
            "footnoteReference": self._note,
            "endnoteReference": self._note,
            "br": lambda _: LINE_BREAK,
            "cr": lambda _: LINE_BREAK,
            "tab": lambda _: self._tab,
            "ptab": lambda _: self._tab,
            "noBreakHyphen": lambda _: "-",
        }

    def pieces(self, parent: etree._Element) -> Iterator[str]:
        """The text of what is in a paragraph or a part of it. Text boxes are kept in boxes."""
        for one in parent:
            name = name_of(one)
            if name == "r":
                yield from self._run(one)
            elif name == "t" and self._reading.in_result:
                yield one.text or ""
            else:
                yield from self._frame(one, name)

    def _frame(self, one: etree._Element, name: str) -> Iterator[str]:
        """The text of an element that only frames others."""
        if name == "txbxContent":
            self.boxes.append(one)
        elif name == "sdt":
            if not is_placeholder(one):
                yield from self.pieces(one)
        elif name == "AlternateContent":
            if (chosen := alternative(one)) is not None:
                yield from self.pieces(chosen)
        elif name in _OF_FORMULAS:
            yield _OF_FORMULAS[name]("".join(self.pieces(one)))
        elif name in _SEEN_THROUGH:
            yield from self.pieces(one)

    def _run(self, run: etree._Element) -> Iterator[str]:
        properties = child(run, "rPr")
        hidden = self._is_hidden(properties)
        lifted = value(child(properties, "vertAlign")) == "superscript"
        font = value(child(properties, "rFonts"), "ascii") or ""
        for one in run:
            name = name_of(one)
            if name == "fldChar":
                self._reading.field(value(one, "fldCharType"))
            elif hidden or not self._reading.in_result:
                continue
            elif name == "t":
                text = self._decoded(one.text or "", font)
                yield raised(text) if lifted else text
            elif name in self._signs:
                yield self._signs[name](one)
            else:
                yield from self._frame(one, name)

    def _is_hidden(self, properties: etree._Element | None) -> bool:
        hidden = is_on(child(properties, "vanish"))
        if hidden is None:
            hidden = self._reading.styles.hides(value(child(properties, "rStyle")))
        return bool(self._style_hides if hidden is None else hidden)

    def _symbol(self, one: etree._Element) -> str:
        code = value(one, "char") or ""
        if re.fullmatch("[0-9A-Fa-f]{1,4}", code) is None:
            return ""
        return self._reading.symbol(value(one, "font") or "", int(code, 16))

    def _note(self, one: etree._Element) -> str:
        if is_on(child(one, "customMarkFollows")) or value(one, "customMarkFollows") == "1":
            return ""
        return self._reading.note(f"{name_of(one)[: -len('Reference')]}s", value(one, "id"))

    def _decoded(self, text: str, font: str) -> str:
        """Text with the codes of symbol fonts as what they print."""
        return _SYMBOLS.sub(
            lambda match: self._reading.symbol(font or "Wingdings", ord(match.group())), text
        )


def is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows only the words that ask to fill it in."""
    return is_on(child(control, "sdtPr", "showingPlcHdr")) is True


def alternative(one: etree._Element) -> etree._Element | None:
    """The one of two forms that holds the content in words that are known here."""
    choice = child(one, "Choice")
    if choice is not None and (value(choice, "Requires") or "wps") in ("wps", "wpg", "wpc", "w14"):
        return choice
    return child(one, "Fallback") if child(one, "Fallback") is not None else choice
