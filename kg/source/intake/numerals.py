"""Numbers of lists and headings: in the numerals that Word and CSS name, and before lines."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from kg.lexicon import lexicon
from kg.source.text import normal

_RAISED = str.maketrans("0123456789", "".join(map(chr, (
    0x2070, 0xB9, 0xB2, 0xB3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079))))  # fmt: skip
_BRACKETS = "[]()\u3014\u3015\uff08\uff09\uff3b\uff3d\u3010\u3011"


def numeral(number: int, style: str) -> str:
    """A number in a style of numerals.

    Args:
        number: the number, 0 or more.
        style: a name of Word's (w:numFmt) or CSS's (list-style-type); an unknown one is decimal.
    """
    return _styles().get(style.lower(), str)(number)


@cache
def _styles() -> Mapping[str, Callable[[int], str]]:
    words = lexicon("pages")["numbering"]
    by_names: dict[str, Callable[[int], str]] = {
        "chinesecounting chinesecountingthousand japanesecounting taiwanesecounting "
        "taiwanesecountingthousand simp-chinese-informal trad-chinese-informal cjk-ideographic "
        "koreancounting": lambda n: _chinese(n, "low"),
        "chineselegalsimplified ideographlegaltraditional japaneselegal simp-chinese-formal "
        "trad-chinese-formal": lambda n: _chinese(n, "up"),
        "ideographdigital taiwanesedigital japanesedigitaltenthousand cjk-decimal": lambda n: (
            "".join(words["ideographs"][int(digit)] for digit in str(n))
        ),
        "decimalenclosedcircle decimalenclosedcirclechinese": lambda n: (
            words["circled"][n - 1] if 1 <= n <= 20 else str(n)
        ),
        "lowerletter lower-alpha lower-latin": _letters,
        "upperletter upper-alpha upper-latin": lambda n: _letters(n).upper(),
        "upperroman upper-roman": _roman,
        "lowerroman lower-roman": lambda n: _roman(n).lower(),
        "decimalzero decimal-leading-zero": lambda n: f"{n:02}",
        "ideographtraditional cjk-heavenly-stem": lambda n: _cycled(n, words["stems"]),
        "ideographzodiac cjk-earthly-branch": lambda n: _cycled(n, words["branches"]),
        "none bullet": lambda n: "",
        "decimalfullwidth": lambda n: "".join(chr(0xFEE0 + ord(c)) for c in str(n)),
    }
    return {name: function for names, function in by_names.items() for name in names.split()}


def _chinese(number: int, mode: str) -> str:
    """A number in words, common ones (low) or those of accounts (up)."""
    import cn2an  # noqa: PLC0415 — most documents have no such list

    return str(cn2an.an2cn(number, mode))


def _letters(number: int) -> str:
    """a to z, then aa to zz as Word counts."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 1000 else ""


def _roman(number: int) -> str:
    if not 0 < number < 5000:
        return str(number)
    written = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        written += sign * (number // value)
        number %= value
    return written


def _cycled(number: int, signs: str) -> str:
    return signs[(number - 1) % len(signs)] if number else ""


def is_numbered(text: str, strong: bool = False) -> bool:
    """Whether a line is numbered as a heading is; strong: as only headings are."""
    line = normal(text[:80]).strip()
    return any(pattern.match(line) for pattern in _of_headings(strong))


@cache
def _of_headings(strong: bool) -> tuple[re.Pattern[str], ...]:
    styles = lexicon("headings")["style"].items()
    kept = (s for name, s in styles if (s.get("strong") if strong else name != "item"))
    return tuple(re.compile(s["pattern"]) for s in kept)


def raised(text: str) -> str:
    """A raised text: digits, bracketed and circled ones too, as raised digits; others as it is."""
    bare = text.strip().strip(_BRACKETS)
    if len(bare) == 1 and unicodedata.category(bare) == "No":
        value = unicodedata.numeric(bare)
        bare = str(int(value)) if value.is_integer() else bare
    if bare and all(character.isdigit() for character in bare):
        return unicodedata.normalize("NFKC", bare).translate(_RAISED)
    return text
