"""Votes in the room: the page that the moderator's table keeps, and everyone else reads."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request

from crm.assemblies.actions import floor as actions
from crm.assemblies.forms.floor import CountForm, DoubtForm, QuestionForm
from crm.assemblies.models import Assembly
from crm.assemblies.queries import floor as queries
from crm.assemblies.routes.blueprint import blueprint, frame, opened, opened_to_run, page_of
from crm.assemblies.rules import floor as words
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


@blueprint.get("/assemblies/<int:id>/floor")
@allow(Action.SEE_ASSEMBLIES)
def floor_get(id: int) -> str:
    """Every question with its counts, and the one that is open."""
    return _page(opened(id))


@blueprint.post("/assemblies/<int:id>/floor")
@allow(Action.RUN_ASSEMBLIES)
def floor_post(id: int) -> Any:
    """Calls a question."""
    form = QuestionForm()
    return _change(id, form, lambda who, at: actions.call_vote(who, id, form.values(), now=at))


@blueprint.post("/assemblies/<int:id>/floor/<int:vote_id>/counts")
@allow(Action.RUN_ASSEMBLIES)
def floor_count_post(id: int, vote_id: int) -> Any:
    """Writes down a result."""
    form = CountForm()
    queries.floor_vote_for(opened_to_run(id), vote_id)
    return _change(id, form, lambda who, at: actions.declare(who, id, vote_id, form.values(), now=at))


@blueprint.post("/assemblies/<int:id>/floor/<int:vote_id>/doubts")
@allow(Action.RUN_ASSEMBLIES)
def floor_doubt_post(id: int, vote_id: int) -> Any:
    """Enough people doubt it."""
    form = DoubtForm()
    queries.floor_vote_for(opened_to_run(id), vote_id)
    return _change(id, form, lambda who, at: actions.doubt(who, id, vote_id, form.rose.data, now=at))


@blueprint.post("/assemblies/<int:id>/floor/<int:vote_id>/settling")
@allow(Action.RUN_ASSEMBLIES)
def floor_settling_post(id: int, vote_id: int) -> Any:
    """The result stands."""
    queries.floor_vote_for(opened_to_run(id), vote_id)
    return _change(id, Form(), lambda who, at: actions.settle(who, id, vote_id, now=at))


def _change(id: int, form: Form, act: Callable[[Actor, Any], Any]) -> Any:
    who, at = actor(), now()
    opened_to_run(id)
    return submit(form, lambda: act(who, at), then=lambda _done: page_of(id, "floor_get"), page=lambda: _page(opened(id), form))


def _page(assembly: Assembly, form: Form | None = None) -> str:
    votes = queries.floor_votes(assembly)
    at, last = votes[0] if votes and votes[0][0].state != "settled" else None, votes[0][0] if votes else None
    own = words.rules_of_room(assembly.decisions)
    chosen = min(request.args.get("rule", 0, type=int), len(own) - 1)
    _said, threshold, strictness = own[chosen] if chosen >= 0 else ({}, "1/2", "more_than")
    rule = {"threshold": threshold, "strictness": strictness, "quorum": last.quorum if last else 0, "doubts_needed": last.doubts_needed if last else 7}
    present = queries.present_in(assembly)
    return render_template(
        "assemblies/floor.html", **frame(assembly), form=form or Form(formdata=None), votes=votes, at=at, words=words, present=present,
        own_rules=own, chosen=chosen,
        question_form=form if isinstance(form, QuestionForm) else QuestionForm(formdata=None, **rule),
        count_form=form if isinstance(form, CountForm) else CountForm(
            formdata=None, present=present or None, way="count" if at and at[0].state == "doubted" else "hands", declared=None),
        doubt_form=form if isinstance(form, DoubtForm) else DoubtForm(formdata=None),
    )
