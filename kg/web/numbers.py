"""Numbers in addresses: ASCII digits, few enough for every store and calendar."""

from werkzeug.routing import IntegerConverter

_DIGITS = 9


def number_in(text: str) -> int | None:
    """The number that a text is, None where it is none.

    >>> number_in("2023"), number_in("²"), number_in("٢٠٢٣"), number_in("1" * 20)
    (2023, None, None, None)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number else None


def page_in(text: str, last: int) -> int:
    """The number of a page that a text is: the first where it is none, and at most the last."""
    return min(max(number_in(text) or 1, 1), last)


class NumberConverter(IntegerConverter):
    """The part of a route that is a number; other digits than ASCII's make no address."""

    regex = f"[0-9]{{1,{_DIGITS}}}"
