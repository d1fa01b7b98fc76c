"""Publishing from a plan's page, by holders of tokens with the role publish."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import CannotWriteError, PlanlinkError
from kg.web.access import plan_folder, require_session
from kg.web.context import error_page, release, settings, text
from kg.web.messages import message_of
from kg.web.pages.session import named, signed_in
from kg.web.publication import Order, Publication, last_publication, start_publication
from kg.web.released import Releases

blueprint = Blueprint("publishing", __name__)


def shown_publication(slug: str) -> Publication | None:
    """The publication of a plan that its page tells of; None where there is none, or the visitor
    has not signed in."""
    if not (signed_in("publish") or signed_in("review")):
        return None
    found = last_publication(_served().folder)
    return found if found is not None and found.slug == slug else None


@blueprint.post("/review/<slug>/publish")
def publish(slug: str) -> WerkzeugResponse:
    """Begin to publish a plan as its folder has it now; the page then tells how far it has come."""
    folder = plan_folder(slug)
    by = named(require_session("publish")) or str(request.remote_addr)
    site = settings().with_values("site", base=release().base)
    onward = url_for("review.points", slug=slug, show="preview", _anchor="publication")
    try:
        start_publication(Order(_served().folder, folder, slug, site, by))
    except PlanlinkError as error:
        status = 503 if isinstance(error, CannotWriteError) else 409
        back = text("publish_title")
        return error_page(status, message_of(error), (back, onward))
    return redirect(onward, 303)


@blueprint.get("/review/<slug>/publication")
def publication(slug: str) -> str:
    """How far the publication has come, as a part of the plan's page."""
    plan_folder(slug)
    return render_template(
        "publication.html",
        slug=slug,
        plan=release().plan(slug),
        publication=shown_publication(slug),
    )


def _served() -> Releases:
    found: Releases = current_app.extensions["releases"]
    return found
