"""The patterns of lexicon/titles.toml, with their parts put in."""

import re
from functools import cache

from kg.lexicon import lexicon, with_parts
from kg.quantities.numerals import chinese_number


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern with the parts that it names in braces."""
    return re.compile(with_parts(text, lexicon("titles")["parts"]))


def year(text: str) -> int | None:
    """A year in Arabic or Chinese digits, with zeros of any kind."""
    digits = text.isascii() and text.isdigit()
    return chinese_number(text if digits else re.sub("[0Oo]", "○", text))
