"""What keeps pages in shape on phones, for fingers and on paper: things that were seen once."""

import pytest
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument
from support import HANGING
from visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

PLAN = "hongqiao-2021"
# What is in the wrong shape: the words of each element of a page for which a condition holds.
FOUND = """([chosen, holds]) => [...document.querySelectorAll(chosen)]
  .filter((e) => Function("e", "style", `return ${holds}`)(e, getComputedStyle(e)))
  .map((e) => e.textContent.trim().slice(0, 40))"""
SHOWN = "e.getClientRects().length"


@pytest.mark.parametrize(
    ("path", "width", "media", "chosen", "wrong"),
    [
        # a citation runs on within its box
        ("/corpus/words?q=养老", 390, "screen", "pre.code", "e.scrollWidth > e.clientWidth"),
        # a list that goes on below its frame has a shadow there
        (f"/gaps/{PLAN}", 1280, "screen", ".tall:has(:nth-child(41))",
         "style.backgroundImage === 'none'"),
        # a choice that is Chinese on an English page stands beside its count
        ("/search?q=养老&lang=en", 1280, "screen", "#choices a [lang]", "style.display !== 'inline'"),
        # one button is the main one
        ("/nowhere", 1280, "screen", "main :is(.button, button):not(.aside)",
         "e !== document.querySelector('main :is(.button, button):not(.aside)')"),
        # the menu of a plan takes one line
        (f"/overview/{PLAN}?lang=en", 1280, "screen", "header nav a",
         "e.offsetTop !== e.parentElement.querySelector('a').offsetTop"),
        # on a phone it is swept to where one is
        (f"/relations/{PLAN}?lang=en", 390, "screen", "header nav [aria-current]",
         "e.getBoundingClientRect().right > innerWidth"),
        # a field has its button beside it, and a link to a file stays on one line
        ("/search?q=养老", 390, "screen", "main [type=search] + button",
         "e.offsetTop > e.previousElementSibling.offsetTop + 9"),
        ("/releases", 390, "screen", "main .on-screen", "e.getClientRects().length > 1"),
        # names are as high as their lines, for fingers
        (f"/plan/{PLAN}/committed/4.2", 390, "screen", ".lists a", "e.offsetHeight < 24"),
        # paper has no forms, and no links to pictures
        ("/corpus/words?q=养老", 1280, "print", "main form", SHOWN),
        (f"/page/{PLAN}/indicator/8", 1280, "print", ".drawn figcaption a", SHOWN),
        # nothing opens on paper
        (f"/board/{PLAN}", 1280, "print", ".annex summary", "style.listStyleType !== 'none'"),
        (f"/relations/{PLAN}", 1280, "print", "#intro > a", SHOWN),
    ],
)  # fmt: skip
def test_things_keep_their_shape(
    path: str, width: int, media: str, chosen: str, wrong: str, visitor: Visitor
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    visitor.go(path)
    page.emulate_media(media=media)  # type: ignore[arg-type]
    looked_at, found = page.locator(chosen).count(), page.evaluate(FOUND, [chosen, wrong])
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert looked_at and found == []


ACROSS = 1017  # pixels between the margins of A4 landscape
# Cells over their edge or the paper's, and heads of columns that are broken into many lines.
NARROW = """() => [...document.querySelectorAll("main table :is(td, th)")].filter((cell) =>
  cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > innerWidth
    || cell.scope === "col" && cell.clientHeight > 50)
  .map((cell) => cell.innerText.trim().slice(0, 40))"""


@pytest.mark.parametrize("path", [f"/board/{PLAN}", f"/progress/{PLAN}"])
def test_tables_are_printed_across_with_room_for_each_column(path: str, visitor: Visitor) -> None:
    page = visitor.go(path)
    sheets = PdfDocument(page.pdf(prefer_css_page_size=True))
    assert all(sheet.get_width() > sheet.get_height() for sheet in sheets)
    words = ["".join(sheet.get_textpage().get_text_bounded().split()) for sheet in sheets]
    assert [said[:3] for said in words] == [f"{n}/{len(words)}" for n in range(1, len(words) + 1)]
    assert "第1次发布" in words[-1] and f"/id/{PLAN}" in words[-1]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": ACROSS, "height": 700})
    narrow = page.evaluate(NARROW)
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert narrow == []


def test_a_finger_hits_every_control(browser: Browser, server: str) -> None:
    page = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    ).new_page()
    page.set_default_timeout(HANGING * 1000)
    controls = "main :is(button, .button, summary, select, .facets a), header :is(nav a, .language)"
    for path in ("/search?q=养老", f"/relations/{PLAN}", f"/page/{PLAN}/goal/1"):
        page.goto(server + path)
        small = "e.getClientRects().length && e.getBoundingClientRect().height < 43.5"
        assert page.evaluate(FOUND, [controls, small]) == [], path
    page.context.close()
