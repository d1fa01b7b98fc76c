"""The name of a target as a whole: what its sentence says around a name is no part of it, and what
a name lacks is before or behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from itertools import accumulate

from kg.extract.clauses import prefix_of, strip_adverbs, strip_time, verb_at, words_of
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.grammar import Number, comparator_of

_form = partial(pattern, "quantities", "whole")
_LEAST = 4  # characters that a name keeps where a verb is taken from it


def whole(name: str, number: Number, earlier: str) -> tuple[str, Number]:
    """A name without what only opens its clause, brackets closed, a share with both its parts; and
    its number, which the words of a share may bound. earlier: the clause up to the number."""
    name = without_opening(_closed(name, earlier, number.governed))
    realised = _form("realised").fullmatch(name)
    return _as_share(realised["of"] + realised["what"] if realised else name, number)


def turned_first(name: str, number: Number, earlier: str) -> tuple[str, Number]:
    """A name without the verb before it that turns it, and the number as by how much it turns,
    unless that is what it comes to; the verb holds for what is listed behind it too. earlier: the
    clause up to the number."""
    rules = lexicon("quantities")["turn"]
    bare = strip_adverbs(strip_time(earlier[: number.lead]))
    if held := pattern("quantities", "turn", "held").match(bare):
        return name.removeprefix(held["verb"]), replace(number, lead=number.lead - 1)
    governing = earlier[number.lead : number.start]
    if governing in rules["until"]:
        return without_turn(name, governing), number
    first = pattern("quantities", "turn", "first").match(bare)
    bounds = number.comparator if number.governed else None
    if first is None or number.kind != "ratio" or number.change or bounds == "Equal":
        return name, number
    return name.removeprefix(first["verb"]), number.turning(first["up"] is not None)


def without_turn(name: str, governing: str) -> str:
    """A name, or several, without the verb that brings it to what it comes to, where the words that
    govern its number say so."""
    if not governing.endswith(tuple(lexicon("quantities")["turn"]["until"])):
        return name
    bare = strip_adverbs(strip_time(name))
    listed = pattern("quantities", "name", "between").split(bare)
    first = pattern("quantities", "turn", "first").match(listed[0])
    return bare.removeprefix(first["verb"]) if first else name


def without_opening(name: str) -> str:
    """A name without the verb that only opens its clause, and adverbs before that."""
    at = 0
    while adverb := prefix_of("adverbs", name[at:]):
        at += len(adverb)
    opening = next((o for o in _words("whole", "openings") if name.startswith(o, at)), "")
    rest = name[at + len(opening) :]
    kept = next((v for v in _words("name", "kept") if rest.startswith(v)), "") if at else ""
    if not opening and not (kept and _is_word(rest, kept)):
        return name
    rules = lexicon("quantities")["whole"]
    describes = opening in rules["describing"] and rules["whose"] in rest
    if describes or len(rest) < _LEAST or not _is_word(name, name[: at + len(opening)]):
        return name
    return without_opening(rest)


@cache
def _words(table: str, key: str) -> tuple[str, ...]:
    return longest_first(lexicon("quantities")[table][key])


def _is_word(name: str, opening: str) -> bool:
    """Whether a word of the name ends where the opening does."""
    return len(opening) in accumulate(map(len, cut(name)))


def _closed(name: str, earlier: str, governed: bool) -> str:
    """A name that a bracket breaks, from the beginning of its clause; one that is in a bracket with
    its verb, from there."""
    opened, close = lexicon("quantities")["whole"]["brackets"]
    end = name.find(close)
    if end < 0:
        return name.rpartition(opened)[2] if governed else name
    if opened in name[:end]:
        return name
    before = strip_time(earlier[: earlier.rfind(close)])
    often = "" if before.endswith(name[:end]) else name[:end]  # 每2年, put before its name
    return often + before + name[end:]


def _as_share(name: str, number: Number) -> tuple[str, Number]:
    """What is a share of what, and how it compares: in all 70% at least."""
    if number.kind != "ratio":
        return name, number
    rules = lexicon("quantities")["whole"]
    if _form("plain_share").fullmatch(name):
        return name + rules["as_share"], number
    match = _form("share").fullmatch(name)
    if match is None:
        return name, number
    comparator = comparator_of(match["compares"] or "")
    if comparator and number.comparator in (None, "Equal"):
        number = replace(number, comparator=comparator)
    return rules["of"].format(part=match["part"], whole=match["whole"]), number


def with_subject(name: str, subject: str) -> str:
    """A name that says only how much or how large, of the subject: the name of the target before
    it, or what the clause before it acts on."""
    rules = lexicon("quantities")["name"]
    bare = name.removesuffix(rules["growth"])
    subject = uncounted(pattern("quantities", "name", "grows_by").sub("", subject))
    if bare in rules["averages"]:
        if bare in subject or subject.endswith(tuple(rules["inhabitants"])):
            return name
        for other in rules["averages"]:
            subject = subject.replace(other, "")
        return bare + subject if subject else name
    grown = next((g for g in rules["grown"] if bare.startswith(g)), "")
    done = cut(bare)[0] if bare and part_of_speech(cut(bare)[0])[0] == "v" else ""
    measured = bare.removeprefix(grown or done)
    generic = not bare or {bare, measured} & {*rules["generic"]}
    beside = 0 < len(measured) < len(bare) and subject.endswith(measured)  # measured so too
    if not generic or not subject or subject == bare or beside:
        return name
    if bare in rules["totals"]:
        done = next((verb for verb in _words("name", "kept") if subject.startswith(verb)), "")
        subject = subject[len(done) :].removesuffix(rules["number"][0])
        more = next((verb for verb in _words("name", "again") if subject.endswith(verb)), "")
        subject = subject.removesuffix(more)
    amounts = () if bare in rules["totals"] else _words("name", "generic")
    former = next((g for g in amounts if bare and subject.endswith(g)), "")
    base = subject.removesuffix(former)
    level = pattern("quantities", "name", "sums").search(base)
    if not base or (bare and not former and level and bare not in rules["of_sums"]):
        return name
    for grown in rules["grown"]:
        base = base.removesuffix(grown) or base
    shared = next((n for n in range(len(bare) - 1, 0, -1) if base.endswith(bare[:n])), 0)
    return base + name[shared:]


def acted_on(clause: str) -> str:
    """What a clause without a number acts on: of several what they are, where that ends the list;
    empty where it does not."""
    verb, thing = _verb_and_object(clause)
    if led := _form("led").fullmatch(strip_adverbs(strip_time(clause))):
        thing = led["thing"]
    if listed := _form("listed").fullmatch(thing):
        thing = listed["kind"]
    alone = _form("thing").fullmatch(thing)
    return thing if verb and alone else ""


def all_acted_on(clause: str) -> list[str]:
    """The things that a clause acts on, the last without what they do or what is done to them."""
    verb, listed = _verb_and_object(clause)
    *things, last = pattern("quantities", "name", "between").split(listed)
    words = cut(last)
    does = next((i for i, word in enumerate(words) if i and part_of_speech(word)[0] == "v"), None)
    return [*things, "".join(words[:does])] if verb else []


def _verb_and_object(clause: str) -> tuple[str, str]:
    """The verb that a clause begins with, "" without one, and the words behind it."""
    bare = strip_adverbs(strip_time(clause))
    verb = verb_at(bare)
    while (more := verb_at(bare[len(verb) :])) and (more[0] == verb[0] or more in words_of("firm")):
        verb += more
    return verb, bare[len(verb) :]


def counted_thing(right: str, rest: str) -> str:
    """The thing that a number right before it counts, with what is stated of it. right: the words
    behind the number up to the next one; rest: up to the clause's end."""
    to_end = re.split("[,;。]", rest)[0]
    if _form("sized").match(to_end):
        return to_end
    if match := _form("grades").match(to_end):
        return match["grade"] + match["thing"]
    if match := _form("described").match(to_end):
        return to_end if len(to_end) <= _LONGEST else match["thing"]
    first = re.split("[、,;。]", right)[0]
    if first != to_end == right and part_of_speech(cut(first)[-1])[0] == "v":
        return right  # what they are stands at the list's end
    if match := _form("sent").fullmatch(first):
        return f"{match['doing']}{lexicon('quantities')['whole']['whose']}{match['thing']}"
    return first


