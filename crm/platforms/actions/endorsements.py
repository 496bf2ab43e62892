"""Later endorsements of a ratified platform: from people and organizations outside, kept with as little as possible, confirmed, struck, withdrawn."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import issue_link, revoke_links
from crm.infra.runtime import keyed_hash
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.organizations.queries import organization_of
from crm.people.actions.erasing import Who
from crm.platforms import rules
from crm.platforms.models import Endorsement, Platform
from crm.platforms.queries import endorsement_to_decide, platform_of_owner

WITHIN = timedelta(hours=1)
MOST_FROM_ONE_PLACE = 100  # a hall full of people behind one connection
MOST_OF_ONE_PHONE = 4  # a household on one phone
WITHDRAWN_UNTIL = timedelta(days=3650)


def endorse_platform(actor: Actor, platform: Platform, said: Mapping[str, Any], *, address: str, now: datetime) -> str:
    """Keeps an endorsement from the public page; returns the token of the link by which it is withdrawn.

    `said`: kind (person or organization), name, is_named, spoken_by, phone. A person's name is kept only if it may be shown. The number is
    not kept: a keyed hash counts it, and the answer is the same however often it has been used.
    """
    kind = "organization" if said.get("kind") == "organization" else "person"
    is_named = kind == "organization" or bool(said.get("is_named"))
    name, number = rules.read_line(said.get("name"))[:200], read_phone(said.get("phone") or "", organization_of(actor).country)
    spoken_by = rules.read_line(said.get("spoken_by"))[:200] if kind == "organization" else ""
    reasons = []
    if is_named and not name:
        reasons.append(Reason(N_("Write the name that may be shown."), field="name"))
    if kind == "organization" and not spoken_by:
        reasons.append(Reason(N_("Write who speaks for the organization and how to reach them."), field="spoken_by"))
    if isinstance(number, Reason):
        reasons.append(Reason(number.text, number.params, "phone"))
    place = keyed_hash("endorsement", f"{platform.id}:from {address}").hex()[:32]
    session().execute(update(Endorsement).where(Endorsement.platform_id == platform.id, Endorsement.created_at < now - WITHIN).values(address_mark=""))
    if _count(platform, Endorsement.address_mark == place) >= MOST_FROM_ONE_PLACE:
        reasons.append(Reason(N_("Very many people signed from this connection. Wait an hour, then try again.")))
    if reasons:
        raise Refused(reasons)
    mark = phone_mark(actor.org_id, str(number))
    is_too_often = _count(platform, Endorsement.phone_mark == mark) >= MOST_OF_ONE_PHONE
    row = Endorsement(
        org_id=actor.org_id, platform_id=platform.id, kind=kind, name=name if is_named else "", is_named=is_named, spoken_by=spoken_by,
        state="struck" if is_too_often else "new", phone_mark=mark, address_mark=place, created_at=now,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "platform.endorsed", now=now, subject=("platform", platform.id))
    return issue_link(actor.org_id, "endorsement", row.id, expires_at=now + WITHDRAWN_UNTIL, now=now)


def decide_endorsement(actor: Actor, platform_id: int, endorsement_id: int, verb: str, *, now: datetime) -> int:
    """Confirms an endorsement, so that its name is shown, or strikes it; either can be taken back."""
    platform_of_owner(actor, platform_id)
    if verb not in ("confirm", "strike"):
        raise Missing()
    row = endorsement_to_decide(actor, platform_id, endorsement_id)
    row.state, row.decided_by = "confirmed" if verb == "confirm" else "struck", actor.name
    session().flush()
    happened = "endorsement.confirmed" if verb == "confirm" else "endorsement.struck"
    audit.record(actor, happened, now=now, subject=("platform", platform_id), after={"endorsement": row.id})
    return row.id


def withdraw_endorsement(actor: Actor, endorsement_id: int, *, now: datetime) -> None:
    """Takes an endorsement out for good, for whoever holds its link."""
    row = session().scalar(select(Endorsement).where(Endorsement.id == endorsement_id).with_for_update())
    if row is None:
        return
    platform_id = row.platform_id
    session().delete(row)
    revoke_links(actor.org_id, "endorsement", endorsement_id, now=now)
    session().flush()
    audit.record(actor, "endorsement.withdrawn", now=now, subject=("platform", platform_id))


def erase_endorsements(actor: Actor, who: Who, now: datetime) -> dict[str, int]:
    """What somebody who is erased has signed goes too, found by the mark of numbers that are theirs alone."""
    marks = [phone_mark(actor.org_id, phone) for phone in who.phones]
    gone = delete(Endorsement).where(Endorsement.phone_mark.in_(marks), Endorsement.kind == "person")
    return {"endorsements": session().execute(gone.execution_options(synchronize_session=False)).rowcount}  # type: ignore[attr-defined]


def phone_mark(org_id: int, number: str) -> str:
    """The mark of a number within one organization, from which nobody gets the number back."""
    return keyed_hash("endorsement", f"{org_id}:{number}").hex()[:32]


def _count(platform: Platform, of: Any) -> int:
    query = select(func.count()).select_from(Endorsement).where(Endorsement.platform_id == platform.id, of)
    return session().scalar(query) or 0
