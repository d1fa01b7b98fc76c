"""The description of every route as OpenAPI 3.1: of the routes themselves, and of openapi.toml."""

import re
from functools import cache, partial
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from werkzeug.routing import Rule

from kg.files import packaged
from kg.settings import Settings, Words
from kg.sparql.formats import FORM, GRAPHS, RESULTS
from kg.web.context import public, settings

blueprint = Blueprint("openapi", __name__)

_METHODS = ("get", "put", "post", "delete")
_PART = re.compile(r"<(?:([^:<>]+):)?(\w+)>")  # of a route's path
_BOUNDED = ("/sparql", "/graphs")  # by a rate for each address
_SETS = {"results": tuple(RESULTS), "graphs": tuple(GRAPHS), "any": ("*/*",)}
_contents = partial(packaged, "kg.web", "openapi")


@cache
def routes() -> list[dict[str, Any]]:
    """The routes of openapi.toml."""
    return [{"path": path, **route} for path, route in _contents()["route"].items()]


@blueprint.get("/openapi.json")
def description() -> Response:
    """The description, for the address that the site has."""
    rules = {_PART.sub(r"{\2}", rule.rule): rule for rule in current_app.url_map.iter_rules()}
    return jsonify(document(public("directory.front").rstrip("/"), settings(), rules))


def document(address: str, about: Settings, rules: dict[str, Rule]) -> dict[str, Any]:
    """The OpenAPI document of a server at an address: what the settings say about it (name,
    contact, terms), and the application's rules, by path."""
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
            route["path"]: {
                method: _operation(route, method, rules[route["path"]])
                for method in _METHODS
                if method in route
            }
            for route in routes()
        },
        "components": {
            "schemas": _contents()["schemas"],
            "securitySchemes": _contents()["security"],
        },
    }


def _both(words: Words) -> str:
    """A text in both languages, once where they are the same."""
    return " / ".join(dict.fromkeys(text for text, _ in words.tagged))


def _operation(route: dict[str, Any], method: str, rule: Rule) -> dict[str, Any]:
    name = route.get("id", rule.endpoint.replace(".", "_"))
    several = sum(m in route for m in _METHODS) > 1
    return {
        "operationId": f"{name}_{method}" if several else name,
        "summary": route[method],
        "parameters": _of_path(rule) + _of_query(route, method),
        **_body(route, method),
        "responses": _answers(route, method),
        **({"security": [{"token": []}, {"password": []}]} if route.get("token") else {}),
    }


def _of_path(rule: Rule) -> list[dict[str, Any]]:
    """The parameters that are in a path, of the kinds that the route takes."""
    return [
        {"name": name, "in": "path", "required": True, "schema": _kind_in_path(converter or "")}
        for converter, name in _PART.findall(rule.rule)
    ]


def _kind_in_path(converter: str) -> dict[str, Any]:
    if converter.startswith("int"):
        return {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    if converter.startswith("any"):
        return {"type": "string", "enum": re.findall(r"[\w.-]+", converter.removeprefix("any"))}
    return {"type": "string", "minLength": 1}


def _of_query(route: dict[str, Any], method: str) -> list[dict[str, Any]]:
    if method != "get" and not route.get("token"):
        return []
    names = [n for n in route.get("query", ()) if method == "get" or n in ("graph", "default")]
    return [{"name": name, "in": "query", "schema": _kind(name)} for name in names]


def _kind(name: str) -> dict[str, Any]:
    kind: dict[str, Any] = _contents()["parameters"].get(name, {"type": "string"})
    return kind


def _body(route: dict[str, Any], method: str) -> dict[str, Any]:
    if method not in ("post", "put"):
        return {}
    fields = {"type": "object", "properties": {n: _kind(n) for n in route.get("form", ())}}
    content: dict[str, Any] = {FORM: {"schema": fields}} if "form" in route else {}
    for media_type in _media_types(route.get("bodies", [])):
        # a text, where it is no JSON, which may be of any kind
        schema = fields if media_type.startswith("multipart/") else {"type": "string"}
        content[media_type] = {} if media_type.endswith("json") else {"schema": schema}
    needed = route.get("needs_form", True)
    return {"requestBody": {"required": needed, "content": content}} if content else {}


def _answers(route: dict[str, Any], method: str) -> dict[str, Any]:
    """What is answered: by the route's own status, and by those that all routes of a kind have."""
    posted = route.get("posted", 204) if method == "post" else 204
    status = str(route.get("status", 200) if method == "get" else posted)
    own: dict[str, Any] = {"description": route[method]}
    if status == "200":
        given = route.get("type", "text/html")
        types = _media_types([given] if isinstance(given, str) else given)
        own["content"] = {t: _schema_of(route, t) for t in types}
    also = route.get("answers", {})
    codes = {**{c: _contents()["statuses"][c] for c in _statuses(route, method)}, **also}
    refusals = {code: _refusal(code, meaning) for code, meaning in sorted(codes.items())}
    return {status: own, **refusals}


def _schema_of(route: dict[str, Any], media_type: str) -> dict[str, Any]:
    if not media_type.endswith("json") and media_type != "*/*":
        return {"schema": {"type": "string"}}
    if "schema" not in route or media_type in GRAPHS:
        return {}
    return {"schema": {"$ref": f"#/components/schemas/{route['schema']}"}}


def _statuses(route: dict[str, Any], method: str) -> set[str]:
    """The statuses that a kind of route may answer, beside its own."""
    found = {"400", "404", "503"}
    if method == "get":
        found |= {"304", "406", "410"}
    else:
        found |= {"403", "408", "411", "413", "415"}
    if route.get("token"):
        found |= {"401", "403", "429"}
    if route["path"] in _BOUNDED or method == "post":
        found |= {"429"}
    return found


def _refusal(code: str, meaning: str) -> dict[str, Any]:
    """A refusal in one line, to browsers on a page."""
    if code < "400":
        return {"description": meaning}
    text: dict[str, Any] = {"schema": {"type": "string"}}
    return {"description": meaning, "content": {"text/plain": text, "text/html": text}}


def _media_types(given: list[str]) -> list[str]:
    """Media types, those of results, graphs and files by one word for all."""
    return [t for name in given for t in _SETS.get(name, (name,))]
