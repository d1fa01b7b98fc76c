"""Checks of RDF/XML and JSON-LD that the engine does not make: it expands entities (XML 1.0 §4.4)
without a bound, its time and memory grow by the square of how deep a document nests, a long chain
of terms in a context overflows its stack, a context in a context is read anew for each object, and
of XML that breaks off it gives the triples before the end, without an error."""

import json
import re
from dataclasses import dataclass
from operator import itemgetter
from xml.parsers.expat import ExpatError, ParserCreate

_MOST = 64 * 2**20  # characters that all references to entities in a document may stand for
_TOO_MUCH = "its XML entities stand for more than 64 MiB or a hundred times its length"
_MOST_OPEN = 1000  # elements and attributes around one place: the engine looks through them

_DEEPEST = 100  # objects and arrays of JSON-LD in each other
_MOST_NAMES = 10_000  # strings in one context, of which a term takes two
_MOST_READ = 10_000_000  # strings of contexts times the objects they are read for: some seconds

_CONTEXT = ("@context", b'"@context"')
_JSON = re.compile(rb'"(?:[^"\\]+|\\.)*+"?|[\[{\]}]', re.DOTALL)
_CUT_OFF = (3, 5, 20)  # codes of expat: an element, a token, a CDATA section has no end
_AMPLIFIED = 43  # the same: entities in entities


def check_xml(content: bytes) -> None:
    """ValueError where a document breaks off, nests too deep, or stands for too much."""
    parser, around, length = ParserCreate(), [0], 0
    parser.ordered_attributes = parser.buffer_text = True

    def text(*parts: str) -> None:
        nonlocal length
        length += sum(map(len, parts))
        if length > len(content) + _MOST:
            raise ValueError(_TOO_MUCH)

    def begin(_: str, attributes: list[str]) -> None:
        text(*attributes)
        around.append(around[-1] + 1 + len(attributes) // 2)
        if around[-1] > _MOST_OPEN:
            line = f"line {parser.CurrentLineNumber}"
            raise ValueError(f"{line} is in more than {_MOST_OPEN} elements and attributes")

    parser.StartElementHandler, parser.EndElementHandler = begin, lambda _: around.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        if error.code in _CUT_OFF:  # of others the engine says more
            raise ValueError(f"the XML breaks off in line {error.lineno}") from error
        if error.code == _AMPLIFIED:
            raise ValueError(_TOO_MUCH) from error


def check_json(content: bytes) -> None:
    """ValueError where JSON-LD nests too deep, or one of its contexts defines too much, or is to
    be read too often: for each object that has a context, or for all where one holds another."""
    walk = _Walk()
    for token in map(itemgetter(0), _JSON.finditer(content)):
        if token in b"[{":
            walk.open(token == b"{")
        elif token in b"]}":
            walk.close()
        else:
            walk.string((json.loads(token) if b"\\" in token else token) in _CONTEXT)
    if walk.largest * (walk.objects if walk.is_scoped else walk.contexts) > _MOST_READ:
        raise ValueError(f"contexts of it are to be read more than {_MOST_READ} strings long")


@dataclass
class _Walk:
    """A walk through a document of JSON-LD.

    depth: how many objects and arrays are open.
    objects, contexts: how many there are outside of contexts.
    largest: the most strings in one context.
    is_scoped: whether a context holds another.
    """

    depth: int = 0
    objects: int = 0
    contexts: int = 0
    largest: int = 0
    is_scoped: bool = False
    _begun: int = 0  # the depth of the context that is open; 0 outside
    _names: int = 0  # strings in it so far
    _is_named: bool = False  # whether the last string was the keyword of contexts

    def open(self, is_object: bool) -> None:
        """Go into an object or array."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError(f"it nests deeper than {_DEEPEST} objects and arrays")
        if self._begun:
            self.is_scoped |= self._is_named
        else:
            self.objects += is_object
            if self._is_named:
                self._begun, self._names = self.depth, 0
                self.contexts += 1
        self._is_named = False

    def close(self) -> None:
        """Leave an object or array."""
        if self.depth == self._begun:
            self._begun = 0
        self.depth -= 1

    def string(self, is_keyword: bool) -> None:
        """Read a string.

        Args:
            is_keyword: whether it is the keyword of contexts.
        """
        self._is_named = is_keyword
        if self._begun:
            self._names += 1
            self.largest = max(self.largest, self._names)
        if self._names > _MOST_NAMES:
            raise ValueError(f"a context of it holds more than {_MOST_NAMES} strings")
