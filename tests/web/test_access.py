"""Who may do what: tokens with roles, sessions, forms of other sites, guesses."""

from __future__ import annotations

import base64
import re
import shutil
import time
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import copy_release, form_key
from werkzeug.exceptions import abort

from kg.link.corrections import load_corrections, record, withdraw
from kg.monitoring.log import read_log
from kg.settings import Settings, Token
from kg.web import access, bounds
from kg.web.application import create_app

READS = Token("读者", "0123456789-reads", ("drafts",))
DECIDES = Token("王审", "0123456789-decides", ("drafts", "review"))
ENTERS = Token("李录", "0123456789-enters", ("observe",))
PAGE = "/review/qinghe-2026"
WISH = {"action": "accept", "kind": "zone", "name": "墨池创新谷", "reason": "确有其地"}
VALUE = {"measure": "2.1.1", "state": "已完成", "source": "公报"}


@pytest.fixture(scope="module")
def plans(small_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    shutil.copytree(small_plan, folder / "qinghe")
    return folder


@pytest.fixture(scope="module")
def app(small_release: Path, plans: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A server on the small plan, where three have tokens; addresses are counted at the same
    places in each run, since by a random salt two share a count now and then."""
    release = copy_release(small_release, tmp_path_factory.mktemp("served") / "release")
    settings = Settings().with_values("server", plans=plans, tokens=(READS, DECIDES, ENTERS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.web.bounds.secrets", SimpleNamespace(token_bytes=bytes))
        return create_app(release, settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of an address of its own."""
    return app.test_client()


def sign_in(client: FlaskClient, token: Token) -> str:
    """Sign in; the session."""
    answer = client.post(f"{PAGE}/session", data={"token": token.secret})
    assert answer.status_code == 303
    cookie = client.get_cookie(access.SESSION, path="/review/")
    assert cookie is not None
    assert cookie.http_only and cookie.same_site == "Strict"
    return cookie.value


def test_what_is_written_is_by_the_token_s_name(client: FlaskClient, plans: Path) -> None:
    sign_in(client, DECIDES)
    page = client.get(PAGE).text
    assert 'name="by"' not in page
    decided = client.post(PAGE, data={**WISH, "by": "somebody", "csrf": form_key(page)})
    assert decided.status_code == 303
    assert [c.by for c in load_corrections(plans / "qinghe")][-1:] == ["王审"]
    form = {**VALUE, "token": ENTERS.secret, "by": "somebody"}
    assert client.post("/observe/qinghe-2026", data=form).status_code == 200
    assert read_log(plans / "qinghe").imports[-1].by == "李录"


def test_what_was_missed_is_added_by_form(client: FlaskClient, plans: Path) -> None:
    sign_in(client, DECIDES)
    measure = client.get(f"{PAGE}?kind=measure&name=3.1.1").text
    link = re.search(r'<option value="(measure \S+ contributesTo indicator 1)"', measure)
    assert link is not None and "漏掉的关联" in measure
    assert "section 2 supportsGoal goal" in client.get(f"{PAGE}?kind=section&name=2").text
    assert 'name="quote"' in client.get(f"{PAGE}?start=400&end=410").text
    form = {"csrf": form_key(measure), "action": "add", "reason": "原文如此"}
    at = {"asked_start": "400", "asked_end": "410"}
    missed = [
        {"asked_kind": "measure", "asked_name": "3.1.1", "kind": "link", "name": link[1]},
        {**at, "kind": "target", "name": "公园", "quote": "新建公园12个"},
        {**at, "kind": "measure", "quote": "新建公园12个"},
        {**at, "kind": "", "type": "zone:park", "name": "墨池创新谷", "quote": "重点项目"},
    ]
    for one in missed:
        assert client.post(PAGE, data={**form, **one}).status_code == 303, one
        refused = client.post(PAGE, data={**form, **one})
        assert refused.status_code == 400 and "原文如此" in refused.text, "it is there already"
    entered = [c for c in load_corrections(plans / "qinghe") if c.reason == "原文如此"]
    assert [(c.kind, c.name) for c in entered] == [
        ("link", link[1]), ("target", "公园"), ("measure", ""), ("zone", "墨池创新谷")
    ]  # fmt: skip
    decided = client.get(f"{PAGE}?show=decisions").text
    assert "原文中已找不到" not in decided
    assert client.post(PAGE, data={**form, "kind": "target", "name": "x"}).status_code == 400
    english = client.get(f"{PAGE}?show=decisions&lang=en", follow_redirects=True).text
    assert ">Reviewer<" in english and "Your name" not in english


def test_what_is_read_rightly_is_accepted_without_a_reason(
    client: FlaskClient, plans: Path
) -> None:
    sign_in(client, DECIDES)
    page = client.get(f"{PAGE}?kind=zone&name=墨池创新谷&lang=zh").text
    forms = re.findall(r"<form[^>]*decide.*?</form>", page, re.DOTALL)
    needless = [re.findall(r'value="(\w+)" formnovalidate', form) for form in forms]
    assert needless.count(["accept"]) == 1 and needless.count([]) == len(forms) - 1
    wish = {**WISH, "reason": "", "csrf": form_key(page)}
    assert client.post(PAGE, data=wish).status_code == 303
    assert load_corrections(plans / "qinghe")[-1].reason == "与原文相符"
    refused = client.post(PAGE, data=wish | {"action": "reject"})
    assert refused.status_code == 400 and "请填写“理由”" in refused.text


def test_who_has_signed_in_waits_for_a_plan_that_is_read(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, DECIDES)
    monkeypatch.setattr("kg.web.bounds.Admission.admitted", lambda *_: abort(503))
    assert app.test_client().get(PAGE).status_code == 503
    assert client.get(f"{PAGE}?show=preview").status_code == 200


def test_the_preview_tells_what_a_thing_is_merged_into(client: FlaskClient, plans: Path) -> None:
    sign_in(client, DECIDES)
    merge = {"action": "merge", "kind": "zone", "name": "墨池创新谷", "to": "栖霞渡科技产业园"}
    form = {"csrf": form_key(client.get(PAGE).text), "reason": "同一园区"}
    assert client.post(PAGE, data=merge | form).status_code == 303
    preview = client.get(f"{PAGE}?show=preview&lang=zh", follow_redirects=True).text
    made = load_corrections(plans / "qinghe")[-1]
    withdraw(plans / "qinghe", made.ordinal, made.at)
    row = preview.partition("墨池创新谷 · ")[2].partition("</tr>")[0]
    assert "栖霞渡科技产业园" in row and "—" not in row


def test_the_row_of_a_table_is_quoted_by_its_cells(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?show=things&kind=indicator&name=地区生产总值&lang=zh").text
    quoted = page.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "地区生产总值 · 亿元 · 520" in quoted


def test_what_is_refused_is_said_at_its_form(client: FlaskClient) -> None:
    sign_in(client, DECIDES)
    about = {"kind": "zone", "name": "墨池创新谷"}
    asked = {f"asked_{key}": value for key, value in about.items()}
    wish = {
        "action": "merge",
        "to": "没有的园区",
        "reason": "同一处",
        "csrf": form_key(client.get(PAGE).text),
    }
    refused = client.post(f"{PAGE}?lang=zh", data={**about, **asked, **wish})
    assert refused.status_code == 400
    forms = re.findall(r"<form.*?</form>", refused.text, re.DOTALL)
    (form,) = (one for one in forms if "没有可并入的“没有的园区”" in one)
    assert 'value="merge"' in form and 'value="没有的园区"' in form
    assert re.search(r'name="reason" required autofocus value="同一处"', form), "shown from there"
    refused = client.post(f"{PAGE}?lang=en", data={**about, **asked, **wish})
    said = 'There is no <span lang="zh-Hans">没有的园区</span> to merge into'
    assert refused.text.count(said) == 2, "above the page and at its form"


@pytest.mark.parametrize("token", [READS, ENTERS])
def test_a_role_opens_no_more_than_it_says(client: FlaskClient, token: Token) -> None:
    key = access.form_key(token, sign_in(client, token))
    assert 'name="action"' not in client.get(PAGE).text
    refused = client.post(PAGE, data={**WISH, "csrf": key})
    said = "the token does not have the role review; sign in with one that has\n"
    assert (refused.status_code, refused.text) == (403, said)
    if token is READS:
        form = {**VALUE, "token": token.secret, "by": "x"}
        assert client.post("/observe/qinghe-2026", data=form).status_code == 403


@pytest.mark.parametrize(
    ("came_from", "leads_back"), [(f"http://localhost{PAGE}", 1), ("http://elsewhere/", 0)]
)
def test_a_refused_form_leads_back_to_its_page(
    client: FlaskClient, came_from: str, leads_back: int
) -> None:
    seen = {"Accept": "text/html", "Referer": came_from}
    refused = client.post(f"{PAGE}/publish", data={"token": "guess"}, headers=seen)
    assert refused.status_code == 403 and refused.text.count(f'href="{came_from}"') == leads_back


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (date(2027, 7, 15), ["2026", "2027-H1", "2026-H1", "2026-H2"]),
        (date(2026, 2, 1), []),
    ],
)
def test_periods_that_have_not_ended_are_not_offered(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, today: date, offered: list[str]
) -> None:
    """A value of one would be refused."""
    sign_in(client, ENTERS)
    monkeypatch.setattr("kg.settings.Site.day", lambda *_: today)
    shown = client.get("/observe/qinghe-2026?lang=zh").text
    (field,) = re.findall(r'<select[^>]+name="period".*?</select>', shown, re.DOTALL)
    assert re.findall(r'value="(20[^"]+)"', field) == offered
    assert ("规划期内尚无已结束的时期" in field) is (not offered)


@pytest.mark.parametrize("page", ["review", "observe"])
def test_who_is_refused_stays_on_the_page_of_the_form(client: FlaskClient, page: str) -> None:
    shown = client.get(
        f"/{page}/qinghe-2026", query_string={"show": "decisions", "lang": "zh"}
    ).text
    tabs = shown.partition('class="tabs"')[2].partition("</nav>")[0]
    assert tabs.count(" href=") == 6 and tabs.count("aria-current") == 1, "the same on both pages"
    address = re.search(r'action="([^"]+/session[^"]*)"', shown)
    assert address is not None
    data = {"token": "guess", "by": "周青", "asked_show": "decisions"}
    refused = client.post(address[1], data=data, headers={"Accept": "text/html"})
    heading = re.search(r"<h1>[^<]+", shown)
    assert refused.status_code == 403 and heading and heading[0] in refused.text
    for one in (shown, refused.text):
        menu = one.partition("<header>")[2].partition("</header>")[0]
        assert re.findall(r'aria-current="\w+">([^<]+)', menu) == ["审定"]
    assert 'role="alert">令牌不对，请核对后重试。<' in refused.text
    assert 'value="周青"' in refused.text
    other = re.search(r'class="language" href="([^"]+)"', refused.text)
    assert other is not None
    led = client.get(unescape(other[1]))
    assert (led.status_code, led.location) == (303, f"/{page}/qinghe-2026?lang=en")


def test_a_name_that_nothing_has_is_said_to_be_unknown(client: FlaskClient) -> None:
    asked = {"kind": "zone", "name": "没有的地方", "lang": "zh"}
    page = client.get(PAGE, query_string=asked, headers={"Accept": "text/html"})
    listed = f'class="button" href="{PAGE}?show=things&amp;kind=zone"'
    assert page.status_code == 404 and listed in page.text and asked["name"] in page.text
    assert client.get(PAGE, query_string={**asked, "done": "reject"}).status_code == 200


def test_a_refused_sign_in_keeps_the_name(client: FlaskClient) -> None:
    data = {"token": "guess", "by": "周青 "}
    assert client.post(f"{PAGE}/session", data=data).status_code == 403
    assert 'name="by" value="周青"' in client.get(PAGE).text


def test_a_session_is_random_ends_and_is_not_the_token(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = sign_in(client, DECIDES), sign_in(app.test_client(), DECIDES)
    assert one != other and DECIDES.secret not in one
    content, _, signature = one.split(".")
    later = other.split(".")[1].swapcase()
    for forged in (
        f"{content}.{later}.{signature}",
        DECIDES.secret,
        "",
        ".",
        "..",
        f"²{one}",
        f"é{one}",
        f"{content}.{signature}",
    ):
        client.set_cookie(access.SESSION, forged, path="/review/")
        assert 'name="token"' in client.get(PAGE).text, forged
    client.set_cookie(access.SESSION, one, path="/review/")
    assert 'name="token"' not in client.get(PAGE).text
    end = time.time() + 8 * 3600 + 1
    monkeypatch.setattr(time, "time", lambda: end)
    assert 'name="token"' in client.get(PAGE).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.example"}, 303),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "http://localhost.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    data = {"token": DECIDES.secret}
    assert client.post(f"{PAGE}/session", data=data, headers=headers).status_code == status
    assert client.post("/queries", data={"query": "ASK {}"}, headers=headers).status_code == status


def test_a_form_without_the_session_s_key_is_refused(client: FlaskClient, app: Flask) -> None:
    session = sign_in(client, DECIDES)
    other = app.test_client()
    keys = (
        "",
        "x",
        access.form_key(DECIDES, sign_in(other, DECIDES)),
        access.form_key(READS, session),
    )
    for key in keys:
        assert client.post(PAGE, data={**WISH, "csrf": key}).status_code == 403
    own = access.form_key(DECIDES, session)
    assert other.post(PAGE, data={**WISH, "csrf": own}).status_code == 403


def test_guesses_are_slowed_by_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "time", SimpleNamespace(monotonic=lambda: 7.0))

    def guess(address: str, token: str) -> tuple[int, str | None]:
        client = app.test_client()
        data, remote = {"token": token}, {"REMOTE_ADDR": address}
        answer = client.post(f"{PAGE}/session", data=data, environ_overrides=remote)
        return answer.status_code, answer.headers.get("Retry-After")

    wrong, slowed = (403, None), (429, "60")
    assert [guess("192.0.2.1", f"guess {i}") for i in range(12)] == [wrong] * 10 + [slowed] * 2
    assert guess("192.0.2.1", DECIDES.secret) == slowed, "the right one would be found out"
    assert guess("192.0.2.2", DECIDES.secret) == (303, None)


def test_queries_are_saved_few_at_a_time(app: Flask) -> None:
    client, remote = app.test_client(), {"REMOTE_ADDR": "192.0.2.3"}

    def save() -> int:
        return client.post("/queries", data={"query": ""}, environ_overrides=remote).status_code

    assert [save() for _ in range(32)] == [400] * 30 + [429] * 2


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (f"Bearer {ENTERS.secret}", ENTERS),
        (f"bearer  {ENTERS.secret}", ENTERS),
        ("Basic " + base64.b64encode(f"x:{ENTERS.secret}".encode()).decode(), ENTERS),
        ("Basic " + base64.b64encode(ENTERS.secret.encode()).decode(), None),
        ("Basic !", None),
        (f"Digest {ENTERS.secret}", None),
        ("Bearer \xff\xfe", None),
        ("Bearer", None),
    ],
)
def test_programs_send_the_token_in_a_header(app: Flask, given: str, found: Token | None) -> None:
    from werkzeug.exceptions import HTTPException

    with app.test_request_context(
        headers={"Authorization": given}, environ_base={"REMOTE_ADDR": given}
    ):
        if found:
            assert access.require_header("observe") == found
            with pytest.raises(HTTPException) as refused:
                access.require_header("publish")
            assert refused.value.code == 403
        else:
            with pytest.raises(HTTPException) as refused:
                access.require_header("observe")
            answer = refused.value.response
            assert answer is not None and answer.status_code == 401
            assert len(answer.headers.getlist("WWW-Authenticate")) == 2


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    session = sign_in(client, DECIDES)
    saved = client.post("/queries", data={"query": "ASK { ?s ?p ?o }"})
    assert "保留至" not in client.get(saved.location).text, "who has signed in saves for good"
    end = f"{PAGE}/session/end"
    assert client.post(end, data={"csrf": "x"}).status_code == 403
    key = access.form_key(DECIDES, session)
    done = client.post(end, data={"csrf": key, "page": "observe"})
    assert (done.status_code, done.location) == (303, PAGE.replace("review", "observe"))
    for page in (PAGE, "/observe/qinghe-2026"):
        assert 'name="token"' in client.get(page).text
    assert client.post(PAGE, data={**WISH, "csrf": key}).status_code == 403
    assert client.post(end).status_code == 303, "there is nothing to end"


