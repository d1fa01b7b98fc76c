"""How to cite what was released, by GB/T 7714-2015, as BibTeX, and as RIS: a plan, and what was
read from it, as the government's document online; datasets, releases and the catalogue as data."""

import re
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from kg.lexicon import lexicon
from kg.templates import rendered
from kg.views.entity import EntityReader

_TEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "{}%&#_$"},
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
    }
)
_SAID = {  # what a plan itself says; links, findings and values entered are the publisher's
    *("Plan", "Section", "Passage", "Vision", "Goal", "Measure", "Indicator", "Baseline"),
    *("Target", "Achievement", "Zone", "Institution"),
}


@dataclass(frozen=True)
class Edition:
    """A release, as far as a citation or a file names it: its number, its date (ISO), who
    publishes, and the IRI of the licence."""

    number: int
    date: str
    publisher: str
    licence: str = ""

    @property
    def zh(self) -> str:
        """What it is called."""
        return str(lexicon("citation")["edition"]).format(number=self.number)

    @property
    def en(self) -> str:
        """What it is called: release 3."""
        return str(lexicon("citation")["edition_en"]).format(number=self.number)


@dataclass(frozen=True)
class Imprint:
    """What a file or a picture says it is of: a plan, by its title and IRI, in a release."""

    title: str
    title_en: str
    iri: str
    edition: Edition

    def line(self, language: str = "zh") -> str:
        """It in a line, in a language (zh, en)."""
        english = language == "en"
        return str(lexicon("citation")["imprint"][language]).format(
            title=self.title_en if english else self.title,
            edition=self.edition.en if english else self.edition.zh,
            date=self.edition.date,
            iri=self.iri,
        )

    def as_json(self) -> dict[str, str | int]:
        """It as an object of JSON."""
        return {
            "plan": self.title,
            "iri": self.iri,
            "release": self.edition.number,
            "date": self.edition.date,
            "publisher": self.edition.publisher,
            "licence": self.edition.licence,
        }


@dataclass(frozen=True)
class Citation:
    """What is cited, by its IRI: its author (who issued the plan, or publishes the data), its title
    and the plan's that it is within ("" for no part of a plan's document), that plan's document
    number ("" for none), its day of issue or the release's (ISO), and the release; is_data: not
    what a plan says."""

    iri: str
    author: str
    title: str
    within: str
    number: str
    issued: str
    edition: Edition
    is_data: bool


def citation(store: ox.Store, iri: str, plan: str, edition: Edition) -> Citation:
    """What a citation of an IRI says; plan: the IRI of the plan that it is of, or ""."""
    reader = EntityReader(store, "zh")
    title = " ".join(reader.label(iri).split())
    if not plan or reader.kind(iri) not in _SAID:
        return Citation(iri, edition.publisher, title, "", "", edition.date, edition, True)
    return Citation(
        iri,
        reader.value(reader.value(plan, "plan:issuer"), "foaf:name"),
        title,
        "" if iri == plan else reader.label(plan),
        reader.value(plan, "plan:documentNumber"),
        reader.value(plan, "dcterms:issued") or edition.date,
        edition,
        False,
    )


STYLES = {
    "gbt7714": ("txt", "text/plain"),
    "bibtex": ("bib", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
}
"""The styles of references by name, each with the ending and the media type of its files: GB/T
7714-2015, a BibTeX entry, a record of RIS."""


def reference(of: Citation, style: str, accessed: date) -> str:
    """The reference in one of STYLES."""
    ending, _ = STYLES[style]
    text = rendered(
        "kg.views",
        f"citation.{ending}",
        of=of,
        accessed=accessed.isoformat(),
        mark=lexicon("citation")["mark"]["data" if of.is_data else "document"],
        key=re.sub(r"[^A-Za-z0-9.:-]+", "-", of.iri.partition("/id/")[2] or of.iri).strip("-"),
        tex=lambda text: text.translate(_TEX),
    )
    return text.replace("\n", "\r\n") if style == "ris" else text
