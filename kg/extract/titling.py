"""What a measure is titled by: the clause of its sentence that acts, from where it does."""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import accumulate

from kg.extract.clauses import (
    Clause,
    acts,
    behind_adverbs,
    clauses,
    prefix_of,
    strip_adverbs,
    strip_time,
    unpaired,
    verb_at,
    words_of,
)
from kg.extract.name_forms import division_names
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech

_form = partial(pattern, "actions", "governing")
_SHORTEST = 2  # characters of what is acted on
_LEAST_OBJECT = 4  # characters of an object that an action of a list has for itself
_IDIOM = 4  # characters
_ROLE = 4  # characters of what something is taken for
_FAR = 60  # characters that organisations at the start of a clause may take


def action(text: str) -> Clause | None:
    """The clause a sentence is titled by: the first that acts and is no means clause, from where it
    acts; the project's name, where one is before a colon.

    Failing that the first that acts at all, failing that the last that pledges (to keep to, to
    turn into), failing that the first that bids to do something, whatever it is.
    """
    found = _telling(text)
    label = _form("labelled").match(text)
    alone = label and label["alone"] is not None and verb_at(label["label"])  # what is to be done
    if label and not alone and any(acts(clause.text) for clause in found[1:]):
        return Clause(*label.span("label"), label["label"])
    first = True
    for clause in found:
        if _is_label(text, clause):
            continue
        bare = strip_time(clause.text)
        if _form("titled_whole").match(bare):
            return Clause(clause.end - len(bare), clause.end, bare)
        if (_acts(clause.text) and not _is_means(clause.text)) or (first and commands(clause.text)):
            return _first_of_list(_from_action(clause))
        at = behind_setting(clause.text)
        if at is None:
            at = _behind_division(clause.text)
        if at is not None:
            return _first_of_list(Clause(clause.start + at, clause.end, clause.text[at:]))
        first = first and _is_means(clause.text)
    chosen = next((c for c in found if acts(c.text)), None)
    chosen = chosen or next(
        (c for c in reversed(found) if strip_time(c.text).startswith(words_of("pledges"))), None
    )
    chosen = chosen or next((c for c in found if _bids(c.text)), None)
    return None if chosen is None else _from_action(chosen)


def _telling(text: str) -> list[Clause]:
    """The clauses of a sentence that may say what is done: no facts, no settings, beside others not
    what something is taken for, and behind how an area is laid out not what comes of that."""
    setting = pattern("actions", "clause", "setting").search
    found = [c for c in clauses(text) if not (_tells_fact(text, c) or setting(c.text))]
    others = [c for c in found if not pattern("actions", "clause", "taken_as").match(c.text)]
    if any(acts(c.text) for c in others):
        found = others
    if found and pattern("actions", "clause", "layout").fullmatch(found[0].text):
        return [c for c in found if not pattern("actions", "clause", "comes_of").match(c.text)]
    return found


def _tells_fact(text: str, clause: Clause) -> bool:
    """Whether a clause only says how large something is planned, or names a fact before a colon."""
    if text.startswith(":", clause.end) and pattern("actions", "label", "field").match(clause.text):
        return True
    size = pattern("actions", "clause", "fact").match(strip_time(clause.text))
    return bool(size) or _says_share(clause.text)


def _says_share(clause: str) -> bool:
    """Whether a clause says what a share comes to, and begins with a word that only begins like a
    verb."""
    bare = strip_adverbs(strip_time(clause))
    share = pattern("actions", "clause", "share").match(bare)
    return bool(share and verb_at(bare)) and cut(bare)[0] != verb_at(bare)


def _is_label(text: str, clause: Clause) -> bool:
    """Whether a clause before a colon only says what the next one is about."""
    if not text.startswith(":", clause.end):
        return False
    named = pattern("actions", "label", "before").search(clause.text) is not None
    if not named and _brings_about(clause.text):
        return False
    project = _form("project").search(clause.text)
    return project is None and any(acts(c.text) for c in clauses(text) if c.start > clause.end)


def is_label(text: str) -> bool:
    """Whether a sentence only says what its paragraph is about, by nouns of actions without what
    is acted on."""
    whole = clauses(text)
    if len(whole) != 1 or pattern("actions", "label", "whole").match(whole[0].text) is None:
        return False
    opens = verb_at(whole[0].text) or prefix_of("adverbs", whole[0].text)
    return not opens or opens in words_of("nominal")


def behind_setting(clause: str) -> int | None:
    """Where a clause acts behind what says where, for whom, by what means or by whom it does; None
    where none of these opens it.
    """
    places = (behind(clause) for behind in (_placed, _governed, _bidden, _organised))
    return next((at for at in places if at is not None), None)


