"""Numbers of lists and headings in the numerals that Word and CSS name."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from kg.lexicon import lexicon

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
    counting, legal = words["counting"], words["legal"]
    tens, legal_tens = words["tens"], words["legal_tens"]

    def chinese(number: int) -> str:
        return _chinese(number, counting, tens)

    def legal_chinese(number: int) -> str:
        return _chinese(number, legal, legal_tens)

    def digits(number: int) -> str:
        return "".join(words["ideographs"][int(digit)] for digit in str(number))

    def circled(number: int) -> str:
        return words["circled"][number - 1] if 1 <= number <= 20 else str(number)

    def upper_letters(number: int) -> str:
        return _letters(number).upper()

    def lower_roman(number: int) -> str:
        return _roman(number).lower()

    by_function: dict[Callable[[int], str], str] = {
        chinese: "chinesecounting chinesecountingthousand japanesecounting taiwanesecounting "
        "taiwanesecountingthousand simp-chinese-informal trad-chinese-informal cjk-ideographic "
        "koreancounting",
        legal_chinese: "chineselegalsimplified ideographlegaltraditional japaneselegal "
        "simp-chinese-formal trad-chinese-formal",
        digits: "ideographdigital taiwanesedigital japanesedigitaltenthousand cjk-decimal",
        circled: "decimalenclosedcircle decimalenclosedcirclechinese",
        _letters: "lowerletter lower-alpha lower-latin",
        upper_letters: "upperletter upper-alpha upper-latin",
        _roman: "upperroman upper-roman",
        lower_roman: "lowerroman lower-roman",
        lambda n: f"{n:02}": "decimalzero decimal-leading-zero",
        lambda n: _cycled(n, words["stems"]): "ideographtraditional cjk-heavenly-stem",
        lambda n: _cycled(n, words["branches"]): "ideographzodiac cjk-earthly-branch",
        lambda n: "": "none bullet",
        lambda n: "".join(chr(0xFEE0 + ord(c)) for c in str(n)): "decimalfullwidth",
    }
    return {name: function for function, names in by_function.items() for name in names.split()}


def _chinese(number: int, digits: str, tens: list[str]) -> str:
    """A number up to 9999 in words; a larger one digit by digit."""
    if number == 0 or number > 9999:
        return "".join(digits[int(digit)] for digit in str(number))
    words = ""
    for place, digit in enumerate(map(int, reversed(str(number)))):
        if digit:
            words = digits[digit] + tens[place] + words
        elif words and words[0] != digits[0]:
            words = digits[0] + words
    one_ten = digits[1] + tens[1]
    return words[1:] if 10 <= number < 20 and words.startswith(one_ten) else words


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


def raised(text: str) -> str:
    """A raised text: digits, bracketed and circled ones too, as raised digits; others as it is."""
    bare = text.strip().strip(_BRACKETS)
    if len(bare) == 1 and unicodedata.category(bare) == "No":
        value = unicodedata.numeric(bare)
        bare = str(int(value)) if value.is_integer() else bare
    if bare and all(character.isdigit() for character in bare):
        return unicodedata.normalize("NFKC", bare).translate(_RAISED)
    return text
