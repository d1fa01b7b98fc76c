"""The description of every route as OpenAPI 3.1, made from openapi.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, jsonify

from kg.settings import Settings, Words
from kg.web.context import public, settings

blueprint = Blueprint("openapi", __name__)

_METHODS = ("get", "put", "post", "delete")


@cache
def routes() -> list[dict[str, Any]]:
    """The routes of openapi.toml."""
    found: list[dict[str, Any]] = _contents()["route"]
    return found


@cache
def _contents() -> dict[str, Any]:
    return tomllib.loads((files("kg.web") / "openapi.toml").read_text(encoding="utf-8"))


@blueprint.get("/openapi.json")
def description() -> Response:
    """The description, for the address that the site has."""
    return jsonify(document(public("directory.front").rstrip("/"), settings()))


def document(address: str, about: Settings) -> dict[str, Any]:
    """The OpenAPI document of a server.

    Args:
        address: where the server is reached.
        about: what it is called, whom to ask, and what may be done with the data.
    """
    contact, licence = about.contact, about.licence
    given = {"name": _both(contact.name), "email": contact.email, "url": contact.url}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _both(about.site.title),
            "description": _contents()["description"],
            "version": version("planlink"),
            "contact": {name: value for name, value in given.items() if value},
            "license": {"name": _both(licence.name), "url": licence.iri},
        },
        "servers": [{"url": address}],
        "paths": {
            route["path"]: {m: _operation(route, m) for m in _METHODS if m in route}
            for route in routes()
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _both(words: Words) -> str:
    """A text in both languages, once where they are the same."""
    return " / ".join(dict.fromkeys(text for text, _ in words.tagged))


def _operation(route: dict[str, Any], method: str) -> dict[str, Any]:
    named = re.findall(r"\{(\w+)\}", route["path"])
    parameters = [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in named
    ]
    if method == "get":
        parameters += [
            {"name": n, "in": "query", "schema": {"type": "string"}} for n in route.get("query", ())
        ]
    status = str(route.get("status", 200 if method == "get" else 204))
    answers: dict[str, Any] = {status: {"description": route[method]}}
    if status == "200":
        answers[status]["content"] = {route.get("type", "text/html"): {}}
    answers |= {
        code: {"description": meaning} for code, meaning in route.get("answers", {}).items()
    }
    return {
        "summary": route[method],
        "parameters": parameters,
        "responses": answers,
        **({"security": [{"token": []}]} if route.get("token") else {}),
    }
