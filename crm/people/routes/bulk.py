"""One change to everyone in a list: preview, progress, and taking it back, in one place."""

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.jobs import job_for
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people import actions, queries
from crm.people.forms import BulkForm
from crm.people.routes.asked import read_asked
from crm.people.routes.base import blueprint


@blueprint.get("/all")
@allow(Action.EDIT_PEOPLE)
def bulk_get():
    """What should change for everyone in a list."""
    return _page(BulkForm(formdata=None, kind="tag"))


@blueprint.post("/all")
@allow(Action.EDIT_PEOPLE)
def bulk_post():
    """Shows how many people the change would touch; begins it when that was seen."""
    form, asked = BulkForm(), read_asked()
    form.refusals.extend(actions.issues_in_bulk(form.kind.data or "", form.value) if not request.form.get("go") else ())
    if not request.form.get("go"):
        is_good = form.validate() and not form.refusals
        return (_page(form, is_good), 200) if is_good else (_page(form), 422)
    return submit(
        form,
        lambda: actions.start_bulk(actor(), asked.segment, asked.definition, asked.text, form.kind.data, form.value, now=now()),
        then=lambda id: url_for("people.bulk_change_get", id=id),
        page=lambda: _page(form),
    )


def _page(form: BulkForm, is_seen: bool = False) -> str:
    me, asked = actor(), read_asked()
    size, same = queries.preview_of(me, asked.definition, asked.text, form.kind.data or "tag", form.value, now()) if is_seen else (None, None)
    found = size if is_seen else queries.count_matching(me, asked.definition, asked.text, now(), queries.PATIENCE)
    return render_template("people/bulk.html", form=form, asked=asked, found=found, same=same, is_seen=is_seen, tags=queries.all_tags(me))


@blueprint.get("/changes")
@allow(Action.EDIT_PEOPLE)
def bulk_changes_get():
    """Changes that were made to whole lists."""
    return render_template("people/bulk_changes.html", page=queries.bulk_page(actor(), request.args.get("after")))


@blueprint.get("/changes/<int:id>")
@allow(Action.EDIT_PEOPLE)
def bulk_change_get(id: int):
    """How far a change is, and the way back."""
    return _change_page(id, Form(formdata=None))


@blueprint.post("/changes/<int:id>/undo")
@allow(Action.EDIT_PEOPLE)
def bulk_undo_post(id: int):
    """Takes a change back from everyone it touched."""
    form = Form()
    queries.bulk_for(actor(), id)
    undo = lambda: actions.undo_bulk(actor(), id, now=now())  # noqa: E731
    return submit(form, undo, then=lambda id: url_for("people.bulk_change_get", id=id), page=lambda: _change_page(id, form))


def _change_page(id: int, form: Form) -> str:
    change, kept = queries.bulk_for(actor(), id)
    job = job_for(actor(), change.job_id) if change.job_id else None
    return render_template("people/bulk_change.html", change=change, kept=kept, job=job, form=form)
