"""Numbers in addresses: ASCII digits, few enough for every store and calendar."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter

_DIGITS = 9


def number_in(text: str) -> int | None:
    """The number that a text is, None where it is none.

    >>> number_in("2023"), number_in("²"), number_in("٢٠٢٣"), number_in("1" * 20)
    (2023, None, None, None)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number else None


class NumberConverter(IntegerConverter):
    """The part of a route that is a number; other digits than ASCII's make no address."""

    regex = f"[0-9]{{1,{_DIGITS}}}"
