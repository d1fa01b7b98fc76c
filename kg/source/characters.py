"""Characters as they are read: look-alikes as what they stand for, unseen ones not at all."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

from kg.lexicon import lexicon

# Compatibility characters that Unicode itself calls another form of one other character.
_COMPATIBLE = (
    (0x2000, 0x200B),  # blanks of other widths
    (0x202F, 0x2030),
    (0x205F, 0x2060),
    (0x3000, 0x3001),
    (0xF900, 0xFB00),  # compatibility ideographs
    (0xFE10, 0xFE70),  # forms for vertical text, small forms
    (0xFF01, 0xFF5F),  # full-width forms
    (0xFFE0, 0xFFE7),
    (0x2F800, 0x2FA20),
)

# Frames of boxes and tables drawn with characters: they part what is printed between them.
_FRAMES = (0x2502, 0x2580)

# What ends a line in one notation or another, besides the line feed.
_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"

# What takes no place in print: controls, marks of width, direction and form, noncharacters.
_IGNORED = (
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\U0001fffe\U0001ffff\U000e0000-\U000e0fff]"
)
# The raised digits of a footnote behind a word, capital, % or stop, or between a number and its
# unit in Chinese; behind a unit's letters or 10 they are a power.
_RAISED = "[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]"
_BEHIND_A_WORD = (
    "(?<=[\u2e80-\u2fdf\u3001-\u3011\u3400-\u9fff\uf900-\ufaff\u2019\u201d"
    "\uff00-\uff0f\uff1a-\uff1f%)A-Z].)"
)
_IN_A_QUANTITY = f"(?<=[0-9].)(?<!(?<![0-9.])10.)(?={_RAISED}*[%\uff05\u3400-\u9fff])"
# at a line's start behind a word, but not before what a note explains
_NEXT_LINE = (
    "(?<=[\u3400-\u9fff\u201d]\n.)(?=[\u2070-\u2079]*[\u3400-\u9fff])(?![^\n]{0,40}[:\uff1a])"
)
_NOTE_MARKS = f"{_RAISED}(?:{_BEHIND_A_WORD}|{_IN_A_QUANTITY}|{_NEXT_LINE}){_RAISED}*"
_TAKES_NO_PLACE = re.compile(_IGNORED)
_ODD = re.compile(f"{_IGNORED}|[\r{_LINE_ENDS}]")
_UNSEEN = re.compile(f"{_IGNORED}|{_NOTE_MARKS}")
NOT_AS_IT_STANDS = re.compile(f"{_IGNORED[:-1]}{_RAISED[1:-1]}\\s]")  # what may not be read so
_RADICAL = re.compile("[\u2e80-\u2fdf]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@cache
def look_alikes() -> dict[int, int]:
    """Each look-alike with what it is read as, traditional characters with simplified ones."""
    table = _pairs("radicals") | _pairs("twins")
    for first, end in _COMPATIBLE:
        for code in range(first, end):
            form = unicodedata.normalize("NFKC", chr(code))
            if len(form) == 1 and form != chr(code):
                table.setdefault(code, ord(form))
    table |= {0xA0: 0x20} | {ord(c): 0x0A for c in _LINE_ENDS}
    table |= {code: 0x09 for code in range(*_FRAMES) if code not in table}
    traditional = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    simple = {ord(a): ord(b) for a, b in zip(traditional, simplified, strict=True) if a != b}
    table = simple | table
    return {code: table.get(read, read) for code, read in table.items()}  # ︲ is –, which is -


def ideographs(text: str) -> str:
    """A text with ideographs in the place of radicals, which fonts put in for them."""
    return text.translate(_pairs("radicals")) if _RADICAL.search(text) else text


@cache
def _pairs(name: str) -> dict[int, int]:
    """Each character of a list of pairs with what it stands for."""
    pairs = "".join(lexicon("characters")[name])
    return {ord(a): ord(b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)}


def unseen(text: str) -> Iterator[tuple[int, int]]:
    """Where characters stand that nobody sees and no reading needs: start and end, in order."""
    return (match.span() for match in _UNSEEN.finditer(text))


def cleaned(text: str) -> str:
    """The text of a page or Word file without invisible characters, line ends as line feeds."""
    if _ODD.search(text) is None:
        return text
    text = text.replace("\r\n", "\n")
    return _TAKES_NO_PLACE.sub("", text).translate(_LINES)


_LINES = {ord(c): 0x0A for c in (*_LINE_ENDS, "\r")}


def writable(text: str) -> str:
    """The text with a sign for each control character that XML and the formats made of it refuse
    (U+2401 for U+0001), one for one; a form feed or a vertical tab ends a line."""
    return _NO_XML.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    if match.group() in _LINE_ENDS:
        return "\n"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
