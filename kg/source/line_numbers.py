"""The numbers that a draft prints before each of its lines, so that comments may name them."""

import re

from kg.source.text import Span, normal

_LINE = re.compile(r"[^\S\n]*(\d{0,5})[^\n]*\S")
_LISTED = tuple(".,;:)]")  # behind the number of a list, once normalised
_SHARE = 0.9  # of the lines: so many count on, the rest are what the page adds
_FEWEST = 8  # lines


def line_numbers(text: str) -> tuple[Span, ...]:
    """Where the lines' numbers stand in a normalised text, with the blanks around them; nowhere in
    one whose lines do not count on, from 1 on each page or all through."""
    found, lines, last = list[Span](), 0, 0
    for line in _LINE.finditer(text):
        lines += 1
        following = (n for n in (last + 1, 1) if line[1].startswith(str(n)))
        if (number := next(following, None)) is None:
            if not found and lines > _FEWEST:
                return ()
            continue
        end = line.start(1) + len(str(number))
        if text.startswith(_LISTED, end):
            return ()
        last = number
        while text[end : end + 1].isspace() and text[end] != "\n":
            end += 1
        found.append(Span(line.start(), end))
    return tuple(found) if len(found) >= max(_FEWEST, _SHARE * lines) else ()


def without_line_numbers(text: str) -> str:
    """A text with blanks in the place of its lines' numbers."""
    characters = list(text)
    for span in line_numbers(normal(text)):
        characters[span.start : span.end] = " " * len(span)
    return "".join(characters)
