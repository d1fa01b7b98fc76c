"""Who issued a plan: what its first and last pages say, the surest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from kg.lexicon import lexicon
from kg.source.dates import day_of
from kg.source.front_matter import Line, is_labelled, join
from kg.source.organs import is_organ, organs_of, without_what_is_printed_behind
from kg.source.patterns import pattern
from kg.source.text import Span
from kg.source.titles import Title

_SIGNED = 40  # lines after the heading up to which a notice is signed
_BELOW = 6  # lines after the title in which a cover names who issued the plan


@dataclass(frozen=True)
class Issuer:
    """One or more bodies that a place of the document names, with the day that is there.

    signed: whether the day is that of a signature; adopted: whether it is that of an adoption.
    """

    names: tuple[Line, ...]
    when: date | None = None
    when_span: Span | None = None
    signed: bool = False
    adopted: bool = False

    @property
    def span(self) -> Span:
        """Where the first one's name begins and the last one's ends."""
        return Span(self.names[0].span().start, self.names[-1].span().end)


def find_issuers(
    title: Title | None, head: list[Line], tail: list[Line], labels: dict[str, list[Line]]
) -> Iterator[Issuer]:
    """Who may have issued the plan, the surest first: the committee whose proposal it is, who sends
    the notice, who signs it, who is on the cover, who is labelled as such, who had it
    printed, who is at the head, who adopted it.

    Args:
        title: the title, where it was found.
        head: the lines of the first pages. tail: those of the last one.
        labels: what is behind labels.
    """
    after = title.place if title else 0
    signatures = list(_signatures(head[after : after + _SIGNED]))
    if title and title.party:
        yield Issuer((title.party,))
    if title and title.sender:
        yield Issuer(title.sender)
    if title and title.own_body:
        yield Issuer((title.own_body,))
    yield from signatures
    yield from _cover(head[after : after + _BELOW] if title else [])
    yield from _named(labels.get("issuer", ()))
    yield from _imprint(tail)
    yield from _signatures(tail)
    yield from _named(head[:after])
    yield from _adopted(join(head))  # a congress does, for the government that any of these names


def _signatures(lines: list[Line]) -> Iterator[Issuer]:
    """Bodies in lines of their own, with a day behind the last one or in the line below."""
    for number, line in enumerate(lines):
        match = pattern("[(\\[]?(?P<body>[^\\d]*?){date}[)\\]]?(?:[(\\[].*)?").fullmatch(line.text)
        when = day_of(match) if match else None
        if match is None or when is None:
            continue
        span = line.span(match.start("year"), match.end("day") + 1)
        names = organs_of(line.part(*match.span("body"))) if match["body"] else []
        if not match["body"]:
            names = _bodies_above(lines[:number])
        if names:
            yield Issuer(tuple(names), when, span, signed=True)


def _bodies_above(lines: list[Line]) -> list[Line]:
    """The bodies in the last of some lines, one or more a line."""
    names: list[Line] = []
    for line in reversed(lines):
        found = organs_of(line)
        if not found:
            break
        names = found + names
    return names


def _cover(lines: list[Line]) -> Iterator[Issuer]:
    """Bodies in lines of their own below the title, perhaps with a month."""
    names: list[Line] = []
    makers: list[Line] = []
    makes = tuple(lexicon("titles")["issuer"]["makes"])
    for line in (line for line in lines if not is_labelled(line)):
        match = pattern(lexicon("titles")["issuer"]["cover"]).fullmatch(line.text)
        body = line.part(*match.span("body")) if match and match["body"] else None
        found = organs_of(body) if body else []
        if body and not found:  # perhaps with what they did: 示例区人民政府 编制
            found = organs_of(without_what_is_printed_behind(body))
        if names and not found:
            break
        names += found
        makers += found if line.text.endswith(makes) else []
    names = [name for name in names if name not in makers] or makers
    if names:
        yield Issuer(tuple(names))


def _adopted(line: Line) -> Iterator[Issuer]:
    """A congress, a committee or a government that adopted the plan, its session left out."""
    rules = lexicon("titles")["issuer"]
    ways = ("adopted", "adopted_behind", "adopted_in_month")
    for match in chain.from_iterable(pattern(rules[way]).finditer(line.text) for way in ways):
        body = line.part(*match.span("body"))
        if session := pattern("{session}").search(body.text):
            body = join((body.part(0, session.start()), body.part(session.end())))
        if is_organ(body.text) and "day" in match.groupdict():
            span = line.span(match.start("year"), match.end("day") + 1)
            yield Issuer((body,), day_of(match), span, adopted=True)
        elif is_organ(body.text):
            yield Issuer((body,), adopted=True)


def _imprint(lines: list[Line]) -> Iterator[Issuer]:
    """The office that had the document printed, at its end."""
    rules = lexicon("titles")["issuer"]
    for number, line in reversed([*enumerate(lines)]):
        if match := pattern(rules["imprint"]).fullmatch(line.text):
            body = line.part(*match.span("body"))
            above = lines[:number] if not body.text else []
            if names := organs_of(body) or _bodies_above(above):
                span = line.span(match.start("year"), match.end("day") + 1)
                yield Issuer(tuple(names), day_of(match), span)


def _named(lines: Iterable[Line]) -> Iterator[Issuer]:
    """Whom lines name, such as the head of a letter above the title."""
    for line in lines:
        if names := organs_of(without_what_is_printed_behind(line)):
            yield Issuer(tuple(names))
