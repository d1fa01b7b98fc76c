"""A plan is published from its page: by who may, one at a time, with what came of it in words."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g
from support import copy_release, form_key

from kg.files import lock
from kg.pipeline import PLAN_STEPS, RELEASE_STEPS
from kg.release.current import current
from kg.release.history import Change, Changed, Changes, Entity
from kg.release.manifest import read_manifest
from kg.settings import Settings, Token
from kg.web import publication
from kg.web.application import create_app
from kg.web.context import texts
from kg.web.pages.releases import plan_changes
from kg.web.publication import Order, Publication, carry_out, last_publication

DECIDES = Token("王审", "0123456789-decides", ("drafts", "review"))
PUBLISHES = Token("赵发", "0123456789-publishes", ("review", "publish"))
PAGE = "/review/qinghe-2026"


@pytest.fixture(scope="module")
def folder(small_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(small_plan, tmp_path_factory.mktemp("plans") / "qinghe")


@pytest.fixture(scope="module")
def out(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_release(small_release, tmp_path_factory.mktemp("served") / "release")


@pytest.fixture(scope="module")
def app(out: Path, folder: Path) -> Iterator[Flask]:
    tokens = (DECIDES, PUBLISHES)
    return create_app(out, Settings().with_values("server", plans=folder.parent, tokens=tokens))


def preview(app: Flask, token: Token) -> tuple[str, str]:
    """What the page shows to who has signed in, and what came of asking to publish."""
    client = app.test_client()
    client.post(f"{PAGE}/session", data={"token": token.secret})
    page = client.get(f"{PAGE}?show=preview&lang=zh", follow_redirects=True).text
    asked = client.post(f"{PAGE}/publish", data={"csrf": form_key(page)})
    return page, f"{asked.status_code} {asked.text}"


def test_who_may_not_publish_is_told_and_refused(app: Flask, folder: Path) -> None:
    assert "与当前发布相同，没有变化" in preview(app, DECIDES)[0]
    decided = folder / "corrections.toml"
    decided.write_text(
        '[[correction]]\naction = "add"\nkind = "vision"\nname = "创新能力显著增强"\n'
        'quote = "创新能力显著增强"\nreason = "长远目标"\n'
        '[[correction]]\naction = "reject"\nkind = "zone"\nname = "墨池创新谷"\nreason = "非地名"\n',
        encoding="utf-8",
    )
    page, asked = preview(app, DECIDES)
    decided.unlink()
    assert 'class="chip Vision">远景目标<' in page and "创新能力显著增强" in page
    assert "关联删除" in page and "增0条" not in page, "what stays is not counted"
    assert "没有发布权限" in page and "立即发布" not in page
    assert asked == "403 the token does not have the role publish; sign in with one that has\n"


def test_a_publication_tells_how_far_it_has_come_and_what_came_of_it(
    app: Flask, out: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Publication] = []

    def here(command: list[str], *_: object, **__: object) -> SimpleNamespace:
        """Carry out what a process of its own would."""
        assert command[-1] == "kg.web.publication"
        carry_out(Order(out, folder, "qinghe-2026", Settings(), PUBLISHES.name), told.append)
        publication._write(out / ".publication", told[-1])
        return SimpleNamespace(wait=lambda: 0)

    monkeypatch.setattr(publication, "started", here)
    source = folder / "source.txt"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("墨池创新谷", "墨池科创谷"), encoding="utf-8")
    page, asked = preview(app, PUBLISHES)
    assert "立即发布" in page and asked.startswith("303")
    assert [one.step for one in told[:-1]] == [*PLAN_STEPS, *RELEASE_STEPS]
    assert all(f"step_{one.step.replace(' ', '_')}" in texts() for one in told[:-1])
    assert [one.done for one in told] == [*range(len(told))]
    last = last_publication(out)
    assert last == told[-1] and last.release == 2 and last.changed and not last.refusal
    assert read_manifest(current(out)).by == "赵发"
    page = preview_page(app)  # looked at again until the new release is served
    assert "已完成第2次发布" in page and "data-under-way" in page
    when = datetime.fromisoformat(last.ended).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f">{when:%Y-%m-%d %H:%M}</time>）" in page, "by the office's clock, as decisions are"

    with (out / ".lock").open("w") as held:
        lock(held.fileno())
        assert preview(app, PUBLISHES)[1].startswith("303")
    refused = last_publication(out)
    assert refused is not None and not refused.release
    assert "未能发布：正在进行另一次发布" in preview_page(app)
    assert read_manifest(current(out)).release == 2


def test_a_plan_that_was_taken_out_is_called_by_its_title(app: Flask) -> None:
    gone = Entity("http://localhost:8000/id/gone", "Plan", "青石规划")
    with app.test_request_context():
        told = [plan_changes("gone", Changes((), taken, (), {})) for taken in ((gone,), ())]
    assert [one.title for one in told] == ["青石规划", "gone"]


@pytest.mark.parametrize(("language", "told"), [("zh", "甲；乙"), ("en", "甲; 乙")])
def test_values_of_a_change_stand_apart_as_the_language_has_it(
    app: Flask, language: str, told: str
) -> None:
    thing = Entity("http://localhost:8000/id/x/zone/1", "Zone", "青石园")
    change = Change("http://www.w3.org/2004/02/skos/core#altLabel", (), ("甲", "乙"))
    with app.test_request_context():
        g.language = language
        found = plan_changes("x", Changes((), (), (Changed(thing, (change,)),), {})).changed
    assert [line[2] for _, lines in found for line in lines] == [told]


def test_a_value_that_was_entered_is_told_once(app: Flask) -> None:
    plan = "http://localhost:8000/id/x"
    value = Entity(f"{plan}/value/1", "ActualValue", "绿地率（2023）：34%")
    change = Change("https://w3id.org/planlink/ns#hasActual", (), (value.iri,))
    of = Changed(Entity(f"{plan}/indicator/1", "Indicator", "绿地率"), (change,))
    with app.test_request_context():
        g.language = "zh"
        found = plan_changes("x", Changes((value,), (), (of,), {}))
    assert [one.label for one in found.added] == [value.label]
    assert found.changed == ((of.thing, ()),)


def preview_page(app: Flask) -> str:
    """The page, to who may publish."""
    client = app.test_client()
    client.post(f"{PAGE}/session", data={"token": PUBLISHES.secret})
    return client.get(f"{PAGE}?show=preview&lang=zh", follow_redirects=True).text


def test_one_at_a_time_and_one_that_was_killed_is_told(app: Flask, out: Path) -> None:
    folder = out / ".publication"
    folder.mkdir(exist_ok=True)
    begun = "2026-01-01T00:00:00+00:00"
    publication._write(folder, Publication("qinghe-2026", "赵发", begun, step="link", steps=13))
    with (folder / "lock").open("w") as held:
        lock(held.fileno())
        page, asked = preview(app, PUBLISHES)
        assert "建立关联" in page and "disabled" in page
        assert asked.startswith("409 another publish is writing there")
    assert "发布程序中途终止" in preview_page(app)
