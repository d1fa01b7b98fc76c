"""What pySHACL itself finds, for tests that hold our validation against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from unittest import mock

from rdflib import RDF, SH, Graph, Literal
from rdflib.term import Node

from kg.graph.vocabulary import vocabulary

Finding = tuple[str, str, str, str, Literal]


@contextmanager
def queries_parsed_once() -> Iterator[None]:
    """rdflib parses a query once: pySHACL asks the same one for each node, and most of its time
    goes into that."""
    from rdflib.plugins.sparql import processor

    parse, prepare = processor.parseQuery, processor.translateQuery

    @cache
    def prepared(text: str, base: str | None, names: tuple[tuple[str, str], ...]) -> object:
        return prepare(parse(text), base, dict(names))

    with (
        mock.patch.object(processor, "parseQuery", lambda text: text),
        mock.patch.object(
            processor,
            "translateQuery",
            lambda text, base=None, names=None: prepared(text, base, (*(names or {}).items(),)),
        ),
    ):
        yield


def pyshacl_findings(
    graph: Graph,
    given: Graph,
    advanced: bool = True,
    words: Graph | None = None,
    of: Iterable[Node] = (),
) -> Iterator[Finding]:
    """Severity, focus, path, value and message of each finding on a graph and the vocabulary, once
    for each of its messages.

    Args:
        graph: what is validated.
        given: the shapes.
        advanced: whether their queries are asked as well.
        words: what stands in for the vocabulary.
        of: the node shapes that count, all where none is named.
    """
    import pyshacl

    with queries_parsed_once():
        report = pyshacl.validate(
            (vocabulary() if words is None else words) + graph,
            shacl_graph=given,
            advanced=advanced,
            use_shapes=[str(shape) for shape in of] or None,
        )[1]
    for node in report.subjects(RDF.type, SH.ValidationResult):
        severity, focus, path, value = (
            report.value(node, p)
            for p in (SH.resultSeverity, SH.focusNode, SH.resultPath, SH.value)
        )
        for message in report.objects(node, SH.resultMessage):
            assert isinstance(message, Literal)
            yield (
                str(severity).rsplit("#", 1)[-1],
                str(focus),
                str(path or ""),
                str(value or ""),
                message,
            )
