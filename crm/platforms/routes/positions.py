"""Positions: where every organization stands and stood, how it decides, what is still needed, and stating one's own."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from crm.accounts.queries import colleagues_who_may
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.platforms import actions, queries, rules
from crm.platforms.forms import ProcessForm, position_form
from crm.platforms.models import Platform
from crm.platforms.routes.shared import blueprint, rights


@blueprint.get("/platforms/<int:id>/positions")
@allow(Action.SEE_PLATFORMS)
def positions_get(id: int):
    platform = queries.platform_for(actor(), id)
    rows = [row for row in queries.planks_of(platform) if row.plank.state == "in"]
    organizations, positions = queries.organizations_of(platform), queries.positions_of(platform)
    return render_template(
        "platforms/positions.html", platform=platform, rows=rows, organizations=organizations, positions=positions,
        statements=queries.statements_of(platform), processes=queries.processes_of(platform), today=_today(),
        is_overdue=rules.is_overdue, names={o.id: o.name for o in organizations}, **_needed(platform, rows, organizations, positions), **rights(platform),
    )


def _needed(platform: Platform, rows: list[queries.PlankRow], organizations: list[Any], positions: dict) -> dict[str, Any]:
    """What each plank still needs, and the whole."""
    ids = [organization.id for organization in organizations]
    stances = {key: position.stance for key, position in positions.items()}
    support = {
        row.plank.id: rules.still_needed({org: stances[row.plank.id, org] for org in ids if (row.plank.id, org) in stances}, ids, platform.share_needed)
        for row in rows
    }
    return {"support": support, "overall": rules.overall(support, stances, ids)}


def _today() -> Any:
    return now().astimezone(ZoneInfo(actor().time_zone)).date()


@blueprint.get("/platforms/<int:id>/positions/ours")
@allow(Action.VOTE_FOR_ORGANIZATION)
def position_get(id: int):
    return _page(id, None)


@blueprint.post("/platforms/<int:id>/positions/ours")
@allow(Action.VOTE_FOR_ORGANIZATION)
def position_post(id: int):
    platform = queries.platform_as_partner(actor(), id)
    planks = [row.plank.id for row in queries.planks_of(platform) if row.plank.state == "in"]
    form = position_form(planks)
    how = {"decided_by": form.decided_by.data or "", "decided_on": form.decided_on.data}
    return submit(
        form, lambda: actions.state_positions(actor(), id, _said(form, planks), **how, now=now()),
        then=lambda _id: _stated(id), page=lambda: _page(id, form),
    )


@blueprint.post("/platforms/<int:id>/positions/process")
@allow(Action.VOTE_FOR_ORGANIZATION)
def process_post(id: int):
    queries.platform_as_partner(actor(), id)
    form = _process_form()
    return submit(
        form, lambda: actions.state_process(actor(), id, form.words.data or "", form.decides_on.data, form.account_id.data, now=now()),
        then=lambda _id: _written(id), page=lambda: _page(id, None, form),
    )


def _page(id: int, form: Form | None, process: ProcessForm | None = None) -> str:
    platform = queries.platform_as_partner(actor(), id)
    rows = [row for row in queries.planks_of(platform) if row.plank.state == "in"]
    known = queries.processes_of(platform).get(actor().org_id)
    if process is None:
        process = _process_form(formdata=None, obj=known)
    return render_template(
        "platforms/position.html", platform=platform, rows=rows, form=form or _filled(platform, rows), process=process, known=known,
        speakers=queries.who_may_state(actor(), id, now()),
    )


def _process_form(**values: Any) -> ProcessForm:
    return ProcessForm(**values).offer(colleagues_who_may(actor(), Action.VOTE_FOR_ORGANIZATION, now()))


def _filled(platform: Platform, rows: list[queries.PlankRow]) -> Form:
    known, values = queries.positions_of(platform), {}
    for row in rows:
        if position := known.get((row.plank.id, actor().org_id)):
            values |= {f"{name}_{row.plank.id}": getattr(position, name) for name in ("stance", "words", "until")}
            values |= {"decided_by": position.decided_by, "decided_on": position.decided_on}
    return position_form([row.plank.id for row in rows], formdata=None, **values)


def _said(form: Form, planks: list[int]) -> dict[int, dict]:
    return {
        plank: {name: form[f"{name}_{plank}"].data for name in ("stance", "words", "until")}
        for plank in planks if form[f"stance_{plank}"].data
    }


def _stated(id: int) -> str:
    flash(_("Your organization's position is stated. All partners can read it."), "yes")
    return url_for("platforms.positions_get", id=id)


def _written(id: int) -> str:
    flash(_("All partners can read how your organization decides."), "yes")
    return url_for("platforms.position_get", id=id)
