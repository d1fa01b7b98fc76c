"""The theme of a goal, by cue words, so that goals of several plans can be compared."""

from collections.abc import Sequence

from kg.lexicon import lexicon, pattern

_MOST = 0.4  # the share of a wording from which it is of a theme


def theme(title: str, statement: str) -> str | None:
    """The theme of a goal, as the local name of its concept, by its title, else by what most of its
    wording is about; None where neither tells one, or the title names all of development."""
    hits: Sequence[float] = theme_counts(title, "cues")
    if not any(hits) and not pattern("themes", "subject", "whole").search(title):
        hits = theme_shares(statement, "cues", "quantities")
    most = max(hits)  # the first of those that are level
    themes = list(lexicon("themes")["theme"])
    return f"theme-{themes[hits.index(most)]}" if most >= _MOST else None


def theme_counts(text: str, *of: str) -> tuple[int, ...]:
    """How often a text holds words of each theme, of some kinds: cues, quantities."""
    return tuple(
        sum(text.count(word) for word in {word for kind in of for word in one[kind]})
        for one in lexicon("themes")["theme"].values()
    )


def theme_shares(text: str, *of: str) -> list[float]:
    """How much of a text is about each theme, from 0 to 1, but for what its ratios are taken of and
    the names of single branches."""
    for rule in ("denominator", "share_of", "branch"):
        text = pattern("themes", "subject", rule).sub(" ", text)
    counts = theme_counts(text, *of)
    return [n / (sum(counts) or 1) for n in counts]
