"""Bringing a spreadsheet in: upload, columns, review, apply, outcome, undo. Nothing changes before "apply"."""

import csv
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from tempfile import SpooledTemporaryFile

from flask import abort, current_app, render_template, request, send_file, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.jobs import job_for
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.organizations.queries import organization_of
from crm.people import actions, queries
from crm.people.actions.sheets import inert
from crm.people.forms import AnswerForm, AnswersForm, ColumnsForm, ImportForm
from crm.people.models import Import
from crm.people.providers import ENCODINGS
from crm.people.routes.base import blueprint
from crm.people.routes.outcomes import FOUND_BY, changes_of, outcome_lines, whereabouts_of

SAMPLE = Path(__file__).parent.parent / "sample.csv"
SHOWN = ("asked", *queries.OUTCOMES, "problems", "no_texts", "not_agreed", "kept", "all")


@blueprint.get("/imports")
@allow(Action.IMPORT_PEOPLE)
def imports_get():
    """Imports so far."""
    return render_template("people/imports.html", page=queries.imports_page(actor(), request.args.get("after")))


@blueprint.get("/imports/new")
@allow(Action.IMPORT_PEOPLE)
def import_new_get():
    """Choose a file."""
    return _new_page(ImportForm(formdata=None))


@blueprint.post("/imports")
@allow(Action.IMPORT_PEOPLE)
def imports_post():
    """Takes a file and guesses its columns; what is wrong with it as a whole is said at once."""
    form = ImportForm()

    def start() -> int:
        name = Path(form.file.data.filename.replace("\\", "/")).name
        return actions.start_import(actor(), name, form.content, form.sheet, now=now())

    return submit(form, start, then=_to_import, page=lambda: _new_page(form))


def _to_import(id: int) -> str:
    return url_for("people.import_get", id=id)


def _new_page(form: ImportForm) -> str:
    is_demo = current_app.config["SETTINGS"].is_demo
    return render_template("people/import_new.html", form=form, is_demo=is_demo)


@blueprint.get("/imports/sample.csv")
@allow(Action.IMPORT_PEOPLE)
def sample_get():
    """The demonstration's messy spreadsheet."""
    if not current_app.config["SETTINGS"].is_demo:
        abort(404)
    return send_file(SAMPLE, mimetype="text/csv", as_attachment=True, download_name="riverside-canvass.csv")


@blueprint.get("/imports/<int:id>")
@allow(Action.IMPORT_PEOPLE)
def import_get(id: int):
    """An import as far as it is: columns, progress, review or outcome."""
    found = queries.import_for(actor(), id)
    if found.state == "mapping":
        return _columns_page(found, ColumnsForm(formdata=None))
    # Without scripts the page looks again by itself while the work goes on.
    return _review_page(found, Form(formdata=None)), 200, {"Refresh": "3"} if _is_working(found) else {}


@blueprint.get("/imports/<int:id>/columns")
@allow(Action.IMPORT_PEOPLE)
def columns_get(id: int):
    """The columns once more, before anything is applied."""
    found = queries.import_for(actor(), id)
    return _columns_page(found, ColumnsForm(formdata=None)) if found.state == "review" else _review_page(found, Form(formdata=None))


@blueprint.post("/imports/<int:id>/columns")
@allow(Action.IMPORT_PEOPLE)
def columns_post(id: int):
    """Fixes the columns and has every row checked; or shows another sheet of the workbook."""
    found, form = queries.import_for(actor(), id), ColumnsForm()
    if "other_reading" in request.form:
        return submit(
            form,
            lambda: actions.choose_reading(actor(), id, form.sheet.data or "", form.encoding.data or "", now=now()),
            _to_import,
            page=lambda: _columns_page(found, form),
        )
    return submit(
        form,
        lambda: actions.choose_columns(actor(), id, form.fields.data, form.choices(), now=now()),
        _to_import,
        page=lambda: _columns_page(found, form),
    )


@blueprint.post("/imports/<int:id>/application")
@allow(Action.IMPORT_PEOPLE)
def application_post(id: int):
    """Starts bringing the rows in, or goes on with it."""
    return _press(id, actions.apply)


@blueprint.post("/imports/<int:id>/undoing")
@allow(Action.IMPORT_PEOPLE)
def undoing_post(id: int):
    """Starts taking the import back, or goes on with it."""
    return _press(id, actions.undo)


@blueprint.post("/imports/<int:id>/answers")
@allow(Action.IMPORT_PEOPLE)
def import_answers_post(id: int):
    """Says who a row is that fits several people."""
    found, form = queries.import_for(actor(), id), AnswerForm()
    return submit(
        form,
        lambda: actions.answer_row(actor(), id, form.row.data, form.answer.data, now=now()),
        lambda _id: url_for("people.import_get", id=id, show="asked"),
        page=lambda: _review_page(found, form),
    )


