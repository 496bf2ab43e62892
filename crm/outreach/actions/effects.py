"""What an error code asks for beyond its text: an opt-out, a flagged number, a stopped broadcast, a held sender."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import ask_to_stop
from crm.organizations.queries import organization_of
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.models import Broadcast, Text
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.phones import sender_of
from crm.outreach.queries.plans import options_of
from crm.outreach.rules.errors import Effect, is_unreachable, next_carrier_day
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.outbox import WINDOW, must_pause
from crm.people.models import Phone


def apply_effect(actor: Actor, text: Text, effect: Effect, now: datetime) -> datetime:
    """Does what the code asks and returns when the text may be tried again."""
    if effect.is_opt_out:
        revoke_consent(actor, text.phone, source="provider", now=now, person_id=text.person_id)
    if effect.flags_number or (effect.counts_days and effect.state == "failed" and is_unreachable(_days_out_of_reach(actor, text, now))):
        session().execute(update(Phone).where(Phone.e164 == text.phone).values(is_textable=False))
    if effect.stops_broadcast and text.broadcast_id:
        session().execute(update(Broadcast).where(Broadcast.id == text.broadcast_id, Broadcast.state == "sending").values(state="stopped"))
    sender = sender_of(actor)
    if effect.suspends_sender and sender is not None:
        sender.state = "suspended"
    again_at = _again_at(actor, text, effect, now)
    if effect.holds_sender and sender is not None:
        sender.held_until, sender.held_code = again_at, text.error_code
    return again_at


def _again_at(actor: Actor, text: Text, effect: Effect, now: datetime) -> datetime:
    if effect.at_midnight_pacific:
        return next_carrier_day(now)
    if effect.at_next_window:
        facts = facts_of(actor, [text], sender_of(actor), now)[text.id]
        return next_open(facts.zones, now + timedelta(minutes=2), facts.week) or now + timedelta(days=1)
    return now + (effect.after or timedelta())


def _days_out_of_reach(actor: Actor, text: Text, now: datetime) -> list:
    """The organization's days on which a text to this phone failed for being out of reach, this one among them."""
    same = (Text.phone == text.phone) & (Text.error_code == text.error_code) & (Text.state == "failed")
    zone = ZoneInfo(organization_of(actor).time_zone)
    times = [*session().scalars(select(Text.settled_at).where(same)), now]
    return [at.astimezone(zone).date() for at in times if at]


def watch(actor: Actor, text: Text, now: datetime) -> None:
    """A text did not arrive: where too many of the latest did not, its broadcast pauses and waits for a person."""
    if text.broadcast_id is None:
        return
    session().flush()
    broadcast = session().scalar(select(Broadcast).where(Broadcast.id == text.broadcast_id, Broadcast.state == "sending"))
    if broadcast is None:
        return
    told = Text.state.in_(("delivered", "failed"))
    latest = select(Text.state).where(Text.broadcast_id == broadcast.id, told, Text.claimed_at.is_not(None))
    if broadcast.watched_from:
        latest = latest.where(Text.claimed_at > broadcast.watched_from)
    states = session().scalars(latest.order_by(Text.claimed_at.desc()).limit(WINDOW)).all()
    if must_pause(states.count("failed"), len(states), options_of(actor).pause_at_percent):
        broadcast.state, broadcast.stopped_because = "stopped", "errors"
        ask_to_stop(actor, broadcast.job_id)
        after = {"name": broadcast.name, "failed": states.count("failed"), "of": len(states)}
        audit.record(actor, "broadcast.paused", now=now, subject=("broadcast", broadcast.id), after=after)
        session().flush()
