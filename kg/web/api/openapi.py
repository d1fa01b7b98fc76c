"""The description of every route as OpenAPI 3.1, made from openapi.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, jsonify

from kg.web.context import public

blueprint = Blueprint("openapi", __name__)

_METHODS = ("get", "put", "post", "delete")
_LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


@cache
def routes() -> list[dict[str, Any]]:
    """The routes of openapi.toml."""
    found: list[dict[str, Any]] = _told()["route"]
    return found


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((files("kg.web") / "openapi.toml").read_text(encoding="utf-8"))


@blueprint.get("/openapi.json")
def description() -> Response:
    """The description, for the address that the site has."""
    response = jsonify(document(public("plans.overview").rstrip("/")))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def document(base: str) -> dict[str, Any]:
    """The OpenAPI document of a server at a base address."""
    about = _told()["info"]
    licence = {"name": about["licence"], "url": _LICENCE_URL}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": about["title"],
            "description": about["description"],
            "version": version("planlink"),
            "license": licence,
        },
        "servers": [{"url": base}],
        "paths": {
            route["path"]: {m: _operation(route, m) for m in _METHODS if m in route}
            for route in routes()
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


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
    answers |= {code: {"description": told} for code, told in route.get("answers", {}).items()}
    return {
        "summary": route[method],
        "parameters": parameters,
        "responses": answers,
        **({"security": [{"token": []}]} if route.get("token") else {}),
    }
