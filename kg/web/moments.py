"""Times of day as the office's clocks show them, with the exact moment for programs."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)"
)


def local_times(words: object, zone: str, days: bool = False) -> Markup:
    """Words as HTML whose moments (xsd:dateTime with a time zone) are shown in a time zone, each a
    time element that holds it in full; words that are HTML already stay so.

    Args:
        zone: of the IANA Time Zone Database, such as Asia/Shanghai.
        days: whether the day alone is shown.
    """

    def element(found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat("{day}T{clock}{zone}".format(**found.groupdict()))
            local = moment.astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError):  # no such day, though it is written like one
            return found[0]
        shown = local.strftime("%Y-%m-%d" if days else "%Y-%m-%d %H:%M")
        return f'<time datetime="{found[0].replace(" ", "T")}">{shown}</time>'

    return Markup(_MOMENT.sub(element, str(escape(words))))  # each part was escaped
