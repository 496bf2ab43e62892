"""Larger and local assemblies: what this one is part of, what is part of it, inputs up and results down."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from crm.assemblies.actions import federation as actions
from crm.assemblies.forms.federation import DecisionForm, InputForm, InviteForm, JoinForm
from crm.assemblies.models import Assembly
from crm.assemblies.queries import federation as queries
from crm.assemblies.routes.blueprint import blueprint, frame, opened, opened_to_run, page_of, spoken
from crm.assemblies.rules import federation as words
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.links import token_of, url_of
from crm.infra.web import Form, options, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing


@blueprint.get("/assemblies/<int:id>/federation")
@allow(Action.SEE_ASSEMBLIES)
def federation_get(id: int) -> str:
    """For the convener: the larger assembly with results of what went up, and local ones with what came up. ?from= fills an input to pass on."""
    return _page(id)


@blueprint.post("/assemblies/<int:id>/federation")
@allow(Action.RUN_ASSEMBLIES)
def federation_post(id: int) -> Any:
    """Asks to be part of a larger assembly."""
    form = JoinForm()

    def done(state: str) -> str:
        flash(_("This assembly is part of the larger one now.") if state == "agreed" else _("The convener of the larger assembly was asked."), "yes")
        return page_of(id, "federation_get")

    return change(id, form, lambda who, at: actions.join_larger(who, id, form.parent_id.data, now=at), done)


@blueprint.post("/assemblies/<int:id>/federation/leaving")
@allow(Action.RUN_ASSEMBLIES)
def leaving_post(id: int) -> Any:
    """Takes this assembly out of the larger one."""
    return change(id, Form(), lambda who, at: actions.leave_larger(who, id, now=at))


@blueprint.post("/assemblies/<int:id>/federation/<int:link_id>/<answer>")
@allow(Action.RUN_ASSEMBLIES)
def local_post(id: int, link_id: int, answer: str) -> Any:
    """Takes a local assembly in, or does not."""
    queries.link_for(opened_to_run(id), link_id)
    if answer not in ("agreed", "declined"):
        raise Missing
    return change(id, Form(), lambda who, at: actions.answer_local(who, id, link_id, answer == "agreed", now=at))


@blueprint.post("/assemblies/<int:id>/inputs")
@allow(Action.RUN_ASSEMBLIES)
def inputs_post(id: int) -> Any:
    """Sends an input up."""
    form = InputForm()
    typed = lambda: (form.title.data or "", form.text.data or "", form.numbers(), read_id(form.from_id.data))  # noqa: E731
    then = lambda sent: page_of(id, "federation_get", f"input-{sent}")  # noqa: E731
    return change(id, form, lambda who, at: actions.send_up(who, id, *typed(), now=at), then)


@blueprint.post("/assemblies/<int:id>/inputs/<int:input_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def input_removal_post(id: int, input_id: int) -> Any:
    """Takes an input back."""
    queries.input_from(opened_to_run(id), input_id)
    return change(id, Form(), lambda who, at: actions.take_input_back(who, id, input_id, now=at))


@blueprint.get("/assemblies/<int:id>/inputs/<int:input_id>")
@allow(Action.RUN_ASSEMBLIES)
def input_get(id: int, input_id: int) -> str:
    """One input that came up, whole, with the places that it passed, and its decision."""
    row = queries.input_to(opened_to_run(id), input_id)
    return _input(id, input_id, DecisionForm(formdata=None, state=row.state if row.state != "sent" else None, answer=row.answer))


@blueprint.post("/assemblies/<int:id>/inputs/<int:input_id>/decision")
@allow(Action.RUN_ASSEMBLIES)
def decision_post(id: int, input_id: int) -> Any:
    """Writes down what was decided on an input."""
    form, who, at = DecisionForm(), actor(), now()
    queries.input_to(opened_to_run(id), input_id)
    return submit(
        form, lambda: actions.decide_input(who, id, input_id, form.state.data or "", form.answer.data or "", now=at),
        then=lambda _done: page_of(id, "federation_get", "inputs"), page=lambda: _input(id, input_id, form))


def change(id: int, form: Form, act: Callable[[Actor, Any], Any], then: Callable[[Any], str] | None = None) -> Any:
    """Does that and shows the page of larger and local assemblies again."""
    who, at = actor(), now()
    opened_to_run(id)
    return submit(form, lambda: act(who, at), then=then or (lambda _done: page_of(id, "federation_get")), page=lambda: _page(id, form))


def _input(id: int, input_id: int, form: DecisionForm) -> str:
    assembly = opened_to_run(id)
    row = queries.input_to(assembly, input_id)
    return render_template(
        "assemblies/input.html", **frame(assembly), form=form, row=row, words=words, up=queries.upward(assembly),
        passed=queries.passed_on(assembly).get(row.id))


def _page(id: int, form: Form | None = None) -> str:
    assembly = opened(id)
    if assembly.org_id != actor().org_id:
        raise Missing
    up, state = queries.upward(assembly), request.args.get("state", "")
    join = form if isinstance(form, JoinForm) else JoinForm(formdata=None)
    if may_ask := up is None or up.state != "agreed":
        join.parent_id.choices = options((p.id, f"{spoken(p.title)} ({p.day.year})") for p in queries.possible_parents(actor(), assembly))
    return render_template(
        "assemblies/federation.html", **frame(assembly), form=form or Form(formdata=None), up=up, join_form=join, may_ask=may_ask, words=words,
        sent=queries.inputs_up(assembly), local=queries.local_page(assembly, request.args.get("after_local")), state=state,
        inputs=queries.inputs_page(assembly, state, request.args.get("after")), by_answer=queries.input_counts(assembly), passed=queries.passed_on(assembly),
        links=queries.invitations_by_link(assembly), made=read_id(request.args.get("made")), now=now(),
        link_of=lambda row: url_of("larger", token_of(row.link_id)), invite_form=form if isinstance(form, InviteForm) else InviteForm(formdata=None),
        input_form=form if isinstance(form, InputForm) else _first_input(assembly),
    )


def _first_input(assembly: Assembly) -> InputForm:
    """An empty form, or one that passes on what came from below."""
    below = read_id(request.args.get("from"))
    if below is None:
        return InputForm(formdata=None)
    row = queries.input_to(assembly, below)
    return InputForm(formdata=None, title=row.title, text=row.text, from_id=str(row.id))
