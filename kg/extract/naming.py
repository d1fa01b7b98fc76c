"""What a number is a target for: the name that its clause gives it, or that it promises nothing."""

import re
from functools import partial
from itertools import pairwise

from kg.extract.clause_numbers import Part
from kg.extract.clauses import acts, strip_adverbs, verb_at, words_of
from kg.extract.name_words import (
    acts_alone,
    as_its_fellow,
    bare_name,
    counted,
    done_to,
    has_level_verb,
    of_subject,
    without_examples,
    without_lead,
    without_verb,
)
from kg.extract.target_names import bettered, counted_thing, uncounted
from kg.extract.timing import without_time
from kg.extract.titling import behind_setting
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.bounds import CEILINGS, FLOORS
from kg.quantities.grammar import DURATIONS, PERSONS, SPANS

_form = partial(pattern, "quantities", "name")


def name_of(part: Part, subject: str, last: str | None) -> tuple[str | None, str | None]:
    """What a number is a target for, subject being the name of the target before it in its
    sentence: "" where something comes to so much that is not named, None where the number commits
    to nothing; and what it hands on to the next of its clause, the verb that governs what
    follows."""
    name, handed = _name_of(part, subject, last)
    set_aside = lexicon("quantities")["name"]["funds"]["verbs"]
    return part.each + without_examples(re.sub(set_aside, "", name)) if name else name, handed


def _name_of(part: Part, subject: str, last: str | None) -> tuple[str | None, str | None]:
    """What a number is of, but for whom each, and what it hands on."""
    number = part.number
    subject = _inherited(subject, part)
    if number.pair is not None or _form("banned").search(part.left):
        return None, None
    joins = _form("joins").match(part.right)
    if (joins or _is_finished(part)) and not _opens_thing(part):
        return _tail_name(part, subject, last), _governing(part.left) or last
    if (name := _time_name(part, subject)) is not None:
        return name, None
    if name := (
        _share_name(part)
        or _size_name(part)
        or _fund_name(part)
        or _state_name(part)
        or _amount_name(part)
        or _covered_name(part)
        or _guarded_name(part)
        or _lasting_name(part)
    ):
        return name, None
    return _object_name(part, last)


def _inherited(subject: str, part: Part) -> str:
    """The name before a number in its sentence, as far as it may be that number's own: an amount is
    no rate of growth, a number of things no sum of money or share, and what something comes to is
    not what is added to it each year."""
    if part.number.kind == "count" and _form("sums").search(subject):
        return ""
    subject = subject.removesuffix(lexicon("quantities")["name"]["growth"])
    if part.number.kind != "ratio":
        subject = _form("grows_by").sub("", subject)
    if _grows_by_rate(part) and (share := _form("share_of").search(subject)):
        rules = lexicon("quantities")["name"]
        annual = _form("annual").search(part.left + part.lead)
        return subject[: share.start()] + str(rules["growth"] if annual else rules["grows"][1])
    sums = lexicon("quantities")["commit"]["sums_up"]
    if any(word in part.left + part.lead for word in sums):
        return _form("yearly").sub("", subject)
    if part.number.sized and has_level_verb(part):
        subject = _form("added").sub("", subject)
    return subject


def _grows_by_rate(part: Part) -> bool:
    """Whether a number is the rate at which something grows, as no share does."""
    grows = lexicon("quantities")["name"]["grows"]
    said = part.left + part.lead
    return part.number.unit_id == "percent" and any(word in said for word in grows)


def _is_finished(part: Part) -> bool:
    """Whether the words behind a count only say that so many are to be there."""
    finished = pattern("quantities", "period", "finished")
    ends = finished.match(part.left + part.right, len(part.left))
    return part.number.kind == "count" and ends is not None


def _opens_thing(part: Part) -> bool:
    """Whether a joining word behind a number begins a verb's object, as part of a word."""
    thing = part.right.strip("、,(")
    joined = _form("joint").match(thing)
    if joined and thing[joined.end() :].startswith(words_of("counting")):
        return False  # 培训3000人次并建成基地5个
    return len(thing) > 1 and thing == part.right and bare_name(part.left) in words_of("counting")


