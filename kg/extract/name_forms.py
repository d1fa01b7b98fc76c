"""What the form of a name shows: its kind and type, or that it names no single place or body."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from kg.document.sentences import action_verbs
from kg.extract.characters import plain
from kg.extract.labels import KINDS
from kg.lexicon import lexicon, longest_first, pattern, with_parts
from kg.lexicon.dictionary import cut, has_word, part_of_speech
from kg.source import gazetteer

_SHORTEST = 2  # characters of a division's name
TOO_SHORT = 2  # fewer characters are no name
STEM = 2  # characters of a name before the word that shows its form, at least
_CERTAIN = 0.95  # the confidence of a name that common words may make up
BESIDE = 0.5  # the confidence of what is only known by the names beside it
RULE = 0.9  # the confidence of what a rule finds


@dataclass(frozen=True)
class Name:
    """A name at text[start:end], in its full form, with the probability that it is one."""

    start: int
    end: int
    text: str
    kind: str
    type: str
    confidence: float = 1.0


def free(names: Sequence[Name], others: Iterable[Name]) -> list[Name]:
    """Those of the others that overlap none of the names."""
    return [o for o in others if all(o.end <= n.start or n.end <= o.start for n in names)]


def kind_of(type_: str) -> str:
    """The kind that names of a type are of."""
    return next(kind for kind in KINDS if type_ in lexicon("names")[kind])


@cache
def _forms() -> dict[str, tuple[str, str]]:
    """The kind and type that each last word of names implies."""
    return {
        suffix: (kind, type_)
        for kind in reversed(KINDS)
        for type_, suffixes in reversed(lexicon("names")[kind].items())
        for suffix in suffixes
    }


def _form_of(name: str) -> tuple[str | None, str]:
    """The kind and type that the last word of a name implies; None and "" where it has no form."""
    return _forms().get(suffix_of(name) or "", (None, ""))


def suffix_kind(name: str) -> str | None:
    """The kind that the last word of a name implies, None where it has no form."""
    return _form_of(name)[0]


def suffix_of(name: str) -> str | None:
    """The word that shows a name's form, None where it has none."""
    return next((name[i:] for i in range(len(name)) if name[i:] in _forms()), None)


@cache
def sure_divisions() -> tuple[frozenset[str], frozenset[str]]:
    """Names that are surely divisions': full ones, short ones of provinces and cities but of
    waters, and cities abroad; and every name of a division."""
    waters = set(lexicon("names")["general"]["waters"])
    zone, great = gazetteer.Level.ZONE, (gazetteer.Level.PROVINCE, gazetteer.Level.CITY)
    present = [d for d in gazetteer.divisions()[1:] if d.until is None and d.level is not zone]
    every = {name for one in present for name in one.names} & division_names()
    full = {one.name for one in present} & every
    short = {name for one in present if one.level in great for name in one.names} & every
    sure = full | (short - waters) | set(lexicon("names")["organs"]["region"])
    return frozenset(sure), frozenset(every)


@cache
def _settled() -> tuple[tuple[str, str, str, re.Pattern[str]], ...]:
    return tuple(
        (kind, kind_of(type_), type_, re.compile(form))
        for one in lexicon("names")["settled"]
        for kind, forms in one.items()
        for type_, form in forms.items()
    )


def of_sure_form(name: Name) -> Name:
    """A name with the type that its form shows surely: a division's, a line's, an organ's."""
    if name.kind == "zone" and _is_division(name):
        return replace(name, type="region")
    texts = dict.fromkeys((bare(name.text), name.text))
    for kind, becomes, type_, form in _settled():
        if kind == name.kind and any(map(form.search, texts)):
            return replace(name, kind=becomes, type=type_)
    return name


def bare(name: str) -> str:
    """A name without what follows the word that shows its form: a bracket, a stage of building."""
    return pattern("names", "ends", "stage").sub("", name) or name


def _is_division(name: Name) -> bool:
    """Whether a name is surely a division's, or one with those above it; or may be a short one and
    is known for nothing else."""
    sure, every = sure_divisions()
    short = name.text in every and name.type in lexicon("areas")["guessed"]
    path = (name.text not in one.names for one in gazetteer.resolve(name.text))
    return name.text in sure or short or any(path)


def type_of_form(name: str, kind: str) -> str:
    """The type of a name that the tagger knows none for."""
    shown, type_ = _form_of(bare(name))
    place = "region" if name in division_names() else "site"
    body = "company" if is_firm(name) else "other"
    return type_ if shown == kind else place if kind == "zone" else body


def up_to(name: Name, length: int) -> Name:
    """The first characters of a name as one of its own, of the kind that its form shows."""
    text = name.text[:length]
    shown = suffix_kind(text)
    kind = shown or ("zone" if text in division_names() else name.kind)
    by_end = type_of_form(name.text, name.kind) == name.type
    type_ = type_of_form(text, kind) if shown or by_end or kind != name.kind else name.type
    return replace(name, end=name.start + length, text=text, kind=kind, type=type_)


@cache
def with_verbs(form: str) -> str:
    """A form with the verbs of a plan that are in no name."""
    return with_parts(form, {"verbs": "|".join(longest_first(sorted(action_verbs())))})


@cache
def division_names() -> frozenset[str]:
    """The names of today's divisions, short and long, that are no common words."""
    common = set(lexicon("areas")["common"])
    return frozenset(
        name
        for one in gazetteer.divisions()[1:]
        if one.until is None
        for name in one.names
        if name not in common and len(name) >= _SHORTEST
    )


@cache
def _common() -> re.Pattern[str]:
    """Names of common words alone, a kind of places last."""
    rules = lexicon("names")["general"]
    kinds = "|".join(longest_first(rules["kinds"]))
    words = "|".join(longest_first(rules["words"] + rules["kinds"]))
    return re.compile(
        f"(?:(?:{words})*(?:{kinds})(?:\\((?:{kinds})\\))?|{'|'.join(rules['places'])})"
    )


def is_general(name: Name) -> bool:
    """Whether a name is a kind of land or place, a class of bodies, or what is held or granted."""
    rules, text = partial(pattern, "names", "general"), name.text
    if rules("events").search(text):
        return True
    if name.kind == "institution":
        return rules("bodies").fullmatch(text) is not None
    if rules("granted").fullmatch(text):
        return all(part_of_speech(word) != "ns" for word in cut(text))
    grown = rules("produce").fullmatch(text) and text not in division_names()
    kept = name.confidence > _CERTAIN
    return bool(grown or (not kept and (rules("uses").search(text) or _common().fullmatch(text))))


def stem_sure(text: str) -> float:
    """How sure it is that characters are a proper name: no word, or a word for names."""
    if has_word(text):
        rules, tag = lexicon("names")["companies"], part_of_speech(text)
        return RULE if tag in rules["sure"] else BESIDE if tag in rules["proper"] else 0.0
    return RULE if all(map(plain, text)) and max(map(len, cut(text))) == 1 else 0.0


def is_firm(text: str) -> bool:
    """Whether a text is what a company trades in, behind a stem."""
    stems = (text[:i] for i in (STEM, STEM + 1) if text[i:] in trades())
    return any(stem not in trades() and stem_sure(stem) for stem in stems)


@cache
def trades() -> frozenset[str]:
    """What companies trade in that are named by it."""
    rules = lexicon("names")["companies"]
    return frozenset(rules["trades"] + rules["loose"])
