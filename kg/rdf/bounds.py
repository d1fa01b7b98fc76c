"""Checks of RDF/XML and JSON-LD that the engine does not make: it expands entities (XML 1.0 §4.4)
without a bound, its time and memory grow by the square of how deep a document nests, a long chain
of terms in a context overflows its stack, and of XML that breaks off it gives the triples before
the end, without an error."""

import json
import re
from operator import itemgetter
from xml.parsers.expat import ExpatError, ParserCreate

MOST = 64 * 1024**2
"""Bytes that all references to entities in a document may stand for."""

_MOST_OPEN = 1000  # elements and attributes around one place: the engine looks through them

_DEEPEST = 100  # objects and arrays of JSON-LD in each other
_MOST_NAMES = 10_000  # strings in one context, of which a term takes two

_CONTEXT = ("@context", b'"@context"')
_JSON = re.compile(rb'"(?:[^"\\]+|\\.)*+"?|[\[{\]}]', re.DOTALL)
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


def check_json(content: bytes) -> None:
    """ValueError where JSON-LD nests too deep, or one of its contexts defines too much."""
    depth = begun = names = 0
    named = False
    for token in map(itemgetter(0), _JSON.finditer(content)):
        if token in b"[{":
            depth += 1
            if named and not begun:
                begun, names = depth, 0
            named = False
        elif token in b"]}":
            begun = 0 if depth == begun else begun
            depth -= 1
        else:
            names += begun > 0
            named = (json.loads(token) if b"\\" in token else token) in _CONTEXT
        if depth > _DEEPEST:
            raise ValueError(f"it nests deeper than {_DEEPEST} objects and arrays")
        if names > _MOST_NAMES:
            raise ValueError(f"a context of it holds more than {_MOST_NAMES} strings")


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
