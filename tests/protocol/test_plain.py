"""A plain query's form is read as the standard library reads it; whatever is doubtful is left to the framework."""

from __future__ import annotations

import random
import re
from urllib.parse import parse_qs, quote, quote_plus

import pytest

from kg.sparql.plain import PlainRequest, plain_query

CHARACTERS = "aZ09=&%+#?/ \t\n\"'<>{}_.~-红桥区é𝔸\x00"


def _read(query_string: str, accept: str = "") -> str | None:
    plain = plain_query(PlainRequest(query_string.encode(), accept, "http://a/sparql"))
    return plain[0].query if plain else None


def test_every_text_comes_through_as_it_was() -> None:
    chance = random.Random(4)
    for _ in range(2000):
        text = "".join(chance.choices(CHARACTERS, k=chance.randint(0, 80)))
        lower = re.sub("%..", lambda escape: escape[0].lower(), quote(text))
        for escaped in (quote(text, safe="=/?'"), quote_plus(text), lower):
            assert (
                _read(f"query={escaped}&format=json")
                == parse_qs(f"query={escaped}", keep_blank_values=True)["query"][0]
            )


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "format=json",
        "query=ASK&query=ASK",
        "query=ASK&format=pdf",
        "query=ASK&format=json&x=1",
        "query=ASK&default-graph-uri=http://a/",
        "query=%",
        "query=%%41",
        "query=%4",
        "query=%zz",
        "query=%FF%FE",
        "query=%EF%BF%BD",
        "qu%65ry=ASK",
    ],
)
def test_what_is_left_to_the_framework(query_string: str) -> None:
    assert _read(query_string) is None
