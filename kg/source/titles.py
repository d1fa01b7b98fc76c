"""The title of a plan, from its first pages: a heading over some lines, the notice that sends it
out, a Party committee's proposal, a labelled field, or where the document names itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.lexicon import lexicon
from kg.source import gazetteer
from kg.source.dates import day
from kg.source.front_matter import Line, is_labelled, join
from kg.source.organs import organs_of
from kg.source.patterns import pattern, year

_LINES = 7  # that a heading may be broken over
_LONGEST = 190  # characters of a heading
_FIRST = 120  # lines in which headings are looked for
_FORMAL = ("proposal", "about")  # rules of titles that begin as sentences do
_RULES = (*_FORMAL, "plan", "dated")
_BEST = 3  # the weight of a title that begins with its area's name


@dataclass(frozen=True)
class Title:
    """A plan's title as it was read.

    name: the title itself. sender: who sends it out, as far as the same heading says it, a name
        or some. party: the committee whose proposal it is.
    lead, period, rest: what is before the words of the period, these, and behind them.
    horizon: the year of the vision that the title names.
    drafts: that it is a draft, as printed.
    place: the number of the line after the heading, among those that were given.
    """

    name: Line
    sender: tuple[Line, ...] = ()
    party: Line | None = None
    lead: str = ""
    period: str = ""
    rest: str = ""
    horizon: int | None = None
    drafts: tuple[str, ...] = ()
    place: int = 0

    @property
    def subject(self) -> str:
        """What the plan is about, its area still in it."""
        return self.lead + self.rest

    @property
    def own_body(self) -> Line | None:
        """The company, school or hospital whose own plan it is, which its title begins with."""
        named = pattern("{owner}").fullmatch(self.lead)
        return self.name.part(0, named.end("own")) if named else None


def find_title(lines: list[Line], given: list[Line]) -> Title | None:
    """The title.

    Args:
        given: what fields labelled as title say.
    """
    headings = list(_headings(lines))
    notice = _first_notice(headings)
    plan = _first_plan(headings)
    labelled = next((one for value in given if (one := _of_field(value))), None)
    found = [one for one in (notice, plan, labelled) if one]
    if not found:
        timeless = (_whole(one.line, one.after, ("timeless",)) for one in headings)
        return _glued(lines) or _quoted(lines) or next(filter(None, timeless), None)
    best = next((one for one in found if _end_of_area(one.name.text)), found[0])
    return _with_notice(best, notice or labelled)


def title_of_field(value: Line) -> Title | None:
    """The title that a property of a file holds, perhaps with the site's name behind it."""
    ends = [len(value.text), *(m.start() for m in re.finditer("[-_|—–]", value.text))]
    found = (_of_field(value.part(0, end)) for end in sorted(ends, reverse=True) if end)
    return next((title for title in found if title), None)


@dataclass(frozen=True)
class _Heading:
    """Some lines, joined."""

    line: Line
    first: int
    after: int


def _headings(lines: list[Line]) -> Iterator[_Heading]:
    for first in range(min(len(lines), _FIRST)):
        for after in range(first + 1, min(first + _LINES, len(lines)) + 1):
            last = lines[after - 1]
            if is_labelled(last) or _ends_heading(last.text, after > first + 1):
                break
            line = join(lines[first:after])
            if len(line.text) > _LONGEST or "。" in last.text:
                break
            yield _Heading(line, first, after)


def _ends_heading(text: str, later: bool) -> bool:
    """Whether a line is no part of a heading: a page, a day, or another kind of heading."""
    if pattern("{page}").fullmatch(text) or day(text, whole=True):
        return True
    return later and bool(pattern("{heading}").match(text))


def _first_notice(headings: list[_Heading]) -> Title | None:
    """The first notice; of its beginnings the earliest at which bodies stand that may send it."""
    rule = pattern(lexicon("titles")["title"]["notice"])
    matches = [(one, match) for one in headings if (match := rule.fullmatch(one.line.text))]
    if not matches:
        return None
    end = matches[0][0].after
    same = [(one, match) for one, match in matches if one.after == end]
    titles = [_notice(one.line, match, one.after) for one, match in same]
    return next((title for title in titles if title.sender), titles[-1])


def _notice(line: Line, match: re.Match[str], place: int) -> Title:
    sender = tuple(organs_of(line.part(*match.span("sender"))))
    return _title(line.part(*match.span("name")), sender=sender, place=place)


def _first_plan(headings: list[_Heading]) -> Title | None:
    """The first heading that is a plan's title or a proposal: from where it begins best, as far as
    it goes. An area's name may be broken over two lines: of the lines that begin with one the first
    counts, of others the last."""
    found = [(one, title) for one in headings if (title := _whole(one.line, one.after))]
    if not found:
        return None
    first_end = min(one.after for one, _ in found)
    weights = {one.first: _weight(title) for one, title in found if one.after == first_end}
    best = max(weights.values())
    starts = [first for first, weight in weights.items() if weight == best]
    first = min(starts) if best == _BEST else max(starts)
    _, title = max(
        ((one, title) for one, title in found if one.first == first), key=lambda pair: pair[0].after
    )
    return title


