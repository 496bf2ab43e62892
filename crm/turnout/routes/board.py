"""The turnout board of an assembly: the thermometer, who brings whom, pledges, and the door's links."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import get_locale

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_to_run, coming_session, sessions_of
from crm.assemblies.rules import in_language
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.turnout import actions, queries, rules
from crm.turnout.forms import DoorLinkForm, GoalForm, PledgeForm, TickForm

blueprint = Blueprint("turnout", __name__)


def titled(assembly: Any) -> str:
    """The assembly's title in the reader's language."""
    return in_language(assembly.title, str(get_locale()))


def panel(actor: Actor, assembly: Any) -> dict[str, Any]:
    """What turnout shows on the assembly's own page."""
    return {
        "summary": queries.turnout_summary(actor, assembly.id, now=now()),
        "supports": queries.support_counts(assembly.id),
        "support_words": rules.SUPPORTS,
    }


@blueprint.get("/assemblies/<int:id>/turnout")
@allow(Action.SEE_ASSEMBLIES)
def turnout_get(id: int):
    return _board(id)


def _board(id: int, form: PledgeForm | None = None, goal_form: GoalForm | None = None) -> str:
    summary = queries.turnout_summary(actor(), id, now=now())
    goals = queries.goals_of(id)
    return render_template(
        "turnout/board.html",
        summary=summary,
        assembly=summary.assembly,
        title=titled(summary.assembly),
        form=form or _pledge_form(summary),
        goal_form=goal_form or _goal_form(summary),
        organizers=queries.organizers(actor(), id, goals),
        units=queries.units(actor(), id, goals),
        ways=queries.ways(actor(), id),
        way_words=rules.WAYS,
        goals={(goal.kind, goal.partner_id): goal.id for goal in goals},
        pledges=queries.pledges_of(id),
        names={row.partner_id: row.name for row in summary.partners},
        supports=queries.support_counts(id),
        support_words=rules.SUPPORTS,
        states=queries.state_counts(actor(), id),
        may_pledge=actor().may(Action.PLEDGE),
        may_call=actor().may(Action.SEE_PEOPLE),
        may_run_door=actor().may(Action.RUN_DOOR),
    )


def _pledge_form(summary: queries.Summary) -> PledgeForm:
    rows = (
        summary.partners
        if summary.is_convener
        else [row for row in summary.partners if row.partner_id == actor().org_id]
    )
    form = PledgeForm([(row.partner_id, row.name) for row in sorted(rows, key=lambda row: row.name)])
    if form.partner_id.data is None:
        form.partner_id.data = actor().org_id
    return form


@blueprint.get("/assemblies/<int:id>/turnout/now")
@allow(Action.SEE_ASSEMBLIES)
def turnout_now_get(id: int):
    """The part of the board that asks again by itself."""
    summary = queries.turnout_summary(actor(), id, now=now())
    return render_template("turnout/_now.html", summary=summary, assembly=summary.assembly, may_call=actor().may(Action.SEE_PEOPLE))


def _goal_form(summary: queries.Summary) -> GoalForm:
    return GoalForm(sorted(((row.partner_id, row.name) for row in summary.partners), key=lambda row: row[1]), summary.is_convener)


@blueprint.post("/assemblies/<int:id>/goals")
@allow(Action.PLEDGE)
def goals_post(id: int):
    form = _goal_form(queries.turnout_summary(actor(), id, now=now()))
    return submit(
        form,
        lambda: actions.set_goal(
            actor(), id, kind=form.kind.data or "", target=form.target.data, name=form.name.data or "", partner_id=form.about.data, now=now()
        ),
        then=lambda _set: url_for("turnout.turnout_get", id=id, _anchor="goals"),
        page=lambda: _board(id, goal_form=form),
    )


@blueprint.post("/assemblies/<int:id>/goals/<int:goal_id>/removal")
@allow(Action.PLEDGE)
def goal_removal_post(id: int, goal_id: int):
    return submit(
        TickForm(),
        lambda: actions.drop_goal(actor(), goal_id, now=now()),
        then=lambda assembly_id: url_for("turnout.turnout_get", id=assembly_id, _anchor="goals"),
        page=lambda: _board(id),
    )


@blueprint.post("/assemblies/<int:id>/pledges")
@allow(Action.PLEDGE)
def pledges_post(id: int):
    form = _pledge_form(queries.turnout_summary(actor(), id, now=now()))
    return submit(
        form,
        lambda: actions.pledge(
            actor(),
            id,
            promised=form.promised.data,
            lead_name=form.lead_name.data or "",
            partner_id=form.partner_id.data,
            now=now(),
        ),
        then=lambda _made: url_for("turnout.turnout_get", id=id, _anchor="pledges"),
        page=lambda: _board(id, form),
    )


@blueprint.post("/assemblies/<int:id>/pledges/<int:pledge_id>/withdrawal")
@allow(Action.PLEDGE)
def pledge_withdrawal_post(id: int, pledge_id: int):
    return submit(
        TickForm(),
        lambda: actions.withdraw_pledge(actor(), pledge_id, now=now()),
        then=lambda assembly_id: url_for("turnout.turnout_get", id=assembly_id, _anchor="pledges"),
        page=lambda: _board(id),
    )


@blueprint.get("/assemblies/<int:id>/door-links")
@allow(Action.RUN_DOOR)
def doors_get(id: int):
    return _doors(id)


def _doors(id: int, form: DoorLinkForm | None = None) -> str:
    assembly = assembly_to_run(actor(), id)
    sittings = sessions_of(assembly)
    return render_template(
        "turnout/door_links.html",
        assembly=assembly,
        title=titled(assembly),
        form=form or _door_form(assembly),
        doors=queries.door_links(actor(), id, now()),
        now=now(),
        kinds=rules.DOOR_KINDS,
        sittings={sitting.id: in_language(sitting.title, str(get_locale())) for sitting in sittings},
    )


def _door_form(assembly: Assembly) -> DoorLinkForm:
    form, sittings = DoorLinkForm(), sessions_of(assembly)
    form.session_id.choices = [(sitting.id, in_language(sitting.title, str(get_locale()))) for sitting in sittings]
    if form.session_id.data is None and (coming := coming_session(assembly, sittings, now())):
        form.session_id.data = coming.id
    return form


@blueprint.post("/assemblies/<int:id>/door-links")
@allow(Action.RUN_DOOR)
def doors_post(id: int):
    form = _door_form(assembly_to_run(actor(), id))
    return submit(
        form,
        lambda: actions.open_door(
            actor(), id, form.session_id.data, name=form.name.data or "", hours=form.hours.data, kind=form.kind.data or "", now=now()
        ),
        then=lambda door_id: url_for("turnout.doors_get", id=id, _anchor=f"door-{door_id}"),
        page=lambda: _doors(id, form),
    )


@blueprint.post("/assemblies/<int:id>/door-links/<int:door_id>/closing")
@allow(Action.RUN_DOOR)
def door_closing_post(id: int, door_id: int):
    return submit(
        TickForm(),
        lambda: actions.close_door(actor(), door_id, now=now()),
        then=lambda assembly_id: url_for("turnout.doors_get", id=assembly_id),
        page=lambda: _doors(id),
    )
