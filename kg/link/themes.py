"""The theme of a goal, by cue words, so that goals of several plans can be compared."""

from __future__ import annotations

from kg.lexicon import lexicon


def theme(title: str, statement: str) -> str | None:
    """The theme of a goal, as the local name of its concept; None where no cue is found.

    Args:
        title: the goal's short title.
        statement: its full wording.
    """
    for text in (title, statement):
        hits = [
            (sum(text.count(cue) for cue in one["cues"]), one["id"])
            for one in lexicon("themes")["theme"]
        ]
        best = max(hits, key=lambda hit: hit[0])  # the first of those that are level
        if best[0]:
            return f"theme-{best[1]}"
    return None
