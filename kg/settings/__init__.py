"""Who publishes, under which address, and within which limits: what a site can be set to, and what
holds by default.

Every part that needs one of these is given the Settings; kg.settings.loading alone reads
site.toml and the environment, once, and nothing writes it.

>>> Settings().site.title.en
'planlink'
"""

import dataclasses
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kg.files import packaged

DEFAULT_BASE = "http://localhost:8000"
_CORES = os.cpu_count() or 2


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
    time_zone: the one that pages tell times in, by its name in the IANA Time Zone Database.
    """

    base: str = DEFAULT_BASE
    url: str = ""
    title: Words = _DEFAULTS["title"]
    tagline: Words = _DEFAULTS["tagline"]
    footer: Words = Words()
    footer_link: str = ""
    logo: Path | None = None
    languages: tuple[str, ...] = ("zh", "en")
    time_zone: str = "Asia/Shanghai"

    @property
    def address(self) -> str:
        """Where visitors reach the server: what is not an identifier but is to be fetched."""
        return self.url or self.base

    def day(self, moment: str = "") -> date:
        """The day of a moment (ISO, with its time zone) by the site's clocks; today without one.

        >>> Site().day("2026-11-28T22:10:00Z").isoformat()
        '2026-11-29'
        """
        at = datetime.fromisoformat(moment) if moment else datetime.now(UTC)
        return at.astimezone(ZoneInfo(self.time_zone)).date()


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

    @property
    def cited(self) -> str:
        """Its name as citations give it; "" of a publisher that site.toml does not name."""
        return "" if self.name == _DEFAULTS["publisher"] else self.name["zh"]


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
    budget: seconds of CPU time after which a query gives way to others (sched(7)).
    spare: processes kept free for new queries.
    long: how many queries may be past their budget at a time; others wait for a process until their
        time is over.
    cache: MiB of answers that each web process keeps, with their queries.
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

    def with_values(self, section: str, **values: Any) -> "Settings":
        """Settings with other values in one section; None leaves a value as it is.

        >>> Settings().with_values("server", workers=4, rate=None).server.workers
        4
        """
        given = {name: value for name, value in values.items() if value is not None}
        return dataclasses.replace(
            self, **{section: dataclasses.replace(getattr(self, section), **given)}
        )
