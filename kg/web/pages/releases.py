"""The releases: their changes as a page, JSON, RDF and a feed; downloads; any two compared."""

import json
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
from flask import (
    Blueprint,
    Response,
    abort,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
)

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import QuadWriter, in_order, serialize
from kg.release.history import Changes, changes_by_plan, changes_from_json
from kg.release.manifest import Manifest, plan_quads, read_manifest
from kg.web.context import admission, public, release, settings, text
from kg.web.linked_data.documents import DOCUMENTS, EXTENSIONS
from kg.web.linked_data.files import file_of
from kg.web.messages import Message
from kg.web.negotiation import PAGE_OR_JSON, format_for
from kg.web.numbers import number_in
from kg.web.pages.changes import plan_changes

blueprint = Blueprint("releases", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_SHOWN = 200  # entities of each kind of change on a page


def _folder(number: int) -> Path:
    folder = release().folder.parent / str(number)
    if not 0 < number <= release().number:  # later ones are not the current one yet, or no more
        abort(404, Message("no_release", number))
    if not (folder / "manifest.json").exists():
        abort(410, Message("release_taken_away", number))
    return folder


def _manifests() -> list[Manifest]:
    """The manifests of all releases, the latest first."""
    folders = [
        p
        for p in release().folder.parent.iterdir()
        if p.name.isdigit() and int(p.name) <= release().number
    ]
    return [_manifest(folder) for folder in sorted(folders, key=lambda p: -int(p.name))]


@lru_cache(256)
def _manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


@lru_cache(64)
def _changes_of(folder: Path) -> dict[str, Changes]:
    """What a release changed, by plan."""
    path = folder / "changes.json"
    if not path.exists():
        return {}
    return {
        slug: changes_from_json(one)
        for slug, one in json.loads(path.read_text(encoding="utf-8")).items()
    }


def _counts(number: int) -> tuple[int, ...]:
    """How many entities a release added, removed and changed."""
    changes = _changes_of(_folder(number)).values()
    return tuple(
        sum(len(getattr(one, kind)) for one in changes) for kind in ("added", "removed", "changed")
    )


@lru_cache(16)
def _compared(before: Path, after: Path) -> dict[str, Changes]:
    """What differs between any two releases, by plan."""
    return changes_by_plan(*(plan_quads(folder, _manifest(folder)) for folder in (before, after)))


@blueprint.get("/releases")
def listing() -> str:
    """All releases, the latest first, with how much each changed."""
    return render_template("releases.html", rows=[(m, _counts(m.release)) for m in _manifests()])


@blueprint.get("/releases/<int:number>")
def one(number: int) -> Response | str:
    """A release: what it changed, and its files."""
    return _changes_page(
        _changes_of(_folder(number)), number - 1, number, _manifest(_folder(number))
    )


@blueprint.get("/releases/compare")
def compare() -> Response | str:
    """What differs between two releases."""
    numbers = []
    for name in ("from", "to"):
        number = number_in(request.args.get(name, ""))
        if number is None:
            abort(400, Message("number_of_release", name))
        numbers.append(number)
    with admission().admitted("comparison", request.remote_addr):
        return _changes_page(
            _compared(_folder(numbers[0]), _folder(numbers[1])), numbers[0], numbers[1], None
        )


def _changes_page(
    changes: dict[str, Changes], before: int, after: int, manifest: Manifest | None
) -> Response | str:
    """The changes as a page, JSON, or RDF, by Accept or the format parameter."""
    extension = format_for(request, {**PAGE_OR_JSON, **EXTENSIONS}, default="html")
    if extension == "json":
        return jsonify({slug: one.as_json() for slug, one in changes.items()})
    if extension in DOCUMENTS:
        form = DOCUMENTS[extension]
        response = make_response(serialize(in_order(_changes_quads(changes, before, after)), form))
        response.headers["Content-Type"] = form.content_type
        return response
    return render_template(
        "changes.html",
        plans=[
            plan_changes(slug, one)
            for slug, one in changes.items()
            if one.added or one.removed or one.changed
        ],
        before=before,
        after=after,
        manifest=manifest,
        shown=_SHOWN,
    )


def _changes_quads(changes: dict[str, Changes], before: int, after: int) -> list[ox.Quad]:
    """The changes by PROV-O: what came with a release, what went with it, what was revised."""
    prov, base, writer = PREFIXES["prov"], release().base, QuadWriter()
    activity = f"{base}/id/release/{after}"
    writer.say(activity, PREFIXES["rdf"] + "type", f"{prov}Activity")
    writer.say(activity, f"{prov}wasInformedBy", f"{base}/id/release/{before}")
    for changed in changes.values():
        for entity in changed.added:
            writer.say(entity.iri, f"{prov}wasGeneratedBy", activity)
        for entity in changed.removed:
            writer.say(entity.iri, f"{prov}wasInvalidatedBy", activity)
        for entry in changed.changed:
            writer.say(entry.thing.iri, f"{prov}wasInfluencedBy", activity)
        for gone, successor in changed.replaced.items():
            writer.say(gone, PREFIXES["dcterms"] + "isReplacedBy", successor)
    return writer.quads


@blueprint.get("/releases/<int:number>/<any(dumps, exports):kind>/<name>")
def file(number: int, kind: str, name: str) -> Response:
    """A file of any release."""
    return file_of(_folder(number), _manifest(_folder(number)), f"/{kind}/{name}")


@blueprint.get(
    "/releases/<int:number>/<any('manifest.json', 'catalogue.ttl', 'changes.json'):name>"
)
def document(number: int, name: str) -> Response:
    """A document of any release."""
    return send_from_directory(_folder(number), name, conditional=True)


@blueprint.get("/releases.atom")
def feed() -> Response:
    """The releases as a feed (RFC 4287), the latest first."""
    base, here = release().base, public("releases.feed")
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")

    def add(
        parent: ET.Element, tag: str, words: str | None = None, **attributes: str
    ) -> ET.Element:
        element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
        element.text = words
        return element

    listed = _manifests()
    add(root, "id", f"{base}/releases.atom")
    add(root, "title", f"{settings().site.title[g.language]} · {text('releases_title')}")
    add(root, "updated", listed[0].issued)
    author, publisher = add(root, "author"), settings().publisher
    add(author, "name", publisher.name[g.language])
    if publisher.homepage:
        add(author, "uri", publisher.homepage)
    if settings().contact.email:
        add(author, "email", settings().contact.email)
    add(root, "rights", settings().licence.iri)
    add(root, "link", rel="self", href=here)
    for manifest in listed[:50]:
        number = manifest.release
        entry = add(root, "entry")
        add(entry, "id", f"{base}/id/release/{number}")
        add(entry, "title", text("release_heading", number))
        add(entry, "updated", manifest.issued)
        add(entry, "link", rel="alternate", href=public("releases.one", number=number))
        add(entry, "summary", text("release_counts", *_counts(number)))
    response = make_response(
        f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response
