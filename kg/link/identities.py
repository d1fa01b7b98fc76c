"""identities.toml: identities and coordinates of a plan's places and organisations."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError
from kg.files import read_toml
from kg.source.plan import entries

_KINDS = ("zone", "institution", "area")


@dataclass(frozen=True)
class Identity:
    """The same entity's IRI elsewhere (verified or likely) or place (WGS 84), and the source."""

    ordinal: int
    kind: str
    name: str
    source: str
    same_as: str = ""
    verified: bool = False
    longitude: float | None = None
    latitude: float | None = None


_KEYS = tuple(field.name for field in fields(Identity) if field.name != "ordinal")
_NO_TEXT = ("verified", "longitude", "latitude")


def load_identities(folder: Path) -> tuple[Identity, ...]:
    """The identities of a plan's folder; PlanlinkError where the file is broken."""
    path = folder / "identities.toml"
    if not path.exists():
        return ()
    return tuple(
        _identity(entry, n, f"{path}, identity {n}")
        for n, entry in enumerate(entries(read_toml(path), "identity", path, _KEYS, _NO_TEXT), 1)
    )


def _identity(entry: dict[str, Any], ordinal: int, where: str) -> Identity:
    if entry.get("kind") not in _KINDS:
        raise PlanlinkError.of("identity_kind", where, entry.get("kind"), ", ".join(_KINDS))
    for key in ("name", "source"):
        if not entry.get(key, "").strip():
            raise PlanlinkError.of("identity_lacks", where, key)
    same, verified = entry.get("same_as", ""), entry.get("verified", False)
    if same and not same.startswith(("http://", "https://")):
        raise PlanlinkError.of("identity_same_as", where, same)
    if not isinstance(verified, bool):
        raise PlanlinkError.of("identity_verified", where, verified)
    longitude, latitude = entry.get("longitude"), entry.get("latitude")
    placed = _is_degree(longitude, 180) and _is_degree(latitude, 90)
    if (longitude is not None or latitude is not None) and not placed:
        raise PlanlinkError.of("identity_place", where, longitude, latitude)
    if not same and not placed:
        raise PlanlinkError.of("identity_empty", where)
    about = entry["kind"], entry["name"], entry["source"]
    place = (longitude, latitude) if placed else (None, None)
    return Identity(ordinal, *about, same, verified, *place)


def _is_degree(value: object, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
