"""The thermometer: promised, said, confirmed and to be expected, by organization, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, exists, func, select

from crm.assemblies.models import Assembly, AssemblyPartner
from crm.assemblies.queries import assembly_for
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.organizations.queries import names_of
from crm.turnout import rules
from crm.turnout.models import Attendance, Pledge, Rsvp
from crm.turnout.rules import COMING, Counts, Forecast, Rates

WEEKS = 6


@dataclass(frozen=True)
class PartnerRow:
    """One organization's part: its promise, its people's answers, its forecast, and who leads its turnout."""

    partner_id: int
    name: str
    pledged: int
    yes: int
    confirmed: int
    unconfirmed: int
    came: int
    forecast: Forecast
    rates: Rates
    weeks: list[int]
    lead_name: str

    @property
    def expected(self) -> int:
        return self.forecast.expected

    @property
    def calling_adds(self) -> int:
        """What calling everyone of theirs who has not confirmed adds to the forecast."""
        return rules.calling_adds(self.unconfirmed, self.rates)

    @property
    def is_behind(self) -> bool:
        """Under half of what was promised."""
        return bool(self.pledged) and self.expected * 2 < self.pledged


@dataclass(frozen=True)
class Summary:
    """The assembly's turnout as this organization may see it: all partners for the convener, its own for a partner."""

    assembly: Assembly
    is_convener: bool
    goal: int
    org_id: int
    partners: list[PartnerRow] = field(default_factory=list)

    @property
    def own(self) -> PartnerRow | None:
        """The row of the organization that looks, if it brings people itself."""
        return next((row for row in self.partners if row.partner_id == self.org_id), None)

    def _sum(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.partners)

    @property
    def pledged(self) -> int:
        return self._sum("pledged")

    @property
    def yes(self) -> int:
        """People who said yes, the confirmed among them, guests counted."""
        return self._sum("yes")

    @property
    def confirmed(self) -> int:
        return self._sum("confirmed")

    @property
    def unconfirmed(self) -> int:
        """How many answers are a yes that was not confirmed: the calls to make."""
        return self._sum("unconfirmed")

    @property
    def came(self) -> int:
        return self._sum("came")

    @property
    def forecast(self) -> Forecast:
        return rules.add_forecasts(row.forecast for row in self.partners)

    @property
    def expected(self) -> int:
        return self.forecast.expected

    @property
    def low(self) -> int:
        return self.forecast.low

    @property
    def high(self) -> int:
        return self.forecast.high

    @property
    def short(self) -> int:
        """How many are missing to the goal; none when it is reached."""
        return max(0, self.goal - self.expected)

    @property
    def calling_adds(self) -> int:
        """What calling everyone who has not confirmed adds to the forecast."""
        return self._sum("calling_adds")

    @property
    def pledging(self) -> int:
        """How many organizations made a promise."""
        return sum(1 for row in self.partners if row.pledged)


def turnout_summary(actor: Actor, assembly_id: int, *, now: datetime) -> Summary:
    """Turnout of one assembly in either side's scope: the session lets a partner count only its own rows."""
    assembly = assembly_for(actor, assembly_id)
    is_convener = assembly.org_id == actor.org_id
    answers, pledges = _answers(assembly_id, now), _pledges(assembly_id)
    leads = dict(
        session()
        .execute(
            select(AssemblyPartner.partner_id, AssemblyPartner.lead_name).where(
                AssemblyPartner.assembly_id == assembly_id, AssemblyPartner.state != "declined"
            )
        )
        .all()
    )
    came = _came(assembly_id)
    ids = {*leads, *answers, *pledges, *came} if is_convener else {actor.org_id}
    names, rates = names_of(ids), _rates(ids, assembly_id, now)
    rows = []
    for partner_id in ids:
        pledged, pledge_lead = pledges.get(partner_id, (0, ""))
        yes, confirmed, unconfirmed, *weeks = answers.get(partner_id, (0,) * (3 + WEEKS))
        own = rates.get(partner_id, Rates())
        rows.append(
            PartnerRow(
                partner_id,
                names.get(partner_id, ""),
                pledged,
                yes,
                confirmed,
                unconfirmed,
                came.get(partner_id, 0),
                rules.forecast(Counts(pledged, yes, confirmed), own),
                own,
                weeks,
                leads.get(partner_id) or pledge_lead,
            )
        )
    rows.sort(key=lambda row: (-row.pledged, -row.yes, row.name))
    return Summary(assembly, is_convener, assembly.goal, actor.org_id, rows)


def _heads() -> Any:
    return Rsvp.guests + 1


def _total(expression: Any) -> Any:
    return func.coalesce(func.sum(expression), 0)


