"""What sections and paragraphs are for: judged by headings, by what sentences say, and by place."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain

from kg.document.model import MEASURES as _MEASURES
from kg.document.model import Paragraph, Section, Sentence, chapters_of
from kg.document.safeguards import with_safeguards
from kg.document.sentences import action_openings, action_verbs
from kg.lexicon import lexicon, with_parts
from kg.source.text import normal

_RESULTS = "results"
_AHEAD = ("guidance", "principles", "goals")  # behind these, states reached are goals
# what states reached count for, by what the heading or the section around is for
_REACHING = {"review": "review", "situation": "review", "goals": "goals", "vision": "vision"}
_REACHING |= dict.fromkeys(("guidance", "principles"), "goals")
_BOTH = ("goals", "vision", _MEASURES)  # of a heading of goals and of what is done for them
_DONE = {None, _MEASURES, _RESULTS}  # what says nothing of what else a chapter is for
_CHARGED = 9.0  # points of a sentence that charges somebody, for measures
_YEARS = 5  # of a period
_CLAUSES = re.compile("[,;:。]")

_Scores = dict[str, float]


def give_roles(
    sections: Sequence[Section],
    paragraphs: Sequence[Paragraph],
    sentences: Sequence[Sentence],
    text: str,
    charged: Set[int],
) -> tuple[list[Section], list[Paragraph]]:
    """Say of each section and each paragraph what it is for.

    Args:
        sections: the sections in reading order.
        paragraphs: the paragraphs in reading order.
        text: the whole text, by which the plan's period is known.
        charged: the indices of paragraphs that charge somebody: they say what is to be done.
    """
    cues = Cues(own_period(text))
    says: list[_Scores] = [defaultdict(float) for _ in paragraphs]
    acting = set(charged)
    content: dict[str, _Content] = defaultdict(_Content)
    opened = -1
    scored = _scored(sections, sentences, cues, charged)
    for sentence, scores in zip(sentences, scored, strict=True):
        content[sentence.section].add(scores)
        if sentence.paragraph == opened:
            scores.pop("vision", None)  # what a goal's paragraph ends with
            said = says[opened]
            if max(said[_RESULTS], said["review"]) > said["situation"]:
                scores.pop("situation", None)  # what one of results ends with
        opened = sentence.paragraph
        if scores.get(_MEASURES) and not scores.keys() & {"goals", "vision", _RESULTS}:
            acting.add(opened)
        for role, score in scores.items():
            says[sentence.paragraph][role] += score
    roles = _section_roles(sections, content, cues)
    given = _paragraph_roles(paragraphs, sentences, says, roles, charged, acting, cues)
    with_roles = _by_parts(sections, roles, content)
    return with_safeguards(with_roles, given, sentences)


def _scored(
    sections: Sequence[Section], sentences: Sequence[Sentence], cues: Cues, charged: Set[int]
) -> list[_Scores]:
    """What each sentence says; in chapters of which nothing tells more than what is done, what
    actions lead to is no result."""
    found = [
        {_MEASURES: _CHARGED} if one.paragraph in charged else cues.scores(one.text)
        for one in sentences
    ]
    chapters = chapters_of(sections)
    telling = {
        chapters[section.number]
        for section in sections
        if {heading_cue(section.wording)[0], *cues.scores(section.wording)} - _DONE
    }
    weights = lexicon("roles")["weights"]
    count = Counter(chapters[one.section] for one in sentences)
    points: _Scores = defaultdict(float)
    for one, scores in zip(sentences, found, strict=True):
        others = sum(scores[role] for role in scores.keys() - _DONE)
        against = weights["against"] * scores.get(_MEASURES, 0.0)
        points[chapters[one.section]] += max(0.0, others - against)
    telling |= {
        chapter
        for chapter in count
        if points[chapter] >= weights["review_chapter"] * count[chapter]
    }
    for one, scores in zip(sentences, found, strict=True):
        if _MEASURES in scores and chapters[one.section] not in telling:
            scores.pop(_RESULTS, None)
    return found


@dataclass
class _Content:
    """What a section's sentences say, each sentence one vote."""

    votes: _Scores = field(default_factory=lambda: defaultdict(float))
    sentences: int = 0

    def add(self, scores: Mapping[str, float]) -> None:
        self.sentences += 1
        best = max(scores.values(), default=0.0)
        winners = [role for role, score in scores.items() if score == best]
        for role in winners:
            self.votes[role] += 1 / len(winners)

    def take(self, other: _Content) -> None:
        self.sentences += other.sentences
        for role, votes in other.votes.items():
            self.votes[role] += votes

    def share(self, role: str) -> float:
        """How much of the content says so, less where little is said."""
        return self.votes.get(role, 0.0) / (self.sentences + 1)


