"""What every page shares: the release, the language, links to entities, and error pages."""

import re
from dataclasses import replace
from functools import cache
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup, escape
from werkzeug.http import is_resource_modified

from kg.files import packaged
from kg.lexicon import lexicon
from kg.network.drawing import Counted
from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import PLAN
from kg.release.manifest import PlanEntry, Removal
from kg.settings import Settings
from kg.source.slugs import kind_of_plan
from kg.views.citation import Edition, Imprint
from kg.views.entity import EntityReader
from kg.web.bounds import Admission
from kg.web.markup import local_times, with_heads
from kg.web.messages import Message
from kg.web.negotiation import COOKIE, PREFLIGHT, Refusal, language_for, primary_tag, wants_page
from kg.web.released import Release

_OTHERS = 20  # plans that a page leads over to
# Chinese in HTML, to its last letter or mark, with what stands there in Latin letters: in brackets,
# or as a short name before Chinese
_HAN = re.compile(
    r"[\u4e00-\u9fff](?>（[^（）<]*）|“[^“”<]*”|[A-Z]+[a-z]?(?=[\u4e00-\u9fff（])|&amp;|[^a-z<&])*"
    r"(?<=[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef])"
)
_PREFIXED = re.compile(r"\w+:\w")
_LATIN_WORD = re.compile("[a-z]{3}")
_ABOUT = re.compile(r"[：:] ?(?=https?://\S+$)")  # before the IRI that ends a sentence
_PASSAGE = re.compile(r"([^/]+)/passage/(?:v\d+\.)?(\d{1,9})-(\d{1,9})")


@cache
def texts() -> dict[str, dict[str, str]]:
    """The words of the pages, by key and language."""
    return packaged("kg.network", "words") | packaged("kg.web", "texts")


def text(key: str, *values: object) -> str:
    """A text in the visitor's language, with values put in; where it counts nothing, the one of
    nothing, if there is one (key_zero)."""
    if type(next(iter(values), None)) is int and not values[0] and f"{key}_zero" in texts():
        key = f"{key}_zero"
    counted = (Counted(one) if type(one) is int else one for one in values)
    return texts()[key][g.language].format(*counted)


def sentences(*said: str) -> str:
    """Sentences one after the other, as the visitor's language parts them; empty ones left out."""
    return text("gap").join(filter(None, said))


def release() -> Release:
    """The release that this request is answered from, the same to its end."""
    if "release" not in g:
        g.release = current_app.extensions["releases"].get()
    return cast("Release", g.release)


def settings() -> Settings:
    """The settings of the site, with who publishes, whom to ask and the licence as the release says
    them: pages and data say the same."""
    if "settings" not in g:
        site: Settings = current_app.extensions["settings"]
        manifest = release().manifest
        g.settings = replace(
            site,
            publisher=manifest.publisher or site.publisher,
            contact=manifest.contact or site.contact,
            licence=manifest.terms or site.licence,
        )
    return cast("Settings", g.settings)


def admission() -> Admission:
    """The bounds on concurrent requests."""
    return cast("Admission", current_app.extensions["admission"])


def publisher_iri() -> str:
    """The publisher's IRI, under the base that the release was made with."""
    return settings().with_values("site", base=release().base).publisher_iri


def plan_of(slug: str) -> PlanEntry:
    """What the manifest says of a plan; answers 410 where it was withdrawn, and 404 where there
    never was one of that slug."""
    if (found := release().plan(slug)) is not None:
        return found
    abort_if_gone(plan_iri(release().base, slug))
    abort(404, Message("no_plan", slug))


def removal_of(iri: str) -> Removal | None:
    """When an entity that was released once was taken out, and what has its place."""
    removed = release().once(("removed",), lambda: {r.iri: r for r in release().manifest.removed})
    return removed.get(iri)


def abort_if_gone(iri: str) -> None:
    """Answer 410 for what was released once, with its successor where it has one."""
    if (gone := removal_of(iri)) is None:
        return
    served = release().manifest
    issued = {past.number: past.issued for past in (*served.history, served.as_past)}
    moment = issued.get(gone.release)
    day = settings().site.day(moment) if moment else gone.date
    named = ("of_release_of_day", gone.release, day) if day else ("of_release", gone.release)
    edition = Message(*named)
    key = "gone_with_successor" if gone.successor else "gone"
    heir = reader().reference(gone.successor) if gone.successor else None
    message = Message(key, edition, heir.label if heir else "")
    onward = (heir.label, address(heir.iri)) if heir else None
    if heir is None and release().has(gone.release):
        onward = capital(edition.worded(g.language)), url_for("releases.one", number=gone.release)
    response = error_page(410, message, onward)
    if gone.successor:
        response.headers["Link"] = f'<{gone.successor}>; rel="successor-version"'
    abort(response)


def abort_if_its_plan_is_gone(name: str) -> None:
    """Answer 410 for a file that is not there and is called after a plan that was withdrawn: its
    name is a slug, and what it holds behind a hyphen or a dot."""
    for end in reversed([match.start() for match in re.finditer("[.-]", name)]):
        if release().plan(slug := name[:end]):
            return
        abort_if_gone(plan_iri(release().base, slug))


