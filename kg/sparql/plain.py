"""Plain queries: a GET of the endpoint that has a query, perhaps a format, and no other parameter.

They are answered without the framework, which costs more than such a query does, by the web
processes and by the query processes that clients' connections are lent to. An answer is remembered
by everything that it may depend on: the release, the endpoint's address (relative IRIs), the query
string and Accept.
"""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_qp
from typing import NamedTuple

from kg.sparql.formats import MEDIA_TYPES, formats
from kg.sparql.remembered import Remembered
from kg.sparql.request import Request

PATH = b"/sparql"
LARGEST = 256 * 1024  # bytes of an answer: beyond it, sending outweighs the framework
_CAPACITY = 16 * 1024**2  # bytes of answers that one process remembers
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
REPLACEMENT = (
    "\ufffd"  # what stands for bytes that are not UTF-8, be it that a client has put it there
)


class PlainRequest(NamedTuple):
    """A plain query as it came.

    query_string: the query string of its address.
    accept: its Accept header.
    base: the address of the endpoint as the client has it: what relative IRIs are resolved against.
    """

    query_string: bytes
    accept: str
    base: str


class Whole(NamedTuple):
    """An answer with status 200.

    head: the lines of its head that are the same each time.
    body: its body.
    quick: whether its evaluation took little (Limits.quick).
    """

    head: bytes
    body: bytes
    quick: bool


def plain_query(asked: PlainRequest) -> tuple[Request, dict[str, str | None]] | None:
    """What is asked by a plain query; None where there is another parameter, or something wrong.

    Returns:
        The query, and the formats that its client takes for results and for a graph, None where it
        takes none.
    """
    given: dict[bytes, str] = {}
    for pair in asked.query_string.split(b"&", 2):
        name, _, escaped = pair.partition(b"=")
        if (
            name in given
            or name not in (b"query", b"format")
            or (value := _unescaped(escaped)) is None
        ):
            return None
        given[name] = value
    named = given.get(b"format")
    if b"query" not in given or (named is not None and named not in MEDIA_TYPES):
        return None
    results, graph = formats(named, asked.accept)
    wanted = Request(
        given[b"query"],
        results_format=results or "json",
        graph_format=graph or "ttl",
        base=asked.base,
    )
    return wanted, {"results": results, "graph": graph}


def _unescaped(escaped: bytes) -> str | None:
    """The value of a form's field (application/x-www-form-urlencoded); None where it has a percent
    sign too many or is not UTF-8.

    Quoted-printable differs in its sign alone, and the standard library reads it ten times as fast
    as it reads percent signs.
    """
    if _NO_ESCAPE.search(escaped):
        return None
    try:
        text = a2b_qp(
            escaped.replace(b"=", b"%3D").replace(b"%", b"=").replace(b"+", b" ")
        ).decode()
    except UnicodeDecodeError:
        return None
    return None if REPLACEMENT in text else text


def entity_tag(wanted: Request, tag: str | None) -> str | None:
    """The entity tag of a query's answer, by its dataset's state; None where the answer may be
    another each time."""
    if tag is None or wanted.operation != "query" or wanted.changing:
        return None
    asked = (
        tag,
        wanted.results_format,
        wanted.graph_format,
        wanted.base or "",
        *wanted.default_graphs,
        "",
        *wanted.named_graphs,
        "",
    )
    return hashlib.sha256("\n".join((*asked, wanted.query)).encode()).hexdigest()[:32]


class PlainAnswers:
    """The answers that one process gives, and remembers.

    The headers of a media type are those that the framework gave with it once: until then, it
        answers.
    """

    def __init__(self) -> None:
        self._answers: Remembered[tuple[str, PlainRequest], Whole] = Remembered(
            _CAPACITY, lambda key, whole: len(key[1].query_string) + len(whole.body)
        )
        self.heads: dict[str, bytes] = {}

    def known(self, asked: PlainRequest, tag: str) -> Whole | None:
        """What was answered to this on the same state of the dataset, if it is remembered.

        Args:
            asked: the query as it came.
            tag: the state of the dataset.
        """
        return self._answers.get((tag, asked))

    def head(self, form: str | None, wanted: Request, tag: str) -> bytes | None:
        """The lines of an answer's head that do not depend on its body, None where that is the
        framework's affair.

        Args:
            form: the format of the answer, None where the client does not take it.
            wanted: what is asked.
            tag: the state of the dataset.
        """
        lines, entity = self.heads.get(MEDIA_TYPES[form]) if form else None, entity_tag(wanted, tag)
        return (
            None
            if lines is None or entity is None
            else b'%betag: "%b"\r\n' % (lines, entity.encode())
        )

    def whole(
        self,
        asked: PlainRequest,
        tag: str,
        wanted: Request,
        form: str | None,
        body: bytes | None,
        quick: bool,
    ) -> Whole | None:
        """What is sent for an answer, None where that is the framework's affair.

        Args:
            asked, tag: as for known.
            wanted: what is asked by it.
            form: the format of the answer, None where the client does not take it.
            body: the answer, None where it comes in parts.
            quick: whether its evaluation took little.
        """
        if body is None or len(body) > LARGEST or (head := self.head(form, wanted, tag)) is None:
            return None
        whole = Whole(b"%bcontent-length: %d\r\n" % (head, len(body)), body, quick)
        self._answers.put((tag, asked), whole)
        return whole
