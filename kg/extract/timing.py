"""When a target is for: the dates of a sentence, what it is measured against, and its basis."""

import re
from bisect import bisect_left
from functools import lru_cache, partial

from kg.extract.clauses import OF_A_PLAN, acts, clauses, strip_adverbs, verb_at, words_of
from kg.extract.model import Years
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.quantities.grammar import PERSONS, SPANS, Number, comparator_of, units
from kg.quantities.numerals import chinese_number

_period = partial(pattern, "quantities", "period")
_commit = partial(pattern, "quantities", "commit")


def without_time(text: str) -> str:
    """The text without the dates and periods that it begins with."""
    while match := _period("lead").match(text):
        text = text[match.end() :]
    return text


def years_by_which(text: str, plan: Years) -> list[tuple[int, int]]:
    """The years of the plan's (the first and the last), and after it, that a sentence names as ones
    by which, each with its place, in order."""
    years = [(m.start(), _year(m["year"])) for m in _period("to_year").finditer(text)]
    for match in _period("end").finditer(text):
        numbered = match["plan"]
        years.append((match.start(), _end_of_plan(numbered) if numbered is not None else plan[1]))
    if years:
        over_all = _period("throughout").finditer(text, min(years)[0])
        years += [(match.start(), plan[1]) for match in over_all]
    return sorted((place, year) for place, year in years if year >= plan[0])


def only_tells(text: str) -> bool:
    """Whether a sentence only says what is to be expected or how things stand, and no clause of it
    acts."""
    kinds = ("foreseen", "present")
    only = next((k for k in kinds if pattern("actions", k, "sentence").match(text)), None)
    if only is None:
        return False
    idle = pattern("actions", only, "clause")
    return not any(acts(c.text) and not idle.match(c.text) for c in clauses(text))


@lru_cache(OF_A_PLAN)
def without_past(text: str, first: int, review: bool = False) -> str:
    """A sentence with commas for each clause that says what was reached before a plan's first
    year: those behind a time that lies before it, until one speaks of what is to come.

    review: whether the sentence is of a review, which is of the past unless it says otherwise.
    """
    left, end, opened = text, 0, "" if review else None
    for clause in clauses(text):
        joined, end = text[end : clause.end], clause.end
        compared = _period("year_on_year").search(clause.text)
        opens = clause.text if compared else _past_at(text[clause.start :], first)
        if opens is not None:
            opened = opens
        elif opened is not None and _comes(clause.text, joined, opened, first, review):
            opened = None
        if opened is not None:
            left = left[: clause.start] + "," * len(clause.text) + left[clause.end :]
    return left


def _past_at(rest: str, first: int) -> str | None:
    """The time before the plan that the rest of a sentence opens with; None where it does not."""
    if match := _period("past").match(rest):
        return match.group()
    match = _period("dated").match(rest) or _period("came").match(rest)
    return match.group() if match and _year_of(match) < first else None


def _comes(clause: str, joined: str, opened: str, first: int, review: bool) -> bool:
    """Whether a clause behind a time of the past, opened, speaks of what is to come; joined: the
    clause with the mark before it."""
    if dated := _period("then_dated").match(clause):
        return _year_of(dated) >= first
    if _period("coming" if review else "ahead").search(joined) or (
        _period("moment").search(opened) and _period("commands").match(joined)
    ):
        return True
    if not review:
        return bool(years_by_which(clause, (first, first)))
    start = _period("starting").search(clause)
    return start is not None and _year_of(start) >= first - 1


def _year_of(match: re.Match[str]) -> int:
    """The year that a time names, or the last one of the plan that it does."""
    named = match.groupdict()
    return _year(named["year"]) if named.get("year") else _end_of_plan(named["plan"])


def reached(text: str, first: int) -> tuple[Years | None, bool]:
    """The first and last year of the last time that a sentence names up to a result's number, and
    whether it names any; first: the plan's first year."""
    times = list(_period("reached").finditer(text))
    named = times[-1].groupdict() if times else {}
    if named.get("first"):
        return (int(named["first"]), int(named["last"])), True
    if named.get("five"):
        return (first - 5, first - 1), True
    if named.get("year") or named.get("plan"):
        end = _year_of(times[-1])
        lasts = named["moment"] is None and named["end"] is None
        return (end - 4 if lasts else end, end), True
    return None, bool(times)


