"""Numbers with units in running text: how much, at least or at most, and of what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from kg.lexicon import lexicon, longest_first, pattern, with_parts
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.bounds import CEILINGS, OPPOSITE
from kg.quantities.numerals import ARABIC, chinese, half_width, value_of


@dataclass(frozen=True)
class Unit:
    """A unit of lexicon/units.toml."""

    id: str
    kind: str
    labels: tuple[str, ...]
    english: str
    base: str | None = None
    factor: Decimal = Decimal(1)
    qudt: str | None = None
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """A number in a clause: its value, unit and comparator, and the places of its parts in the
    clause.

    value, upper: as they count: negative where something falls by so much.
    unit, unit_text: the unit, None where it is none of the lexicon's, and as printed.
    lead: where the words that govern it begin.
    change: whether it says by how much something turns, not what it comes to.
    since: what a change or multiple is measured against, as printed; "" where nothing is named.
    base: the value of today that is named with it.
    pair: the second of two values that are printed as one (8358/244).
    summed: whether it stands in square brackets, as sums over a period do.
    half: whether only part of what is printed was understood; such a number is no quantity.
    """

    start: int
    end: int
    value: Decimal
    upper: Decimal | None
    unit: Unit | None
    unit_text: str
    comparator: str | None
    lead: int
    change: bool = False
    since: str = ""
    base: Number | None = None
    pair: Decimal | None = None
    summed: bool = False
    half: bool = False

    @property
    def kind(self) -> str:
        """The kind of the number's unit (count, measure, ratio); "" without one."""
        return self.unit.kind if self.unit else ""

    @property
    def unit_id(self) -> str | None:
        """The identifier of the number's unit."""
        return self.unit.id if self.unit else None

    @property
    def sized(self) -> bool:
        """Whether the number counts or measures things."""
        return self.kind in ("count", "measure")

    @property
    def governed(self) -> bool:
        """Whether a word before the number says how it compares."""
        return self.lead < self.start

    def turned_as(self, first: Number, words: str) -> Number:
        """The number under the words before the first of its list (fall by 16% and 18%), but not
        under the bound behind that."""
        number = self
        if first.change and first.value < 0 < self.value:
            number = _fallen(self)
        bound = number.comparator or _words_before(words, len(words))[1]
        return replace(number, comparator=bound, change=first.change, since=first.since)

    def turning(self, up: bool) -> Number:
        """The number as by how much something is to rise, or to fall."""
        return replace(self if up else _fallen(self), change=True)

    def as_result(self) -> Number:
        """The number as a past result: a fall without its sign."""
        return _fallen(self) if self.change and self.value < 0 else self


@cache
def units() -> dict[str, Unit]:
    """The units by id."""
    read: dict[str, Callable[..., Any]] = {"labels": tuple, "before": tuple}
    read["factor"] = lambda factor: Decimal(str(factor))
    return {
        name: Unit(name, kind, **{key: read.get(key, str)(value) for key, value in one.items()})
        for kind, those in lexicon("units").items()
        for name, one in those.items()
    }


@cache
def unit_of(label: str) -> Unit | None:
    """The unit that a printed label means."""
    label = label.replace(lexicon("quantities")["numeral"]["per"], "/")
    return next((u for u in units().values() if label in u.labels), None)


@cache
def _comparing(place: str) -> dict[str, str]:
    """The words that compare "before" or "after" a number, longer first, and what they make."""
    made = {word: c["id"] for c in lexicon("quantities")["comparator"] for word in c[place]}
    return {word: made[word] for word in longest_first(made)}


def comparator_of(word: str) -> str | None:
    """The comparator that a word before a number makes."""
    return _comparing("before").get(word)


def find_numbers(clause: str) -> Iterator[Number]:
    """The numbers of a clause that are quantities: no dates, grades, codes or parts of names."""
    return (number for number in read_numbers(clause) if not number.half)


