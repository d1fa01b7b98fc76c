"""Numbers in words, Chinese and English: with the unit as the plan prints it, what they are counted
over, and no more digits than they are worth."""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal
from typing import NamedTuple

from kg.lexicon import lexicon, longest_first
from kg.quantities.grammar import Unit, units

_MOST_PLACES = 3
_SHOWN = 2  # decimals of a number that has more
_COUNTED = "piece"  # Chinese counts by many words, English by the number alone


class Worded(NamedTuple):
    """Something in Chinese and in English."""

    zh: str
    en: str

    def within(self, rule: dict[str, str]) -> Worded:
        """It in a wording of each language that has {} for it."""
        return Worded(rule["zh"].format(self.zh), rule["en"].format(self.en))

    def of(self, language: str) -> str:
        """It in a language (zh, en)."""
        return self.en if language == "en" else self.zh


def plain(number: Decimal, places: int | None = None) -> str:
    """A number with at most so many decimals, without trailing zeros and exponent; by default with
    three, or as many as three digits of a small number take.

    >>> plain(Decimal("8.50")), plain(Decimal("1E+3")), plain(Decimal("0.56666"), 2)
    ('8.5', '1000', '0.57')
    >>> plain(Decimal("0.0083")), len(plain(Decimal("1E+40")))
    ('0.0083', 41)
    """
    if places is None:
        places = max(_MOST_PLACES, _MOST_PLACES - 1 - number.adjusted())
    digits = Context(prec=max(1, number.adjusted() + 1) + places + 1)  # all of them, however many
    shown = f"{digits.quantize(number, Decimal(1).scaleb(-places)):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def signed(number: Decimal, places: int | None = None) -> str:
    """A number as plain gives it, as people read it: with the sign for minus, not a hyphen.

    >>> signed(Decimal("-16.40")), signed(Decimal(3))
    ('−16.4', '3')
    """
    return plain(number, places).replace("-", "−")


def places_of(*numbers: Decimal | None) -> int:
    """The most decimals that any of some numbers has as plain gives it.

    >>> places_of(Decimal("33.48"), Decimal("36.3"), None)
    2
    """
    used = [len(plain(n).partition(".")[2]) for n in numbers if n is not None]
    return max(used, default=0)


def places_shown(number: Decimal, goal: Decimal | None) -> int:
    """How many decimals a number is shown with wherever it stands: its own up to two, of a small
    number two digits, as many as its target has, and as many as it takes not to look like that.

    >>> places_shown(Decimal("82.34567"), Decimal(95)), places_shown(Decimal("94.996"), Decimal(95))
    (2, 3)
    """
    own = min(max(_SHOWN, 1 - number.adjusted()), places_of(number))
    places = max(places_of(goal), own)
    alike = goal not in (None, number) and round(number, places) == goal
    return places_of(number) if alike else places


def places_beside(number: Decimal, value: Decimal, goal: Decimal | None) -> int:
    """How many decimals a number is shown with beside a value that it is compared with: as many as
    the value or the target has, and as many as it takes not to look like the value.

    >>> places_beside(Decimal("117.6"), Decimal(115), Decimal(120))
    0
    >>> places_beside(Decimal("115.2"), Decimal(115), Decimal(120))
    1
    """
    shown = places_shown(value, goal)
    places = max(places_of(goal), min(shown, places_of(value)))
    seen = round(value, shown)
    while places < _MOST_PLACES and number != value and round(number, places) == seen:
        places += 1
    return places


def unit_printed(unit: str | None, words: str = "") -> str:
    """What a unit is called: by the label that is in words of the plan, in brackets or behind the
    number that they end with, else by its first one; "" where there is none.

    >>> unit_printed("year"), unit_printed("year", "劳动年龄人口平均受教育年限（年）")
    ('岁', '年')
    >>> unit_printed("piece", "养老床位数 达到35张"), unit_printed("piece", "专利拥有量（件） 6.5")
    ('张', '件')
    """
    if unit is None or unit not in units():
        return ""
    labels = units()[unit].labels
    behind = re.findall(r"[(（]([^()（）]*)[)）]", words)
    bracketed = (label for label in labels for word in behind if word == label)
    shown = "|".join(map(re.escape, longest_first(list(labels))))
    counted = re.search(rf"\d({shown})\w{{0,2}}$", words)
    printed = (label for label in labels if len(label) > 1 and label in words)
    return next(bracketed, None) or (counted[1] if counted else next(printed, labels[0]))