def start_year(before: str) -> int | None:
    """The year of a value that something starts from, where stated: behind a word for where
    from, or before it in its bracket."""
    rules = lexicon("quantities")["reference"]
    for form in (rules["from"], rules["on"], rules["was"] + "$"):
        match = re.search(form, before)
        if match and (match["year"] or match["plan"]):
            return _year_of(match)
    return None


def year_before(years: list[tuple[int, int]], place: int) -> int | None:
    """The last of these years that is before a place."""
    at = bisect_left(years, (place, 0))
    return years[at - 1][1] if at else None


def first_of_span(before: str, last: int) -> int | None:
    """The first of the years from one to another that end with the last one, where the text before
    a target names that one last so."""
    for match in _period("span").finditer(before):
        first, end = int(match["first"]), int(match["last"])
        if first < end == last and before.rfind(match["last"]) == match.start("last"):
            return first
    return None


def _year(text: str) -> int:
    return chinese_number(text.translate(_ZEROS)) or 0


_ZEROS = {ord("○"): "〇"}


def _end_of_plan(numeral: str) -> int:
    """The last year of the tenth five-year plan or a later one."""
    later = chinese_number(numeral) or 0 if numeral else 0
    return int(lexicon("quantities")["period"]["first_end"]) + 5 * later


def basis_of(number: Number, before: str, segment: str, dated: bool, summed: bool = False) -> str:
    """Whether a number is a level, a sum over the period or a yearly average.

    before: the clause up to it; segment: the part of that since the number before. dated: whether a
    year by which is named. summed: whether the sentence says that it gives sums, where a number has
    no verb of its own.
    """
    rules = lexicon("quantities")["commit"]
    turn = _is_level_in_turn(number, before)
    governed = turn or _is_level(number, segment)
    scope = segment if governed else before[-_REACH:]
    named = _commit("level").sub("", scope)
    last_sum = max(map(named.rfind, rules["sums_up"]))
    annual = rules["annual"] + ([] if dated or governed else rules["of_a_year"])
    if max(map(named.rfind, annual)) > last_sum:
        return "AnnualAverage"
    bare = segment[: len(segment) - (number.start - number.lead)]
    done_a_year = _commit("done_a_year").search(bare)
    if done_a_year and not (dated or governed):
        return "AnnualAverage"
    if number.summed:
        return "Cumulative"
    if number.change:
        return "PointInTime" if number.since else "Cumulative"
    level = number.kind in ("", "ratio") or number.unit_id == "year"
    level |= number.unit_id in SPANS and last_sum < 0
    level |= _commit("a_year").search(bare) is not None
    words = rules["sums"] if governed else rules["cumulative"]
    if not dated and (not governed or _is_bounded(number, segment)):
        words = [*words, *rules["undated"]]
    spent = _commit("spent").search(segment)
    level |= never_summed(segment)
    level |= re.search(rules["unsummed"]["made"], before[: number.lead]) is not None
    summed |= _commit("won").search(segment) is not None
    summed = summed and (spent is not None or not governed)
    summed |= _commit("carried").search(segment) is not None
    level |= counts_what_there_is(segment, number.unit_id)
    cumulative = summed or any(word in named for word in words)
    has = bare.endswith(tuple(rules["holding"])) or _commit("earns").search(bare) is not None
    about = number.comparator == "About" and _is_bounded(number, segment)
    states = turn or (number.governed and not about)
    cumulative |= not (dated or has or states) and _brings_about(segment)
    if not cumulative or level:
        return "PointInTime"
    return "AnnualAverage" if _commit("a_years").search(number.unit_text) else "Cumulative"


def counts_what_there_is(words: str, unit: str | None) -> bool:
    """Whether words before a number say how many of a thing there are by then, though they speak of
    a sum: satellites in orbit, not what is done over the years."""
    there = _commit("there").fullmatch(words)
    if there is None or unit is None or units()[unit].kind != "count" or unit in PERSONS:
        return False
    return not any(word in there["thing"] for word in lexicon("quantities")["flows"]["words"])


