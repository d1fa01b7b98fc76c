"""What is wrong with a query that is not evaluated, in plain words; of one that does not parse a
character that SPARQL does not have, a prefix that is not declared, a keyword misspelt, or else the
place that the engine names."""

import errno
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache

from rdflib import Graph

from kg.lexicon.messages import Message
from kg.rdf.namespaces import PREFIXES
from kg.sparql.guard import keywords, refusal, shortened, syntax_problem, tokens
from kg.sparql.request import Answer, Request

_PLACED = re.compile(r"line (\d+), column (\d+)")
_ANSWERED = {"“": '"', "”": '"', "‘": "'", "’": "'", "。": ".", "、": ",", "【": "[", "】": "]"}
_CLOSING = {"{": "}", "(": ")", "[": "]"}
# Those that are misspelt: short ones are like too many others.
_KEYWORDS = (
    "SELECT", "CONSTRUCT", "DESCRIBE", "DISTINCT", "REDUCED", "FROM", "NAMED", "WHERE", "FILTER",
    "OPTIONAL", "UNION", "MINUS", "BIND", "VALUES", "GRAPH", "EXISTS", "ORDER", "GROUP", "HAVING",
    "LIMIT", "OFFSET", "PREFIX", "BASE",
)  # fmt: skip
_UPDATES = ("INSERT", "DELETE", "WITH", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD")
_ALIKE = 0.8  # so much of a keyword and of what is meant for it is the same
# Commas, semicolons and full stops of Chinese texts, which SPARQL lets names end in.
_SEPARATORS = frozenset("\u3001\u3002\uff0c\uff0e\uff1b")


def mistaken_sign(query: str) -> Message | None:
    """What to say of a Chinese comma, semicolon or full stop outside of strings; None without one.

    The grammar takes it for a part of the name before it, so that a query may parse and find
    nothing.
    """
    if query.isascii() or _SEPARATORS.isdisjoint(query):
        return None
    return _stray(query, _gaps_and_names(query)[0], _SEPARATORS.__contains__)


def unfit(request: Request, prefixes: Mapping[str, str] | None = None) -> Answer | None:
    """Why a query or update is not evaluated; None where it is.

    Args:
        prefixes: those that need no declaration.
    """
    update = request.operation == "update"
    if not update and request.operation != "query":
        return None
    if refused := refusal(request.query, update, prefixes):
        return refused
    sign = mistaken_sign(request.query)
    return Answer("malformed", problem=sign) if sign else None


def failed(error: Exception) -> Answer:
    """The answer that an error of the engine is."""
    if isinstance(error, SyntaxError):
        return Answer("malformed", problem=syntax_problem(error))
    if f"(os error {errno.EFBIG})" in str(error) or getattr(error, "errno", 0) == errno.EFBIG:
        # RLIMIT_FSIZE; the engine passes the system's error on as text.
        return Answer("too-large", problem=Message("result_large"))
    held = error.args[0] if error.args else ""
    # the engine's words without the end of a long IRI, or the message that was raised here
    problem = held if isinstance(held, Message) else shortened(str(error))
    if isinstance(error, RuntimeError):  # it parses: the engine has no such function or graph
        return Answer("refused", problem=Message("engine_cannot", problem))
    return Answer("malformed" if isinstance(error, ValueError) else "failed", problem=problem)


def worded(query: str, failure: Answer, known: Iterable[str] = (), update: bool = False) -> Message:
    """What to say of a query or update that was not answered.

    Args:
        known: the prefixes that need no declaration.
        update: whether it is to be an update.
    """
    message = failure.problem or Message("graph_absent")
    if not isinstance(message, Message):
        what = " ".join(message.split())
        if failure.outcome != "malformed":
            message = Message("outcome_failed", what)
        elif not update and _begins_update(query):
            message = Message("sparql_update")
        else:
            message = diagnosed(query, what, known)
    return Message("outcome_refused", message) if failure.outcome == "refused" else message


def _begins_update(query: str) -> bool:
    words = (word for word, _, _ in keywords(query))
    return next((word for word in words if word not in ("PREFIX", "BASE")), "") in _UPDATES


def diagnosed(query: str, problem: str, known: Iterable[str] = ()) -> Message:
    """What to say of a query that does not parse.

    Args:
        problem: what the engine says of it.
        known: the prefixes that need no declaration.
    """
    gaps, names = _gaps_and_names(query)
    if stray := _stray(query, gaps, lambda character: not "\0" < character <= "\x7f"):
        return stray
    if undeclared := _undeclared(query, names, known):
        return undeclared
    for word, at, _ in keywords(query):
        meant = get_close_matches(word, _KEYWORDS, 1, _ALIKE)
        if meant and meant[0] != word:
            return Message("sparql_word", *_place(query, at), word, meant[0])
    if (unclosed := _unclosed(query)) is not None:
        at, bracket = unclosed
        return Message("sparql_unclosed", *_place(query, at), bracket, _CLOSING[bracket])
    if (placed := _PLACED.search(problem)) is None:
        return Message("outcome_malformed", problem)
    return Message("sparql_syntax", problem, *placed.groups())


def _unclosed(query: str) -> tuple[int, str] | None:
    """The first mismatched or innermost open bracket with its place; None where all are closed."""
    opened: list[tuple[int, str]] = []
    for match in tokens(query):
        if match["open"]:
            opened.append((match.start(), match[0]))
        elif match["close"] and opened:
            at, bracket = opened.pop()
            if _CLOSING[bracket] != match[0]:
                return at, bracket
    return opened[-1] if opened else None


def _gaps_and_names(query: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What is between the tokens of a query, and its names' prefixes, each with its place."""
    gaps, names, end = [], [], 0
    for match in tokens(query):
        gaps.append((end, query[end : match.start()]))
        end = match.end()
        text = match[0]
        if match["skip"] and text[0] not in "#<'\"?$@_" and ":" in text:
            names.append((match.start(), text.partition(":")[0]))
    gaps.append((end, query[end:]))
    return gaps, names


def _undeclared(query: str, names: list[tuple[int, str]], known: Iterable[str]) -> Message | None:
    """What to say of the first prefix that the query does not declare, and that is not known."""
    declared = set(known)
    for at, name in names:
        if re.search(r"\bPREFIX\s+$", query[max(0, at - 40) : at], re.IGNORECASE):
            declared.add(name)
        elif name not in declared:
            usual = _known_prefixes().get(name, "")
            key = "sparql_prefix" if usual else "sparql_prefix_unknown"
            key = "sparql_iri" if query[at - 1 : at] == "<" else key
            return Message(key, *_place(query, at), name, usual)
    return None


def _stray(
    query: str, gaps: list[tuple[int, str]], is_odd: Callable[[str], bool]
) -> Message | None:
    """What to say of the first character between tokens that is not SPARQL's."""
    for start, text in gaps:
        for at, character in enumerate(text, start):
            if is_odd(character):
                return _odd(query, at, character)
    return None


def _odd(query: str, at: int, character: str) -> Message:
    """A character that stands nowhere in SPARQL but in strings, names and comments."""
    place, code = _place(query, at), f"U+{ord(character):04X}"
    instead = _ANSWERED.get(character) or unicodedata.normalize("NFKC", character)
    if not instead.isascii() or not instead.isprintable() or len(instead) != 1:
        return Message("sparql_character", *place, character, code)
    if instead == " ":
        return Message("sparql_blank", *place, code)
    return Message("sparql_wide_character", *place, character, code, instead)


def _place(query: str, at: int) -> tuple[int, int]:
    """The line and the column of a place, from 1."""
    return query.count("\n", 0, at) + 1, at - query.rfind("\n", 0, at)


@cache
def _known_prefixes() -> dict[str, str]:
    """Prefixes that are known here or everywhere."""
    everywhere = Graph(bind_namespaces="rdflib").namespaces()
    return {prefix: str(iri) for prefix, iri in everywhere} | dict(PREFIXES)
