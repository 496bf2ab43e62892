"""Partners, tasks and the roster of an assembly; the partners of the coalition."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for

from crm.assemblies import actions, queries, rules
from crm.assemblies.forms import (
    AnswerForm,
    InviteForm,
    LeadForm,
    ParticipantForm,
    TaskForm,
)
from crm.assemblies.models import Participant
from crm.assemblies.playbooks import playbook_in_force, playbook_of
from crm.assemblies.routes.blueprint import blueprint, frame, language, opened, page_of
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.organizations.queries import coalitions_of, guests_of, possible_partners
from crm.people.queries import person_for


@blueprint.get("/partners")
@allow(Action.SEE_ASSEMBLIES)
def partners_get() -> str:
    """The organizations of the coalition: where each takes part, what it pledged and what came of it."""
    places, facts = queries.places_of_partners(actor()), {}
    ids = sorted({place.assembly.id for found in places.values() for place in found})
    for pledged in queries.PLEDGES:
        facts |= pledged(actor(), ids)
    return render_template(
        "assemblies/coalition.html",
        partners=possible_partners(actor()),
        coalitions=coalitions_of(actor().org_id),
        places=places,
        facts=facts,
    )


@blueprint.get("/assemblies/<int:id>/partners")
@allow(Action.SEE_ASSEMBLIES)
def assembly_partners_get(id: int) -> str:
    """Who convenes, who was asked, who has answered."""
    return _partners(id, Form())


@blueprint.post("/assemblies/<int:id>/partners")
@allow(Action.RUN_ASSEMBLIES)
def assembly_partners_post(id: int) -> Any:
    """Invites organizations of the coalition."""
    form = InviteForm()
    form.partners.choices = [(organization.id, organization.name) for organization in possible_partners(actor())]
    return _change(
        id, form, lambda who, at: actions.invite_partners(who, id, form.partners.data or [], now=at), _partners
    )


@blueprint.post("/assemblies/<int:id>/answer")
@allow(Action.PLEDGE)
def answer_post(id: int) -> Any:
    """A partner answers for itself."""
    form, who, at = AnswerForm(), actor(), now()
    queries.partner_row_for(who, id)
    accepts = form.answer.data == "accepted"
    return submit(
        form,
        lambda: actions.answer_invitation(who, id, accepts, form.lead_name.data or "", now=at),
        then=lambda _done: page_of(id, "assembly_partners_get") if accepts else url_for("assemblies.assemblies_get"),
        page=lambda: _partners(id, form),
    )


@blueprint.post("/assemblies/<int:id>/partners/<int:row_id>")
@allow(Action.RUN_ASSEMBLIES)
def partner_post(id: int, row_id: int) -> Any:
    """Notes a partner's turnout lead and role."""
    form = LeadForm()
    return _change(
        id,
        form,
        lambda who, at: actions.name_lead(who, id, row_id, form.lead_name.data or "", form.role.data, now=at),
        _partners,
    )


