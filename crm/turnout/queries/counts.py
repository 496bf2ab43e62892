"""Everything that is counted of one assembly, in one statement: promises, answers by organization, leads, goals, who came."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, literal, null, select, union_all

from crm.assemblies.models import AssemblyPartner
from crm.infra.db import session
from crm.organizations.models import Organization
from crm.turnout.models import Attendance, Goal, Pledge, Rsvp
from crm.turnout.queries.past import heads, total
from crm.turnout.rules import COMING

WEEKS = 6
_NONE = (0,) * (3 + WEEKS)


@dataclass
class PartnerCounts:
    """What stands of one organization."""

    name: str = ""
    lead: str = ""
    goal: int | None = None
    pledges: list[tuple[int, str]] = field(default_factory=list)  # how many, who answers for it
    said: tuple[int, ...] = field(default=_NONE)  # coming, confirmed, answers to confirm, then coming by week
    came: int = 0
    is_partner: bool = False

    @property
    def pledged(self) -> int:
        return sum(promised for promised, _lead in self.pledges)

    @property
    def leads(self) -> str:
        """Who leads its turnout: as the convener noted it, else whoever promised most."""
        return self.lead or min(self.pledges, key=lambda one: (-one[0], one[1]), default=(0, ""))[1]


def counts_of(assembly_id: int, now: datetime) -> dict[int, PartnerCounts]:
    """By organization, those of it that the actor's organization may see: one query."""
    every = union_all(_answers(assembly_id, now), _pledges(assembly_id), _leads(assembly_id), _goals(assembly_id), _arrivals(assembly_id)).subquery()
    rows = session().execute(select(every, Organization.name).join(Organization, Organization.id == every.c.partner_id))
    found: dict[int, PartnerCounts] = {}
    for what, partner_id, words, *numbers, name in rows:
        counts = found.setdefault(partner_id, PartnerCounts(name))
        _take(counts, what, words or "", [int(n) for n in numbers])
    return found


def _take(counts: PartnerCounts, what: str, words: str, numbers: list[int]) -> None:
    if what == "said":
        counts.said = tuple(numbers)
    elif what == "pledge":
        counts.pledges.append((numbers[0], words))
    elif what == "lead":
        counts.lead, counts.is_partner = words, True
    elif what == "goal":
        counts.goal = numbers[0]
    else:
        counts.came = max(counts.came, numbers[0])  # of the best attended session, since most sit in several


def _answers(assembly_id: int, now: datetime) -> Select:
    """People coming, people confirmed, answers to confirm, and the weekly sums of people coming."""
    coming = Rsvp.state.in_(COMING)
    ends = [now - timedelta(weeks=WEEKS - 1 - week) for week in range(WEEKS)]
    return (
        select(
            literal("said").label("what"), Rsvp.partner_id.label("partner_id"), null().label("words"),
            total(case((coming, heads()), else_=0)).label("n0"), total(case((Rsvp.state == "confirmed", heads()), else_=0)).label("n1"),
            total(case((Rsvp.state == "yes", 1), else_=0)).label("n2"),
            *(total(case((coming & (Rsvp.answered_at <= end), heads()), else_=0)).label(f"w{n}") for n, end in enumerate(ends)),
        ).where(Rsvp.assembly_id == assembly_id).group_by(Rsvp.partner_id)
    )  # fmt: skip


def _row(what: str, partner_id: Any, words: Any, number: Any) -> Select:
    return select(literal(what), partner_id, words, number, *(literal(0) for _ in _NONE[1:]))


def _pledges(assembly_id: int) -> Select:
    return _row("pledge", Pledge.partner_id, Pledge.lead_name, Pledge.promised).where(Pledge.assembly_id == assembly_id)


def _leads(assembly_id: int) -> Select:
    row = _row("lead", AssemblyPartner.partner_id, AssemblyPartner.lead_name, literal(0))
    return row.where(AssemblyPartner.assembly_id == assembly_id, AssemblyPartner.state != "declined")


def _goals(assembly_id: int) -> Select:
    return _row("goal", Goal.partner_id, null(), Goal.target).where(Goal.assembly_id == assembly_id, Goal.kind == "organization")


def _arrivals(assembly_id: int) -> Select:
    row = _row("came", Attendance.partner_id, null(), total(Attendance.guests + 1))
    return row.where(Attendance.assembly_id == assembly_id, Attendance.undone_at.is_(None)).group_by(Attendance.partner_id, Attendance.session_id)
