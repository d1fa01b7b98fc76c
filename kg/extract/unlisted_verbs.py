"""Clauses that say what is to be done by a verb that no list has: known by their frame, and by the
place of their sentence among measures."""

from itertools import accumulate

from kg.extract.clauses import Clause, clauses, strip_time
from kg.extract.titling import takes_object
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech

_SHORTEST = 2  # characters of an object
_LABEL = 5  # characters of a verb and its object that may only name what follows, at most


def unlisted_action(text: str) -> Clause | None:
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
        _is_led(words[:i], several) and takes_object(text[at:], _SHORTEST)
        for i, at in enumerate(tuple(places)[:-1])
    )


def _is_led(before: list[str], several: bool) -> bool:
    """Whether a verb may stand behind words: none, an adverb or a time, a subject."""
    rules = lexicon("actions")["unlisted"]
    kind = part_of_speech(before[-1]) if before else ""
    is_plain = pattern("actions", "unlisted", "plain").fullmatch("".join(before)) is not None
    subject = several and is_plain and kind[:1] in rules["subjects"]
    return not before or kind in rules["leads"] or subject
