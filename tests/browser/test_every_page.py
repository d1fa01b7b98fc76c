"""axe-core on every kind of page: no violation, in light and in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support import HANGING

pytestmark = pytest.mark.xdist_group("browser")

PAGES = [
    "/",
    "/plan/hongqiao-2021",
    "/plan/hongqiao-2021/quote/9505-9556",
    "/plan/hongqiao-2021/report",
    "/board/hongqiao-2021",
    "/progress/hongqiao-2021",
    "/gaps/hongqiao-2021",
    "/observe/hongqiao-2021",
    "/compare",
    "/relations/hongqiao-2021",
    "/relations/hongqiao-2021?node=http://localhost:8000/id/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan",
    "/relations/hongqiao-2021?view=whole&colour=group&size=between",
    "/connect/hongqiao-2021?from=红桥区口腔医院&to=民生福祉持续增强",
    "/page/hongqiao-2021/measure/4.1.3",
    "/page/hongqiao-2021/indicator/14",
    "/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan",
    "/page/hongqiao-2021/goal/1",
    "/page/hongqiao-2021/zone/xi-zhan-shu-niu-jing-ji-qu",
    "/page/hongqiao-2021/section/4",
    "/search?q=养老",
    "/sparql",
    "/queries/1",
    "/conformance",
    "/downloads",
    "/dataset/hongqiao-2021",
    "/releases",
    "/releases/1",
    "/ns",
    "/shapes",
    "/nowhere",
]


# What the dark colours may break; all else is the same page.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
VIOLATIONS = {"resultTypes": ["violations"]}


@pytest.mark.parametrize("path", PAGES)
def test_no_violation(path: str, browser: Browser, server: str) -> None:
    context = browser.new_context(color_scheme="light", bypass_csp=False, locale="zh-CN")
    try:
        context.set_default_timeout(HANGING * 1000)
        page = context.new_page()
        page.goto(server + path)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, runOnly=COLOURS) == []
    finally:
        context.close()


def violations(page: Page, **rules: object) -> list[str]:
    """What axe-core finds wrong on a page, by all of its rules or by some."""
    found = Axe().run(page, options=VIOLATIONS | rules).response["violations"]
    return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in found]