def _tail_name(part: Part, subject: str, last: str | None) -> str | None:
    """The name before a number that ends its clause or one of its parts."""
    number = part.number
    plain = without_time(_form("joint").sub("", part.left) if part.start else part.left)
    bare = _each(bare_name(plain))
    if number.governed or number.unit_id == "times":
        these = uncounted(subject) if bare.endswith(lexicon("quantities")["whole"]["whose"]) else ""
        name = bare + these or subject
        of_these = pattern("quantities", "commit", "within").match(part.left)
        if not bare and (of_these or not number.unit_text):
            return None
        turns = number.unit_text.endswith(lexicon("quantities")["name"]["turns"])
        name = name if turns or has_level_verb(part) else without_verb(name)
        name = as_its_fellow(name, subject) if number.change else name
        name = done_to(bettered(name, part.lead), subject) if number.sized else name
        name = name and counted(of_subject(name, subject), number)
        said = lexicon("quantities")["name"]["grows"][1] in part.left + part.lead
        return of_growth(name, part) if bare or said else name
    if not number.unit_text:
        return None
    again = ("", *lexicon("quantities")["name"]["again"])
    alone = number.kind == "count" and bool(subject) and acts_alone(bare)
    if bare in (*again, *words_of("counting")) or alone:
        rules = lexicon("quantities")["name"]
        turns = number.unit_text.endswith(rules["turns"])
        thing = "" if turns or bare in rules["reaches"] else subject  # turns are of what was done
        done = _repeated_name(part, subject, bare) if bare in again else done_to(bare, thing, alone)
        return counted(done, number) if done in words_of("counting") else done
    placed = pattern("actions", "governing", "placed").match(bare)
    behind = placed or behind_setting(part.earlier) is not None
    if last is None and (behind or acts(bare)) and _governing(plain) is None:
        return counted(_behind_verb(bare), number)
    name = of_subject(without_verb(bare), subject)
    if zone := _form("division").search(part.earlier):
        name = bare + uncounted(subject.removeprefix(zone["zone"]))  # shares of a count, by place
    if number.kind == "count":
        name = pattern("quantities", "period", "finished").sub("", name)
    return counted(name, number)


def work_name(part: Part, thing: str) -> str | None:
    """What so many are built or done of that a clause before acts on, the thing: lay out farmland,
    15,000 mu of it new; train nurses, altogether 600. That it is being built is no part of its
    name."""
    number, rules = part.number, lexicon("quantities")
    verb = bare_name(part.left) or part.lead
    if not number.sized or not _form("joins").match(part.right):
        return None
    altogether = any(word in part.left for word in rules["commit"]["sums_up"])
    again = (verb.removeprefix(rules["commit"]["done"][0]),) if verb else words_of("counting")
    if (verb or altogether) and thing.endswith(again):
        return counted(thing, number)
    if verb not in words_of("counting"):
        return None
    ends = rules["whole"]["undertaken"]
    bare = thing
    while end := next((end for end in ends if bare.endswith(end)), ""):
        bare = bare.removesuffix(end)
    done = verb in rules["commit"]["done"]
    if not bare or (bare.endswith((*words_of("firm"), *words_of("nominal"))) and not done):
        return None
    kept = verb in rules["name"]["kept"] and not bare.endswith(verb)
    return counted((verb if kept else "") + bare, number)


def _each(bare: str) -> str:
    """Patents come to 25 per ten thousand persons: what it is counted for goes before its name, and
    so does how often."""
    match = _form("per").fullmatch(bare)
    return match["per"] + match["name"] if match else bare


def _behind_verb(bare: str) -> str:
    """What follows a clause's last verb of bringing about, where that is no stem or attribute of
    another word.
    """
    verbs = {*words_of("counting"), *words_of("opening")}
    kept = lexicon("quantities")["name"]["kept"]
    at, name, before = 0, bare, ""
    for word, following in pairwise((*cut(bare), "")):
        at += len(word)
        stem = following and part_of_speech(following)[0] in "ku"
        if word in verbs and not (stem or before in kept) and len(bare) - at > 1:
            name = bare[at - len(word) :] if word in kept else bare[at:]
        before = word
    return name


def _repeated_name(part: Part, subject: str, verb: str) -> str | None:
    """The same name behind its own sum, or behind another verb."""
    rules = lexicon("quantities")
    if subject and (more := next((w for w in rules["name"]["more"] if w in part.left), "")):
        return more + subject
    done = next((v for v in words_of("counting") if subject.endswith(v)), "")
    if verb and done and verb != done:  # 新开工2000公里,建成1800公里: another thing done
        return subject.removesuffix(done) + verb if subject != done else None
    if not verb and part.number.unit_id in PERSONS and subject.endswith(rules["name"]["number"]):
        return str(uncounted(subject) + rules["name"]["persons"])  # persons in what is formed
    over = rules["commit"]["annual"] + rules["commit"]["sums_up"]
    again = verb or part.year or any(word in part.left for word in over)
    return subject if subject and again else None


def of_growth(name: str, part: Part) -> str:
    """A name as that of its growth, each year or at last, where its number is such."""
    rules = lexicon("quantities")["name"]
    up = part.number.change and part.number.unit_id == "percent" and part.number.value > 0
    rate = up and not re.search(rules["shares"], name)
    grows = rate or any(word in part.earlier for word in rules["grows"])
    annual = _form("annual").search(part.left[-6:] + part.lead)
    speed = rules["grows"][1]
    if annual and grows:
        return _form("grows_by").sub("", name) + str(rules["growth"])
    said = name and part.lead.startswith(speed) and not name.endswith(speed)
    return f"{name}{speed}" if said else name


