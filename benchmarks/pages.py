"""What pages weigh, and how soon the relation graph is there.

Weights are bytes over the wire of a first visit, beside fixed budgets. The relation graph's first
picture is a ratio to an empty page in the same browser; so is one of 5,000 things.

    python benchmarks/pages.py RELEASE    only how soon the longest text of a release is there
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from playwright.sync_api import Browser, Page, sync_playwright

from kg.network.relations import Metrics, relation_graph
from kg.rdf.quads import FORMATS, serialize
from kg.release.store import open_store, write_store
from plans import flagship

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from support import serving

PLAN = "hongqiao-2021"
BUDGETS = {  # kilobytes in all, and of script
    "/": (120, 5),
    f"/plan/{PLAN}": (500, 5),
    f"/board/{PLAN}": (150, 5),
    f"/relations/{PLAN}": (700, 450),
    f"/page/{PLAN}/goal/1": (120, 5),
    f"/page/{PLAN}/zone/xi-zhan-shu-niu-jing-ji-qu": (60, 5),
    "/search?q=养老": (80, 5),
    "/sparql": (700, 560),
}
LOADS = 9
_PAINTED = """() => new Promise((found) => new PerformanceObserver(
  (list) => found(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


def weigh(browser: Browser, server: str) -> None:
    print("page                                               kB    script    budget")
    for path, (whole, script) in BUDGETS.items():
        page = browser.new_context().new_page()
        sizes = {"all": 0, "script": 0}

        def count(response: object, sizes: dict[str, int] = sizes) -> None:
            size = len(response.body())  # type: ignore[attr-defined]
            sizes["all"] += size
            if response.request.resource_type == "script":  # type: ignore[attr-defined]
                sizes["script"] += size

        page.on("response", count)
        page.goto(server + path, wait_until="networkidle")
        kept = sizes["all"] <= whole * 1000 and sizes["script"] <= script * 1000
        print(
            f"{path:46} {sizes['all'] / 1000:6.0f} {sizes['script'] / 1000:9.0f}    "
            f"{whole}/{script} {'kept' if kept else 'BROKEN'}"
        )
        page.context.close()


def loads(page: Page, address: str, there: str) -> float:
    """Seconds from asking for a page to its picture, median of some loads."""
    took = []
    for _ in range(LOADS):
        begun = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(there)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def opens(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from asking for a page until the largest part of the first screen is painted
    (largest contentful paint), and until all is loaded; medians of some loads."""
    painted, loaded = [], []
    for _ in range(LOADS):
        page.goto(address, wait_until="load")
        painted.append(page.evaluate(_PAINTED))
        loaded.append(page.evaluate("performance.timing.loadEventEnd - performance.timeOrigin"))
    return statistics.median(painted), statistics.median(loaded)


def first_text(browser: Browser, release: Path, server: str) -> None:
    plans = sorted(
        (len(path.read_text(encoding="utf-8")), path.parent.name)
        for path in (release / "current").glob("plans/*/source.txt")
    )
    length, longest = plans[-1]
    page = browser.new_context().new_page()
    empty, text = (opens(page, server + path) for path in ("/releases", f"/plan/{longest}"))
    print(
        f"a text of {length:,} characters is painted in {text[0]:.0f} ms, "
        f"{text[0] / empty[0]:.2f} times an empty page, and loaded in {text[1]:.0f} ms, "
        f"{text[1] / empty[1]:.2f} times"
    )


def first_pictures(browser: Browser, server: str, large: str) -> None:
    page = browser.new_context().new_page()
    empty = loads(page, f"{server}/releases", "main")
    for name, address in (
        ("outline", f"{server}/relations/{PLAN}"),
        ("whole plan", f"{server}/relations/{PLAN}?view=whole"),
        ("outline, 5,000 things", f"{large}/relations/{PLAN}"),
        ("5,000 things", f"{large}/relations/{PLAN}?view=whole"),
    ):
        took = loads(page, address, "#network[data-ready=true] canvas")
        print(
            f"relation graph, {name:22} {took:5.2f} s, {took / empty:5.1f} times a page without "
            f"script ({empty:.2f} s)"
        )


def enlarge(release: Path, things: int) -> None:
    """Make a release's plan one of many things: copies of its measures, zones and institutions in
    its relation graph.
    """
    folder = (release / "current").resolve()
    store = open_store(folder / "store")
    quads, graph = list(store), f"http://localhost:8000/id/{PLAN}/graph/document"
    network = relation_graph(store, graph)
    kinds = ("/measure/", "/zone/", "/institution/")
    growing = sum(any(kind in node for kind in kinds) for node in network)
    times = -(-(things - len(network)) // growing)

    def copied(term: object, i: int) -> object:
        if isinstance(term, ox.NamedNode) and any(
            kind in term.value for kind in (*kinds, "/link/")
        ):
            return ox.NamedNode(f"{term.value}-{i}")
        return term

    about = [
        q
        for q in quads
        if any(kind in getattr(q.subject, "value", "") for kind in (*kinds, "/link/"))
    ]
    copies = [
        ox.Quad(*(copied(term, i) for term in q))  # type: ignore[arg-type]
        for i in range(1, times + 1)
        for q in about
    ]
    del store
    shutil.rmtree(folder / "store")
    write_store(folder / "store", serialize([*quads, *copies], FORMATS["nquads"]))
    network = relation_graph(open_store(folder / "store"), graph)
    begun = time.perf_counter()
    assert Metrics(network).communities
    print(
        f"laid out {network.number_of_nodes()} things and {network.number_of_edges()} links in "
        f"{time.perf_counter() - begun:.1f} s"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        found = shutil.which("chromium") or shutil.which("chromium-headless-shell")
        assert found, "Debian's chromium measures: sh tests/install-programs.sh"
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        if len(sys.argv) > 1:
            with serving(Path(sys.argv[1])) as server:
                first_text(browser, Path(sys.argv[1]), server)
            return
        flagship(scratch / "release")
        flagship(scratch / "large")
        enlarge(scratch / "large", 5000)
        with serving(scratch / "release") as server, serving(scratch / "large") as large:
            weigh(browser, server)
            first_pictures(browser, server, large)
        browser.close()


if __name__ == "__main__":
    main()
