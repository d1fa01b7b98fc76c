"""The files that pages load, under names with their checksum: browsers keep them for a year."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

_FOLDER = Path(__file__).parent / "static"
_KEPT = "public, max-age=31536000, immutable"  # for a year, without asking again (RFC 8246)
_NAMED = re.compile(r"(.+)\.([0-9a-f]{12})(\.\w+)")


def register_static_files(app: Flask) -> None:
    """Have url_for give names with checksums, and answer them."""

    @app.url_defaults
    def with_checksum(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and (checksum := _checksum(values["filename"])):
            stem, dot, ending = values["filename"].rpartition(".")
            values["filename"] = f"{stem}.{checksum}{dot}{ending}"

    app.view_functions["static"] = static_file


def static_file(filename: str) -> Response:
    """A file, by its name or that with its checksum; the former is asked for anew each time."""
    named = _NAMED.fullmatch(filename)
    plain = f"{named[1]}{named[3]}" if named else filename
    if named is None or _checksum(plain) != named[2]:
        return current_app.send_static_file(filename)
    response = send_from_directory(_FOLDER, plain, conditional=True)
    response.headers["Cache-Control"] = _KEPT
    return response


@lru_cache(64)
def _checksum(filename: str) -> str:
    """Of a file of ours; "" where there is none of that name."""
    path = _FOLDER / filename
    is_ours = ".." not in path.parts and path.is_relative_to(_FOLDER) and path.is_file()
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if is_ours else ""