@lru_cache(maxsize=1024)
def read_numbers(clause: str) -> tuple[Number, ...]:
    """The quantities of a clause in order, those understood and those half understood."""
    text = half_width(clause)
    found: list[Number] = []
    if _numeral().search(text) is None:
        return ()
    for match in _pattern().finditer(text):
        number = _in_words(text, match) if match["words"] else _in_digits(text, match)
        if number is None:
            continue
        if found and (joined := _from_base(text, found[-1], number)):
            found[-1] = joined
        else:
            found.append(number)
    for i in range(len(found) - 2, -1, -1):
        number, following = found[i], found[i + 1]
        begun = following.kind == "ratio" and following.unit_text.startswith(number.unit_text)
        if (number.unit is None or begun) and not number.half and _in_turn(text, number):
            found[i] = _with_unit_of(number, following, text)
    return tuple(found)


def _with_unit_of(number: Number, other: Number, text: str) -> Number:
    """A number with the unit behind the next one of its list; one that counts in ten thousands
    itself with what these are of."""
    multiples, label = lexicon("quantities")["numeral"]["multiples"], other.unit_text
    if text[number.end - 1] in multiples and label[:1] in multiples:
        label = label.lstrip(multiples)
        return replace(number, unit=unit_of(label), unit_text=label)
    return replace(number, unit=other.unit, unit_text=label)


@cache
def _labels() -> tuple[str, ...]:
    """What units are called, longer first."""
    return longest_first([label for unit in units().values() for label in unit.labels])


@cache
def _numeral() -> re.Pattern[str]:
    """What a text without numbers has none of."""
    rules = lexicon("quantities")["numeral"]
    return re.compile(
        rf"[\d{rules['digits']}{rules['multiples']}{rules['half']}]|{rules['doubled']}"
    )


@cache
def _pattern() -> re.Pattern[str]:
    rules = lexicon("quantities")["numeral"]
    more, big, behind, between = (rules[key] for key in ("more", "big", "behind", "between"))
    # One letter with a word behind it is a name, no unit.
    alone = rf"(?=$|[{rules['closes']}{behind}])"
    ends = {x: ("(?![A-Za-z])" if x[1:] else alone) for x in _labels() if re.search("[A-Za-z]$", x)}
    people = big + rules["people"]
    ends |= {x: rules["whom"] for x in _labels() if x.endswith(rules["heads"][0])}
    labels = "|".join(
        re.escape(x).replace("/", f"[/{rules['per']}]") + ends.get(x, "") for x in _labels()
    )
    before = "|".join(re.escape(word) for u in units().values() for word in u.before)
    was = lexicon("quantities")["reference"]["was"]
    return re.compile(
        rf"(?P<words>{rules['tenths']}|{rules['doubled']}|{rules['fraction']})"
        rf"|(?<![\d.A-Za-z])(?P<open>\[(?=[^]]{{1,20}}\]))?"
        rf"(?P<sign>[-+±]|{rules['below']})?(?P<before>{before})?"
        rf"(?:(?P<number>{ARABIC})"
        rf"|(?P<chinese>{chinese()}(?=$|[,;。、({behind}]|{more}?(?:{labels})|{people})))"
        rf"(?:(?P<first>%|{labels}|(?P<both>{big})(?={between}+[\d.]+(?P=both)))?"
        rf"(?P<between>{between}{{1,2}})(?!{rules['dated']})(?P<upper>{ARABIC})"
        rf"|±(?P<margin>{ARABIC}))?"
        rf"(?P<parts>(?::\d+(?:\.\d+)?){{2,}})?(?P<more>{more})?"
        rf"(?(open)\]?) ?(?:(?P<unit>{labels})(?P<and>{rules['and_half']})?"
        rf"|(?P<big>{big})(?P<some>{more})?(?P<thing>{labels})?"
        rf"|/(?P<pair>{ARABIC})(?P<shared>{labels})?|(?P<odd>:{ARABIC}|[A-Za-zμ/]{{1,10}}))?"
        rf"(?(open)\]?)(?P<per>{rules['rate']}(?=$|[,;。、({rules['behind_rate']}]))?"
        rf"(?P<also>(?!{was}\d)\((?!{rules['part']})[^()]{{1,12}}\))?"
    )


