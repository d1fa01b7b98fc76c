"""Errors of the program as messages that are known in the languages of the pages."""

from werkzeug.exceptions import HTTPException, MethodNotAllowed, ServiceUnavailable, TooManyRequests

from kg.errors import PlanlinkError
from kg.lexicon.messages import Message, messages

__all__ = ["Message", "message_of", "messages", "retry_after", "said_by"]


def message_of(error: PlanlinkError) -> Message:
    """An error, worded in English, as a message in every language: by its key, or as it is."""
    key = error.key if error.key in messages() else "not_taken"
    return Message(key, f"{error.what}; {error.mend}", *error.values)


def said_by(error: HTTPException) -> str:
    """What a refusal says: its own words, else those that all of its status have."""
    if isinstance(error, MethodNotAllowed):
        return Message("http_405", ", ".join(sorted(error.valid_methods or ())))
    own = error.description or error.name
    key = f"http_{error.code}"
    if error.code == 500:  # a fault in what was to word a fault
        return Message(key, type(getattr(error, "original_exception", None) or error).__name__)
    known = key if key in messages() else "http_400"
    return Message(known) if own == type(error).description else own


def retry_after(error: HTTPException) -> dict[str, str]:
    """The header that says in how many seconds to come again, of what is refused for a while (RFC
    9110 §10.2.3); none of other refusals."""
    if not isinstance(error, TooManyRequests | ServiceUnavailable):
        return {}
    return {"Retry-After": str(error.retry_after or 1)}
