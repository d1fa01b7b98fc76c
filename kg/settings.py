"""Who publishes, under which address, and within which limits: site.toml and the environment, read
once.

Every part that needs one of these facts is given the Settings; nothing else reads the environment,
and nothing writes it.

>>> Settings().site.title.en
'planlink'
>>> settings_from({"site": {"base": "https://data.example.org/"}}, "site.toml").site.base
'https://data.example.org'
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kg.errors import PlanlinkError
from kg.files import packaged

DEFAULT_BASE = "http://localhost:8000"
_CORES = os.cpu_count() or 2
_T = TypeVar("_T")


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str = ""
    en: str = ""

    def __getitem__(self, language: str) -> str:
        """The text in a language ("zh", "en"); in the other one where it is empty."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    @property
    def tagged(self) -> tuple[tuple[str, str], ...]:
        """Each text that is there with its language, as RDF has them.

        >>> Words(en="Open plans").tagged
        (('Open plans', 'en'),)
        """
        return tuple((text, tag) for text, tag in ((self.zh, "zh"), (self.en, "en")) if text)


_DEFAULTS = {  # for what site.toml does not say
    name: Words(**words) for name, words in packaged("kg", "defaults").items()
}


@dataclass(frozen=True)
class Site:
    """What the site is called and where it stands.

    base: the base of all IRIs, without a final slash.
    url: the address that visitors reach the server at; its path is the prefix that the site is
        mounted under. Where it is empty, the base stands for the address, without a prefix.
    title, tagline, footer: shown on every page.
    footer_link: where the footer leads.
    logo: an image file for the head of pages (.svg, .png, .jpg, .jpeg, .webp).
    languages: those that pages are offered in, the first where a visitor prefers none.
    """

    base: str = DEFAULT_BASE
    url: str = ""
    title: Words = _DEFAULTS["title"]
    tagline: Words = _DEFAULTS["tagline"]
    footer: Words = Words()
    footer_link: str = ""
    logo: Path | None = None
    languages: tuple[str, ...] = ("zh", "en")

    @property
    def address(self) -> str:
        """Where visitors reach the server: what is not an identifier but is to be fetched."""
        return self.url or self.base


