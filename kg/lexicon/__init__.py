"""What planlink knows of the language of plans: TOML files, each loaded once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from kg.files import packaged

_K = TypeVar("_K")
_V = TypeVar("_V")
_PART = re.compile(r"\{([a-z]+)\}")


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The content of kg/lexicon/<name>.toml."""
    return packaged("kg.lexicon", name)


@cache
def pattern(name: str, table: str, key: str) -> re.Pattern[str]:
    """The pattern that is under table.key in kg/lexicon/<name>.toml."""
    return re.compile(lexicon(name)[table][key])


def with_parts(form: str, parts: Mapping[str, str]) -> str:
    """A form with the parts put in that it, or one of them, names in braces.

    >>> with_parts("{town}|{two}", {"town": "[镇乡]", "two": "{town}{town}"})
    '[镇乡]|[镇乡][镇乡]'
    """
    return _PART.sub(lambda match: with_parts(parts[match[1]], parts), form)


def worded(table: str, key: str, /, **values: object) -> tuple[str, str]:
    """A sentence of kg/lexicon/statements.toml in Chinese and English, with values put in."""
    sentence = lexicon("statements")[table][key]
    return filled(sentence["zh"], **values), filled(sentence["en"], **values)


def filled(sentence: str, **values: object) -> str:
    """A sentence with values put in; what a quoted one quotes gets inner marks (GB/T 15834).

    >>> filled("“{a}” of {b}", a="“x” y", b="“z”")
    '“‘x’ y” of “z”'
    """
    inner = str.maketrans("“”", "‘’")
    quoted = {
        name: str(value).translate(inner)
        for name, value in values.items()
        if f"“{{{name}}}" in sentence
    }
    return sentence.format(**values | quoted)


def grouped(pairs: Iterable[tuple[_K, _V]]) -> defaultdict[_K, list[_V]]:
    """What is paired with each key, in order; nothing with any other.

    >>> grouped([("a", 1), ("b", 2), ("a", 3)])["a"]
    [1, 3]
    """
    found = defaultdict[_K, list[_V]](list)
    for key, value in pairs:
        found[key].append(value)
    return found


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """The words, longer ones first, so that a scan finds the longest that fits."""
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))