def _in_words(text: str, match: re.Match[str]) -> Number | None:
    """Tenths, doublings and fractions."""
    rules = lexicon("quantities")["numeral"]
    start, end = match.span()
    if match["tenths"]:
        value = (value_of(match["tenths"]) or Decimal(0)) * 10
        if match["half"]:
            value += 5 if match["half"] == rules["half"] else value_of(match["half"]) or 0
        most = (value_of(match["most"]) or Decimal(0)) * 10 if match["most"] else None
        label = units()["percent"]
        turned = text.startswith(tuple(_comparing("before")), end)
        if not (turned or _ends_clause(text, end) or re.search(rules["opens"], text[:start])):
            return None
    elif match["part"] or match["halved"]:
        return _fraction(text, match)
    else:
        times = value_of(match["times"]) if match["times"] else Decimal(1)
        value, most, label = 2 ** (times or Decimal(1)), None, units()["times"]
    found = _number_in_words(text, start, end, value, most, label)
    if match["tenths"]:
        return found
    within = _ends(rules["within"]).search(text, max(0, found.start - _REACH), found.start)
    if within is None:
        return found
    lead = _words_before(text, within.start())[0]
    return replace(found, since=found.since or within.group(), lead=lead)


def _fraction(text: str, match: re.Match[str]) -> Number:
    """A fraction as the share that it is; half understood where no short decimal gives it."""
    rules = lexicon("quantities")["numeral"]
    printed = match["part"] or rules["a_half"]
    below, above = (value_of(n) or Decimal(0) for n in printed.split(rules["of"]))
    share = 100 * above / below if below else Decimal(0)
    number = _number_in_words(text, *match.span(), share, None, units()["percent"])
    return replace(number, half=not below or share != round(share, _SHARE_PLACES))


_SHARE_PLACES = 2  # decimals of a percentage that a fraction may have


def _in_digits(text: str, match: re.Match[str]) -> Number | None:
    """A number in digits of either kind, with its unit."""
    number = _with_unit(text, match)
    if number is None or (match["chinese"] and not _counts(match, number)):
        return None
    if match["sign"] and not number.governed and _from(text, number) == number.start:
        return None
    return _understood(text, match, _bounded(match, number))


def _with_unit(text: str, match: re.Match[str]) -> Number | None:
    """A number in digits with its unit and the words around it; None where it is no quantity."""
    start, end = match.span()
    label, unit, unit_text, scale = _unit(match)
    each = _ends(lexicon("quantities")["numeral"]["each_of"]).search(text[:start])
    if each and (rate := unit_of(f"{label}/{each['of']}")):
        start, unit, unit_text = each.start(), rate, rate.labels[0]
    if match["also"] and not _ends_clause(text, end):
        end = match.start("also")
    value = value_of(match["number"] or match["chinese"])
    if value is None:
        return None
    if match["and"]:
        value += value_of(lexicon("quantities")["numeral"]["half"]) or 0
    if label in lexicon("quantities")["numeral"]["ranks"] and _ranked(text, start):
        unit = units()["rank"]
    elif _is_part_of_name(text, match, unit, unit_text):
        return None
    upper = value_of(match["upper"]) if match["upper"] else None
    if margin := match["margin"] and value_of(match["margin"]):
        value, upper = value - margin, value + margin
    upper = upper * scale if upper is not None else None
    number = _number_in_words(text, start, end, value * scale, upper, unit, unit_text)
    return replace(number, summed=match["open"] is not None)


def _bounded(match: re.Match[str], number: Number) -> Number:
    """A number with its sign, and the bound that its own form sets."""
    if match["sign"] and match["sign"] not in "+±":
        number = _fallen(number)
    first = (match["number"] or match["chinese"])[0]
    alone = not match["before"] and first in lexicon("quantities")["numeral"]["alone"]  # or larger
    bound = "MoreThan" if match["more"] or match["some"] else "AtLeast" if alone else None
    plain = bound and number.comparator in _PLAIN
    return replace(number, comparator=bound) if plain else number


