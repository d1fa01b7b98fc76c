"""Clauses of a sentence: where they begin, whether they act, and what a measure is titled by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.lexicon import lexicon, longest_first

_BREAKS = ",;:。!?"
_PAIRS = {"(": ")", "《": "》", "“": "”", "[": "]", "‘": "’"}
# A comma between thousands and the colon of a ratio break no clause.
_IN_NUMBER = r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d)"
_MARKS = re.compile(f"(?!{_IN_NUMBER})[{_BREAKS}{re.escape(''.join((*_PAIRS, *_PAIRS.values())))}]")


@dataclass(frozen=True)
class Clause:
    """A clause: its place in the sentence's text, and where the action begins after time and
    adverbs."""

    start: int
    end: int
    text: str


@cache
def _words(name: str) -> tuple[str, ...]:
    return longest_first(lexicon("actions")[name])


@cache
def _time() -> re.Pattern[str]:
    return re.compile(
        r"^(?:力争)?(?:到|至|在)?(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年?(?:底|末|前)?"
        r"|^(?:力争)?(?:到|至)?“?十[三四五六]五”?(?:时期|期间|末)"
        r"|^(?:今后|未来)[五一二三]年"
    )


@lru_cache(maxsize=1024)
def clauses(text: str) -> tuple[Clause, ...]:
    """Cut a sentence at its commas, semicolons and colons, but not inside brackets or quotes."""
    found: list[Clause] = []
    start, closing = 0, ""
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if closing:
            if mark == closing:
                closing = ""
        elif mark in _PAIRS:
            closing = _PAIRS[mark] if _PAIRS[mark] in text[at:] else ""
        elif mark in _BREAKS:
            if at > start:
                found.append(Clause(start, at, text[start:at]))
            start = at + 1
    if start < len(text):
        found.append(Clause(start, len(text), text[start:]))
    return tuple(found)


@cache
def _by_first(name: str) -> dict[str, tuple[str, ...]]:
    """The words of a list by their first character, longer ones first."""
    found: dict[str, list[str]] = {}
    for word in _words(name):
        found.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in found.items()}


def _prefix(name: str, text: str) -> str | None:
    """The longest word of a list that the text begins with."""
    for word in _by_first(name).get(text[:1], ()):
        if text.startswith(word):
            return word
    return None


def strip_time(text: str) -> str:
    """The clause without a leading date or period."""
    return text[match.end() :] if (match := _time().match(text)) else text


def strip_adverbs(text: str) -> str:
    """The clause from its first word that is no adverb, and no subject meaning the whole area."""
    subject = _prefix("subjects", text) or ""
    rest = text[len(subject) :]
    if subject and (verb := verb_at(rest)) and verb not in _words("inside_names"):
        text = rest
    while (adverb := _prefix("adverbs", text)) is not None:
        rest = text[len(adverb) :]
        if not rest or not (verb_at(rest) or _prefix("adverbs", rest)):
            break
        text = rest
    return text


def verb_at(text: str) -> str | None:
    """The action verb that the text begins with."""
    return _prefix("verbs", text)


def acts(clause: str) -> bool:
    """Whether a clause begins with an action, after its date and adverbs."""
    bare = strip_adverbs(strip_time(clause))
    return verb_at(bare) is not None and len(bare) > 2


def is_means(clause: str) -> bool:
    """Whether a clause only says how, why or on what ground."""
    bare = strip_time(clause)
    return not bare or _prefix("means", bare) is not None or (bare != clause and not acts(clause))


def action(text: str) -> Clause | None:
    """The clause a sentence is titled by: the first that acts and is no means clause.

    Failing that the first that acts at all, failing that the last that pledges (坚持 …, 把 …
    转化为 …).
    """
    found = clauses(text)
    acting = [c for c in found if acts(c.text)]
    chosen = next((c for c in acting if not is_means(c.text)), None) or next(iter(acting), None)
    chosen = chosen or next(
        (c for c in reversed(found) if strip_time(c.text).startswith(_words("pledges"))), None
    )
    if chosen is None:
        return None
    bare = strip_time(chosen.text)
    subject = _prefix("subjects", bare) or ""
    if verb_at(strip_adverbs(bare[len(subject) :])):
        bare = bare[len(subject) :]
    skipped = len(chosen.text) - len(bare)
    return Clause(chosen.start + skipped, chosen.end, chosen.text[skipped:])
