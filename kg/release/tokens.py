"""The words that full-text search compares: pairs of Chinese characters, and other words."""

import re
import string

from kg.lexicon import lexicon, longest_first
from kg.source.characters import look_alikes

_HAN = "\u3400-\u9fff〇\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[A-Za-z0-9.]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = {ord(letter): ord(letter.lower()) for letter in string.ascii_uppercase}


def folded(text: str) -> str:
    """A text as it is compared, character for character: full-width forms and look-alikes as what
    they stand for, traditional characters as simplified ones, letters small.

    >>> folded("５Ｇ網絡")
    '5g网络'
    """
    return text.translate(look_alikes()).translate(_SMALL)


def runs(text: str) -> list[str]:
    """The runs of Chinese characters, and of Latin letters and digits, of a text that is folded.

    >>> runs("建设5G网络，提速")
    ['建设', '5g', '网络', '提速']
    """
    return _RUN.findall(folded(text))


def tokens(text: str) -> list[str]:
    """The tokens of a text: pairs of Chinese characters, the last one alone, and other words.

    >>> tokens("5G网络")
    ['5g', '网络', '络']
    """
    found: list[str] = []
    for run in runs(text):
        if run[0].isascii():
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def asked_of(question: str) -> list[str]:
    """The words that a question asks of, folded, parted by blanks, without those that ask; then
    without the years as well, which names of things do not have.

    >>> asked_of("哪些举措涉及低空经济？"), asked_of("2030年城镇化率目标是多少")
    (['低空经济'], ['2030 城镇化率', '城镇化率'])
    """
    rules = lexicon("search")
    left_out = map(re.escape, longest_first([*rules["asking"], *rules["kinds"]]))
    kept = re.sub("|".join(left_out), " ", " ".join(runs(question)))
    words = [word.strip(rules["particles"]) for word in kept.split()]
    undated = ["" if _YEAR.fullmatch(word) else word for word in words]
    asked = (" ".join(filter(None, one)) for one in (words, undated))
    return list(filter(None, dict.fromkeys(asked)))
