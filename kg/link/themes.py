"""The theme of a goal, by cue words, so that goals of several plans can be compared."""

from kg.lexicon import lexicon


def theme(title: str, statement: str) -> str | None:
    """The theme of a goal, as the local name of its concept; None where no cue is found."""
    for text in (title, statement):
        hits = theme_counts(text)
        if most := max(hits):  # the first of those that are level
            return f"theme-{lexicon('themes')['theme'][hits.index(most)]['id']}"
    return None


def theme_counts(text: str) -> tuple[int, ...]:
    """How often a text holds cues of each theme."""
    return tuple(sum(text.count(cue) for cue in one["cues"]) for one in lexicon("themes")["theme"])