def of_zone(name: str, part: Part, subject: str) -> str:
    """A figure of an area, such as persons or tax, as that of the zone that was counted before
    it."""
    zone = _form("zone").match(subject)
    area_has = _form("area_has").fullmatch(uncounted(name))
    own = _form("own_area").match(part.left)
    return zone.group() + name if zone and area_has and not own else name


def of_whole(name: str, part: Part, subject: str) -> str:
    """A part of a sum of money as that of what the sum is: of an investment, railways have so much.
    subject: the name of the sum, or of the part before."""
    parts = lexicon("quantities")["name"]["parts"]
    measure = re.search(parts["measure"], subject)
    if measure is None or parts["open"] not in part.earlier or part.number.kind != "measure":
        return name
    return name if re.search(parts["measure"], name) else name + measure["measure"]


def _share_name(part: Part) -> str | None:
    """Half of the built-up area meets a standard: the share of something that is to be reached."""
    number, rules = part.number, lexicon("quantities")["name"]
    ratio = number.kind == "ratio"
    met = _form("met").match(part.right)
    if ratio and part.left and met:
        return str(bare_name(part.left) + met["what"] + rules["rate"])
    whose = re.match(rules["whose"], part.right)
    bounded = whose or number.comparator in ("AtLeast", "MoreThan") or not bare_name(part.left)
    bounded = bounded or number.value == _ALL
    whole = part.right[whose.end() :] if whose else part.right
    acts_on = whose and any(part_of_speech(word) == "v" for word in cut(whole)[1:-1])
    reaches = acts_on or re.search(rules["reach"], part.left[-2:] + part.right)
    if not (ratio and bounded and reaches):
        return None
    return str(bare_name(part.left) + whole + rules["ratio"])


_ALL = 100  # percent of things


def _size_name(part: Part) -> str | None:
    """Set up a fund of a billion yuan: how large something is to be."""
    rules = lexicon("quantities")["name"]
    size = next((g for g in longest_first(rules["generic"]) if part.left.endswith(g)), None)
    whose = re.match(rules["whose"], part.right)
    if size is None or whose is None or describes(part):
        return None
    if _governing(part.left) is None and not part.left[: -len(size)].endswith(words_of("counting")):
        return None
    return re.split("[、,;。]", part.right[whose.end() :])[0] + size


def _fund_name(part: Part) -> str | None:
    """Set aside a million yuan for something: the fund, by what it is for."""
    funds = lexicon("quantities")["name"]["funds"]
    thing = re.match(funds["right"], part.right)
    if thing is None or part.number.kind != "measure" or describes(part):
        return None
    another = part.start and re.match(funds["right"], part.left)  # the next of a list
    return thing["thing"] if another or re.search(funds["left"], bare_name(part.left)) else None


def describes(part: Part) -> bool:
    """Whether a number only describes what the next one counts: 20 projects of over a billion."""
    behind = part.rest[len(part.right) :]
    joined = _form("joined").search(part.right)
    return bool(behind) and not joined and behind[0] not in ",;。、"


def _state_name(part: Part) -> str | None:
    """Five firms get among the first 500: how many are to come to something, or to be."""
    number = part.number
    counts = number.kind == "count" or (number.kind == "measure" and not part.left)
    counts = counts and number.unit_id not in SPANS
    match = _form("becomes").match(part.right)
    rules = lexicon("quantities")["name"]
    these = pattern("quantities", "commit", "within").match(part.left) if counts else None
    if these and (are := _form("are").match(part.right)):
        return counted(are["thing"], number)
    serves = _form("serves").match(part.right) if counts else None
    if serves and re.search(rules["served"], part.left + part.lead):
        return str(serves["thing"] + serves["what"])
    if not counts or part.lead or match is None:
        return None
    if bare_name(part.left) and not part.left.endswith(rules["listed"]):
        return None
    whose = lexicon("quantities")["whole"]["whose"]
    thing, becomes = match["thing"], part.right[match.end("thing") :].split("、")[0]
    return counted(f"{becomes}{whose}{thing}", number)


def _amount_name(part: Part) -> str | None:
    """Districts reach a hundred billion of output: an amount named behind its number."""
    makes = _form("makes").search(part.earlier[: part.number.lead])
    capacity = _form("capacity").match(part.rest)
    if makes and capacity:
        return str(makes["makes"] + (capacity["thing"] or "") + capacity["capacity"])
    bare = bare_name(part.left)
    amounts = pattern("quantities", "numeral", "amounts").match(part.right)
    return bare + amounts.group() if bare and amounts and part.number.governed else None


