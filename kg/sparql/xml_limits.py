"""What XML 1.0 cannot hold: answers with it are kept from those that any reader of XML takes."""

import mmap
import re

from kg.lexicon.messages import Message
from kg.sparql.request import Written

# Char (XML 1.0 §2.2) has none of these; a carriage return is read as another character (§2.11).
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")
# The writer of RDF/XML makes an element without a name of a property whose IRI ends in no name.
_NO_NAME = re.compile(rb"<[\w.-]*:[\s/>]")


def xml_problem(written: Written) -> str:
    """Why an answer in XML is none, in a line that says what to ask for instead; "" where it is.

    Args:
        written: the whole answer.
    """
    written.flush()
    if written.file is None:
        return _problem(written.getbuffer())
    with mmap.mmap(written.file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _problem(content)


def _problem(content: memoryview | mmap.mmap) -> str:
    if found := _CONTROLS.search(content):
        code = ord(bytes(found[0]).decode("utf-8"))
        return Message("no_xml_character", f"U+{code:04X}")
    if _NO_NAME.search(content):
        return Message("no_xml_name")
    return ""