def unit_worded(unit: str | None, printed: str, number: Decimal | None) -> Worded:
    """A unit by itself, as over an axis; printed: what the plan calls it; number: one in it."""
    known = units().get(unit or "")
    english = "%" if unit == "percent" else known.english if known else printed
    if known and number is not None and _is_rate(number, known):
        english = ""
    return Worded(printed or unit_printed(unit), english)


def number_worded(
    number: Decimal, unit: str | None, printed: str = "", places: int | None = None
) -> Worded:
    """A number with its unit, by the unit's identifier and what the plan calls it, by default its
    first label; places: how many decimals to give at most, by default as plain does.

    >>> number_worded(Decimal("8.5"), "ten-thousand-persons")
    Worded(zh='8.5万人', en='85,000 persons')
    >>> number_worded(Decimal(3), "ten-thousand-pieces", "万套")
    Worded(zh='3万套', en='30,000')
    >>> number_worded(Decimal(3950), "trillion-yuan").en, number_worded(Decimal("4.4"), "person").en
    ('3,950 trillion yuan', '4.4')
    >>> number_worded(Decimal(1), "household").en
    '1 household or business'
    >>> number_worded(Decimal("-30.10"), "percent")
    Worded(zh='−30.1%', en='−30.1%')
    >>> number_worded(Decimal(19), "hundred-million-jin").en
    '1.9 billion jin'
    """
    zh = f"{signed(number, places)}{printed or unit_printed(unit)}"
    return Worded(zh, _english(number, unit, printed, places))


def _english(number: Decimal, unit: str | None, printed: str, places: int | None) -> str:
    known = units().get(unit or "")
    if known is None:
        return f"{signed(number, places)} {printed}".strip()
    if known.id == "percent":
        return f"{signed(number, places)}%"
    rules = lexicon("wording")
    is_rate = _is_rate(Decimal(plain(number, places)), known)
    name = "" if known.id == _COUNTED or is_rate else f" {known.english}"
    for size, counted in rules["large"]["units"]:
        if name.startswith(f" {counted}"):
            number, places = Decimal(plain(number, places)) * Decimal(size), 0
            name = name.removeprefix(f" {counted}")
            break
    if number == 1:
        name = re.sub(rules["singular"]["ending"], "", name)
    for size, large in rules["large"]["names"]:
        if abs(number) >= Decimal(size):
            number, places, name = number / Decimal(size), _MOST_PLACES, f" {large}{name}"
            break
    whole, point, rest = plain(abs(number), places).partition(".")
    sign = "−" if number < 0 else ""
    return f"{sign}{Decimal(whole):,}{point}{rest}{name}"


def _is_rate(number: Decimal, unit: Unit) -> bool:
    """Whether a number of what cannot be divided is one among so many, as 4.4 doctors to 1,000;
    5.5 ten thousand are whole."""
    return unit.kind == "count" and not unit.base and number % 1 != 0


def difference_worded(
    number: Decimal, unit: str | None, printed: str = "", places: int = _MOST_PLACES
) -> Worded:
    """How far two numbers are apart: percentages by percentage points. Where so few decimals would
    make it nothing, as many as it takes are given.

    >>> difference_worded(Decimal("-0.412"), "percent", places=2)
    Worded(zh='0.41个百分点', en='0.41 percentage points')
    """
    while places < _MOST_PLACES and number and not round(number, places):
        places += 1
    rule = lexicon("wording")["apart"].get(unit)
    size = plain(abs(number), places)
    if rule:
        return Worded(size, size).within(rule)
    return number_worded(abs(number), unit, printed, places)


