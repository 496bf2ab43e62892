"""What outreach takes out when a person is erased, and the one line that stays: that this number wants no texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.ledgers import unlocked
from crm.kernel.refusal import N_, Reason
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.actions.ledger import wording_ids
from crm.outreach.models import Consent, ConsentState, Sender, SignUp, SimulatedText, Text, Thread, Wording
from crm.outreach.rules.consent import THEIR_OWN
from crm.people.actions.erasing import Who

WORDS_GONE = "(gone with the person who gave it)"


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
    revoked = select(ConsentState.phone, ConsentState.source).where(ConsentState.phone.in_(who.phones), ConsentState.state == "revoked")
    said = dict(session().execute(revoked).all())
    counts["consents"] = _erase_ledger(actor, who, now)
    session().execute(delete(ConsentState).where(ConsentState.phone.in_(who.phones)).execution_options(**quiet))
    session().expire_all()
    keeper = Actor(actor.org_id)
    for phone in who.phones:
        revoke_consent(keeper, phone, source=said[phone] if said.get(phone) in THEIR_OWN else "erased", now=now)
    return counts


def _erase_ledger(actor: Actor, who: Who, now: datetime) -> int:
    """The one time when the ledger gives something up: what is theirs alone, and of a shared number's lines what names them."""
    theirs = Consent.person_id.in_(who.ids) | Consent.phone.in_(who.phones)
    words = set(session().scalars(select(Consent.wording_id).where(theirs, Consent.wording_id.is_not(None))))
    gone = wording_ids(actor, [WORDS_GONE], now)[WORDS_GONE]
    nobody = update(Consent).where(Consent.person_id.in_(who.ids), Consent.phone.not_in(who.phones))
    with unlocked(session()):
        count = _done(delete(Consent).where(Consent.phone.in_(who.phones)))
        _done(nobody.where(Consent.kind == "given").values(person_id=None, said="", evidence=WORDS_GONE, collector="-", wording_id=gone))
        _done(nobody.where(Consent.kind != "given").values(person_id=None, said="", evidence="", collector=""))
        # What they were read or signed may hold their name; words that others agreed to stay.
        unused = ~exists().where(Consent.org_id == Wording.org_id, Consent.wording_id == Wording.id)
        unused &= ~exists().where(SignUp.org_id == Wording.org_id, or_(SignUp.wording_id == Wording.id, SignUp.money_wording_id == Wording.id))
        _done(delete(Wording).where(Wording.id.in_(words | {gone}), unused))
    return count


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
