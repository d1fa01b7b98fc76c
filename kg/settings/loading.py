"""The settings of site.toml and the environment, every mistake named with its mend.

>>> settings_from({"site": {"base": "https://data.example.org/"}}, "site.toml").site.base
'https://data.example.org'
"""

import difflib
import os
import re
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta

from kg.errors import PlanlinkError
from kg.files import parse_toml, read_text
from kg.settings import ROLES, Settings, Site, Token, Words

_T = TypeVar("_T")
_IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".webp")
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff"  # not in XML 1.0
_UNPRINTABLE = re.compile(f"[{_CONTROLS}]")
_EMAIL = re.compile(r"[^\s@<>\"\\^`{|}]+@[^\s@<>\"\\^`{|}]+")
_RATE = re.compile(r"([1-9]\d*) ?(?:/|per) ?(?:([1-9]\d*) ?)?(second|minute|hour|day)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_SHORTEST = 16  # characters of a token: fewer can be guessed
_SECRETS = {
    ("server", "token"): "PLANLINK_TOKEN",
    ("server", "tokens"): "PLANLINK_TOKEN_FILE",
    ("suggest", "key"): "PLANLINK_SUGGEST_KEY",
}
VARIABLES = {  # of the environment, which go before site.toml
    "PLANLINK_BASE": ("site", "base"),
    "PLANLINK_URL": ("site", "url"),
    "PLANLINK_QUERY_SECONDS": ("limits", "seconds"),
    "PLANLINK_QUERY_MEMORY": ("limits", "memory"),
    "PLANLINK_QUERY_TOTAL_MEMORY": ("limits", "total_memory"),
    "PLANLINK_QUERY_RESULT": ("limits", "result"),
    "PLANLINK_QUERY_LONG": ("limits", "long"),
    "PLANLINK_WORKERS": ("server", "workers"),
    "PLANLINK_THREADS": ("server", "threads"),
    "PLANLINK_RATE": ("server", "rate"),
    "PLANLINK_TRUSTED_PROXIES": ("server", "trusted_proxies"),
    "PLANLINK_PLANS": ("server", "plans"),
    "PLANLINK_WORKSPACE": ("server", "workspace"),
    "PLANLINK_LOG": ("server", "log"),
    "PLANLINK_SUGGEST_KEY": ("suggest", "key"),
}


def load_settings(
    site: Path | None = None, environment: Mapping[str, str] | None = None, base: str | None = None
) -> Settings:
    """The settings of site.toml with those of the environment over them.

    Args:
        site: the file; None for the one that PLANLINK_SITE names, or none.
        environment: the variables, see docs/reference/configuration.md; those of this process
            unless given.
        base: the base of all IRIs where the command line gives it; it goes over both.

    Raises:
        PlanlinkError: the file cannot be read, or a value is missing, unknown or of the wrong kind.
    """
    given = os.environ if environment is None else environment
    path = site or (Path(given["PLANLINK_SITE"]) if given.get("PLANLINK_SITE") else None)
    table: dict[str, Any] = {}
    if path is not None:
        table = parse_toml(read_text(path, "name a site.toml that is there"), path)
        _refuse_secrets(table, path)
    settings = settings_from(table, str(path or "site.toml"), path.parent if path else Path())
    for variable, (section, name) in VARIABLES.items():
        if text := given.get(variable, ""):
            if variable in _SECRETS.values():
                _refuse_unprintable(text, variable)
            kind = typing.get_type_hints(type(getattr(settings, section)))[name]
            value = _checked(_from_text(text, kind), kind, variable, Path())
            settings = _consistent(settings.with_values(section, **{name: value}), variable)
    settings = settings.with_values("server", tokens=_tokens(given))
    if base is not None:
        settings = settings.with_values("site", base=_address(base, "--base"))
    return settings


def _tokens(given: Mapping[str, str]) -> tuple[Token, ...]:
    """The token of PLANLINK_TOKEN, or else those of the file that PLANLINK_TOKEN_FILE names: one
    secret, or TOML with a table [[token]] for each.

    Raises:
        PlanlinkError: the file cannot be read, or a token is short, unnamed beside others, or of a
            role that does not exist.
    """
    where = given.get("PLANLINK_TOKEN_FILE", "")
    if secret := given.get("PLANLINK_TOKEN", ""):
        where, table = "PLANLINK_TOKEN", _one_token(secret, "PLANLINK_TOKEN")
    elif where:
        table = _token_file(Path(where))
    else:
        return ()
    tokens = _checked(table["token"], tuple[Token, ...], where, Path())
    for token in tokens:
        _check_token(token, f"{where}, {token.name}" if token.name else where)
    for what, named in (("name", [t.name for t in tokens]), ("secret", [t.secret for t in tokens])):
        if len(set(named)) < len(named) or (len(named) > 1 and not all(named)):
            raise PlanlinkError.of("tokens_alike", where, what)
    return typing.cast(tuple[Token, ...], tokens)


def _one_token(secret: str, where: str) -> dict[str, Any]:
    """The table of a token without name, none of an empty one."""
    _refuse_unprintable(secret, where)
    return {"token": [{"secret": secret.strip()}] if secret.strip() else []}


def _token_file(path: Path) -> dict[str, Any]:
    text = read_text(path, "name a file that holds the token in PLANLINK_TOKEN_FILE")
    if not re.search(r"^\[\[", text, re.MULTILINE):
        return _one_token(text, str(path))
    table = parse_toml(text, path)
    if list(table) != ["token"]:
        raise PlanlinkError.of("tokens_beside", path)
    if not all(isinstance(one.get("secret"), str) for one in table["token"]):
        raise PlanlinkError.of("token_without_secret", path)
    return table


def _refuse_unprintable(secret: str, where: str) -> None:
    """Refuse control characters, without showing what holds them."""
    if _UNPRINTABLE.search(secret):
        raise PlanlinkError.of("control_characters", where)


def _check_token(token: Token, where: str) -> None:
    """Refuse a token that can be guessed, or that opens what there is not."""
    if len(token.secret) < _SHORTEST:
        raise PlanlinkError.of("token_short", where, len(token.secret), _SHORTEST)
    if unknown := [role for role in token.roles if role not in ROLES]:
        raise PlanlinkError.of("role_unknown", where, unknown[0], ", ".join(ROLES))


def _refuse_secrets(table: Mapping[str, Any], path: Path) -> None:
    """Refuse a file that holds what only the environment may."""
    for (section, name), variable in _SECRETS.items():
        if isinstance(held := table.get(section), Mapping) and name in held:
            raise PlanlinkError.of("secret_in_file", f"{path}, {section}.{name}", variable)


def settings_from(table: Mapping[str, Any], where: str, folder: Path = Path()) -> Settings:
    """Settings from the content of a site.toml.

    Args:
        table: its content.
        where: what it is called in messages.
        folder: what its paths are relative to.

    Raises:
        PlanlinkError: a name is unknown, or a value of the wrong kind.
    """
    licence = table.get("licence")
    if isinstance(licence, Mapping) and "iri" in licence:
        # The default name, id and type are those of the default licence, and of no other.
        table = {**table, "licence": {"name": {}, "id": "", "type": "", **licence}}
    return _consistent(_built(Settings, table, where, folder), where)


def _consistent(settings: Settings, where: str) -> Settings:
    """The settings with what no type tells checked, addresses without their final slashes.

    Args:
        settings: the settings.
        where: the file or variable that they are from.

    Raises:
        PlanlinkError: an address, language, rate, e-mail address or image is none, or a name is
            missing.
    """
    for names, is_right, fault in _RULES:
        for section, name in (one.split(".") for one in names.split()):
            value = getattr(getattr(settings, section), name)
            if not is_right(value):
                raise PlanlinkError.of(fault, f"{where}, {section}.{name}", section, name, value)
    site = settings.site
    base = _address(site.base, f"{where}, site.base")
    url = _address(site.url, f"{where}, site.url", "the address") if site.url else ""
    return settings.with_values("site", base=base, url=url)


def parse_rate(text: str) -> tuple[int, int]:
    """How often a rate allows something, and within how many seconds.

    >>> parse_rate("100/minute"), parse_rate("5 per 2 hours")
    ((100, 60), (5, 7200))

    Raises:
        ValueError: it is no rate.
    """
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    times, many, unit = found.groups()
    return int(times), int(many or 1) * _SECONDS[unit]


def _is_web_address(text: str) -> bool:
    """Whether a text is an absolute http(s) IRI, of characters that are in one (RFC 3987)."""
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and not re.search(r"[\x00-\x20\x7f<>\"{}|\\^`]|\s", text)
    )


_RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    # what no type tells: the settings that a rule is for, the rule, and the error
    (
        "site.title publisher.name contact.name licence.name",
        lambda words: bool(words.tagged),
        "setting_unnamed",
    ),
    ("licence.iri", _is_web_address, "setting_address"),
    (
        "site.footer_link publisher.type publisher.homepage contact.url licence.type",
        lambda iri: not iri or _is_web_address(iri),
        "setting_address",
    ),
    (
        "limits.memory limits.total_memory limits.result limits.spare limits.long",
        lambda number: number >= 1,
        "setting_below_one",
    ),
    ("server.workers", lambda number: 1 <= number <= 64, "setting_workers"),
    ("server.threads", lambda number: 1 <= number <= 4096, "setting_threads"),
    ("site.languages", lambda codes: codes and {*codes} <= {"zh", "en"}, "setting_languages"),
    (
        "site.time_zone",
        lambda name: name == Site.time_zone or name in available_timezones(),  # opens every zone
        "setting_time_zone",
    ),
    ("contact.email", lambda email: not email or bool(_EMAIL.fullmatch(email)), "setting_email"),
    (
        "site.logo",
        lambda logo: logo is None or (logo.suffix.lower() in _IMAGES and logo.is_file()),
        "setting_image",
    ),
    ("server.rate", lambda rate: bool(_RATE.fullmatch(rate)), "setting_rate"),
)


