"""planlink observe: values of indicators and states of measures, from a sheet into a plan."""

from pathlib import Path

import click

from kg.cli.output import PATH, counted, say, user_name
from kg.errors import PlanlinkError
from kg.files import write_durably
from kg.link.reading import Reading, read_plan
from kg.monitoring.record import Outcome, observe, template_rows
from kg.monitoring.template import still_runs, template_csv, template_xlsx
from kg.settings import DEFAULT_BASE
from kg.settings.loading import load_settings
from kg.source.plan import load_plan


@click.command(name="observe")
@click.argument("plan_dir", type=PATH)
@click.argument("file", type=PATH, required=False)
@click.option(
    "--by", default=user_name, show_default="your user name", help="Who enters the values."
)
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
@click.option(
    "--template",
    type=PATH,
    help="Write a sheet to fill in (.csv or .xlsx) with the plan's indicators.",
)
@click.option(
    "--year",
    type=int,
    help="The year of the template's rows; by default the plan's last one that has ended, "
    "or the first half of its first.",
)
def observe_command(
    plan_dir: Path,
    file: Path | None,
    by: str,
    dry_run: bool,
    template: Path | None,
    year: int | None,
) -> None:
    """Import values of indicators or states of measures: every row or none.

    FILE is XLSX, XLSM, XLS, ODS or delimited text. Each refused row is reported."""
    if template is not None and file is not None:
        raise PlanlinkError.of("template_or_sheet", file)
    reading = read_plan(load_plan(plan_dir), lambda _: None, say)
    if template is not None:
        _write_template(reading, plan_dir, template, year)
        return
    if file is None:
        raise PlanlinkError.of("sheet_missing", "observe")
    outcome = observe(reading, file, by, file.name, dry_run, DEFAULT_BASE)
    _report(outcome, dry_run)
    rows = counted(len(outcome.answers), "row")
    if not outcome.accepted:
        wrong = sum(bool(answer.wrong) for answer in outcome.answers)
        raise PlanlinkError.of("rows_refused", file, wrong, rows)
    if dry_run:
        click.echo(f"{rows} would be taken; nothing was kept")
        return
    click.echo(f"{rows} kept in {outcome.kept}; planlink publish {plan_dir} releases them")


def _write_template(reading: Reading, plan_dir: Path, template: Path, year: int | None) -> None:
    """Write a sheet to fill in where no file is."""
    write = {".csv": template_csv, ".xlsx": template_xlsx}.get(template.suffix.lower())
    if write is None:
        raise PlanlinkError.of("template_kind", template)
    if template.is_file():
        raise PlanlinkError.of("template_there", template)
    today = load_settings().site.day()
    indicators, period = template_rows(reading, year, today)
    write_durably(template, write(indicators, period))
    click.echo(f"{template}: fill it in, then planlink observe {plan_dir} {template}")
    if last_day := still_runs(period, today):
        click.echo(f"{period} has not ended: its values are taken after {last_day}")


def _report(outcome: Outcome, dry_run: bool) -> None:
    """Say what became of each row, and which columns were left out."""
    if outcome.unread:
        click.echo(f"not read: columns {', '.join(outcome.unread)}", err=True)
    sheet = f"sheet {outcome.sheet}, " if outcome.sheet else ""
    for answer in outcome.answers:
        row = f"{sheet}row {answer.row}"
        for fault in answer.wrong:
            column = f", column {fault.column}" if fault.column else ""
            click.echo(f"{row}{column} ({answer.about}): {fault.zh} / {fault.en}", err=True)
        if doubt := answer.doubt:
            click.echo(f"{row} ({answer.about}): {doubt.zh} / {doubt.en}", err=True)
        if not answer.wrong and (dry_run or not outcome.accepted):
            click.echo(f"{row} ({answer.about}): {answer.change}")
