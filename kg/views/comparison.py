"""Released plans side by side: shared indicators, themes and names; and versions of a plan: targets
that a revision raised, lowered, reworded, dropped or added."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.lexicon import pattern
from kg.link.same_entity import own_area
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import local_name
from kg.rdf.select import select
from kg.views.annex import Row, annex_table
from kg.views.sameness import likely_quantity, same_name

_GOALS = """SELECT ?theme ?goal (COUNT(DISTINCT ?m) AS ?measures) {
  ?goal a plan:Goal FILTER NOT EXISTS { ?goal a plan:Vision }
  OPTIONAL { ?goal dcterms:subject ?theme } OPTIONAL { ?m a plan:Measure ; plan:supportsGoal ?goal }
} GROUP BY ?theme ?goal"""
_NAMED = """SELECT ?entity ?name ?type { ?entity a ?kind ; skos:prefLabel|skos:altLabel ?name
  VALUES ?kind { plan:Institution plan:Zone } OPTIONAL { ?entity plan:institutionType ?type } }"""
KINDS = ("raised", "lowered", "reworded", "unchanged", "dropped", "added")


@dataclass(frozen=True)
class Cell:
    """The goals of one plan that have one theme, and the number of measures that support them."""

    goals: tuple[str, ...]
    measures: int


def same_indicators(tables: list[list[Row]]) -> list[tuple[str, list[Row | None]]]:
    """The indicators that at least two plans have by the same name: the name as the first of them
    prints it, and the row on each plan's annex table."""
    rows = _first_rows_by(tables, same_name)
    found = [
        (next(row.name for row in cells if row is not None), cells)
        for cells in rows.values()
        if sum(row is not None for row in cells) > 1
    ]
    return sorted(found, key=lambda line: sum(cell is None for cell in line[1]))


def likely_indicators(tables: list[list[Row]]) -> list[list[Row | None]]:
    """The indicators of at least two plans that are likely to count the same, by other names: the
    row on each plan's annex table."""
    rows = _first_rows_by(tables, likely_quantity)
    return [
        cells
        for quantity, cells in rows.items()
        if quantity and len({same_name(row.name) for row in cells if row is not None}) > 1
    ]


def _first_rows_by(
    tables: list[list[Row]], key: Callable[[str], str]
) -> dict[str, list[Row | None]]:
    """The first row of each plan's table by what a function makes of its name."""
    rows: dict[str, list[Row | None]] = defaultdict(lambda: [None] * len(tables))
    for place, of_plan in enumerate(tables):
        for row in of_plan:
            cells = rows[key(row.name)]
            cells[place] = cells[place] or row
    return rows


def themes_of(store: ox.Store, graph: str) -> dict[str, Cell]:
    """The goals of a plan by their themes, those without one under ""."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select(store, _GOALS, graph):
        found[row["theme"] or ""][row["goal"]] = int(row["measures"])
    return {
        theme: Cell(tuple(sorted(goals, key=reading_order)), sum(goals.values()))
        for theme, goals in found.items()
    }


def matrix(of_plans: list[dict[str, Cell]]) -> dict[str, list[Cell]]:
    """Each theme that a plan has goals of, none ("") last, with a cell for each plan."""
    return {
        theme: [cells.get(theme, Cell((), 0)) for cells in of_plans]
        for theme in sorted({t for cells in of_plans for t in cells}, key=lambda t: (not t, t))
    }


def names_of(store: ox.Store, graph: str, area: str) -> dict[tuple[str, str], str]:
    """The institutions and zones of a plan by each of their names, and by whose organ that means
    which every area has; area: the full name of the plan's."""
    found: dict[tuple[str, str], str] = {}
    for row in sorted(select(store, _NAMED, graph), key=lambda r: r["entity"]):
        kind = local_name(row["type"] or "").removeprefix("institution-")
        of = own_area(row["name"], kind, area) if kind else ""
        found.setdefault((row["name"], of), row["entity"])
    return found


def shared_names(of_plans: list[dict[tuple[str, str], str]]) -> list[tuple[str, list[str | None]]]:
    """The names that entities have in at least two plans, but for titles that many bodies bear: the
    name, and the entity in each plan. Of names that entities share, the one that most plans have
    stands for them all."""
    title = pattern("names", "general", "titles")
    every = Counter(name for names in of_plans for name in names if not title.fullmatch(name[0]))
    shared = sorted(name for name, plans in every.items() if plans > 1)
    rows = [(name[0], [names.get(name) for names in of_plans]) for name in shared]
    covered: dict[str, list[set[str]]] = defaultdict(list)
    kept = []
    for at in sorted(range(len(rows)), key=lambda at: rows[at][1].count(None)):
        entities = {one for one in rows[at][1] if one is not None}
        if not any(entities <= others for others in covered[min(entities)]):
            kept.append(at)
            for one in entities:
                covered[one].append(entities)
    return [rows[at] for at in sorted(kept)]


@dataclass(frozen=True)
class Change:
    """An indicator in both versions (None where one lacks it), and its target's change."""

    kind: str
    before: Row | None
    after: Row | None


def revised_targets(store: ox.Store, earlier: str, later: str) -> list[Change]:
    """What the later version of a plan made of the earlier one's targets (named graphs of one
    store), in the later annex's order, dropped ones last. Indicators are the same where they have
    the same name, or else measure the same quantity."""
    old, new = annex_table(store, earlier), annex_table(store, later)
    waiting = {key: row for row in reversed(old) for key in _keys(row)}
    changes, found = [], set()
    for row in new:
        known = (waiting[key] for key in _keys(row) if key in waiting)
        before = next((one for one in known if one.iri not in found), None)
        if before is not None:
            found.add(before.iri)
        changes.append(Change(_kind(before, row), before, row))
    return changes + [Change("dropped", row, None) for row in old if row.iri not in found]


def _keys(row: Row) -> tuple[str, ...]:
    """What an indicator is known by: its name, and the shared quantity it measures and its part."""
    name = same_name(row.name)
    return (name, f"{row.concept}#{row.part}") if row.concept else (name,)


def _kind(before: Row | None, after: Row) -> str:
    if before is None:
        return "added"
    old, new = before.target, after.target
    if old is None or new is None:
        return "unchanged" if old is new else "added" if old is None else "dropped"
    moved = old.number != new.number and (old.unit, old.basis) == (new.unit, new.basis)
    if moved and old.number is not None and new.number is not None:
        return "raised" if new.number > old.number else "lowered"
    same = (old.text, old.unit, old.basis, old.last) == (new.text, new.unit, new.basis, new.last)
    return "unchanged" if same else "reworded"