def test_decisions_tell_a_merge_from_a_rename(client: FlaskClient, plans: Path) -> None:
    path, entry = plans / "qinghe", {"action": "rename", "kind": "zone", "reason": "同一处"}
    had = load_corrections(path)
    record(path, {**entry, "name": "墨池创新谷", "to": "栖霞渡科技产业园"}, "甲")
    record(path, {**entry, "name": "栖霞渡科技产业园", "to": "栖霞渡产业园"}, "")
    sign_in(client, DECIDES)
    shown = client.get(f"{PAGE}?show=decisions&lang=zh").text
    for one in load_corrections(path)[len(had) :][::-1]:  # others begin with what was there
        withdraw(path, one.ordinal, one.at)
    made = re.findall(r'<td data-head="决定" class="years">(\S+)', shown)
    assert made[:2] == ["改名", "合并"]
    by = re.findall(r'<td data-head="审定人">(\S*)</td>', shown)
    assert by[:2] == ["—", "甲"], "a blank says nothing"


def test_a_form_leads_back_to_its_page_and_keeps_what_it_held(client: FlaskClient) -> None:
    zone = "http://localhost:8000/id/qinghe-2026/zone/mo-chi-chuang-xin-gu"
    page = client.get(f"{PAGE}?iri={zone}&lang=zh").text
    asked = {
        f"asked_{key}": value
        for key, value in re.findall(r'name="asked_(\w+)" value="([^"]*)"', page)
    }
    assert asked == {"asked_kind": "zone", "asked_name": "墨池创新谷"}
    wish = {**WISH, **asked, "reason": "写好的理由"}
    refused = client.post(PAGE, data=wish, headers={"Accept": "text/html"})
    assert refused.status_code == 403 and 'value="写好的理由"' in refused.text, "not signed in"
    assert refused.text.count('name="token"') == refused.text.count('class="decide"') > 1
    merged = client.get(f"{PAGE}?kind=zone&name=墨池创新谷&done=merge").text
    assert "已保存：合并" in merged
    for answer in (
        client.post(PAGE, data={**wish, "token": DECIDES.secret}),
        client.post(f"{PAGE}/session", data={**asked, "token": DECIDES.secret}),
    ):
        back = parse_qs(urlsplit(answer.location).query)
        assert (back["kind"], back["name"]) == (["zone"], ["墨池创新谷"])


