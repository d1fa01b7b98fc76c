"""Text is sent compressed to who asks for it; the files that pages load are kept for a year."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest
import zstandard
from support import ask

from kg.web.compression import coding_liked

UNPACKED = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}
QUERY = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20200"
TEXTS = (
    "/",
    QUERY,
    "/sources/hongqiao-2021.txt",
    "/catalogue.ttl",
    "/manifest.json",
    "/static/style.css",
)


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("coding", UNPACKED)
def test_text_is_compressed_for_who_likes_it(server: str, path: str, coding: str) -> None:
    _, before, whole = ask(f"{server}{path}")
    assert before["Content-Encoding"] is None
    status, headers, body = ask(f"{server}{path}", Accept_Encoding=coding)
    assert (status, headers["Content-Encoding"]) == (200, coding)
    assert int(headers["Content-Length"]) == len(body) < len(whole)
    assert UNPACKED[coding](body) == whole
    for answer in (before, headers):
        assert "Accept-Encoding" in ", ".join(answer.get_all("Vary"))
    if headers["ETag"]:
        assert headers["ETag"].startswith("W/")
        again = ask(f"{server}{path}", Accept_Encoding=coding, If_None_Match=headers["ETag"])
        assert (again[0], again[2]) == (304, b"")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/dumps/planlink.nq.gz", {}),
        ("/sources/hongqiao-2021.txt", {"Range": "bytes=0-2000"}),
        ("/review/hongqiao-2021", {}),
        ("/healthz", {}),
        ("/", {"Accept-Encoding": "gzip;q=0, identity"}),
        ("/", {"Accept-Encoding": "deflate"}),
    ],
)
def test_what_is_no_text_or_a_part_or_holds_secrets_is_not(
    server: str, path: str, headers: dict[str, str]
) -> None:
    assert (
        ask(f"{server}{path}", **{"Accept-Encoding": "gzip", **headers})[1]["Content-Encoding"]
        is None
    )


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*;q=0.1", "gzip"),
        ("*, gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("gzip;q=x", None),
        ("x" * 9000, None),
    ],
)
def test_the_coding_liked_best(accepted: str, coding: str | None) -> None:
    assert coding_liked(accepted) == coding


@pytest.mark.parametrize("coding", [None, *UNPACKED])
def test_files_of_pages_are_kept_for_a_year_under_names_of_their_own(
    server: str, coding: str | None
) -> None:
    page = ask(f"{server}/sparql", Accept="text/html")[2].decode()
    names = re.findall(r'(?:src|href|data-\w+)="(/static/[^"]+)"', page)
    assert len(names) > 5
    for name in names:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", name)
    for name in (names[0], next(n for n in names if n.endswith(".js"))):
        wanted = {"Accept-Encoding": coding} if coding else {}
        status, headers, body = ask(f"{server}{name}", **wanted)
        assert (status, headers["Content-Encoding"]) == (200, coding)
        assert "max-age=31536000" in headers["Cache-Control"]
        plain = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)
        assert (UNPACKED[coding](body) if coding else body) == ask(f"{server}{plain}")[2]
        wrong = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", ".0123456789ab", name)
        assert ask(f"{server}{wrong}")[0] == 404
    assert "max-age" not in (ask(f"{server}/static/style.css")[1]["Cache-Control"] or "")