@blueprint.post("/assemblies/<int:id>/partners/<int:row_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def partner_removal_post(id: int, row_id: int) -> Any:
    """Takes an invitation back."""
    return _change(id, Form(), lambda who, at: actions.remove_partner(who, id, row_id, now=at), _partners)


def _partners(id: int, form: Form) -> str:
    assembly = opened(id)
    partners = queries.partners_of(assembly)
    known = {row.partner_id for row, _organization in partners}
    return render_template(
        "assemblies/partners.html",
        guests=guests_of(id),
        **frame(assembly),
        form=form,
        partners=partners,
        convener=queries.convener_of(assembly),
        invitable=[organization for organization in possible_partners(actor()) if organization.id not in known],
        own=next((row for row, _organization in partners if row.partner_id == actor().org_id), None),
        may_answer=actor().may(Action.PLEDGE),
        answer_form=form if isinstance(form, AnswerForm) else AnswerForm(formdata=None),
    )


@blueprint.get("/assemblies/<int:id>/tasks")
@allow(Action.SEE_ASSEMBLIES)
def tasks_get(id: int) -> str:
    """Tasks by date, what is late first."""
    return _tasks(id, TaskForm(formdata=None))


@blueprint.post("/assemblies/<int:id>/tasks")
@allow(Action.RUN_ASSEMBLIES)
def tasks_post(id: int) -> Any:
    """Adds a task."""
    form = TaskForm()
    typed = lambda: (form.title.data or "", form.due_on.data, form.owner.data or "", language())  # noqa: E731
    return _change(id, form, lambda who, at: actions.add_task(who, id, *typed(), now=at), _tasks, "tasks_get")


@blueprint.post("/assemblies/<int:id>/tasks/<int:task_id>/completion")
@allow(Action.RUN_ASSEMBLIES)
def completion_post(id: int, task_id: int) -> Any:
    """Ticks or unticks a task."""
    is_done = request.form.get("done") == "1"
    act = lambda who, at: actions.mark_task(who, id, task_id, is_done, now=at)  # noqa: E731
    return _change(id, TaskForm(), act, _tasks, "tasks_get")


@blueprint.post("/assemblies/<int:id>/tasks/<int:task_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def task_removal_post(id: int, task_id: int) -> Any:
    """Removes a task."""
    return _change(id, TaskForm(), lambda who, at: actions.remove_task(who, id, task_id, now=at), _tasks, "tasks_get")


def _tasks(id: int, form: Form) -> str:
    assembly = opened(id)
    return render_template(
        "assemblies/tasks.html",
        **frame(assembly),
        form=form,
        tasks=queries.tasks_of(assembly),
        today=rules.day_in(now(), assembly.time_zone),
    )


def _change(
    id: int, form: Form, act: Callable[[Actor, Any], Any], page: Any, back: str = "assembly_partners_get"
) -> Any:
    """A change by the convener, behind its door, then back to the list."""
    who, at = actor(), now()
    queries.assembly_to_run(who, id)
    return submit(form, lambda: act(who, at), then=lambda _done: page_of(id, back), page=lambda: page(id, form))


@blueprint.get("/assemblies/<int:id>/participants")
@allow(Action.SEE_ASSEMBLIES)
def participants_get(id: int) -> str:
    """The roster: all of it for the convener, its own people for a partner; ?person= fills one of them in."""
    person = read_id(request.args.get("person"))
    known = person_for(actor(), person) if person is not None else None
    filled = {"shown_name": f"{known.given_name} {known.family_name}", "person_id": known.id} if known else {}
    return _roster(id, ParticipantForm(formdata=None, **filled))


@blueprint.post("/assemblies/<int:id>/participants")
@allow(Action.RUN_ASSEMBLIES)
def participants_post(id: int) -> Any:
    """Puts someone on the roster."""
    form, who, at = ParticipantForm(), actor(), now()
    opened(id)
    votes, person = {"1": True, "0": False}.get(form.votes.data), form.person_id.data or ""
    return submit(
        form,
        lambda: actions.add_participant(
            who,
            id,
            form.shown_name.data or "",
            form.role.data,
            is_voting=votes,
            person_id=read_id(person),
            now=at,
        ),
        then=lambda _id: page_of(id, "participants_get"),
        page=lambda: _roster(id, form),
    )


@blueprint.post("/assemblies/<int:id>/participants/<int:participant_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def participant_removal_post(id: int, participant_id: int) -> Any:
    """Takes someone off the roster."""
    form, who, at = ParticipantForm(), actor(), now()
    queries.part_of(Participant, opened(id), participant_id)
    return submit(
        form,
        lambda: actions.remove_participant(who, id, participant_id, now=at),
        then=lambda _done: page_of(id, "participants_get"),
        page=lambda: _roster(id, form),
    )


def _roster(id: int, form: Form) -> str:
    assembly, role = opened(id), request.args.get("role", "")
    own = next((row for row, _org in queries.partners_of(assembly) if row.partner_id == actor().org_id), None)
    return render_template(
        "assemblies/roster.html",
        **frame(assembly),
        form=form,
        roster=queries.participants_page(actor(), assembly, role, request.args.get("after")),
        by_role=queries.participants_by_role(actor(), assembly),
        role=role,
        may_add=actor().may(Action.RUN_ASSEMBLIES) and bool(own and own.state == "accepted"),
        cards=playbook_of(assembly.kind).roles,
        groups=playbook_in_force(assembly).groups,
    )