def _answers(assembly_id: int, now: datetime) -> dict[int, tuple[int, ...]]:
    """Per partner: people coming, people confirmed, answers to confirm, and the weekly sums of people coming."""
    coming = Rsvp.state.in_(COMING)
    ends = [now - timedelta(weeks=WEEKS - 1 - week) for week in range(WEEKS)]
    rows = session().execute(
        select(
            Rsvp.partner_id,
            _total(case((coming, _heads()), else_=0)),
            _total(case((Rsvp.state == "confirmed", _heads()), else_=0)),
            _total(case((Rsvp.state == "yes", 1), else_=0)),
            *(_total(case((coming & (Rsvp.answered_at <= end), _heads()), else_=0)) for end in ends),
        )
        .where(Rsvp.assembly_id == assembly_id)
        .group_by(Rsvp.partner_id)
    )
    return {partner_id: tuple(map(int, counts)) for partner_id, *counts in rows}


def _pledges(assembly_id: int) -> dict[int, tuple[int, str]]:
    """Per partner: the sum of its promises, and who made the largest."""
    found: dict[int, tuple[int, str]] = {}
    rows = session().execute(
        select(Pledge.partner_id, Pledge.promised, Pledge.lead_name)
        .where(Pledge.assembly_id == assembly_id)
        .order_by(Pledge.promised.desc(), Pledge.lead_name)
    )
    for partner_id, promised, lead in rows:
        total, first = found.get(partner_id, (0, lead))
        found[partner_id] = (total + promised, first)
    return found


def _came(assembly_id: int) -> dict[int, int]:
    """People in the room per partner: of the best attended session, since most sit in several."""
    rows = session().execute(
        select(Attendance.partner_id, Attendance.session_id, _total(Attendance.guests + 1))
        .where(Attendance.assembly_id == assembly_id, Attendance.undone_at.is_(None))
        .group_by(Attendance.partner_id, Attendance.session_id)
    )
    best: dict[int, int] = {}
    for partner_id, _session_id, count in rows:
        best[partner_id] = max(best.get(partner_id, 0), int(count))
    return best


def _rates(ids: Iterable[int], but: int, now: datetime) -> dict[int, Rates]:
    """Each organization's own show rates, from assemblies that are over and had a door."""
    over = select(Assembly.id).where(
        Assembly.id != but,
        Assembly.state == "finished",
        Assembly.day < now.date(),
        exists().where(Attendance.assembly_id == Assembly.id),
    )
    there = exists().where(Attendance.rsvp_id == Rsvp.id, Attendance.undone_at.is_(None))
    said = session().execute(
        select(Rsvp.partner_id, Rsvp.state, _total(_heads()), _total(case((there, _heads()), else_=0)))
        .where(Rsvp.assembly_id.in_(over), Rsvp.state.in_(COMING), Rsvp.partner_id.in_(list(ids)))
        .group_by(Rsvp.partner_id, Rsvp.state)
    )
    seen: dict[int, dict[str, tuple[int, int]]] = {}
    for partner_id, state, of, came in said:
        seen.setdefault(partner_id, {})[state] = (int(came), int(of))
    promised = session().execute(
        select(Pledge.partner_id, _total(Pledge.promised))
        .where(Pledge.assembly_id.in_(over), Pledge.partner_id.in_(list(ids)))
        .group_by(Pledge.partner_id)
    )
    walked_in = dict(
        session()
        .execute(
            select(Attendance.partner_id, func.count())
            .where(Attendance.assembly_id.in_(over), Attendance.is_walk_in, Attendance.undone_at.is_(None))
            .group_by(Attendance.partner_id)
        )
        .all()
    )
    for partner_id, of in promised:
        silent = int(of) - sum(count for _came_, count in seen.get(partner_id, {}).values())
        if silent > 0:
            seen.setdefault(partner_id, {})["pledged"] = (walked_in.get(partner_id, 0), silent)
    return {partner_id: rules.own_rates(observed) for partner_id, observed in seen.items()}


@dataclass(frozen=True)
class PartnerFacts:
    """What one partner promised for one assembly, and what came of it."""

    pledged: int = 0
    yes: int = 0
    confirmed: int = 0
    came: int = 0


def partner_facts(actor: Actor, assembly_ids: list[int]) -> dict[tuple[int, int], PartnerFacts]:
    """Facts by (assembly, partner) for the partners page, in three queries: a partner sees its own."""
    found: dict[tuple[int, int], dict[str, int]] = {}

    def collect(rows: Iterable, *names: str) -> None:
        for assembly_id, partner_id, *counts in rows:
            found.setdefault((assembly_id, partner_id), {}).update(zip(names, map(int, counts), strict=True))

    def by_partner(model: Any, *sums: Any) -> Any:
        query = select(model.assembly_id, model.partner_id, *map(_total, sums))
        return query.where(model.assembly_id.in_(assembly_ids)).group_by(model.assembly_id, model.partner_id)

    confirmed = case((Rsvp.state == "confirmed", _heads()), else_=0)
    here = by_partner(Attendance, Attendance.guests + 1).where(Attendance.undone_at.is_(None))
    collect(session().execute(by_partner(Pledge, Pledge.promised)), "pledged")
    collect(
        session().execute(by_partner(Rsvp, case((Rsvp.state.in_(COMING), _heads()), else_=0), confirmed)),
        "yes",
        "confirmed",
    )
    collect(session().execute(here), "came")
    return {key: PartnerFacts(**facts) for key, facts in found.items()}