@dataclass(frozen=True)
class Publisher:
    """Who publishes the catalogue and its datasets (DCAT 3 §6.4.7, an foaf:Agent).

    type: the IRI of an ADMS publisher type, such as
        http://purl.org/adms/publishertype/LocalAuthority.
    identifier: the organisation's own identifier, such as its unified social credit code.
    """

    name: Words = _DEFAULTS["publisher"]
    type: str = ""
    homepage: str = ""
    identifier: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to ask about the data (DCAT 3 §6.4.3, a vcard:Kind)."""

    name: Words = _DEFAULTS["contact"]
    email: str = ""
    url: str = ""


@dataclass(frozen=True)
class Licence:
    """What may be done with the data (a dcterms:LicenseDocument).

    id: its identifier in the SPDX License List, where it is there.
    type: the IRI of an ADMS licence type, such as http://purl.org/adms/licencetype/Attribution.
    """

    iri: str = "https://creativecommons.org/licenses/by/4.0/"
    name: Words = _DEFAULTS["licence"]
    id: str = "CC-BY-4.0"
    type: str = "http://purl.org/adms/licencetype/Attribution"


@dataclass(frozen=True)
class Limits:
    """What queries may use.

    seconds: by the clock, from when a query arrives until its answer is whole.
    memory: MiB that one query may take beyond the store.
    total_memory: MiB that all queries together may take; beyond it the one that takes most is
        ended.
    result: MiB of one answer.
    budget: seconds of CPU time after which a query gives way to others (setpriority(2)).
    spare: processes kept free for new queries.
    long: how many queries may be past their budget at a time; others wait for a process until their
        time is over.
    cache: MiB of answers that each web process keeps.
    """

    seconds: float = 20.0
    memory: int = 1024
    total_memory: int = 2048
    result: int = 256
    budget: float = 0.02
    spare: int = _CORES + 1
    long: int = 60
    cache: int = 32


ROLES = ("drafts", "review", "observe", "publish")


@dataclass(frozen=True)
class Token:
    """A secret that opens what is not for everybody.

    name: of the person or program that has it: what is written is said to be by it. "" leaves it
        to who writes to say who they are.
    secret: what is sent, of 16 characters or more.
    roles: what it opens. drafts: the review of plans that are not published; review: decisions;
        observe: values; publish: releasing a plan from its page, and the workspace.
    """

    name: str = ""
    secret: str = field(default="", repr=False)
    roles: tuple[str, ...] = ROLES


@dataclass(frozen=True)
class Server:
    """How requests are served.

    workers: web processes.
    threads: requests that each of them works on at a time.
    rate: requests for data that one address may send.
    trusted_proxies: how many proxies before the server are believed what they say in
        X-Forwarded-For, -Proto, -Host and -Prefix.
    plans: the folder of plans' folders that decisions and values are written to; nothing can be
        written without it.
    workspace: the folder of the dataset that may be written.
    log: whether each request gets a line of log.
    tokens: those who may do more than read; from PLANLINK_TOKEN or the file that
        PLANLINK_TOKEN_FILE names, never from site.toml.
    """

    workers: int = 2
    threads: int = 128
    rate: str = "5000/second"
    trusted_proxies: int = 0
    plans: Path | None = None
    workspace: Path | None = None
    log: bool = False
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True)
class Suggest:
    """What planlink suggest asks with.

    key: the secret that the endpoint wants; from PLANLINK_SUGGEST_KEY, never from site.toml.
    """

    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything that a site is set up by."""

    site: Site = Site()
    publisher: Publisher = Publisher()
    contact: Contact = Contact()
    licence: Licence = Licence()
    limits: Limits = Limits()
    server: Server = Server()
    suggest: Suggest = Suggest()

    @cached_property
    def prefix(self) -> str:
        """The path that the site is mounted under, without a final slash; "" at the root."""
        return urlsplit(self.site.url).path.rstrip("/")

    @property
    def publisher_iri(self) -> str:
        """The publisher's IRI: the same in everything that is released."""
        return f"{self.site.base}/id/catalogue/publisher"

    @property
    def contact_iri(self) -> str:
        """The IRI of whom to ask."""
        return f"{self.site.base}/id/catalogue/contact"

    @property
    def is_local(self) -> bool:
        """Whether the base is the default, which leads nowhere but on this machine."""
        return self.site.base == DEFAULT_BASE

    def with_values(self, section: str, **values: Any) -> Settings:
        """Settings with other values in one section; None leaves a value as it is.

        >>> Settings().with_values("server", workers=4, rate=None).server.workers
        4
        """
        given = {name: value for name, value in values.items() if value is not None}
        return dataclasses.replace(
            self, **{section: dataclasses.replace(getattr(self, section), **given)}
        )


_IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".webp")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # not in XML 1.0
_MOST = {"workers": 64, "threads": 4096}
_EMAIL = re.compile(r"[^\s@<>\"\\^`{|}]+@[^\s@<>\"\\^`{|}]+")
_RATE = re.compile(r"([1-9]\d*) ?(?:/|per) ?(?:([1-9]\d*) ?)?(second|minute|hour|day)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_NAMED = ("site.title", "publisher.name", "contact.name", "licence.name")
_ADDRESSES = (
    "site.footer_link", "publisher.type", "publisher.homepage", "contact.url", "licence.iri",
    "licence.type",
)  # fmt: skip
_AT_LEAST_ONE = (
    "limits.memory", "limits.total_memory", "limits.result", "limits.spare", "limits.long",
    "server.workers", "server.threads",
)  # fmt: skip
_SHORTEST = 16  # characters of a token: fewer can be guessed
_SECRETS = {
    ("server", "token"): "PLANLINK_TOKEN",
    ("server", "tokens"): "PLANLINK_TOKEN_FILE",
    ("suggest", "key"): "PLANLINK_SUGGEST_KEY",
}
_VARIABLES = {  # the environment's variables, which go before site.toml
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
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise PlanlinkError(
                f"cannot be read ({error.strerror})", str(path), "name a site.toml that is there"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PlanlinkError(
                f"this is no TOML ({error})", str(path), "mend the line it names"
            ) from error
        _refuse_secrets(table, path)
    settings = settings_from(table, str(path or "site.toml"), path.parent if path else Path())
    for variable, (section, name) in _VARIABLES.items():
        if text := given.get(variable, ""):
            if variable in _SECRETS.values():
                _refuse_unprintable(text, variable)
            kind = typing.get_type_hints(type(getattr(settings, section)))[name]
            value = _checked(_from_text(text, kind), kind, variable, Path())
            settings = _consistent(settings.with_values(section, **{name: value}), variable)
    settings = settings.with_values("server", tokens=_tokens(given))
    return (
        settings.with_values("site", base=_address(base, "--base"))
        if base is not None
        else settings
    )


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
            raise PlanlinkError(
                f"two tokens have the same {what} or none", where, f"give each a {what} of its own"
            )
    return typing.cast(tuple[Token, ...], tokens)


def _one_token(secret: str, where: str) -> dict[str, Any]:
    """The table of a token without name, none of an empty one."""
    _refuse_unprintable(secret, where)
    return {"token": [{"secret": secret.strip()}] if secret.strip() else []}


def _token_file(path: Path) -> dict[str, Any]:
    """The tables of a file of tokens."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text) if re.search(r"^\[\[", text, re.MULTILINE) else None
    except (OSError, UnicodeDecodeError) as error:
        raise PlanlinkError(
            f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})",
            str(path),
            "name a file that holds the token in PLANLINK_TOKEN_FILE",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise PlanlinkError(
            f"this is no TOML ({error})", str(path), "mend the line it names"
        ) from error
    if table is None:
        return _one_token(text, str(path))
    if list(table) != ["token"]:
        raise PlanlinkError("there are other tables than [[token]]", str(path), "take them out")
    if not all(isinstance(one.get("secret"), str) for one in table["token"]):
        raise PlanlinkError("a token has no secret", str(path), 'give each secret = "…"')
    return table


def _refuse_unprintable(secret: str, where: str) -> None:
    """Refuse control characters, without showing what holds them."""
    if _UNPRINTABLE.search(secret):
        raise PlanlinkError("this holds control characters", where, "give it without")


def _check_token(token: Token, where: str) -> None:
    """Refuse a token that can be guessed, or that opens what there is not."""
    if len(token.secret) < _SHORTEST:
        raise PlanlinkError(
            f"the token has {len(token.secret)} characters",
            where,
            f"give {_SHORTEST} or more, such as those that openssl rand -hex 16 prints",
        )
    if unknown := [role for role in token.roles if role not in ROLES]:
        raise PlanlinkError(
            f"there is no role {unknown[0]}", where, f"give some of {', '.join(ROLES)}"
        )


def _refuse_secrets(table: Mapping[str, Any], path: Path) -> None:
    """Refuse a file that holds what only the environment may."""
    for (section, name), variable in _SECRETS.items():
        if isinstance(held := table.get(section), Mapping) and name in held:
            raise PlanlinkError(
                f"the {name} stands in the file",
                f"{path}, {section}.{name}",
                f"give it in {variable}, where fewer can read it",
            )


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
    for section, name, fault, mend in _faults(settings):
        raise PlanlinkError(fault, f"{where}, {section}.{name}", mend)
    site = settings.site
    base = _address(site.base, f"{where}, site.base")
    url = _address(site.url, f"{where}, site.url", "the address") if site.url else ""
    return settings.with_values("site", base=base, url=url)


def _faults(settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """Wrong values that types cannot tell: section, name, what is wrong, and what to give."""
    for section, name, value in _values(settings, *_NAMED):
        if not value.tagged:
            mend = f'give {name} = {{ zh = "…", en = "…" }}, or one of the two'
            yield section, name, f"the {section} has no {name}", mend
    for section, name, value in _values(settings, *_ADDRESSES):
        if (value or name == "iri") and not _is_web_address(value):
            yield section, name, f"{name} is {value!r}", "give an absolute http(s) address"
    for section, name, number in _values(settings, *_AT_LEAST_ONE):
        most = _MOST.get(name)
        if number < 1 or (most is not None and number > most):
            mend = "give 1 or more" if most is None else f"give 1 to {most}"
            yield section, name, f"{name} is {number}", mend
    yield from _faults_alone(settings)


def _values(settings: Settings, *names: str) -> Iterator[tuple[str, str, Any]]:
    for section, name in (name.split(".") for name in names):
        yield section, name, getattr(getattr(settings, section), name)


def _faults_alone(settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """The faults of values that have rules of their own, as _faults gives them."""
    site, email, rate = settings.site, settings.contact.email, settings.server.rate
    if not site.languages or not {*site.languages} <= {"zh", "en"}:
        given = f"languages are {list(site.languages)}"
        yield "site", "languages", given, 'give "zh", "en" or both'
    if email and not _EMAIL.fullmatch(email):
        yield "contact", "email", f"email is {email!r}", "give one address such as data@example.org"
    logo = site.logo
    if logo is not None and not (logo.suffix.lower() in _IMAGES and logo.is_file()):
        mend = f"name a file that is there and ends in {', '.join(_IMAGES)}"
        yield "site", "logo", f"logo is {str(logo)!r}, which is no image file", mend
    if not _RATE.fullmatch(rate):
        mend = "give one such as 5000/second or 100/minute"
        yield "server", "rate", f"{rate!r} is no rate", mend


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


def _address(text: str, where: str, what: str = "the base IRI") -> str:
    """An absolute http(s) address without its final slash, query and fragment."""
    if not _is_web_address(text) or "?" in text or "#" in text:
        raise PlanlinkError(
            f"{what} is {text!r}",
            where,
            "give an absolute http(s) IRI such as https://data.example.org, without ? and #",
        )
    return text.rstrip("/")


def _built(kind: type[_T], table: object, where: str, folder: Path) -> _T:
    """A dataclass from a table; a Words from one text as well, for both languages."""
    if kind is Words and isinstance(table, str):
        table = {"zh": table, "en": table}
    if not isinstance(table, Mapping):
        raise PlanlinkError(f"this is {table!r}", where, "give a table")
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
    if kind in _KINDS and _KINDS[kind][1](value):
        return kind(value)
    wanted = _KINDS[kind][0] if kind in _KINDS else "the path of a file or folder"
    raise PlanlinkError(f"this is {value!r}", where, f"give {wanted}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: dict[Any, tuple[str, Callable[[Any], bool]]] = {  # in words, and how it is known
    str: (
        "text without control characters",
        lambda value: isinstance(value, str) and not _UNPRINTABLE.search(value),
    ),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: (
        "a whole number, 0 or more",
        lambda value: _is_number(value) and isinstance(value, int) and value >= 0,
    ),
    float: ("a number above zero", lambda value: _is_number(value) and 0 < value < float("inf")),
    tuple[str, ...]: (
        "a list of texts",
        lambda value: (
            isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        ),
    ),
}


def _from_text(text: str, kind: Any) -> object:
    """A variable's text as TOML would have the value, itself where it is none of that kind."""
    if kind is bool:
        return text.lower() not in ("0", "false", "no")
    try:
        return int(text) if kind is int else float(text) if kind is float else text
    except ValueError:
        return text
