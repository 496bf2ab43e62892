"""Sessions and their agenda; the program to print."""

from typing import Any

from flask import render_template, request

from crm.assemblies import actions, queries
from crm.assemblies.forms import ItemForm, SessionForm
from crm.assemblies.models import AgendaItem, AssemblySession
from crm.assemblies.routes.blueprint import blueprint, frame, opened, opened_to_run, page_of
from crm.assemblies.routes.pages import program_of
from crm.assemblies.rules.program import read_item, read_session
from crm.infra.auth import actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


@blueprint.get("/assemblies/<int:id>/program")
@allow(Action.SEE_ASSEMBLIES)
def program_get(id: int) -> str:
    """The whole program; printed, it is the sheet for the wall."""
    return _program(id, Form())


def _program(id: int, form: Form) -> str:
    assembly = opened(id)
    sessions = queries.sessions_of(assembly)
    program, closed = program_of(assembly, sessions), queries.closed_sessions(actor(), sessions)
    return render_template("assemblies/program.html", **frame(assembly), program=program, form=form, closed=closed)


@blueprint.get("/assemblies/<int:id>/sessions/new")
@allow(Action.RUN_ASSEMBLIES)
def session_new_get(id: int) -> str:
    """An empty session, at the place of the last one."""
    assembly = opened_to_run(id)
    main = queries.main_session(assembly, queries.sessions_of(assembly))
    near = {name: getattr(main, name) for name in ("place", "address", "capacity", "languages")} if main else {}
    return _session_page(id, SessionForm(day=assembly.day, **near))


@blueprint.post("/assemblies/<int:id>/sessions")
@allow(Action.RUN_ASSEMBLIES)
def session_new_post(id: int) -> Any:
    """Adds a session."""
    assembly, form, who, at = opened_to_run(id), SessionForm(), actor(), now()
    form.rule = lambda: _reasons(read_session(form.values(), assembly.time_zone))
    return submit(
        form,
        lambda: actions.add_session(who, id, form.values(), now=at),
        then=lambda _session: page_of(id, "program_get"),
        page=lambda: _session_page(id, form),
    )


@blueprint.get("/assemblies/<int:id>/sessions/<int:session_id>")
@allow(Action.RUN_ASSEMBLIES)
def session_get(id: int, session_id: int) -> str:
    """A session, to change."""
    row = queries.part_of(AssemblySession, opened_to_run(id), session_id)
    words = {f"title_{tag}": row.title.get(tag, "") for tag in ("en", "es")}
    return _session_page(id, SessionForm(obj=row, **words), row)


@blueprint.post("/assemblies/<int:id>/sessions/<int:session_id>")
@allow(Action.RUN_ASSEMBLIES)
def session_post(id: int, session_id: int) -> Any:
    """Saves a session."""
    assembly, form, who, at = opened_to_run(id), SessionForm(), actor(), now()
    row = queries.part_of(AssemblySession, assembly, session_id)
    form.rule = lambda: _reasons(read_session(form.values(), assembly.time_zone))
    return submit(
        form,
        lambda: actions.edit_session(who, id, session_id, form.values(), now=at),
        then=lambda _session: page_of(id, "program_get"),
        page=lambda: _session_page(id, form, row),
    )


@blueprint.post("/assemblies/<int:id>/sessions/<int:session_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def session_removal_post(id: int, session_id: int) -> Any:
    """Removes a session with its agenda."""
    return _change(id, lambda who, at: actions.remove_session(who, id, session_id, now=at))


def _session_page(id: int, form: SessionForm, row: AssemblySession | None = None) -> str:
    return render_template("assemblies/session.html", **frame(opened_to_run(id)), form=form, row=row)


@blueprint.get("/assemblies/<int:id>/sessions/<int:session_id>/items/new")
@allow(Action.RUN_ASSEMBLIES)
def item_new_get(id: int, session_id: int) -> str:
    """An empty stretch of the agenda."""
    return _item_page(id, session_id, ItemForm(minutes=30))


@blueprint.post("/assemblies/<int:id>/sessions/<int:session_id>/items")
@allow(Action.RUN_ASSEMBLIES)
def item_new_post(id: int, session_id: int) -> Any:
    """Adds a stretch at the end of the agenda."""
    form, who, at = ItemForm(), actor(), now()
    opened_to_run(id)
    form.rule = lambda: _reasons(read_item(form.values()))
    return submit(
        form,
        lambda: actions.add_item(who, id, session_id, form.values(), now=at),
        then=lambda _item: page_of(id, "program_get"),
        page=lambda: _item_page(id, session_id, form),
    )


@blueprint.get("/assemblies/<int:id>/items/<int:item_id>")
@allow(Action.RUN_ASSEMBLIES)
def item_get(id: int, item_id: int) -> str:
    """A stretch of the agenda, to change."""
    row = queries.part_of(AgendaItem, opened_to_run(id), item_id)
    words = {f"{name}_{tag}": getattr(row, name).get(tag, "") for name in ("title", "detail") for tag in ("en", "es")}
    return _item_page(id, row.session_id, ItemForm(obj=row, **words), row)


@blueprint.post("/assemblies/<int:id>/items/<int:item_id>")
@allow(Action.RUN_ASSEMBLIES)
def item_post(id: int, item_id: int) -> Any:
    """Saves a stretch of the agenda."""
    form, who, at = ItemForm(), actor(), now()
    row = queries.part_of(AgendaItem, opened_to_run(id), item_id)
    form.rule = lambda: _reasons(read_item(form.values()))
    return submit(
        form,
        lambda: actions.edit_item(who, id, item_id, form.values(), now=at),
        then=lambda _item: page_of(id, "program_get"),
        page=lambda: _item_page(id, row.session_id, form, row),
    )


@blueprint.post("/assemblies/<int:id>/items/<int:item_id>/place")
@allow(Action.RUN_ASSEMBLIES)
def item_place_post(id: int, item_id: int) -> Any:
    """Moves a stretch one place up or down."""
    is_up = request.form.get("move") == "up"
    return _change(id, lambda who, at: actions.move_item(who, id, item_id, is_up, now=at))


@blueprint.post("/assemblies/<int:id>/items/<int:item_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def item_removal_post(id: int, item_id: int) -> Any:
    """Removes a stretch of the agenda."""
    return _change(id, lambda who, at: actions.remove_item(who, id, item_id, now=at))


def _item_page(id: int, session_id: int, form: ItemForm, row: AgendaItem | None = None) -> str:
    assembly = opened_to_run(id)
    sitting = queries.part_of(AssemblySession, assembly, session_id)
    return render_template("assemblies/item.html", **frame(assembly), form=form, row=row, sitting=sitting)


def _change(id: int, act: Any) -> Any:
    form, who, at = Form(), actor(), now()
    opened_to_run(id)
    return submit(
        form, lambda: act(who, at), then=lambda _done: page_of(id, "program_get"), page=lambda: _program(id, form)
    )


def _reasons(read: Any) -> list:
    return read if isinstance(read, list) else []
