"""Indicators of one quantity: targets of the text beside the row of the annex table."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from itertools import takewhile

from kg.extract.model import Extraction, Indicator, Quantity, Value
from kg.lexicon import lexicon, pattern, worded
from kg.link.model import Link
from kg.quantities.bounds import CEILINGS, FLOORS, last_digit, may_state
from kg.quantities.conversion import convert
from kg.quantities.grammar import units
from kg.rdf.iris import Node
from kg.source.findings import Finding
from kg.source.text import compact

_SAME_NAME = 0.7  # of shared characters, for two indicator names to mean one quantity
_SAME_HEAD = 0.3  # of those before what both end in, for it to be said of one thing
_WORD = 2  # characters of a word, which with another one for one of them is another word
_LEVEL, _GROWTH = (True, False), (False, True)  # whether a name says the one, and the other


@cache
def concepts() -> dict[str, str]:
    """The quantities of the lexicon by each of their wordings, the first one of each."""
    return {
        name: known
        for known, concept in reversed(lexicon("concepts").items())
        for name in (concept["zh"], *concept.get("aliases", ()))
    }


def concept_of(name: str) -> str | None:
    """The quantity that an indicator's name means, by its wording or one of its other wordings."""
    return concepts().get(compact(name))


def name_likeness(name: str, other: str) -> float:
    """How many characters two names share, of all they have (Dice)."""
    a, b = _letters(name), _letters(other)
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 0.0


@lru_cache(maxsize=1024)
def _letters(name: str) -> Counter[str]:
    """The letters of a name without what does not distinguish it."""
    return Counter(pattern("comparison", "likeness", "passed_over").sub("", _output(name)))


@lru_cache(maxsize=1024)
def _output(name: str) -> str:
    """A name that calls each so much of output, and output itself, by one wording of theirs."""
    rules = lexicon("comparison")["likeness"]
    return re.sub(rules["output"], "GDP", re.sub(rules["per"], rules["unit"], name))


def same_quantities(extraction: Extraction) -> tuple[Extraction, list[Link]]:
    """Link text targets to the annex indicator of the same quantity, and check them."""
    annex = [(i, _names(i)) for i in extraction.indicators if i.number is not None]
    targets: dict[str, list[Value]] = defaultdict(list)  # of each row
    stated: dict[str, Quantity] = {}  # of each indicator of the text
    for value in extraction.values:
        if value.kind == "Target" and value.sentence is None:
            targets[value.indicator].append(value)
        elif value.kind == "Target":
            stated[value.indicator] = value.quantity
    same: dict[str, Indicator] = {}
    for indicator in extraction.indicators:
        quantity = stated.get(indicator.key)
        if indicator.number is None and (row := _annex_row(indicator, quantity, annex)) is not None:
            same[indicator.key] = row
    values = tuple(
        replace(v, indicator=row.key, quantity=v.quantity.of(row.name))
        if (row := same.get(v.indicator)) is not None
        else v
        for v in extraction.values
    )
    bases = {v.indicator: v for v in values if v.kind == "Baseline" and v.sentence is None}
    links = [
        check
        for v in values
        if v.kind == "Target" and v.key in same
        if (come := _come_to(v, bases.get(v.indicator)))
        if (beside := _comparable(come, targets[v.indicator])) is not None
        if (check := _check(come, same[v.key], beside, extraction.indicator[v.key].name))
    ]
    indicators = tuple(i for i in extraction.indicators if i.key not in same)
    return _with_one_baseline(replace(extraction, indicators=indicators, values=values)), links


def _annex_row(
    indicator: Indicator, quantity: Quantity | None, annex: list[tuple[Indicator, set[str]]]
) -> Indicator | None:
    """The row of the annex table, of rows with their names, that an indicator of the text measures:
    by its name, else by a name that is like it, where the row can count its target."""
    name, concept = indicator.name, concept_of(indicator.name)
    for row, names in annex:
        if name in names:
            return row
    for row, _ in annex:
        if concept is not None and concept_of(row.name) == concept and _may_count(row, quantity):
            return row
    likeness = {
        row.key: max((name_likeness(name, n) for n in names if not are_apart(name, n)), default=0.0)
        for row, names in annex
    }
    counts = [
        row
        for row, _ in annex
        if likeness[row.key] >= _SAME_NAME
        and (_may_count(row, quantity) or (likeness[row.key] == 1 and not _is_share(row)))
    ]
    return max(counts, key=lambda row: likeness[row.key], default=None)


def _may_count(row: Indicator, quantity: Quantity | None) -> bool:
    """Whether a row can count a target: in its unit, or as the growth of what is no share; no rate
    of growth counts how many times as much there is to be."""
    if quantity is None or not is_turn(quantity):
        return quantity is None or turns_into(quantity.unit, row.unit)
    grows = pattern("comparison", "likeness", "growth").search(row.name) is not None
    return quantity.unit != "times" if grows else not _is_share(row)


def _is_share(row: Indicator) -> bool:
    """Whether a row counts in percent: a share, or growth."""
    unit = units().get(row.unit or "")
    return unit is not None and unit.kind == "ratio"


