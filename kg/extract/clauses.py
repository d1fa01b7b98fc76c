"""Clauses of a sentence: where they begin, and whether they act."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech

# Sentences and clauses kept: each reader goes through all of a plan, which has thousands, so that
# fewer would be gone before they are asked for again; a corpus has no end.
OF_A_PLAN = 1 << 14
_BREAKS = ",;:。!?"
PAIRS = {"(": ")", "《": "》", "“": "”", "[": "]", "‘": "’", '"': '"', "「": "」", "『": "』"}
# A comma between thousands and the colon of a ratio break no clause.
_IN_NUMBER = r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d)"
_MARKS = re.compile(f"[{_BREAKS}{re.escape(''.join((*PAIRS, *PAIRS.values())))}](?<!{_IN_NUMBER})")


@dataclass(frozen=True)
class Clause:
    """A clause: its place in the sentence, and where the action begins after time and adverbs."""

    start: int
    end: int
    text: str


@cache
def words_of(name: str) -> tuple[str, ...]:
    """A list of lexicon/actions.toml, or its verbs of a kind, longer words first."""
    rules = lexicon("actions")
    return longest_first(rules[name] if name in rules else rules["verbs"][name])


@lru_cache(OF_A_PLAN)
def clauses(text: str) -> tuple[Clause, ...]:
    """Cut a sentence at its commas, semicolons and colons, but not inside brackets or quotes, and
    leave out what only counts them.
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
def _by_first(*names: str) -> dict[str, dict[int, set[str]]]:
    """The words of lists by their first character and their length, longer ones first."""
    found: dict[str, dict[int, set[str]]] = {}
    for word in longest_first([word for name in names for word in words_of(name)]):
        found.setdefault(word[0], {}).setdefault(len(word), set()).add(word)
    return found


def prefix_of(name: str, text: str, *others: str) -> str:
    """The longest word of a list, or of others with it, that the text begins with; "" if none."""
    for length, words in _by_first(name, *others).get(text[:1], {}).items():
        if text[:length] in words:
            return text[:length]
    return ""


def verb_at(text: str, kind: str = "") -> str:
    """The verb of a kind (lexicon/actions.toml, [verbs]) that a text begins with, "" if none;
    without a kind one that begins an action, or says what comes of something, or that something is
    done anew."""
    if kind:
        return prefix_of(kind, text)
    anew: str = lexicon("actions")["commands"]["anew"]
    if text.startswith(anew) and (verb := verb_at(behind_adverbs(text[len(anew) :]), "firm")):
        return anew + verb
    listed = prefix_of("opening", text, "firm", "nominal")
    return listed if len(listed) >= _MADE else _made(text) or listed


_MADE = 2  # characters of a verb that _made finds


def _made(text: str) -> str:
    """The verb of a character that a text begins with and what comes of it, as one; "" if none."""
    made = pattern("actions", "commands", "made").match(text)
    words = cut(text)[:2] if made else [""]
    verb = part_of_speech(words[0]) in lexicon("actions")["commands"]["makes"]
    return made.group() if made and verb and words == list(made.group()) else ""


@lru_cache(OF_A_PLAN)
def strip_time(text: str) -> str:
    """The clause without a leading date or period."""
    match = pattern("actions", "clause", "time").match(text)
    return text[match.end() :] if match else text


@lru_cache(OF_A_PLAN)
def strip_adverbs(text: str) -> str:
    """The clause from its first word that is no adverb, and no subject meaning the whole area."""
    subject = prefix_of("subjects", text)
    rest = text[len(subject) :]
    if subject and verb_at(behind_adverbs(rest), "firm"):
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


def acts(clause: str) -> bool:
    """Whether a clause surely begins with an action, after its date and adverbs."""
    bare = strip_adverbs(strip_time(clause))
    return len(bare) > 2 and prefix_of("firm", bare, "nominal") != ""


def verbs_before(item: str) -> int:
    """Where the name begins in the first item of a list: behind the verbs that govern it."""
    bare = strip_adverbs(item)
    while (verb := verb_at(bare)) and len(verb) < len(bare):
        bare = bare[len(verb) :]
    return len(item) - len(bare)
