"""What addresses ask for: numbers, in ASCII digits and few enough for every store and calendar,
pages of lists, and choices. What is none of what there is gets one line that says so."""

from collections.abc import Container, Sequence
from typing import TypeVar

from flask import abort, request
from werkzeug.routing import IntegerConverter

from kg.release.manifest import PlanEntry
from kg.source.text import shortened
from kg.web.context import error_page, here, text
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
    """The year asked for, None for none; answers 400 for one that is not in the plan's period."""
    asked = request.args.get("year", "")
    year = number_in(asked)
    if asked and not (year and plan.period[0] <= year <= plan.period[1]):
        abort(400, Message("year_of_plan", asked, *plan.period))
    return year


def page_asked(pages: int | None = None) -> int:
    """The number of the page of a list that the address asks for, by default the first; answers 400
    where that is no number, and 404 for a page that is not there. Before their number
    is known (None), none is refused, and none beyond any that is looked up is returned."""
    asked = request.args.get("page", "") or "1"
    is_beyond = asked.isascii() and asked.isdecimal() and len(asked) > _DIGITS
    number = 10**_DIGITS if is_beyond else number_in(asked)
    if not number:
        abort(400, Message("page_number", asked))
    if pages is None:
        return min(number, _LAST)
    if number > max(1, pages):
        message = Message("no_page", shortened(asked, 2 * _DIGITS), max(1, pages))
        abort(error_page(404, message, (text("first_page"), here(page=1))))
    return number


def choice_asked(name: str, offered: Container[str]) -> str:
    """What the address chooses by a parameter, "" for nothing; 400 for none of the choices."""
    return chosen_of(request.args.get(name, ""), offered)


def chosen_of(asked: str, offered: Container[str]) -> str:
    """A choice, or "" for none; answers 400 for what is not offered."""
    if asked and asked not in offered:
        abort(400, Message("no_choice", asked))
    return asked


def page_of(rows: Sequence[_T], size: int) -> tuple[Sequence[_T], int, int]:
    """The rows of the page of a list that the address asks for, its number, and how many pages of
    that size there are."""
    pages = max(1, -(-len(rows) // size))
    number = page_asked(pages)
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
