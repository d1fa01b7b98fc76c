"""The theme of a goal, by cue words, so that goals of several plans can be compared."""

from kg.lexicon import lexicon, pattern


def theme(title: str, statement: str) -> str | None:
    """The theme of a goal, as the local name of its concept; None where no cue is found."""
    for text in (title, statement):
        hits = theme_counts(text, "cues")
        if most := max(hits):  # the first of those that are level
            return f"theme-{lexicon('themes')['theme'][hits.index(most)]['id']}"
    return None


def theme_counts(text: str, *of: str) -> tuple[int, ...]:
    """How often a text holds words of each theme, of some kinds: cues, quantities."""
    return tuple(
        sum(text.count(word) for word in {word for kind in of for word in one[kind]})
        for one in lexicon("themes")["theme"]
    )


def theme_shares(text: str, *of: str) -> list[float]:
    """How much of a text is about each theme, from 0 to 1, but for what its ratios are taken of."""
    for rule in ("denominator", "share_of"):
        text = pattern("themes", "subject", rule).sub(" ", text)
    counts = theme_counts(text, *of)
    return [n / (sum(counts) or 1) for n in counts]