def test_the_page_of_a_link_leads_to_its_correction(client: FlaskClient) -> None:
    """Of one whose end is called by its name in corrections, and by an identifier in its IRI."""
    zone = client.get("/page/qinghe-2026/zone/mo-chi-chuang-xin-gu").text
    (link, *_) = re.findall(r'"(/page/qinghe-2026/link/[^"]+\.locatedIn\.[^"]+)"', zone)
    (there,) = re.findall(r'href="(/review/[^"]+)">\s*更正此处', client.get(f"{link}?lang=zh").text)
    assert 'name="asked_kind" value="link"' in client.get(unescape(there)).text


@pytest.mark.parametrize("path", [PAGE, "/observe/qinghe-2026"])
@pytest.mark.parametrize("field", ["by", "asked_show", "asked_name", "asked_start", "asked_q"])
def test_a_long_form_gets_no_page_many_times_as_long(
    client: FlaskClient, path: str, field: str
) -> None:
    """Anybody may send one, and each form of the page repeats some of what it held."""
    long = '"' * 100_000
    refused = client.post(path, data={**WISH, field: long}, headers={"Accept": "text/html"})
    assert refused.status_code == 403 and len(refused.data) < len(long)
    signed = client.post(f"{PAGE}/session", data={field: long, "token": DECIDES.secret})
    assert signed.status_code == 303 and len(signed.location) < 2_000
