"""Files of a release: dumps, catalogue, manifest, source texts."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, send_from_directory

from kg.web.context import release

blueprint = Blueprint("files", __name__)


@blueprint.get("/downloads")
def downloads() -> str:
    """The page that lists what can be downloaded."""
    entries = release().manifest["files"]
    dumps = [
        (name.removeprefix("dumps/"), f"/dumps/{name.removeprefix('dumps/')}", e)
        for name, e in sorted(entries.items())
        if name.startswith("dumps/")
    ]
    others = [("catalogue.ttl", "/catalogue.ttl", entries["catalogue.ttl"])]
    others += [
        (f"{p['slug']}/source.txt", f"/sources/{p['slug']}.txt", entries[f"plans/{p['slug']}/source.txt"])
        for p in release().manifest["plans"]
    ]
    return render_template("downloads.html", files=dumps + others)


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """A dump of the current release."""
    return send_from_directory(release().folder / "dumps", name, conditional=True)


@blueprint.get("/catalogue.ttl")
def catalogue() -> Response:
    """The DCAT catalogue of the current release."""
    return send_from_directory(release().folder, "catalogue.ttl", mimetype="text/turtle", conditional=True)


@blueprint.get("/manifest.json")
def manifest() -> Response:
    """The manifest of the current release: counts, files and checksums."""
    return jsonify(release().manifest)


@blueprint.get("/sources/<slug>.txt")
def source(slug: str) -> Response:
    """A plan's text as published."""
    release().plan(slug) or abort(404, f"there is no plan {slug}")
    return send_from_directory(release().folder / "plans" / slug, "source.txt", mimetype="text/plain", conditional=True)
