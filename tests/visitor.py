"""A visitor in a real browser, with what went wrong on the pages and where they asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from support import HANGING

SHOTS = Path(__file__).parent.parent / "test-results"


@dataclass
class Visitor:
    """A page in the browser, with what went wrong on it and where it asked."""

    page: Page
    server: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.server + path)
        return self.page

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=str(SHOTS / f"{name}.png"))

    def fine(self) -> None:
        """Nothing failed on the console, and no request left the host."""
        assert not self.errors
        assert not self.foreign


def visitor_on(
    browser: Browser, server: str, width: int = 1280, height: int = 900, **settings: str
) -> Visitor:
    given: dict[str, Any] = {"locale": "zh-CN", **settings}
    page = browser.new_context(viewport={"width": width, "height": height}, **given).new_page()
    page.set_default_timeout(HANGING * 1000)
    visitor = Visitor(page, server)
    page.on("console", lambda m: visitor.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: visitor.errors.append(str(e)))
    page.on(
        "request",
        lambda r: (
            visitor.foreign.append(r.url)
            if not r.url.startswith((server, "data:", "blob:"))
            else None
        ),
    )
    return visitor
