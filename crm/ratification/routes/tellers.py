"""Tellers: named before the opening, and their signatures as they bring them."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.ratification import actions, queries
from crm.ratification.forms import SignatureForm, TellerForm
from crm.ratification.routes.manage import blueprint


def _tellers_page(id: int, form: Form) -> str:
    row = queries.owned_for(actor(), id)
    return render_template("ratification/tellers.html", row=row, form=form, tellers=queries.tellers_of(row))


@blueprint.get("/votes/<int:id>/tellers")
@allow(Action.RUN_VOTES)
def tellers_get(id: int):
    return _tellers_page(id, TellerForm() if queries.owned_for(actor(), id).state == "draft" else SignatureForm())


@blueprint.post("/votes/<int:id>/tellers")
@allow(Action.RUN_VOTES)
def tellers_post(id: int):
    form = TellerForm()
    return submit(
        form,
        lambda: actions.name_teller(actor(), id, name=form.name.data or "", public_key=form.public_key.data or "", now=now()),
        then=lambda id: url_for("ratifications.tellers_get", id=id),
        page=lambda: _tellers_page(id, form),
    )


@blueprint.post("/votes/<int:id>/tellers/<int:number>/removal")
@allow(Action.RUN_VOTES)
def teller_removal_post(id: int, number: int):
    form = TellerForm()
    return submit(
        form,
        lambda: actions.drop_teller(actor(), id, number, now=now()),
        then=lambda id: url_for("ratifications.tellers_get", id=id),
        page=lambda: _tellers_page(id, form),
    )


@blueprint.post("/votes/<int:id>/signatures")
@allow(Action.RUN_VOTES)
def signature_post(id: int):
    form = SignatureForm()

    def act() -> int:
        name = actions.take_signature(actor(), id, form.signature.data or "", now=now())
        flash(_("%(name)s has signed.", name=name))
        return id

    return submit(form, act, then=lambda id: url_for("ratifications.tellers_get", id=id), page=lambda: _tellers_page(id, form))
