"""What is kept while a Word document is read: counts, open fields, notes, unread signs."""

from collections import Counter

from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.intake.numerals import raised
from kg.source.intake.word_styles import Numbering, Styles


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
