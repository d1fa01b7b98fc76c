"""A plan's blocks as HTML: headings, paragraphs and tables, with what was read from them marked."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from flask import current_app, g, render_template, url_for
from markupsafe import Markup

from kg.rdf.iris import reading_order
from kg.source.text import compact
from kg.views.entity import Reference
from kg.views.reading import Block, Paragraphs, Place, from_json
from kg.web.context import address, kind_label, plan_of, reader, text
from kg.web.pages.flow import Flow, Mark, nested
from kg.web.released import Release

MARKED = ("Goal", "Measure", "Target", "Baseline", "Achievement", "Zone", "Institution")
COMMITTED = ("Measure", "Target", "Zone", "Institution")  # what the list beside a section gives
_COLUMNS = re.compile(r"\t+|[ \u3000]{2,}")
_LONG_CELL = 10  # characters of a cell that wants room
_DEEPEST = 6  # levels of headings in HTML
_FRONT = "0"  # the number of what stands before the first heading
_LISTED = 160  # headings in the contents, at most, below the first level


@dataclass
class Run:
    """A heading with the blocks up to the next one, and the measures, targets, zones and
    institutions that are read there, by kind. number: of the section, "0" before the first
    heading."""

    number: str
    heading: Markup
    style: str
    body: list[Markup] = field(default_factory=list)
    committed: dict[str, list[Reference]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A plan's text as pages show it: contents and text as HTML, with how much is said beside
    each section, the places that can be led to, in order, with their ids, and what is promised
    below each heading, by its section's number and by kind."""

    html: Markup
    anchors: list[tuple[Place, str]]
    committed: dict[str, dict[str, list[Reference]]]


def blocks(shown: Release, slug: str) -> tuple[Block, ...]:
    """The blocks of a plan's document."""
    path = shown.folder / "plans" / slug / "document.json"
    return shown.once(("blocks", slug), lambda: from_json(path.read_text(encoding="utf-8")))


def paragraphs(shown: Release, slug: str) -> Paragraphs:
    """The paragraphs of a plan's text, worked out once for a release."""
    return shown.once(
        ("paragraphs", slug), lambda: Paragraphs(shown.source(slug), blocks(shown, slug))
    )


def marks_of(shown: Release, slug: str) -> list[Mark]:
    """What was read from a plan's text, by its places, what holds others first."""
    rows = shown.select(
        f"""SELECT ?x ?start ?end WHERE {{
        ?x a ?type ; prov:wasQuotedFrom ?p . ?p oa:start ?start ; oa:end ?end .
        VALUES ?type {{ {" ".join(f"plan:{kind}" for kind in MARKED)} }} }}""",
        slug,
    )
    found: dict[Place, dict[str, Reference]] = {}
    for row in sorted(rows, key=lambda row: reading_order(row["x"])):
        place = int(row["start"]), int(row["end"])
        if place[1] > place[0]:
            found.setdefault(place, {})[row["x"]] = reader().reference(row["x"])
    ordered = sorted(found.items(), key=lambda one: (one[0][0], -one[0][1]))
    return [Mark(a, b, tuple(entities.values())) for (a, b), entities in ordered]


@dataclass
class _Cell:
    """A cell of a table: where it is printed, its words, and how many rows it spans."""

    places: tuple[Place, ...]
    words: Markup | str
    rows: int = 1

    @property
    def is_long(self) -> bool:
        """Whether it wants room."""
        return sum(end - start for start, end in self.places) > _LONG_CELL


