"""How well a tagger finds the names of annotated plans, mention by mention."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.characters import Area
from kg.extract.labels import KINDS
from kg.extract.tagger import Tagged, Tagger
from kg.extract.training_examples import UNKNOWN, Annotated, Labelled


@dataclass(frozen=True)
class Figure:
    """A figure of one kind of name: how many are right, how many were read, how many there are."""

    right: int
    read: int
    wanted: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there is nothing to be found."""
        both = self.read + self.wanted
        return 2 * self.right / both if both else 1.0


def figures(tagger: Tagger, plans: Sequence[Annotated]) -> dict[str, Figure]:
    """The figures of a tagger on annotated plans: for each kind of name, of names with their exact
    places, and of those of them that have their right type, among all names whose type is known.

    Names that annotators leave open count neither way. A name found more can only better the figure
    of types: it counts as read whether it is found or not.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for plan in plans:
        found = tagger.tag([text.text for text in plan.texts], Area.of(plan.own))
        for text, tagged in zip(plan.texts, found, strict=True):
            counts += _count(text, tagged, plan.types)
    parts = ("right", "read", "wanted")
    return {
        f"{kind} {what}": Figure(*(counts[f"{kind} {what}", part] for part in parts))
        for kind in KINDS
        for what in ("names", "types")
    }


def _count(
    text: Labelled, tagged: Sequence[Tagged], types: dict[str, dict[str, str]]
) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    wanted = set(text.spans())
    for start, end, kind in wanted:
        typed = text.text[start:end] in types[kind]
        counts[f"{kind} names", "wanted"] += 1
        counts[f"{kind} types", "wanted"] += typed
        counts[f"{kind} types", "read"] += typed
    for one in tagged:
        right = (one.start, one.end, one.kind) in wanted
        if not right and UNKNOWN in text.labels[one.start : one.end]:
            continue
        counts[f"{one.kind} names", "read"] += 1
        counts[f"{one.kind} names", "right"] += right
        known = types[one.kind].get(text.text[one.start : one.end])
        counts[f"{one.kind} types", "right"] += right and known == one.type
    return counts
