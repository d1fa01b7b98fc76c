"""What is stated of a request that is refused: on pages in the visitor's language, to programs in
English."""

from __future__ import annotations

import re

from kg.errors import CannotWriteError, PlanlinkError
from kg.files import packaged


def message_of(error: PlanlinkError) -> Message:
    """What is wrong and how to mend it, where the program itself has said so in English: known in
    the other languages by its pattern ("said" in messages.toml)."""
    if isinstance(error, CannotWriteError):
        return Message("cannot_write", f"{error.what}; {error.mend}")
    for key, message in messages().items():
        if "said" in message and (found := re.fullmatch(message["said"], error.what)):
            return Message(key, f"{error.what}; {error.mend}", *found.groups())
    return Message("not_taken", f"{error.what}; {error.mend}")


def messages() -> dict[str, dict[str, str]]:
    """Each message by its key and language."""
    return packaged("kg.web", "messages")


class Message(str):
    """A message in English, which is known in the other languages of the pages as well.

    >>> Message("no_release", 7)
    'there is no release 7'
    >>> Message("no_release", 7).worded("zh")
    '没有第 7 次发布'"""

    _key: str
    _values: tuple[object, ...]

    def __new__(cls, key: str, *values: object) -> Message:
        """The message as a string."""
        made = super().__new__(cls, messages()[key]["en"].format(*values))
        made._key, made._values = key, values
        return made

    def worded(self, language: str) -> str:
        """The message in a language."""
        return messages()[self._key][language].format(*self._values)
