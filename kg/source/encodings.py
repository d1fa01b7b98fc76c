"""Bytes -> text in the encodings that Chinese offices use, known by the text that they give."""

import codecs
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from kg.errors import PlanlinkError
from kg.source.characters import look_alikes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 40_000  # characters, from all of a text, by which a decoding is judged
_CHINESE = 0.8  # share of common ones among the characters of Chinese; real plans have over 0.99
_UTF_8 = 0.5  # the same for UTF-8, which is wrong only where it was made from a wrong decoding
_SURE = 30  # bytes above ASCII, ten characters, that are not in accord with UTF-8 by chance
_FEW = 40  # characters that say too little to refuse a text that decodes
_OTHER = range(0x80)  # letters and digits that any encoding shares
_NO_LETTERS = frozenset(("Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Zs", "Sm", "Cf", "No", "Nl"))


def decoded(raw: bytes, where: str, declared: Sequence[str] = ()) -> tuple[str, str]:
    """The text of a file's bytes, every code point in place, and the encoding's name.

    A mark at the start decides; UTF-8 that decodes is UTF-8, as no other encoding's text does so by
    chance; else the encoding counts whose text is made of common characters.

    Args:
        raw: the bytes.
        where: what to call the file in an error.
        declared: encodings that the file names; one is taken where its text is no worse.

    Raises:
        PlanlinkError: the file is empty, or no text in an encoding that is read.
    """
    if not raw.strip(b" \t\r\n\x00"):
        raise PlanlinkError.of("file_empty", where)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded_by(raw, (encoding,), where)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        named = [name for name in map(_canonical, declared) if name]
        wide = ("utf-16-le", "utf-16-be") if b"\x00" in raw else ()
        encodings = dict.fromkeys((*wide, *named, "gb18030", "big5hkscs"))
        broken = error if sum(byte >= 0x80 for byte in raw[: error.start]) >= _SURE else None
        return _decoded_by(raw, tuple(encodings), where, broken)
    return _decoded_by(raw, ("utf-8",), where)


def _canonical(name: str) -> str | None:
    """The widest encoding of a declared name's family; None for one that is not read."""
    plain = name.strip().lower().replace("_", "-")
    if plain.startswith(("gb", "x-gbk", "cp936", "windows-936")):
        return "gb18030"
    if plain.startswith(("big5", "cp950", "x-x-big5")):
        return "big5hkscs"
    return None


def _decoded_by(
    raw: bytes, encodings: Sequence[str], where: str, of_utf_8: UnicodeDecodeError | None = None
) -> tuple[str, str]:
    """The text by the encoding that gives the most plausible one, the first of equals.

    Args:
        of_utf_8: where a file breaks off to be UTF-8 that is too much so far to be so by chance.
    """
    best: tuple[float, str, str] | None = None
    broken: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            broken = max(broken or error, error, key=lambda e: e.start)
            continue
        share = _common_share(text)
        if best is None or share > best[0] + 0.02:
            best = (share, text, encoding)
    if best is not None and best[0] >= (_UTF_8 if best[2] == "utf-8" else _CHINESE):
        return best[1], best[2]
    broken = of_utf_8 or (None if best else broken)
    why = "its characters make no Chinese in any of them"
    if broken is not None:
        line = raw.count(10, 0, broken.start) + 1
        why = f"byte {broken.start} on line {line} is no {broken.encoding.upper()}"
    raise PlanlinkError.of("file_no_text", where, why)


@cache
def _common() -> frozenset[str]:
    """The 3755 characters of GB 2312's first level."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(code.decode("gb2312", "ignore") for code in codes))


def _common_share(text: str) -> float:
    """The share of common characters, as far as there are enough to tell a decoding."""
    table, common = look_alikes(), _common()
    good = all_of_them = 0
    for character, count in Counter(text[:: len(text) // _SAMPLE + 1]).items():
        code = table.get(ord(character), ord(character))
        if code in _OTHER or unicodedata.category(chr(code)) in _NO_LETTERS:
            continue
        all_of_them += count
        good += count if chr(code) in common else 0
    share = good / all_of_them if all_of_them else 1.0
    return share if all_of_them >= _FEW else _CHINESE + share * (1 - _CHINESE)
