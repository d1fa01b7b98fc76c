"""Lines of a document, each with its place in the file, put together to a published text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.source.characters import cleaned
from kg.source.findings import Finding
from kg.source.published import Place, Published


@dataclass(frozen=True)
class PlacedLine:
    """A line of text, and the fragment identifier of its place in the file.

    level: its depth as a heading that the file marks as such; 0 for none.
    """

    text: str
    locator: str
    level: int = 0


def put_together(
    lines: Iterable[PlacedLine],
    properties: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
) -> Published:
    """The text of lines, blank ones left out, with the place of each."""
    kept: list[str] = []
    places: list[Place] = []
    outline: dict[int, int] = {}
    length = 0
    for line in lines:
        text = cleaned(line.text).replace("\n", " ").strip(" \u00a0\u3000")
        if not text.strip():
            continue
        if not places or places[-1].locator != line.locator:
            places.append(Place(length, line.locator))
        if line.level:
            outline[length] = line.level
        kept.append(text)
        length += len(text) + 1
    filled = {key: value for key, value in (properties or {}).items() if value}
    return Published("\n".join(kept) + "\n", tuple(places), filled, tuple(findings), outline)
