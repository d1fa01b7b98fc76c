"""What a number is a target for: the name that its clause gives it, or that it promises nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, pairwise, zip_longest

from kg.extract.clauses import (
    OF_A_PLAN,
    Clause,
    acts,
    clauses,
    commit_verbs,
    strip_adverbs,
    words_of,
)
from kg.extract.timing import without_time
from kg.extract.titling import behind_setting
from kg.extract.whole_names import bettered, counted_thing, uncounted
from kg.lexicon import lexicon, longest_first, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.bounds import CEILINGS, FLOORS
from kg.quantities.grammar import SPANS, Number, read_numbers


@dataclass(frozen=True)
class Part:
    """A number of a clause, the words before it since the number before, and those behind it up to
    the next.

    start: where the words before it begin in the clause. lead: the words that govern it. earlier,
    rest: the clause up to it, and behind it. year: by which, where it stands with the number. each:
    the words of what has so many each (每县), where the clause begins with them.
    """

    number: Number
    start: int
    left: str
    right: str
    lead: str
    earlier: str
    rest: str
    year: int | None = None
    each: str = ""


def last_number(sentence: str, words: str) -> tuple[Clause, Part] | None:
    """The last number in some words of a sentence, and its clause; None where they hold none."""
    begin = sentence.find(words)
    held = [
        (clause, part)
        for clause in clauses(sentence)
        for part in parts(clause.text)
        if 0 <= begin <= clause.start + part.number.start
        and not part.number.half
        and clause.start + part.number.end <= begin + len(words)
    ]
    return held[-1] if held else None


@lru_cache(OF_A_PLAN)
def parts(clause: str) -> tuple[Part, ...]:
    """The numbers of a clause with the words around each."""
    every = read_numbers(clause)
    after = zip_longest(every, every[1:])
    numbers = [number for number, following in after if not _tells_whom(clause, number, following)]
    opened = _opened(clause) if numbers else 0
    found: list[Part] = []
    for i, number in enumerate(numbers):
        if i and clause[numbers[i - 1].end : number.lead] == lexicon("quantities")["name"]["pair"]:
            found[-1:] = _paired(found[-1], number, clause, numbers[i + 1 : i + 2])
            continue
        start = numbers[i - 1].end if i else 0
        opening = opened if start < opened <= number.lead else start
        end = numbers[i + 1].lead if i + 1 < len(numbers) else len(clause)
        before = without_time(clause[start : number.lead])
        if pattern("quantities", "name", "whole_of").search(before):
            opening = start
        each = pattern("quantities", "name", "for_each").match(before)
        before = before[each.end() :] if each else clause[opening : number.lead]
        left, year = _dated(before, number)
        goes_on = found and pattern("quantities", "name", "for_each_too").search(before)
        of_each = each["each"] if each else found[-1].each if goes_on else ""
        right, by = _behind(clause[number.end : end].rstrip("。"), number)
        lead = clause[number.lead : number.start]
        rest = clause[number.end :].rstrip("。") if by is None else right
        words = left, right, lead, clause[: number.start], rest
        found.append(Part(number, opening if i else 0, *words, year or by, of_each))
    return tuple(found)


def _tells_whom(clause: str, number: Number, following: Number | None) -> bool:
    """Whether a number only says who or what is meant: 3岁以下婴幼儿, 产值10亿元以上企业20家."""
    behind = clause[number.end : following.lead if following else len(clause)]
    if number.governed or number.unit is None or not behind.isalpha():
        return False
    if number.unit_text in lexicon("quantities")["numeral"]["ages"]:
        return True
    counted = following and following.kind == "count"
    joined = pattern("quantities", "name", "joined").search(behind)
    governed = following is None or following.governed
    return bool(bounds_measure(number) and counted and not governed and not joined)


def bounds_measure(number: Number) -> bool:
    """Whether a number without a verb says how large something is at least or at most."""
    bounds = number.comparator in (FLOORS[0], CEILINGS[0])
    return number.kind == "measure" and bounds and not number.governed


def _behind(right: str, number: Number) -> tuple[str, int | None]:
    """The words behind a count without the year by which it is there, and that year."""
    match = pattern("quantities", "period", "behind").search(right) if number.sized else None
    if match is None:
        return pattern("quantities", "name", "based").sub("", right), None
    return right[: match.start()] + right[match.end() :], int(match["year"])


def tells_size(part: Part, before: str) -> bool:
    """Whether a number says how large a place is or how many live there (岸线长度约14公里), and not
    what is to be done or was.

    before: the sentence up to the clause.
    """
    text = before + part.earlier
    size = pattern("quantities", "name", "describes").search(text)
    if size is None or part.number.comparator not in (None, "Equal", "About"):
        return False
    subject = re.split("[,;:]", text[: size.start()])[-1]
    return not any(part_of_speech(word)[0] == "v" for word in cut(subject))


def _paired(
    part: Part, second: Number, clause: str, following: Sequence[Number]
) -> tuple[Part, Part]:
    """The two sizes of one thing: each with the words before the first and behind the second."""
    end = following[0].lead if following else len(clause)
    right, rest = clause[second.end : end].rstrip("。"), clause[second.end :].rstrip("。")
    first = replace(part, right=right, rest=rest)
    if part.number.governed:
        second = replace(second, lead=part.number.lead, comparator=part.number.comparator)
    return first, replace(first, number=second)


def _dated(left: str, number: Number) -> tuple[str, int | None]:
    """The words before a number without the year that is its own (X2027年达到Y), and that year."""
    dated = number.governed or number.sized
    match = pattern("quantities", "period", "own").fullmatch(left) if dated else None
    if match is None:
        return left, None
    return match["before"] or match["name"] or "", int(match["year"] or match["apart"])


def _opened(clause: str) -> int:
    """How much of a clause's beginning says only where, for whom or by whom."""
    answering = pattern("actions", "governing", "answering").match(clause)
    return behind_setting(clause) or (answering.end() if answering else 0)


