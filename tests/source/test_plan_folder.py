"""plan.toml: what planlink new writes, and what load_plan takes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest
from support import FLAGSHIP, complete, run

from kg.errors import PlanlinkError, SeveralErrors
from kg.files import parse_toml
from kg.link.corrections import as_toml, load_corrections
from kg.release.folder import EVERYTHING
from kg.source import dates
from kg.source.new import new_plan
from kg.source.plan import load_plan
from kg.source.schema import UNSURE, keys
from kg.source.slugs import kind_of_plan, reserved

PlanCopy = Callable[..., Path]


def with_key(key: str, value: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        pattern = rf"(?m)^{key} = .*$"
        line = f"{key} = {value}"
        return (
            re.sub(pattern, lambda _: line, text) if re.search(pattern, text) else f"{text}{line}\n"
        )

    return change


def refused(folder: Path) -> str:
    with pytest.raises(PlanlinkError) as error:
        load_plan(folder)
    return str(error.value)


def test_the_flagship_is_taken_as_it_is() -> None:
    plan = load_plan(FLAGSHIP)
    assert (plan.slug, plan.area_code, plan.issued) == ("hongqiao-2021", "120106", date(2021, 3, 8))
    assert (plan.level, plan.source_url, plan.retrieved) == (None, None, None)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("period", "[0, 99999]", "no year from 1949 to 2100"),
        ("period", "[true, true]", r"period is \[True, True\]"),
        ("period", "[2025, 2021]", "its last year is before its first"),
        ("period", "[2001, 2031]", "of 31 years"),
        ("period", "[2021]", r"period is \[2021\]"),
        ("period", '"2021-2025"', "period is '2021-2025'"),
        ("horizon", "2024", "before the period ends; give 2025 or later"),
        ("horizon", '"2035"', "horizon is '2035'"),
        ("horizon", "true", "horizon is True"),
        ("slug", '"planlink"', "a word that a release keeps for itself"),
        ("slug", '"红桥"', "small letters, digits and hyphens"),
        ("slug", '"-a"', "small letters, digits and hyphens"),
        ("slug", "3", "slug is 3"),
        ("issued", '"2021-03-08"', "the day of issue without quotes"),
        ("issued", "2021-03-08T10:00:00", "no day"),
        ("retrieved", "2021", "no day"),
        ("retrieved", "2099-01-01", "retrieved is 2099-01-01, a day that has not come; give the day"),
        ("area_code", "120106", "in quotes"),
        ("area_code", '"120199"', "which no division has or had"),
        ("area_code", '"310101"', "is 上海市黄浦区, and area is '天津市红桥区'; correct"),
        ("area_code", '"12010"', "no 6, 9 or 12 digits"),
        ("level", '"district"', "nation, province, city, county, zone or town"),
        ("subjects", '["a", 3]', "subjects is 3"),
        ("publisher_page", '"www.example.cn"', "begins with http"),
        ("source_url", '"https://"', "begins with http"),
        ("source_url", '"https://example.cn/a b"', "source_url is"),
        ("title", '""', "title is ''"),
        ("title", r'"a\u0007b"', "characters that nobody can see"),
        ("title_en", "{ a = 1 }", "title_en is"),
        ("source", '"../source.txt"', "no file in the plan's folder"),
        ("revision_of", '"hongqiao-2021"', "the plan's own slug"),
        ("titel", '"x"', "there is no key 'titel'; write title"),
        ("document-number", '"x"', "there is no key 'document-number'; write document_number"),
        ("zzz", "1", "there is no key 'zzz'; take it out"),
        ("date", "1", "there is no key 'date'; write issued"),
        ("file", '"x"', "there is no key 'file'; write source"),
        ("issuer", f'"{UNSURE}"', f"issuer still says {UNSURE}; fill it in"),
    ],
)  # fmt: skip
def test_what_a_plan_may_not_say(plan_copy: PlanCopy, key: str, value: str, says: str) -> None:
    said = refused(plan_copy(plan=with_key(key, value)))
    assert re.search(says, said), said
    assert said.count("\n") == 0
    assert re.search(r"plan\.toml, line \d+: ", said)


@pytest.mark.parametrize("code", ["120106", "120106001", "120106001000"])
def test_a_code_of_the_area_or_of_a_place_in_it(plan_copy: PlanCopy, code: str) -> None:
    assert load_plan(plan_copy(plan=with_key("area_code", f'"{code}"'))).area_code == code


def test_the_code_of_every_division_agrees_with_its_name() -> None:
    from kg.source.gazetteer import divisions, full_name
    from kg.source.schema import faults

    told = {
        "slug": "a",
        "title": "b",
        "issuer": "c",
        "period": [2021, 2025],
        "source": "source.txt",
    }
    for one in divisions()[1::7]:
        assert not faults(
            told | {"area": full_name(one), "area_code": one.code}, Path("plan.toml"), ""
        )


def test_a_code_of_what_holds_an_unknown_area(plan_copy: PlanCopy) -> None:
    def change(text: str) -> str:
        return with_key("area", '"浙江省湖州市安吉县孝丰镇"')(
            with_key("area_code", '"330523101000"')(text)
        )

    assert load_plan(plan_copy(plan=change)).area_code == "330523101000"


@pytest.mark.parametrize(("hour", "begun"), [(9, False), (12, True)])
def test_a_day_has_come_once_it_has_begun_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hour: int, begun: bool
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2026, 1, 1, hour, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(dates, "datetime", Clock)
    entry = {"action": "reject", "kind": "zone", "name": "x", "reason": "x", "at": "2026-01-02"}
    (tmp_path / "corrections.toml").write_text(as_toml("correction", entry))
    with nullcontext() if begun else pytest.raises(PlanlinkError, match="at is '2026-01-02'"):
        load_corrections(tmp_path)


def test_a_source_that_is_no_file(plan_copy: PlanCopy) -> None:
    """A pipe would be waited for without end."""
    import os

    folder = plan_copy()
    (folder / "source.txt").unlink()
    os.mkfifo(folder / "source.txt")
    assert "source.txt: this is no file" in refused(folder)
    (folder / "source.txt").unlink()
    (folder / "source.txt").mkdir()
    assert "source.txt: this is no file" in refused(folder)


def test_new_keys_are_taken(plan_copy: PlanCopy) -> None:
    def change(text: str) -> str:
        return (
            text
            + 'level = "county"\nsource_url = "https://www.example.cn/a?b=1"\nretrieved = 2026-03-08\n'
        )

    plan = load_plan(plan_copy(plan=change))
    assert (plan.level, plan.retrieved) == ("county", date(2026, 3, 8))
    assert plan.source_url == "https://www.example.cn/a?b=1"


def test_all_that_is_wrong_is_said_at_once(plan_copy: PlanCopy, tmp_path: Path) -> None:
    def change(text: str) -> str:
        for key, value in (
            ("period", "[0, 1]"),
            ("area_code", '"1"'),
            ("titel", '"x"'),
            ("area", f'"{UNSURE}"'),
        ):
            text = with_key(key, value)(text)
        return with_key("issuer", f'"{UNSURE}"')(text)

    folder = plan_copy(plan=change)
    with pytest.raises(SeveralErrors) as error:
        load_plan(folder)
    assert len(error.value.errors) == 4
    done = run("publish", folder, "--out", tmp_path / "out")
    lines = done.stderr.splitlines()
    assert done.returncode == 2 and len(lines) == 4, done.stderr
    assert all(line.startswith(f"planlink: {folder / 'plan.toml'}, line ") for line in lines)
    assert f"issuer, area still say {UNSURE}; fill them in" in lines[0]
    assert not (tmp_path / "out" / "current").exists()


def test_reserved_words_hold_what_a_release_has(release: Path) -> None:
    """No plan may take the name of the dump of everything, of a file or folder of a release, or of
    an IRI that is of no plan.
    """
    current = (release / "current").resolve()
    names = {path.stem for folder in (release, current) for path in folder.iterdir()}
    names = {
        name.split(".")[0]
        for name in names
        if name and not name.startswith(".") and not name.isdigit()
    }
    dumps = (current / "dumps").read_text("utf-8") if (current / "dumps").is_file() else ""
    beside = set(re.findall(r"/id/([a-z0-9-]+)", dumps)) - {"hongqiao-2021"}
    everything = Path(EVERYTHING).name.partition(".")[0]
    assert {name for name in names if re.fullmatch("[a-z-]+", name)} | {
        everything
    } | beside <= reserved()


def test_reserved_words_hold_the_site_s_addresses() -> None:
    from kg.web.application import create_app  # noqa: F401

    pytest.importorskip("flask")
    sources = (Path(__file__).parents[2] / "kg" / "web").rglob("*.py")
    routes = {
        first
        for path in sources
        for first in re.findall(
            r'blueprint\.(?:get|post|route)\("/\.?([a-z-]+)', path.read_text("utf-8")
        )
    }
    assert len(routes) > 20 and routes <= reserved()


def test_what_planlink_new_writes_is_taken(tmp_path: Path) -> None:
    text = (
        "安吉县人民政府\n关于印发安吉县国民经济和社会发展第十四个五年规划和二〇三五年\n远景目标纲要的通知\n安政发〔2021〕5号\n"
        "各乡镇:\n印发给你们。\n安吉县人民政府\n2021年3月5日\n第一章 总则\n第一节 目标\n建设公园3个。\n"
    )
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    new_plan(tmp_path / "plan.txt", tmp_path / "plan")
    plan = load_plan(tmp_path / "plan")
    assert (plan.slug, plan.area, plan.area_code, plan.level) == (
        "anji-2021",
        "浙江省湖州市安吉县",
        "330523",
        "county",
    )
    assert (plan.horizon, plan.document_number, plan.issued) == (
        2035,
        "安政发〔2021〕5号",
        date(2021, 3, 5),
    )
    written = (tmp_path / "plan" / "plan.toml").read_text(encoding="utf-8")
    assert f'# index_number = "{UNSURE}"' in written, "what the document may have beside that"
    assert f'"{UNSURE}"' not in re.sub("(?m)^#.*$", "", written)


def test_cells_of_a_spreadsheet_are_kept_on_one_line(tmp_path: Path) -> None:
    text = '第一章 目标\n序号\t指标\t"2030年\n目标"\n1\t"每万人口\n床位"\t8\n“甲\n乙”\n'
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    new_plan(tmp_path / "plan.txt", tmp_path / "plan")
    kept = (tmp_path / "plan" / "source.txt").read_text(encoding="utf-8")
    assert kept == "第一章 目标\n序号\t指标\t2030年目标\n1\t每万人口床位\t8\n“甲\n乙”\n"
    assert (tmp_path / "plan" / "published.txt").read_text(encoding="utf-8") == text


def test_what_planlink_new_did_not_find_stops_publish(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(
        "鼓楼区国民经济和社会发展第十四个五年规划纲要\n第一章 总则\n第一节 目标\n建设公园3个。\n",
        encoding="utf-8",
    )
    made = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    assert made.returncode == 0, made.stderr
    assert "fill in issuer" in made.stdout and "fill in area" in made.stdout
    written = (tmp_path / "plan" / "plan.toml").read_text(encoding="utf-8")
    assert "江苏省南京市鼓楼区 or" in written and tomllib.loads(written)["area"] == UNSURE
    refused_ = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert refused_.returncode == 2 and refused_.stderr.count("\n") == 1
    assert f"plan.toml, line 4: issuer, area still say {UNSURE}" in refused_.stderr
    assert not (tmp_path / "out" / "current").exists()
    complete(tmp_path / "plan")
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr


def test_the_reference_names_every_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "plan-folder.md").read_text(
        encoding="utf-8"
    )
    assert [key for key in keys() if f"`{key}`" not in page] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = " + "[" * 200_000, "nest too deep"),
        ("x = " + "{a = " * 200_000, "nest too deep"),
        (".".join("a" * 100_000) + " = 1", "more than 50 parts"),
        ("[" + '"a" . ' * 100_000 + "b]", "more than 50 parts"),
        ("x = " + "9" * 4301, "more than 4,300 digits"),
    ],
)
def test_a_toml_file_that_nests_without_end_is_refused(text: str, says: str) -> None:
    with pytest.raises(PlanlinkError, match=says):
        parse_toml(text, Path("plan.toml"))


@pytest.mark.parametrize(
    ("title", "area", "kind"),
    [
        ("云湖市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "云湖市", ""),
        ("云湖市青石县国民经济和社会发展第十五个五年规划纲要", "青石县", ""),
        ("云湖市水利发展“十四五”规划", "云湖市", "水利"),
        ("云湖市国民经济和社会发展第十五个五年规划纲要", "云山省云湖市", ""),
        ("中共云湖市委关于制定云湖市国民经济和社会发展第十五个五年规划的建议", "云湖市", "jianyi"),
    ],
)
def test_the_kind_of_a_plan_tells_it_from_the_outline(title: str, area: str, kind: str) -> None:
    assert kind_of_plan(title, area) == kind
