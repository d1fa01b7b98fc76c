"""What plans of a province's cities, or a city's counties, lack of its binding indicators."""

from dataclasses import dataclass

from kg.lexicon import grouped
from kg.release.questions import IndicatorRow, Place, Questions


@dataclass(frozen=True)
class Gap:
    """A binding indicator of a higher plan, and the lower plans in which none of the same name, or
    likely of the same quantity, was found."""

    indicator: IndicatorRow
    lacking: tuple[Place, ...]


@dataclass(frozen=True)
class Gaps:
    """A higher plan beside the plans of its period for areas within its own.

    gaps: each of its binding indicators, what most of them lack first.
    """

    higher: Place
    lower: tuple[Place, ...]
    gaps: tuple[Gap, ...]

    @property
    def lacking(self) -> int:
        """How often a lower plan lacks an indicator."""
        return sum(len(gap.lacking) for gap in self.gaps)


def all_gaps(asked: Questions) -> list[Gaps]:
    """The gaps below each plan that has binding indicators and plans below it, the highest area
    first.

    Args:
        asked: what all plans of the release are asked by.
    """
    below = grouped((high.plan, low) for low, high in asked.levels())
    known = asked.comparable()
    binding = grouped((row.plan, row) for row in asked.binding())
    found = [
        _gaps(asked.places[plan], lower, binding[plan], known)
        for plan, lower in below.items()
        if binding[plan]
    ]
    return sorted(found, key=lambda one: (one.higher.path.count("/"), one.higher.path))


def _gaps(
    higher: Place, lower: list[Place], binding: list[IndicatorRow], known: dict[str, set[str]]
) -> Gaps:
    gaps = [
        Gap(row, tuple(x for x in lower if not {row.same, row.quantity} & known.get(x.plan, set())))
        for row in binding
    ]
    gaps.sort(key=lambda gap: -len(gap.lacking))
    return Gaps(higher, tuple(lower), tuple(gaps))
