"""The metadata on the first page of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.lexicon import lexicon
from kg.rdf.iris import readable
from kg.source.areas import own_names
from kg.source.text import chinese_number, normal

_HEAD = 6000  # characters from the start in which a title and an issuer are looked for


@dataclass(frozen=True)
class Guess:
    """Metadata on a document's first page; None where it was not found."""

    title: str | None
    issuer: str | None
    area: str | None
    period: tuple[int, int] | None
    slug: str | None


def guess(text: str) -> Guess:
    """The metadata on the first page of a plan."""
    rules = lexicon("titles")
    head = normal(text[:_HEAD])
    joined = re.sub(r"\s+", "", head)
    title = next(
        (
            m["title"]
            for pattern in rules["title"]["patterns"]
            for m in re.finditer(pattern, joined)
        ),
        None,
    )
    area = match["area"] if title and (match := re.match(rules["area"]["pattern"], title)) else None
    government = f"{area}人民政府"
    issuer = government if area and government in joined else None
    issuer = issuer or next(
        (
            m["issuer"]
            for pattern in rules["issuer"]["patterns"]
            for m in re.finditer(pattern, joined)
        ),
        None,
    )
    period = _period(title or joined)
    slug = (
        f"{readable(own_names(area)[-1]).replace('-', '')}-{period[0]}" if area and period else None
    )
    return Guess(title, issuer, area, period, slug)


def _period(text: str) -> tuple[int, int] | None:
    """The plan's years: written out, or from the number of the five-year plan (the 14th began in
    2021)."""
    if match := re.search(r"(20\d\d)年?[-—~至到](20\d\d)年?", text):
        return int(match[1]), int(match[2])
    match = re.search(
        r"第(十[一二三四五六七八九]?|二十[一二三四五六七八九]?)个五年|“?(十[一二三四五六七八九]?)五”?(?=[^年]|$)",
        text,
    )
    number = chinese_number(match[1] or match[2]) if match else None
    return (first := 2021 + (number - 14) * 5, first + 4) if number else None