def names_a_sum(name: str, unit: str | None) -> bool:
    """Whether the name of a table's row says what is built, added or done over the period, by the
    verbs that make numbers of sentences sums. unit: None where it is none of the lexicon's."""
    rules = lexicon("quantities")["commit"]
    known = units().get(unit or "")
    if known and (known.kind == "ratio" or known.id in SPANS):
        return False
    if never_summed(name) or _commit("row_level").search(name):
        return False
    done = _commit("row_done").search(name) is not None
    done |= any(word in name for word in rules["sums"])
    return done or name.startswith(tuple(rules["cumulative"]))


def never_summed(words: str) -> bool:
    """Whether words before a number say what no sum is of: so much for each, what is kept."""
    forms = lexicon("quantities")["commit"]["unsummed"].values()
    return any(re.search(form, words) for form in forms)


def grows_yearly(name: str, number: Number, segment: str) -> bool:
    """Whether what grows by so much does so each year, though nothing says so: amounts of a year,
    by no more than they could in one. segment, the clause from the number before it on, may say
    that all years are meant."""
    rules = lexicon("quantities")["turn"]
    rate = number.change and number.unit_id == "percent" and not number.since
    if not rate or not 0 < (number.upper or number.value) <= rules["yearly_most"]:
        return False
    altogether = pattern("quantities", "turn", "altogether").search(segment)
    return altogether is None and pattern("quantities", "turn", "yearly").search(name) is not None


def _brings_about(segment: str) -> bool:
    """Whether words begin with a verb that does something to so many."""
    words = without_time(segment)
    bare = strip_adverbs(words)
    known = verb_at(bare)
    acts_on = len(bare) > len(known) > 0
    word = known if acts_on else next(iter(cut(words)), "")
    holding = lexicon("quantities")["commit"]["holding"]
    verb = word == lexicon("quantities")["name"]["own"] or (word and part_of_speech(word) == "v")
    return bool(acts_on or verb) and word not in holding


_REACH = 200  # characters that a verb governs in its clause


def _is_level(number: Number, segment: str) -> bool:
    """Whether a number has a verb of its own, so that words further before it do not govern it."""
    rules, timeless = lexicon("quantities")["commit"], without_time(segment)
    kind, done = number.kind, tuple(rules["done"])
    bounded = _is_bounded(number, segment)
    if kind == "count" and (bounded or segment.endswith(tuple(rules["brings"]))):
        return False  # 制定标准不少于8项, 改造完成300个: the verb before them governs
    verbs = (*done, *lexicon("quantities")["name"]["kept"])
    opens = timeless in done or (bounded and timeless.startswith(verbs) and "、" not in timeless)
    bare = timeless[: len(timeless) - (number.start - number.lead)]
    opens |= bounded and bare in words_of("counting")
    if kind == "measure" and opens:
        return False  # 完成200公里…, 腾退用地不少于18平方公里, 实施约50公里…
    return number.governed and not number.change and bool(timeless)


def _is_level_in_turn(number: Number, before: str) -> bool:
    """Whether a number is what one of several comes to, by a verb that all of them have."""
    if number.change or not _commit("in_turn").search(before):
        return False
    return not verb_at(strip_adverbs(without_time(before)), "counting")


def _is_bounded(number: Number, segment: str) -> bool:
    """Whether the words before a number only bound it: another verb governs it."""
    rules = lexicon("quantities")["commit"]
    word = segment[len(segment) - number.start + number.lead :]
    for done in rules["done"]:
        word = word.removeprefix(done)  # 完成不少于110万平方米
    return comparator_of(word) in rules["soft"]


def period_of(basis: str, year: int | None, plan: Years, first: int | None = None) -> Years:
    """The first and last year that a target of some basis counts; first: where it is stated."""
    end = year or plan[1]
    start = min(first or plan[0], end) if basis in ("Cumulative", "AnnualAverage") else end
    return start, end


def reference_year(number: Number, until: int, plan: Years) -> int | None:
    """The year that a change or multiple is measured against, where it is one."""
    rules = lexicon("quantities")
    if not number.since:
        return plan[0] - 1 if number.change or number.unit_id == "times" else None
    for name in ("before", "of", "before_plan", "on"):
        if match := re.search(rules["reference"][name], number.since):
            year = _year_of(match)
            return year if year < until else None  # 增加到2030年的12亿元: by when, not against what
    if match := re.search(rules["numeral"]["within"], number.since):
        return until - (chinese_number(match["years"]) or 0)
    return None
