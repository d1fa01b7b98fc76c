"""Why a link holds, in words: those of its method, with the passage that it rests on."""

from collections.abc import Iterable

from kg.lexicon import filled, lexicon
from kg.source.text import on_one_line, shortened

_SHOWN = 30  # characters of a passage


def explained(
    method: str, predicate: str, passages: Iterable[str], score: object = None
) -> tuple[str, str]:
    """Why a link holds, in Chinese and in English.

    Args:
        method, predicate: the local names of its method and property.
        passages: the texts that it rests on; the shortest is quoted, as a clause is before the
            sentence that it stands in.
        score: how alike the words are, from 0 to 1, where they were compared.

    >>> explained("NamedInSentence", "locatedIn", ["桥林新城"])
    ('句中写明“桥林新城”', 'the sentence names “桥林新城”')
    """
    forms = lexicon("methods")[method]
    forms = forms.get(predicate, forms)
    words = shortened(on_one_line(min(passages, key=len)), _SHOWN)
    zh, en = (filled(forms[language], words=words, score=score) for language in ("zh", "en"))
    return zh, en