# ---------------------------------------------------------------- names given in turn


def with_words_of(part: Part, before: Part) -> Part:
    """A part with the words of the one before it, whose number only belongs to its name, unless it
    says where.
    """
    if part.start > before.number.end:
        return part
    return replace(
        part,
        start=before.start,
        left=before.left + part.earlier[before.number.lead : part.number.lead],
    )


def names_in_turn(these: tuple[Part, ...], former: Sequence[str] = ()) -> list[tuple[str, Part]]:
    """雏鹰、瞪羚企业分别达到100家和6家: one name a number, the last name's end shared.

    former: the names before in the sentence, of which unnamed numbers are (…,分别增长5%和6%).
    """
    if not these or any(part.number.half for part in these):
        return []
    first = these[0]
    match = pattern("quantities", "name", "in_turn").search(first.left + first.lead)
    each = pattern("quantities", "name", "each").search(first.left) if len(these) == 1 else None
    if match is None and each is None:
        return []
    end = each.start() if each else match.start() if match else 0
    words = bare_name((first.left + first.lead)[:end])
    if each:
        words = _without_verb(words)
    of_each = pattern("quantities", "name", "together").search(words)
    words, end_of_each = (words[: of_each.start()], of_each["of"]) if of_each else (words, "")
    between = pattern("quantities", "name", "between")
    names = [_without_lead(name) + end_of_each for name in between.split(words)]
    for word, halves in lexicon("quantities")["name"]["both"].items():
        if len(names) == 1 and word in names[0]:
            names = [names[0].replace(word, half) for half in halves]
    names = _with_object(names)
    given = _in_turn(these) * (len(names) if each else 1)
    alone = match is not None and first.left.endswith(match.group())
    if alone and not words and 2 <= len(given) <= len(former):
        return list(zip(former[-len(given) :], given, strict=True))
    short = min(map(len, names)) < _SHORTEST
    if not 2 <= len(names) == len(given) or short or set(commit_verbs()) & set(names):
        return []
    return [
        (_counted(_with_front(_with_end(name, names[-1]), names[0]), part.number), part)
        for name, part in zip(names, given, strict=True)
    ]


