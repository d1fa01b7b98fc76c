"""The patterns of lexicon/titles.toml, with their parts put in."""

import re
from functools import cache

from kg.lexicon import lexicon
from kg.quantities.numerals import chinese_number

_PART = re.compile(r"\{([a-z]+)\}")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern with the parts that it names in braces."""
    return re.compile(_filled(text))


def _filled(text: str) -> str:
    parts = lexicon("titles")["parts"]
    return _PART.sub(lambda match: _filled(parts[match[1]]), text)


def year(text: str) -> int | None:
    """A year in Arabic or Chinese digits, with zeros of any kind."""
    digits = text.isascii() and text.isdigit()
    return chinese_number(text if digits else re.sub("[0Oo]", "○", text))