class Layout:
    """Lays a plan's blocks out as HTML."""

    def __init__(self, shown: Release, slug: str) -> None:
        self._slug, self._source = slug, shown.source(slug)
        self._blocks = blocks(shown, slug)
        self._marks = marks_of(shown, slug)
        self._starts = [mark.start for mark in self._marks]
        self._anchors: list[tuple[Place, str]] = []
        self._named: set[str] = set()
        self._sections = _sections(shown, slug)
        self._tables, self._level = 0, 1
        self._address = cache(address)
        self._macros = current_app.jinja_env.get_template("blocks.html").module

    def reading(self) -> Reading:
        """The whole text."""
        runs, contents = [Run(_FRONT, Markup(""), "")], []
        deepest, title = self._deepest(), compact(plan_of(self._slug).title)
        for block in self._blocks:
            flow = Flow(self._source, block.place, block.mended, self._mark)
            if block.kind == "heading":
                runs.append(self._heading(block, flow))
                if compact(flow.plain()) == title:  # the page's own
                    runs[-1].heading = Markup('<span id="s{}"></span>').format(block.section)
                elif block.depth <= deepest:
                    contents.append((f"#s{block.section}", flow.plain(), block.depth))
            else:
                runs[-1].body.append(getattr(self, f"_{block.kind}", self._unread)(block, flow))
            self._commit(runs[-1], block.place)
        html = render_template(
            "document.html",
            slug=self._slug,
            runs=[run for run in runs if run.heading or run.body],
            contents=contents,
            committed=COMMITTED,
        )
        committed = {run.number: run.committed for run in runs}
        return Reading(Markup(html), sorted(self._anchors), committed)

    def _deepest(self) -> int:
        """The depth of headings down to which the contents go, so that they stay a list."""
        depths = [block.depth for block in self._blocks if block.kind == "heading"]
        within = [d for d in range(_DEEPEST) if sum(depth <= d for depth in depths) <= _LISTED]
        return max(within, default=0)

    def _within(self, place: Place) -> list[Mark]:
        first, last = (bisect_left(self._starts, at) for at in place)
        return self._marks[first:last]

    def _commit(self, run: Run, place: Place) -> None:
        for mark in self._within(place):
            for entity in mark.entities:
                kind = entity.kind
                if kind in COMMITTED and entity not in run.committed.setdefault(kind, []):
                    run.committed[kind].append(entity)

    def _anchor(self, place: Place, name: str = "") -> str:
        """An id for a place; no other has it."""
        name = name or f"c{place[0]}-{place[1]}"
        while name in self._named:
            name += "."
        self._named.add(name)
        self._anchors.append((place, name))
        return name

    def _made(self, kind: str, *values: object) -> Markup:
        """A block, or a part of one, by its macro in blocks.html."""
        return Markup(getattr(self._macros, kind)(*values))

    def _pinned(self, words: Markup, place: Place) -> Markup:
        """Words of a paragraph with a link to how it is quoted, for those without a script, which
        offers that for each sentence."""
        start, end = place
        address = url_for("reading.quote", slug=self._slug, start=start, end=end)
        return self._made("pinned", words, address, text("reading_pin"), g.language)

    def _flow(self, flow: Flow, place: Place, sentences: Iterable[Place] = ()) -> Markup:
        """The words of a place, with its sentences and marks inside one another."""
        names = {sentence: self._anchor(sentence) for sentence in sentences}
        marks = [replace(m, name=names.pop((m.start, m.end), "")) for m in self._within(place)]
        anchored = [Mark(*sentence, (), name) for sentence, name in names.items()]
        page = [Mark(*m.place, (), page=True) for m in flow.mended if m.of_page]
        # what holds others first
        inside = sorted([*anchored, *page, *marks], key=lambda m: (m.start, -m.end, not m.name))
        return flow.render(place, nested(inside, place[1]))

    def _mark(self, mark: Mark, inner: Markup, linked: bool) -> Markup:
        """A mark: a link where nothing is marked inside it, else a span with a reference behind."""
        if mark.page:
            return self._made("page_mark", self._source[mark.start : mark.end].strip())
        words = inner.striptags()
        kinds = g.language == "zh"  # the text's own, and so the names'

        def hint(one: Reference) -> str:
            return kind_label(one.kind) + text("colon") + one.label if kinds else one.label

        marked = [(one, self._address(one.iri), hint(one)) for one in mark.entities]
        # a title tells what the words themselves do not
        title = text("semicolon").join(hint for one, _, hint in marked if one.label not in words)
        return self._made("mark", mark.name, marked, title, linked, inner)

    def _heading(self, block: Block, flow: Flow) -> Run:
        name = self._anchor(block.place, f"s{block.section}")
        words, iri = self._flow(flow, block.place), self._sections.get(block.section)
        if iri and "<a " not in words:
            words = self._made("link", self._address(iri), words)
        self._level = min(2 + block.depth, self._level + 1, _DEEPEST)  # none is left out
        html = self._made("heading", self._level, name, words)
        in_box = block.style != "box" and block.section.startswith("box")
        return Run(block.section, html, "boxed" if in_box else block.style)

    def _paragraph(self, block: Block, flow: Flow) -> Markup:
        alone = len(block.sentences) == 1
        name = self._anchor(block.sentences[0]) if alone else ""
        words = self._flow(flow, block.place, () if alone else block.sentences)
        return self._made("paragraph", name, self._pinned(words, block.place))

    def _page(self, block: Block, flow: Flow) -> Markup:
        return self._made("page", " ".join(self._words(block).split()))

    def _folded(self, block: Block, flow: Flow) -> Markup:
        words = self._words(block)
        count = sum(map(str.isalnum, words))  # dots that lead to pages are no text
        return self._made("folded", text("reading_folded", count), words)

    def _words(self, block: Block) -> str:
        return self._source[block.place[0] : block.place[1]]

    def _unread(self, block: Block, flow: Flow) -> Markup:
        lines = [self._cells_of_line(flow, line) for line in self._lines(block.place)]
        return self._made("unread", text("reading_unread"), lines)

    def _cells(self, block: Block, flow: Flow) -> Markup:
        """Lines that follow each other: the cells of a table that was not read, in their order."""
        places = [place for sentence in block.sentences for place in self._lines(sentence)]
        cells = [(self._anchor(place), self._flow(flow, place)) for place in places]
        return self._made("cells", text("reading_unread"), cells)

    def _cells_of_line(self, flow: Flow, line: Place) -> list[Markup]:
        """The cells of a line that wide gaps part."""
        at, found = line[0], []
        for gap in _COLUMNS.finditer(self._source, *line):
            if gap.start() > at:
                found.append(self._flow(flow, (at, gap.start())))
            at = gap.end()
        return [*found, self._flow(flow, (at, line[1]))] if line[1] > at else found

    def _lines(self, place: Place) -> Iterator[Place]:
        at = place[0]
        for line in self._source[place[0] : place[1]].splitlines(keepends=True):
            words = line.strip()
            if words:
                start = at + line.index(words)
                yield start, start + len(words)
            at += len(line)

    def _table(self, block: Block, flow: Flow) -> Markup:
        """A table as it was read, and folded away the lines that it was printed in."""
        folded = self._made("folded", text("reading_as_printed"), self._words(block))
        return self._grid(block, flow) + folded

    def _grid(self, block: Block, flow: Flow) -> Markup:
        """A table; a cell that rows share spans them."""
        table = block.table
        assert table is not None
        rows: list[tuple[bool, str, list[_Cell]]] = []
        before: tuple[Place, ...] = ()
        above: list[_Cell] = []
        for row in table.rows:
            if row.category and row.category != before:
                heading = _Cell(row.category, self._joined(flow, row.category))
                rows.append((True, self._anchor(row.category[0]), [heading]))
                above = []
            before = row.category
            cells, own = list[_Cell](), list[_Cell]()
            for i, places in enumerate(row.cells):
                if places and above and above[i].places == places:
                    above[i].rows += 1
                    cells.append(above[i])
                    continue
                words = row.number if i == table.numbers else self._joined(flow, places)
                own.append(_Cell(places, words))
                cells.append(own[-1])
            if own:
                held = [place for cell in own for place in cell.places] or [block.place]
                start = self._from_number(row.number, min(a for a, _ in held))
                rows.append((False, self._anchor((start, max(b for _, b in held))), own))
            above = cells
        note = self._joined(flow, table.note)
        return self._made("table", self._title(), table.head, rows, note)

    def _from_number(self, number: str, start: int) -> int:
        """Where a row begins whose first words start there: at its number, if that is before them,
        as what the row states is cited from."""
        before = self._source[:start].rstrip() if number else ""
        return len(before) - len(number) if number and before.endswith(number) else start

    def _joined(self, flow: Flow, places: Iterable[Place]) -> Markup:
        return Markup("").join(self._flow(flow, place) for place in places)

    def _title(self) -> str:
        self._tables += 1
        return text("reading_table", self._tables)


def _sections(shown: Release, slug: str) -> dict[str, str]:
    """The IRIs of a plan's sections by their numbers."""
    rows = shown.select("SELECT ?x ?number WHERE { ?x a plan:Section ; plan:number ?number }", slug)
    return {row["number"]: row["x"] for row in rows}
