"""Files of a release: dumps, catalogue, manifest, source texts."""

import gzip
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, cast

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    render_template,
    request,
    send_file,
    send_from_directory,
)
from werkzeug.wsgi import FileWrapper

from kg.release.cache import key_of
from kg.release.current import MANIFEST
from kg.release.manifest import PACKED, Manifest, ReleaseFile
from kg.web.context import abort_if_its_plan_is_gone, admission, plan_of, release, settings
from kg.web.messages import Message
from kg.web.pages.plan_directory import plans_asked_for

blueprint = Blueprint("files", __name__)


@blueprint.get("/downloads")
def downloads() -> str:
    """The page that leads to everything that can be downloaded."""
    entries = release().manifest.files
    whole = next(name for name in entries if name.startswith("dumps/planlink."))
    return render_template("downloads.html", entries=entries, whole=whole, **plans_asked_for())


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """A dump of the current release; 410 for one of a plan that was withdrawn."""
    served = release().manifest
    if f"/dumps/{name}" not in served.served and f"dumps/{name}" not in served.files:
        abort_if_its_plan_is_gone(name)
    return file_of(release().folder, release().manifest, f"/dumps/{name}")


def file_of(folder: Path, manifest: Manifest, address: str) -> Response:
    """A file of a release to download, by where it is served, from the release's folder on. One
    whose address says that it is compressed is sent as it is, and not as an encoding of what it
    holds (RFC 9110 §8.4): its checksum is that of the file. One that is only kept compressed is
    unpacked while it is sent, and one that is not kept is made of the plan's N-Quads."""
    name = address.removeprefix("/")
    known, kept = manifest.served.get(address), f"{name}{PACKED}"
    if known is not None and kept in manifest.files:
        return _unpacked(folder / kept, known)
    if known is not None and not known.sha256:
        return _made(folder, manifest, known)
    packed = name.endswith(".gz")
    media_type = "application/gzip" if packed else known and known.media_type
    return send_from_directory(
        folder, name, mimetype=media_type, as_attachment=packed, conditional=True
    )


def _unpacked(path: Path, known: ReleaseFile) -> Response:
    """What a compressed file holds, or the part of it that is asked for."""
    # not the server's wrapper, which would send the file by its descriptor
    response = Response(
        FileWrapper(cast("IO[bytes]", gzip.GzipFile(path))),
        mimetype=known.media_type,
        direct_passthrough=True,
    )
    response.content_length = known.size
    response.last_modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    response.set_etag(known.sha256[:32])
    response.make_conditional(request, accept_ranges=True, complete_length=known.size)
    return response


def _made(folder: Path, manifest: Manifest, known: ReleaseFile) -> Response:
    """A file that is made of a plan's N-Quads, the same bytes each time. Its entity tag says what
    it is made of and by what, so that who has it is answered before it is made."""
    response, now = Response(mimetype=known.media_type), settings()
    response.last_modified = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
    made_from = (known, manifest.plan(known.plan), manifest.base, now.site, now.publisher)
    tag = key_of(*made_from, now.contact, now.licence)
    response.set_etag(tag)
    if response.make_conditional(request).status_code == HTTPStatus.OK:
        from kg.release.edition import made_when_asked  # loads for a while  # noqa: PLC0415

        with admission().admitted("file", request.remote_addr):
            content = made_when_asked(folder, manifest, known, now)
        response.set_data(content)
        response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


@blueprint.get("/manifest.json")
def manifest() -> Response:
    """The manifest of the current release: counts, files and checksums."""
    return send_from_directory(release().folder, MANIFEST, conditional=True)


@blueprint.get("/sources/<slug>.txt")
def source(slug: str) -> Response:
    """A plan's text as published."""
    folder = release().folder / "plans" / plan_of(slug).slug
    return send_from_directory(
        folder, "source.txt", mimetype="text/plain", conditional=True, download_name=f"{slug}.txt"
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
