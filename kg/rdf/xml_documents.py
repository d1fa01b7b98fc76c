"""Checks of RDF/XML that the engine does not make: it expands entities (XML 1.0 §4.4) without a
bound, its time grows by the square of how deep elements nest, and of a document that breaks off it
gives the triples before the end, without an error."""

import re
from xml.parsers.expat import ExpatError, ParserCreate

MOST = 64 * 1024**2
"""Bytes that all references to entities in a document may stand for."""

_MOST_OPEN = 1000  # elements and attributes around one place: the engine looks through them

_DEFINED = re.compile(rb"<!ENTITY\s+([^\s%\"']+)\s+(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(rb"&([^\s;&#]+);")
_CUT_OFF = (3, 5, 20)  # codes of expat: an element, a token, a CDATA section has no end
_PREDEFINED = dict.fromkeys((b"lt", b"gt", b"amp", b"apos", b"quot"), 1)


def check_xml(content: bytes) -> None:
    """ValueError where a document breaks off, nests too deep, or stands for too much."""
    _check_entities(content)  # first: expat expands them too
    parser, around = ParserCreate(), [0]
    parser.ordered_attributes = True

    def begin(_: str, attributes: list[str]) -> None:
        around.append(around[-1] + 1 + len(attributes) // 2)
        if around[-1] > _MOST_OPEN:
            line = f"line {parser.CurrentLineNumber}"
            raise ValueError(f"{line} is in more than {_MOST_OPEN} elements and attributes")

    parser.StartElementHandler, parser.EndElementHandler = begin, lambda _: around.pop()
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        if error.code in _CUT_OFF:  # of others the engine says more
            raise ValueError(f"the XML breaks off in line {error.lineno}") from error


def _check_entities(content: bytes) -> None:
    """ValueError where entities stand for too much, or one names a later one."""
    if b"<!ENTITY" not in content:
        return
    sizes = dict(_PREDEFINED)
    for name, *values in _DEFINED.findall(content):
        value = b"".join(values)
        referred = sum(sizes.get(one, MOST) for one in _REFERENCE.findall(value))
        sizes.setdefault(name, min(len(value) + referred, MOST + 1))
    if sum(sizes.get(one, 0) for one in _REFERENCE.findall(content)) > MOST:
        raise ValueError(f"its XML entities stand for more than {MOST // 1024**2} MiB")
