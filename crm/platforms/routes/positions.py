"""Positions: where every organization stands, what is still needed, and stating one's own."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries, rules
from crm.platforms.forms import position_form
from crm.platforms.routes.shared import blueprint, rights


@blueprint.get("/platforms/<int:id>/positions")
@allow(Action.SEE_PLATFORMS)
def positions_get(id: int):
    platform = queries.platform_for(actor(), id)
    rows = [row for row in queries.planks_of(platform) if row.plank.state == "in"]
    organizations, positions = queries.organizations_of(platform), queries.positions_of(platform)
    ids = [organization.id for organization in organizations]
    support = {}
    for row in rows:
        stances = {org: positions[row.plank.id, org].stance for org in ids if (row.plank.id, org) in positions}
        support[row.plank.id] = rules.still_needed(stances, ids, platform.share_needed)
    return render_template(
        "platforms/positions.html", platform=platform, rows=rows, organizations=organizations, positions=positions,
        support=support, **rights(platform),
    )


@blueprint.get("/platforms/<int:id>/positions/ours")
@allow(Action.VOTE_FOR_ORGANIZATION)
def position_get(id: int):
    return _page(id, None)


@blueprint.post("/platforms/<int:id>/positions/ours")
@allow(Action.VOTE_FOR_ORGANIZATION)
def position_post(id: int):
    platform = queries.platform_for(actor(), id)
    planks = [row.plank.id for row in queries.planks_of(platform) if row.plank.state == "in"]
    form = position_form(planks)
    return submit(
        form, lambda: actions.state_positions(actor(), id, _said(form, planks), now=now()),
        then=lambda _id: _stated(id), page=lambda: _page(id, form),
    )


def _page(id: int, form: Form | None) -> str:
    platform = queries.platform_for(actor(), id)
    rows = [row for row in queries.planks_of(platform) if row.plank.state == "in"]
    if form is None:
        known = queries.positions_of(platform)
        values = {}
        for row in rows:
            if position := known.get((row.plank.id, actor().org_id)):
                values[f"stance_{row.plank.id}"] = position.stance
                values[f"words_{row.plank.id}"] = position.words
                values[f"until_{row.plank.id}"] = position.until
        form = position_form([row.plank.id for row in rows], **values)
    return render_template("platforms/position.html", platform=platform, rows=rows, form=form)


def _said(form: Form, planks: list[int]) -> dict[int, dict]:
    return {
        plank: {name: form[f"{name}_{plank}"].data for name in ("stance", "words", "until")}
        for plank in planks if form[f"stance_{plank}"].data
    }


def _stated(id: int) -> str:
    flash(_("Your organization's position is stated. All partners can read it."), "yes")
    return url_for("platforms.positions_get", id=id)
