"""What is kept of a published file: the places of its text, and what could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import PlanlinkError
from kg.source.findings import Finding
from kg.source.published import Origin, Place, Published, keep_origin, load_origin
from kg.source.text import Span

PLACES = (Place(0, "page=1"), Place(120, "page=2"), Place(300, "page=4"))
FINDINGS = (
    Finding("unread-page", None, {"page": "3"}),
    Finding("unread-page", Span(300, 305), {"page": "4"}),
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    keep_origin(tmp_path, Published("文" * 400, PLACES, {}, FINDINGS))
    assert load_origin(tmp_path) == Origin(PLACES, FINDINGS)


@pytest.mark.parametrize(
    ("offset", "locator"),
    [(0, "page=1"), (119, "page=1"), (120, "page=2"), (299, "page=2"), (399, "page=4")],
)
def test_a_place_holds_to_the_next(offset: int, locator: str) -> None:
    assert Origin(PLACES, ()).locator(offset) == locator


def test_a_text_that_is_the_file_has_no_places(tmp_path: Path) -> None:
    keep_origin(tmp_path, Published("文"))
    assert list(tmp_path.iterdir()) == []
    assert load_origin(tmp_path).locator(0) is None


@pytest.mark.parametrize(
    "text", ["", "[]", '{"places": []}', '{"places": [["a", 1]], "findings": []}']
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "published.json").write_text(text, encoding="utf-8")
    with pytest.raises(PlanlinkError, match=r"published\.json"):
        load_origin(tmp_path)
