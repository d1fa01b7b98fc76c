"""What planlink knows of the language of plans: TOML files, each loaded once."""

import re
from functools import cache
from typing import Any

from kg.files import packaged


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The content of kg/lexicon/<name>.toml."""
    return packaged("kg.lexicon", name)


@cache
def pattern(name: str, table: str, key: str) -> re.Pattern[str]:
    """The pattern that is under table.key in kg/lexicon/<name>.toml."""
    return re.compile(lexicon(name)[table][key])


def worded(table: str, key: str, /, **values: object) -> tuple[str, str]:
    """A sentence of kg/lexicon/statements.toml in Chinese and English, with values put in."""
    sentence = lexicon("statements")[table][key]
    return sentence["zh"].format(**values), sentence["en"].format(**values)


def longest_first(words: list[str]) -> tuple[str, ...]:
    """The words, longer ones first, so that a scan finds the longest that fits."""
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))