def _understood(text: str, match: re.Match[str], number: Number) -> Number | None:
    """A number with its pair, and whether all of it is understood; None where it has no unit and
    nothing says that it is a quantity without one."""
    after, unit_text = text[number.end :], number.unit_text
    odd = bool(match["parts"] or match["odd"] or (match["pair"] and number.unit is None))
    brought = _ends(_with_verbs(lexicon("quantities")["commit"]["before"]))
    counts = _governs(text, number) or brought.search(text[: number.start])
    unread = not unit_text and counts and _opens("unknown", after)
    odd = odd or bool(unread)
    tail = odd or not after.strip("。") or (bool(match["big"]) and after[0] in "、,;。")
    if not (unit_text or unread or _in_turn(text, number) or (number.governed and tail)):
        return None
    whose = lexicon("quantities")["whole"]["whose"]
    more = number.kind == "measure" and number.unit_id not in SPANS and _opens("unknown", after)
    closes = _ends_clause(text, number.end) or _opens("amounts", after) or after.startswith(whose)
    odd = odd or (more and number.governed and not closes)  # a unit that goes on
    half = odd or _opens("to_none", after) or _against_unknown(text, number)
    return replace(number, pair=value_of(match["pair"]) if match["pair"] else None, half=half)


@cache
def _with_verbs(form: str) -> str:
    """A form with the verbs that bring about so many things."""
    verbs = longest_first(lexicon("actions")["verbs"]["counting"])
    return with_parts(form, {"verbs": "|".join(verbs)})


def _opens(name: str, after: str) -> bool:
    """Whether the words behind a number begin as a pattern of the lexicon does."""
    return pattern("quantities", "numeral", name).match(after) is not None


def _ranked(text: str, start: int) -> re.Match[str] | None:
    """The words that make a number a place among others."""
    ranked = lexicon("quantities")["numeral"]["ranked"]
    return _ends(ranked).search(text, max(0, start - _REACH), start)


def _unit(match: re.Match[str]) -> tuple[str, Unit | None, str, Decimal]:
    """A number's label, unit, printed unit, and factor where the unit has no multiple."""
    if not match["big"]:
        label = match["unit"] or match["shared"] or match["before"] or ""
        if match["per"]:
            label += match["per"]
        unit = unit_of(label) if label else None
        in_front = unit is not None and label in unit.before  # 百分之 is no unit behind a number
        return label, unit, unit.labels[0] if unit and in_front else label, Decimal(1)
    thing = match["thing"] or ""
    if (unit := unit_of(match["big"] + thing)) is not None:
        return match["big"] + thing, unit, match["big"] + thing, Decimal(1)
    rules = lexicon("quantities")["numeral"]
    named = pattern("quantities", "numeral", "counted_in").search(match.string, 0, match.start())
    people = pattern("quantities", "numeral", "people").match(match.string, match.end())
    if not thing and (named or people):
        label = match["big"] + ((named and named["unit"]) or rules["heads"][0])
        if unit := unit_of(label):
            return label, unit, label, Decimal(1)
    scale = value_of(rules["one"] + match["big"]) or Decimal(1)
    return match["big"] + thing, unit_of(thing) if thing else None, thing, scale


def _governs(text: str, number: Number) -> bool:
    """Whether a word that can only govern a quantity is before a number."""
    weak = lexicon("quantities")["numeral"]["weak"]
    return number.governed and text[number.lead : number.start] not in weak


def _in_turn(text: str, number: Number) -> bool:
    """Whether a number without a unit shares that of the next."""
    rules = lexicon("quantities")["name"]
    if _from(text, number) < number.start:
        turned = rf"{lexicon('quantities')['reference']['turned']}\d"
        return re.match(turned, text[number.end :]) is not None
    return (
        re.match(rf"(?:{rules['between']})\d", text[number.end : number.end + 4]) is not None
        and re.search(rules["in_turn"], text[: number.start]) is not None
    )


def _ends_clause(text: str, end: int) -> bool:
    joins = pattern("quantities", "name", "joins").match(text, end)
    return joins is not None or text.startswith((*",;。、", *_comparing("after")), end)


def _is_part_of_name(text: str, match: re.Match[str], unit: Unit | None, unit_text: str) -> bool:
    """Whether a number is a date, a rating, or part of a name or title."""
    start, end = match.span()
    modifiers = lexicon("quantities")["modifier"]
    before, after, names = text[:start], text[end:], tuple(modifiers["after"])
    kind, number = unit.kind if unit else "", match["number"] or ""
    digits = match.start("number" if number else "chinese")
    return (
        kind == "rating"
        or pattern("quantities", "modifier", "dated").match(text, digits) is not None
        or (not unit_text and len(number) == 4 and number.startswith(("19", "20")))
        or inside_title(text, start)
        or (before.endswith(tuple(modifiers["before"])) and not _is_size(text, match, kind))
        or after.startswith(names)
        or (kind in ("", "count") and text.startswith(names, match.end("number")))
    )