def _whole(sections: Sequence[Section], content: Mapping[str, _Content]) -> dict[str, _Content]:
    """What each section says together with those in it."""
    whole = {s.number: _Content() for s in sections}
    for section in reversed(sections):
        whole[section.number].take(content[section.number])
        if section.parent is not None:
            whole[section.parent].take(whole[section.number])
    return whole


@dataclass(frozen=True)
class _Role:
    role: str
    named: bool  # the heading says so
    begun: bool  # a chapter of measures has begun
    fixed: bool = False  # what all of its paragraphs are for
    within: tuple[str, ...] = ()  # what its paragraphs may be for, where not all is open


def _section_roles(
    sections: Sequence[Section], content: Mapping[str, _Content], cues: Cues
) -> dict[str, _Role]:
    rules = lexicon("roles")
    whole = _whole(sections, content)
    parts = {s.number for s in sections if s.style == "part"}
    holding = {s.parent for s in sections if s.style != "box"}
    roles: dict[str, _Role] = {}
    begun, reached, front = False, "review", "review"
    ahead = _first_ahead(sections, content)
    for i, section in enumerate(sections):
        if section.style in rules["styles"]:
            roles[section.number] = _Role(rules["styles"][section.style], True, begun, True)
            continue
        if within := tuple(rules["within"].get(section.style, ())):
            roles[section.number] = _Role(within[0], True, begun, within=within)
            continue
        parent = roles[section.parent] if section.parent else None
        outermost = parent is None or section.parent in parts
        own, all_ = content[section.number], whole[section.number]
        divided = outermost and section.number in holding  # its own text only opens it
        opens = (front if outermost else "guidance") if i < ahead and not begun else ""
        found = _section_role(
            _Evidence(
                section.wording,
                cues.scores(section.wording),
                all_ if divided or not own.sentences else own,
                parent,
                begun if outermost or parent is None else parent.begun,
                reached,
                opens,
            )
        )
        if outermost and found.role == _MEASURES and section.number not in parts:
            share = all_.share(_MEASURES)
            passed = (reached == "goals" and share > 0) or (not opens and _acts(section.wording))
            begun = begun or passed or share >= rules["weights"]["begins"]
            found = replace(found, begun=begun)
        if not divided:
            reached = "goals" if found.role in (*_AHEAD, "situation", "vision") else reached
            front = front if found.role == "review" else "guidance"
        roles[section.number] = found
    if not any(role.role == "goals" for role in roles.values()):
        roles |= _aimed_at(sections, roles, whole, parts)
    return roles


def _aimed_at(
    sections: Sequence[Section],
    roles: Mapping[str, _Role],
    whole: Mapping[str, _Content],
    parts: Set[str],
) -> dict[str, _Role]:
    """Where no section is for goals: the roles of the last review and its sections, where these say
    nothing of the past and another review before them does. They state what is to be reached."""
    reviews = [
        s.number
        for s in sections
        if roles[s.number].role == "review" and (s.parent is None or s.parent in parts)
    ]
    *before, last = reviews or [""]
    if not before or roles[last].named or not whole[last].votes.get(_RESULTS):
        return {}
    if whole[last].votes.get("review") or not whole[before[0]].votes.get("review"):
        return {}
    inner = [s.number for s in sections if last in (s.number, s.parent)]
    return {n: replace(roles[n], role="goals") for n in inner if roles[n].role == "review"}


