"""The description of the routes holds every route, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

from openapi_spec_validator import validate
from support import ask

from kg.web.api.openapi import routes
from kg.web.application import create_app


def test_every_route_is_described(release: Path) -> None:
    app = create_app(release)
    made: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            path = re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule.rule)
            made.setdefault(path, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    made["/sparql"].add("POST")  # queries do not reach Flask: kg.web.api.endpoint
    told = {
        route["path"]: {m.upper() for m in ("get", "put", "post", "delete") if m in route}
        for route in routes()
    }
    assert set(told) == set(made)
    for path, methods in told.items():
        assert methods == made[path] - (
            {"PUT", "POST", "DELETE", "PATCH"} if path == "/graphs" else set()
        ), path


def test_the_document_is_valid(server: str) -> None:
    document = json.loads(ask(f"{server}/openapi.json")[2])
    validate(document)
    assert document["servers"] == [{"url": "http://localhost:8000"}]