def _is_size(text: str, match: re.Match[str], kind: str) -> bool:
    """Whether a number alone in brackets says how large what stands before them is to be."""
    alone = text[: match.start()].endswith("(") and text.startswith(")", match.end())
    return alone and kind == "measure"


def _counts(match: re.Match[str], number: Number) -> bool:
    """Whether Chinese digits are a quantity, not a word."""
    rules = lexicon("quantities")["numeral"]
    unit, label = number.unit, _unit(match)[0]
    numeral, text = match["chinese"], match.string
    strong = _governs(text, number)
    if unit is None:
        return strong and rules["point"] in numeral
    if match["before"] or unit.kind == "ratio" or unit.id == "rank" or rules["point"] in numeral:
        return True
    if not number.value or numeral[0] in rules["alone"]:
        amounts = re.compile(rules["amounts"]).match(text, number.end)
        return strong and (_ends_clause(text, number.end) or amounts is not None)
    large = any(c in rules["multiples"] for c in numeral + label[:1])
    large |= strong and numeral == rules["half"]
    if label in rules["never"]:
        return (strong or label in rules["heads"]) and (large or number.comparator not in _PLAIN)
    if unit.kind != "count":
        turned = number.change and _ends_clause(text, number.end)
        bounded = unit.id in SPANS and number.comparator not in _PLAIN
        return large or turned or bounded or label[0] in rules["multiples"]
    return _counts_things(text, number, label, strong) or (
        large and (len(numeral) > 1 or label[0] in rules["multiples"])
    )


def _counts_things(text: str, number: Number, label: str, strong: bool) -> bool:
    """Whether Chinese digits before a word for things count them: where a verb or bound says so
    (strong: a word that can only govern a quantity), or where they end what they count."""
    rules = lexicon("quantities")["numeral"]
    bounded = number.comparator not in _PLAIN
    if text[number.start : number.start + 1] == rules["one"]:
        return bounded and not number.governed
    ends = label in rules["trailing"] and _ends_clause(text, number.end)
    counted = ends and _ends(_with_verbs(rules["counted"])).search(text[: number.lead])
    brought = counted or _ends(_with_verbs(rules["by_verb"])).search(text[: number.lead] + label)
    return strong or bounded or brought is not None


_PLAIN = (None, "Equal")  # comparators that set no bound


def _number_in_words(
    text: str,
    start: int,
    end: int,
    value: Decimal,
    upper: Decimal | None,
    unit: Unit | None,
    unit_text: str | None = None,
) -> Number:
    """A number with the words around it that say how it compares, turns, and against what."""
    lead, comparator, words = _words_before(text, start)
    joined = _ends(lexicon("quantities")["turn"]["joined"]).search(
        text, max(0, start - _REACH), start
    )
    if joined and unit is not None and unit.kind != "ratio":
        lead, comparator, words = start, None, ()  # 改造提升200个
    end, comparator = _bound_behind(text, end, unit) or (end, comparator)
    if upper is not None:
        range_ = re.compile(lexicon("quantities")["numeral"]["range"]).match(text, end)
        end = range_.end() if range_ else end
        comparator = "Between"  # whatever is said before it: 控制在60-65万头
    floor = _ends(lexicon("quantities")["commit"]["floor"])
    if comparator in (None, "Equal") and floor.search(text, max(0, lead - _REACH), lead):
        comparator = "AtLeast"
    printed = unit_text if unit_text is not None else (unit.labels[0] if unit else "")
    turn = lexicon("quantities")["turn"]
    since, lead = _since(text, lead)
    if unit is not None and unit.id == "rank" and (ranked := _ranked(text, start)):
        lead = ranked.start()
    number = Number(start, end, value, upper, unit, printed, comparator, lead, since=since)
    if words and words[0] in turn["to"]:
        return number
    if any(word in turn["down"] for word in words):
        return replace(_fallen(number), change=True)
    return replace(number, change=any(word in turn["up"] for word in words))


