"""Starting an assembly: choose a playbook, answer a few questions, see all the dates, make it; or copy one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import g, render_template, request

from crm.assemblies import actions, queries, rules
from crm.assemblies.forms import KindForm, PlanForm, choose_zone
from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import PLAYBOOKS, playbook_of
from crm.assemblies.playbooks.shape import Playbook
from crm.assemblies.routes.blueprint import blueprint, opened_to_run, page_of
from crm.assemblies.rules.program import read_words
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of, possible_partners


@blueprint.get("/assemblies/new")
@allow(Action.RUN_ASSEMBLIES)
def playbooks_get() -> str:
    """A few questions with the kinds that fit their answers; then all playbooks, each by a sentence that a person can agree with."""
    form = KindForm(request.args)
    nearest = rules.propose(PLAYBOOKS.values(), form.values())
    return render_template("assemblies/playbooks.html", playbooks=PLAYBOOKS.values(), form=form, nearest=nearest)


@blueprint.get("/assemblies/new/<kind>")
@allow(Action.RUN_ASSEMBLIES)
def plan_get(kind: str) -> str:
    """The few questions that a playbook asks."""
    playbook = _playbook(kind)
    return _form_page(_form(**{"goal": playbook.goal, "starts": _main_hour(playbook)} | (_here_and_now(playbook) if playbook.begins_now else {})), playbook)


@blueprint.post("/assemblies/new/<kind>/preview")
@allow(Action.RUN_ASSEMBLIES)
def preview_post(kind: str) -> Any:
    """All the dates, before anything is made."""
    return _preview(_playbook(kind), None)


@blueprint.post("/assemblies/new/<kind>")
@allow(Action.RUN_ASSEMBLIES)
def plan_post(kind: str) -> Any:
    """Makes the assembly as a draft."""
    return _make(_playbook(kind), None)


@blueprint.get("/assemblies/<int:id>/copy")
@allow(Action.RUN_ASSEMBLIES)
def copy_get(id: int) -> str:
    """The same questions, answered as last time; the day is a year later on the same weekday."""
    source = opened_to_run(id)
    sessions = queries.sessions_of(source)
    main = queries.main_session(source, sessions)
    form = _form(
        **{f"title_{tag}": source.title.get(tag, "") for tag in ("en", "es")},
        **{f"question_{tag}": source.question.get(tag, "") for tag in ("en", "es")},
        day=source.day + timedelta(weeks=52),
        goal=source.goal,
        scope=source.scope,
        time_zone=source.time_zone,
        starts=main and main.starts,
        capacity=main and main.capacity,
        partners=[row.partner_id for row, _org in queries.partners_of(source) if row.state == "accepted"],
    )
    return _form_page(form, actions.playbook_from(actor(), id), source)


@blueprint.post("/assemblies/<int:id>/copy/preview")
@allow(Action.RUN_ASSEMBLIES)
def copy_preview_post(id: int) -> Any:
    """All the dates of the copy, before it is made."""
    source = opened_to_run(id)
    return _preview(actions.playbook_from(actor(), id), source)


@blueprint.post("/assemblies/<int:id>/copy")
@allow(Action.RUN_ASSEMBLIES)
def copy_post(id: int) -> Any:
    """Makes next year's assembly, or another city's, out of this one."""
    source = opened_to_run(id)
    return _make(actions.playbook_from(actor(), id), source)


def _playbook(kind: str) -> Playbook:
    playbook = playbook_of(kind)
    if playbook is None:
        raise Missing()
    return playbook


def _here_and_now(playbook: Playbook) -> dict[str, Any]:
    """Today, within the hour, with the playbook's own name and question: a street has two minutes."""
    soon = rules.wall(now(), organization_of(actor()).time_zone) + timedelta(minutes=59)
    words = {"title": playbook.title_hint, "question": playbook.question_hint}
    own = {f"{name}_{tag}": said for name, both in words.items() for tag, said in both.items()}
    return {"day": soon.date(), "starts": soon.time().replace(minute=0, second=0, microsecond=0), **own}


def _main_hour(playbook: Playbook) -> Any:
    return next((sitting.starts for sitting in playbook.sittings if sitting.days == 0), None)


def _form(**defaults: Any) -> PlanForm:
    zone = organization_of(actor()).time_zone
    form = PlanForm(**({"time_zone": zone} | {name: value for name, value in defaults.items() if value is not None}))
    choose_zone(form.time_zone, zone, defaults.get("time_zone") or "")
    form.partners.choices = [(organization.id, organization.name) for organization in possible_partners(actor())]
    return form


def _form_page(form: PlanForm, playbook: Playbook, source: Assembly | None = None) -> str:
    return render_template("assemblies/plan.html", form=form, playbook=playbook, source=source)


def _plan(form: PlanForm, playbook: Playbook, source: Assembly | None) -> rules.AssemblyPlan:
    typed = form.values()
    answers = rules.Answers(
        title=read_words(typed, "title"),
        question=read_words(typed, "question"),
        today=rules.day_in(now(), typed["time_zone"]),
        partners=tuple(typed["partners"] or ()),
        languages=tuple(typed["languages"] or ()),
        **{name: (typed[name] or "").strip() for name in ("place", "address", "scope")},
        **{name: typed[name] for name in ("day", "goal", "time_zone", "starts", "capacity")},
    )
    return replace(rules.plan_assembly(playbook, answers), copied_from_id=source and source.id)


def _preview(playbook: Playbook, source: Assembly | None) -> Any:
    form = _form(time_zone=source and source.time_zone)
    if "change" in request.form:
        return _form_page(form, playbook, source)
    form.rule = lambda: _plan(form, playbook, source).problems
    if not form.validate_on_submit():
        return _form_page(form, playbook, source), 422
    plan = _plan(form, playbook, source)
    g.time_zone = plan.answers.time_zone
    chosen = [name for id, name in form.partners.choices if id in plan.answers.partners]
    return render_template("assemblies/preview.html", form=form, plan=plan, source=source, partners=chosen)


def _make(playbook: Playbook, source: Assembly | None) -> Any:
    form, who, at = _form(time_zone=source and source.time_zone), actor(), now()
    form.rule = lambda: _plan(form, playbook, source).problems
    return submit(
        form,
        lambda: actions.create_assembly(who, _plan(form, playbook, source), now=at),
        then=page_of,
        page=lambda: _form_page(form, playbook, source),
    )
