"""The metadata that a plan's document gives: on its first and last pages, or in its file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from kg.lexicon import lexicon
from kg.source.areas import Area, Context, area_at_start, is_run_by, national
from kg.source.dates import day, day_of, named_month, plan_years
from kg.source.front_matter import Line, folded, head_lines, join, labelled, tail_lines
from kg.source.gazetteer import Level
from kg.source.issuers import Issuer, find_issuers
from kg.source.line_numbers import without_line_numbers
from kg.source.organs import (
    is_bare,
    is_national,
    is_organ,
    places_of,
    without_what_is_printed_behind,
)
from kg.source.patterns import pattern
from kg.source.published import Published
from kg.source.slugs import slug_of
from kg.source.text import Span
from kg.source.titles import Title, find_title, is_draft, title_of_field

_AROUND = 6  # lines after the heading in which the notice's number or a draft's mark stands
_CONTEXT = 40  # lines of the first page in which an area above is looked for first

_LONGEST = 500  # characters of what a file says of itself
_OWN_FIELDS = (  # what a page gives by itself
    "issuer", "period", "horizon", "document_number", "index_number", "issued", "status",
    "source_url",
)  # fmt: skip
_RADICALS = re.compile("[\u2e80-\u2fdf]")  # look like characters, and are none

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """What was found, and where.

    span: the place in the text; None for what the file says of itself or follows from the rest.
    origin: "text", "file", "title" (it follows from the title) or "gazetteer".
    """

    value: T
    span: Span | None = None
    origin: str = "text"


def _of_title(value: T, span: Span | None) -> Found[T]:
    """What the title says, whose place is not in the text where only the file names it."""
    return Found(value, span, "text" if span else "title")


@dataclass(frozen=True)
class TitlePage:
    """The metadata of a plan's document.

    fields: what it gives, by the keys of plan.toml: the area by its full name, area_code as six
        digits of GB/T 2260, level (nation, province, city, county, zone or town), period as first
        and last year, horizon, the year of the vision in the title, status as printed …
    candidates: the full names of the areas that the printed name may mean, where they are several.
    month: that of issue (2021-03), where the day is not given; "" for none.
    """

    fields: Mapping[str, Found[Any]]
    candidates: tuple[str, ...] = ()
    month: str = ""

    def value(self, key: str) -> Any:
        """The value that was found for a key of plan.toml, None where none was."""
        one = self.fields.get(key)
        return one.value if one else None


def read_title_page(published: Published) -> TitlePage:
    """The metadata of a plan's document.

    What the text says counts more than what the file says of itself. What neither tells is left
    out: nothing is guessed.
    """
    page = _Page(published)
    area, period = page.area, page.period
    division = area.division if area else None
    name = area.name if area else None
    level = area.level if area else None
    code = division.code if division and division.level is not Level.ZONE else ""
    slug = slug_of(page.title, area, period.value if period else None)
    found: dict[str, Found[Any] | None] = {key: getattr(page, key) for key in _OWN_FIELDS} | {
        "title": page.title_found,
        "area": Found(name, page.area_span, "text" if page.area_span else "title"),
        "area_code": Found(code, None, "gazetteer"),
        "level": Found(str(level or ""), None, "gazetteer" if division else "title"),
        "slug": Found(slug, None, "title"),
    }
    return TitlePage(
        {key: one for key, one in found.items() if one and one.value},
        candidates=area.candidates if area and not name else (),
        month="" if page.issued else page.month,
    )


class _Page:
    """A document's first and last pages."""

    def __init__(self, published: Published) -> None:
        self.source = without_line_numbers(published.text)
        given = published.properties.items()
        self.properties = {key: value[:_LONGEST] for key, value in given if value.strip()}
        self.head, self.tail = head_lines(self.source), tail_lines(self.source)
        self.labels = labelled(self.tail) | labelled(self.head)

    @cached_property
    def _title_in_text(self) -> Title | None:
        return find_title(self.head, self.labels.get("title", []))

    @cached_property
    def title(self) -> Title | None:
        """The title of the text, or that of the file where the text has none or but its end."""
        own, name = self._title_in_text, self.properties.get("title", "")
        filed = title_of_field(folded(name)) if name else None
        outline = lexicon("titles")["title"]["outline"]
        nameless = own and re.fullmatch(f"(?:{outline})?", own.lead)
        longer = nameless and own and filed and filed.name.text.endswith(own.name.text)
        return filed if longer else own or filed

    @cached_property
    def title_found(self) -> Found[str] | None:
        """The title as printed."""
        if self.title is None:
            return None
        if self.title is not self._title_in_text:
            return Found(_printed(self.properties["title"], self.title.name), None, "file")
        return Found(_printed(self.source, self.title.name), self.title.name.span())

    @cached_property
    def _issuers(self) -> list[Issuer]:
        title = self._title_in_text
        return list(find_issuers(title, self.head, self.tail, self.labels))

    @cached_property
    def issuer(self) -> Found[str] | None:
        """Who issued the plan."""
        area = self.area.printed if self.area else ""
        if self._issuers and not self._is_filed:
            one = self._issuers[0]
            names = [_whole_name(_printed(self.source, name), area) for name in one.names]
            return Found("、".join(map(self._in_full, names)), one.span)
        filed = _whole_name(self._file_issuer, area)
        return Found(filed, None, "file") if filed else None

    def _in_full(self, name: str) -> str:
        """A body's name as a head or a signature has it in full."""
        short = lexicon("titles")["issuer"]["shortened"]
        others = (_printed(self.source, other) for one in self._issuers for other in one.names)
        same = (one for one in others if one.replace(short, "") == name.replace(short, ""))
        return max(same, key=len, default=name)

    @cached_property
    def _is_filed(self) -> bool:
        """Whether the text only says who adopted the plan, and the file who issued it."""
        return bool(self._file_issuer and self._issuers and self._issuers[0].adopted)

    @cached_property
    def _file_issuer(self) -> str:
        """The body that the file says it is of; "" where it names a paper, a person or a portal."""
        if self._title_in_text is None and self.title and self.title.sender:
            return "、".join(name.text for name in self.title.sender)
        line = without_what_is_printed_behind(folded(self.properties.get("issuer", "")))
        return line.text if is_organ(line.text) else ""

    @cached_property
    def area(self) -> Area | None:
        """The area: what the title begins with, else that of who issued the plan."""
        title = self.title
        organs = [name.text for one in self._issuers for name in one.names]
        organs += [self._file_issuer] if self._file_issuer else []
        printed = [place for organ in organs for place in places_of(organ)]
        if title and title.own_body:  # which may begin with a short name by chance
            ends = tuple(lexicon("areas")["last"])
            printed = [place for place in printed if place.endswith(ends)]
        years = self.period.value if self.period else None
        if title and any(is_run_by(title.lead, one, years and years[0]) for one in organs):
            printed.append(title.lead)
        context = Context("".join(line.text for line in self.head[:_CONTEXT]), self.source)
        party = re.compile(f"^(?:{'|'.join(lexicon('titles')['issuer']['party'])})")
        texts = [title.lead, title.rest, title.name.text] if title else []
        if title and pattern(lexicon("titles")["title"]["placeless"]).match(title.name.text):
            return None
        texts += [organ for organ in organs if not is_national(organ)]
        ahead = lexicon("titles")["period"]["of"]
        bare = [re.sub(ahead, "", party.sub("", text)) for text in texts]
        found = [area_at_start(text, printed, years and years[0], context) for text in bare]
        found += [national(organ) for organ in organs if is_national(organ)]
        known = [area for area in found if area is not None]
        certain = (area for area in known if area.level or area.candidates)
        return next(certain, next(iter(known), None))

    @property
    def area_span(self) -> Span | None:
        """Where the area's name is in the title."""
        title, area = self._title_in_text, self.area
        return self._span_in_title(area.printed) if title and area else None

    @cached_property
    def period(self) -> Found[tuple[int, int]] | None:
        """The first and the last year: of the title, else where the text says what they are."""
        if self.title and self.title.period and (years := plan_years(self.title.period)):
            return _of_title(years, self._span_in_title(self.title.period))
        line = join(self.head)
        match = pattern(lexicon("titles")["period"]["text"]).search(line.text)
        years = plan_years(match["period"]) if match else None
        return Found(years, line.span(*match.span("period"))) if match and years else None

    @property
    def horizon(self) -> Found[int] | None:
        """The year of the vision that the title names, else the one the text looks ahead to."""
        year = self.title.horizon if self.title else None
        if year:
            return _of_title(year, self.title_found.span if self.title_found else None)
        rules = lexicon("titles")["period"]
        match = pattern(rules["ahead" if self.period else "alone"]).search(self.source)
        last = self.period.value[1] if self.period else 0
        if match is None or self.title is None or int(match["year"]) <= last:
            return None
        return Found(int(match["year"]), Span(*match.span("year")), "text")

    def _span_in_title(self, words: str) -> Span | None:
        title = self._title_in_text
        place = title.name.text.find(words) if title else -1
        return title.name.span(place, place + len(words)) if title and place >= 0 else None

    @property
    def document_number(self) -> Found[str] | None:
        """The number under which the notice was sent."""
        after = self.title.place if self.title else 0
        for line in (*self.labels.get("document_number", ()), *self._up_to_salutation(after)):
            if match := _number(line):
                return Found(
                    _number_of(match), line.span(match.start("who"), match.end("number") + 1)
                )
        filed = (self.properties.get(key, "") for key in ("document_number", "title"))
        match = next((found for text in filed if (found := _number(folded(text)))), None)
        return Found(_number_of(match), None, "file") if match else None

    def _up_to_salutation(self, after: int) -> Iterator[Line]:
        """The lines of a notice up to whom it is sent to."""
        for number, line in enumerate(self.head[: after + _AROUND]):
            if number >= after and line.text.endswith(":"):
                return
            yield line

    @property
    def index_number(self) -> Found[str] | None:
        """The number under which a portal lists the document."""
        for line in self.labels.get("index_number", ()):
            if match := re.match(r"[0-9A-Za-z][\w\-/.—]*", line.text, re.ASCII):
                return Found(match[0], line.span(*match.span()))
        value = folded(self.properties.get("index_number", "")).text
        return Found(value, None, "file") if value else None

    @property
    def issued(self) -> Found[date] | None:
        """The day of issue: labelled, or of the signature, adoption, imprint or publication."""
        return next(self._days_of_issue(), None)

    def _days_of_issue(self) -> Iterator[Found[date]]:
        """Days that may be that of issue, the likeliest first."""
        yield from _days(self.labels.get("issued", ()))
        filed = day(folded(self.properties.get("date", "")).text)
        if filed and self._is_filed and "published" not in self.properties:
            yield Found(filed, None, "file")
        of_issuers = [(one, Found(one.when, one.when_span)) for one in self._issuers if one.when]
        yield from (found for one, found in of_issuers if one.signed)
        yield from self._dates_below()
        yield from (found for _, found in of_issuers)
        yield from _days(self.labels.get("published", ()))
        if filed:
            yield Found(filed, None, "file")

    @property
    def month(self) -> str:
        """The month that a line below the title or at the document's end gives."""
        after = self.title.place if self.title else 0
        lines = (*self.head[after : after + 4 * _AROUND], *self.tail)
        return next((found for x in lines if (found := named_month(x.text.strip("()[]")))), "")

    def _dates_below(self) -> Iterator[Found[date]]:
        """Days that stand alone in a line below the title, or beside who adopted the plan."""
        after = self.title.place if self.title else 0
        adoption = pattern(lexicon("titles")["issuer"]["adoption"])
        for line in self.head[max(0, after - 1) : after + 4 * _AROUND]:  # the last one is a mark
            words = line.text.strip("()[]")
            adopted = adoption.fullmatch(words)
            if when := day(words, whole=True) or (adopted and day_of(adopted)):
                yield Found(when, line.span())

    @property
    def status(self) -> Found[str] | None:
        """What a draft or a portal says of the document's force."""
        if self.title and self.title.drafts:
            drafts = self.title.drafts[0]
            return _of_title(drafts, self.title_found.span if self.title_found else None)
        after = self.title.place if self.title else 0
        for line in self.head[max(0, after - _AROUND) : after + 3] if after else ():
            if mark := is_draft(line.text):
                return Found(mark, line.span())
        for line in self.labels.get("status", ()):
            if line.text in lexicon("titles")["fields"]["force"]:
                return Found(line.text, line.span())
        word = folded(self.properties.get("status", "")).text
        return Found(word, None, "file") if word in lexicon("titles")["fields"]["force"] else None

    @property
    def source_url(self) -> Found[str] | None:
        """The address that the file itself says it is of."""
        for key in ("url", "source"):
            value = self.properties.get(key, "").strip()
            if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
                return Found(value, None, "file")
        return None