def _names(row: Indicator) -> set[str]:
    """A row's name, with and without brackets, and what is its own where it is part of another."""
    bare = pattern("contributions", "name", "brackets").sub("", row.name)
    return {row.name, bare, row.name.rpartition(" / ")[2]}


def are_apart(name: str, other: str) -> bool:
    """Whether two names are ones of different quantities.

    One has a word that makes it another quantity (per head, rural, public), or the same is measured
    of different things: tourism and digital industries, each as a share of GDP.
    """
    one, two = _output(name), _output(other)
    (*ours, kind), (*theirs, other_kind) = _marks(one), _marks(two)
    if ours != theirs or {kind, other_kind} == {_LEVEL, _GROWTH}:
        return True
    one, two = (pattern("comparison", "likeness", "counted").sub("", said) for said in (one, two))
    ahead = _shared(one, two)
    one, two = one[ahead:], two[ahead:]
    behind = _shared(one[::-1], two[::-1])
    if not behind:
        return False
    one, two = one[:-behind], two[:-behind]
    if not (ahead or (one and two)):  # the one is all of the other's end
        return pattern("comparison", "likeness", "holders").search(one + two) is not None
    other_word = not ahead and len(one) == len(two) == _WORD
    unlike = other_word or name_likeness(one, two) < _SAME_HEAD
    return bool(_letters(one) and _letters(two)) and unlike


@lru_cache(maxsize=1024)
def _marks(name: str) -> tuple[frozenset[str], bool, tuple[bool, bool]]:
    """What makes a name's quantity another: the words that distinguish it, whether it is a ratio,
    and whether it is a level or growth."""
    ratio, level, grows = (
        pattern("comparison", "likeness", key).search(name) is not None
        for key in ("ratio", "level", "grows")
    )
    words = lexicon("comparison")["likeness"]["distinguishing"]
    return frozenset(word for word in words if word in name), ratio, (level, grows)


def _shared(one: str, two: str) -> int:
    """How many characters two names have in common before they differ."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def is_turn(quantity: Quantity) -> bool:
    """Whether a quantity is a rate or multiple by which something turns, whatever its unit."""
    unit = units().get(quantity.unit or "")
    turns = quantity.basis == "AnnualAverage" or quantity.relative_to is not None
    return turns and unit is not None and (unit.kind == "ratio" or unit.id == "times")


def turns_into(given: str | None, wanted: str | None) -> bool:
    """Whether values in one unit can be turned into another; where one is unknown, they may be."""
    return not given or not wanted or _in_unit(Decimal(1), given, wanted) is not None


def _in_unit(number: Decimal, given: str, wanted: str) -> Decimal | None:
    """A number in another unit, None where it cannot be turned; firms, households and pieces count
    alike."""
    both = [units()[unit] for unit in (given, wanted)]
    classifiers = lexicon("comparison")["likeness"]["classifiers"]
    if all((unit.base or unit.id) in classifiers for unit in both):
        return number * both[0].factor / both[1].factor
    return convert(number, given, wanted)


def _come_to(body: Value, base: Value | None) -> Value:
    """A target of the text; an amount of growth as what the table's baseline of that year comes to
    by it, or as a sum where the table has none.
    """
    own = body.quantity
    if own.value is None or own.relative_to is None or is_turn(own):
        return body
    start = _as_in_annex(base.quantity, own) if base and base.period[1] == own.relative_to else None
    if start is None:
        return replace(body, quantity=replace(own, basis="Cumulative"))
    level = own.value + start
    if own.comparator == "About":  # what an amount of about 1 comes to is known no better
        level = round(level / (step := last_digit(own.value))) * step
    own = replace(own, value=level, upper=None, relative_to=None, basis="PointInTime")
    return replace(body, quantity=own)


def _comparable(body: Value, targets: list[Value]) -> Value | None:
    """The target of a row that is for the same time, on the same basis, as one of the text.

    A yearly average is also compared with a sum. A sum and a level are of the same only where they
    come to the same: from nothing, or in a table that does not mark its sums.
    """
    own = body.quantity
    found = {
        one.quantity.basis: one
        for one in targets
        if one.period[1] == body.period[1]
        and turns_into(own.unit, one.quantity.unit)
        and _on_one_basis(own, one.quantity)
    }
    return found.get(own.basis) or next(iter(found.values()), None)


def _on_one_basis(body: Quantity, annex: Quantity) -> bool:
    if body.value is None or annex.value is None:
        return body.value == annex.value or _in_words(body, annex) is not None
    if (body.comparator == "Relative") != (annex.comparator == "Relative"):
        return False
    bases = body.basis, annex.basis
    if "AnnualAverage" in bases:
        return bases[0] == bases[1] or bases == ("AnnualAverage", "Cumulative")
    equal = body.value is not None and _as_in_annex(body, annex) == annex.value
    return bases[0] == bases[1] or equal


def _as_in_annex(body: Quantity, annex: Quantity) -> Decimal | None:
    """The text's value as the annex would print it: in its unit, a fall by its size."""
    value = body.value
    if value is None or annex.value is None:
        return value
    if body.unit and annex.unit:
        value = _in_unit(value, body.unit, annex.unit)
    elif annex.unit and abs(value) >= (factor := units()[annex.unit].factor) > 1:
        value /= factor  # its multiple was read, its unit is not printed
    fallen = value is not None and body.relative_to is not None and annex.value >= 0
    return abs(value) if value is not None and fallen else value