def commands(clause: str) -> bool:
    """Whether a clause without a subject begins with a verb of the dictionary and its object,
    whatever the verb.
    """
    bare = strip_time(clause)
    while manner := _manner(bare):
        bare = bare[len(manner) :]
    if _is_means(clause) or _is_means(bare) or bare.startswith(words_of("pledges")):
        return False
    return takes_object(bare) and not pattern("actions", "commands", "states").search(clause)


def takes_object(text: str, shortest: int = _LEAST_OBJECT) -> bool:
    """Whether a text begins with a verb, whatever it is, and an object of it, of so many characters
    at least."""
    rules = lexicon("actions")["commands"]
    known = _alone(text) or _two_character_verb(text)
    verb, *behind = [known] * bool(known) + cut(text[len(known) :].rstrip("。")) or [""]
    if verb in rules["never"] or len("".join(behind)) < shortest:
        return False
    following = part_of_speech(behind[0])
    counts = len(verb) < rules["verb"] and following[:1] == "m"  # any character may begin a name
    acts = known or (part_of_speech(verb) == "v" and (len(verb) == rules["verb"] or counts))
    apart = following[:1] in rules["no_object"] or behind[0][0] in rules["particles"]
    return bool(acts) and not apart


def _bids(clause: str) -> bool:
    """Whether a clause has a verb and its object behind a word by which somebody is bidden to do
    so, whoever it is, and says not how things are.
    """
    if pattern("actions", "commands", "states").search(clause):
        return False
    bids = pattern("actions", "commands", "bids").finditer(clause)
    bidden = [clause[match.end() :] for match in bids]
    return any(takes_object(text) or (len(text) > len(verb_at(text)) > 0) for text in bidden)


def _from_action(chosen: Clause) -> Clause:
    """A clause without its date, and without a subject that means the whole area."""
    bare = strip_time(chosen.text)
    subject = prefix_of("subjects", bare)
    if verb_at(strip_adverbs(bare[len(subject) :])):
        bare = bare[len(subject) :]
    skipped = len(chosen.text) - len(bare)
    return Clause(chosen.start + skipped, chosen.end, chosen.text[skipped:])


def _is_means(clause: str) -> bool:
    """Whether a clause only says how, why or on what ground."""
    bare = strip_time(clause)
    carried = words_of("carried_out")
    ends = bare.endswith(words_of("means_ends"))
    if not bare or (ends and (behind_adverbs(bare) or bare).startswith(carried)):
        return True
    word = prefix_of("means", bare)
    if word:
        plays = word.endswith(words_of("playing")) and bare.endswith(words_of("parts"))
        return not plays and len(word) >= len(verb_at(bare) or prefix_of("adverbs", bare))
    return bare != clause and not _acts(clause)


def _two_character_verb(text: str) -> str:
    """The verb of two characters that a text begins with where the dictionary has only these, the
    last as a verb (select and set up) before a noun; "" if none."""
    first, second, third, *_ = *cut(text[:_FAR]), "", "", ""
    apart = len(first) == len(second) == 1 and part_of_speech(second) == "v"
    return first + second if apart and third[1:] and part_of_speech(third)[0] in "nb" else ""


def _acts(clause: str) -> bool:
    """Whether a clause begins with an action, by verbs and by words that begin one only here."""
    bare = strip_adverbs(strip_time(clause))
    while not verb_at(bare) and (manner := _manner(bare)):
        bare = bare[len(manner) :]
    return bool(verb_at(bare)) and len(bare) > _SHORTEST


def _manner(text: str) -> str:
    """What a text begins with that says how something is done: adverb, slogan or idiom."""
    if adverb := prefix_of("adverbs", text):
        return adverb
    if match := _form("slogan").match(text):
        rest = behind_adverbs(text[match.end() :]) or text[match.end() :]
        return match.group() if verb_at(rest) or takes_object(rest) else ""
    word = cut(text[:_IDIOM])[0] if len(text) > _IDIOM else ""
    idiom = len(word) == _IDIOM and part_of_speech(word).startswith(("i", "l"))
    return word if idiom and verb_at(behind_adverbs(text[_IDIOM:])) else ""


def _placed(clause: str) -> int | None:
    """Where a clause acts behind the place at its start; None where it does not."""
    bare = strip_time(clause)
    placed = _form("placed").match(bare)
    if not placed or _form("not_placed").search(bare.rstrip("。")):
        return None
    found = _form("place").finditer(bare, placed.end() + 1, _FAR)
    for end in (*_ends_of_areas(bare, placed.end()), *(place.end() for place in found)):
        behind = bare[end:]
        verb = _brings_about(behind) or (cut(behind)[0] if takes_object(behind) else "")
        within = _form("place").match(behind)  # it goes on
        if verb and not within and len(behind) > len(verb) + _SHORTEST:
            return len(clause) - len(behind)
    return _counted_action(clause, len(clause) - len(bare) + placed.end())


