"""Versions of a plan: targets that a revision raised, lowered, reworded, dropped or added."""

from dataclasses import dataclass

import pyoxigraph as ox

from kg.views.annex import Row, annex_table
from kg.views.sameness import same_name

KINDS = ("raised", "lowered", "reworded", "unchanged", "dropped", "added")


@dataclass(frozen=True)
class Change:
    """An indicator in both versions (None where one lacks it), and its target's change."""

    kind: str
    before: Row | None
    after: Row | None


def revised_targets(store: ox.Store, earlier: str, later: str) -> list[Change]:
    """What a later version of a plan made of the earlier one's targets, in the later annex's order,
    dropped ones last.

    Indicators are the same where they have the same name, or else measure the same quantity.

    Args:
        store: a store that holds both.
        earlier, later: the named graphs of what was read from each.
    """
    old, new = annex_table(store, earlier), annex_table(store, later)
    waiting = {key: row for row in reversed(old) for key in _keys(row)}
    changes, found = [], set()
    for row in new:
        before = next(
            (
                waiting[key]
                for key in _keys(row)
                if key in waiting and waiting[key].iri not in found
            ),
            None,
        )
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
    if (
        old.number is not None
        and new.number is not None
        and (old.unit, old.basis) == (new.unit, new.basis)
        and old.number != new.number
    ):
        return "raised" if new.number > old.number else "lowered"
    same = (old.text, old.unit, old.basis, old.last) == (new.text, new.unit, new.basis, new.last)
    return "unchanged" if same else "reworded"