def given_in_turn(these: tuple[Part, ...]) -> bool:
    """Whether a clause gives several numbers in turn, so that each is of a thing of its own."""
    in_turn = pattern("quantities", "name", "in_turn")
    return len(these) > 1 and in_turn.search(these[0].left + these[0].lead) is not None


def years_in_turn(clause: str, these: tuple[Part, ...], before: str) -> list[tuple[int, str, Part]]:
    """The years of a list, the one name, and each year's number, where a clause gives them in turn.

    before: the sentence up to the clause, whose years may stand in a clause of their own.
    """
    if not these or any(part.number.half for part in these):
        return []
    form = pattern("quantities", "period", "in_turn")
    apart = pattern("quantities", "period", "years_apart").findall(before)
    between = pattern("quantities", "name", "between")  # the names of several have one number each
    match = form.match(clause)
    if match is None and apart and not between.search(clause[: these[0].number.lead]):
        match = form.match(apart[-1] + clause)
    if match is None:
        return []
    years = [int(year) for year in re.findall(r"\d{4}", match["years"])]
    name, given = bare_name(match["name"] or match["before"]), _in_turn(these)
    if not name or len(years) != len(given):
        return []
    return [
        (year, _counted(name, part.number), part) for year, part in zip(years, given, strict=True)
    ]


def _in_turn(these: tuple[Part, ...]) -> list[Part]:
    """The numbers given in turn, pairs (8358/244) apart; the first one's words hold for all."""
    first = these[0].number
    if len(these) == 1 and first.pair is not None:
        given = [first, replace(first, value=first.pair)]
    else:
        given = [part.number for part in these]
    whole = replace(these[0], right="")
    return [replace(whole, number=replace(n.turned_as(first), lead=n.start)) for n in given]


def _with_object(names: list[str]) -> list[str]:
    """Verbs alone with the object of the last one: 新增、恢复和改善灌溉面积."""
    verb = next(iter(cut(names[-1])), "")
    thing = names[-1][len(verb) :]
    if not thing or not all(map(_acts_alone, (*names[:-1], verb))):
        return names
    return [name + thing for name in names[:-1]] + names[-1:]


def _acts_alone(word: str) -> bool:
    """Whether a word is a verb by which things come to be so many, or any other."""
    return word in commit_verbs() or (len(cut(word)) == 1 and part_of_speech(word) == "v")


def _with_front(name: str, first: str) -> str:
    """A name with what stands before the first of its list only: what the first is for each of
    (单位产值能耗和用水), or what its counterpart is of (预算收入、支出).
    """
    rules = lexicon("quantities")["name"]
    per = pattern("quantities", "name", "per_front").match(first)
    if per and not re.search(lexicon("quantities")["whole"]["levels"], name):
        return name if name.startswith(per.group()) else per.group() + name
    for one, other in rules["counterparts"]:
        for ends, alone in ((one, other), (other, one)):
            if name == alone and first.endswith(ends):
                return first.removesuffix(ends) + name
    return name


def _with_end(name: str, last: str) -> str:
    """A name with the end that it shares with the last of its list."""
    share, of_all = _share_at_end(last), pattern("quantities", "name", "of_all").search(last)
    words = [*cut(last.removesuffix(share)), share] if share else cut(last)
    if of_all and not re.search(lexicon("quantities")["whole"]["levels"], name):
        return name + of_all.group()
    if name.endswith(words[-1]) or (len(name) > _SHORT and name[-1] == last[-1]):
        return name
    if shared := next((name[-n:] for n in range(len(name) - 1, 1, -1) if name[-n:] in last), ""):
        return name + last[last.find(shared) + len(shared) :]
    if kind := pattern("quantities", "name", "kinds").search(last):
        return name + (kind["of"] if name.endswith(kind["kind"][-1]) else kind.group())
    levels = lexicon("quantities")["whole"]["levels"]
    measured = re.search(levels, name)
    longer = len(name) >= len(last) and not (words[1:] and re.search(levels, last))
    if longer or (measured and len(name) > _SHORT):
        return name
    places = accumulate(map(len, words[:-1]))
    shared = last[max((place for place in places if place <= len(name)), default=len(name)) :]
    overlap = next((n for n in range(len(shared), 0, -1) if name.endswith(shared[:n])), 0)
    return name + shared[overlap:]


