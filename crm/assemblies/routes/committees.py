"""Committees of an assembly and who holds their seats. Each change leads back to the seat or the committee that it changed."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request

from crm.assemblies import actions, queries
from crm.assemblies.forms import CommitteeForm, SeatForm, say_choices
from crm.assemblies.routes.blueprint import blueprint, frame, language, opened, opened_to_run, page_of
from crm.assemblies.rules.words import SIDES
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.permissions import Action


@blueprint.get("/assemblies/<int:id>/committees")
@allow(Action.SEE_ASSEMBLIES)
def committees_get(id: int) -> str:
    """Committees and who holds their seats."""
    return _committees(id, CommitteeForm(formdata=None))


@blueprint.post("/assemblies/<int:id>/committees")
@allow(Action.RUN_ASSEMBLIES)
def committees_post(id: int) -> Any:
    """Adds a committee."""
    form = CommitteeForm()
    typed = lambda: (form.kind.data, form.name.data or "", language())  # noqa: E731
    return _change(id, form, lambda who, at: actions.add_committee(who, id, *typed(), now=at), "committee")


@blueprint.post("/assemblies/<int:id>/committees/<int:committee_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def committee_removal_post(id: int, committee_id: int) -> Any:
    """Removes a committee."""
    return _change(id, Form(), lambda who, at: actions.remove_committee(who, id, committee_id, now=at))


@blueprint.post("/assemblies/<int:id>/committees/<int:committee_id>/seats")
@allow(Action.RUN_ASSEMBLIES)
def seats_post(id: int, committee_id: int) -> Any:
    """Adds a seat."""
    form = SeatForm()
    typed = lambda: (form.side.data, form.is_voting.data, form.held_by.data or "")  # noqa: E731
    return _change(id, form, lambda who, at: actions.add_seat(who, id, committee_id, *typed(), now=at), "seat")


@blueprint.post("/assemblies/<int:id>/seats/<int:seat_id>")
@allow(Action.RUN_ASSEMBLIES)
def seat_post(id: int, seat_id: int) -> Any:
    """Says who holds a seat."""
    holder = request.form.get("held_by", "")
    return _change(id, Form(), lambda who, at: actions.fill_seat(who, id, seat_id, holder, now=at), "seat")


@blueprint.post("/assemblies/<int:id>/seats/<int:seat_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def seat_removal_post(id: int, seat_id: int) -> Any:
    """Removes a seat."""
    return _change(id, Form(), lambda who, at: actions.remove_seat(who, id, seat_id, now=at), "committee")


def _change(id: int, form: Form, act: Callable[[Actor, Any], int | None], kind: str = "") -> Any:
    """A change by the convener, behind its door, then back to the committee or seat whose id `act` gives."""
    who, at = actor(), now()
    opened_to_run(id)
    then = lambda changed: page_of(id, "committees_get", f"{kind}-{changed}" if changed else None)  # noqa: E731
    return submit(form, lambda: act(who, at), then=then, page=lambda: _committees(id, form))


def _committees(id: int, form: Form) -> str:
    assembly = opened(id)
    committees = queries.committees_of(assembly)
    return render_template(
        "assemblies/committees.html", **frame(assembly), form=form, sides=say_choices(SIDES), committees=committees,
        add_form=form if isinstance(form, CommitteeForm) else CommitteeForm(formdata=None),
        seat_forms={committee.id: SeatForm(formdata=None) for committee, _seats in committees},
    )  # fmt: skip