def _first_ahead(sections: Sequence[Section], content: Mapping[str, _Content]) -> int:
    """The index of the first section, among the first of all, that is headed as one of goals or
    states the longer range; 0 where none does. Measures stand behind it."""
    front = sections[: math.ceil(lexicon("roles")["weights"]["front"] * len(sections))]
    ahead = (
        s.style != "preface"
        and (content[s.number].votes["vision"] > 0 or heading_cue(s.wording)[0] == "goals")
        for s in front
    )
    return next((i for i, is_ahead in enumerate(ahead) if is_ahead), 0)


@dataclass(frozen=True)
class _Evidence:
    """What a section's role is judged by.

    heading_says, content: what the heading and the sentences say.
    begun: whether measures have begun before it.
    reached: what states reached are there, "review" or "goals".
    front: what speaks for nothing else is for while goals are still ahead; "" behind them.
    """

    heading: str
    heading_says: _Scores
    content: _Content
    parent: _Role | None
    begun: bool
    reached: str
    front: str


def _section_role(evidence: _Evidence) -> _Role:
    weights = lexicon("roles")["weights"]
    cue, weight = _cue(evidence)
    parent = evidence.parent
    named = cue is not None and weight == weights["heading"]
    scores: _Scores = defaultdict(float, {_MEASURES: weights["begun"] if evidence.begun else 0.0})
    for role in evidence.content.votes:
        scores[role] += weights["content"] * evidence.content.share(role)
    if evidence.front:  # there the verbs of measures count less
        scores[_MEASURES] *= weights["opening"]
        scores[evidence.front] += weights["front_role"]
    for role, points in evidence.heading_says.items():
        if role not in (_MEASURES, _RESULTS):
            scores[role] += weights["heading_says"] * points
    scores[cue or _MEASURES] += weight
    # measures that have begun, and a review before, hand their role on though nothing names it
    handed = _MEASURES if evidence.begun else "review"
    if parent is not None and (parent.named or parent.role == handed):
        inherited = weights["inherited_named" if parent.named else "inherited"]
        scores[parent.role] += weights["inherited_beside"] if named else inherited
    votes = evidence.content.votes
    ahead = votes["goals"] + votes["vision"] > votes["review"]
    said = parent is not None and (parent.named or "review" not in (parent.within or ["review"]))
    around = parent.role if parent and said else None
    known = [cue, around, "goals" if ahead else None]
    among = cue == _MEASURES if named else evidence.begun and not any(known)
    if among:  # among measures, states reached are what they aim at
        scores[_MEASURES] += scores.pop(_RESULTS, 0.0)
    _settle(scores, known, evidence.reached)
    may_be = parent.within if parent and parent.within and not cue else (_MEASURES, *scores)
    best = max(may_be, key=lambda role: scores[role])
    within = _possible_roles(evidence.heading, named) if best == cue else ()
    if may_be == _BOTH:
        within = _BOTH
    own = named and best == cue and not within
    return _Role(best, own, evidence.begun, within=within)


def _possible_roles(heading: str, named: bool) -> tuple[str, ...]:
    """What the paragraphs below a heading may be for that names several things (and is named by
    these alone); () for one."""
    rules = lexicon("roles")
    if re.search(rules["within"]["both"], heading):
        return _BOTH
    roles = (r["name"] for r in rules["role"] if any(cue in heading for cue in r["cues"]))
    spans = [rules["within"]["named"][role] for role in roles if role in rules["within"]["named"]]
    return tuple(dict.fromkeys(chain(*spans))) if named and len(spans) > 1 else ()


