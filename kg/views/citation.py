"""How to cite what was released: by GB/T 7714-2015, as BibTeX, and as RIS.

A plan, and what was read from it, is cited as the government's document online; a dataset, a
release and the catalogue as data of who publishes them.
"""

import re
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from kg.lexicon import lexicon
from kg.views.entity import EntityReader

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
        """What it is called: 第3次发布."""
        return str(lexicon("citation")["edition"]).format(number=self.number)

    @property
    def en(self) -> str:
        """What it is called: release 3."""
        return str(lexicon("citation")["edition_en"]).format(number=self.number)


@dataclass(frozen=True)
class Imprint:
    """What a file or a picture says it is of.

    title, title_en: the plan's.
    iri: the plan's.
    edition: the release.
    """

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
    """What is cited.

    iri: its IRI, which leads to it.
    author: the body that issued the plan; for data, who publishes it.
    title: its name; within: the plan's title, "" where it is no part of a plan's document.
    number: the plan's document number, "" where it has none.
    issued: the day of the plan's issue, or of the release (ISO).
    edition: the release.
    is_data: whether it is data, and not what a plan says.
    """

    iri: str
    author: str
    title: str
    within: str
    number: str
    issued: str
    edition: Edition
    is_data: bool


def citation(store: ox.Store, iri: str, plan: str, edition: Edition) -> Citation:
    """What a citation of an IRI says.

    Args:
        plan: the IRI of the plan that it may be of; "" where it is of none.
    """
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


def gbt7714(of: Citation, accessed: date) -> str:
    """The reference by GB/T 7714-2015: author, title [mark], edition, dates, address."""
    mark = lexicon("citation")["mark"]["data" if of.is_data else "document"]
    document = of.within + (f": {of.number}" if of.number and of.within else "")
    title = of.title + (f": {of.number}" if of.number and not of.within else "")
    parts = [
        of.author,
        f"{title}[{mark}]" + (f"//{document}" if document else ""),
        of.edition.zh,
        f"({of.issued})[{accessed.isoformat()}]",
        of.iri,
    ]
    return ". ".join(filter(None, parts)) + "."


_TEX = {
    **{sign: f"\\{sign}" for sign in "{}%&#_$"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def bibtex(of: Citation, accessed: date) -> str:
    """The reference as a BibTeX entry."""
    key = re.sub(r"[^A-Za-z0-9.:-]+", "-", of.iri.partition("/id/")[2] or of.iri).strip("-")
    year, month, _ = of.issued.split("-")
    fields = {
        "author": _whole(of.author),
        "title": _whole(of.title),
        "booktitle": _whole(of.within),
        "number": _tex(of.number),
        "edition": f"{_tex(of.edition.zh)} ({of.edition.en}, {of.edition.date})",
        "publisher": _whole(of.edition.publisher),
        "year": year,
        "month": str(int(month)),
        "date": of.issued,
        "language": "chinese",
        "url": of.iri,
        "urldate": accessed.isoformat(),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    kind = "@dataset" if of.is_data else "@incollection" if of.within else "@misc"
    return f"{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _whole(text: str) -> str:
    """A name in one piece; "" of none."""
    return f"{{{_tex(text)}}}" if text else ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def ris(of: Citation, accessed: date) -> str:
    """The reference as a record of RIS."""
    fields = (
        ("TY", "DATA" if of.is_data else "GOVDOC"),
        ("AU", of.author),
        ("TI", of.title),
        ("T2", of.within),
        ("M1", of.number),
        ("ET", f"{of.edition.zh} ({of.edition.en}, {of.edition.date})"),
        ("PB", of.edition.publisher),
        ("PY", of.issued[:4]),
        ("DA", of.issued.replace("-", "/")),
        ("Y2", accessed.isoformat().replace("-", "/")),
        ("LA", "zh"),
        ("UR", of.iri),
    )
    return "\r\n".join([*(f"{tag}  - {text}" for tag, text in fields if text), "ER  - "])


STYLES = {"gbt7714": gbt7714, "bibtex": bibtex, "ris": ris}
"""What writes a citation, by the name of its style."""
