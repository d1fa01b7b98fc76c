"""Measures: which sentences commit somebody to act."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import accumulate, groupby

from kg.document.responsibility_scope import charged
from kg.document.structure import Document, Sentence
from kg.extract.clauses import Clause, clauses, strip_time
from kg.extract.model import Measure, Years
from kg.extract.timing import only_tells, without_past
from kg.extract.titling import action, is_label, takes_object
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.grammar import read_numbers

_OBJECT = 2  # characters of an object of a verb that no list has
_LABEL = 5  # characters of a verb and its object that may only name what follows, at most


def find_measures(
    document: Document, pure_targets: frozenset[str], period: Years
) -> tuple[Measure, ...]:
    """One measure a sentence in sections about measures, but for pure targets (by number), by what
    it says of the plan's period.

    A sentence whose own note charges somebody with it is one, whatever its verb, but for results;
    so is one that begins with a project's name, which is its title.
    """
    found = charged(document)
    measures: list[Measure] = []
    for sentence in document.sentences:
        row, task = found.rows.get(sentence.number), sentence.number in found.sentences
        name = document.read(row.name).text if row and row.name and document.acts(sentence) else ""
        if name and (at := sentence.text.find(name)) >= 0:
            whole = measure_of(document, sentence, Clause(at, at + len(name), name))
            measures.append(replace(whole, years=row.years, cost=row.cost) if row else whole)
        elif sentence.number not in pure_targets or task:
            measure = _measure(document, sentence, task, period[0])
            measures += [measure] if measure else []
    entries = _entries(document, {one.number for one in measures})
    return tuple(sorted((*measures, *entries), key=lambda one: one.span))


def _entries(document: Document, acted: Container[str]) -> Iterator[Measure]:
    """The entries of boxes of projects that name what is to be built and say no verb: of each the
    first sentence behind its label, titled by that where it is in the sentence, by its first clause
    else."""
    rules = lexicon("actions")["entries"]
    for _, group in groupby(document.sentences, key=lambda one: one.paragraph):
        these = list(group)
        if any(one.number in acted for one in these) or not document.acts(these[0]):
            continue
        if not in_box_of_projects(document, these[0]):
            continue
        named = [one for one in these if re.search(rules["said"], one.text)]
        whole = (c for one in named[:1] for c in clauses(one.text))
        first = next((c for c in whole if len(c.text) >= rules["shortest"]), None)
        if first and not read_numbers(first.text) and strip_time(first.text) == first.text:
            yield measure_of(document, named[0], first)


def in_box_of_projects(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence is in a box that a heading, its own or one in it, says is of projects."""
    section = document.section(sentence.section)
    words = section.wording
    while section.style != "box":
        if section.parent is None:
            return False
        section = document.section(section.parent)
        words = section.wording + words
    return re.search(lexicon("actions")["entries"]["boxes"], words) is not None


def _measure(document: Document, sentence: Sentence, task: bool, first: int) -> Measure | None:
    if not document.acts(sentence) or document.leads(sentence):
        return None
    rules = lexicon("actions")
    background = re.search(rules["background"], sentence.text) is not None
    aside = background or is_scope(sentence) or only_tells(sentence.text) or is_label(sentence.text)
    if aside or re.match(rules["statement"], sentence.text):
        return None
    ahead = without_past(sentence.text, first)
    clause = action(ahead)
    if clause is None and not in_box_of_projects(document, sentence):  # whose entries have no verb
        clause = _unlisted_action(ahead)
    clause = clause or next(iter(clauses(ahead) if task else ()), None)
    return None if clause is None else measure_of(document, sentence, clause)


def measure_of(document: Document, sentence: Sentence, clause: Clause) -> Measure:
    """A sentence as a measure, titled by one of its clauses."""
    title = clause.text.rstrip("。!?")
    title_span = sentence.read.locate(clause.start, clause.start + len(title))
    return Measure(
        sentence.number, sentence.section, document.printed(title_span), sentence.span, title_span
    )


def is_scope(sentence: Sentence) -> bool:
    """Whether the sentence only gives the bounds of a zone."""
    return re.match(lexicon("roles")["paragraph"]["scope"], sentence.text) is not None


def _unlisted_action(text: str) -> Clause | None:
    """The first clause of a sentence among measures that has a verb of the dictionary and its
    object; None where the sentence says how things are, or names things.
    """
    found = [clause for clause in clauses(text) if strip_time(clause.text)]
    described = pattern("actions", "unlisted", "described")
    ended = pattern("actions", "unlisted", "ended").search(text)
    if not ended or not found or described.search(found[0].text):
        return None
    several = len(found) > 1
    return next((c for c in found if not described.search(c.text) and _does(c, several)), None)


def _does(clause: Clause, several: bool) -> bool:
    """Whether a clause has a verb that an object stands behind and that an adverb, a time or, where
    the sentence has several clauses, a plain noun stands before."""
    text = strip_time(clause.text).rstrip(lexicon("names")["lists"]["closing"])
    words = cut(text)
    if len(text) <= _LABEL or pattern("actions", "commands", "states").search(text):
        return False
    places = accumulate(map(len, words), initial=0)
    return any(
        _is_led(words[:i], several) and takes_object(text[at:], _OBJECT)
        for i, at in enumerate(tuple(places)[:-1])
    )


def _is_led(before: list[str], several: bool) -> bool:
    """Whether a verb may stand behind words: none, an adverb or a time, a subject."""
    rules = lexicon("actions")["unlisted"]
    kind = part_of_speech(before[-1]) if before else ""
    is_plain = pattern("actions", "unlisted", "plain").fullmatch("".join(before)) is not None
    subject = several and is_plain and kind[:1] in rules["subjects"]
    return not before or kind in rules["leads"] or subject
