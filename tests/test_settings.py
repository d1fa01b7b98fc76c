"""Settings: site.toml and the environment, read once, every mistake named with its mend."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest
from support import ROOT

from kg.errors import PlanlinkError
from kg.settings import ROLES, Settings, Token, Words
from kg.settings.loading import load_settings, settings_from

SECRET = "a-secret-for-the-tests"
EXAMPLE = ROOT / "docs" / "site.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    settings = load_settings(environment={})
    assert settings == Settings()
    assert settings.is_local


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [site]
        base = "https://data.example.org/"
        title = "Plans"
        languages = ["en"]
        [publisher]
        name = { zh = "某委" }
        [limits]
        seconds = 3
        """,
    )
    settings = load_settings(path, {})
    assert settings.site.base == "https://data.example.org"
    assert not settings.is_local
    assert settings.site.title == Words("Plans", "Plans")  # one text for both
    assert settings.site.languages == ("en",)
    assert (settings.publisher.name["zh"], settings.publisher.name["en"]) == ("某委", "某委")
    assert settings.limits.seconds == 3.0
    assert settings.contact == Settings().contact
    assert load_settings(environment={"PLANLINK_SITE": str(path)}) == settings


def test_the_environment_goes_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    path = written(tmp_path, '[site]\nbase = "https://file.example"\n[server]\nworkers = 3\n')
    environment = {
        "PLANLINK_BASE": "https://environment.example/",
        "PLANLINK_WORKERS": "5",
        "PLANLINK_LOG": "no",
        "PLANLINK_TOKEN": SECRET,
    }
    settings = load_settings(path, environment)
    assert settings.site.base == "https://environment.example"
    assert (settings.server.workers, settings.server.log) == (5, False)
    assert settings.server.tokens == (Token(secret=SECRET),)
    assert SECRET not in repr(settings)
    given = load_settings(path, environment, base="https://option.example/")
    assert given.site.base == "https://option.example"


def test_the_token_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    environment = {"PLANLINK_TOKEN_FILE": str(tmp_path / "token")}
    assert load_settings(environment=environment).server.tokens == (Token(secret=SECRET),)
    with pytest.raises(PlanlinkError, match=r"/no: cannot be read \(.*\); name a file that holds"):
        load_settings(environment={"PLANLINK_TOKEN_FILE": "/no"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("WORKERS", "0"), ("WORKERS", "65"), ("THREADS", "0"), ("QUERY_LONG", "0"), ("RATE", "5/0 second")],
)  # fmt: skip
def test_numbers_that_nothing_can_be_served_with_are_refused(variable: str, value: str) -> None:
    with pytest.raises(PlanlinkError, match=rf"{value}.* give "):
        load_settings(environment={f"PLANLINK_{variable}": value})


NAMED = """
[[token]]
name = "王"
secret = "0123456789abcdef"
roles = ["review"]
[[token]]
name = "李"
secret = "fedcba9876543210"
"""


def test_several_may_have_tokens_with_roles(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text(NAMED, encoding="utf-8")
    settings = load_settings(environment={"PLANLINK_TOKEN_FILE": str(tmp_path / "tokens")})
    one, other = settings.server.tokens
    assert (one.name, one.roles, other.roles) == ("王", ("review",), ROLES)
    assert "0123456789abcdef" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("short", "the token has 5 characters"),
        ("a secret that rings \a", "this holds control characters"),
        (NAMED.replace("review", "revue"), "王: there is no role revue"),
        (NAMED.replace("李", "王"), "the same name"),
        (NAMED.replace("fedcba9876543210", "0123456789abcdef"), "the same secret"),
        (NAMED.replace('name = "李"', ""), "the same name or none"),
        (NAMED.replace("fedcba9876543210", "fedcba"), "李: the token has 6 characters"),
        (NAMED.replace("[[token]]", "[[tokens]]"), "other tables"),
        (NAMED.replace("roles", "role"), "there is no setting role"),
        (NAMED + "=", "no TOML"),
        (NAMED.replace('"0123456789abcdef"', "1234567890123456"), "has no secret"),
    ],
)
def test_tokens_that_open_too_much_or_nothing_are_refused(
    text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "tokens").write_text(text, encoding="utf-8")
    with pytest.raises(PlanlinkError) as refused:
        load_settings(environment={"PLANLINK_TOKEN_FILE": str(tmp_path / "tokens")})
    said = str(refused.value)
    assert told in said and "0123456789abcdef" not in said and "rings" not in said


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    path = written(
        tmp_path, f'[site]\nlogo = "logo.svg"\n[server]\nplans = "p"\nworkspace = "{tmp_path}/w"\n'
    )
    settings = load_settings(path, {})
    assert settings.site.logo == tmp_path / "logo.svg"
    assert settings.server.plans == tmp_path / "p"
    assert settings.server.workspace == tmp_path / "w"


