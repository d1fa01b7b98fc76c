"""Every kind of page, as it is shown: in Chinese and English, at three widths, in light and dark.

Nothing is wider than the window or cut off, no names of a drawing overlap, the page speaks one
language, nothing fails on the console, axe-core finds no violation, and the HTML is valid.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support import ask, npm_file
from visitor import SHOTS, Visitor, visitor_on

from kg.web.context import texts

pytestmark = pytest.mark.xdist_group("browser")

PAGES = [
    "/",
    "/plan/hongqiao-2021",
    "/plan/hongqiao-2021/quote/9505-9556",
    "/plan/hongqiao-2021/committed/4.2",
    "/plan/hongqiao-2021/report",
    "/board/hongqiao-2021",
    "/progress/hongqiao-2021",
    "/gaps/hongqiao-2021",
    "/observe/hongqiao-2021",
    "/compare",
    "/corpus",
    "/corpus/words",
    "/corpus/words?q=养老",
    "/corpus/indicators?q=高新技术企业",
    "/corpus/institutions",
    "/corpus/zones",
    "/corpus/gaps",
    "/relations/hongqiao-2021",
    "/relations/hongqiao-2021?node=http://localhost:8000/id/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan",
    "/relations/hongqiao-2021?view=whole&colour=group&size=between",
    "/relations/hongqiao-2021/embed",
    "/connect/hongqiao-2021?from=红桥区口腔医院&to=民生福祉持续增强",
    "/page/hongqiao-2021/measure/4.1.3",
    "/page/hongqiao-2021/indicator/8",
    "/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan",
    "/page/hongqiao-2021/goal/1",
    "/page/hongqiao-2021/zone/xi-zhan-shu-niu-jing-ji-qu",
    "/page/hongqiao-2021/institution/hong-qiao-qu-kou-qiang-yi-yuan",
    "/page/hongqiao-2021/passage/9691-9755",
    "/page/hongqiao-2021",
    "/page/hongqiao-2021/section/4",
    "/page/hongqiao-2021/erratum/1",
    "/search?q=养老",
    "/search?q=无此事物",
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
WIDTHS = (1440, 1280, 390)
# What the dark colours may break; all else is the same page.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
VIOLATIONS = {"resultTypes": ["violations"]}

# What is wider than the window, or than what holds it and hides the rest.
CUT = """() => {
  const found = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1) found.push("wider than the window");
  for (const e of document.querySelectorAll("main *, header *, footer *")) {
    if (e.children.length || !e.textContent.trim() || e.closest("svg, .hidden, .skip")) continue;
    const style = getComputedStyle(e);
    if (style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && e.clientWidth
        && e.scrollWidth > e.clientWidth + 2) found.push(`cut: ${e.textContent.slice(0, 40)}`);
    if (e.matches("td, th") && e.clientWidth && e.scrollWidth > e.clientWidth + 2)
      found.push(`over its cell: ${e.textContent.trim().slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll(".key-figures, .key-figure > dd"))
    if (e.scrollWidth > e.clientWidth) found.push(`over its card: ${e.textContent.trim()}`);
  return found;
}"""
# Names of a drawing that lie on one another.
OVERLAPPING = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("main svg")) {
    const names = [...svg.querySelectorAll("text")].filter((e) => e.textContent.trim())
      .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width);
    names.forEach(([one, a], at) => names.slice(at + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) found.push(`${one} / ${other}`);
    }));
  }
  return found;
}"""
# Leaves the first of rows, paragraphs and shapes that are written alike: axe-core looks at each
# element several times, and finds in the hundredth row what it finds in the third.
SHORTENED = """(most) => {
  for (const e of document.querySelectorAll("main, main *")) {
    const seen = {};
    for (const child of [...e.children]) {
      const kind = [child.tagName, ...["class", "fill", "role"].map((n) => child.getAttribute(n))];
      if ((seen[kind] = (seen[kind] || 0) + 1) > most) child.remove();
    }
  }
}"""
# What the site itself says: not code, quotations, or what stands in another language by its mark.
SAID = """() => [...document.querySelectorAll("header nav a, main :is(h1, h2, h3, label, button, legend,"
  + " summary, figcaption, p, th, dt, a)")]
  .filter((e) => e.closest("[lang]").lang === document.documentElement.lang
    && !e.closest("code, pre, .CodeMirror, blockquote"))
  .map((e) => { const own = e.cloneNode(true);
    own.querySelectorAll("[lang], code, pre, a, select, table, svg, small").forEach((x) => x.remove());
    return own.textContent.replace(/\\s+/g, " ").trim(); }).filter(Boolean)"""
# Labels and headings of an English page that begin with a small letter; prefixed names may.
SMALL = """() => [...document.querySelectorAll("main :is(h1, h2, h3, dt, th, label, legend, summary)")]
  .map((e) => e.textContent.trim()).filter((words) => /^[a-z]+(?![\\w:])/.test(words))"""
# Words of a plan on an English page that are not marked as Chinese (WCAG 3.1.2).
UNMARKED = """() => { const found = [], texts = document.createTreeWalker(
    document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim(), e = texts.currentNode.parentElement;
    if (/[\\u4e00-\\u9fff]/.test(words) && !e.closest("[lang^=zh], code, pre, script, a:has(mark)"))
      found.push(words.slice(0, 40));
  }
  return found;
}"""
# What names things without being seen, in the page's language if nothing says it is another's.
NAMED = """() => [...document.querySelectorAll("*")]
  .filter((e) => e.closest("[lang]").lang === document.documentElement.lang)
  .flatMap((e) => ["aria-label", "title", "alt", "placeholder", "label"]
    .map((name) => e.getAttribute(name)).filter(Boolean))"""
HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[a-z]{2,}(?: [a-z]{2,}){2}")  # a sentence, where a name may have two words


def foreign(language: str, said: list[str]) -> set[str]:
    """What a page says in words that the site has for its other language."""
    other = {one["en" if language == "zh" else "zh"] for one in texts().values()}
    own = {one[language] for one in texts().values()}
    found = {words for words in said if words in other - own and not words.isupper()}
    return found | {words for words in said if language == "zh" and ENGLISH.search(words)}


@pytest.fixture(scope="module")
def opened(browser: Browser, server: str) -> Iterator[Visitor]:
    visitor = visitor_on(browser, server, WIDTHS[0], 900)
    yield visitor
    visitor.page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page(path: str, opened: Visitor) -> None:
    found: list[Any] = []
    # back to where they began: to lay a page out anew takes time
    for language, widths in (("en", WIDTHS), ("zh", WIDTHS[::-1])):
        opened.errors.clear()
        page = opened.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        # a script that still waits for an answer would miss what is removed below
        page.wait_for_selector("[aria-busy=true]", state="detached")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            for wrong in page.evaluate(CUT) + page.evaluate(OVERLAPPING):
                found.append((language, width, wrong))
        found += [(language, words) for words in foreign(language, page.evaluate(SAID))]
        named = (ENGLISH if language == "zh" else HAN).search
        found += [(language, words) for words in page.evaluate(NAMED) if named(words)]
        found += page.evaluate(UNMARKED) + page.evaluate(SMALL) if language == "en" else []
        crumbs = path == "/" or page.query_selector(".crumbs [aria-current], .embedded")
        if not crumbs:
            found.append((language, "does not say where it is"))
        found += [e for e in opened.errors if "404" not in e]
        if language == "zh":
            page.evaluate(SHORTENED, 3)
            found += violations(page)
            page.emulate_media(color_scheme="dark")
            page.evaluate(SHORTENED, 2)  # an odd and an even row may have colours of their own
            found += violations(page, runOnly=COLOURS)
            page.emulate_media(color_scheme="light")
    if found:
        opened.shoot("page-" + re.sub(r"\W+", "-", path)[:60])
    assert not found, f"{found}; see {SHOTS}"
    assert not opened.foreign


def test_every_page_is_valid_html(server: str, tmp_path: Path) -> None:
    checker = npm_file("vnu-jar", "build", "dist", "vnu.jar")  # the Nu Html Checker of W3C
    if shutil.which("java") is None:
        pytest.skip("java is not installed: sh tests/install-programs.sh")
    for number, path in enumerate(PAGES):
        for language in ("zh", "en"):
            liked = {"Accept": "text/html", "Accept_Language": language}
            page = ask(server + quote(path, safe="/?&=:"), **liked)[2]
            (tmp_path / f"{number}.{language}.html").write_bytes(page)
    java = ["java", "-Xss8m", "-XX:TieredStopAtLevel=1", "-jar"]
    command = [*java, checker, "--format", "gnu", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def test_a_figure_with_a_long_unit_stays_within_its_cell(opened: Visitor) -> None:
    page = opened.go("/board/hongqiao-2021?lang=zh")
    page.evaluate("""document.querySelectorAll(".annex td.n[data-head=年均要求]").forEach(
      (cell) => { cell.textContent = "−0.248平方米/万元"; })""")
    assert page.get_by_text("−0.248平方米/万元").count()
    assert page.evaluate(CUT) == []


def violations(page: Page, **rules: object) -> list[str]:
    """What axe-core finds wrong on a page, by all of its rules or by some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    run = "(options) => axe.run(options).then((found) => found.violations)"
    found = page.evaluate(run, VIOLATIONS | rules)
    return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in found]


def test_what_is_wrong_is_found(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 300})
    page.set_content("""<html lang="en"><main><p title="红桥" style="width: 900px">规划</p><p>SPARQL</p><p>Directory of plans</p>
      <p style="width: 2em; overflow: hidden; white-space: nowrap">这一句被切断了</p>
      <p lang="zh" title="西站"></p>
      <svg><text x="0" y="20">红桥</text><text x="5" y="22">西站</text><text y="90">远</text></svg>""")
    assert "规划" in page.evaluate(UNMARKED)
    assert page.evaluate(NAMED) == ["红桥"]
    assert page.evaluate(CUT) == ["wider than the window", "cut: 这一句被切断了"]
    assert page.evaluate(OVERLAPPING) == ["红桥 / 西站"]
    assert foreign("zh", page.evaluate(SAID)) == {"Directory of plans"}
    assert foreign("en", ["规划目录", "红桥区", "Zone"]) == {"规划目录"}
    assert any(wrong.startswith("document-title") for wrong in violations(page))
    page.close()