def _cue(evidence: _Evidence) -> tuple[str | None, float]:
    """The role that the heading's cue names in its place, and how much the heading says."""
    parent = evidence.parent
    if (parent is None or parent.role == _MEASURES) and _acts(evidence.heading):
        return None, 0.0 if evidence.front else lexicon("roles")["weights"]["action"]
    cue, weight = heading_cue(evidence.heading)
    aims = parent is not None and parent.named and parent.role in ("goals", "vision")
    looks_back = evidence.content.votes.get("review") and not evidence.heading_says.get(_RESULTS)
    if aims and cue == "review" and not looks_back:  # a goal's new results
        return None, 0.0
    weights = lexicon("roles")["weights"]
    says = (r for r in ("review", "goals") if evidence.heading_says[r] >= weights["heading_looks"])
    said = next(says, None) if cue is None else None
    return (said, weights["heading"]) if said else (cue, weight)


def _by_parts(
    sections: Sequence[Section], roles: Mapping[str, _Role], content: Mapping[str, _Content]
) -> list[Section]:
    """The sections with their roles. One that only holds others is for goals, where these are for
    nothing else than what is wanted and its heading names no role; and for what the last of them
    is, where it would be one of measures and they look back or around."""
    given: list[Section] = []
    parts: dict[str | None, list[str]] = defaultdict(list)
    for section in reversed(sections):
        own, inner = roles[section.number], set(parts[section.number])
        looking = own.role == _MEASURES and inner <= {"review", "situation"}
        aiming = not own.named and "goals" in inner and inner <= {*_AHEAD, "vision"}
        role = own.role
        if inner and (looking or aiming) and not content[section.number].sentences:
            role = "goals" if aiming else parts[section.number][0]
        parts[section.parent].append(role)
        given.append(replace(section, role=role))
    return given[::-1]


def _settle(scores: _Scores, known: Sequence[str | None], reached: str) -> None:
    """Count states reached for the review or the goals: what is stated, else by the place."""
    points = scores.pop(_RESULTS, 0.0)
    role = next((r for r in known if r in _REACHING), reached)
    scores[_REACHING.get(role or "", role or reached)] += points


def _acts(heading: str) -> bool:
    """Whether a heading, a label ahead of it aside, begins with an action that is no cue of a role
    and no slogan; with one that a name may begin with too, where it has no cue."""
    cues = tuple(cue for role in lexicon("roles")["role"] for cue in role["cues"])
    slogans = lexicon("roles")["slogans"]["begins"]
    words = normal(heading).rpartition(":")[2]
    acts = words.startswith(action_openings())
    named = words.startswith(tuple(lexicon("roles")["actions"]["begins"]))
    acts |= named and heading_cue(heading)[0] is None
    return acts and not words.startswith((*cues, *slogans))


def heading_cue(heading: str) -> tuple[str | None, float]:
    """The role whose cue is last in a heading, and how much that says."""
    weights = lexicon("roles")["weights"]
    found, place, end = None, -1, 0
    for role in lexicon("roles")["role"]:
        for cue in role["cues"]:
            if (at := heading.rfind(cue)) > place:
                found, place, end = role["name"], at, at + len(cue)
    inside = len(heading) - end > weights["after"]
    if found is None:
        named = (r for r in lexicon("roles")["role"] if heading.endswith(tuple(r.get("ends", ()))))
        return next(((role["name"], weights["heading"]) for role in named), (None, 0.0))
    return found, weights["heading_inside" if inside else "heading"]


def _paragraph_roles(
    paragraphs: Sequence[Paragraph],
    sentences: Sequence[Sentence],
    says: Sequence[_Scores],
    roles: Mapping[str, _Role],
    charged: Iterable[int],
    acting: Set[int],
    cues: Cues,
) -> list[Paragraph]:
    """What each paragraph is for: what its section is, unless it says something else, as those of
    which a sentence only says what is to be done (acting) may."""
    leading = {s.paragraph for s in sentences if cues.leads(s.text)}
    fixed = _aside(paragraphs, sentences) | dict.fromkeys(charged, _MEASURES)
    given: list[Paragraph] = []
    led = False
    for i, paragraph in enumerate(paragraphs):
        section = roles[paragraph.section]
        before = given[-1] if given and given[-1].section == paragraph.section else None
        led = before is not None and (led or i - 1 in leading)
        if i in fixed:
            given.append(replace(paragraph, role=fixed[i]))
            continue
        role = _paragraph_role(section, says[i], before.role if before else None, led)
        if role == "goals" and _MEASURES in section.within and i in acting and not led:
            role = _MEASURES
        led = led and role == "goals"
        given.append(replace(paragraph, role=role))
    return given


