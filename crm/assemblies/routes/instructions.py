"""An organization instructs its own delegation, item by item."""

from collections.abc import Callable
from typing import Any

from crm.assemblies.actions import instructions as actions
from crm.assemblies.forms.seats import InstructionForm
from crm.assemblies.queries import seats as queries
from crm.assemblies.queries.instructions import instruction_for
from crm.assemblies.routes.blueprint import blueprint, opened
from crm.assemblies.routes.delegations import delegation_page, page_of_delegation
from crm.infra.auth import Actor, actor, allow
from crm.infra.clock import now
from crm.infra.web import Form, submit
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action


@blueprint.post("/assemblies/<int:id>/delegations/<int:delegation_id>/instructions")
@allow(Action.RUN_ASSEMBLIES)
def instructions_post(id: int, delegation_id: int) -> Any:
    """Writes an instruction, or changes it."""
    form = InstructionForm()
    typed = (read_id(form.item_id.data) if form.item_id.data else None, form.subject.data or "", form.stance.data or "", form.is_secret.data)
    return _change(id, delegation_id, form, lambda who, at: actions.instruct(who, id, delegation_id, *typed, now=at))


@blueprint.post("/assemblies/<int:id>/delegations/<int:delegation_id>/instructions/<int:instruction_id>/opening")
@allow(Action.RUN_ASSEMBLIES)
def instruction_opening_post(id: int, delegation_id: int, instruction_id: int) -> Any:
    """Hands a secret one over after the vote."""
    instruction_for(queries.delegation_for(opened(id), delegation_id), instruction_id)
    return _change(id, delegation_id, Form(), lambda who, at: actions.hand_over(who, id, delegation_id, instruction_id, now=at))


@blueprint.post("/assemblies/<int:id>/delegations/<int:delegation_id>/instructions/<int:instruction_id>/removal")
@allow(Action.RUN_ASSEMBLIES)
def instruction_removal_post(id: int, delegation_id: int, instruction_id: int) -> Any:
    """Takes one back before the vote."""
    instruction_for(queries.delegation_for(opened(id), delegation_id), instruction_id)
    return _change(id, delegation_id, Form(), lambda who, at: actions.take_instruction_back(who, id, delegation_id, instruction_id, now=at))


def _change(id: int, delegation_id: int, form: Form, act: Callable[[Actor, Any], Any]) -> Any:
    who, at = actor(), now()
    queries.delegation_for(opened(id), delegation_id)
    back = lambda _done: page_of_delegation(id, delegation_id, "instructions")  # noqa: E731
    return submit(form, lambda: act(who, at), then=back, page=lambda: delegation_page(id, delegation_id, form))
