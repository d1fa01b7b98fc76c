"""The releases: their changes as a page, in plan terms and one language, as JSON, RDF and a feed;
downloads; any two compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import msgspec
from flask import Blueprint, Response, abort, g, render_template, request, send_from_directory

from kg.export.answer_table import AnswerTable
from kg.rdf.namespaces import PLAN, PREFIXES
from kg.rdf.quads import in_order, serialize
from kg.rdf.turtle import stated
from kg.release import history
from kg.release.manifest import Manifest, PlanEntry, dumped, numbers, read_manifest
from kg.web.context import (
    admission,
    plan_title,
    public,
    reader,
    release,
    removal_of,
    sent,
    settings,
    text,
)
from kg.web.linked_data.documents import DOCUMENTS, EXTENSIONS
from kg.web.linked_data.files import file_of
from kg.web.messages import Message
from kg.web.negotiation import PAGE_OR_JSON, format_for
from kg.web.pages.corpus.answers import answer_from_edition, as_file, file_wanted
from kg.web.parameters import number_in, page_of, pages_from

_HAN = re.compile(r"[\u4e00-\u9fff]")
_IN_WORDS = (str(PLAN), PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["foaf"])
_NOT_SHOWN = {  # what only the data needs; and a value that was entered, which is told as such
    *(str(PLAN[name]) for name in ("confidence", "score", "valueKind", "statedIn", "hasActual")),
    *(PREFIXES["dcterms"] + name for name in ("modified", "source", "isPartOf", "conformsTo")),
}
_HEADS = ("release_number", "release_date", "release_triples", "release_changes")
_TALLIED = (
    *("release_added", "release_removed", "release_altered"),
    *("changes_links_added", "changes_links_removed", "changes_links_altered"),
)
blueprint = Blueprint("releases", __name__)

_SHOWN = 200  # entities of each kind of change on a page
_PLANS = 20  # plans that a page of changes lists
_ENTRIES = 50  # releases on a page of the feed


@dataclass(frozen=True)
class PlanChanges:
    """What changed of a plan (None where it is not in the current release; title is then what the
    changes call it, or its slug): entities, with the name of each property that changed and its
    values before and after; links are left out. counts: of entities added, removed and changed, and
    then of links."""

    slug: str
    plan: PlanEntry | None
    title: str
    added: tuple[history.Entity, ...]
    removed: tuple[history.Entity, ...]
    changed: tuple[tuple[history.Entity, tuple[tuple[str, str, str], ...]], ...]
    counts: tuple[int, ...]


def plan_changes(slug: str, one: history.Changes) -> PlanChanges:
    """What changed of a plan, for its page."""
    names = {entity.iri: entity.label for entity in (*one.added, *one.removed)}
    plan = release().plan(slug)
    entities = [[t for t in side if t.kind != "Link"] for side in (one.added, one.removed)]
    changed = [c for c in one.changed if c.thing.kind != "Link"]
    titles = (t.label for side in entities for t in side if t.kind == "Plan")
    return PlanChanges(
        slug,
        plan,
        plan_title(plan) if plan else next(titles, slug),
        tuple(_named(t, plan) for t in entities[0]),
        tuple(_with_successor(_named(t, plan)) for t in entities[1]),
        tuple((_named(c.thing, plan), _lines(c, names)) for c in changed),
        history.counts_of(one),
    )


def _named(entity: history.Entity, plan: PlanEntry | None) -> history.Entity:
    if entity.kind == "Plan" and plan is not None:
        return history.Entity(entity.iri, entity.kind, plan_title(plan))
    return entity


def _with_successor(entity: history.Entity) -> history.Entity:
    """What was taken out, called as well by what has its place, as after a merge."""
    gone = removal_of(entity.iri)
    if gone is None or not gone.successor:
        return entity
    return replace(entity, label=f"{entity.label} → {reader().label(gone.successor)}")


def _lines(changed: history.Changed, names: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """The changed properties in words; those of the data alone are left out, and numbers that no
    plan prints: of its table's rows alone they are its own."""
    hidden = _NOT_SHOWN if changed.thing.kind == "Indicator" else {*_NOT_SHOWN, str(PLAN.number)}
    found = []
    for change in changed.changes:
        if not change.property.startswith(_IN_WORDS) or change.property in hidden:
            continue
        before, after = (_in_one_line(values, names) for values in (change.before, change.after))
        if before or after:
            found.append((reader().label(change.property), before, after))
    return tuple(found)


def _in_one_line(values: tuple[str, ...], names: dict[str, str]) -> str:
    """Values in one line: of what is said in Chinese and in English, the page's language alone."""
    words = [
        names.get(v) or (reader().label(v) if v.startswith(("http://", "https://")) else v)
        for v in values
    ]
    sentences = [w for w in words if len(w.split()) > 1 or _HAN.search(w)]
    if len(sentences) > 1 and len({bool(_HAN.search(w)) for w in sentences}) > 1:
        words = [w for w in words if bool(_HAN.search(w)) is (g.language == "zh")]
    return text("semicolon").join(words)


def _folder(number: int) -> Path:
    folder = release().folder.parent / str(number)
    if not 0 < number <= release().number:  # later ones are not the current one yet, or no more
        abort(404, Message("no_release", number))
    if not (folder / "manifest.json").exists():
        abort(410, Message("release_taken_away", number))
    return folder


def _numbers() -> list[int]:
    """The numbers of all releases whose changes can be told, the latest first."""
    there, folder = reversed(numbers(release().folder.parent.parent)), release().folder.parent
    recorded = (number for number in there if (folder / str(number) / history.CHANGES).exists())
    return [number for number in recorded if number <= release().number]


@lru_cache(256)
def _manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