def _counted_action(clause: str, at: int) -> int | None:
    """Where a clause brings about what it counts or names behind a place of any kind that begins
    at a character; None where it does not."""
    start = at
    for word in cut(clause[at:].rstrip("。")):
        behind = clause[at:].rstrip("。")
        verb = _counting_verb(behind)
        if verb and at > start and cut(verb)[0].startswith(word):
            return at
        at += len(word)
    return None


def _ends_of_areas(text: str, at: int) -> Iterator[int]:
    """Where each of the areas ends that a text lists from a place on."""
    for word in cut(text[at:_FAR]):
        at += len(word)
        if word in division_names():
            yield at
        elif word not in lexicon("names")["lists"]["between"]:
            return


def _brings_about(text: str) -> str:
    """The verb that a text begins with, unless that is no more than part of a name; one that brings
    about so many may be."""
    text = behind_adverbs(text) or text
    return verb_at(text, "counting") or _alone(text)


def _alone(text: str) -> str:
    """The verb that a text begins with, unless names hold such; "" if none."""
    verb = verb_at(text)
    return "" if verb == verb_at(text, "nominal") else verb


def _governed(clause: str) -> int | None:
    """Where a clause acts behind a governed phrase at its start; None where it does not."""
    rules = lexicon("actions")["governing"]
    bare = strip_time(clause)
    skipped = len(clause) - len(bare)
    forbids = _form("forbids").search(bare) and bare.startswith(_governing())
    if forbids or _form("upon").match(bare):
        return skipped
    turned = bare.removeprefix(prefix_of("adverbs", bare))
    if turned.startswith(tuple(rules["whole"])) and cut(turned)[0] in rules["whole"]:
        put = _form("put").search(turned, _SHORTEST)
        return skipped if put or any(verb in turned[2:] for verb in words_of("firm")) else None
    word = next((w for w in _governing() if bare.startswith(w)), None)
    if word is None and turned != bare:  # free of charge, to the public
        at = _governed(turned)
        return None if at is None else len(clause) - len(turned) + at
    if word is None or _names_basis_only(bare) or (word in rules["words"] and cut(bare)[0] != word):
        return None
    ended, at = _phrase_end(bare), len(word)
    begun = max(ended, at + len(prefix_of("adverbs", bare[at:])) + 1)
    tokens = cut(bare[at:].rstrip("。")) or [""]
    by_any = word in rules["any"]
    for token in tokens[:-1]:
        free = at >= begun and not _is_held(bare, at)
        built = word in rules["at_place"] and _is_built_at_place(bare, at)
        if free and (built or _acts_here(bare, at, token, at == ended, by_any)):
            return skipped + at
        at += len(token)
    dealt = _form("dealt").search(bare)
    directed = word in rules["directed"] and part_of_speech(tokens[-1]) in ("v", "l")
    whole = dealt or directed or tokens[-1] in words_of("firm")
    return skipped if word in rules["always"] and whole else None


def _counting_verb(text: str) -> str:
    """The verb by which there come to be as many as a text says; "" if none."""
    verb = verb_at(text, "counting")
    return verb if verb and _form("counted_object").fullmatch(text, len(verb)) else ""


def _is_built_at_place(text: str, at: int) -> bool:
    """Whether what begins at a character of a clause is built or grown, behind a place's name."""
    if not _form("built").fullmatch(text.rstrip("。"), at):
        return False
    return any(place.end() == at for place in _form("place").finditer(text, max(0, at - 3), at))


def _phrase_end(bare: str) -> int:
    """Where the phrase surely ends that a governing word at the start of a clause opens; 0 where
    nothing shows it."""
    rules = lexicon("actions")["governing"]
    together = _form("together").match(bare)
    ends = [bare.find(end) + len(end) for end in rules["ends"] if end in bare]
    if role := _form("role").match(bare):
        words = cut(bare[role.end() : role.end() + _FAR])
        places = accumulate(map(len, words), initial=role.end())
        ends += [at for at in places if 0 < at - role.end() <= _ROLE and verb_at(bare[at:])][:1]
    return max([*ends, together.end() if together else 0])


def _names_basis_only(bare: str) -> bool:
    """Whether a clause only says what something is taken for, or by what rule."""
    taken = _form("basis_only").search(bare)
    return taken is not None and not any(verb in (taken["as"] or "") for verb in words_of("firm"))


