"""The list, an assembly's page, its facts, its state, and the seven considerations."""

from typing import Any

from flask import g, render_template, request

from crm.assemblies import actions, queries, rules
from crm.assemblies.forms import AssemblyForm, ConsiderationsForm, StateForm
from crm.assemblies.models import Assembly
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.routes.blueprint import blueprint, frame, opened, opened_to_run, page_of
from crm.assemblies.rules.next_steps import STEPS, next_steps
from crm.assemblies.rules.plan import read_facts
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import submit
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing


@blueprint.get("/assemblies")
@allow(Action.SEE_ASSEMBLIES)
def assemblies_get() -> str:
    """Assemblies to come, or those that are over."""
    is_past = request.args.get("past") == "1"
    listed, after = queries.assemblies_page(actor(), request.args.get("after"), is_past=is_past)
    return render_template("assemblies/assemblies.html", listed=listed, after=after, is_past=is_past)


@blueprint.get("/assemblies/<int:id>")
@allow(Action.SEE_ASSEMBLIES)
def assembly_get(id: int) -> str:
    """Everything about an assembly on one page."""
    return _page(opened(id), StateForm())


def _page(assembly: Assembly, form: StateForm) -> str:
    sessions, at = queries.sessions_of(assembly), now()
    context: dict[str, Any] = {}
    for panel in queries.PANELS:
        context |= panel(actor(), assembly)
    partners, tasks = queries.partners_of(assembly), queries.tasks_of(assembly)
    g.time_zone = assembly.time_zone
    return render_template(
        "assemblies/assembly.html",
        **context,
        **frame(assembly),
        form=form,
        convener=queries.convener_of(assembly),
        sessions=sessions,
        main=queries.main_session(assembly, sessions),
        program=program_of(assembly, sessions),
        closed=queries.closed_sessions(actor(), sessions),
        partners=partners,
        own=next((row for row, _organization in partners if row.partner_id == actor().org_id), None),
        open_tasks=[task for task in tasks if task.done_at is None],
        done_tasks=[task for task in tasks if task.done_at],
        today=rules.day_in(at, assembly.time_zone),
        committees=queries.committees_of(assembly),
        next_states=_next_states(assembly, at),
        steps=next_steps(assembly.state, assembly.decisions),
        step_words=STEPS,
        playbook=playbook_in_force(assembly),
    )


def program_of(assembly: Assembly, sessions: list) -> list[tuple[Any, list[tuple[Any, Any]], int]]:
    """Each session with (time, item) in order, and by how many minutes its agenda is too long."""
    agenda, program = queries.agenda_of(assembly), []
    for sitting in sessions:
        items = agenda.get(sitting.id, [])
        minutes = [item.minutes for item in items]
        times = rules.program_times(sitting.starts_at, minutes, assembly.time_zone)
        over = rules.overrun(minutes, sitting.starts_at, sitting.ends_at)
        program.append((sitting, list(zip(times, items, strict=True)), over))
    return program


def _next_states(assembly: Assembly, at: Any) -> list[tuple[str, list]]:
    """Where it may go, each with what still stands in the way."""
    facts = actions.readiness_of(assembly, because="-")
    return [(to, rules.issues_before(to, facts, at)) for to in rules.TRANSITIONS[assembly.state]]


@blueprint.post("/assemblies/<int:id>/state/<to>")
@allow(Action.RUN_ASSEMBLIES)
def state_post(id: int, to: str) -> Any:
    """Announces, opens, closes, cancels or takes back."""
    if to not in rules.TRANSITIONS:
        raise Missing()
    form, who, at = StateForm(), actor(), now()
    queries.assembly_to_run(who, id)
    return submit(
        form,
        lambda: actions.move_state(who, id, to, because=form.because.data or "", now=at),
        then=page_of,
        page=lambda: _page(opened(id), form),
    )


@blueprint.get("/assemblies/<int:id>/edit")
@allow(Action.RUN_ASSEMBLIES)
def facts_get(id: int) -> str:
    """An assembly's facts, to change."""
    assembly = opened_to_run(id)
    words = {
        f"{name}_{tag}": getattr(assembly, name).get(tag, "") for name in ("title", "question") for tag in ("en", "es")
    }
    return _facts_page(assembly, AssemblyForm(obj=assembly, zone=assembly.time_zone, **words))


@blueprint.post("/assemblies/<int:id>/edit")
@allow(Action.RUN_ASSEMBLIES)
def facts_post(id: int) -> Any:
    """Saves an assembly's facts; a new day moves its sessions and tasks."""
    assembly, who, at = opened_to_run(id), actor(), now()
    form = AssemblyForm(zone=assembly.time_zone)
    read = lambda: read_facts(form.values(), rules.day_in(at, assembly.time_zone))  # noqa: E731
    form.rule = lambda: found if isinstance(found := read(), list) else ()
    typed = lambda: form.values() | {"version": form.version.data}  # noqa: E731
    return submit(
        form,
        lambda: actions.edit_assembly(who, id, typed(), now=at),
        then=page_of,
        page=lambda: _facts_page(opened_to_run(id), form),
    )


def _facts_page(assembly: Assembly, form: AssemblyForm) -> str:
    powers = queries.powers_of(assembly)
    return render_template("assemblies/facts.html", **frame(assembly), form=form, powers=powers)


@blueprint.get("/assemblies/<int:id>/considerations")
@allow(Action.SEE_ASSEMBLIES)
def considerations_get(id: int) -> str:
    """The seven key considerations as a worksheet."""
    assembly = opened(id)
    form = ConsiderationsForm(data=assembly.considerations)
    return render_template("assemblies/considerations.html", **frame(assembly), form=form)


@blueprint.post("/assemblies/<int:id>/considerations")
@allow(Action.RUN_ASSEMBLIES)
def considerations_post(id: int) -> Any:
    """Keeps the answers."""
    form, who, at = ConsiderationsForm(), actor(), now()
    queries.assembly_to_run(who, id)
    return submit(
        form,
        lambda: actions.write_considerations(who, id, form.values(), now=at),
        then=lambda id: page_of(id, "considerations_get"),
        page=lambda: render_template("assemblies/considerations.html", **frame(opened(id)), form=form),
    )
