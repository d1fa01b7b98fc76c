"""How much the entities of an XML document stand for (XML 1.0 §4.4): the engine puts them in
without a bound."""

import re

MOST = 64 * 1024**2
"""Bytes that all references to entities in a document may stand for."""

_DEFINED = re.compile(rb"<!ENTITY\s+([^\s%\"']+)\s+(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(rb"&([^\s;&#]+);")
_PREDEFINED = dict.fromkeys((b"lt", b"gt", b"amp", b"apos", b"quot"), 1)


def check_entities(content: bytes) -> None:
    """ValueError where a document's entities stand for too much, or one names a later one."""
    if b"<!ENTITY" not in content:
        return
    sizes = dict(_PREDEFINED)
    for name, *values in _DEFINED.findall(content):
        value = b"".join(values)
        referred = sum(sizes.get(one, MOST) for one in _REFERENCE.findall(value))
        sizes.setdefault(name, min(len(value) + referred, MOST + 1))
    if sum(sizes.get(one, 0) for one in _REFERENCE.findall(content)) > MOST:
        raise ValueError(f"its XML entities stand for more than {MOST // 1024**2} MiB")
