"""The shapes of the JSON that programs get, as types: OpenAPI's schemas are made of them."""

from typing import Any, Literal, NotRequired, TypedDict

from kg.release.search import Hit


class Term(TypedDict):
    """A term of a result (SPARQL 1.1 Query Results JSON Format §3.2.2)."""

    type: Literal["uri", "literal", "bnode", "triple"]
    value: Any
    datatype: NotRequired[str]


class ResultsHead(TypedDict):
    """What a result has columns for; none for a yes or no."""

    vars: NotRequired[list[str]]
    link: NotRequired[list[str]]


class Bindings(TypedDict):
    """The rows of a result: of each the terms that it has, by column."""

    bindings: list[dict[str, Term]]


class Results(TypedDict):
    """A result of SELECT or ASK (SPARQL 1.1 Query Results JSON Format)."""

    head: ResultsHead
    results: NotRequired[Bindings]
    boolean: NotRequired[bool]


class Suggestion(TypedDict):
    """An entity whose name goes on as typed."""

    iri: str
    label: str
    type: str


class Completion(TypedDict):
    """A term or entity that the editor completes, with the text to insert."""

    insert: str
    label: str
    type: str


class Terms(TypedDict):
    """What a query may be written with."""

    prefixes: list[list[str]]
    classes: list[str]
    properties: list[str]


class QueryCheck(TypedDict):
    """Whether a saved query finds the same as when it was saved."""

    number: int
    release: int
    digest: str
    found: str
    agrees: bool


class Picture(TypedDict):
    """The relation graph as it is drawn."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class Search(TypedDict):
    """A page of what a search found, and how many there are in all, by type and by plan."""

    query: str
    total: int
    page: int
    pages: int
    types: dict[str, int]
    plans: dict[str, int]
    hits: list[Hit]


SCHEMAS: dict[str, Any] = {
    "Results": Results,
    "Search": Search,
    "Suggestions": list[Suggestion],
    "Completions": list[Completion],
    "Terms": Terms,
    "QueryCheck": QueryCheck,
    "Picture": Picture,
    "Object": dict[str, Any],
    "List": list[dict[str, Any]],
}
