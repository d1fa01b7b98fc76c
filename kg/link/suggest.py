"""Asking a language model about the sentences that planlink is least certain of.

Only what can be checked is taken from its answers: words that are in the sentence, kinds and
types that there are, numbers that the grammar reads. The rest is counted.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kg.document.structure import Sentence
from kg.errors import PlanlinkError
from kg.extract.model import Entity, Extraction, Value
from kg.extract.targets import read_target
from kg.lexicon import lexicon
from kg.link.chat import Chat, NoAnswerError, TooLateError
from kg.link.corrections import entity_types
from kg.link.decided import entities_of, entity_named
from kg.link.reading import Reading
from kg.link.suggestions import Suggestion
from kg.rdf.iris import NAMED
from kg.source.text import compact, normal

_LONGEST = 60  # characters of a name
_MOST = 20  # suggestions about one sentence
_PATIENCE = 3  # answers in a row that do not come in time, after which no more is asked


@dataclass
class Outcome:
    """What was suggested, how many were asked about, why some failed, and what was refused."""

    suggestions: list[Suggestion] = field(default_factory=list)
    asked: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)
    refused: int = 0


def doubtful(reading: Reading, most: int) -> list[Sentence]:
    """The sentences that what was read of is least certain, so many at most."""
    read = reading.linked.extraction
    sure = [(p.confidence, p.start) for p in reading.doubts() if p.confidence is not None]
    sure += [(e.confidence, e.mentions[0].start) for e in (*read.zones, *read.institutions)]
    sentences = sorted(reading.document.sentences, key=lambda sentence: sentence.span)
    begun = (
        (bisect_right(sentences, start, key=lambda one: one.span.start) - 1, start)
        for _, start in sorted(sure)
    )
    held = dict.fromkeys(at for at, start in begun if at >= 0 and start < sentences[at].span.end)
    return [sentences[at] for at in held][:most]


def suggest(
    reading: Reading, chat: Chat, sentences: list[Sentence], step: Callable[[str], None]
) -> Outcome:
    """Ask about each sentence, whose number step is called with; a server that is too slow for
    several in a row is asked no more. PlanlinkError where it cannot be asked, or answered
    nothing."""
    words = lexicon("suggest")
    system = words["system"]
    for kind in NAMED:
        system = system.replace("{" + kind + "}", ", ".join(entity_types(kind)))
    outcome, origin, late = Outcome(), f"{chat.model}, {chat.place}", 0
    for sentence in sentences:
        step(sentence.number)
        outcome.asked += 1
        read = _Read(reading, sentence, origin)
        question = words["question"].format(sentence=sentence.text, read=read.as_json())
        try:
            answer = _json(chat.ask(system, question))
        except NoAnswerError as error:
            outcome.unanswered[str(error)] += 1
            late = late + 1 if isinstance(error, TooLateError) else 0
            if late == _PATIENCE:
                break
            continue
        late = 0
        found = list(read.judge(answer))
        taken = [one for one in found if one is not None][:_MOST]
        outcome.suggestions += taken
        outcome.refused += len(found) - len(taken)
    if outcome.asked and outcome.asked == outcome.unanswered.total():
        why = ", ".join(f"{reason} ({n})" for reason, n in outcome.unanswered.most_common())
        raise PlanlinkError.of("suggest_unanswered", chat.place, outcome.asked, why)
    return outcome


def _json(words: str) -> dict[str, Any]:
    """The JSON object of an answer, whatever stands around it."""
    start, end = words.find("{"), words.rfind("}")
    try:
        found = json.loads(words[start : end + 1]) if start >= 0 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswerError("an answer that is no JSON")
    return found


class _Read:
    """The answer of a language model about one sentence."""

    def __init__(self, reading: Reading, sentence: Sentence, origin: str) -> None:
        self._reading, self._sentence = reading, sentence
        self._found: Extraction = reading.linked.extraction
        self._of = partial(Suggestion, sentence=sentence.text, origin=origin)

    def as_json(self) -> str:
        """What was read, as the model is given it."""
        described: dict[str, Any] = {
            kind: [entity.name for entity in self._entities(kind)] for kind in NAMED
        }
        described["target"] = [
            {"name": self._found.indicator[v.indicator].name, "words": v.quantity.text}
            for v in self._values()
        ]
        return json.dumps(described, ensure_ascii=False)

    def judge(self, answer: Mapping[str, Any]) -> Iterator[Suggestion | None]:
        """Each suggestion; None for one that does not bear a check."""
        for key, check in (
            ("names", self._name),
            ("wrong_names", self._wrong_name),
            ("targets", self._target),
            ("wrong_targets", self._wrong_target),
        ):
            entries = answer.get(key, [])
            for entry in entries if isinstance(entries, list) else [None]:
                yield check(_texts(entry)) if isinstance(entry, dict) else None

    def _entities(self, kind: str) -> list[Entity]:
        span = self._sentence.span
        return [
            e for e in entities_of(self._found, kind) if any(span.contains(m) for m in e.mentions)
        ]

    def _values(self) -> list[Value]:
        return [v for v in self._found.values if v.sentence == self._sentence.number]

    def _stands(self, name: str) -> bool:
        return 1 < len(name) <= _LONGEST and name in self._sentence.text

    def _name(self, entry: dict[str, str]) -> Suggestion | None:
        kind, name, type_ = entry["kind"], entry["name"], entry["type"]
        if kind not in NAMED or type_ not in entity_types(kind) or not self._stands(name):
            return None
        known = entity_named(self._found, kind, name)
        return None if known else self._of("add", kind, name=name, type=type_)

    def _wrong_name(self, entry: dict[str, str]) -> Suggestion | None:
        name, instead = entry["name"], entry["instead"]
        for kind in NAMED:
            one = next((e for e in self._entities(kind) if name in (e.name, *e.aliases)), None)
            if one is not None and not instead:
                return self._of("reject", kind, name=one.name)
            if one is not None and self._stands(instead) and instead != one.name:
                return self._of("rename", kind, name=one.name, to=instead)
        return None

    def _target(self, entry: dict[str, str]) -> Suggestion | None:
        name, quote = entry["name"], self._once(entry["words"])
        period = self._reading.plan.period
        known = any(v.quantity.text in entry["words"] for v in self._values())
        if known or not quote or not self._stands(name):
            return None
        if read_target(self._sentence, name, quote, "", period) is None:
            return None
        return self._of("add", "target", name=name, quote=quote)

    def _wrong_target(self, entry: dict[str, str]) -> Suggestion | None:
        quote = self._once(entry["words"])
        known = any(v.quantity.text in entry["words"] for v in self._values())
        return self._of("drop", "target", quote=quote) if known and quote else None

    def _once(self, words: str) -> str:
        """Words of a sentence, with enough before them to be unique; "" where impossible."""
        text = self._sentence.text
        at = text.find(words) if words else -1
        others = [s.text for s in self._reading.document.sentences if s is not self._sentence]
        for begin in range(at, -1, -1):
            quote = text[begin : at + len(words)]
            if not any(quote in other for other in others):
                return quote
        return ""


def _texts(entry: Mapping[str, Any]) -> dict[str, str]:
    """The texts of one suggestion, normalised and without blanks, as sentences are read."""
    texts = ((key, value) for key, value in entry.items() if isinstance(value, str))
    return defaultdict(str, {key: compact(normal(value)) for key, value in texts})