def _weight(title: Title) -> int:
    """How well a title begins: with its area's name best, with nothing but the period worst."""
    text = title.name.text
    if any(word in title.lead for word in lexicon("titles")["issuer"]["bodies"]):
        return 0
    if end := _end_of_area(text):
        return 0 if text[:end] in text[end:] else _BEST
    placed = pattern("{place}").match(text) or pattern("{han}{2,16}?{zone}").match(title.lead)
    if placed or title.own_body:
        return 2
    return 1 if title.subject else 0


def _whole(
    line: Line, place: int, rules: Sequence[str] = _RULES, behind: str = "$"
) -> Title | None:
    """The title that a line is, if it is one, or with which it begins before other things.

    Args:
        place: the number of the line after it.
        rules: those that titles follow, by their keys in lexicon/titles.toml.
        behind: the pattern of what is behind the title.
    """
    for rule in rules:
        words = lexicon("titles")["title"][rule]
        match = pattern(f"(?:{words}){behind}").match(line.text)
        if match and (rule in _FORMAL or not _is_sentence(match["title"])):
            party = line.part(*match.span("party")) if match.groupdict().get("party") else None
            name = line.part(*match.span("title"))
            return _title(name, party=party, drafts=_drafts(match["marks"]), place=place)
    return None


def _is_sentence(text: str) -> bool:
    rules = lexicon("titles")["title"]
    said = re.sub(rules["called"], "", text)
    return bool(pattern("{heading}").match(text)) or any(word in said for word in rules["never"])


def _of_field(value: Line) -> Title | None:
    rules = lexicon("titles")["title"]
    if match := pattern(rules["notice"]).match(value.text):
        return _notice(value, match, 0)
    whole = _whole(value, 0)
    if whole is None and (match := pattern("{any}{mark}*").fullmatch(value.text)):
        whole = None if _is_sentence(value.text) else _title(value)
    return whole


def _glued(lines: list[Line]) -> Title | None:
    """A title that something else follows in the same line."""
    ends = lexicon("titles")["title"]["ends"]
    places = range(min(len(lines), _FIRST))
    found = (_whole(join(lines[i : i + 3]), i + 1, behind=ends) for i in places)
    return next(filter(None, found), None)


def _quoted(lines: list[Line]) -> Title | None:
    """A title where the document speaks of itself."""
    line = join(lines)
    match = pattern(lexicon("titles")["title"]["quoted"]).search(line.text)
    if match is None:
        return None
    return _title(line.part(*match.span("name" if match["name"] else "own")))


def _with_notice(title: Title, notice: Title | None) -> Title:
    """A title with who sends it out and where its notice's heading ends."""
    if notice is None or notice is title:
        return title
    return replace(
        title,
        sender=notice.sender,
        place=min(title.place, notice.place) or title.place,
        drafts=title.drafts or notice.drafts,
    )


def _title(
    name: Line,
    *,
    sender: tuple[Line, ...] = (),
    party: Line | None = None,
    drafts: tuple[str, ...] = (),
    place: int = 0,
) -> Title:
    """A title and what it is made of."""
    name, own = _without_drafts(name)
    inner = pattern(lexicon("titles")["title"]["around"]).sub("", name.text)
    match = pattern("{named}").fullmatch(inner) or pattern("{dated}").fullmatch(inner)
    groups = match.groupdict() if match else {}
    horizon = groups.get("horizon")
    return Title(
        name=name,
        sender=sender,
        party=party,
        lead=groups.get("lead") or ("" if match else inner),
        period=groups.get("period") or "",
        rest=groups.get("rest") or "",
        horizon=year(horizon) if horizon else None,
        drafts=drafts or own,
        place=place,
    )


def _without_drafts(name: Line) -> tuple[Line, tuple[str, ...]]:
    """A title without the marks of a draft behind it."""
    match = re.search(r"(?:[(\[][^()\[\]]{2,14}[)\]])+$", name.text)
    marks = _drafts(match[0]) if match else ()
    return (name.part(0, match.start()), marks) if match and marks else (name, ())


def _drafts(marks: str | None) -> tuple[str, ...]:
    words = re.findall(r"[(\[]([^()\[\]]+)[)\]]", marks or "")
    rules = lexicon("titles")["title"]
    dated = pattern(rules["dated_draft"])
    return tuple(word for word in words if dated.sub("", word) in rules["drafts"])


def _end_of_area(text: str) -> int:
    """Where an area's full name ends that a title begins with; 0 where it begins with none."""
    for nation in lexicon("areas")["nation"]:
        if text.startswith(nation) and not text.startswith("(", len(nation)):
            return len(nation)
    return max(
        (end for end, one in gazetteer.starts(text) if text[:end].endswith(one.name)), default=0
    )


def is_draft(text: str) -> str | None:
    """The mark of a draft that a line is, with its date or in brackets."""
    return next(iter(_drafts(f"({text.strip('()[]')})")), None)
