"""The words of a quantity's name: what belongs to it, and what only leads to its number."""

import re
from functools import cache, partial

from kg.extract.clause_numbers import Part, is_held
from kg.extract.clauses import prefix_of, verb_at, words_of
from kg.extract.name_forms import suffix_kind
from kg.extract.timing import without_time
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.grammar import DURATIONS, Number

_form = partial(pattern, "quantities", "name")


def without_lead(text: str) -> str:
    """Words without the conjunction, preposition or pledge that they begin with."""
    text = _form("lead").sub("", text)
    words = lexicon("quantities")["name"]["lead_words"]
    has = _form("has").match(text)
    return text[1:] if not has and text[:1] in words and cut(text)[0] in words else text


def bare_name(text: str) -> str:
    """A name without dates, pledges and adverbs at its ends."""
    before = ""
    while before != text:
        before = text
        text = without_time(_form("trail").sub("", without_lead(without_time(text))))
    return text


def acts_alone(word: str) -> bool:
    """Whether a word is a verb by which things come to be so many, or any other."""
    return word in words_of("counting") or (len(cut(word)) == 1 and part_of_speech(word) == "v")


@cache
def _level_verbs() -> tuple[str, ...]:
    """The words before a number that say what something comes to or turns by."""
    soft = lexicon("quantities")["commit"]["soft"]
    return tuple(
        word
        for c in lexicon("quantities")["comparator"]
        for word in c["before"]
        if c["id"] not in soft and word not in words_of("counting")
    )


def has_level_verb(part: Part) -> bool:
    """Whether the words before a number say what something comes to, or turns by."""
    return part.number.unit_id == "times" or any(word in part.lead for word in _level_verbs())


def without_verb(name: str) -> str:
    """A name of what is counted without the verb that brings it about (complete, foster)."""
    rules = lexicon("quantities")["name"]
    while (how := prefix_of("adverbs", name)) and verb_at(name[len(how) :], "counting"):
        name = name[len(how) :]
    while not pattern("quantities", "commit", "carried").match(name):
        verb = verb_at(name, "counting")
        rest = name[len(verb) :]
        if not verb or len(rest) < SHORTEST or verb in rules["kept"]:
            return name
        if re.match(rules["facilities"], name):
            return name
        level = re.search(lexicon("quantities")["whole"]["levels"], rest)
        if level and verb in rules["nouns"]:
            return name  # a noun that looks like a verb qualifies a level
        if verb.startswith(rules["own"]) or not verb.startswith(cut(name)[0]):
            return name
        if rest.startswith(tuple(rules["nouns"])):
            return rest
        name = rest
    return name


def without_examples(name: str) -> str:
    """A name of a class without the named ones of it that stand before it as examples."""
    match = _form("examples").fullmatch(name)
    if match is None:
        return name
    items = match["items"]
    verb = verb_at(items, "counting")
    shown = any(suffix_kind(one) for one in items[len(verb) :].split("、"))
    return verb + match["class"] if shown else name


def done_to(name: str, subject: str, counts: bool = False) -> str:
    """A verb alone (counts: though it brings about nothing) with what the former verb acts on: so
    much is made, so much improved."""
    if not (name in words_of("counting") or counts) or not subject:
        return name
    if subject.endswith(name):
        return subject
    stock = next(filter(subject.startswith, lexicon("quantities")["name"]["stock"]), "")
    verb = stock or verb_at(subject, "counting")
    if verb and verb == cut(subject)[0]:
        return name + subject[len(verb) :]
    done = next((v for v in words_of("counting") if subject.endswith(v)), "")
    return name + subject.removesuffix(done)


SHORTEST = 2  # characters of a name


def of_subject(name: str, subject: str) -> str:
    """A name that says no more than how much, where, a share or a grade is the former subject's."""
    rules = lexicon("quantities")["name"]
    if subject and _form("graded").fullmatch(name):
        verb = next((v for v in longest_first(rules["kept"]) if subject.startswith(v)), "")
        thing = subject[len(verb) :].removesuffix(rules["number"])
        return name + _form("grade").sub("", thing)
    rate = _form("shares").search(subject)
    if rate and _form("places").fullmatch(name):
        return name + _form("placed").sub("", subject)
    others = _form("of_group").fullmatch(f"{subject},{name}")
    if others:
        return str(others["rate"] + name)
    size = _form("sized").match(subject) if _form("of_size").match(name) else None
    if size:
        return size["of"] + name
    if subject and name.startswith(rules["part_of"]):
        return _form("grows_by").sub("", subject).removesuffix(rules["number"]) + name
    return name


def as_its_fellow(name: str, subject: str) -> str:
    """A name that says only of what, with what the former subject measures of such a thing (value
    added, of one sector and so of the next)."""
    levels = pattern("quantities", "whole", "levels")
    kind = next((name[-n:] for n in range(len(name) - 1, 1, -1) if name[-n:] in subject), "")
    measure = subject.rpartition(kind)[2] if kind and not levels.search(name) else ""
    return name + measure if levels.search(measure) else name


def counted(name: str, number: Number) -> str:
    """A name that says what is counted: that it is a number of things."""
    rules, name = lexicon("quantities")["name"], name.rstrip()
    if name in words_of("counting"):
        by_unit = rules["by_unit"]
        if unit := next((end for end in by_unit if number.unit_text.endswith(end)), ""):
            return str(name + by_unit[unit])
    name = rules["ordered"].get(name, name)
    if number.governed and number.unit_id in DURATIONS and acts_alone((cut(name) or [""])[-1]):
        return str(name + rules["time"])
    if number.kind == "ratio" and name.endswith(rules["part_of"]):
        return str(name.removesuffix(rules["part_of"]) + rules["share"])
    if number.kind == "count" and not name.endswith(tuple(rules["counts"])):
        size = lexicon("quantities")["numeral"]["size"]
        return str(name + (size if is_held(number, name) else rules["number"]))
    return str(name + rules["persons"]) if name.endswith(rules["people"]) else str(name)
