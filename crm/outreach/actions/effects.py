"""What an error code asks for beyond its text: an opt-out, a flagged number, a stopped broadcast, a held sender."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.models import Broadcast, Text
from crm.outreach.queries.phones import facts_of, sender_of
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.outbox import Effect
from crm.people.models import Phone

CARRIER_ZONE = ZoneInfo("America/Los_Angeles")  # carriers count their days there


def apply_effect(actor: Actor, text: Text, effect: Effect, now: datetime) -> datetime:
    """Does what the code asks and returns when the text may be tried again."""
    if effect.is_opt_out:
        revoke_consent(actor, text.phone, source="provider", now=now, person_id=text.person_id)
    if effect.flags_number:
        session().execute(update(Phone).where(Phone.e164 == text.phone).values(is_textable=False))
    if effect.stops_broadcast and text.broadcast_id:
        session().execute(update(Broadcast).where(Broadcast.id == text.broadcast_id, Broadcast.state == "sending").values(state="stopped"))
    sender = sender_of(actor)
    if effect.suspends_sender and sender is not None:
        sender.state = "suspended"
    if effect.at_midnight_pacific:
        tomorrow = now.astimezone(CARRIER_ZONE).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0, 1), CARRIER_ZONE)
    if effect.at_next_window:
        zones = facts_of(actor, [text], sender, now)[text.id].zones
        return next_open(zones, now + timedelta(minutes=2)) or now + timedelta(days=1)
    return now + (effect.after or timedelta())
