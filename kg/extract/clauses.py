"""Clauses of a sentence: where they begin, and whether they act."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.lexicon import lexicon, longest_first, pattern

# Sentences and clauses kept: each reader goes through all of a plan, which has thousands, so that
# fewer would be gone before they are asked for again; a corpus has no end.
OF_A_PLAN = 1 << 14
_BREAKS = ",;:。!?"
PAIRS = {"(": ")", "《": "》", "“": "”", "[": "]", "‘": "’", '"': '"', "「": "」", "『": "』"}
# A comma between thousands and the colon of a ratio break no clause.
_IN_NUMBER = r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d)"
_MARKS = re.compile(f"(?!{_IN_NUMBER})[{_BREAKS}{re.escape(''.join((*PAIRS, *PAIRS.values())))}]")


@dataclass(frozen=True)
class Clause:
    """A clause: its place in the sentence, and where the action begins after time and adverbs."""

    start: int
    end: int
    text: str


@cache
def words_of(name: str) -> tuple[str, ...]:
    """A list of lexicon/actions.toml, longer words first."""
    return longest_first(lexicon("actions")[name])


@lru_cache(OF_A_PLAN)
def clauses(text: str) -> tuple[Clause, ...]:
    """Cut a sentence at its commas, semicolons and colons, but not inside brackets or quotes, and
    leave out what only counts them (一是, 其二).
    """
    found: list[Clause] = []
    start, closing = 0, ""
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if closing:
            if mark == closing:
                closing = ""
        elif mark in PAIRS:
            closing = PAIRS[mark] if PAIRS[mark] in text[at:] else ""
        elif mark in _BREAKS:
            found.append(_uncounted(text, start, at))
            start = at + 1
    found.append(_uncounted(text, start, len(text)))
    return tuple(clause for clause in found if clause.text)


def _uncounted(text: str, start: int, end: int) -> Clause:
    """A clause without the number by which its sentence counts it."""
    counted = pattern("actions", "clause", "counted").match(text, start, end)
    begin = counted.end() if counted else start
    return Clause(begin, end, text[begin:end])


@cache
def _by_first(name: str) -> dict[str, dict[int, set[str]]]:
    """The words of a list by their first character and their length, longer ones first."""
    found: dict[str, dict[int, set[str]]] = {}
    for word in words_of(name):
        found.setdefault(word[0], {}).setdefault(len(word), set()).add(word)
    return found


def prefix_of(name: str, text: str) -> str | None:
    """The longest word of a list that the text begins with."""
    for length, words in _by_first(name).get(text[:1], {}).items():
        if text[:length] in words:
            return text[:length]
    return None


@lru_cache(OF_A_PLAN)
def strip_time(text: str) -> str:
    """The clause without a leading date or period."""
    return (
        text[match.end() :] if (match := pattern("actions", "clause", "time").match(text)) else text
    )


@lru_cache(OF_A_PLAN)
def strip_adverbs(text: str) -> str:
    """The clause from its first word that is no adverb, and no subject meaning the whole area."""
    subject = prefix_of("subjects", text) or ""
    rest = text[len(subject) :]
    verb = verb_at(behind_adverbs(rest)) if subject else None
    if verb and verb not in words_of("inside_names"):
        text = rest
    return behind_adverbs(text) or text


@lru_cache(OF_A_PLAN)
def behind_adverbs(text: str) -> str:
    """A text from its first word that is no adverb, where that is a verb; else nothing."""
    adverb = prefix_of("adverbs", text)
    behind = behind_adverbs(text[len(adverb) :]) if adverb else ""
    return behind or (text if verb_at(text) else "")


def unpaired(text: str) -> bool:
    """Whether a text holds a bracket or quotation mark without the other of its pair."""
    return any(text.count(opened) != text.count(closed) for opened, closed in PAIRS.items())


@cache
def commit_verbs() -> tuple[str, ...]:
    """The verbs that bring about so many, longer ones first."""
    return longest_first(lexicon("quantities")["commit"]["verbs"])


def verb_at(text: str) -> str | None:
    """The action verb that the text begins with."""
    return prefix_of("verbs", text)


def opening_verb(text: str) -> str:
    """The verb that a text begins with, one that is common inside names too; "" if none."""
    return max(verb_at(text) or "", prefix_of("beginnings", text) or "", key=len)


def acts(clause: str) -> bool:
    """Whether a clause begins with an action, after its date and adverbs."""
    bare = strip_adverbs(strip_time(clause))
    return verb_at(bare) is not None and len(bare) > 2


def verbs_before(item: str) -> int:
    """Where the name begins in the first item of a list: behind the verbs that govern it."""
    bare = strip_adverbs(item)
    while (verb := opening_verb(bare)) and len(verb) < len(bare):
        bare = bare[len(verb) :]
    return len(item) - len(bare)
