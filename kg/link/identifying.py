"""What of a reading gets which identifier: its candidates, kind by kind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from kg.document.structure import Document
from kg.extract.model import Entity, Extraction, Years
from kg.link.alignment import Candidate
from kg.link.corrections import Correction
from kg.link.identifiers import Register
from kg.link.identities import load_identities
from kg.source.plan import Plan
from kg.source.text import Erratum, Span, stretch

_BECOMES = " → "


def identify_structure(
    register: Register, document: Document, found: Extraction, renamed: Mapping[str, str]
) -> None:
    """Identify sections and goals, by which links are chosen; renamed as identify_rest has it."""
    headings = {section.number: section.heading for section in document.sections}
    holds: dict[str | None, set[str]] = defaultdict(set)
    for section in document.sections:
        holds[section.parent].add(section.heading)
    for measure in found.measures:
        holds[measure.section].add(document.read(measure.span).text)
    sections = [
        Candidate(s.number, s.number, s.heading, headings.get(s.parent or "", ""), holds=held)
        for s in document.sections
        for held in [frozenset(holds[s.number])]
    ]
    register.identify("section", sections)
    at = partial(_section_of, register, document)
    goals = [Candidate(g.number, g.number, g.title, at(g.span)) for g in found.goals]
    register.identify("goal", goals, renamed)


def identify_rest(
    register: Register,
    document: Document,
    found: Extraction,
    renamed: Mapping[str, str],
    period: Years,
) -> None:
    """Identify what links join and values belong to, sections and goals being identified; renamed:
    the names that a person gave, by the names before."""
    for kind, entities in (("zone", found.zones), ("institution", found.institutions)):
        register.identify(kind, named({e.name: e.aliases for e in entities}), renamed)
    measures = [
        Candidate(m.number, m.number, document.read(m.span).text, _within(register, m.section))
        for m in found.measures
    ]
    register.identify("measure", measures)
    at = partial(_section_of, register, document)
    results = [Candidate(a.number, a.number, a.what, at(a.span)) for a in found.achievements]
    register.identify("achievement", results)
    register.identify("indicator", _indicators(register, document, found), renamed)
    for kind in ("baseline", "target"):
        register.identify(kind, _values(register, found, kind, period))
    for indicator in found.indicators:
        own = register.identifiers["indicator", indicator.key]
        register.identifiers["quantity", indicator.key] = own


def identify_decided(register: Register, plan: Plan, corrections: Iterable[Correction]) -> None:
    """Identify what a person wrote beside the text (corrections that were carried out, errata,
    identities) by what it says: places in files move."""
    errata = ((f"{e.published}{_BECOMES}{e.correction}", str(e.span.start)) for e in plan.errata)
    identities = load_identities(plan.folder)
    for kind, entries in (
        ("correction", ((str(c.ordinal), _decision(c), "") for c in corrections)),
        ("erratum", ((str(n), *stated) for n, stated in enumerate(errata, 1))),
        ("identity", ((str(i.ordinal), f"{i.kind} {i.name}", i.source) for i in identities)),
    ):
        candidates = [Candidate(n, n, " ".join(words.split()), at) for n, words, at in entries]
        register.identify(kind, candidates)


def _decision(one: Correction) -> str:
    """What was decided, without who, when and why."""
    about = (part for part in (one.action, one.kind, one.name, one.quote) if part)
    made = (part for part in (" ".join(about), one.to, one.type, one.title) if part)
    return _BECOMES.join(made)


def names_given(register: Register, corrections: Iterable[Correction]) -> dict[str, str]:
    """The names that a person gave, by the names before: those read, and those given by
    corrections that were published and have been changed or taken back since."""
    given = {one.name: one.to for one in corrections if one.action == "rename" and one.name}
    for line in register.lines:
        if line.kind == "correction" and line.wording.startswith("rename ") and not line.withdrawn:
            read, _, former = line.wording.split(" ", 2)[2].partition(_BECOMES)
            if (now := given.get(read, read)) != former:
                given.setdefault(former, now)
    return given


def names_mended(
    document: Document, errata: Iterable[Erratum], entities: Iterable[Entity]
) -> dict[str, str]:
    """Names whose words a plan's errata mend, by the names that stand in the published text."""
    mended: dict[str, str] = {}
    by_start = {erratum.span.start: erratum for erratum in errata}
    for entity in entities:
        for span in entity.mentions:
            inside = [by_start[at] for at in range(span.start, span.end) if at in by_start]
            if inside:
                others = [erratum for erratum in document.errata if erratum not in inside]
                mended[stretch(document.text, span, others).text] = entity.name
    return mended


def named(names: Mapping[str, Collection[str]]) -> list[Candidate]:
    """Candidates by name with its other names, in a fixed order: of those that read alike in ASCII,
    the later one gets a number."""
    return [
        Candidate(name, "", name, aliases=tuple(sorted(others)))
        for name, others in sorted(names.items())
    ]


def _within(register: Register, number: str | None) -> str:
    return register.identifiers["section", number] if number else ""


def _section_of(register: Register, document: Document, span: Span) -> str:
    return _within(register, document.section_at(span.start))


def _indicators(register: Register, document: Document, found: Extraction) -> list[Candidate]:
    """Rows of tables by their names and categories, those of running text by their sections."""
    at = partial(_section_of, register, document)
    places = ((i, at(i.span) if i.number is None else i.category or "") for i in found.indicators)
    return [Candidate(one.key, one.key, one.name, place) for one, place in places]


def _values(register: Register, found: Extraction, kind: str, period: Years) -> list[Candidate]:
    """Values by the indicator that they are of and their years: a target that is raised is the same
    target, one for another year is another; the plan's own years may change. Of several, those of
    a row are known by the row's identifier, others by their sentence's; these come first, since a
    row that was read from the sentence before has the sentence's number."""
    candidates = []
    of_kind = (value for value in found.values if value.kind.lower() == kind)
    for value in sorted(of_kind, key=lambda one: one.sentence is None):
        own = register.identifiers["indicator", value.indicator]
        if value.sentence is None or value.key == value.indicator:
            natural = own + value.key.removeprefix(value.indicator)
        else:
            sentence = register.identifiers.get(("measure", value.sentence), value.sentence)
            natural = sentence + value.key.removeprefix(value.sentence)
        first, last = value.period
        of_plan = value.period in (period, (period[1], period[1]))
        wording = f"{own} {first}-{last}"
        candidates.append(Candidate(value.key, natural, wording, own, may_vary=of_plan))
    return candidates
