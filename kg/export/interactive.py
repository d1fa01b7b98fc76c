"""A relation graph as one HTML file that opens without a server and without a network: pyvis's
page, with its scripts in it, our places, a title and a legend.

Names come from plans and may hold anything. They reach the page as JSON that pyvis writes by
Jinja's tojson (no < in it) and as escaped HTML. What pyvis 0.3.2 would run or load from elsewhere
is not used (`heading`, menus, titles of nodes, which become HTML where they contain "href") or is
taken out (two tags that load Bootstrap); and the page's own policy lets no script run but those
that were written into it, and no request leave it (Content Security Policy Level 3).
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from pyvis.network import Network

from kg.files import packaged
from kg.network.drawing import LINE, Drawing, Entry
from kg.network.poster import legend_mark
from kg.templates import templates

_LEFT_OUT = re.compile(  # what pyvis would load, and what our head says
    r"<script[^>]*\ssrc=[^>]*>\s*</script>|<link\b[^>]*\bhref=[^>]*>|<center>.*?</center>"
    r"|<meta charset[^>]*>",
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 100, "keyboard": {"bindToWindow": False}},
    "edges": {
        "smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.95},
        "color": {"color": LINE, "highlight": "#1c1b1a", "hover": "#1c1b1a"},
    },
}
_OWN = ("id", "label", "title")  # what pyvis takes by name


def interactive(
    drawn: Drawing,
    legend: Iterable[Entry],
    plan: tuple[str, str],
    language: str = "zh",
    imprint: str = "",
) -> str:
    """A drawing as an HTML page that needs nothing else, in a language ("zh", "en"); plan: its
    title, behind what of it is shown, and its IRI, which both lead to."""
    words = {key: said[language] for key, said in packaged("kg.network", "words").items()}
    canvas = Network(directed=True, cdn_resources="in_line", height="calc(100vh - 8rem)")
    for box in drawn.boxes:
        vis = box.as_vis()
        own = {name: value for name, value in vis.items() if name not in _OWN}
        canvas.add_node(vis["id"], label=vis["label"], words=vis["title"], **own)
    for line in drawn.lines:
        link = words["graph_html_link"].format(line.name, line.method)
        title = link if line.method else line.name
        looks = {"width": line.width, "dashes": line.dashes or False, "arrows": ""}
        stops = [line.start, *(f"{line.start} {line.end} {x} {y}" for x, y in line.way), line.end]
        for stop, (x, y) in zip(stops[1:], line.way, strict=False):
            canvas.add_node(stop, label=" ", x=x, y=y, shape="dot", size=0)
        for here, there in pairwise(stops):
            canvas.add_edge(here, there, title=title, color={"color": line.colour}, **looks)
    canvas.set_options(json.dumps(_OPTIONS))
    shown = {
        "language": language,
        "title": f"{words['graph_title']}{words['colon']}{plan[0]}",
        "size": (drawn.width, drawn.height),
        "address": plan[1],
        "imprint": imprint,
        "words": words,
        "legend": [(legend_mark(kind, colour), label) for kind, colour, label in legend],
    }
    return _page(canvas.generate_html(), shown)


def _page(made: str, shown: dict[str, Any]) -> str:
    """pyvis's page with a head of ours, without what it would load, and with a policy."""
    parts: Any = templates("kg.export").get_template("interactive.html").make_module(shown)
    made = _LEFT_OUT.sub("", made).replace("</body>", str(parts.end()))
    scripts = " ".join(f"'sha256-{_hash(content)}'" for content in _SCRIPT.findall(made))
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {scripts}"
    made = made.replace("<html>", "", 1).replace("<head>", str(parts.head(policy)).strip(), 1)
    return made.replace("<body>", str(parts.body()), 1)


def _hash(content: str) -> str:
    """A script's hash for a policy (CSP 3 §8.4), with line ends as HTML reads them."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
