"""Endorsements from outside, for the owner: looked at, confirmed, struck."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.kernel.permissions import Action
from crm.platforms import actions, queries
from crm.platforms.forms import ButtonForm
from crm.platforms.routes.shared import blueprint, pressed, rights


@blueprint.get("/platforms/<int:id>/endorsements")
@allow(Action.DECIDE_AMENDMENTS)
def endorsements_get(id: int):
    platform = queries.platform_of_owner(actor(), id)
    return render_template(
        "platforms/endorsements.html", platform=platform, rows=queries.endorsements_of(platform), button=ButtonForm(formdata=None), **rights(platform)
    )


@blueprint.post("/platforms/<int:id>/endorsements/<int:endorsement_id>/state")
@allow(Action.DECIDE_AMENDMENTS)
def endorsement_post(id: int, endorsement_id: int):
    queries.platform_of_owner(actor(), id)
    form = ButtonForm()
    return pressed(
        form, lambda: actions.decide_endorsement(actor(), id, endorsement_id, form.verb.data or "", now=now()),
        then=lambda _id: _decided(id, form.verb.data == "confirm"),
    )


def _decided(id: int, is_confirmed: bool) -> str:
    flash(_("It is confirmed; the name is on the public page.") if is_confirmed else _("It is struck; it is neither counted nor shown."), "yes")
    return url_for("platforms.endorsements_get", id=id)
