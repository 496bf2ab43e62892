"""How an assembly's childcare is counted: children to a carer by age, and how long a slot lasts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.queries import assembly_to_run
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.turnout import rules
from crm.turnout.models import CarePlan


def set_care(actor: Actor, assembly_id: int, ratios: Mapping[str, int | None], minutes: int | None, *, now: datetime) -> None:
    """Says how the plan counts from now on; hours that families asked for stay what they are."""
    assembly = assembly_to_run(actor, assembly_id)
    if issues := rules.issues_in_ratios(ratios, minutes):
        raise Refused(issues)
    row = session().scalar(select(CarePlan).where(CarePlan.assembly_id == assembly.id).with_for_update())
    before = {} if row is None else {**row.ratios, "minutes": row.slot_minutes}
    if row is None:
        row = CarePlan(org_id=actor.org_id, assembly_id=assembly.id, created_at=now)
        session().add(row)
    row.ratios, row.slot_minutes = {group: ratios[group] for group in rules.AGE_GROUPS}, minutes
    session().flush()
    audit.record(actor, "care.set", now=now, subject=("assembly", assembly.id), before=before, after={**row.ratios, "minutes": minutes, "by": actor.name})
