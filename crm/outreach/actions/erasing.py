"""What outreach takes out when a person is erased, and the one line that stays: that this number wants no texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.models import Consent, ConsentState, Sender, SimulatedText, Text, Thread
from crm.outreach.rules.consent import THEIR_OWN
from crm.people.actions.erasing import Who


def issues_before_erasing(actor: Actor, who: Who) -> list[Reason]:
    """A text that is leaving at this moment is waited for: afterwards nobody could say what became of it."""
    leaving = select(exists().where(Text.person_id.in_(who.ids), Text.state == "claimed"))
    return [Reason(N_("A text to them is leaving at this moment. Try again in a minute."))] if session().scalar(leaving) else []


def erase_texts(actor: Actor, who: Who, now: datetime) -> dict[str, int]:
    """Texts, threads and the ledger of numbers that are theirs alone; of a number that others share, only what names them."""
    quiet = {"synchronize_session": False}
    counts = {}
    for model in (Text, Thread):
        counts[model.__tablename__] = _done(delete(model).where(model.phone.in_(who.phones)).execution_options(**quiet))
    numbers = select(Sender.number).where(Sender.org_id == actor.org_id)
    session().execute(delete(SimulatedText).where(SimulatedText.phone.in_(who.phones), SimulatedText.number.in_(numbers)).execution_options(**quiet))
    nobody: dict[str, Any] = {"person_id": None, "wording": "", "evidence": "", "collector": ""}
    _done(update(Consent).where(Consent.person_id.in_(who.ids)).values(**nobody).execution_options(**quiet))
    revoked = select(ConsentState.phone, ConsentState.source).where(ConsentState.phone.in_(who.phones), ConsentState.state == "revoked")
    said = dict(session().execute(revoked).all())
    counts["consents"] = _done(delete(Consent).where(Consent.phone.in_(who.phones)).execution_options(**quiet))
    session().execute(delete(ConsentState).where(ConsentState.phone.in_(who.phones)).execution_options(**quiet))
    session().expire_all()
    keeper = Actor(actor.org_id)
    for phone in who.phones:
        revoke_consent(keeper, phone, source=said[phone] if said.get(phone) in THEIR_OWN else "erased", now=now)
    return counts


def _done(statement: Any) -> int:
    return session().execute(statement).rowcount  # type: ignore[attr-defined]
