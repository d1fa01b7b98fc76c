"""Answers to questions about all plans of a release, from its summaries and its search index."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import msgspec

from kg.lexicon import grouped, lexicon
from kg.quantities.bounds import reached
from kg.release.search import Index, Naming
from kg.source import gazetteer
from kg.views.annex import Figure
from kg.views.sameness import quantities_named, same_name

SUMMARIES = "summaries.sqlite"
"""The file of a release that kg.release.summaries writes, and questions are answered from."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Place:
    """What a plan is for.

    path: the codes of the divisions above its area and of the area, joined by "/"; "" where the
        gazetteer does not know it.
    own: whether the last of them is the area itself, and not what it lies in.
    first, last: its period. issued: the day of its issue (ISO), "" where that is not known.
    longitude, latitude: of the centroid of the last division.
    sentences: how many sentences it has.
    kind: what tells it from the outline of its area (kg.source.slugs.kind_of_plan); "" for that
        itself.
    """

    plan: str
    area: str
    level: str
    path: str
    own: bool
    first: int
    last: int
    issued: str
    longitude: float | None
    latitude: float | None
    sentences: int
    kind: str

    @property
    def region(self) -> str:
        """The province of its area, the nation for a plan of that; "" where that is not known."""
        codes = self.path.split("/")
        if len(codes) > 1:
            return gazetteer.with_code(codes[1])[0].name
        if self.level in ("nation", "province"):
            return self.area
        named = re.match(lexicon("areas")["province"], self.area)
        return named[0] if named else ""

    def agrees(self, other: Self) -> bool:
        """Whether it is for the period of another plan, and of its kind, or about a part of what
        that is about, as relics are a part of relics and innovation."""
        held = self.kind == other.kind or (
            min(self.kind, other.kind) != ""
            and (self.kind in other.kind or other.kind in self.kind)
        )
        return held and (self.first, self.last) == (other.first, other.last)

    @property
    def order(self) -> tuple[int, str, str]:
        """The earlier plan first."""
        return self.first, self.issued or f"{self.first}-06-30", self.plan


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator of a plan with one of its targets; of several, each has a row, the plan's own
    first.

    same: what it has in common with the same indicator of other plans, "" for nothing.
    quantity: the quantity of the lexicon that it is likely to count, "" for none.
    value: its target's number; measure: that number's unit and basis, which tell what can be
        compared.
    passage, sentence: where its target stands, and in which words.
    """

    plan: str
    iri: str
    name: str
    same: str
    quantity: str
    number: int
    category: str
    binding: bool
    baseline: Figure | None
    target: Figure | None
    value: float | None
    measure: str
    passage: str
    sentence: str


KINDS = {"institution": "counted_on", "zone": "located_in"}
"""What plans name, and may be the same in several: by its kind, the table of its measures."""
_INDICATOR = [field.name for field in fields(IndicatorRow)]  # the columns of its table


@dataclass(frozen=True)
class Shared:
    """What several plans have: key, name, type, and in how many plans and measures."""

    key: str
    name: str
    type: str
    plans: int
    measures: int


class Named(NamedTuple):
    """An institution or a zone: the plan that names it, its IRI, and its name there."""

    plan: str
    iri: str
    name: str


@dataclass(frozen=True)
class NamedRow:
    """An institution or a zone as one plan names it.

    same: its name as names are compared. key: of the same in other plans, "" if unknown.
    """

    plan: str
    iri: str
    name: str
    same: str
    type: str
    key: str
    measures: int


@dataclass(frozen=True)
class CountedOn:
    """A measure that counts on an institution, or is carried out in a zone, with its sentence."""

    plan: str
    entity: str
    measure: str
    title: str
    passage: str
    sentence: str


@dataclass(frozen=True)
class Wording:
    """A sentence nearly the same in several plans, and its likeness to its number's first."""

    number: int
    plan: str
    passage: str
    start: int
    chapter: str
    text: str
    alike: float


@dataclass(frozen=True)
class Matched:
    """Indicators of two plans side by side; one is None where none of the same name was found.

    likely: whether the second is only likely to count the same.
    """

    first: IndicatorRow | None
    second: IndicatorRow | None
    likely: bool = False


def was_met(earlier: IndicatorRow, later: IndicatorRow) -> bool | None:
    """Whether the baseline of a later plan is what the target of an earlier one asked for; None
    where they are not of one kind and for the same years."""
    goal, value, base = earlier.target, later.baseline, earlier.baseline
    if goal is None or value is None or goal.number is None or value.number is None:
        return None
    if (goal.kind, goal.first, goal.last) != (value.kind, value.first, value.last):
        return None
    began = base.number if base and base.kind == goal.kind else None
    return reached(goal.comparator, earlier.name, goal.number, value.number, began)


