"""The organization's own fields, for administrators."""

from flask import render_template, request, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people import actions, queries
from crm.people.forms import FieldForm
from crm.people.models import CustomField
from crm.people.routes.base import blueprint
from crm.people.rules.custom import KINDS


@blueprint.get("/fields")
@allow(Action.ADMINISTER)
def fields_get():
    """The fields in their order, the archived ones below, and a form for one more."""
    return _fields_page(FieldForm(formdata=None))


def _fields_page(form: FieldForm) -> str:
    me = actor()
    used, archived = queries.custom_fields(me), queries.custom_fields(me, archived=True)
    return render_template("people/fields.html", fields=used, archived=archived, form=form, kinds=KINDS, button=Form(formdata=None))


@blueprint.post("/fields")
@allow(Action.ADMINISTER)
def fields_post():
    """Adds a field; a name that looks dangerous is asked about first."""
    form = FieldForm()
    return submit(
        form,
        lambda: actions.add_field(
            actor(), form.label.data or "", form.kind.data or "", form.lines(), form.is_private.data, form.is_confirmed.data, now=now()
        ),
        then=_to_fields,
        page=lambda: _fields_page(form),
    )


@blueprint.get("/fields/<int:id>")
@allow(Action.ADMINISTER)
def field_get(id: int):
    """One field: its name, its choices, who sees it."""
    field = queries.field_for(actor(), id)
    return _field_page(field, FieldForm(formdata=None, label=field.label, kind=field.kind, choices="\n".join(field.choices), is_private=field.is_private))


def _field_page(field: CustomField, form: FieldForm) -> str:
    return render_template("people/field_edit.html", kept=field, form=form, kinds=KINDS)


@blueprint.post("/fields/<int:id>")
@allow(Action.ADMINISTER)
def field_post(id: int):
    """Renames a field, changes its choices or who sees it."""
    form, field = FieldForm(), queries.field_for(actor(), id)
    return submit(
        form,
        lambda: actions.edit_field(actor(), id, form.label.data or "", form.lines(), form.is_private.data, form.is_confirmed.data, now=now()),
        then=_to_fields,
        page=lambda: _field_page(field, form),
    )


@blueprint.post("/fields/<int:id>/place")
@allow(Action.ADMINISTER)
def field_place_post(id: int):
    """Moves a field up or down, archives it or brings it back."""
    asked = request.form.get("act", "")
    acts = {
        "up": lambda: actions.move_field(actor(), id, -1, now=now()),
        "down": lambda: actions.move_field(actor(), id, 1, now=now()),
        "archive": lambda: actions.archive_field(actor(), id, now=now()),
        "restore": lambda: actions.restore_field(actor(), id, now=now()),
    }
    queries.field_for(actor(), id)
    return submit(Form(), acts.get(asked, lambda: id), then=_to_fields, page=lambda: _fields_page(FieldForm(formdata=None)))


def _to_fields(_id: int) -> str:
    return url_for("people.fields_get")
