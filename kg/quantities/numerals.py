"""Numerals in Arabic and Chinese digits, and the value of each."""

from decimal import Decimal

from kg.lexicon import lexicon

# Full-width forms and signs of other looks as what they stand for, one character for one.
_LOOKS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(a): ord(b) for a, b in zip("∶−﹣∼〜µ﹪", ":--~~μ%", strict=True)
}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"


def half_width(text: str) -> str:
    """The text with digits, signs and letters in their plain forms, every place kept."""
    return text if text.isascii() else text.translate(_LOOKS)


def chinese() -> str:
    """The pattern of a numeral in Chinese digits, as short as what follows it allows."""
    rules = lexicon("quantities")["numeral"]
    point, digits = rules["point"], rules["digits"]
    counted = f"[{digits}{rules['multiples']}]+?(?:{point}[{digits}]+)?"
    return f"(?:{counted}|{rules['half']})"


def value_of(numeral: str) -> Decimal | None:
    """The value of a numeral of either kind; None where Chinese digits make no number."""
    plain = numeral.replace(",", "")
    if plain[:1].isdigit():
        return Decimal(plain)
    import cn2an  # noqa: PLC0415 — most texts have no such numeral

    rules = lexicon("quantities")["numeral"]
    if plain.startswith(rules["half"]):
        return Decimal("0.5")
    if plain[:1] in rules["alone"]:  # a thousand without its one
        plain = rules["one"] + plain
    try:
        return Decimal(str(cn2an.cn2an(plain, "smart")))
    except (ValueError, KeyError):  # what cn2an raises for digits that make no number
        return None
