"""The cells of the tables that answer questions about all plans."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from kg.rdf.iris import plan_iri
from kg.release.questions import IndicatorRow, Place, was_met
from kg.views.annex import Figure
from kg.web.context import address, plan_title, public, release, text
from kg.web.pages.figures import figure_worded, figure_years, years_worded


@dataclass(frozen=True)
class Cell:
    """A cell: its text, the address it leads to on this site, the IRI of the entity it names, its
    number, where it is one, the note below it in small print, whether it stands out, and what
    stands for its text in a file ("" for the text itself)."""

    text: str
    href: str = ""
    iri: str = ""
    number: float | None = None
    note: str = ""
    strong: bool = False
    filed: str = ""


def entity(words: str, iri: str) -> Cell:
    """What is said of an entity, or what it is called, leading to its page; iri may be ""."""
    return Cell(words, address(iri) if iri else "", iri)


def side_by_side(question: str, **plans: str) -> Cell:
    """Leads to two plans (slugs, as the question under /corpus asks for them) side by side; in a
    file their address, which stays as the file does."""
    kept = {name: request.args[name] for name in ("lang", "release") if name in request.args}
    there = f"corpus.{question}"
    filed = public(there, **plans, release=release().number)
    asked: dict[str, Any] = {**plans, **kept}
    return Cell(text("corpus_side_by_side"), url_for(there, **asked), filed=filed)


def plan(place: Place) -> Cell:
    """A plan, leading to its overview."""
    shown = release().plan(place.plan)
    title = plan_title(shown) if shown else place.plan
    href = url_for("plans.overview_of", slug=place.plan) if shown else ""
    return Cell(title, href, plan_iri(release().base, place.plan))


def area(place: Place) -> Cell:
    """The area that a plan is for."""
    return Cell(place.area)


def years(place: Place) -> str:
    """The period of a plan, as addresses and files have it."""
    return f"{place.first}–{place.last}"


def period(place: Place) -> Cell:
    """The period of a plan."""
    return Cell(years_worded(place.first, place.last), filed=years(place))


def figure(shown: Figure | None) -> Cell:
    """A baseline or target as the plan gives it."""
    if shown is None:
        return Cell("—")
    return Cell(figure_worded(shown), address(shown.iri), shown.iri, note=figure_years(shown))


def indicator(row: IndicatorRow) -> Cell:
    """An indicator."""
    return entity(row.name, row.iri)


def attribute(row: IndicatorRow) -> Cell:
    """Whether a plan makes an indicator binding."""
    return Cell(text("annex_binding") if row.binding else "", strong=row.binding)


def sentence(row: IndicatorRow) -> Cell:
    """Where an indicator's target stands: its sentence, or the table of indicators."""
    words = text("corpus_table") if row.number or len(row.sentence) < 6 else row.sentence
    return entity(words, row.passage)


def target(row: IndicatorRow) -> Cell:
    """The target of an indicator."""
    return figure(row.target)


def came_of(earlier: IndicatorRow, later: IndicatorRow) -> Cell:
    """Whether the baseline of a later plan meets the target of an earlier one."""
    met = was_met(earlier, later)
    return Cell("—" if met is None else text("corpus_met" if met else "corpus_unmet"))


def count(many: int) -> Cell:
    """How many there are."""
    return Cell(str(many), number=many)


def number(value: float | None, digits: int = 4) -> Cell:
    """A number to reckon with."""
    if value is None:
        return Cell("—")
    rounded = round(value, digits)
    return Cell(f"{rounded:,.{digits}f}".rstrip("0").rstrip("."), number=rounded)