def _share_at_end(name: str) -> str:
    """The word for a share that a name ends in, which the dictionary may take apart; "" if none."""
    share: str = lexicon("quantities")["name"]["share"]
    return share if name.endswith(share) else ""


_SHORT = 3  # characters of a name that may lack what it shares with others


# ---------------------------------------------------------------- one name


def name_of(part: Part, subject: str, last: str | None) -> tuple[str | None, str | None]:
    """What a number is a target for, and what it hands on to the next of its clause.

    Args:
        subject: the name of the target before it in the sentence.

    Returns:
        The name, "" where something comes to so much that is not named, None where the number
        commits to nothing; and the verb that governs what follows (建成3个中心和2个基地).
    """
    name, handed = _name_of(part, subject, last)
    return part.each + name if name else name, handed


def _name_of(part: Part, subject: str, last: str | None) -> tuple[str | None, str | None]:
    """What a number is of, but for whom each, and what it hands on."""
    number = part.number
    subject = _inherited(subject, part)
    if number.pair is not None or pattern("quantities", "name", "banned").search(part.left):
        return None, None
    if pattern("quantities", "name", "joins").match(part.right) and not _opens_thing(part):
        return _tail_name(part, subject, last), _governing(part.left) or last
    if name := (
        _share_name(part)
        or _size_name(part)
        or _state_name(part)
        or _amount_name(part)
        or _guarded_name(part)
    ):
        return name, None
    return _object_name(part, last)


def _inherited(subject: str, part: Part) -> str:
    """The name before a number in its sentence, as far as it may be that number's own: an amount is
    no rate of growth, and what something comes to is not what is added to it each year."""
    subject = subject.removesuffix(lexicon("quantities")["name"]["growth"])
    if part.number.kind != "ratio":
        subject = pattern("quantities", "name", "grows_by").sub("", subject)
    sums = lexicon("quantities")["commit"]["sums_up"]
    summed = any(word in part.left + part.lead for word in sums)
    if part.number.sized and _has_level_verb(part) and not summed:
        subject = pattern("quantities", "name", "added").sub("", subject)
    return subject


def _opens_thing(part: Part) -> bool:
    """Whether a joining word behind a number begins a verb's object: 打造20个和美乡村."""
    thing = part.right.strip("、,(")
    joined = pattern("quantities", "name", "joint").match(thing)
    if joined and thing[joined.end() :].startswith(commit_verbs()):
        return False  # 培训3000人次并建成基地5个
    return len(thing) > 1 and thing == part.right and bare_name(part.left) in commit_verbs()


def _tail_name(part: Part, subject: str, last: str | None) -> str | None:
    """The name before a number that ends its clause or one of its parts."""
    number = part.number
    plain = without_time(
        pattern("quantities", "name", "joint").sub("", part.left) if part.start else part.left
    )
    bare = _each(bare_name(plain))
    if number.governed or number.unit_id == "times":
        name = bare or subject
        of_these = pattern("quantities", "commit", "within").match(part.left)
        if not bare and (of_these or not number.unit_text):
            return None
        turns = number.unit_text.endswith(lexicon("quantities")["name"]["turns"])
        name = name if turns or _has_level_verb(part) else _without_verb(name)
        name = _done_to(bettered(name, part.lead), subject) if number.sized else name
        name = name and _counted(_of(name, subject), number)
        return of_growth(name, part) if bare else name
    if not number.unit_text:
        return None
    again = ("", *lexicon("quantities")["name"]["again"])
    if bare in again or bare in commit_verbs():
        done = _again(part, subject, bare) if bare in again else _done_to(bare, subject)
        return _counted(done, number) if done in commit_verbs() else done
    if last is None and acts(bare) and _governing(plain) is None:
        return _counted(_behind_verb(bare), number)
    return _counted(_of(_without_verb(bare), subject), number)


