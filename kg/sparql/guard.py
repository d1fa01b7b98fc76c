"""What is refused before it is evaluated: queries too long or too deep to parse, and those that
would reach the network."""

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.lexicon.messages import Message
from kg.sparql.request import Answer

# Behind a quote that nothing closes every word counts: to look for strings there would take time by
# the square of the length. So with runs of what names are made of, where no colon follows.
_TOKENS = re.compile(
    r"""(?P<skip>\#[^\n\r]*|<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>
    |'''(?:(?:'|'')?[^'\\]|\\.)*+'''|\"{3}(?:(?:"|"")?[^"\\]|\\.)*+\"{3}
    |(?P<endless>'''.*|\"{3}.*)|'(?:[^'\\\n\r]|\\.)*+'|"(?:[^"\\\n\r]|\\.)*+"
    |(?P<unclosed>'(?:[^'\\\n\r]|\\.)*+|"(?:[^"\\\n\r]|\\.)*+)
    |[?$][\w\u00b7]+|@[A-Za-z][A-Za-z0-9-]*|_:[\w.-]+|[\w.-]*+:(?:[\w.:%-]|\\.)*)
    |(?P<run>[\w.-]++)|(?P<word>(?!))|(?P<open>[{(\[])|(?P<close>[})\]])""",
    re.VERBOSE | re.DOTALL,
)
_OUTSIDE = re.compile(r"(?P<skip>(?!))|(?P<word>[A-Za-z_]\w*)|(?P<open>[{(\[])|(?P<close>[})\]])")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_REACHES_OUT = {"SERVICE", "LOAD"}
_REACHING = re.compile("SERVICE|LOAD", re.IGNORECASE)
_OPERATION = re.compile(  # those words wherever they stand: none may be left
    r"(?P<service>SERVICE)(\s+SILENT)?|LOAD(\s+SILENT)?|(?P<into>INTO)\s+GRAPH", re.IGNORECASE
)
_ANY_BASE = "http://localhost/"  # relative IRIs need one to parse
_CHARACTERS = re.compile(r"(?:, | or )?\['(?:'[^']*'|[^\]'])*'\]")
_LONGEST_MESSAGE = 200
ENGINE_ERRORS = (SyntaxError, ValueError, OSError, RuntimeError)
"""What the engine raises."""
MAX_DEPTH = 100
MAX_LENGTH = 200_000


def tokens(text: str) -> Iterator[re.Match[str]]:
    """What a query or update is made of, but for signs: groups skip, word, open and close."""
    for match in _TOKENS.finditer(text):
        if match["endless"] or match["unclosed"] or match["run"]:
            yield from _OUTSIDE.finditer(text, *match.span())
        else:
            yield match


def keywords(text: str) -> Iterator[tuple[str, int, int]]:
    """The bare words of a query or update in upper case, with offset and depth of brackets."""
    depth = 0
    for match in tokens(text):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
        elif match["word"]:
            yield match["word"].upper(), match.start(), depth


def refusal(
    text: str, update: bool = False, prefixes: Mapping[str, str] | None = None
) -> Answer | None:
    """The answer to a query or update that is refused before it is evaluated, None if it is not:
    malformed where it is known to be, else refused.

    Args:
        update: whether it is an update.

    Whether it would reach the network is asked of several readings, since engines differ in when
    they decode escapes (SPARQL 1.1 Query §19.2): the text as it is and decoded, each by its words
    and by the engine's own parser. It is refused where any of them finds that it would.
    """
    if len(text) > MAX_LENGTH:
        return Answer("refused", problem=Message("query_long", len(text), MAX_LENGTH))
    if sum(map(text.count, "({[")) > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        return Answer("refused", problem=Message("query_deep", MAX_DEPTH))
    readings = {text, _ESCAPE.sub(_character, text)}
    suspects = [reading for reading in readings if _may_reach(reading)]
    if not suspects:
        return None
    found = {word for reading in suspects for word, _, _ in keywords(reading)} & _REACHES_OUT
    faults = [_fault(_REACHING.sub(_misspelt, text), update, prefixes) for text in suspects]
    if not found and not any(faults):
        return None
    harmless = (_fault(_OPERATION.sub(_harmless, text), update, prefixes) for text in suspects)
    outcome, word = "malformed" if all(harmless) else "refused", min(found, default="SERVICE")
    reason = Message("query_reaches_out", word)
    if not found and outcome == "malformed":
        reason = Message("query_may_reach_out", next(filter(None, faults)))
    return Answer(outcome, problem=reason)


def _may_reach(text: str) -> bool:
    """Whether the words stand anywhere in a text."""
    # few texts have these letters, which are looked for faster than words in any case
    folded = text.lower()
    return ("erv" in folded or "load" in folded) and _REACHING.search(text) is not None


def _misspelt(word: re.Match[str]) -> str:
    """SERVICE or LOAD misspelt.

    In a string, a comment or a name that changes nothing; as a keyword it is a syntax error. So a
    text that still parses has no such keyword, whichever way the engine reads escapes, comments
    and the sign <. Nothing in it reaches out.
    """
    return word[0][:-1] + "Q"


def _harmless(operation: re.Match[str]) -> str:
    """What may stand where SERVICE, LOAD or its INTO GRAPH does, and reaches nothing."""
    if operation["service"]:
        return "GRAPH"
    return "; CLEAR SILENT GRAPH" if operation["into"] else "CLEAR SILENT GRAPH"


def _fault(text: str, update: bool, prefixes: Mapping[str, str] | None) -> str | None:
    """What the engine's own parser finds wrong with a text; None where it parses, be it that it
    fails on an empty store."""
    error = fault_on_nothing(text, update, prefixes)
    return syntax_problem(error) if isinstance(error, SyntaxError) else None


def fault_on_nothing(
    text: str, update: bool = False, prefixes: Mapping[str, str] | None = None
) -> Exception | None:
    """The engine's error at a query or update of no triples; None where there is none."""
    try:
        if update:
            ox.Store().update(text, base_iri=_ANY_BASE)
        else:
            ox.Store().query(text, base_iri=_ANY_BASE, prefixes=dict(prefixes or {}))
    except ENGINE_ERRORS as error:
        return error
    return None


def syntax_problem(error: SyntaxError) -> str:
    """What the engine's parser says, in a short line (error at 1:19 -> line 1, column 19)."""
    message = " ".join(str(error.msg or error).split())
    placed = re.sub(r"\berror at (\d+):(\d+)", r"line \1, column \2", message)
    placed = placed.replace("Prefix not found", "a PREFIX declaration for this name")
    placed = _CHARACTERS.sub("", placed)  # classes of characters tell a reader nothing
    return shortened(placed)


def shortened(message: str) -> str:
    """As much of an engine's message as fits a line."""
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "…"


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in tokens(text):
        depth += 1 if match["open"] else -1 if match["close"] else 0
        deepest = max(deepest, depth)
    return deepest


def _character(match: re.Match[str]) -> str:
    """The character that a codepoint escape stands for (SPARQL 1.1 Query §19.2)."""
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else match[0]
