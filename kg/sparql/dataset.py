"""The dataset that a query or update is on, named in its text."""

from collections.abc import Sequence

import pyoxigraph as ox

from kg.lexicon.messages import Message
from kg.sparql.guard import keywords, tokens
from kg.sparql.request import Request

_AFTER_FROM = {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}


def has_dataset_clause(query: str) -> bool:
    """Whether a query names its dataset itself, by FROM."""
    return "from" in query.lower() and any(
        word == "FROM" and depth == 0 for word, _, depth in keywords(query)
    )


def with_from(query: str, graphs: Sequence[str]) -> str:
    """A query on graphs, all together and each by its name where it asks for graphs by name (SPARQL
    1.1 Query §13.2); ValueError for a graph of no IRI."""
    may_name = "graph" in query.lower() or "\\" in query  # an escape may hide a word
    place = _place_of_from(query)
    clauses = _clauses("FROM", graphs, graphs if may_name else ())
    return f"{query[:place]}\n{clauses}\n{query[place:]}"


def _place_of_from(query: str) -> int:
    """Where a query's dataset clauses stand: before WHERE or its group, or before the solution
    modifiers of DESCRIBE (SPARQL 1.1 Query §19.8, rules 7 to 18)."""
    form, depth = "", 0
    for match in tokens(query):
        if match["open"]:
            if match["open"] == "{" and depth == 0:
                if form != "CONSTRUCT":
                    return match.start()
                form = ""  # its template
            depth += 1
        elif match["close"]:
            depth -= 1
        elif match["word"] and depth == 0:
            word = match["word"].upper()
            if word in _AFTER_FROM:
                return match.start()
            form = word
    return len(query)


def with_using(request: Request) -> str:
    """An update with the request's dataset as its USING clauses (SPARQL 1.1 Protocol §2.2.3).

    Raises:
        ValueError: the update names a dataset of its own, or a graph is no IRI.
    """
    if not request.names_dataset:
        return request.query
    words = list(keywords(request.query))
    if any(word in ("USING", "WITH") for word, _, _ in words):
        raise ValueError(Message("using_twice"))
    clauses = _clauses("USING", request.default_graphs, request.named_graphs)
    text, end = "", len(request.query)
    for i, (word, at, depth) in reversed(list(enumerate(words))):
        if word == "WHERE" and depth == 0 and not (i and words[i - 1][0] == "DELETE"):
            text, end = clauses + request.query[at:end] + text, at
    return request.query[:end] + text


def _clauses(word: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The clauses that name a dataset, each followed by a blank."""
    all_together = "".join(f"{word} {ox.NamedNode(graph)} " for graph in default)
    return all_together + "".join(f"{word} NAMED {ox.NamedNode(graph)} " for graph in named)
