"""Reads of opt-outs that came by another way than text: those still under their clock, and how fast the others were honored."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.outreach.models import Consent, OptOutRequest
from crm.outreach.rules.business_days import business_days_until, honor_by

MOST_OPEN, MOST_SHOWN, PERIOD = 200, 50, timedelta(days=365)


def opt_out_request_for(actor: Actor, request_id: int, lock: bool = False) -> OptOutRequest:
    """A request of this organization, if the actor may change people."""
    query = select(OptOutRequest).where(OptOutRequest.id == request_id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None or not actor.may(Action.EDIT_PEOPLE):
        raise Missing
    return found


class Waiting(NamedTuple):
    """A request whose number is not known yet, and until when it must be."""

    request: OptOutRequest
    due_on: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0


class Report(NamedTuple):
    """What is open, the newest that were honored with the day they had to be, and how many of a year were late."""

    waiting: list[Waiting]
    honored: list[tuple[Consent, date, bool]]
    count: int
    late: int

    @property
    def overdue(self) -> int:
        return sum(one.is_overdue for one in self.waiting)


def opt_out_report(actor: Actor, now: datetime) -> Report:
    """Opt-outs by letter, e-mail, voice, form or in person, against the ten business days of the law."""
    zone = ZoneInfo(actor.time_zone or "UTC")
    today = now.astimezone(zone).date()
    wanted = select(OptOutRequest).where(OptOutRequest.outcome.is_(None)).order_by(OptOutRequest.received_on, OptOutRequest.id)
    waiting = [
        Waiting(one, due := honor_by(one.received_on), business_days_until(today, due)) for one in session().scalars(wanted.limit(MOST_OPEN))
    ]
    # By day, so that a year is a few hundred rows whatever the size of the list.
    by_day = session().execute(
        select(Consent.received_on, Consent.at, func.count()).where(Consent.received_on > today - PERIOD).group_by(Consent.received_on, Consent.at)
    ).all()
    late = sum(n for received_on, at, n in by_day if is_late(received_on, at, zone))
    newest = session().scalars(
        select(Consent).where(Consent.received_on > today - PERIOD).order_by(Consent.received_on.desc(), Consent.id.desc()).limit(MOST_SHOWN)
    )
    honored = [(one, honor_by(one.received_on), is_late(one.received_on, one.at, zone)) for one in newest]
    return Report(waiting, honored, sum(n for _day, _at, n in by_day), late)


def is_late(received_on: date, at: datetime, zone: ZoneInfo) -> bool:
    """Whether an opt-out was honored after the last day on which the law allows it."""
    return at.astimezone(zone).date() > honor_by(received_on)