def test_the_default_name_does_not_stand_for_another_licence(tmp_path: Path) -> None:
    iri = "https://opendatacommons.org/licenses/odbl/1-0/"
    with pytest.raises(PlanlinkError, match=r"licence\.name: the licence has no name; give name"):
        settings_from({"licence": {"iri": iri}}, "site.toml")
    licence = settings_from({"licence": {"iri": iri, "name": "ODbL"}}, "site.toml").licence
    assert (licence.iri, licence.id, licence.type) == (iri, "", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[publisher]\nnmae = 'X'", r"site\.toml, publisher: there is no setting nmae; write name"),
        ("[publishr]\nname = 'X'", r"there is no setting publishr; write publisher"),
        ("[contact]\nqqqq = 'X'", r"there is no setting qqqq; give one of name, email, url"),
        (
            "[site]\ntitle = { cn = 'X' }",
            r"site, title: there is no setting cn; give one of zh, en",
        ),
        ("site = 3", r"site: this is 3; give a table"),
        ("[site]\ntitle = 5", r"site, title: this is 5; give a text, or \{ zh = "),
        ("[site]\nbase = 3", r"base: this is 3; give text"),
        ("[site]\nlogo = 3", r"logo: this is 3; give the path of a file"),
        ("[site]\nlanguages = 'zh'", r"languages: this is 'zh'; give a list of texts"),
        ("[site]\nlanguages = ['fr']", r'site\.languages: languages are .*; give "zh", "en"'),
        ('[site]\ntitle = "a\\u0001b"', r"title, zh: this is .*; give text without control"),
        ("[site]\ntitle = ''", r"site\.title: the site has no title; give title"),
        ("[site]\nbase = 'data.example.org'", r"site\.base: the base IRI is 'data.example.org'"),
        ("[site]\nlogo = 'none.svg'", r"site\.logo: logo is .*, which is no image file; name"),
        ("[publisher]\nhomepage = 'javascript:x'", r"publisher\.homepage: homepage is .*; give an"),
        ("[licence]\niri = ''\nname = 'X'", r"licence\.iri: iri is ''; give an absolute"),
        ("[contact]\nemail = 'at home'", r"contact\.email: email is 'at home'; give one address"),
        ("[limits]\nseconds = 0", r"seconds: this is 0; give a number above zero"),
        ("[limits]\nseconds = inf", r"seconds: this is inf; give a number above zero"),
        ("[limits]\nmemory = 1.5", r"memory: this is 1.5; give a whole number, 0 or more"),
        ("[server]\nworkers = true", r"workers: this is True; give a whole number"),
        ("[server]\nlog = 1", r"log: this is 1; give true or false"),
        ("[server]\nrate = 'fast'", r"server\.rate: 'fast' is no rate; give one such as"),
        ("[server]\ntoken = 'x'", r"server\.token: a secret stands in the file; give it in"),
        ("[suggest]\nkey = 'x'", r"suggest\.key: a secret stands in the file; give it in"),
        ("server = 3", r"server: this is 3; give a table"),
        ("[site", r"site\.toml: this is no TOML \(.*\); mend the line it names"),
    ],
)
def test_a_mistake_is_named_with_its_mend(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PlanlinkError, match=says) as caught:
        load_settings(written(tmp_path, text), {})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PLANLINK_WORKERS", "many", r"PLANLINK_WORKERS: this is 'many'; give a whole number"),
        ("PLANLINK_QUERY_SECONDS", "-1", r"PLANLINK_QUERY_SECONDS: this is -1.0; give a number"),
        ("PLANLINK_BASE", "x", r"PLANLINK_BASE, site\.base: the base IRI is 'x'"),
        ("PLANLINK_URL", "x", r"PLANLINK_URL, site\.url: the address is 'x'"),
        ("PLANLINK_RATE", "x", r"PLANLINK_RATE, server\.rate: 'x' is no rate"),
        ("PLANLINK_SITE", "/no.toml", r"/no\.toml: cannot be read \(.*\); name a site\.toml"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    variable: str, value: str, says: str
) -> None:
    with pytest.raises(PlanlinkError, match=says):
        load_settings(environment={variable: value})


def test_the_example_explains_every_setting() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    load_settings(EXAMPLE, {})
    # A setting that is commented out, read all the same, is a setting too.
    shown = tomllib.loads(re.sub(r"(?m)^# (\w+ = )", r"\1", text))
    for section in dataclasses.fields(Settings):
        known = {f.name for f in dataclasses.fields(getattr(Settings(), section.name))}
        assert set(shown[section.name]) == known - {"tokens", "key"}
    default = {name: shown[name] for name in ("limits", "server")}
    for path in ("plans", "workspace"):
        default["server"].pop(path)
    default["limits"].pop("spare")
    assert settings_from(default, "the example") == Settings()


def test_a_file_of_one_language_speaks_it_alone() -> None:
    settings = settings_from({"site": {"title": {"en": "Plans"}}}, "site.toml")
    assert settings.site.title.tagged == (("Plans", "en"),)


@pytest.mark.parametrize(
    ("base", "checked"),
    [
        ("https://data.example", "https://data.example"),
        ("https://data.example/", "https://data.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://data.example/plans//", "https://data.example/plans"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_a_base_without_its_final_slash(base: str, checked: str) -> None:
    assert settings_from({"site": {"base": base}}, "site.toml").site.base == checked


@pytest.mark.parametrize(
    "base",
    [
        "",
        "data.example",
        "localhost:8000",
        "//data.example",
        "ftp://data.example",
        "https://",
        "https:///path",
        "https://data.example/a b",
        "https://data.example/<a>",
        'https://data.example/"',
        "https://data.example/{a}",
        "https://data.example/a\\b",
        "https://data.example/\n",
        "https://data.example/?q",
        "https://data.example/#a",
        "https://data.example?",
        "https://data.example#",
        "http://[::1",
    ],
)
def test_no_base(base: str) -> None:
    with pytest.raises(PlanlinkError, match=r"site\.toml.*base"):
        settings_from({"site": {"base": base}}, "site.toml")
