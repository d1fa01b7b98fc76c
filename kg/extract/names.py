"""Names of places and organisations in a document: what the learned tagger finds, and what regular
language says besides: offices, organs, lines by number, names that share an ending."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from kg.extract.characters import Area
from kg.extract.known_names import joined_offices, organ_kinds, organs, shaped
from kg.extract.name_bounds import bounded, is_within, requoted, unquoted
from kg.extract.name_forms import (
    STEM,
    TOO_SHORT,
    Name,
    division_names,
    free,
    is_firm,
    is_general,
    of_sure_form,
    suffix_kind,
    suffix_of,
    type_of_form,
    up_to,
)
from kg.extract.name_lists import (
    firms,
    listed,
    of_two_places,
    with_shared_endings,
    with_systems,
    with_waters,
)
from kg.extract.split_names import (
    around_verbs,
    divisions_in,
    from_to,
    is_whole,
    joined_to_names,
    set_apart,
)
from kg.extract.tagger import Tagged, Tagger
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.grammar import inside_title

_COMMON = "nvabdz"  # parts of speech of what is no part of a name behind its form


class Reader:
    """Finds names in the texts of a document, but for own, the names of the plan's own area, short
    and long."""

    def __init__(self, own: Iterable[str], tagger: Tagger) -> None:
        self._own = frozenset(own)
        self._area = Area.of(self._own)
        self._tagger = tagger

    def names(self, texts: Sequence[str]) -> list[list[Name]]:
        """The names in each text, in order, none inside another; a string has one kind."""
        tagged = self._tagger.tag(texts, self._area)
        found = [
            self._complete(text, [_name(text, one) for one in names])
            for text, names in zip(texts, tagged, strict=True)
        ]
        agreed = zip(texts, _agreed(found), strict=True)
        return [[_as_acting_body(text, name) for name in names] for text, names in agreed]

    def _complete(self, text: str, names: list[Name]) -> list[Name]:
        names = [part for name in names for part in unquoted(requoted(text, name))]
        names = [part for name in names for part in around_verbs(name)]
        names = [place for name in names for place in from_to(text, name)]
        names = [self._acting(bounded(name)) for name in names]
        names = [part for name in names for part in self._split_at_joint(self._bracketed(name))]
        names = _sooner(names, [n for n in shaped(text) if not _outdone(n, names)])
        praise = pattern("names", "general", "praise")
        names = [n for n in names if not is_general(n)]
        names = [n for n in names if praise.sub("", n.text) not in self._own]
        offices = list(joined_offices(text))
        names = offices + free(offices, names)
        names = _sooner(names, list(organs(text)))
        names += free(names, [n for n in listed(text, names) if n.text not in self._own])
        names += free(names, firms(text, names))
        names += free(names, [n for n in set_apart(text) if n.text not in self._own])
        names += free(names, [n for n in joined_to_names(text, names) if n.text not in self._own])
        names += free(names, divisions_in(text, self._area.inside))
        titled = pattern("names", "ends", "titled")  # no other part of a work's title is a name
        names = [n for n in names if titled.match(text, n.end) or not inside_title(text, n.end)]
        names = [name for name in names if not is_within(text, name.start, name.end)]
        made = pattern("names", "ends", "made").match
        kept = division_names()
        names = [n for n in names if suffix_of(n.text) or n.text in kept or not made(text, n.end)]
        names = with_systems(text, sorted(names, key=attrgetter("start")))
        sure = (of_sure_form(self._ended(name)) for name in with_shared_endings(text, names))
        named = (self._unstaged(name) for name in sure if not is_general(name))
        return with_waters(text, of_two_places(text, sorted(named, key=attrgetter("start"))))

    def _unstaged(self, name: Name) -> Name:
        """A name without the stage of building that it stands with, where it has a form; one that
        the whole was read as no place of is what that form shows."""
        works = pattern("names", "ends", "works").sub("", name.text)
        whole = pattern("names", "ends", "stages").sub("", works)
        kind = suffix_kind(whole)
        other = works != name.text or (kind == "institution" and whole != name.text)
        if other and kind and is_whole(whole):
            return replace(name, text=whole, kind=kind, type=type_of_form(whole, kind))
        shown = kind == name.kind and suffix_of(whole) != whole
        return replace(name, text=whole) if shown or self._formed(whole, name.kind) else name

    def _split_at_joint(self, name: Name) -> list[Name]:
        """Two names that a conjunction joins, where each has the form of a name."""
        for joint in lexicon("names")["ends"]["joints"]:
            left, found, right = name.text.partition(joint)
            shown = suffix_kind(left) or not _is_common(right)
            if found and shown and all(self._formed(one, name.kind) for one in (left, right)):
                second = replace(name, start=name.end - len(right), text=right)
                return [replace(name, end=name.start + len(left), text=left), second]
        return [name]

    def _ended(self, name: Name) -> Name:
        """A place or firm up to the common words behind the one that shows its form."""
        if of_sure_form(replace(name, type="")).type:
            return name
        for end in range(len(name.text) - TOO_SHORT, STEM, -1):
            whole, rest = name.text[:end], name.text[end:]
            if not (is_whole(whole) if name.kind == "zone" else is_firm(whole)):
                continue
            closed = suffix_kind(rest) or self._tagger.ending_of(rest, name.kind)
            if not closed and all(part_of_speech(w)[0] in _COMMON for w in cut(rest)):
                return up_to(name, end)
        return name

    def _acting(self, name: Name) -> Name:
        """A name up to the verb that what it names does."""
        rules = lexicon("names")["ends"]
        for verb in rules["acts"] + rules["events"]:
            whole = name.text.partition(verb)[0]
            # at its end, or before the stage that it is built in
            if pattern("names", "ends", "stage").match(name.text, len(whole)):
                continue
            named = verb in rules["events"] and is_whole(whole)
            if named or self._formed(whole, name.kind):
                return up_to(name, len(whole))
        return name

    def _bracketed(self, name: Name) -> Name:
        """An organisation without the brackets that tell what it works on; any name without those
        that tell what it is called from there on."""
        whole, found, inside = name.text.removesuffix(")").rpartition("(")
        if not found or not name.text.endswith(")"):
            return name
        called = pattern("names", "called", "pattern").match(name.text, len(whole))
        if not called and (name.kind == "zone" or self._is_of_name(inside, name.kind)):
            return name
        return replace(name, text=whole, end=name.start + len(whole))

    def _is_of_name(self, inside: str, kind: str) -> bool:
        """Whether what is in brackets belongs to the name before them: a place or a body."""
        kept = inside in lexicon("names")["brackets"]["kept"] or inside in division_names()
        kept = kept or inside in self._own
        return kept or self._formed(inside, kind) or self._formed(inside, "zone")

    def _formed(self, text: str, kind: str) -> bool:
        """Whether a text is more than the word that shows a name's form."""
        body, trades = kind == "institution", lexicon("names")["companies"]["trades"]
        if body and text in organ_kinds():
            return True
        known = body and text.endswith(tuple(trades))
        known = known or suffix_kind(text[STEM:]) == kind
        known = known or bool(self._tagger.ending_of(text[STEM:], kind, TOO_SHORT))
        return len(text) > STEM + 1 and known


