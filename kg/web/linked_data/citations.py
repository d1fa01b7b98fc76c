"""How to cite an entity, for its page and as files that reference managers take."""

from dataclasses import replace

from flask import Response, abort

from kg.views.citation import STYLES, citation, reference
from kg.web.context import edition, release, sent, settings
from kg.web.messages import Message


def citations(iri: str) -> dict[str, str]:
    """The citations of an entity of the release, as of today, by style."""
    named = replace(edition(), publisher=settings().publisher.cited)
    of = citation(release().store, iri, release().manifest.plan_of(iri), named)
    today = settings().site.day()
    return {style: reference(of, style, today) for style in STYLES}


def citation_file(iri: str, style: str) -> Response:
    """The citation of an entity in a style, as a file; 400 where there is no such style."""
    if style not in STYLES:
        abort(400, Message("no_style", ", ".join(STYLES)))
    ending, media_type = STYLES[style]
    name = iri.partition("/id/")[2].replace("/", "-")
    body = f"{citations(iri)[style]}\n"
    return sent(body, f"{media_type}; charset=utf-8", f"{name}.{ending}")