def reader() -> EntityReader:
    """Reads the release in the visitor's language."""
    if "reader" not in g:
        g.reader = EntityReader(release().store, g.language)
    return cast("EntityReader", g.reader)


def before() -> None:
    """Settle the language, which may be named in the address."""
    g.language = language_for(request, settings().site.languages, request.args.get("lang"))


def after(response: Response) -> Response:
    """Say what an answer differs by, pages by the language as well."""
    if request.endpoint != "static":
        is_page = response.mimetype == "text/html" and "Location" not in response.headers
        response.vary.update(("Accept", "Accept-Language", "Cookie") if is_page else ("Accept",))
        is_read = request.method in ("GET", "HEAD")
        if is_read and response.status_code == 200 and not response.is_streamed:
            response.add_etag(weak=True)
            response.make_conditional(request)
        named = response.mimetype == "text/html" and request.args.get("lang")
        language: str = g.get("language", "")
        if named and primary_tag(named) == language != request.cookies.get(COOKIE):
            response.set_cookie(
                COOKIE, language, 31_536_000, path=at("") or "/", samesite="Lax", httponly=True
            )
    if response.status_code == 206:
        response = _conditional(response)
    if request.method in ("GET", "HEAD") and _is_another(response):
        response.close()
        response = error_page(412, Message("http_412"))
    if request.method == "OPTIONS" and response.allow:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers.update(PREFLIGHT)
    return response


def _conditional(part: Response) -> Response:
    """A part of a file, or what goes before it: that the client has the file already, or means
    another (RFC 9110 §13.2.2 and §13.1.5, of which werkzeug looks at neither for a part)."""
    now, had = part.last_modified, request.if_range.date
    if had and now and had != now:
        part.close()
        del request.environ["HTTP_RANGE"]
        return current_app.make_response(current_app.dispatch_request())
    if not is_resource_modified(request.environ, part.headers.get("ETag"), last_modified=now):
        part.status_code = 412 if "If-Match" in request.headers else 304
    return part


def _is_another(response: Response) -> bool:
    """Whether this is not what the client has, and wants parts of or nothing (RFC 9110 §13.1.1 and
    §13.1.4, which werkzeug leaves out)."""
    had, now = request.if_unmodified_since, response.last_modified
    had = had if response.status_code in (200, 206) and "If-Match" not in request.headers else None
    return response.status_code == 412 or bool(had and now and had < now.replace(microsecond=0))


def at(path: str) -> str:
    """The address on this host of a path of the site, such as the manifest gives for a file."""
    return request.script_root + path


