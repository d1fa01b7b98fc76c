"""What is stated of a request that is refused: on pages in the visitor's language, to programs in
English."""

from __future__ import annotations

from typing import Any

from kg.files import packaged


def messages() -> dict[str, dict[str, str]]:
    """Each message by its key and language."""
    return packaged("kg.lexicon", "messages")


class Message(str):
    """A message in English, which is known in the other languages of the pages as well.

    parts: its key and the values put in, which make it again; a message among these is worded too.

    >>> Message("no_saved_query", 7)
    'there is no saved query 7'
    """

    parts: tuple[object, ...]

    def __new__(cls, key: str, *values: object) -> Message:
        """The message as a string."""
        made = super().__new__(cls, messages()[key]["en"].format(*values))
        made.parts = (key, *values)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes it from."""
        return Message, self.parts

    def worded(self, language: str) -> str:
        """The message in a language."""
        key, *values = self.parts
        worded = [one.worded(language) if isinstance(one, Message) else one for one in values]
        return messages()[str(key)][language].format(*worded)
