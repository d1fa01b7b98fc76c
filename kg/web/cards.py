"""Tables whose rows are cards on a phone: each cell knows the head of its column."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from kg.release.manifest import PlanEntry

_BEGINNING = re.compile(r"<(tr|td|th)\b")
_EMPTY = re.compile(r"<td(?=[^>]*>\s*</td>)")


def with_heads(rows: str, heads: Sequence[str | int | PlanEntry]) -> Markup:
    """The rows of a table, HTML, with the head of its column, or the plan that it is of, written
    at each cell; what is empty is marked so.

    >>> with_heads("<tr><td>1</td><td>2</td></tr>", ["a", "b"])
    Markup('<tr><td data-head="A">1</td><td data-head="B">2</td></tr>')
    """
    left: list[str | int | PlanEntry] = []

    def headed(beginning: re.Match[str]) -> str:
        if beginning[1] == "tr":
            left[:] = heads[::-1]
            return beginning[0]
        head = left.pop() if left else ""
        if isinstance(head, PlanEntry):
            head = f"{head.area} {head.period[0]}–{head.period[1]}"
        words = str(head)
        return f'{beginning[0]} data-head="{escape(words[:1].upper() + words[1:])}"'

    return Markup(_EMPTY.sub("<td data-empty", _BEGINNING.sub(headed, rows)))