def _bound_behind(text: str, end: int, unit: Unit | None) -> tuple[int, str] | None:
    """Where the word behind a number ends that bounds it, and the comparator that it makes."""
    inside = {lexicon("quantities")["numeral"]["inside"]: CEILINGS[0]}
    words = _comparing("after") | (inside if unit and unit.id in DURATIONS else {})
    return next(((end + len(w), c) for w, c in words.items() if text.startswith(w, end)), None)


def _fallen(number: Number) -> Number:
    """The number with its sign turned, and its bounds with it."""
    ends = [-n for n in (number.value, number.upper) if n is not None]
    comparator = OPPOSITE.get(number.comparator or "", number.comparator)
    upper = max(ends) if len(ends) > 1 else None
    return replace(number, value=min(ends), upper=upper, comparator=comparator)


def _since(text: str, lead: int) -> tuple[str, int]:
    """What a number is measured against, and where the words for it begin."""
    for name in ("before", "before_plan", "of"):
        if said := _reference(text, name, lead):
            start = lead - len(said)
            return said, _words_before(text, start)[0] if name == "of" else start
    return "", lead


DURATIONS = ("day", "working-day", "hour", "minute")
"""Units in which it is said how long something takes."""
PERSONS = ("person", "ten-thousand-persons")
SPANS = ("year", "month", *DURATIONS)
_REACH = 24  # characters before a number that a reference may take


@cache
def _ends(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern if pattern.endswith("$") else rf"(?:{pattern})$")


def _from_base(text: str, last: Number, number: Number) -> Number | None:
    """Two numbers as one that starts from the other: from the former, or from the latter where a
    bracket behind the former holds it; None where neither does."""
    if since := _built_on(text, last, number):
        level = number.governed and not number.change and number.kind == last.kind
        base = replace(last, comparator=None) if level else None
        return replace(number, base=base, since=since, lead=last.start - len(since))
    if base := _base(text, last, number):
        return replace(number, base=base, lead=min(number.lead, _from(text, base)))
    was = pattern("quantities", "reference", "was").fullmatch(text, last.end, number.start)
    alike = number.unit is None or number.kind == last.kind
    if last.base or number.half or not (was and alike and text.startswith(_CLOSE, number.end)):
        return None
    base = replace(number, unit=number.unit or last.unit, comparator=None)
    return replace(last, base=base, end=number.end + len(_CLOSE))


_CLOSE = ")"


def _base(text: str, last: Number, number: Number) -> Number | None:
    """The former number, where it is what this one starts from."""
    between = text[last.end : number.lead].strip()
    turned = pattern("quantities", "reference", "turned").match(text, last.end, number.start)
    turned = turned if turned and turned.end() >= number.lead else None
    begins = _from(text, last)
    if begins == last.start or not (turned or (number.governed and not between)):
        return None
    bound = last.comparator if begins < last.lead < last.start else None  # from less than 20
    return replace(last, unit=last.unit or number.unit, comparator=bound)


def _built_on(text: str, last: Number, number: Number) -> str:
    """The words before the former number that say more is built on it; "" for none."""
    built = pattern("quantities", "reference", "built").fullmatch(text, last.end, number.lead)
    return _reference(text, "on", last.start) if built else ""


def _from(text: str, base: Number) -> int:
    """Where the words begin that say that a number is what something starts from, its bound aside;
    the number's own start where there are none."""
    starts = (at - len(_reference(text, "from", at)) for at in (base.start, base.lead))
    return next((start for start in starts if start < base.lead), base.start)


def _reference(text: str, form: str, end: int) -> str:
    """The words right before a place that say what a number is measured against, of one of the
    forms for that; "" for none."""
    said = _ends(lexicon("quantities")["reference"][form])
    match = said.search(text, max(0, end - _REACH), end)
    return match.group() if match else ""


def _against_unknown(text: str, number: Number) -> bool:
    """Whether a number says how far something lies from what is not known here."""
    unequal = _ends(lexicon("quantities")["numeral"]["unequal"])
    ends = {number.lead, number.start}  # 增速 is both what is compared and what governs a number
    return any(unequal.search(text, max(0, end - _REACH), end) for end in ends)


