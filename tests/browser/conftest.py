"""A real browser: Debian's chromium without its windows, which takes half the processor's time, or
with them; without a word to the outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from support import HANGING
from visitor import Visitor, visitor_on


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "browser tests need Debian's chromium: sh tests/install-programs.sh"
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        expect.set_options(timeout=HANGING * 1000)
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()


@pytest.fixture(scope="session")
def page_of_all(browser: Browser, server: str) -> Iterator[Visitor]:
    """One page for the visitors of a run: a new one takes half a second of the processor."""
    made = visitor_on(browser, server)
    yield made
    made.page.context.close()


@pytest.fixture
def visitor(page_of_all: Visitor) -> Iterator[Visitor]:
    """A visitor who has not been here before."""
    page_of_all.page.context.clear_cookies()
    page_of_all.errors.clear()
    page_of_all.foreign.clear()
    yield page_of_all
    page_of_all.page.unroute_all()
    page_of_all.page.goto("about:blank")  # what is under way there ends with this visitor
