"""Pages of opt-outs that came by voice, e-mail, letter, form or in person."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.phone import show_phone
from crm.outreach import actions
from crm.outreach.forms import CloseForm, OptOutForm
from crm.outreach.queries.opt_outs import opt_out_report, opt_out_request_for
from crm.outreach.routes.consent import today
from crm.outreach.rules.business_days import honor_by
from crm.outreach.rules.consent import REVOKED_BY

blueprint = Blueprint("opt_outs", __name__, url_prefix="/texts/opt-outs")


@blueprint.get("")
@allow(Action.EDIT_PEOPLE)
def opt_outs_get():
    """What still waits for a number, what was honored, and a form to write one down."""
    return _page(OptOutForm(received_on=today()))


@blueprint.post("")
@allow(Action.EDIT_PEOPLE)
def opt_outs_post():
    """Writes one down; with a number it is obeyed at once."""
    form = OptOutForm()
    return submit(
        form,
        lambda: actions.record_opt_out(actor(), **{name: value or "" for name, value in form.values().items()}, now=now(), today=today()),
        then=_told,
        page=lambda: _page(form),
    )


@blueprint.get("/<int:request_id>")
@allow(Action.EDIT_PEOPLE)
def opt_out_get(request_id: int):
    """A request whose number is not known yet."""
    return _close_page(request_id, CloseForm())


@blueprint.post("/<int:request_id>")
@allow(Action.EDIT_PEOPLE)
def opt_out_post(request_id: int):
    """Its number is known now, or nobody of ours is meant."""
    form = CloseForm()
    return submit(
        form,
        lambda: actions.close_opt_out(actor(), request_id, phone=form.phone.data or "", is_ours=form.outcome.data == "honored", now=now()),
        then=lambda _id: url_for("opt_outs.opt_outs_get"),
        page=lambda: _close_page(request_id, form),
    )


def _told(number: str | None) -> str:
    if number:
        flash(_("From this moment %(number)s gets no more texts.", number=show_phone(number)))
    return url_for("opt_outs.opt_outs_get")


def _page(form: OptOutForm) -> str:
    return render_template("outreach/opt_outs.html", form=form, report=opt_out_report(actor(), now()), sources=REVOKED_BY)


def _close_page(request_id: int, form: CloseForm) -> str:
    wanted = opt_out_request_for(actor(), request_id)
    return render_template("outreach/opt_out.html", form=form, wanted=wanted, due_on=honor_by(wanted.received_on), sources=REVOKED_BY)
