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
from collections.abc import Iterable, Mapping
from html import escape

from pyvis.network import Network

from kg.files import packaged
from kg.network.drawing import LINE, Drawing, Entry, Words
from kg.network.poster import legend_mark

_ELSEWHERE = re.compile(
    r"<script[^>]*\ssrc=[^>]*>\s*</script>|<link\b[^>]*\bhref=[^>]*>|<center>.*?</center>",
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 100, "keyboard": {"bindToWindow": False}},
    "edges": {
        "smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5},
        "color": {"color": LINE, "highlight": "#1c1b1a", "hover": "#1c1b1a"},
    },
}
_STYLE = """
body { margin: 0; font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
header { padding: .5rem 1rem; } h1 { font-size: 1.2rem; margin: 0; } header p { margin: .2rem 0; }
header ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
header ul { list-style: none; margin: 0; padding: 0; }
header svg { vertical-align: -.15em; }
#mynetwork { float: none !important; border-width: 1px 0 0 !important; }
div.vis-tooltip { font: inherit; max-width: 40rem; white-space: normal; }
"""
# Titles are given to vis-network after pyvis has not looked at them; it shows them as text. Lines
# of names are parted by what nobody sees, but is higher than they are.
_TITLES = r"""nodes.update(nodes.get().map(({ id, words, label, font }) => ({
  id,
  title: words,
  label: label.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(/$/gm, "<code>\u200b</code>"),
  font: { ...font, multi: "html", mono: { size: 17, vadjust: 0 } },
  margin: 4,
})));"""
_OWN = ("id", "label", "title")  # what pyvis takes by name


def interactive(
    drawn: Drawing,
    legend: Iterable[Entry],
    plan: tuple[str, str],
    language: str = "zh",
    imprint: str = "",
) -> str:
    """A drawing as an HTML page that needs nothing else.

    Args:
        plan: the plan's title and its IRI, which the title leads to.
        language: of the page's own words, "zh" or "en".
    """
    words = packaged("kg.export", "interactive")[language]
    canvas = Network(directed=True, cdn_resources="in_line", height="calc(100vh - 8rem)")
    for box in drawn.boxes:
        vis = box.as_vis()
        own = {name: value for name, value in vis.items() if name not in _OWN}
        canvas.add_node(vis["id"], label=vis["label"], words=vis["title"], **own)
    for line in drawn.lines:
        title = (
            words["link"].format(link=line.name, method=line.method) if line.method else line.name
        )
        canvas.add_edge(
            line.start, line.end, title=title, width=line.width, dashes=line.dashed, arrows=""
        )
    canvas.set_options(json.dumps(_OPTIONS))
    entries = "".join(
        f'<li><svg width="16" height="16" viewBox="-9 -9 18 18" aria-hidden="true">'
        f"{legend_mark(kind, colour, 0, 0)}</svg> {escape(said)}</li>"
        for kind, colour, said in legend
    )
    title = escape(f"{words['title']}: {plan[0]}")
    head = (
        f'<header><h1><a href="{escape(plan[1])}">{title}</a></h1>'
        f"<p>{escape(imprint)}</p><p>{escape(words['help'])}</p>"
        f'<ul aria-label="{escape(words["legend"])}">{entries}</ul></header>'
    )
    return _page(canvas.generate_html(), language, title, head)


def words_of(language: str, labels: Mapping[str, str]) -> Words:
    """What is written in a drawing's boxes and legend, in a language.

    Args:
        language: "zh" or "en".
        labels: names of types, properties, methods and states in that language.
    """
    own = packaged("kg.export", "interactive")[language]
    return Words(labels, own["measures"], own["rest"], own["dashed"], own["either"])


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
    """A script's hash for a policy (CSP 3 §8.4), with line ends as HTML reads them."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
