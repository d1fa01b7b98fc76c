"""Errors of the program as messages that are known in the languages of the pages."""

import re

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kg.errors import CannotWriteError, PlanlinkError
from kg.lexicon.messages import Message, messages

__all__ = ["Message", "message_of", "messages", "said_by"]


def message_of(error: PlanlinkError) -> Message:
    """An error of the program, which is worded in English, as a message in every language, found by
    its pattern ("said" in messages.toml)."""
    if isinstance(error, CannotWriteError):
        return Message("cannot_write", f"{error.what}; {error.mend}")
    for key, message in messages().items():
        if "said" in message and (found := re.fullmatch(message["said"], error.what)):
            return Message(key, f"{error.what}; {error.mend}", *found.groups())
    return Message("not_taken", f"{error.what}; {error.mend}")


def said_by(error: HTTPException) -> str:
    """What a refusal says: its own words, else those that all of its status have."""
    if isinstance(error, MethodNotAllowed):
        return Message("http_405", ", ".join(sorted(error.valid_methods or ())))
    own = error.description or error.name
    key = f"http_{error.code}"
    if error.code == 500:  # a fault in what was to word a fault
        return Message(key, type(getattr(error, "original_exception", None) or error).__name__)
    return Message(key) if own == type(error).description and key in messages() else own
