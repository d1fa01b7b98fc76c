"""What a person decided about names -> sentences to learn from; a model learned anew with them,
beside one without."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import PlanlinkError
from kg.extract.entities import units
from kg.extract.extraction import extract
from kg.extract.labels import KINDS, OUTSIDE, spelled
from kg.extract.model import Extraction
from kg.extract.name_scores import Figure, figures
from kg.extract.pretrained import Pretrained, pretrained
from kg.extract.tagger import Tagger, read_model
from kg.extract.train import read_annotated
from kg.extract.training_examples import UNKNOWN, VERSION, Annotated, Labelled, learn, pack, prepare
from kg.lexicon import grouped
from kg.link.applying import apply_corrections
from kg.link.corrections import Correction, load_corrections
from kg.link.decided import entity_named
from kg.link.reading import document_of
from kg.source.areas import own_names
from kg.source.plan import Plan
from kg.source.text import Span

_EVERY = 5  # one plan of so many is held back from learning, for models to be compared on


@dataclass(frozen=True)
class Taught:
    """What a plan's corrections teach.

    texts: the sentences that were decided about, with the names of the area and the types of names;
        only the characters of names that a person decided about are labelled.
    learned, passed: how many corrections teach something, and how many do not: those of links,
        measures and values, which rules read, and those that find nothing to correct.
    """

    texts: Annotated
    learned: int
    passed: int


@dataclass(frozen=True)
class Learned:
    """A model learned anew, and how it does on plans held back.

    packed: the model file. before, after: figures of models learned without and with the
    corrections, on the plans held back from both. held: how many sentences those have.
    """

    packed: bytes
    version: str
    before: dict[str, Figure]
    after: dict[str, Figure]
    held: int

    @property
    def fallen(self) -> tuple[str, ...]:
        """The figures that the corrections made worse."""
        return tuple(name for name, f in self.after.items() if f.f1 < self.before[name].f1)


def taught_by(plan: Plan, tagger: Tagger) -> Taught:
    """What the corrections of a plan teach a tagger, with which its names were read."""
    corrections = load_corrections(plan.folder)
    document = document_of(plan, corrections)
    extraction = extract(document, plan.period, plan.area, tagger)
    texts = units(document)
    places = ([one.locate(i, i + 1).start for i in range(len(one.text))] for one in texts)
    sheet = _Sheet([(one.text, at) for one, at in zip(texts, places, strict=True)])
    types: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    learned = passed = 0
    for one in corrections:
        applied = apply_corrections(document, extraction, (one,), plan.period)
        if one.kind in KINDS and applied.made:
            _teach(sheet, types[one.kind], one, extraction, applied.extraction)
            learned += 1
        else:
            passed += 1
        extraction = applied.extraction
    return Taught(Annotated(own_names(plan.area), sheet.texts(), types), learned, passed)


class _Sheet:
    """Texts whose characters are labelled one by one, each with their places in the source."""

    def __init__(self, texts: Sequence[tuple[str, list[int]]]) -> None:
        self._texts = texts
        self._labels = [[UNKNOWN] * len(text) for text, _ in texts]
        self._at = {
            place: (number, i)
            for number, (_, places) in enumerate(texts)
            for i, place in enumerate(places)
        }

    def put(self, span: Span, kind: str | None, name: str) -> None:
        """Label a mention as a name of a kind, or its characters as none; name: the right one,
        which may reach further than the mention or less far; "" for the mention itself."""
        if span.start not in self._at:  # in a note, or where the model reads nothing
            return
        number, start = self._at[span.start]
        text, places = self._texts[number]
        end = start + sum(place < span.end for place in places[start:])
        labels = self._labels[number]
        labels[start:end] = [OUTSIDE] * (end - start)
        if kind is None:
            return
        at = text.find(name, max(0, start - len(name))) if name else -1
        if 0 <= at < end and start < at + len(name):
            start, end = at, at + len(name)
        if end - start > 1:
            labels[start:end] = spelled(kind, end - start)

    def texts(self) -> tuple[Labelled, ...]:
        """The texts of which anything is labelled."""
        found = (
            Labelled(text, tuple(labels))
            for (text, _), labels in zip(self._texts, self._labels, strict=True)
        )
        return tuple(text for text in found if text.annotated)


def _teach(
    sheet: _Sheet, types: dict[str, str], one: Correction, before: Extraction, after: Extraction
) -> None:
    """Label the mentions of the name that one correction is about."""
    added = one.action == "add"
    entity = entity_named(after if added else before, one.kind, one.name)
    assert entity is not None  # the correction was made
    for span in entity.mentions:
        kind = None if one.action == "reject" else one.kind
        sheet.put(span, kind, "" if added else one.to)
    if one.action in ("add", "retype", "accept"):
        types[one.quote or entity.name] = one.type or entity.type


def learn_anew(
    gold: Sequence[Sequence[str]], taught: Sequence[Taught], say: Callable[[str], None]
) -> Learned:
    """Learn a model from gold, the file of annotations and the plan of each plan, and what
    corrections teach; PlanlinkError where gold is of fewer than two plans.

    Two further models are learned to tell what the corrections change: with and without them, both
    without the plans that are held back, every fifth of the gold. It says what is done,
    since it takes minutes.
    """
    held, kept = _part(gold, taught)
    lessons = [one.texts for one in taught]
    begun = pretrained()
    say("learning without the corrections")
    before = figures(read_model(_learned(kept, begun, VERSION)), held)
    say("learning with them")
    after = figures(read_model(_learned([*kept, *lessons], begun, VERSION)), held)
    say("learning from everything")
    digest = hashlib.sha256(repr(list(lessons)).encode()).hexdigest()[:12]
    version = f"{VERSION}+{digest}"  # by what corrections it has learned from
    packed = _learned([*kept, *held, *lessons], begun, version)
    return Learned(packed, version, before, after, sum(len(plan.texts) for plan in held))


def _part(
    gold: Sequence[Sequence[str]], taught: Sequence[Taught]
) -> tuple[list[Annotated], list[Annotated]]:
    """The plans held back, and the others; one that corrections are of is not held back."""
    own = {name for one in taught for name in one.texts.own}
    by_plan = grouped((Path(pair[0]).stem, read_annotated(Path(pair[0]), pair[1])) for pair in gold)
    free = [slug for slug in sorted(by_plan) if not any(own & set(p.own) for p in by_plan[slug])]
    chosen = set(free[::-_EVERY])
    if not chosen or len(by_plan) == len(chosen):
        raise PlanlinkError.of("learning_plans", "--gold", len(by_plan))
    held = [plan for slug in sorted(chosen) for plan in by_plan[slug]]
    return held, [plan for slug, plans in by_plan.items() if slug not in chosen for plan in plans]


def _learned(plans: Sequence[Annotated], begun: Pretrained, version: str) -> bytes:
    lesson = prepare(plans, begun)
    return pack(learn(lesson, begun), lesson, {"version": version})
