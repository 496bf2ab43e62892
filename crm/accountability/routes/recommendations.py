"""One recommendation: written, handed over, answered, followed."""

from collections.abc import Callable
from typing import Any

from flask import g, render_template, url_for

from crm.accountability import actions, queries
from crm.accountability.forms import DeliveryForm, FeedbackForm, MilestoneForm, RecommendationForm, ResponseForm
from crm.accountability.models import Recommendation
from crm.accountability.routes.blueprint import asked_assembly, blueprint, may_write, names, shown, today
from crm.assemblies.playbooks import playbook_of
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action
from crm.organizations.queries import names_of


@blueprint.get("/responses/new")
@allow(Action.RUN_ASSEMBLIES)
def recommendation_new_get() -> str:
    """A recommendation to write; the playbook says by when its answer is owed."""
    assembly = asked_assembly()
    owed = playbook_of(assembly.kind).answer_by(assembly.day) if assembly else None
    return _write_page(RecommendationForm(formdata=None, due_on=owed), assembly, None)


@blueprint.post("/responses/new")
@allow(Action.RUN_ASSEMBLIES)
def recommendation_new_post() -> Any:
    """Writes it."""
    form, assembly, who, at = RecommendationForm(), asked_assembly(), actor(), now()
    act = lambda: actions.add_recommendation(who, assembly and assembly.id, form.typed(), now=at)  # noqa: E731
    return submit(form, act, then=_at, page=lambda: _write_page(form, assembly, None))


def _write_page(form: RecommendationForm, assembly: Any, row: Recommendation | None) -> str:
    return render_template("accountability/write.html", form=form, assembly=assembly, row=row, names=names())


def _at(id: int) -> str:
    return url_for("accountability.recommendation_get", id=id)


def _opened(id: int, is_ours: bool = False) -> Recommendation:
    """The recommendation; days on the page follow its assembly's clock."""
    row = queries.recommendation_to_run(actor(), id) if is_ours else queries.recommendation_for(actor(), id)
    g.time_zone = queries.zone_of(row.org_id, row.assembly_id)
    return row


@blueprint.get("/responses/<int:id>")
@allow(Action.SEE_ASSEMBLIES)
def recommendation_get(id: int) -> str:
    """What was asked, what was answered, what has happened."""
    return _page(id, Form(formdata=None))


def _page(id: int, form: Form) -> str:
    row = _opened(id)
    asked, responses = queries.asked_of([row])[0], queries.responses_of(row)
    return render_template(
        "accountability/recommendation.html", asked=asked, row=row, responses=responses, form=form, may_write=may_write(row.org_id),
        promise=queries.promise_behind(row), keeper=names_of({row.org_id})[row.org_id], assembly=queries.assembly_behind(actor(), row),
        response_form=form if isinstance(form, ResponseForm) else ResponseForm(formdata=None, answered_on=today()),
        feedback=queries.feedback_of(row), feedback_form=form if isinstance(form, FeedbackForm) else FeedbackForm(formdata=None),
        milestone_form=form if isinstance(form, MilestoneForm) else MilestoneForm(formdata=None),
        delivery_form=form if isinstance(form, DeliveryForm) else DeliveryForm(formdata=None, delivered_on=today(), due_on=row.due_on), **shown(),
    )  # fmt: skip


@blueprint.get("/responses/<int:id>/edit")
@allow(Action.RUN_ASSEMBLIES)
def recommendation_edit_get(id: int) -> str:
    """Its words, to change."""
    row = _opened(id, is_ours=True)
    asked = queries.asked_of([row])[0]
    words = {f"{name}_{tag}": getattr(row, name).get(tag, "") for name in ("title", "text") for tag in ("en", "es")}
    form = RecommendationForm(formdata=None, obj=row, **words)
    form.target.data, form.kind.data = asked.target.name, asked.target.kind
    return _write_page(form, None, row)


@blueprint.post("/responses/<int:id>/edit")
@allow(Action.RUN_ASSEMBLIES)
def recommendation_edit_post(id: int) -> Any:
    """Changes it."""
    row, form, who, at = _opened(id, is_ours=True), RecommendationForm(), actor(), now()
    return submit(form, lambda: actions.edit_recommendation(who, id, form.typed(), now=at), then=_at, page=lambda: _write_page(form, None, row))


@blueprint.post("/responses/<int:id>/delivery")
@allow(Action.RUN_ASSEMBLIES)
def delivery_post(id: int) -> Any:
    """It was handed over."""
    form = DeliveryForm()
    return _change(id, form, lambda who, at: actions.deliver(who, id, form.delivered_on.data, form.due_on.data, now=at))


@blueprint.post("/responses/<int:id>/feedback")
@allow(Action.RUN_ASSEMBLIES)
def feedback_post(id: int) -> Any:
    """Notes what staff say of the draft."""
    form = FeedbackForm()
    said = lambda: {name: form.typed()[name] or "" for name in ("said_by", "words", "existing")}  # noqa: E731
    return _change(id, form, lambda who, at: actions.note_feedback(who, id, **said(), now=at))


@blueprint.post("/responses/<int:id>/answers")
@allow(Action.RUN_ASSEMBLIES)
def response_post(id: int) -> Any:
    """Notes what was answered."""
    form = ResponseForm()
    return _change(id, form, lambda who, at: actions.note_response(who, id, form.typed(), now=at))


@blueprint.post("/responses/<int:id>/return")
@allow(Action.RUN_ASSEMBLIES)
def return_post(id: int) -> Any:
    """Undoes the last response, or today's handing over."""
    return _change(id, Form(), lambda who, at: actions.take_back(who, id, now=at))


@blueprint.post("/responses/<int:id>/milestones")
@allow(Action.RUN_ASSEMBLIES)
def milestone_post(id: int) -> Any:
    """Adds a step."""
    form = MilestoneForm()
    return _change(id, form, lambda who, at: actions.set_milestone(who, id, (form.title.data or "").strip(), form.due_on.data, now=at))


@blueprint.post("/responses/<int:id>/milestones/<int:milestone_id>/<state>")
@allow(Action.RUN_ASSEMBLIES)
def milestone_state_post(id: int, milestone_id: int, state: str) -> Any:
    """Moves a step on, or back."""
    queries.milestone_for(_opened(id, is_ours=True), milestone_id)
    return _change(id, Form(), lambda who, at: actions.move_milestone(who, id, milestone_id, state, now=at))


def _change(id: int, form: Form, act: Callable[[Actor, Any], Any]) -> Any:
    who, at = actor(), now()
    _opened(id, is_ours=True)
    return submit(form, lambda: act(who, at), then=lambda _done: _at(id), page=lambda: _page(id, form))


@blueprint.post("/responses/<int:id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def recommendation_removal_post(id: int) -> Any:
    """Takes it out before it was handed over."""
    form, who, at = Form(), actor(), now()
    _opened(id, is_ours=True)
    act = lambda: actions.remove_recommendation(who, id, now=at)  # noqa: E731
    return submit(form, act, then=lambda _done: url_for("accountability.board_get"), page=lambda: _page(id, form))