def _time_name(part: Part, subject: str) -> str | None:
    """The name of a time within which something is to be done; behind another such time of the
    same."""
    time = lexicon("quantities")["name"]["time"]
    doing = _form("within").match(part.right)
    bounded = part.number.comparator == CEILINGS[0] and not part.number.governed
    if doing is None or not bounded or part.number.unit_id not in DURATIONS:
        return None
    left = part.left.rpartition(lexicon("names")["lists"]["comma"])[2] if part.start else part.left
    before = cut(subject.removesuffix(time))[:-1] if subject.endswith(time) else ()
    thing = bare_name(left) or "".join(before)
    return thing and str(thing + doing["doing"] + time)


def _covered_name(part: Part) -> str | None:
    """How many are to be covered by what is named before."""
    covers = bare_name(part.left).partition(lexicon("quantities")["name"]["covers"])
    bounded = part.number.comparator in FLOORS and part.number.kind == "count"
    return "".join(covers) + part.right if bounded and all(covers[:2]) and not covers[2] else None


def _guarded_name(part: Part) -> str | None:
    """Keep to the line of three million mu of farmland: how much is to be kept."""
    if not part.number.sized:
        return None
    match = _form("guarded").match(part.rest)
    kept = _form("guards").search(part.left + part.lead)
    return match["thing"] if match and kept else None


def _lasting_name(part: Part) -> str | None:
    """The name of a stock that is to last for some time."""
    stock = _form("lasts").search(part.left)
    need = _form("need").match(part.right)
    if not (stock and need) or part.number.unit_id not in SPANS:
        return None
    return bare_name(part.left) + need.group() + str(lexicon("quantities")["name"]["time"])


def _object_name(part: Part, last: str | None) -> tuple[str | None, str | None]:
    """Build five homes: the thing counted, where a verb of bringing about governs it."""
    number, rules = part.number, lexicon("quantities")["name"]
    if not number.sized or number.unit_id in SPANS:
        return None, None
    left = without_time(part.left + part.lead)
    direct = next(
        (v for v in words_of("counting") if part.left.endswith(v) or part.lead.startswith(v)), None
    )
    has = rules["each_has"] if part.each and part.left.endswith(rules["each_has"]) else None
    direct = direct or has or _any_verb(part)
    if direct is None and number.comparator in FLOORS and number.governed:
        backed = bare_name(part.left)
        direct = backed if backed in lexicon("quantities")["commit"]["backed"] else None
    listed = left.endswith(rules["listed"])
    behind = left.rpartition(lexicon("quantities")["whole"]["whose"])[2] if listed else ""
    within = (word for word in reversed(cut(behind)) if word in words_of("counting"))
    governing = _governing(left) or next(within, None)  # 甲公司布局…等12个
    joined = _form("joined").search(part.left) is not None
    inherited = joined and (last is not None or governing is not None)
    if direct is None and not (listed and governing) and not inherited:
        return None, None
    verb = direct or governing or (last or "")
    creates = verb.startswith(tuple(rules["creates"]))
    if listed and not creates and left.count("、") + 1 == number.value:
        return None, None
    thing = _form("joined").sub("", counted_thing(part.right, part.rest))
    thing = pattern("quantities", "period", "finished").sub("", thing)
    if number.kind == "measure":
        thing = pattern("quantities", "whole", "first_of").sub("", thing)
    if _only_has(part, verb, thing):
        return None, None
    described = number.governed or part.right.endswith(rules["number"])
    if not thing or (described and describes(part)):
        return None, None
    kept = next((v for v in longest_first(rules["kept"]) if v in verb), "")
    return counted(kept + thing, number), verb


def _any_verb(part: Part) -> str | None:
    """The one word before a number of things, where it is a verb of the dictionary that may bring
    them about, whichever it is; not where they are to do something themselves."""
    bare, thing = bare_name(part.left), cut(part.right)
    holds = bare in lexicon("quantities")["commit"]["holding"]
    if holds or part.number.kind != "count" or part.number.governed or not acts_alone(bare):
        return None
    return None if any(part_of_speech(word) == "v" for word in thing[:-1]) else bare


def _only_has(part: Part, verb: str, thing: str) -> bool:
    """Whether a number only says what somebody must have: firms with a patent or more."""
    rules = lexicon("quantities")
    others = any(part_of_speech(word) == "v" for word in cut(part.left.removesuffix(verb)))
    return verb in rules["commit"]["holding"] and rules["whole"]["whose"] in thing and others


def _governing(left: str) -> str | None:
    """The verb of bringing about that the words begin with."""
    timeless = without_time(left)
    plain = without_lead(timeless)
    texts = (timeless, plain, strip_adverbs(plain))
    return max((verb_at(text, "counting") for text in texts), key=len) or None