class Questions:
    """Answers from a release's folder."""

    def __init__(self, folder: Path) -> None:
        self._uri = f"{(folder / SUMMARIES).resolve().as_uri()}?mode=ro&immutable=1"
        self._index = Index(folder)

    def _select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    @cached_property
    def places(self) -> dict[str, Place]:
        """The plans by their slugs, the earlier one first."""
        rows = self._select("SELECT * FROM plan")
        found = [Place(*(*row[:4], bool(row[4]), *row[5:])) for row in rows]
        return {one.plan: one for one in sorted(found, key=lambda one: one.order)}

    def indicator_names(self, words: str, limit: int, offset: int) -> tuple[list[Shared], int]:
        """The names of indicators, the one that is asked for first, then those with a value before
        others, the most frequent first, and how many there are.

        Args:
            words: what the names hold, or other names of the quantity that they likely count;
                "" for the names that several plans have.
            limit, offset: how many to return, and to pass over.
        """
        plain, held = same_name(words), [same_name(word) for word in words.split()]
        quantities = sorted(quantities_named(words))
        among = ", ".join("?" * len(quantities))
        names = (
            "SELECT same, min(name) AS name, count(DISTINCT plan) AS plans FROM indicator WHERE "
            f"same != '' AND ({' AND '.join('instr(same, ?) > 0' for _ in held)}"
            f" OR quantity IN ({among})) GROUP BY same"
            if held
            else "SELECT same, name, plans FROM indicator_name"
        )
        ((total,),) = self._select(f"SELECT count(*) FROM ({names})", *held, *quantities)
        found = self._shared(
            f"SELECT same, name, '', plans, 0 FROM ({names}) AS names "
            "ORDER BY same = ? DESC, EXISTS (SELECT 1 FROM indicator AS one "
            "WHERE one.same = names.same AND one.value IS NOT NULL) DESC, plans DESC, same "
            "LIMIT ? OFFSET ?",
            *(*held, *quantities, plain, limit, offset),
        )
        return found, total

    def _shared(self, query: str, *values: object) -> list[Shared]:
        return [Shared(*row) for row in self._select(query, *values)]

    def indicator(self, name: str) -> tuple[list[IndicatorRow], list[IndicatorRow]]:
        """The indicators of a name in all plans, and those that likely measure the same."""
        same = same_name(name)
        if not same:
            return [], []
        rows = self._indicators("same = ?", same)
        quantities = sorted({row.quantity for row in rows if row.quantity})
        likely = [
            row
            for quantity in quantities
            for row in self._indicators("quantity = ? AND same != ?", quantity, same)
        ]
        return self._ordered(rows), self._ordered(likely)

    def _indicators(self, where: str, *values: object) -> list[IndicatorRow]:
        rows = self._select(f"SELECT * FROM indicator WHERE {where} ORDER BY rowid", *values)
        return [_indicator(dict(zip(_INDICATOR, row, strict=True))) for row in rows]

    def _ordered(self, rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
        return sorted(rows, key=lambda row: (self._order[row.plan], -row.number))

    @cached_property
    def _order(self) -> dict[str, int]:
        """The place of each plan among all, the earlier one first."""
        return {plan: at for at, plan in enumerate(self.places)}

    def of_plan(self, plan: str) -> list[IndicatorRow]:
        """The indicators of a plan, those of its table first."""
        return sorted(self._indicators("plan = ?", plan), key=lambda row: row.number or 9999)

    def binding(self) -> list[IndicatorRow]:
        """The binding indicators of all plans, each with its first target."""
        return self._ordered({r.iri: r for r in reversed(self._indicators("binding = 1"))}.values())

    def comparable(self) -> dict[str, set[str]]:
        """What the indicators of each plan have in common with those of others, by slug: their
        names, as they are compared, and the quantities that they are likely to count."""
        found: dict[str, set[str]] = {}
        for plan, same, quantity in self._select("SELECT plan, same, quantity FROM indicator"):
            found.setdefault(plan, set()).update({same, quantity} - {""})
        return found

    def matched(self, one: str, other: str) -> list[Matched]:
        """The indicators of a plan, each beside the one of another plan of the same name, or else
        of what is likely the same quantity; then what the other alone has. Of several targets,
        those of one unit and basis stand side by side."""
        left, right = (grouped((r.iri, r) for r in self.of_plan(plan)) for plan in (one, other))
        named = _first_by((rows[0].same, rows) for rows in right.values())
        near = _first_by((rows[0].quantity, rows) for rows in right.values())
        used: set[str] = set()
        found: list[Matched] = []
        for rows in left.values():
            same = named.get(rows[0].same)
            if (others := same or near.get(rows[0].quantity)) is None:
                found += [Matched(row, None) for row in rows]
            else:
                used.add(others[0].iri)
                found += [Matched(a, b, same is None) for a, b in _side_by_side(rows, others)]
        return [*found, *(Matched(None, r) for i, of in right.items() if i not in used for r in of)]

    @cached_property
    def _by_path(self) -> dict[str, list[Place]]:
        """The plans for areas that the gazetteer knows, by the area's path."""
        return grouped((one.path, one) for one in self.places.values() if one.own and one.path)

    def higher(self, plan: str) -> list[Place]:
        """The plans of the same period and kind for areas that hold a plan's, the nearest first."""
        low = self.places[plan]
        above = [low.path[:i] for i, letter in enumerate(low.path) if letter == "/"]
        if low.path and not low.own:
            above.append(low.path)
        return [
            one
            for path in reversed(above)
            for one in self._by_path.get(path, ())
            if one.agrees(low)
        ]

    def levels(self) -> list[tuple[Place, Place]]:
        """Each plan with those above it (higher), the latest periods first."""
        pairs = [(low, high) for plan, low in self.places.items() for high in self.higher(plan)]
        return sorted(
            pairs, key=lambda pair: (-pair[0].first, pair[1].path, pair[0].path, pair[0].plan)
        )

    def successive(self) -> list[tuple[Place, Place]]:
        """Plans of one area and kind, each with the one of the next period."""
        of_area = grouped(
            ((one.path if one.own and one.path else one.area, one.kind), one)
            for one in self.places.values()
        )
        found = []
        for plans in of_area.values():
            for later in plans:
                before = [one for one in plans if one.last < later.first]
                nearest = max((one.last for one in before), default=0)
                found += [(one, later) for one in before if one.last == nearest]
        return sorted(found, key=lambda pair: (-pair[1].first, pair[1].area, pair[0].order))

    def indicators_of_both(self, pairs: Iterable[tuple[Place, Place]]) -> Iterator[tuple[str, str]]:
        """The IRIs of the indicators of one name in both plans of each pair."""
        named: dict[str, dict[str, str]] = {}
        for plan, same, iri in self._select(
            "SELECT plan, same, iri FROM indicator WHERE same != '' ORDER BY number = 0, rowid"
        ):
            named.setdefault(plan, {}).setdefault(same, iri)
        for one, other in pairs:
            first = named.get(one.plan, {})
            for same, iri in named.get(other.plan, {}).items():
                if same in first:
                    yield first[same], iri

    def naming(self, words: str) -> list[Naming]:
        """The plans whose sentences hold all search words: how many, and the first; by date."""
        found = {one.plan: one for one in self._index.naming(words)}
        return [found[plan] for plan in self.places if plan in found]

    def types(self, kind: str) -> dict[str, int]:
        """How many of each type several plans name, those of a kind: one of KINDS."""
        return dict(
            self._select(
                f"SELECT type, count(*) FROM {kind}_key GROUP BY type ORDER BY count(*) DESC"
            )
        )

    def shared(
        self, kind: str, type_: str, limit: int, offset: int, sure: bool = True
    ) -> tuple[list[Shared], int]:
        """Those of a kind that several plans name, what most plans name first, and how many.

        Args:
            kind: institution or zone.
            type_: of which type; "" for all.
            limit, offset: how many to return, and to pass over.
            sure: whether they are one in all plans; else names of what may or may not be the same.
        """
        column, table = _key_and_table(kind, sure)
        where, values = ("WHERE type = ?", (type_,)) if type_ else ("", ())
        ((total,),) = self._select(f"SELECT count(*) FROM {table} {where}", *values)
        found = self._shared(
            f"SELECT {column}, name, type, plans, measures FROM {table} {where} "
            f"ORDER BY plans DESC, measures DESC, {column} LIMIT ? OFFSET ?",
            *(*values, limit, offset),
        )
        return found, total

    def named_by(self, kind: str, sure: bool) -> dict[str, list[Named]]:
        """Who names what several plans name, the earliest plan first.

        Args:
            kind: institution or zone.
            sure: by the key of what is one in all of them; else by the name of what may be.
        """
        column, table = _key_and_table(kind, sure)
        rows = self._select(
            f"SELECT {column}, plan, iri, name FROM {kind} WHERE {column} IN "
            f"(SELECT {column} FROM {table}) ORDER BY {column}, rowid"
        )
        return {
            key: sorted((Named(*row[1:]) for row in group), key=self._place)
            for key, group in groupby(rows, key=itemgetter(0))
        }

    def named(
        self, kind: str, name: str, sure: bool = True
    ) -> tuple[list[NamedRow], list[CountedOn]]:
        """One by its key as each plan names it, or those of a name, which may be several; and the
        measures that count on it. kind, sure: as for shared."""
        (column, _), value = _key_and_table(kind, sure), name if sure else same_name(name)
        rows = self._select(f"SELECT * FROM {kind} WHERE {column} = ?", value)
        measures = self._select(
            f"SELECT counted.* FROM {kind} JOIN {KINDS[kind]} counted ON counted.{kind} = iri "
            f"WHERE {column} = ? ORDER BY counted.rowid",
            value,
        )
        return (
            sorted((NamedRow(*row) for row in rows), key=self._place),
            sorted((CountedOn(*row) for row in measures), key=self._place),
        )

    def _place(self, of_plan: Named | NamedRow | CountedOn) -> int:
        return self._order[of_plan.plan]

    def pairs(self, words: str, limit: int) -> list[tuple[str, str, int]]:
        """The plans that share most wordings: the earlier one, the later one, and how many.

        Args:
            words: what the name of one of their areas holds; "" for any.
            limit: how many pairs to return.
        """
        return self._select(
            "SELECT one, other, shared FROM pair JOIN plan a ON a.plan = one "
            "JOIN plan b ON b.plan = other WHERE instr(a.area, ?1) > 0 OR instr(b.area, ?1) > 0 "
            "OR ?1 = '' ORDER BY shared DESC, one, other LIMIT ?2",
            words,
            limit,
        )

    def wordings(self, one: str, other: str) -> list[tuple[Wording, Wording]]:
        """The sentences of two plans that are nearly the same, in the order of the first."""
        sides = []
        for plan, held in ((one, other), (other, one)):
            rows = self._select(
                "SELECT * FROM wording WHERE plan = ? AND number IN "
                "(SELECT number FROM wording WHERE plan = ?) ORDER BY start",
                plan,
                held,
            )
            sides.append([Wording(*row) for row in rows])
        second = _first_by((str(row.number), row) for row in sides[1])
        return [(row, second[str(row.number)]) for row in sides[0]]

    def phrases(self, limit: int) -> list[tuple[Wording, int]]:
        """The wordings that most plans share: the first sentence of each, and in how many plans."""
        rows = self._select(
            "SELECT wording.*, plans FROM phrase JOIN wording ON wording.rowid = first "
            "ORDER BY plans DESC, phrase.number LIMIT ?",
            limit,
        )
        return [(Wording(*row[:-1]), row[-1]) for row in rows]


def _key_and_table(kind: str, sure: bool) -> tuple[str, str]:
    """The column that tells what is the same in several plans, and the table of such."""
    return ("key", f"{kind}_key") if sure else ("same", f"{kind}_name")


def _side_by_side(
    ours: list[IndicatorRow], theirs: list[IndicatorRow]
) -> Iterator[tuple[IndicatorRow, IndicatorRow]]:
    """The targets of two indicators, those of one kind side by side, one that the other has none
    like beside nothing; two that have one each beside each other, whatever they are."""
    if len(ours) == len(theirs) == 1:
        yield ours[0], theirs[0]
        return
    left = [*theirs]
    for row in ours:
        like = next((one for one in left if one.measure == row.measure), None)
        if like is not None:
            left.remove(like)
        yield row, like or replace(theirs[0], target=None, value=None)
    for row in left:
        yield replace(ours[0], target=None, value=None), row


def _first_by(pairs: Iterable[tuple[str, _T]]) -> dict[str, _T]:
    """The first of those that have a key in common."""
    found: dict[str, _T] = {}
    for key, one in pairs:
        if key:
            found.setdefault(key, one)
    return found


def _indicator(fields: dict[str, Any]) -> IndicatorRow:
    figures = {name: _figure(fields[name]) for name in ("baseline", "target")}
    return IndicatorRow(**{**fields, **figures, "binding": bool(fields["binding"])})


def _figure(text: str) -> Figure | None:
    return msgspec.json.decode(text, type=Figure) if text else None