@blueprint.post("/imports/<int:id>/answers/all")
@allow(Action.IMPORT_PEOPLE)
def import_answers_all_post(id: int):
    """Says who all rows of a kind are at once."""
    found, form = queries.import_for(actor(), id), AnswersForm()
    act = lambda: actions.answer_all(actor(), id, form.doubt.data or "", form.all_are.data or "", now=now())  # noqa: E731
    return submit(form, act, _to_import, page=lambda: _review_page(found, form))


@blueprint.post("/imports/<int:id>/answers/return")
@allow(Action.IMPORT_PEOPLE)
def import_answers_return_post(id: int):
    """Takes answers back that were given together."""
    found, form = queries.import_for(actor(), id), Form()
    number = request.form.get("number", 0, type=int)
    return submit(form, lambda: actions.take_answers_back(actor(), id, number, now=now()), _to_import, page=lambda: _review_page(found, form))


@blueprint.get("/imports/<int:id>/outcome.csv")
@allow(Action.IMPORT_PEOPLE)
def outcome_get(id: int):
    """What becomes of every row, as a file."""
    me, shown = actor(), request.args.get("show", "all")
    found = queries.import_for(me, id)
    held = SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115 - closed with the response
    text = TextIOWrapper(held, "utf-8-sig", newline="", write_through=True)
    csv.writer(text).writerows([inert(str(cell)) for cell in line] for line in outcome_lines(me, found, shown))
    text.detach()
    held.seek(0)
    return send_file(held, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=f"{Path(found.filename).stem}-{shown}.csv")


def _press(id: int, act):
    form, found = Form(), queries.import_for(actor(), id)
    return submit(form, lambda: act(actor(), id, now=now()), _to_import, page=lambda: _review_page(found, form))


@blueprint.post("/imports/<int:id>/removal")
@allow(Action.IMPORT_PEOPLE)
def import_removal_post(id: int):
    """Throws an import away that has not changed anything."""
    form, found = Form(), queries.import_for(actor(), id)
    return submit(
        form,
        lambda: actions.discard(actor(), id, now=now()),
        lambda _id: url_for("people.imports_get"),
        page=lambda: _review_page(found, form),
    )


def _columns_page(found: Import, form: ColumnsForm) -> str:
    reading = found.reading
    if not form.is_submitted():
        form.existing.data = found.choices.get("existing", "fill")
        form.country.data = found.choices.get("country") or organization_of(actor()).country
        form.dates.data = found.choices.get("dates") or None
        form.source.data, form.tags.data = found.choices.get("source", ""), ", ".join(found.choices.get("tags", ()))
        for guess in found.mapping:
            form.fields.append_entry(guess)
    form.sheet.choices = [(name, name) for name in reading["sheets"]]
    form.sheet.data = reading["sheet"]
    form.encoding.choices = [(name, _(label)) for name, label in ENCODINGS.items()]
    form.encoding.data = reading["encoding"]
    last = datetime.fromisoformat(reading["remembered"]) if "remembered" in reading else None
    return render_template("people/import_columns.html", form=form, found=found, same=queries.same_file(actor(), found), last=last)


def _is_working(found: Import) -> bool:
    return found.state in ("checking", "applying", "undoing") and job_for(actor(), found.job_id).state in (
        "due",
        "running",
    )


def _review_page(found: Import, form: Form) -> str:
    me, shown = actor(), request.args.get("show", "")
    counts = queries.count_outcomes(me, found.id) | {name: found.reading.get(name, 0) for name in ("no_texts", "not_agreed")}
    first = (*(["asked"] if found.state == "review" else []), "problems", "kept", "create", "update")
    shown = shown if shown in SHOWN else next((s for s in first if counts[s]), "all")
    page = queries.import_rows_page(me, found.id, shown, request.args.get("after"))
    asked = {id for view in page.rows if view.row.answer for id, *_rest in view.row.plan.get("candidates", ())}
    return render_template(
        "people/import.html",
        found_by=FOUND_BY,
        whereabouts=whereabouts_of(me, asked),
        found=found,
        form=form,
        job=job_for(me, found.job_id) if found.job_id else None,
        tallies=counts,
        unanswered=queries.count_asked(me, found.id) if counts["asked"] and found.state == "review" else {},
        answers=form if isinstance(form, AnswersForm) else AnswersForm(formdata=None),
        shown=shown,
        page=page,
        is_working=_is_working(found),
        changes=lambda plan: changes_of(me, plan),
        same=queries.same_file(me, found),
    )
