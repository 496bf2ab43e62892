"""Childcare of an assembly: how it is counted, its slots, and the children and carers in each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.models import AssemblySession
from crm.assemblies.rules.times import wall
from crm.infra.db import session
from crm.turnout import rules
from crm.turnout.models import CarePlan
from crm.turnout.queries.staffing import Plan
from crm.turnout.rules import Slot


@dataclass(frozen=True)
class Care:
    """How many children of each group one carer looks after, how long a slot lasts, and the slots of every session."""

    ratios: dict[str, int]
    minutes: int
    slots: list[Slot]
    local: dict[int, datetime]

    def ahead(self, now: datetime) -> list[Slot]:
        """Slots for which a family can still ask."""
        return [slot for slot in self.slots if slot.ends_at > now]


@dataclass(frozen=True)
class SlotRow:
    """A slot of the plan: children by group, carers needed and on the plan, and children whose care was promised and not delivered."""

    slot: Slot
    children: dict[str, int]
    needed: int
    on: int
    undelivered: int


def care_of(assembly_id: int, zone: str) -> Care:
    """Two queries."""
    sittings = session().execute(
        select(AssemblySession.id, AssemblySession.starts_at, AssemblySession.ends_at).where(AssemblySession.assembly_id == assembly_id)
        .order_by(AssemblySession.starts_at, AssemblySession.id)).all()
    plan = session().scalar(select(CarePlan).where(CarePlan.assembly_id == assembly_id))
    minutes = plan.slot_minutes if plan else rules.SLOT_MINUTES
    ratios = {**rules.A_CAREGIVER_FOR, **(plan.ratios if plan else {})}
    slots = rules.slots_of([tuple(row) for row in sittings], minutes)
    return Care(ratios, minutes, slots, {row.id: wall(row.starts_at, zone) for row in sittings})


def slot_rows(care: Care, plan: Plan) -> list[SlotRow]:
    """The plan of childcare by slot; asks the database nothing."""
    sessions, found = set(care.local), []
    for slot in care.slots:
        there = [row.support for row in plan.wishes if rules.is_there(row.support.hours, slot, sessions)]
        children = rules.children_by_age((one.quantity, one.detail, one.children) for one in there)
        on = [helper for helper in plan.helpers if slot.is_covered(helper.hours, helper.session_id)]
        undelivered = sum(one.quantity for one in there if one.state == "planned")
        found.append(SlotRow(slot, children, rules.caregivers(children, care.ratios), len(on), undelivered))
    return found


def hours_unknown(care: Care, plan: Plan) -> int:
    """Children of whom nobody said when; they count in every slot."""
    known = set(care.local)
    return sum(row.support.quantity for row in plan.wishes if not any(one[0] in known for one in row.support.hours or []))