def _days(lines: Iterable[Line]) -> Iterator[Found[date]]:
    for line in lines:
        if when := day(line.text):
            yield Found(when, line.span())


def _printed(source: str, line: Line) -> str:
    """Words as printed, without blanks; full-width digits and radicals made plain."""
    return "".join(
        kept if (kept.isascii() and kept.isalnum()) or _RADICALS.match(printed) else printed
        for kept, printed in zip(line.text, (source[place] for place in line.places), strict=True)
    )


def _whole_name(organ: str, area: str) -> str:
    """A body's name with its place where it has its level alone."""
    if not area or not is_bare(organ):
        return organ
    level = next(w for w in lexicon("titles")["issuer"]["bare"] if organ.startswith(w))
    return area + organ.removeprefix(level) if area.endswith(level) else organ


def _number(line: Line) -> re.Match[str] | None:
    """The number of a notice that a line holds; not one that a sentence refers to."""
    match = pattern(lexicon("titles")["number"]["pattern"]).search(line.text)
    never = lexicon("titles")["title"]["never"]
    return match if match and not any(word in match["who"] for word in never) else None


def _number_of(match: re.Match[str]) -> str:
    written: str = lexicon("titles")["number"]["written"]
    return written.format(who=match["who"], year=match["year"], number=int(match["number"]))
