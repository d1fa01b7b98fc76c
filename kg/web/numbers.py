"""Numbers in addresses: ASCII digits, few enough for every store and calendar."""

from collections.abc import Sequence
from typing import TypeVar

from flask import abort, request
from werkzeug.routing import IntegerConverter

from kg.release.manifest import PlanEntry
from kg.web.messages import Message

_DIGITS = 9
_LAST = 10_000  # the highest number of a page that is looked up
_T = TypeVar("_T")


def number_in(text: str) -> int | None:
    """The number that a text is, None where it is none.

    >>> number_in("2023"), number_in("²"), number_in("٢٠٢٣"), number_in("1" * 20)
    (2023, None, None, None)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number else None


def year_of(plan: PlanEntry) -> int | None:
    """The year that the address asks for, None for none; answers 400 for one that is not in the
    plan's period."""
    asked = request.args.get("year", "")
    year = number_in(asked)
    if asked and not (year and plan.period[0] <= year <= plan.period[1]):
        abort(400, Message("year_of_plan", asked, *plan.period))
    return year


def page_in(text: str, last: int) -> int:
    """The number of a page that a text is: the first where it is none, and at most the last."""
    return min(max(number_in(text) or 1, 1), last)


def page_asked() -> int:
    """The number of the page that the address asks for."""
    return page_in(request.args.get("page", ""), _LAST)


def page_of(rows: Sequence[_T], size: int, asked: str) -> tuple[Sequence[_T], int, int]:
    """The rows of a page of a list, its number, and how many pages there are.

    Args:
        size: rows of a page.
        asked: the number that the address gives.

    >>> page_of("abcde", 2, "2"), page_of("", 2, "7")
    (('cd', 2, 3), ('', 1, 1))
    """
    pages = max(1, -(-len(rows) // size))
    number = page_in(asked, pages)
    return rows[(number - 1) * size : number * size], number, pages


def pages_from(number: int, pages: int) -> dict[str, int]:
    """The numbers of the pages that one leads to, by the link's name.

    >>> pages_from(1, 3)
    {'first': 1, 'last': 3, 'next': 2}
    """
    leads = {"first": 1, "last": pages, "previous": number - 1, "next": number + 1}
    return {name: at for name, at in leads.items() if 1 <= at <= pages}


class NumberConverter(IntegerConverter):
    """The part of a route that is a number in its one spelling: other digits than ASCII's, and
    zeros before it, make no address."""

    regex = f"(?:0|[1-9][0-9]{{0,{_DIGITS - 1}}})"
