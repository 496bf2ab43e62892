"""The thermometer: promised, said, confirmed and to be expected, by organization, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, select

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_for
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.turnout import rules
from crm.turnout.models import Attendance, Pledge, Rsvp
from crm.turnout.queries.counts import PartnerCounts, counts_of
from crm.turnout.queries.past import heads, past_of, rates_from, total
from crm.turnout.rules import COMING, Counts, Forecast, Rates, Tested


@dataclass(frozen=True)
class PartnerRow:
    """One organization's part: its promise, its people's answers, its forecast, and who leads its turnout."""

    partner_id: int
    name: str
    goal: int | None
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
    tested: list[Tested] = field(default_factory=list)  # what would have been forecast of earlier assemblies, and who came

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
    def inside(self) -> int:
        """At how many earlier assemblies attendance fell inside what would have been forecast."""
        return sum(one.is_inside for one in self.tested)

    @property
    def has_goals(self) -> bool:
        return any(row.goal for row in self.partners)

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
    """Turnout of one assembly in either side's scope, in three queries: the session lets a partner count only its own rows."""
    assembly = assembly_for(actor, assembly_id)
    is_convener = assembly.org_id == actor.org_id
    counts = counts_of(assembly_id, now)
    if not is_convener:
        counts = {actor.org_id: counts.get(actor.org_id) or PartnerCounts(actor.org_name)}
    past = past_of(counts, assembly_id, now)
    rates, day = rates_from(past), rules.day_spread_of(past)
    rows = [_row_of(partner_id, one, rates.get(partner_id, Rates()), day) for partner_id, one in counts.items()]
    rows.sort(key=lambda row: (-row.pledged, -row.yes, row.name))
    return Summary(assembly, is_convener, assembly.goal, actor.org_id, rows, rules.backtest(past))


def _row_of(partner_id: int, counts: PartnerCounts, rates: Rates, day: float) -> PartnerRow:
    yes, confirmed, unconfirmed, *weeks = counts.said
    cast = rules.forecast(Counts(counts.pledged, yes, confirmed), rates, day)
    return PartnerRow(partner_id, counts.name, counts.goal, counts.pledged, yes, confirmed, unconfirmed, counts.came, cast, rates, weeks, counts.leads)


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
        query = select(model.assembly_id, model.partner_id, *map(total, sums))
        return query.where(model.assembly_id.in_(assembly_ids)).group_by(model.assembly_id, model.partner_id)

    confirmed = case((Rsvp.state == "confirmed", heads()), else_=0)
    here = by_partner(Attendance, Attendance.guests + 1).where(Attendance.undone_at.is_(None))
    collect(session().execute(by_partner(Pledge, Pledge.promised)), "pledged")
    collect(
        session().execute(by_partner(Rsvp, case((Rsvp.state.in_(COMING), heads()), else_=0), confirmed)),
        "yes",
        "confirmed",
    )
    collect(session().execute(here), "came")
    return {key: PartnerFacts(**facts) for key, facts in found.items()}