def public(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, for those who read of it elsewhere, in feeds and
    descriptions: at site.url where that is set, else where a proxy has mounted the site, else
    at the base of the IRIs."""
    root = settings().site.url or (
        request.root_url.rstrip("/") if request.script_root else release().base
    )
    return f"{root}{url_for(endpoint, **values).removeprefix(request.script_root)}"


def address(iri: str) -> str:
    """The page about an entity: a passage's place in the text, another's page here, the
    vocabulary's page, or the IRI itself elsewhere."""
    base = release().base
    if passage := _PASSAGE.fullmatch(iri.removeprefix(f"{base}/id/")):
        slug, start, end = passage.groups()
        return url_for("reading.place", slug=slug, start=int(start), end=int(end))
    if iri.startswith(f"{base}/id/"):
        return url_for("entities.page", path=iri.removeprefix(f"{base}/id/"))
    if iri.startswith(str(PLAN)):
        return url_for("vocabulary.terms", _anchor=iri.removeprefix(str(PLAN)))
    return iri if urlsplit(iri).scheme in ("http", "https") else "#"


def asked_query(**changes: object) -> str:
    """This address's query with parameters set anew, to a value or a list; "" and None drop one."""
    query: list[tuple[str, object]] = []
    for key, values in {**request.args.to_dict(flat=False), **changes}.items():
        query += [(key, one) for one in (values if isinstance(values, list) else [values])]
    return urlencode([(key, one) for key, one in query if one not in ("", None)])


def here(**changes: object) -> str:
    """The address of this page with some parameters set anew (asked_query)."""
    return _here(asked_query(**changes))


def other_language() -> str:
    """This page's address in the other language; all other parameters stay."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return _here(urlencode([*kept, ("lang", "en" if g.language == "zh" else "zh")]))


def _here(query: str) -> str:
    """This page's address with a query; it begins with one slash: two would name another host."""
    return at(f"/{quote(request.path.lstrip('/'))}?{query}")


def kind_label(kind: str) -> str:
    """The name of a class of the vocabulary."""
    return reader().label(str(PLAN[kind])) if kind else ""


def plan_title(plan: PlanEntry) -> str:
    """A plan's title in the visitor's language, Chinese where there is no English one."""
    return (plan.title_en if g.language == "en" else None) or plan.title


def plan_kind(plan: PlanEntry) -> str:
    """What tells a plan from the outline of its area, for lists that name plans by their areas: the
    words of its sector; "" for the outline."""
    kind, proposal = kind_of_plan(plan.title, plan.area), lexicon("titles")["slug"]["proposal"]
    return kind.removesuffix(proposal) or (text("plan_proposal") if kind else "")


def other_plans(slug: str) -> list[PlanEntry]:
    """The first of the other plans, those of the same area before all."""

    def first_others() -> list[PlanEntry]:
        own, plans = release().plan(slug), release().manifest.plans
        others = [plan for plan in plans if plan.slug != slug]
        return sorted(others, key=lambda plan: own is None or plan.area != own.area)[:_OTHERS]

    return release().once(("other plans", slug), first_others)


def edition() -> Edition:
    """The release that is served, as citations name it."""
    of, publisher = release().manifest, settings().publisher
    issued = settings().site.day(of.issued)
    return Edition(of.release, str(issued), publisher.name["zh"], of.licence)


def imprint(plan: PlanEntry | None) -> Imprint:
    """What a page, a file or a picture says it is of: a plan, or without one all plans."""
    if plan is None:
        title = settings().site.title
        return Imprint(title["zh"], title["en"], f"{release().base}/id/catalogue", edition())
    iri = plan_iri(release().base, plan.slug)
    return Imprint(plan.title, plan.title_en or plan.title, iri, edition())


def given(value: Any) -> Any:
    """A value for JSON without what is empty in it."""
    if isinstance(value, dict):
        return {name: kept for name, one in value.items() if (kept := given(one)) or one is False}
    return [given(one) for one in value] if isinstance(value, list) else value


def chinese(words: str) -> Markup:
    """The attribute that marks words of a plan on an English page as Chinese (WCAG 3.1.2)."""
    is_chinese = _HAN.search(words) and not _LATIN_WORD.search(words)
    return Markup(' lang="zh-Hans"' if g.get("language") == "en" and is_chinese else "")


def capital(words: str) -> str:
    """A label that stands alone, which begins with a capital in English; a plan's names and those
    of RDF (qb:DataSet) stay."""
    stays = _HAN.search(words) or _PREFIXED.match(words)
    return words if stays else words[:1].upper() + words[1:]


def grouped(count: int) -> str:
    """A count as a visitor reads it: with commas between thousands, in Chinese from five digits."""
    return f"{count:,}" if g.language == "en" else f"{Counted(count)}"


def with_lang(words: object) -> Markup:
    """Words as HTML, what is Chinese among those of an English page marked so (WCAG 3.1.2)."""
    html = str(escape(words))
    in_english = g.get("language") == "en"
    return Markup(_HAN.sub(r'<span lang="zh-Hans">\g<0></span>', html) if in_english else html)


def register_helpers(app: Flask) -> None:
    """Register the functions and values that templates use."""
    for change in (given, with_lang, capital, grouped):
        app.add_template_filter(change)
    app.add_template_filter(
        lambda one, days=False: local_times(one, settings().site.time_zone, days), "local_time"
    )
    helpers = (
        sentences, with_heads, chinese, address, at, public, publisher_iri, other_language,
        kind_label, plan_title, plan_kind, other_plans,
    )  # fmt: skip
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}

    @app.context_processor
    def _helpers() -> dict[str, Any]:
        return {
            "t": text,
            "this_address": here,
            "label": lambda iri: reader().label(iri) if iri else "",
            "reference": lambda iri: reader().reference(iri),
            "imprint_of": imprint,
            "language": g.get("language", "zh"),
            "settings": settings(),
            "release": release(),
            "only_plan": plans[0].slug if len(plans := release().manifest.plans) == 1 else "",
        }


def plain(line: str, status: int = 200) -> Response:
    """An answer of one line of text."""
    return Response(f"{line}\n", status, mimetype="text/plain")


def sent(body: str | bytes, media_type: str, name: str = "", how: str = "attachment") -> Response:
    """An answer of a media type; saved, or shown inline, where a name for its file is given."""
    response = Response(body, content_type=media_type)
    if name:
        response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response


def _plan_of_address() -> PlanEntry | None:
    """The plan that an address is of, though what it asks for is not there."""
    asked = request.view_args or {}
    return release().plan(asked.get("slug") or str(asked.get("path", "")).partition("/")[0])


def error_page(code: int, detail: str, onward: tuple[str, str] | None = None) -> Response:
    """An error in the format that the client accepts: a page in the visitor's language with a link
    onward (name, address), or one line of text in English."""
    refused = Refusal(detail, code)
    if not wants_page(request):
        return make_response(refused)
    key = f"error_{code}" if f"error_{code}" in texts() else "error_400"
    sentence, *about = _ABOUT.split(refused.worded(g.language))
    page = render_template(
        "error.html",
        code=code,
        heading=text(key),
        detail=sentence,
        about="".join(about),
        onward=onward,
        plan=_plan_of_address(),
    )
    return make_response(page, code)
