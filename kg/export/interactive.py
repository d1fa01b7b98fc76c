"""A relation graph as one HTML file that opens without a server and without a network: pyvis's
page, with its scripts in it, our places, a title and a legend.

Names come from plans and may hold anything. They reach the page as JSON that pyvis writes by
Jinja's tojson (no < in it) and as escaped HTML. What pyvis 0.3.2 would run or load from elsewhere
is not used (`heading`, menus, titles of nodes, which become HTML where they contain "href") or is
taken out (two tags that load Bootstrap); and the page's own policy lets no script run but those
that were written into it, and no request leave it (Content Security Policy Level 3).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from pyvis.network import Network

from kg.network.drawing import STYLES, drawing
from kg.network.picture import Ahead, Picture, View

_ELSEWHERE = re.compile(
    r"<script[^>]*\ssrc=[^>]*>\s*</script>|<link\b[^>]*\bhref=[^>]*>|<center>.*?</center>",
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 100, "keyboard": {"bindToWindow": False}},
    "nodes": {"scaling": {"label": {"drawThreshold": 8}}},  # pixels; smaller names are left out
    "edges": {"smooth": {"enabled": False}, "color": {"color": "#bbbbbb", "highlight": "#333333"}},
}
_LETTERS = {"Goal": 100, "Section": 48}  # canvas units: names read from far away, then from nearer
_OTHER_LETTERS = 26
_STYLE = """
body { margin: 0; font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
header { padding: .5rem 1rem; } h1 { font-size: 1.2rem; margin: 0; } header p { margin: .2rem 0; }
header ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
header ul { list-style: none; margin: 0; padding: 0; }
#mynetwork { float: none !important; border-width: 1px 0 0 !important; }
div.vis-tooltip { font: inherit; max-width: 40rem; white-space: normal; }
"""
# Titles are given to vis-network after pyvis has not looked at them; it shows them as text.
_TITLES = "nodes.update(nodes.get().map((node) => ({ id: node.id, title: node.words })));"


def interactive(
    shown: Picture,
    ahead: Ahead,
    view: View,
    labels: Mapping[str, str],
    plan: tuple[str, str],
    language: str = "zh",
    imprint: str = "",
) -> str:
    """A picture as an HTML page that needs nothing else.

    Args:
        shown: the picture.
        ahead: what is known of how things stand.
        view: what colours and sizes tell.
        labels: names of types, properties and methods by local name or IRI.
        plan: the plan's title and its IRI, which the title leads to.
        language: of the page's own words, "zh" or "en".
        imprint: what it is of, below the title.
    """
    words = _words()[language]
    drawn = drawing(shown, ahead, view, labels)
    canvas = Network(directed=True, cdn_resources="in_line", height="calc(100vh - 8rem)")
    for node in drawn.nodes:
        own = {k: v for k, v in node.items() if k not in ("id", "title", "label")}
        size = _LETTERS.get(node["kind"], _OTHER_LETTERS) if node["outline"] else _OTHER_LETTERS
        font = {"size": size, "strokeWidth": size / 8, "strokeColor": "#ffffff"}
        canvas.add_node(node["id"], label=node["label"], words=node["title"], font=font, **own)
    for edge in drawn.edges:
        name = edge["label"]
        title = words["link"].format(link=name, method=edge["title"]) if edge["title"] else name
        canvas.add_edge(edge["from"], edge["to"], title=title)
    canvas.set_options(json.dumps(_OPTIONS))
    kinds = {kind for _, kind in shown.network.nodes(data="type")}
    legend = "".join(
        f'<li><span style="color: {colour}" aria-hidden="true">{_words()["signs"][shape]}</span>'
        f" {escape(labels.get(kind, kind))}</li>"
        for kind, (colour, shape, _) in STYLES.items()
        if kind in kinds
    )
    title = escape(f"{words['title']}: {plan[0]}")
    head = (
        f'<header><h1><a href="{escape(plan[1])}">{title}</a></h1>'
        f"<p>{escape(imprint)}</p><p>{escape(words['help'])}</p>"
        f'<ul aria-label="{escape(words["legend"])}">{legend}</ul></header>'
    )
    return _page(canvas.generate_html(), language, title, head)


def _page(made: str, language: str, title: str, head: str) -> str:
    """pyvis's page with a head of ours, without what it would load, and with a policy."""
    made = _ELSEWHERE.sub("", made).replace("</body>", f"<script>{_TITLES}</script></body>")
    scripts = " ".join(f"'sha256-{_hash(content)}'" for content in _SCRIPT.findall(made))
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {scripts}"
    begin = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>'
    )
    made = made.replace("<html>", "", 1).replace("<head>", begin, 1)
    return made.replace("<body>", f"<body><style>{_STYLE}</style>{head}", 1)


def _hash(content: str) -> str:
    """What a policy names a script by (CSP 3 §8.4); carriage returns count as line feeds in
    HTML."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _words() -> dict[str, Any]:
    path = files(__package__) / "interactive.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
