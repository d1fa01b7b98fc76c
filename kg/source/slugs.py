"""The short name of a plan in its IRIs and files."""

import re
from functools import cache

from kg.files import packaged
from kg.lexicon import dictionary, lexicon
from kg.rdf.iris import readable
from kg.source.areas import Area, own_names
from kg.source.front_matter import folded
from kg.source.gazetteer import names_of
from kg.source.patterns import pattern
from kg.source.titles import Title, title_of_field


def slug_of(title: Title | None, area: Area | None, period: tuple[int, int] | None) -> str | None:
    """Area, subject, first year: hongqiao-2021, hubei-wenwu-2021, hefei-jianyi-2026. A plan of one
    sector, a proposal and a draft have other slugs than the outline. None where title, area or
    period is missing."""
    if title is None or area is None or period is None:
        return None
    rules = lexicon("titles")["slug"]
    own = own_names(area.name)[-1] if area.name else names_of(area.printed)[-1]
    parts = [_letters(own), *_subject(title, area)]
    parts += [rules["proposal"]] if title.party else []
    parts.append(str(period[0]))
    parts += [rules["draft"]] if title.drafts else []
    return "-".join(parts)


def kind_of_plan(title: str, area: str) -> str:
    """What tells a plan from the outline of its area: its sector's words, the mark of a proposal;
    "" for the outline, however the title names the area.
    """
    found = title_of_field(folded(title))
    if found is None:
        return title
    proposal = lexicon("titles")["slug"]["proposal"] if found.party else ""
    printed = next((name for name in own_names(area) if name in found.subject), area)
    before, own, _ = found.subject.partition(printed)
    return _about(found, before + own if own else area) + proposal


def _subject(title: Title, area: Area) -> list[str]:
    """The words that tell a sector's plan from the outline, in pinyin, up to a length."""
    rules, subject = lexicon("titles")["slug"], _about(title, area.printed)
    words: list[str] = []
    for word in dictionary.cut(subject) if subject else ():
        if len("-".join((*words, _letters(word)))) > rules["longest"]:
            break
        words += [] if word in rules["skipped"] else [_letters(word)]
    return words


def _about(title: Title, area: str) -> str:
    """What a plan is about, if not everything; area: as the title prints it."""
    rules = lexicon("titles")["slug"]
    subject = title.subject.removeprefix(area)
    subject = pattern("{five}").sub("", subject)
    subject = re.sub(lexicon("titles")["title"]["outline"], "", subject)
    subject = re.sub(r"\W|\d", "", subject)
    subject = re.sub(f"^(?:{'|'.join(rules['before'])})", "", subject)
    while end := next((e for e in rules["ends"] if subject.endswith(e)), ""):
        subject = subject.removesuffix(end)
    return subject + rules["report"] if pattern("{report}$").search(title.name.text) else subject


def _letters(word: str) -> str:
    return readable(word).replace("-", "")


@cache
def reserved() -> frozenset[str]:
    """Words that no slug may be: what a release, a site or an IRI has under that name."""
    return frozenset(packaged("kg.source", "slugs")["reserved"])