def _is_common(text: str) -> bool:
    """Whether a text begins with a noun that is no name, as the second part of one name does."""
    word = next(iter(cut(text)), "")
    return len(word) > 1 and part_of_speech(word) == "n"


def _as_acting_body(text: str, name: Name) -> Name:
    """A museum, library or hall, a works, or what no form shows to be a place, as a body where its
    sentence has it act."""
    hall = pattern("names", "halls", "form").search(name.text)
    if name.kind != "zone" or not (hall or type_of_form(name.text, "zone") == "site"):
        return name
    asked = pattern("names", "halls", "asked").search(text, 0, name.start)
    acts = pattern("names", "halls", "acts" if hall else "grows").match(text, name.end)
    type_ = "museum" if hall and not hall["works"] else "company"
    return replace(name, kind="institution", type=type_) if asked and acts else name


def _name(text: str, one: Tagged) -> Name:
    name = text[one.start : one.end]
    if listed := organ_kinds().get(name):
        return Name(one.start, one.end, name, *listed, one.confidence)
    type_ = one.type or type_of_form(name, one.kind)
    return Name(one.start, one.end, name, one.kind, type_, one.confidence)


def _sooner(names: list[Name], sure: Sequence[Name]) -> list[Name]:
    """Names, with those that are sure in place of others inside them."""
    same = {(one.start, one.end, one.kind) for one in sure}
    kept = [
        n
        for n in names
        if (n.start, n.end, n.kind) in same or all(n.start < s.start or s.end < n.end for s in sure)
    ]
    return kept + free(kept, sure)


def _outdone(name: Name, names: Sequence[Name]) -> bool:
    """Whether a name only has more before one that is surer."""
    held = [one for one in names if name.start <= one.start and one.end <= name.end]
    return [(one.end, one.confidence > name.confidence) for one in held] == [(name.end, True)]


def _agreed(found: list[list[Name]]) -> list[list[Name]]:
    """One string, one kind and type: those that its mentions are surest of together."""
    votes: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))
    kinds: dict[tuple[str, str], float] = defaultdict(float)
    for name in itertools.chain.from_iterable(found):
        votes[name.text][name.kind, name.type] += name.confidence
        kinds[name.text, name.kind] += name.confidence
    chosen = {
        text: max(sorted(counts), key=lambda pair: (kinds[text, pair[0]], counts[pair]))
        for text, counts in votes.items()
    }
    return [
        [replace(n, kind=chosen[n.text][0], type=chosen[n.text][1]) for n in names]
        for names in found
    ]
