"""What a measure is titled by: the clause of its sentence that acts, from where it does."""

from __future__ import annotations

from functools import cache

from kg.extract.clauses import (
    Clause,
    acts,
    behind_adverbs,
    clauses,
    prefix_of,
    strip_adverbs,
    strip_time,
    verb_at,
    words_of,
)
from kg.lexicon import lexicon, longest_first
from kg.lexicon.dictionary import cut

_SHORTEST = 2  # characters of what is acted on
_JOINING = "、和与及"


def action(text: str) -> Clause | None:
    """The clause a sentence is titled by: the first that acts and is no means clause, from where it
    acts.

    Failing that the first that acts at all, failing that the last that pledges (坚持 …, 把 …
    转化为 …).
    """
    found = clauses(text)
    for clause in found:
        if _acts(clause.text) and not _is_means(clause.text):
            return _from_action(clause)
        if (at := _governed(clause.text)) is not None:
            return Clause(clause.start + at, clause.end, clause.text[at:])
    chosen = next((c for c in found if acts(c.text)), None)
    chosen = chosen or next(
        (c for c in reversed(found) if strip_time(c.text).startswith(words_of("pledges"))), None
    )
    return None if chosen is None else _from_action(chosen)


def _from_action(chosen: Clause) -> Clause:
    """A clause without its date, and without a subject that means the whole area."""
    bare = strip_time(chosen.text)
    subject = prefix_of("subjects", bare) or ""
    if verb_at(strip_adverbs(bare[len(subject) :])):
        bare = bare[len(subject) :]
    skipped = len(chosen.text) - len(bare)
    return Clause(chosen.start + skipped, chosen.end, chosen.text[skipped:])


def _is_means(clause: str) -> bool:
    """Whether a clause only says how, why or on what ground."""
    bare = strip_time(clause)
    if not bare or (bare.endswith(words_of("means_ends")) and _carried_out(bare)):
        return True
    word = prefix_of("means", bare)
    if word is not None:
        plays = word.endswith(words_of("playing")) and bare.endswith(words_of("parts"))
        return not plays and len(word) >= len(_starts(bare))
    return bare != clause and not acts(clause)


def _carried_out(clause: str) -> bool:
    """Whether a clause carries out what others have said."""
    return (behind_adverbs(clause) or clause).startswith(words_of("carried_out"))


def _starts(text: str) -> str:
    """The word that begins the action that the text begins with, of verbs and of words that are no
    more than that."""
    return max(prefix_of("verbs", text) or "", prefix_of("beginnings", text) or "", key=len)


def _acts(clause: str) -> bool:
    """Whether a clause begins with an action, by verbs and by words that begin one only here."""
    bare = strip_adverbs(strip_time(clause))
    while not _starts(bare) and (adverb := prefix_of("adverbs", bare)) is not None:
        bare = bare[len(adverb) :]
    return bool(_starts(bare)) and len(bare) > _SHORTEST


def _governed(clause: str) -> int | None:
    """Where a clause acts behind a phrase that a word at its start governs; None where it does
    not."""
    rules = lexicon("actions")["governing"]
    bare = strip_time(clause)
    skipped = len(clause) - len(bare)
    if bare.startswith(tuple(rules["whole"])):
        return skipped if any(verb in bare[2:] for verb in _strong()) else None
    word = next((w for w in _governing() if bare.startswith(w)), None)
    if word is None:
        return None
    ended = max((bare.find(e) + len(e) for e in rules["ends"] if e in bare), default=0)
    at = len(word)
    tokens = cut(bare[at:])
    for token in tokens[:-1]:
        free = at >= max(ended, len(word) + 1) and bare[at - 1] not in _JOINING
        if free and _acts_here(bare, at, token, at == ended):
            return skipped + at
        at += len(token)
    return skipped if word in rules["always"] and tokens[-1:] and tokens[-1] in _strong() else None


@cache
def _governing() -> tuple[str, ...]:
    rules = lexicon("actions")["governing"]
    return longest_first(rules["always"] + rules["at_times"])


@cache
def _strong() -> frozenset[str]:
    """Verbs that are no part of names."""
    words = lexicon("actions")
    return frozenset(words["verbs"]) - frozenset(words["inside_names"])


def _acts_here(text: str, at: int, token: str, ended: bool) -> bool:
    """Whether an action begins at a word of a clause: a verb, or an adverb before one."""
    rest = text[at:]
    behind = behind_adverbs(rest)
    verb = verb_at(behind) or ""
    if len(behind) < len(verb) + _SHORTEST:
        return False
    by_adverb = behind != rest and token in words_of("adverbs")
    return ended or by_adverb or (token == verb and verb in _strong())