def compared(number: Worded, comparator: str) -> Worded:
    """A number with how it bounds what is to be reached, for a comparator's local name."""
    rule = lexicon("wording")["comparator"].get(comparator)
    return number.within(rule) if rule else number


def target_worded(
    number: Decimal | None, text: str, unit: str | None, printed: str, comparator: str, basis: str
) -> Worded:
    """A baseline or target: in Chinese as printed, with its unit where a table gives that apart and
    its basis where it is a sum or a mean over years, but for a change that is printed as one; in
    English by its number. A dash where nothing but signs are printed, as [-].

    >>> target_worded(None, "[完成市下达任务]", None, "", "Equal", "Cumulative").zh
    '完成市下达任务'
    >>> target_worded(Decimal(-44), "-44.0%", "percent", "%", "Equal", "PointInTime").zh
    '−44.0%'
    >>> unit = "ten-thousand-persons"
    >>> target_worded(Decimal("8.5"), "[8.5]", unit, "万人", "Equal", "Cumulative")
    Worded(zh='累计8.5万人', en='85,000 persons in total')
    """
    bracketed = [unicodedata.category(sign) for sign in (text[:1] + text[-1:])] == ["Ps", "Pe"]
    if bracketed:
        text = text[1:-1]  # the brackets that tables give sums in
    text = re.sub(r"^-(?=\d)", "−", text)
    if number is None:
        printed = text if any(map(str.isalnum, text)) else "—"
        return Worded(printed, printed)
    rules = lexicon("wording")
    bound = compared(number_worded(number, unit, printed), comparator)
    zh = bound.zh
    if re.sub(r"\W", "", text) != re.sub(r"\W", "", plain(number)):  # more than 84, 63% or 6-8
        known = units()[unit].labels if unit in units() else ()
        zh = text if printed in text else _with_unit(text, plain(number), printed, known)
    rule, turn = rules["basis"][basis], lexicon("quantities")["turn"]
    worded = Worded(zh, bound.en).within(rule)
    if any(mark in zh for mark in rule["mark"]):
        return Worded(zh, worded.en)
    turned = basis == "Cumulative" and any(word in text for word in (*turn["up"], *turn["down"]))
    return Worded(zh, bound.en) if turned and not bracketed else worded


def _with_unit(text: str, number: str, unit: str, labels: tuple[str, ...]) -> str:
    """Words with a unit behind the number that they give; as they are where they give another
    number, or the unit by another of its labels, what it is for each of said elsewhere.

    >>> _with_unit("21.5（2024年）", "21.5", "%", ()), _with_unit("在2025年翻一番", "2", "倍", ())
    ('21.5%（2024年）', '在2025年翻一番')
    >>> _with_unit("31个", "31", "张", ("个", "张"))
    '31个'
    """
    whole, point, rest = number.lstrip("-").partition(".")
    zeros = "0*" if point else r"(?:\.0+)?"
    digits = f"{',?'.join(whole)}{re.escape(point)}{rest}{zeros}"
    given = re.search(rf"(?<![\d.]){digits}(?!\.?\d)(?:[^\d\s(（][\d.]+)?", text)  # 6, or 6-8
    known = tuple(label.partition("/")[0] for label in (unit, *labels))
    if given is None or text.startswith(known, given.end()):
        return text
    behind = text[given.end() :]
    multiple = next((n for n in range(len(unit), 0, -1) if behind.startswith(unit[:n])), 0)
    return f"{text[: given.end()]}{unit}{behind[multiple:]}"


def on_basis(words: Worded, basis: str) -> Worded:
    """A number in words with its basis where it is a sum or a mean over years."""
    return words.within(lexicon("wording")["basis"][basis])


def years_worded(first: int, last: int) -> Worded:
    """A year, or the years from the first to the last."""
    rule = lexicon("wording")["years"]["one" if first == last else "span"]
    return Worded(*(rule[language].format(first=first, last=last) for language in ("zh", "en")))
