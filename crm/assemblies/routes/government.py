"""With government: what was asked and answered, who stands behind the assembly, and what to do in which political weather."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, render_template
from flask_babel import ngettext

from crm.assemblies import queries, rules
from crm.assemblies.actions import government as actions
from crm.assemblies.forms.government import BackingForm, GovernmentAnswerForm, RequestForm
from crm.assemblies.models import Backing
from crm.assemblies.queries import government as reads
from crm.assemblies.routes.blueprint import blueprint, frame, opened, opened_to_run, page_of
from crm.assemblies.rules.government import ASKERS, BACKINGS, SCENARIOS, gaps, is_late
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.money import show_cents
from crm.kernel.permissions import Action

DUE = timedelta(days=30)


@blueprint.app_template_filter("dollars")
def dollars(cents: int) -> str:
    """An amount as people write it."""
    return show_cents(cents)


@blueprint.get("/assemblies/<int:id>/government")
@allow(Action.SEE_ASSEMBLIES)
def government_get(id: int) -> str:
    """Everything between an assembly and government on one page."""
    return _page(id, Form(formdata=None))


def _page(id: int, form: Form, answering: int | None = None) -> str:
    assembly = opened(id)
    today, backings = rules.day_in(now(), assembly.time_zone), reads.backings_of(assembly)
    return render_template(
        "assemblies/government.html", **frame(assembly), form=form, today=today, is_late=is_late, requests=reads.requests_of(assembly), askers=ASKERS,
        backings=backings, backing_words=BACKINGS, gaps=gaps(row.kind for row in backings), scenarios=SCENARIOS, seen=reads.scenarios_of(assembly),
        request_form=form if isinstance(form, RequestForm) else RequestForm(formdata=None, due_on=today + DUE),
        backing_form=form if isinstance(form, BackingForm) else BackingForm(formdata=None),
        answer_form=form if isinstance(form, GovernmentAnswerForm) else GovernmentAnswerForm(formdata=None, answered_on=today), answering=answering,
    )  # fmt: skip


@blueprint.post("/assemblies/<int:id>/government/requests")
@allow(Action.RUN_ASSEMBLIES)
def request_post(id: int) -> Any:
    """Asks government."""
    form = RequestForm()
    typed = lambda: (form.question.data or "", form.asked_of.data or "", form.asked_by.data, form.due_on.data)  # noqa: E731
    return _change(id, form, lambda who, at: actions.ask_government(who, id, *typed(), now=at), lambda asked: f"request-{asked}")


@blueprint.post("/assemblies/<int:id>/government/requests/<int:request_id>/answer")
@allow(Action.RUN_ASSEMBLIES)
def request_answer_post(id: int, request_id: int) -> Any:
    """Notes what government answered."""
    form = GovernmentAnswerForm()
    reads.request_for(opened_to_run(id), request_id)
    typed = lambda: (form.answer.data or "", form.answered_on.data, bool(form.is_refused.data))  # noqa: E731
    act = lambda who, at: actions.note_answer(who, id, request_id, *typed(), now=at)  # noqa: E731
    return _change(id, form, act, lambda _done: f"request-{request_id}", request_id)


@blueprint.post("/assemblies/<int:id>/government/requests/<int:request_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def request_removal_post(id: int, request_id: int) -> Any:
    """Takes a question out."""
    reads.request_for(opened_to_run(id), request_id)
    return _change(id, Form(), lambda who, at: actions.remove_request(who, id, request_id, now=at), lambda _done: "requests")


@blueprint.post("/assemblies/<int:id>/government/backings")
@allow(Action.RUN_ASSEMBLIES)
def backing_post(id: int) -> Any:
    """Says who stands behind the assembly."""
    form = BackingForm()
    cents = lambda: None if form.amount.data is None else form.amount.data * 100  # noqa: E731
    typed = lambda: (form.kind.data, form.who.data or "", form.what_for.data or "", cents())  # noqa: E731
    return _change(id, form, lambda who, at: actions.add_backing(who, id, *typed(), now=at), lambda _done: "backings")


@blueprint.post("/assemblies/<int:id>/government/backings/<int:backing_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def backing_removal_post(id: int, backing_id: int) -> Any:
    """Takes a line out."""
    queries.part_of(Backing, opened_to_run(id), backing_id)
    return _change(id, Form(), lambda who, at: actions.remove_backing(who, id, backing_id, now=at), lambda _done: "backings")


@blueprint.post("/assemblies/<int:id>/government/scenarios/<key>")
@allow(Action.RUN_ASSEMBLIES)
def scenario_post(id: int, key: str) -> Any:
    """Takes up a scenario's moves as tasks."""

    def then(fresh: int) -> str:
        flash(ngettext("%(num)s task was added.", "%(num)s tasks were added.", fresh), "yes")
        return page_of(id, "tasks_get" if fresh else "government_get")

    who, at, form = actor(), now(), Form()
    opened_to_run(id)
    return submit(form, lambda: actions.see_scenario(who, id, key, now=at), then=then, page=lambda: _page(id, form))


def _change(id: int, form: Form, act: Callable[[Actor, Any], Any], place: Callable[[Any], str], answering: int | None = None) -> Any:
    """A change by the convener, then back to its `place` on the page."""
    who, at = actor(), now()
    opened_to_run(id)
    return submit(form, lambda: act(who, at), then=lambda done: page_of(id, "government_get", place(done)), page=lambda: _page(id, form, answering))
