"""The consent set: amendments that nobody contests, read together and adopted together into one new version of each plank."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries
from crm.platforms.forms import ConsentForm
from crm.platforms.models import Platform
from crm.platforms.routes.shared import blueprint, rights


def _page(platform: Platform, form: ConsentForm, found: queries.ConsentSet) -> str:
    planks = {row.plank.id: row for row in queries.planks_of(platform)}
    return render_template(
        "platforms/consent.html", platform=platform, form=form, found=found, planks=planks,
        chosen=[row.amendment.id for row in found.chosen], **rights(platform),
    )


@blueprint.get("/platforms/<int:id>/consent")
@allow(Action.SEE_PLATFORMS)
def consent_get(id: int):
    platform = queries.platform_for(actor(), id)
    ticked = request.args.getlist("amendments", type=int) if "ticked" in request.args else None
    return _page(platform, ConsentForm(formdata=None), queries.consent_set(platform, ticked))


@blueprint.post("/platforms/<int:id>/consent")
@allow(Action.DECIDE_AMENDMENTS)
def consent_post(id: int):
    queries.platform_of_owner(actor(), id)
    form = ConsentForm()
    ids = request.form.getlist("amendments", type=int)
    seen = form.mark.data or ""
    return submit(
        form, lambda: actions.adopt_together(actor(), id, ids, form.reason.data or "", seen=seen, now=now()),
        then=lambda count: _adopted(id, count),
        page=lambda: _page(queries.platform_of_owner(actor(), id), form, queries.consent_set(queries.platform_of_owner(actor(), id), ids)),
    )


def _adopted(id: int, count: int) -> str:
    flash(ngettext("%(num)s amendment is adopted.", "%(num)s amendments are adopted together.", count), "yes")
    left = queries.consent_set(queries.platform_of_owner(actor(), id))
    stuck = [row.letter for row, _why in left.contested]
    if stuck:
        flash(_("Still open, each for a decision of its own: %(letters)s.", letters=", ".join(stuck)), "wait")
    return url_for("platforms.consent_get", id=id)
