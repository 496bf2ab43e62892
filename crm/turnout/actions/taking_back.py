"""Forgetting what was written down from a text by mistake: the RSVP stands as it stood, wishes that came with it go."""

from datetime import datetime

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.turnout.models import Rsvp, Support


def take_back_reply(actor: Actor, person_id: int, assembly_id: int, *, since: datetime, now: datetime) -> None:
    """Takes back what was written down for one of the actor's own people at that moment; what was planned since stays."""
    rsvp = session().scalar(select(Rsvp).where(Rsvp.partner_id == actor.org_id, Rsvp.assembly_id == assembly_id, Rsvp.person_id == person_id).with_for_update())
    written = select(Event).where(Event.person_id == person_id, Event.subject_kind == "assembly", Event.subject_id == assembly_id, Event.at == since)
    events = list(session().scalars(written.where(Event.verb.startswith("rsvp.") | (Event.verb == "support.asked")).order_by(Event.id)))
    if rsvp is None or not events:
        return
    before = events[0].before or {}
    if before.get("state") and before["state"] != "confirmed":
        rsvp.state, rsvp.guests, rsvp.confirmed_at = before["state"], before.get("guests", 0), None
    session().execute(delete(Support).where(Support.rsvp_id == rsvp.id, Support.created_at == since, Support.state == "asked"))
    audit.record(actor, "rsvp.taken_back", now=now, person_id=person_id, subject=("assembly", assembly_id), after=events[0].after)
    session().flush()