def _words_before(text: str, at: int) -> tuple[int, str | None, tuple[str, ...]]:
    """Where the words that govern a number begin, the comparator they make, and the words."""
    comparator, words = None, list[str]()
    nouns = lexicon("quantities")["numeral"]["ends_nouns"]
    if _ends(lexicon("quantities")["numeral"]["words"]).search(text, max(0, at - _REACH), at):
        return at, comparator, ()
    governing = _ends(_governing())
    while found := governing.search(text, max(0, at - _REACH), at):
        word = found.group()
        if word in nouns and not words and _ends_noun(text, at):
            break  # the end of a noun
        at -= len(word)
        words.append(word)
        if comparator in (None, "Equal"):
            comparator = _comparing("before")[word]
    turn = lexicon("quantities")["turn"]
    if words and words[-1].endswith(tuple(turn["to"])):
        brings = _ends(turn["brings"]).search(text, max(0, at - _REACH), at)
        verb = _verb_before(text, at, words[-1])
        at -= max(len(verb), at - brings.start() if brings else 0)
    return at, comparator, tuple(words)


@cache
def _governing() -> str:
    """The form of words that govern a number, which begin inside no date or span."""
    return f"(?!{lexicon('quantities')['numeral']['years']})(?:{'|'.join(_comparing('before'))})"


def _verb_before(text: str, at: int, to: str) -> str:
    """The verb that says with a word behind it what something comes to, if any does."""
    last = "".join(cut(text[max(0, at - _REACH) : at])[-1:])
    verb = last and to in lexicon("quantities")["turn"]["until"] and part_of_speech(last)[0] == "v"
    return last if verb and not pattern("quantities", "whole", "levels").search(last) else ""


def _ends_noun(text: str, at: int) -> bool:
    """Whether a noun of several characters ends at a place."""
    last = cut(text[max(0, at - _REACH) : at])[-1]
    return len(last) > 1 and part_of_speech(last) in ("n", "nr", "nz")


def inside_title(clause: str, at: int) -> bool:
    """Whether a place lies inside a work's title."""
    return clause.rfind("《", 0, at) > clause.rfind("》", 0, at)


@cache
def _cell() -> re.Pattern[str]:
    rules, between = lexicon("quantities")["cell"], lexicon("quantities")["numeral"]["between"]
    after = "|".join(map(re.escape, _comparing("after")))
    return re.compile(
        rf"(?P<number>-?\d+(?:\.\d+)?)%?"
        rf"(?:{between}(?P<upper>\d+(?:\.\d+)?)|±(?P<margin>\d+(?:\.\d+)?))?"
        rf"(?P<unit>{'|'.join(map(re.escape, _labels()))})?(?P<after>{after})?(?:{rules['rest']})?"
    )


def cell_number(text: str) -> Number | None:
    """The number that a cell of a table, in half-width characters without blanks, holds, with its
    sign, bounds and unit, or by how much something is to turn, as in a sentence; None where it
    holds words, or more than one number."""
    text = text.replace(",", "") if re.search(r"\d,\d{3}(?!\d)", text) else text
    start, comparator, turned = 0, None, set[str]()
    turn = lexicon("quantities")["turn"]
    opens = _comparing("before") | dict.fromkeys(lexicon("quantities")["cell"]["before"], "Equal")
    while word := next((w for w in opens if text.startswith(w, start)), ""):
        start += len(word)
        comparator = opens[word] if opens[word] != "Equal" else comparator
        turned = set() if word in turn["to"] else {*turned, word}
    match = _cell().fullmatch(text, start)
    if match is None:
        return _whole(text)
    value, margin = Decimal(match["number"]), Decimal(match["margin"] or 0)
    upper = Decimal(match["upper"]) if match["upper"] else None
    if margin:
        value, upper = value - margin, value + margin
    unit = unit_of(match["unit"]) if match["unit"] else None, match["unit"] or ""
    follows = _comparing("after").get(match["after"] or "")
    bound = "Between" if upper is not None else follows or comparator
    change, place = bool(turned & {*turn["up"]}), (match.start("number"), match.end())
    number = Number(*place, value, upper, *unit, bound, start, change)
    return replace(_fallen(number), change=True) if turned & {*turn["down"]} else number


def _whole(text: str) -> Number | None:
    """The one number that a text consists of, words that govern it aside."""
    found = read_numbers(text)
    if len(found) != 1 or found[0].half or found[0].pair is not None:
        return None
    number = found[0]
    return number if number.lead == 0 and not text[number.end :].strip("。") else None
