"""Entering values of indicators and states of measures: templates, and a form to submit them.

The form exists only where the server was started with the plans' folder and a token (planlink serve
--plans, PLANLINK_TOKEN); what it takes is released by the next publish.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.errors import CannotWriteError, PlanlinkError
from kg.lexicon import lexicon
from kg.monitoring.template import row_name, template_csv, template_xlsx
from kg.web.access import is_token, is_writable, plan_folder
from kg.web.context import plan_of, reader, release
from kg.web.messages import Message
from kg.web.numbers import number_in
from kg.web.pages.annex import annex_rows
from kg.web.plan_readings import reading_of

if TYPE_CHECKING:
    from kg.monitoring.record import Outcome

blueprint = Blueprint("observe", __name__)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATES = {"csv": (template_csv, "text/csv; charset=utf-8"), "xlsx": (template_xlsx, _XLSX)}
_LONGEST_NAME = 100


@blueprint.get("/observe/<slug>")
def form(slug: str) -> str:
    """How values are entered, the templates, and the form where this server takes values."""
    return _page(slug, None, "")


@blueprint.post("/observe/<slug>")
def enter(slug: str) -> Response:
    """Take a sheet, or the one value of the form; each row gets its answer, and none is kept where
    one is refused."""
    # What reads plans takes a second to load, and few enter values.
    from kg.monitoring.record import observe  # noqa: PLC0415

    folder = plan_folder(slug)
    if not is_token(request.form.get("token", "")):
        abort(403, Message("wrong_token"))
    by = request.form.get("by", "").strip()[:_LONGEST_NAME]
    if not by:
        abort(400, Message("say_by_whom"))
    uploaded = request.files.get("sheet")
    with tempfile.TemporaryDirectory(prefix="planlink-") as scratch:
        if uploaded is not None and uploaded.filename:
            name = Path(uploaded.filename).name[:_LONGEST_NAME]
            path = Path(scratch) / f"sheet{Path(name).suffix.lower()[:5]}"
            uploaded.save(path)
        else:
            name, path = "form", Path(scratch) / "sheet.csv"
            _write_row(path)
        try:
            outcome = observe(
                reading_of(folder),
                path,
                by,
                name,
                "dry" in request.form,
                release().base,
            )
        except CannotWriteError as error:
            abort(503, f"{error.what}; {error.mend}")
        except PlanlinkError as error:
            abort(400, f"{error.what}; {error.mend}")
    return make_response(_page(slug, outcome, name), 200 if outcome.accepted else 422)


def _write_row(path: Path) -> None:
    """The fields of the form as a sheet of one row."""
    kind = "measures" if request.form.get("measure") else "indicators"
    columns = lexicon("monitoring")[kind]["columns"]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([column["heads"][0] for column in columns.values()])
        writer.writerow([request.form.get(name, "").strip() for name in columns])


def _page(slug: str, outcome: Outcome | None, name: str) -> str:
    plan = plan_of(slug)
    return render_template(
        "observe.html",
        plan=plan,
        outcome=outcome,
        name=name,
        writable=is_writable(),
        columns={
            kind: lexicon("monitoring")[kind]["columns"] for kind in ("indicators", "measures")
        },
        needed={kind: lexicon("monitoring")[kind]["needed"] for kind in ("indicators", "measures")},
    )


@blueprint.get("/observe/<slug>/template.<extension>")
def template(slug: str, extension: str) -> Response:
    """The sheet to fill in, with the plan's indicators."""
    plan = plan_of(slug)
    if extension not in _TEMPLATES:
        abort(404, Message("templates_known", ", ".join(_TEMPLATES)))
    asked = request.args.get("year", str(plan.period[0]))
    year = number_in(asked)
    if year is None or not plan.period[0] <= year <= plan.period[1]:
        abort(400, Message("year_of_plan", asked, *plan.period))
    rows = [
        (row_name(row.number, row.part, row.name), reader().label(unit) if unit else "")
        for row in annex_rows(slug)
        for value in [row.target or row.baseline]
        for unit in [value.unit if value else ""]
    ]
    write, media_type = _TEMPLATES[extension]
    response = make_response(write(rows, int(asked)))
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{asked}.{extension}"'
    return response