def work_name(part: Part, thing: str) -> str | None:
    """What so many are built or done of that a clause before acts on: 建设农田,新建1.5万亩.

    Args:
        thing: what it acts on; that it is being built (农田建设) is no part of its name.
    """
    number, rules = part.number, lexicon("quantities")
    verb = bare_name(part.left) or part.lead
    closes = pattern("quantities", "name", "joins").match(part.right)
    if not number.sized or verb not in commit_verbs() or not closes:
        return None
    ends = rules["whole"]["undertaken"]
    bare = thing
    while end := next((end for end in ends if bare.endswith(end)), ""):
        bare = bare.removesuffix(end)
    done = verb in rules["commit"]["done"]
    if not bare or (bare.endswith(words_of("verbs")) and not done):
        return None
    kept = verb in rules["name"]["kept"] and not bare.endswith(verb)
    return _counted((verb if kept else "") + bare, number)


def _each(bare: str) -> str:
    """拥有量增至每万人25件: what it is counted for goes before its name, and so does how often."""
    if match := pattern("quantities", "name", "per").fullmatch(bare):
        return match["per"] + match["name"]
    often = pattern("quantities", "name", "every").fullmatch(bare)
    return often["every"] + often["name"] if often else bare


def _behind_verb(bare: str) -> str:
    """What follows a clause's last verb of bringing about (依托…新建绿道), where that is no stem or
    attribute of another word (发展型, 集聚的).
    """
    verbs, kept = set(commit_verbs()), lexicon("quantities")["name"]["kept"]
    at, name = 0, bare
    for word, following in pairwise((*cut(bare), "")):
        at += len(word)
        within = following and part_of_speech(following)[0] in "ku"
        if word in verbs and not within and len(bare) - at > 1:
            name = bare[at - len(word) :] if word in kept else bare[at:]
    return name


def _again(part: Part, subject: str, verb: str) -> str | None:
    """The same name behind its own sum (年均新增1.2万人), or behind another verb (再建成3个)."""
    rules = lexicon("quantities")
    if subject and (more := next((w for w in rules["name"]["more"] if w in part.left), "")):
        return more + subject
    done = next((v for v in commit_verbs() if subject.endswith(v)), "")
    if verb and done and verb != done:  # 新开工2000公里,建成1800公里: another thing done
        return subject.removesuffix(done) + verb if subject != done else None
    again = verb or part.year or any(word in part.left for word in rules["commit"]["annual"])
    return subject if subject and again else None


def of_growth(name: str, part: Part) -> str:
    """A name as that of its yearly growth, where its number is such."""
    rules = lexicon("quantities")["name"]
    grows = any(word in part.earlier for word in rules["grows"])
    annual = rules["annual"] in part.lead + part.left[-6:]
    return name.removesuffix(rules["grows"][1]) + rules["growth"] if annual and grows else name


def of_zone(name: str, part: Part, subject: str) -> str:
    """A figure of an area as that of the zone before it: 某新城人口达15万人,税收达2亿元.

    subject: the name of what was counted before it.
    """
    zone = pattern("quantities", "name", "zone").match(subject)
    area_has = pattern("quantities", "name", "area_has").fullmatch(uncounted(name))
    own = pattern("quantities", "name", "own_area").match(part.left)
    return zone.group() + name if zone and area_has and not own else name


def _share_name(part: Part) -> str | None:
    """建成区50%以上面积达到要求: the share of something that is to be reached."""
    number, rules = part.number, lexicon("quantities")["name"]
    ratio = number.kind == "ratio"
    met = pattern("quantities", "name", "met").match(part.right)
    if ratio and part.left and met:
        return str(bare_name(part.left) + met["what"] + rules["rate"])
    whose = re.match(rules["whose"], part.right)
    bounded = whose or number.comparator in ("AtLeast", "MoreThan") or not bare_name(part.left)
    if not (ratio and bounded and re.search(rules["reach"], part.left[-2:] + part.right)):
        return None
    whole = part.right[whose.end() :] if whose else part.right
    return str(bare_name(part.left) + whole + rules["ratio"])


