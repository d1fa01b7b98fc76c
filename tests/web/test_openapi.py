"""The description of the routes holds every route, and no other, and what is answered is as it
says.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import jsonschema
import pytest
from support import ask, pages

from kg.web.api.openapi import routes


def test_every_route_is_described(release: Path) -> None:
    app = pages(release)
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
    from openapi_spec_validator import validate

    document = json.loads(ask(f"{server}/openapi.json")[2])
    validate(document)
    assert document["servers"] == [{"url": "http://localhost:8000"}]
    operations = [o for path in document["paths"].values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations) > 70
    for operation in operations:
        for status, answer in operation["responses"].items():
            assert answer["description"] and ("content" in answer or status < "400")
        for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
            kind = body.get("schema", {}).get("type")
            assert kind != "string" or not media_type.endswith("json"), operation["operationId"]


QUERY = urllib.parse.quote("SELECT ?s ?l { ?s ?p ?l } LIMIT 3")


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (f"/sparql?query={QUERY}", "Results"),
        ("/sparql?query=ASK%7B%7D", "Results"),
        ("/search?q=%E5%85%BB%E8%80%81", "Search"),
        ("/search/suggest?q=%E7%A7%91", "Suggestions"),
        ("/sparql/complete?q=%E7%A7%91", "Completions"),
        ("/sparql/terms", "Terms"),
        ("/relations/hongqiao-2021.json", "Picture"),
        ("/manifest.json", "Object"),
    ],
)
def test_json_is_as_the_description_says(server: str, path: str, schema: str) -> None:
    status, _, body = ask(f"{server}{path}", Accept="application/json")
    assert status == 200
    document = json.loads(ask(f"{server}/openapi.json")[2])
    told = {**document, "$ref": f"#/components/schemas/{schema}"}
    answer = json.loads(body)
    assert answer
    jsonschema.validate(answer, told, jsonschema.Draft202012Validator)


def test_requests_made_of_the_description_are_answered_as_it_says(
    server: str, tmp_path: Path
) -> None:
    """Three of each route, right and wrong ones; make fuzz sends more."""
    pytest.importorskip("schemathesis", reason="makes the requests")
    command: list[str | Path] = [Path(sys.executable).parent / "schemathesis"]
    command += ["--config-file", Path(__file__).parent / "schemathesis.toml"]
    command += ["run", f"{server}/openapi.json", "--url", server, "--seed", "7", "--no-shrink"]
    command += ["-n", "3", "--phases", "fuzzing", "--mode", "all", "--request-timeout", "300"]
    # a text of the right type is no query yet, and pages take any number of a page
    command += ["--exclude-checks", "positive_data_acceptance"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
