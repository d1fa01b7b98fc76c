"""Numerals in Arabic and Chinese digits, and the value of each."""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from itertools import pairwise

from kg.lexicon import lexicon

_ROMAN = {unicodedata.normalize("NFKC", chr(0x215F + n)): n for n in range(1, 13)}  # I to XII

# Full-width forms and signs of other looks as what they stand for, one character for one.
_LOOKS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(a): ord(b) for a, b in zip("∶−﹣∼〜µ﹪", ":--~~μ%", strict=True)
}

ARABIC = r"(?:\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"


def half_width(text: str) -> str:
    """The text with digits, signs and letters in their plain forms, every place kept."""
    return text if text.isascii() else text.translate(_LOOKS)


def chinese() -> str:
    """The pattern of a numeral in Chinese digits, as short as what follows it allows."""
    rules = lexicon("quantities")["numeral"]
    point, digits = rules["point"], rules["digits"]
    counted = f"[{digits}{rules['multiples']}]+?(?:{point}[{digits}]+)?"
    return f"(?:{counted}|{rules['half']})"


def signed_value(number: str) -> Decimal:
    """The value of a number in Arabic digits (ARABIC), maybe with a sign before it."""
    return Decimal(_ungrouped(number))


def _ungrouped(numeral: str) -> str:
    """A numeral without the commas or blanks that part its thousands."""
    return re.sub("[, ]", "", numeral)


def value_of(numeral: str) -> Decimal | None:
    """The value of a numeral of either kind; None where Chinese digits make no number."""
    plain, rules = _ungrouped(numeral), lexicon("quantities")["numeral"]
    if plain[:1].isdigit():
        return Decimal(plain)
    if plain.startswith(rules["half"]):
        return Decimal("0.5")
    whole, _, decimals = plain.partition(rules["point"])
    value, digits = chinese_number(whole), _values("digits")
    if value is None or not digits.keys() >= set(decimals):
        return None
    behind = "".join(str(digits[sign]) for sign in decimals)
    return Decimal(f"{value}.{behind}" if behind else value)


def chinese_number(numeral: str) -> int | None:
    """The value of a whole numeral in Arabic, Roman or Chinese digits, None for anything else."""
    if roman := _ROMAN.get(unicodedata.normalize("NFKC", numeral)):
        return roman
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    digits, multiples = _values("digits"), _values("multiples")
    if not numeral or any(sign not in digits and sign not in multiples for sign in numeral):
        return None
    beside = any(digits.get(one) and other in digits for one, other in pairwise(numeral))
    about = beside and any(sign in multiples for sign in numeral)  # 20 or 30, in their digits
    return None if about else _counted(numeral)


def _counted(numeral: str) -> int:
    """The value of Chinese digits: their largest multiple as often as is before it, and what is
    behind it; of digits alone, as they stand."""
    digits, multiples = _values("digits"), _values("multiples")
    largest = max(numeral, key=lambda sign: multiples.get(sign, 0))
    if largest in digits:
        return int("".join(str(digits[sign]) for sign in numeral))
    before, _, behind = numeral.partition(largest)
    size = multiples[largest]
    tenth = size // 10 if behind in digits and size > _TEN else 1  # 350 without its last multiple
    return (_counted(before) if before else 1) * size + (_counted(behind) if behind else 0) * tenth


_TEN = 10


@cache
def _values(kind: str) -> dict[str, int]:
    """The value of each Chinese digit, or of each multiple."""
    listed = lexicon("numerals")[kind].items()
    return {sign: int(value) for value, signs in listed for sign in signs}
