"""planlink new: from a document to a plan's folder."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from kg.cli.completeness import show_completeness
from kg.cli.output import PATH
from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.link.completeness import Completeness, completeness
from kg.link.links import link
from kg.source.areas import of_unknown_area
from kg.source.new import missing, new_plan, why_open
from kg.source.published import load_origin
from kg.source.schema import keys
from kg.source.text import compact, decode
from kg.source.title_page import Found, TitlePage

_YEAR = 2000  # stands for an unknown period: no figure of completeness depends on it
_ORIGINS = {"file": "the file's properties", "title": "the title", "gazetteer": "the gazetteer"}


@click.command(name="new")
@click.argument("plan_file", type=PATH)
@click.argument("plan_dir", type=PATH)
def new_command(plan_file: Path, plan_dir: Path) -> None:
    """Make a plan's folder from a document (.txt, .md, .html, .docx, .pdf)."""
    name = str(plan_file)
    found = new_plan(plan_file, plan_dir, lambda p: read_document(p.text, name, outline=p.outline))
    text, _ = decode(plan_dir / "source.txt")
    Console().print(_table(found, text))
    open_ = [key for key, rule in keys().items() if rule.get("required") and _is_open(found, key)]
    for key in open_:
        click.echo(f"fill in {key}: {missing(found, key)}")
    show_completeness(_understood(found, text, plan_dir), text)
    then = f"planlink publish {plan_dir}"
    click.echo(f"{plan_dir / 'plan.toml'}: check it, then {then}")


def _understood(found: TitlePage, text: str, folder: Path) -> Completeness:
    """How well the plan is understood; what its title page lacks is not needed for that."""
    origin = load_origin(folder)
    document = read_document(text, str(folder / "source.txt"), outline=origin.outline)
    period = found.value("period") or (_YEAR, _YEAR)
    linked = link(document, extract(document, period, found.value("area") or ""), {})
    of_file = (*origin.findings, *of_unknown_area(found.value("area") or ""))
    return completeness(document, linked, of_file)


def _table(found: TitlePage, text: str) -> Table:
    """What was found, and from where; for what was not, what to fill in."""
    table = Table("key", Column("value", overflow="fold"), Column("read from", overflow="fold"))
    for key, rule in keys().items():
        one = found.fields.get(key)
        if one is not None:
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            table.add_row(key, "-".join(map(str, values)), _where(one, text))
        elif _is_open(found, key):
            words = "? fill it in" if rule.get("required") else "? where the document has one"
            table.add_row(key, words, why_open(found, key))
    return table


def _is_open(found: TitlePage, key: str) -> bool:
    """Whether a value is wanted that was not found."""
    rule = keys()[key]
    wanted = bool(rule.get("required") or rule.get("sought")) and key != "source"
    return wanted and key not in found.fields


def _where(one: Found[object], text: str) -> str:
    if one.span is None:
        return _ORIGINS[one.origin]
    line = text.count("\n", 0, one.span.start) + 1
    words = compact(text[one.span.start : one.span.end])
    return f"line {line}: {words[:24]}{'…' if len(words) > 24 else ''}"
