"""Files of a release: dumps, catalogue, manifest, source texts."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    send_file,
    send_from_directory,
    url_for,
)

from kg.web.context import at, plan_of, release, settings
from kg.web.messages import Message

blueprint = Blueprint("files", __name__)


@blueprint.get("/downloads")
def downloads() -> str:
    """The page that leads to everything that can be downloaded."""
    entries = release().manifest.files
    whole = next(name for name in entries if name.startswith("dumps/planlink."))
    listed = [
        (whole.removeprefix("dumps/"), at(f"/{whole}"), entries[whole]),
        ("catalogue.ttl", at("/catalogue.ttl"), entries["catalogue.ttl"]),
    ]
    listed += [
        (
            f"{p.slug}/source.txt",
            url_for("files.source", slug=p.slug),
            entries[f"plans/{p.slug}/source.txt"],
        )
        for p in release().manifest.plans
    ]
    return render_template("downloads.html", files=listed)


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """A dump of the current release."""
    return file_of(release().folder / "dumps", name)


def file_of(folder: Path, name: str) -> Response:
    """A file to download; a compressed one as it is, and not as an encoding of what it holds (RFC
    9110 §8.4): its checksum is that of the file."""
    media_type = "application/gzip" if name.endswith(".gz") else None
    return send_from_directory(
        folder, name, mimetype=media_type, as_attachment=media_type is not None, conditional=True
    )


@blueprint.get("/manifest.json")
def manifest() -> Response:
    """The manifest of the current release: counts, files and checksums."""
    return jsonify(release().manifest.as_json())


@blueprint.get("/sources/<slug>.txt")
def source(slug: str) -> Response:
    """A plan's text as published."""
    plan_of(slug)
    return send_from_directory(
        release().folder / "plans" / slug, "source.txt", mimetype="text/plain", conditional=True
    )


@blueprint.get("/reports/<slug>.<any(ttl, json):extension>")
def validation_report(slug: str, extension: str) -> Response:
    """A plan's validation report, the findings of the cross-check among them."""
    plan_of(slug)
    return send_from_directory(
        release().folder / "plans" / slug, f"report.{extension}", conditional=True
    )


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The icon where browsers look for one by themselves, beside documents that are no pages."""
    return current_app.send_static_file("icon.svg")


@blueprint.get("/logo")
def logo() -> Response:
    """The site's logo; 404 where it has none."""
    path = settings().site.logo or abort(404, Message("no_logo"))
    return send_file(path.resolve(), conditional=True)
