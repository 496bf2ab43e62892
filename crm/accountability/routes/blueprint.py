"""The blueprint and what its pages share."""

from datetime import date
from typing import Any

from flask import Blueprint, g, request

from crm.accountability import queries
from crm.accountability.rules import answers, commitments
from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_to_run
from crm.assemblies.rules.times import day_in
from crm.infra.auth import actor
from crm.infra.clock import now
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action

blueprint = Blueprint("accountability", __name__)


@blueprint.record_once
def lend_words(state: Any) -> None:
    """The names of things and how a commitment is judged, for every template that shows one."""
    state.app.jinja_env.globals.update(answer_words=answers, promise_rules=commitments)


def today() -> date:
    """The day on the actor's clock, or on the public page's."""
    return day_in(now(), g.time_zone)


def may_write(org_id: int) -> bool:
    """Whether the actor writes for the organization that keeps a row."""
    return org_id == actor().org_id and actor().may(Action.RUN_ASSEMBLIES)


def asked_assembly() -> Assembly | None:
    """The assembly that the address names, if the actor's organization convenes it."""
    id = read_id(request.args.get("assembly"))
    return assembly_to_run(actor(), id) if id else None


def shown(**more: Any) -> dict[str, Any]:
    """What pages of several recommendations need."""
    return {"today": today(), "status_of": answers.status_of, "is_late": answers.is_late, "is_writer": actor().may(Action.RUN_ASSEMBLIES)} | more


def names() -> list[str]:
    """Decision-makers to choose from while typing."""
    return queries.target_names(actor())
