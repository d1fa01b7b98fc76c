"""The short name of a plan in its IRIs and files."""

import re
from functools import cache

from kg.files import packaged
from kg.lexicon import dictionary, lexicon
from kg.rdf.iris import readable
from kg.source.areas import Area, own_names
from kg.source.gazetteer import names_of
from kg.source.patterns import pattern
from kg.source.titles import Title


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


def _subject(title: Title, area: Area) -> list[str]:
    """The words that tell a sector's plan from the outline, in pinyin, up to a length."""
    rules = lexicon("titles")["slug"]
    subject = title.subject.removeprefix(area.printed)
    subject = pattern("{five}").sub("", subject)
    subject = re.sub(lexicon("titles")["title"]["outline"], "", subject)
    subject = re.sub(r"\W|\d", "", subject)
    subject = re.sub(f"^(?:{'|'.join(rules['before'])})", "", subject)
    while end := next((e for e in rules["ends"] if subject.endswith(e)), ""):
        subject = subject.removesuffix(end)
    words: list[str] = []
    for word in dictionary.cut(subject) if subject else ():
        if len("-".join((*words, _letters(word)))) > rules["longest"]:
            break
        words += [] if word in rules["skipped"] else [_letters(word)]
    return words


def _letters(word: str) -> str:
    return readable(word).replace("-", "")


@cache
def reserved() -> frozenset[str]:
    """Words that no slug may be: what a release, a site or an IRI has under that name."""
    return frozenset(packaged("kg.source", "slugs")["reserved"])