def _aside(paragraphs: Sequence[Paragraph], sentences: Sequence[Sentence]) -> dict[int, str]:
    """The paragraphs that are no text of the plan: notes, signatures, and cells of tables."""
    rules = lexicon("roles")["aside"]
    opens, goes_on = re.compile(rules["note"]), re.compile(rules["note_goes_on"])
    term = re.compile(rules["term"])
    first: dict[int, str] = {}
    whole: set[int] = set()  # paragraphs that end a sentence
    for sentence in sentences:
        first.setdefault(sentence.paragraph, sentence.text)
        if sentence.text.rstrip(rules["closing"]).endswith(tuple(rules["stops"])):
            whole.add(sentence.paragraph)
    found: dict[int, str] = {}
    for i, text in first.items():
        explains = opens.match(text) or (found.get(i - 1) == "notes" and goes_on.match(text))
        if explains or (term.match(text) and not paragraphs[i].section.startswith("box")):
            found[i] = "notes"
        elif i not in whole and (
            len(text) < rules["cell"] or paragraphs[i].section.startswith("appendix")
        ):
            found[i] = "cells"
    return found | dict.fromkeys(_signed(first, whole, found, len(paragraphs)), "signature")


def _signed(
    first: Mapping[int, str], whole: Set[int], aside: Mapping[int, str], count: int
) -> Iterator[int]:
    """The last paragraphs, which say who signed, printed and was sent the plan, from the end.

    Args:
        first: the first sentence of each. whole: those that end a sentence. aside: what notes and
            cells are. count: how many there are.
    """
    rules = lexicon("roles")["aside"]
    signs, copied = re.compile(rules["signature"]), re.compile(rules["copied"])
    for i in range(count - 1, -1, -1):
        if aside.get(i) == "notes" or (aside.get(i), aside.get(i + 1)) == ("cells", "notes"):
            continue  # of the pages' feet, with their heading, which stand behind all
        text = first.get(i, "")
        if not copied.match(text) and (i in whole or not signs.search(text)):
            return
        yield i


def _paragraph_role(section: _Role, says: _Scores, before: str | None, led: bool) -> str:
    weights = lexicon("roles")["weights"]
    if section.fixed or section.role == "notes":
        return section.role
    if section.role == _MEASURES and section.begun:
        return _among_measures(says)
    scores: _Scores = defaultdict(float, says)
    scores[section.role] += 0.0 if section.within else weights["section"]
    acts = _MEASURES in (section.role, *section.within)
    if before is not None and not (acts and section.within):
        scores[before] += weights["before"]
    if led:
        scores["goals"] += weights["led"]
    around = before if section.within else section.role
    reached = "goals" if around in _AHEAD else "review"
    _settle(scores, ["goals" if led or says["goals"] else None, around], reached)
    if not acts:
        scores.pop(_MEASURES, None)
    if section.within:
        scores = {role: scores.get(role, 0.0) for role in section.within}
    return max(scores, key=lambda role: (scores[role], role == section.role))


def _among_measures(says: _Scores) -> str:
    """The role of a paragraph among measures: a review only where it says nothing else."""
    if says[_MEASURES] or says["goals"]:
        return _MEASURES
    enough = lexicon("roles")["weights"]["review_of_measures"]
    return "review" if says["review"] >= enough else _MEASURES