def _bidden(clause: str) -> int | None:
    """Where a clause acts behind somebody who has to or behind the sector or area
    that is to act; None where it does not."""
    forms = (_form(key).match(clause) for key in ("obliged", "led", "during"))
    for end in (match.end() for match in forms if match):
        behind = clause[end:]
        if (at := _governed(behind)) is not None:
            return end + at
        if len(behind) > _LEAST_OBJECT and _acts(behind) and not _is_means(behind):
            return end
    return None


def _behind_division(clause: str) -> int | None:
    """Where a clause acts behind the division that is to act; None where it does not."""
    match = _form("division").match(clause)
    if match is None or _is_means(clause) or _is_means(clause[match.end() :]):
        return None
    behind = clause[match.end() :]
    return match.end() if verb_at(behind_adverbs(behind), "firm") or commands(behind) else None


def _organised(clause: str) -> int | None:
    """Where a clause acts behind the organisations that are to act; None where it does not."""
    bare = strip_time(clause)
    organs = list(_form("organ").finditer(bare, 0, _FAR))
    if not organs or _is_means(clause):
        return None
    for match in organs:
        behind = strip_time(bare[match.end() :])
        verb = _verb_of(bare[: match.start("charged")], match["charged"], behind)
        if verb and len(behind) >= len(verb) + _SHORTEST:
            return len(clause) - len(behind)
        if (at := _governed(behind)) is not None:
            return len(clause) - len(behind) + at
    return None


def _verb_of(organ: str, charged: str, behind: str) -> str:
    """The verb of what an organisation does: any where it is said to be charged with it, to do it
    with others, or is a public body; else one that is no part of names."""
    if charged or _form("beside").search(organ):
        verb = verb_at(behind)
        return _brings_about(behind) or (verb if verb and cut(behind)[0] == verb else "")
    office = _form("office").search(organ)
    if office and not _form("levels").search(behind):
        verb = verb_at(behind)
        if verb and cut(behind)[0] == verb:
            return verb
    counts = _counting_verb(behind)
    if counts and counts not in words_of("nominal"):  # which may be part of a name
        return counts
    return verb_at(behind_adverbs(behind), "firm")


def _first_of_list(chosen: Clause) -> Clause:
    """The first of several actions that are in a clause as a list: widen trials, draw up rules."""
    start = len(chosen.text) - len(strip_adverbs(chosen.text))
    for match in re.finditer(lexicon("actions")["governing"]["comma"], chosen.text):
        rest = chosen.text[match.end() :]
        begun = chosen.text.rfind(match.group(), 0, match.start())
        behind = behind_adverbs(rest).split(match.group())[0]
        verb = verb_at(behind, "firm")
        if (
            verb
            and lexicon("actions")["governing"]["rest"] not in rest
            and cut(rest)[0] in (verb, prefix_of("adverbs", rest))
            and len(behind) - len(verb) >= _LEAST_OBJECT
            and match.start() - start > _LEAST_OBJECT + _SHORTEST
            and match.start() - begun > _LEAST_OBJECT
        ):
            end = match.start()
            return Clause(chosen.start, chosen.start + end, chosen.text[:end])
    return chosen


@cache
def _governing() -> tuple[str, ...]:
    rules = lexicon("actions")["governing"]
    return longest_first(rules["always"] + rules["at_times"])


def _acts_here(text: str, at: int, token: str, ended: bool, by_any: bool) -> bool:
    """Whether an action begins at a word of a clause: a verb (by_any: whichever the dictionary has
    that takes an object), or an adverb before one."""
    rest = text[at:]
    if token in words_of("nominal"):
        if any(part_of_speech(word)[0] == "m" for word in cut(rest)[1:2]):  # so many: no name
            return True
    elif by_any and takes_object(rest):
        return True
    if ended:
        return _acts(rest)
    if part_of_speech(token) == "v" and verb_at(rest, "opening") == token:
        return len(rest) >= len(token) + _SHORTEST
    behind = behind_adverbs(rest)
    verb = verb_at(behind)
    if len(behind) < len(verb) + _SHORTEST:
        return False
    firm = verb in words_of("firm")
    sure = firm or token not in lexicon("actions")["governing"]["nominal"]  # a name
    return (behind != rest and token in words_of("adverbs") and sure) or (token == verb and firm)


def _is_held(text: str, at: int) -> bool:
    """Whether a verb at a place of a clause is no action: behind what binds it, within marks, or
    only a name of what is done, in a list or before what is said of it."""
    if _form("bound").search(text, 0, at) or unpaired(text[:at]):
        return True
    text = behind_adverbs(text[at:]) or text[at:]
    verb = verb_at(text) or cut(text)[0]
    return _form("named").match(text, len(verb)) is not None