class _Compared(dict[str, history.Changes]):
    """What differs between any two releases, by plan: as ReleaseChanges tells it of one."""

    @property
    def changed(self) -> list[str]:
        """The slugs of the plans that differ."""
        return [*self]

    of_plan = dict.__getitem__

    def as_json(self) -> Iterator[str]:
        """All of it as JSON by slug."""
        yield msgspec.json.encode(dict(self)).decode()


@lru_cache(64)
def _changes_of(folder: Path) -> history.ReleaseChanges:
    if not (folder / history.CHANGES).exists():
        abort(410, Message("release_early", folder.name))
    return history.ReleaseChanges(folder / history.CHANGES)


def _counts(number: int) -> tuple[int, ...]:
    """How many entities a release added, removed and changed, and then how many links."""
    counts = _changes_of(_folder(number)).counts.values()
    return tuple(map(sum, zip(*counts, strict=True))) or history.UNCHANGED


@lru_cache(16)
def _compared(before: Path, after: Path) -> _Compared:
    """What differs between any two releases, by plan; what both have alike is not read."""
    sides = [
        (folder, manifest, {plan.slug: plan for plan in manifest.plans if plan.dump})
        for folder in (before, after)
        for manifest in (_manifest(folder),)
    ]
    contents = [{slug: plan.content for slug, plan in plans.items()} for _, _, plans in sides]
    found = _Compared()
    for slug in sorted({*contents[0], *contents[1]}):
        if contents[0].get(slug) == contents[1].get(slug) != "":
            continue
        one, other = (
            dumped(folder, manifest, plans[slug]) if slug in plans else []
            for folder, manifest, plans in sides
        )
        found[slug] = history.changes(one, other)
    return found


@blueprint.get("/releases")
def listing() -> Response | str:
    """All releases, the latest first, with how much each changed; with format=csv or xlsx as a
    file."""
    answer_from_edition()
    rows = [(_manifest(_folder(number)), _counts(number)) for number in _numbers()]
    if not (form := file_wanted()):
        return render_template("releases.html", rows=rows)
    day, title = settings().site.day, text("releases_title")
    cells = [(m.release, day(m.issued).isoformat(), m.triples, tally(n)) for m, n in rows]
    return as_file("releases", title, [AnswerTable(title, [*map(text, _HEADS)], cells)], form)


@blueprint.app_template_global()
def tally(counts: Sequence[int]) -> str:
    """How many things were added, removed and changed, and how many links if any, in words."""
    counted = [text(name, number) for name, number in zip(_TALLIED, counts, strict=False) if number]
    return text("comma").join(counted) or text("release_same")


@blueprint.get("/releases/<int:number>")
def one(number: int) -> Response | str:
    """A release: what it changed, and its files."""
    folder = _folder(number)
    return _changes_page(_changes_of(folder), number - 1, number, _manifest(folder))


@blueprint.get("/releases/compare")
def compare() -> Response | str:
    """What differs between two releases."""
    ends = []
    for name in ("from", "to"):
        number = number_in(request.args.get(name, ""))
        if number is None:
            abort(400, Message("number_of_release", name))
        ends.append(number)
    with admission().admitted("comparison", request.remote_addr):
        found = _compared(_folder(ends[0]), _folder(ends[1]))
        return _changes_page(found, ends[0], ends[1], None)


def _changes_page(
    listed: history.ReleaseChanges | _Compared, before: int, after: int, manifest: Manifest | None
) -> Response | str:
    """The changes as a page, JSON, or RDF, by Accept or the format parameter."""
    extension = format_for(request, {**PAGE_OR_JSON, **EXTENSIONS})
    if extension == "json":
        return Response(listed.as_json(), mimetype="application/json")
    if extension in DOCUMENTS:
        form = DOCUMENTS[extension]
        found, base = map(listed.of_plan, listed.changed), release().base
        quads = stated(
            "kg.web", "templates/changes", base=base, before=before, after=after, changes=found
        )
        return sent(serialize(in_order(quads), form), form.content_type)
    shown, number, pages = page_of(listed.changed, _PLANS)
    changed = [(slug, listed.of_plan(slug)) for slug in shown]
    altered = [(slug, one) for slug, one in changed if one.added or one.removed or one.changed]
    return render_template(
        "changes.html",
        plans=[plan_changes(slug, one) for slug, one in altered],
        before=before,
        after=after,
        manifest=manifest,
        shown=_SHOWN,
        page=number,
        pages=pages,
    )


@blueprint.get("/releases/<int:number>/<any(dumps, exports):kind>/<name>")
def file(number: int, kind: str, name: str) -> Response:
    """A file of any release."""
    return file_of(_folder(number), _manifest(_folder(number)), f"/{kind}/{name}")


@blueprint.get(
    "/releases/<int:number>/<any('manifest.json', 'catalogue.ttl', 'changes.json'):name>"
)
def document(number: int, name: str) -> Response:
    """A document of any release."""
    if name == "changes.json":
        return Response(_changes_of(_folder(number)).as_json(), mimetype="application/json")
    return send_from_directory(_folder(number), name, conditional=True)


@blueprint.get("/releases.atom")
def feed() -> Response:
    """The releases as a feed (RFC 4287), the latest first, page by page (RFC 5005)."""
    shown, number, pages = page_of(_numbers(), _ENTRIES)
    leads = {"self": number, **pages_from(number, pages)}
    here = public("releases.feed")
    body = render_template(
        "feed.xml",
        base=release().base,
        manifest=release().manifest,
        leads={name: f"{here}?page={at}" if at > 1 else here for name, at in leads.items()},
        entries=[
            (_manifest(release().folder.parent / str(one)), public("releases.one", number=one))
            for one in shown
        ],
        counts=_counts,
    )
    return sent(body, "application/atom+xml; charset=utf-8")
