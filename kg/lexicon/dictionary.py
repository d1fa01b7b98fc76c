"""The dictionary that rjieba ships: words of Chinese with their parts of speech.

It takes a third of a second to load, so it is loaded at its first use.
"""

from functools import cache
from types import ModuleType


@cache
def _jieba() -> ModuleType:
    import rjieba  # noqa: PLC0415

    return rjieba


def cut(text: str) -> list[str]:
    """The words of a text by the dictionary alone, without guessing unknown ones."""
    return list(_jieba().cut(text, hmm=False))


@cache
def part_of_speech(word: str) -> str:
    """The part of speech of a word's first word: n, v, ns …; "" where there is none."""
    return next((str(part) for _, part in _jieba().tag(word)), "")


def has_word(text: str) -> bool:
    """Whether a text is a word of the dictionary."""
    return bool(_jieba().has_word(text))
