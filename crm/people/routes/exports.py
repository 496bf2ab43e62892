"""Lists on their way out: asked for, agreed to, fetched once."""

from io import BytesIO

from flask import render_template, request, send_file, url_for

from crm.accounts.queries import colleagues
from crm.infra.auth import actor, allow, fresh
from crm.infra.clock import now
from crm.infra.db import transaction
from crm.infra.jobs import job_for
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Refused
from crm.people import actions, queries
from crm.people.forms import ExportForm
from crm.people.routes.asked import read_asked
from crm.people.routes.base import blueprint

MIMES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("/exports/new")
@allow(Action.EXPORT_PEOPLE)
def export_new_get():
    """Which columns of a list, and what for."""
    asked = read_asked()
    usual = asked.segment.columns if asked.segment and asked.segment.columns else queries.USUAL
    return _ask_page(ExportForm(formdata=None, columns=["given_name", "family_name", *usual]))


@blueprint.post("/exports")
@allow(Action.EXPORT_PEOPLE)
@fresh
def export_new_post():
    """Asks for a list as a file."""
    form, asked = ExportForm(), read_asked()
    said = {"columns": form.columns.data or [], "format": form.format.data or "csv", "reason": form.reason.data or ""}
    return submit(
        form,
        lambda: actions.ask_export(actor(), asked.segment, asked.definition, asked.text, **said, now=now()),
        then=lambda id: url_for("people.export_get", id=id),
        page=lambda: _ask_page(form),
    )


def _ask_page(form: ExportForm) -> str:
    asked, known = read_asked(), queries.columns_for(actor())
    found = queries.count_matching(actor(), asked.definition, asked.text, now())
    return render_template("people/export_new.html", form=form, asked=asked, known=known, found=found, alone=actions.ALONE)


@blueprint.get("/exports")
@allow(Action.EXPORT_PEOPLE)
def exports_get():
    """Who took which list out, when and why; what waits for a second person."""
    names = dict(colleagues(actor(), now()))
    return render_template("people/exports.html", page=queries.export_page(actor(), request.args.get("after")), names=names)


@blueprint.get("/exports/<int:id>")
@allow(Action.EXPORT_PEOPLE)
def export_get(id: int):
    """One export: how far it is, who agreed, the file."""
    return _export_page(id, Form(formdata=None))


def _export_page(id: int, form: Form) -> str:
    export, kept = queries.export_for(actor(), id)
    known, job = queries.columns_for(actor()), job_for(actor(), export.job_id) if export.job_id else None
    columns = [known[name] for name in export.columns if name in known]
    return render_template("people/export.html", export=export, kept=kept, job=job, form=form, columns=columns, names=dict(colleagues(actor(), now())))


@blueprint.post("/exports/<int:id>/decision")
@allow(Action.EXPORT_PEOPLE)
@fresh
def export_decision_post(id: int):
    """Someone else agrees to an export, or does not."""
    form = Form()
    queries.export_for(actor(), id)
    decide = lambda: actions.decide_export(actor(), id, request.form.get("agrees") == "1", now=now())  # noqa: E731
    return submit(form, decide, then=lambda id: url_for("people.export_get", id=id), page=lambda: _export_page(id, form))


@blueprint.post("/exports/<int:id>/file")
@allow(Action.EXPORT_PEOPLE)
@fresh
def export_file_post(id: int):
    """The file itself, to whoever asked, once."""
    form = Form()
    queries.export_for(actor(), id)
    if not form.validate_on_submit():
        return _export_page(id, form), 422
    try:
        with transaction():
            format, content = actions.fetch_export(actor(), id, now=now())
    except Refused as refused:
        form.refusals.extend(refused.reasons)
        return _export_page(id, form), 422
    return send_file(BytesIO(content), MIMES[format], as_attachment=True, download_name=f"list.{format}")