def _check(body: Value, row: Indicator, annex: Value, name: str) -> Link | None:
    """Whether a target of the body text agrees with the annex table's; None for another sum that a
    box or an appendix has in other words: of a part, as of one project, or of more."""
    agrees, zh, en = _compare(body.quantity, annex.quantity, body.period[1] - body.period[0] + 1)
    apart = body.quantity.basis == "Cumulative" and compact(name) != compact(row.name)
    if not agrees and apart and body.key.startswith(("box", "appendix")):
        return None
    if name != row.name:
        zh, en = worded("comparison", "names", zh=zh, en=en, text=name, table=row.name)
    predicate = "consistentWith" if agrees else "inconsistentWith"
    ends = Node("target", body.key), Node("target", annex.key)
    evidence = (body.quantity.span, annex.quantity.span)
    return Link(ends[0], predicate, ends[1], "SameQuantity", evidence, None, zh, en)


def _bounded_alike(body: str, annex: str) -> bool:
    """Whether a text's bound says no other than the table's: none, a floor, about, the same side,
    or any where the table says about."""
    return (
        annex == "About"
        or body in ("Equal", "AtLeast", annex)
        or (annex, body) == ("Equal", "About")
        or {body, annex} in (set(FLOORS), set(CEILINGS))
    )


def _in_words(body: Quantity, annex: Quantity) -> bool | None:
    """Whether words that say all or none of something agree with a number; None where they say
    neither, or the number counts what has no whole."""
    words, number = (body, annex) if body.value is None else (annex, body)
    unit = units().get(number.unit or "")
    whole = Decimal(100) if unit is not None and unit.kind == "ratio" else None
    if pattern("comparison", "extent", "none").search(words.text):
        return number.value in (0, whole)  # of what is left, or of what was to go
    if whole is not None and pattern("comparison", "extent", "all").search(words.text):
        return number.value == whole
    return None


def _compare(body: Quantity, annex: Quantity, years: int) -> tuple[bool, str, str]:
    if body.value is None or annex.value is None:
        agrees = body.value == annex.value or _in_words(body, annex)
        return bool(agrees), *worded("comparison", "in_words", text=body.text, table=annex.text)
    value = _as_in_annex(body, annex)
    assert value is not None, "only what turns into the annex's unit is compared with it"
    summed = body.basis == "AnnualAverage" and annex.basis == "Cumulative"
    value = value * years if summed else value
    if value == annex.value and not _bounded_alike(body.comparator, annex.comparator):
        return False, *worded("comparison", "limited", text=body.text, table=annex.value)
    step = abs(value / body.value) * last_digit(body.value) if body.value else None
    agrees = value == annex.value
    if not agrees and not summed and may_state(body.comparator, value, annex.value, step):
        return True, *worded("comparison", "rounded", text=body.text, table=annex.value)
    values = {"yearly": body.value, "years": years, "value": value}
    sums = worded("comparison", "summed" if summed else "alone", **values)
    sentences = (
        worded("comparison", "same" if agrees else "other", text=text, table=annex.value)
        for text in sums
    )
    (zh, _), (_, en) = sentences
    return agrees, zh, en


def _with_one_baseline(extraction: Extraction) -> Extraction:
    """What was read, with one baseline for each indicator: its table's, else the first of the text,
    whose values are given to the rows of the table already. Another one that says the same, or is
    of an earlier year, is left out; one of the same year that does not is a finding as well."""
    stated = [v for v in extraction.values if v.kind == "Baseline"]
    kept: dict[str, Value] = {}
    for value in sorted(stated, key=lambda v: (v.sentence is not None, -v.period[1])):
        kept.setdefault(value.indicator, value)
    others = [v for v in stated if kept[v.indicator] is not v]
    findings = []
    for value in others:
        own, first = value.quantity, kept[value.indicator]
        if value.period[1] == first.period[1] and not _agree(own, first.quantity):
            name = extraction.indicator[value.indicator].name
            words = {"name": name, "text": own.text, "kept": first.quantity.text}
            findings.append(Finding("baselines-differ", own.span, words))
    values = tuple(v for v in extraction.values if v.kind != "Baseline" or kept[v.indicator] is v)
    return replace(extraction, values=values, findings=(*extraction.findings, *findings))


def _agree(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities come to the same, whatever their units."""
    if one.value is None or not one.unit or not other.unit:
        return (one.value, one.unit, one.unit_text) == (other.value, other.unit, other.unit_text)
    return convert(one.value, one.unit, other.unit) == other.value