def own_period(text: str) -> int | None:
    """The ordinal of the plan's own five-year period: the last that it names often."""
    rules = lexicon("roles")["period"]
    numerals = sorted(rules["numerals"], key=len, reverse=True)
    counts: dict[str, int] = defaultdict(int)
    named = "|".join(numerals)
    for match in re.finditer(with_parts(rules["names"], {"numerals": named}), text):
        counts[match["short"] or match["long"]] += 1
    for match in re.finditer(rules["spans"], text):
        first, last = int(match["first"]), int(match["last"])
        at, left = divmod(first - rules["begins"] - _YEARS * rules["first"], _YEARS)
        if last - first == _YEARS - 1 and not left and 0 <= at < len(rules["numerals"]):
            counts[rules["numerals"][at]] += 1
    most = max(counts.values(), default=0)
    often = [n for n, count in counts.items() if count >= rules["often"] * most]
    return max((rules["first"] + rules["numerals"].index(n) for n in often), default=None)


def first_year(period: int) -> int:
    """The first year of the five-year period of an ordinal."""
    begins: int = lexicon("roles")["period"]["begins"]
    return begins + _YEARS * period


class Cues:
    """The patterns of lexicon/roles.toml, for one plan's period."""

    def __init__(self, period: int | None) -> None:
        patterns = _period_patterns(period)
        self._ahead = re.compile(patterns["ahead"])
        self.leads = cache(
            re.compile(with_parts(lexicon("roles")["lead"]["goals"], patterns)).search
        )
        self.announces = re.compile(lexicon("roles")["lead"]["indicators"]).search
        self._says: list[tuple[str, float, re.Pattern[str]]] = []
        for role in lexicon("roles")["role"]:
            for cue in role.get("says", ()):
                pattern = with_parts(cue["pattern"], patterns)
                points = float(cue.get("points", 1))
                self._says.append((role["name"], points, re.compile(pattern)))
        troubles = lexicon("roles")["troubles"]
        opening = re.compile(troubles["opening"])
        self._says.append((troubles["role"], float(troubles["points"]), opening))

    def scores(self, text: str) -> _Scores:
        """A sentence's points for each role; each clause with an action gives measures half one,
        and the first a whole one."""
        found: _Scores = defaultdict(float)
        for role, weight, pattern in self._says:
            if pattern.search(text):
                found[role] += weight
        if self.leads(text):
            found["goals"] += lexicon("roles")["weights"]["announced"]
        label, _, said = text.partition(":")
        if said and len(label) <= lexicon("roles")["weights"]["label"]:
            labelled, points = heading_cue(label)
            found |= {labelled: found[labelled] + points} if labelled else {}
        if self._ahead.search(text):
            found.pop("review", None)
        acts = sum(c.startswith(action_openings()) for c in _CLAUSES.split(text))
        acts += text.startswith(action_verbs())
        if acts and not self.announces(text):
            found[_MEASURES] += acts / 2
        return found


def _period_patterns(period: int | None) -> dict[str, str]:
    """Patterns for periods: before the plan's, its own and later ones, later ones alone."""
    rules = lexicon("roles")["period"]
    if period is None or period <= rules["first"]:
        names = ("before", "own", "during", "past", "ahead", "beyond")
        return dict.fromkeys(names, "(?!)")
    first = first_year(period)
    own = period - rules["first"]
    before: str = rules["numerals"][own - 1]
    named: str = rules["numerals"][own]
    return {
        "during": f"(?:{_any(first, first + _YEARS)})",
        "before": before,
        "own": named,
        "past": rules["past"].format(before=before, years=_any(first - _YEARS - 1, first)),
        "ahead": rules["ahead"].format(own=named, years=_any(first, first + 4 * _YEARS)),
        "beyond": rules["beyond"].format(years=_any(first + _YEARS, first + 6 * _YEARS)),
    }


def _any(first: int, end: int) -> str:
    """The years, each in Arabic digits or in Chinese ones."""
    digits = enumerate(lexicon("roles")["period"]["digits"])
    chinese = {ord(str(digit)): word for digit, word in digits}
    years = [str(year) for year in range(first, end)]
    return "|".join([*years, *(year.translate(chinese) for year in years)])