def _size_name(part: Part) -> str | None:
    """设立总规模10亿元的引导基金: how large something is to be."""
    rules = lexicon("quantities")["name"]
    size = next((g for g in longest_first(rules["generic"]) if part.left.endswith(g)), None)
    whose = re.match(rules["whose"], part.right)
    if size is None or whose is None or _describes(part):
        return None
    if _governing(part.left) is None and not part.left[: -len(size)].endswith(commit_verbs()):
        return None
    return re.split("[、,;。]", part.right[whose.end() :])[0] + size


def _describes(part: Part) -> bool:
    """Whether a number only describes what the next one counts: 投资10亿元以上的项目20个."""
    behind = part.rest[len(part.right) :]
    joined = pattern("quantities", "name", "joined").search(part.right)
    return bool(behind) and not joined and behind[0] not in ",;。、"


def _state_name(part: Part) -> str | None:
    """5家企业进入全国500强: how many are to come to something, or to be."""
    number = part.number
    counts = number.kind == "count" or (number.kind == "measure" and not part.left)
    counts = counts and number.unit_id not in SPANS
    match = pattern("quantities", "name", "becomes").match(part.right)
    rules = lexicon("quantities")["name"]
    these = pattern("quantities", "commit", "within").match(part.left) if counts else None
    if these and (are := pattern("quantities", "name", "are").match(part.right)):
        return _counted(are["thing"], number)
    serves = pattern("quantities", "name", "serves").match(part.right) if counts else None
    if serves and re.search(rules["served"], part.left + part.lead):
        return str(serves["thing"] + serves["what"])
    if not counts or part.lead or match is None:
        return None
    if bare_name(part.left) and not part.left.endswith(rules["listed"]):
        return None
    whose = lexicon("quantities")["whole"]["whose"]
    thing, becomes = match["thing"], part.right[match.end("thing") :].split("、")[0]
    return _counted(f"{becomes}{whose}{thing}", number)


def _amount_name(part: Part) -> str | None:
    """各区达到千亿元产值: an amount named behind its number."""
    bare = bare_name(part.left)
    amounts = pattern("quantities", "numeral", "amounts").match(part.right)
    return bare + amounts.group() if bare and amounts and part.number.governed else None


def _guarded_name(part: Part) -> str | None:
    """守住300万亩耕地红线: how much is to be kept."""
    if not part.number.sized:
        return None
    match = pattern("quantities", "name", "guarded").match(part.rest)
    kept = pattern("quantities", "name", "guards").search(part.left + part.lead)
    return match["thing"] if match and kept else None


def _object_name(part: Part, last: str | None) -> tuple[str | None, str | None]:
    """新建5所养老院: the thing counted, where a verb of bringing about governs it."""
    number, rules = part.number, lexicon("quantities")["name"]
    if not number.sized or number.unit_id in SPANS:
        return None, None
    left = without_time(part.left + part.lead)
    direct = next(
        (v for v in commit_verbs() if part.left.endswith(v) or part.lead.startswith(v)), None
    )
    if direct is None and number.comparator in FLOORS and number.governed:
        backed = bare_name(part.left)
        direct = backed if backed in lexicon("quantities")["commit"]["backed"] else None
    listed = left.endswith(rules["listed"])
    behind = left.rpartition(lexicon("quantities")["whole"]["whose"])[2] if listed else ""
    within = (word for word in reversed(cut(behind)) if word in commit_verbs())
    governing = _governing(left) or next(within, None)  # 甲公司布局…等12个
    joined = pattern("quantities", "name", "joined").search(part.left) is not None
    inherited = joined and (last is not None or governing is not None)
    if direct is None and not (listed and governing) and not inherited:
        return None, None
    verb = direct or governing or (last or "")
    creates = verb.startswith(tuple(rules["creates"]))
    if listed and not creates and left.count("、") + 1 == number.value:
        return None, None
    thing = pattern("quantities", "name", "joined").sub("", counted_thing(part.right, part.rest))
    thing = pattern("quantities", "period", "finished").sub("", thing)
    if _only_has(part, verb, thing):
        return None, None
    described = number.governed or part.right.endswith(rules["number"])
    if not thing or (described and _describes(part)):
        return None, None
    kept = next((v for v in longest_first(rules["kept"]) if v in verb), "")
    return _counted(kept + thing, number), verb


