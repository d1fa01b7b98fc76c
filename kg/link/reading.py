"""A plan's folder -> what was read from it, corrected and linked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kg.document.structure import Document, read_document
from kg.extract.extraction import extract
from kg.extract.tagger import Tagger, load_model, shipped
from kg.link.applying import (
    Applied,
    apply_corrections,
    chosen_goals,
    decide_links,
    headings_decided,
)
from kg.link.completeness import Completeness, completeness
from kg.link.corrections import Correction, contradictions, load_corrections
from kg.link.identifiers import Register, read_register
from kg.link.identifying import (
    identify_decided,
    identify_rest,
    identify_structure,
    names_given,
    names_mended,
)
from kg.link.links import link
from kg.link.model import Linked, with_confidence
from kg.link.review import Point, review
from kg.link.suggestions import Suggestion
from kg.memory import garbage_seldom_looked_for
from kg.rdf.iris import Iris
from kg.source.areas import of_unknown_area
from kg.source.plan import Plan
from kg.source.text import shortened

_SHOWN = 40  # characters of a name or quote, in what is said of a correction


@dataclass(frozen=True)
class Reading:
    """A plan read, corrected, identified and linked, before anything is built from it.

    version: the number of its source text among those that were published.
    tagger: what its names were read with.
    """

    plan: Plan
    document: Document
    linked: Linked
    applied: Applied
    register: Register
    version: int
    tagger: Tagger

    def iris(self, base: str) -> Iris:
        """Mints the plan's IRIs under a base."""
        return Iris(base, self.plan.slug, self.register.identifiers, self.version)

    def completeness(self) -> Completeness:
        """How well the plan was understood, its published file included."""
        of_file = (*self.plan.origin.findings, *of_unknown_area(self.plan.area))
        return completeness(self.document, self.linked, of_file)

    def doubts(self, suggestions: Iterable[Suggestion] = ()) -> tuple[Point, ...]:
        """What a person should look at: see kg.link.review."""
        identifiers, made = self.register.identifiers, self.applied.made
        return review(self.document, self.linked, identifiers, made, suggestions)


def _place(plan: Plan, one: Correction) -> str:
    """Where a correction is written."""
    return f"{plan.folder / 'corrections.toml'}, correction {one.ordinal}"


def _about(one: Correction) -> str:
    """What a correction looks for: words in the text, of a split those of both."""
    looked_for = (one.name or one.quote, one.to if one.action == "split" else "")
    words = (shortened(" ".join(words.split()), _SHOWN) for words in looked_for if words)
    return " → ".join(words)


def document_of(plan: Plan, corrections: Iterable[Correction]) -> Document:
    """A plan's document, with the headings that a person decided about."""
    name, decided = str(plan.folder / plan.source_name), headings_decided(corrections)
    return read_document(plan.source, name, plan.errata, decided, plan.origin.outline)


@garbage_seldom_looked_for()
def read_plan(plan: Plan, step: Callable[[str], None], say: Callable[[str], None]) -> Reading:
    """Take one plan, its folder already read, from its text to linked values. It is told by step
    what is done, and what the user should know by say."""
    step("read")
    corrections = load_corrections(plan.folder)
    document = document_of(plan, corrections)
    step("extract")
    tagger = load_model(plan.model) if plan.model else shipped()
    extraction = extract(document, plan.period, plan.area, tagger)
    applied = apply_corrections(document, extraction, corrections, plan.period)
    step("link")
    register = read_register(plan.folder)
    version = register.version(plan.sha256)
    entities = (*applied.extraction.zones, *applied.extraction.institutions)
    renamed = names_mended(document, plan.errata, entities) | names_given(register, applied.made)
    identify_structure(register, document, applied.extraction, renamed)
    linked = link(document, applied.extraction, chosen_goals(corrections, register.key))
    identify_rest(register, document, linked.extraction, renamed, plan.period)
    linked, decided, undecided = decide_links(linked, corrections, register.identifiers)
    linked = with_confidence(linked)
    made = tuple(sorted((*applied.made, *decided), key=lambda c: c.ordinal))
    for idle in (*applied.idle, *undecided):
        say(f"{_place(plan, idle)}: finds nothing to correct ({_about(idle)})")
    for one, later in contradictions(made):
        say(f"{_place(plan, later)}: replaces correction {one.ordinal} ({_about(one)})")
    identify_decided(register, plan, made)
    return Reading(plan, document, linked, replace(applied, made=made), register, version, tagger)