def require_plans(settings: Settings) -> None:
    """PlanlinkError where the folder of plans that a server is to write in is not there: the pages
    that write would be missing without a word."""
    plans = settings.server.plans
    if plans is not None and not plans.is_dir():
        raise PlanlinkError.of("plans_missing", plans)


def _address(text: str, where: str, what: str = "the base IRI") -> str:
    """An absolute http(s) address without its final slash, query and fragment."""
    if not _is_web_address(text) or "?" in text or "#" in text:
        raise PlanlinkError.of("address_wrong", where, what, text)
    return text.rstrip("/")


def _built(kind: type[_T], table: object, where: str, folder: Path) -> _T:
    """A dataclass from a table; a Words from one text as well, for both languages."""
    if kind is Words and isinstance(table, str):
        table = {"zh": table, "en": table}
    if not isinstance(table, Mapping):
        wanted = 'a text, or { zh = "…", en = "…" }' if kind is Words else "a table"
        raise PlanlinkError.of("setting_wrong", where, table, wanted)
    hints = typing.get_type_hints(kind)
    values = {}
    for name, value in table.items():
        if name not in hints:
            near = difflib.get_close_matches(name, hints, 1)
            mend = f"write {near[0]}" if near else f"give one of {', '.join(hints)}"
            raise PlanlinkError(f"there is no setting {name}", where, mend)
        values[name] = _checked(value, hints[name], f"{where}, {name}", folder)
    return kind(**values)


def _checked(value: object, kind: Any, where: str, folder: Path) -> Any:
    """A value of a kind.

    Raises:
        PlanlinkError: it is of another kind, or a number below what makes sense.
    """
    if isinstance(kind, types.UnionType) and isinstance(value, str):  # Path | None
        return folder / value if value else None
    if is_dataclass(kind) and isinstance(kind, type):
        return _built(kind, value, where, folder)
    if kind == tuple[Token, ...] and isinstance(value, list | tuple):
        return tuple(_built(Token, one, where, folder) for one in value)
    wanted, known = _KINDS[kind]
    try:
        return msgspec.convert(value, known)
    except msgspec.ValidationError:
        raise PlanlinkError.of("setting_wrong", where, value, wanted) from None


_KINDS: dict[Any, tuple[str, Any]] = {  # in words, and as msgspec checks it
    str: ("text without control characters", Annotated[str, Meta(pattern=f"^[^{_CONTROLS}]*$")]),
    bool: ("true or false", bool),
    int: ("a whole number, 0 or more", Annotated[int, Meta(ge=0)]),
    float: ("a number above zero", Annotated[float, Meta(gt=0, le=sys.float_info.max)]),
    tuple[str, ...]: ("a list of texts", tuple[str, ...]),
    Path | None: ("the path of a file or folder", None),
}


def _from_text(text: str, kind: Any) -> object:
    """A variable's text as TOML would have the value, itself where it is none of that kind."""
    if kind is bool:
        return text.lower() not in ("0", "false", "no")
    try:
        return int(text) if kind is int else float(text) if kind is float else text
    except ValueError:
        return text