def _only_has(part: Part, verb: str, thing: str) -> bool:
    """Whether a number only says what somebody must have: 支持企业拥有1项以上专利的项目."""
    rules = lexicon("quantities")
    others = any(part_of_speech(word) == "v" for word in cut(part.left.removesuffix(verb)))
    return verb in rules["commit"]["holding"] and rules["whole"]["whose"] in thing and others


def _governing(left: str) -> str | None:
    """The verb of bringing about that the words begin with."""
    timeless = without_time(left)
    plain = _without_lead(timeless)
    texts = (timeless, plain, strip_adverbs(plain))
    found = (verb for verb in commit_verbs() if any(text.startswith(verb) for text in texts))
    return next(found, None)  # the longest, which are first


# ---------------------------------------------------------------- words of a name


def _without_lead(text: str) -> str:
    text = pattern("quantities", "name", "lead").sub("", text)
    words = lexicon("quantities")["name"]["lead_words"]
    has = pattern("quantities", "name", "has").match(text)
    return text[1:] if not has and text[:1] in words and cut(text)[0] in words else text


def bare_name(text: str) -> str:
    """A name without dates, pledges and adverbs at its ends."""
    before = ""
    while before != text:
        before = text
        text = without_time(
            pattern("quantities", "name", "trail").sub("", _without_lead(without_time(text)))
        )
    return text


@cache
def _level_verbs() -> tuple[str, ...]:
    """The words before a number that say what something comes to or turns by."""
    soft = lexicon("quantities")["commit"]["soft"]
    return tuple(
        word
        for c in lexicon("quantities")["comparator"]
        for word in c["before"]
        if c["id"] not in soft and word not in commit_verbs()
    )


def _has_level_verb(part: Part) -> bool:
    return part.number.unit_id == "times" or any(word in part.lead for word in _level_verbs())


def _without_verb(name: str) -> str:
    """A name of what is counted without the verb that brings it about (完成, 培育)."""
    rules = lexicon("quantities")["name"]
    while not pattern("quantities", "commit", "carried").match(name):
        verb = next((v for v in commit_verbs() if name.startswith(v)), "")
        rest = name[len(verb) :]
        if not verb or len(rest) < _SHORTEST or verb in rules["kept"]:
            return name
        if verb.startswith(rules["own"]) or not verb.startswith(cut(name)[0]):
            return name
        if rest.startswith(tuple(rules["nouns"])):
            return rest
        name = rest
    return name


def _done_to(name: str, subject: str) -> str:
    """A verb alone with what the former verb acts on: 新建农田12万亩,改造提升30万亩."""
    if name not in commit_verbs() or not subject:
        return name
    if subject.endswith(name):
        return subject
    verb = next((v for v in commit_verbs() if subject.startswith(v)), "")
    return name + subject[len(verb) :] if verb and verb == cut(subject)[0] else name + subject


_SHORTEST = 2  # characters of a name


def _of(name: str, subject: str) -> str:
    """A name that says no more than how much, a share or a grade is the former subject's."""
    rules = lexicon("quantities")["name"]
    if subject and pattern("quantities", "name", "graded").fullmatch(name):
        verb = next((v for v in longest_first(rules["kept"]) if subject.startswith(v)), "")
        thing = subject[len(verb) :].removesuffix(rules["number"])
        return name + pattern("quantities", "name", "grade").sub("", thing)
    if subject and name.startswith(rules["part_of"]):
        return subject.removesuffix(rules["number"]) + name
    return name


def _counted(name: str, number: Number) -> str:
    """A name that says what is counted: that it is a number of things."""
    rules = lexicon("quantities")["name"]
    if name in commit_verbs() and number.unit_text.endswith(rules["turns"]):
        return str(name + rules["turns"])
    name = rules["ordered"].get(name, name)
    if number.kind == "ratio" and name.endswith(rules["part_of"]):
        return str(name.removesuffix(rules["part_of"]) + rules["share"])
    if number.kind == "count" and not name.endswith(tuple(rules["counts"])):
        return str(name + rules["number"])
    return str(name + rules["persons"]) if name.endswith(rules["people"]) else str(name)
