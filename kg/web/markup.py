"""What pages write around words: moments as the office's clocks show them, exact for programs; and
tables whose rows are cards on a phone: each cell knows the head of its column."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

_BEGINNING = re.compile(r"<(tr|td|th)\b")
_EMPTY = re.compile(r"<td(?=[^>]*>\s*</td>)")
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)"
)


def with_heads(rows: str, heads: Sequence[str | int]) -> Markup:
    """The rows of a table, HTML, with the head of its column written at each cell; what is empty is
    marked so.

    >>> with_heads("<tr><td>1</td><td>2</td></tr>", ["a", "b"])
    Markup('<tr><td data-head="A">1</td><td data-head="B">2</td></tr>')
    """
    left: list[str | int] = []

    def headed(beginning: re.Match[str]) -> str:
        if beginning[1] == "tr":
            left[:] = heads[::-1]
            return beginning[0]
        words = str(left.pop() if left else "")
        return f'{beginning[0]} data-head="{escape(words[:1].upper() + words[1:])}"'

    return Markup(_EMPTY.sub("<td data-empty", _BEGINNING.sub(headed, rows)))


def local_times(words: object, zone: str, days: bool = False) -> Markup:
    """Words as HTML whose moments (xsd:dateTime with a time zone), or their days alone, are shown
    in a zone of the IANA Time Zone Database, each a time element that holds it in full; words that
    are HTML already stay so."""

    def element(found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat("{day}T{clock}{zone}".format(**found.groupdict()))
            local = moment.astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError):  # no such day, though it is written like one
            return found[0]
        shown = local.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M")
        return f'<time datetime="{found[0].replace(" ", "T")}">{shown}</time>'

    return Markup(_MOMENT.sub(element, str(escape(words))))  # each part was escaped
