"""Opening a masked person, and what was opened."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow, own_path
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.people import actions
from crm.people.actions.reveals import look_into_alarm
from crm.people.queries.reveals import Alarm, alarms_waiting, revealings, reveals_page
from crm.people.routes.base import blueprint
from crm.people.routes.person import person_page
from crm.people.rules.reveals import ALARMS


@blueprint.post("/<int:id>/opening")
@allow(Action.SEE_PEOPLE)
def reveal_post(id: int):
    """Shows a person's name and numbers until midnight; the press is counted."""
    form, back = Form(), own_path(request.form.get("back"))
    page = lambda: person_page(id, button=form)  # noqa: E731

    def then(id: int) -> str:
        flash(_("You see the whole name and the numbers until midnight. This was written down."), "yes")
        return back if back != "/" else url_for("people.person_get", id=id)

    return submit(form, lambda: actions.reveal(actor(), id, now=now()), then, page)


@blueprint.get("/opened")
@allow(Action.ADMINISTER)
def reveals_get():
    """Which people were opened, by whom; of one colleague when asked."""
    of = request.args.get("of", type=int)
    page = reveals_page(actor(), of, request.args.get("after"))
    form, alarms = Form(formdata=None), alarms_waiting(actor(), now())
    return render_template("people/reveals.html", page=page, openers=revealings(actor(), now()), of=of, alarms=alarms, form=form)


@blueprint.post("/opened/alarms/<int:id>/seen")
@allow(Action.ADMINISTER)
def alarm_seen_post(id: int):
    """An administrator has looked into it."""
    return submit(Form(), lambda: look_into_alarm(actor(), id, now=now()), then=lambda _n: url_for("people.reveals_get"), page=reveals_get)


@blueprint.app_template_filter("alarm_words")
def alarm_words(alarm: Alarm) -> str:
    """Why somebody should look, in words."""
    return "; ".join(_(ALARMS[why], n=n) for why, n in alarm.reasons)
