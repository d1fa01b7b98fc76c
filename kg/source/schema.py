"""What plan.toml may hold: types, ranges and names of its keys, each fault in one line."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import PlanlinkError
from kg.files import packaged
from kg.lexicon import lexicon
from kg.source import gazetteer
from kg.source.dates import has_begun
from kg.source.gazetteer import Level
from kg.source.slugs import reserved

UNSURE: str = lexicon("titles")["fields"]["unsure"]
"""What planlink new writes in the place of what a document does not tell."""
FIRST_YEAR, LAST_YEAR = 1949, 2100
_LONGEST_PERIOD = 30  # years
_LONGEST_TEXT = 500  # characters
_LONGEST_SLUG = 80
_LEVELS = (*(level.value for level in Level), "town")

_Check = Callable[[Any], str | None]
_TOLD = 50  # faults: each is looked for in the whole text


def keys() -> dict[str, dict[str, Any]]:
    """The keys of plan.toml with their kind and hint, in the order in which they are written."""
    return packaged("kg.source", "keys")


def faults(table: Mapping[str, Any], path: Path, text: str) -> list[PlanlinkError]:
    """What is wrong with a plan.toml, all of it; of very much, the first.

    Args:
        text: the file's text, in which the keys' lines are looked for.
    """
    given = table.items()
    open_ = [k for k, value in given if k in keys() and isinstance(value, str) and UNSURE in value]
    found = [_left_open(open_, _where(path, text, open_[0]))] if open_ else []
    for key in [key for key in table if key not in open_]:
        if len(found) == _TOLD:
            break
        where = _where(path, text, key)
        if key not in keys():
            found.append(_unknown(key, where))
        elif wrong := _KINDS[keys()[key]["kind"]](table[key]):
            found.append(PlanlinkError.of("plan_value", where, key, wrong, keys()[key]["hint"]))
    required = [key for key, rule in keys().items() if rule.get("required")]
    lacking = [key for key in required if key not in table]
    found += [PlanlinkError.of("plan_key_missing", path, key) for key in lacking]
    if found:
        return found
    return [
        PlanlinkError(what, _where(path, text, key), mend)
        for key, what, mend in _disagreements(table)
    ]


def _left_open(open_: list[str], where: str) -> PlanlinkError:
    one = len(open_) == 1
    return PlanlinkError.of(
        "plan_open",
        where,
        ", ".join(open_),
        "says" if one else "say",
        UNSURE,
        "it" if one else "them",
    )


def _unknown(key: str, where: str) -> PlanlinkError:
    named = {word: one for one, rule in keys().items() for word in (one, *rule.get("also", ()))}
    likely = get_close_matches(key.lower().replace("-", "_"), named, 1, 0.6)
    mend = f"write {named[likely[0]]}" if likely else "take it out (docs/reference/plan-folder.md)"
    return PlanlinkError(f"there is no key {key!r}", where, mend)


def _where(path: Path, text: str, key: str) -> str:
    match = re.search(rf"(?m)^[ \t]*\[*\"?{re.escape(key)}\"?[ \t]*[=\].]", text)
    return f"{path}, line {text.count(chr(10), 0, match.start()) + 1}" if match else str(path)


def _is(value: Any) -> str:
    shown = repr(value)
    return f"is {shown if len(shown) < 80 else shown[:77] + '…'}"


def _text(value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return _is(value)
    if len(value) > _LONGEST_TEXT:
        return f"is of {len(value)} characters"
    return None if value.isprintable() else f"{_is(value)}, with characters that nobody can see"


def _texts(value: Any) -> str | None:
    if not isinstance(value, list):
        return _is(value)
    return next((wrong for one in value if (wrong := _text(one))), None)


def _slug(value: Any) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(?:-+[a-z0-9]+)*", value):
        return _is(value)
    if len(value) > _LONGEST_SLUG:
        return f"is of {len(value)} letters"
    kept = value in reserved()
    return f"is {value!r}, a word that a release keeps for itself" if kept else None


def _year(value: Any) -> str | None:
    right = type(value) is int and FIRST_YEAR <= value <= LAST_YEAR
    return None if right else f"{_is(value)}, no year from {FIRST_YEAR} to {LAST_YEAR}"


def _period(value: Any) -> str | None:
    if not isinstance(value, list) or len(value) != 2 or any(type(one) is not int for one in value):
        return _is(value)
    if wrong := next((wrong for one in value if (wrong := _year(one))), None):
        return f"{_is(value)}: one {wrong}"
    length = value[1] - value[0] + 1
    if length < 1:
        return f"{_is(value)}: its last year is before its first"
    if length > _LONGEST_PERIOD:
        return f"{_is(value)}: of {length} years, more than {_LONGEST_PERIOD}"
    return None


def _date(value: Any) -> str | None:
    if type(value) is not date:
        return f"{_is(value)}, no day"
    return None if FIRST_YEAR <= value.year <= LAST_YEAR else _is(str(value))


def _past(value: Any) -> str | None:
    if wrong := _date(value):
        return wrong
    return None if has_begun(value) else f"is {value}, a day that has not come"


def _url(value: Any) -> str | None:
    if not isinstance(value, str) or re.search(r"[\s<>\"{}|\\^`]", value):
        return _is(value)
    try:
        parts = urlsplit(value)
        right = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        right = False
    return None if right else f"{_is(value)}, no address that begins with http:// or https://"


def _code(value: Any) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{6}|\d{9}|\d{12}", value, re.ASCII):
        return f"{_is(value)}, no 6, 9 or 12 digits"
    return None if gazetteer.with_code(value) else f"{_is(value)}, which no division has or had"


def _file(value: Any) -> str | None:
    if wrong := _text(value):
        return wrong
    path = Path(value)
    if path.is_absolute() or ".." in path.parts or path == Path():
        return f"{_is(value)}, no file in the plan's folder"
    return None


_KINDS: dict[str, _Check] = {
    "code": _code,
    "date": _date,
    "file": _file,
    "level": lambda value: None if value in _LEVELS else _is(value),
    "past": _past,
    "period": _period,
    "plan": lambda value: None if isinstance(value, str) and value.strip() else _is(value),
    "slug": _slug,
    "text": _text,
    "texts": _texts,
    "url": _url,
    "year": _year,
}


def _disagreements(table: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The keys whose values are right alone and wrong together: what is wrong, and the mend."""
    found: list[tuple[str, str, str]] = []
    horizon, last = table.get("horizon"), table["period"][1]
    if horizon is not None and horizon < last:
        found.append(
            ("horizon", f"horizon is {horizon}, before the period ends", f"give {last} or later")
        )
    if table.get("revision_of") == table["slug"]:
        mend = "give the slug of the version that this document revises"
        found.append(
            ("revision_of", f"revision_of is {table['slug']!r}, the plan's own slug", mend)
        )
    if (code := table.get("area_code")) and not _agree(code, table["area"]):
        names = " or ".join(gazetteer.full_name(one) for one in gazetteer.with_code(code)[:2])
        what = f"area_code is {code!r}, which is {names}, and area is {table['area']!r}"
        found.append(("area_code", what, "correct the one that is wrong"))
    return found


def _agree(code: str, area: str) -> bool:
    """Whether a code is an area's, or that of the parent of an unknown area."""
    resolved = gazetteer.resolve(area)
    if resolved:
        return code[:6] in {one.code for one in resolved}
    return any(one.name in area or one.names[-1] in area for one in gazetteer.with_code(code))
