"""The page of texting hours: what binds, by whose word, and what an administrator declared does not."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.look import clock_time
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.outreach import actions
from crm.outreach.forms import ButtonForm, ExemptionForm
from crm.outreach.queries.exemptions import exemptions
from crm.outreach.routes.consent import today
from crm.outreach.rules.laws import EFFECTS, FEDERAL, LAWS, OWN, RULES

blueprint = Blueprint("hours", __name__, url_prefix="/texts/hours")


@blueprint.get("")
@allow(Action.SEND_TEXTS)
def hours_get():
    """When texts go out, and why then."""
    return _page(ExemptionForm())


@blueprint.post("")
@allow(Action.ADMINISTER)
def hours_post():
    """Declares that a rule does not bind the organization."""
    form = ExemptionForm()
    return submit(
        form,
        lambda: actions.set_exemption(actor(), form.rule.data or "", form.reason.data or "", now=now()),
        then=lambda _id: url_for("hours.hours_get"),
        page=lambda: _page(form),
    )


@blueprint.post("/<int:exemption_id>/end")
@allow(Action.ADMINISTER)
def exemption_end_post(exemption_id: int):
    """Ends an exemption."""
    form = ButtonForm()
    return submit(
        form,
        lambda: actions.end_exemption(actor(), exemption_id, now=now()),
        then=lambda _id: url_for("hours.hours_get"),
        page=lambda: _page(ExemptionForm(formdata=None)),
    )


def _page(form: ExemptionForm) -> str:
    return render_template(
        "outreach/hours.html", form=form, exemptions=exemptions(actor()), laws=(OWN, FEDERAL, *LAWS.values()), rules=RULES, effects=EFFECTS,
        press=Form(formdata=None), clock=lambda at: clock_time(datetime.combine(today(), at, ZoneInfo(actor().time_zone or "UTC"))),
    )