_LONGEST = 24  # characters of a thing with all that is stated of it


def uncounted(name: str) -> str:
    """A name without the word for how many there are."""
    return name.removesuffix(lexicon("quantities")["name"]["number"])


def is_whole(name: str) -> bool:
    """Whether a name says what it is of: no verb alone, and no words that are left open."""
    bare = uncounted(name)
    hanging = _form("hanging").search(bare)
    return bare not in words_of("counting") and hanging is None and not is_broken(bare)


def is_broken(name: str) -> bool:
    """Whether a name holds another number of the list that its own is in."""
    return _form("broken").search(name) is not None


def is_nameless(name: str) -> bool:
    """Whether a name says how large something is, but not of what it is so large, or of how many
    things, but not of which."""
    rules = lexicon("quantities")["name"]
    grouped = pattern("quantities", "name", "group").match(name)
    return grouped is not None or name.removesuffix(rules["growth"]) in rules["nameless"]


def bettered(name: str, words: str) -> str:
    """A name with the verb of what is done to it, unless it is a level."""
    rules = lexicon("quantities")["whole"]
    done = words in rules["betters"] and not re.search(rules["levels"], name)
    return name + words if done else name


def of_trend(name: str) -> str:
    """The name of a trend or task without the adverbs before its verb."""
    name = without_opening(_form("trail").sub("", name))
    bare = pattern("quantities", "name", "lead").sub("", name)
    return name if verb_at(bare) else bare
