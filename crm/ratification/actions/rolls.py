"""Building the members' roll, organization by organization.

The coalition learns seats and numbers, never names or phones.
"""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import func, insert, or_, select

from crm.assemblies.queries.seats import seated_roll
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.people.models import Person, Phone
from crm.ratification.models import Electorate, NoticeSummary, Ratification, RollEntry, RollMark
from crm.ratification.queries import organizations_of

CHUNK = 1000


def unbuilt(ratification: Ratification) -> list[int]:
    """Organizations whose part of the roll is not built yet."""
    built = set(
        session().scalars(select(NoticeSummary.partner_id).where(NoticeSummary.ratification_id == ratification.id))
    )
    return [
        organization.id for organization in organizations_of(ratification) if organization.id not in built
    ]


def build_part(
    actor: Actor,
    owner_id: int,
    ratification_id: int,
    electorate_id: int | None,
    first_seat: int,
    mark_key: str,
    *,
    now: datetime,
) -> bool:
    """Puts the next members of the actor's own organization on the roll; True when all of them are.

    Runs held to that organization: the coalition learns seats and numbers, never names or phones.
    """
    people: list[int] = []
    if electorate_id is not None:
        people = _next_members(actor, electorate_id, now)
        seats = {person_id: first_seat + i for i, person_id in enumerate(people)}
        _add_seats(actor.org_id, owner_id, electorate_id, seats, mark_key, now)
    if len(people) == CHUNK:
        return False
    session().add(NoticeSummary(org_id=owner_id, partner_id=actor.org_id, ratification_id=ratification_id))
    session().flush()
    return True


def _next_members(actor: Actor, electorate_id: int, now: datetime) -> list[int]:
    """Members in good standing today, after the last who has a seat."""
    seated = select(func.max(RollEntry.person_id)).where(
        RollEntry.electorate_id == electorate_id, RollEntry.partner_id == actor.org_id
    )
    is_member = or_(Person.member_since.is_(None), Person.member_since <= now.date())
    wanted = select(Person.id).where(Person.standing == "member", Person.id > (session().scalar(seated) or 0), is_member)
    return list(session().scalars(wanted.order_by(Person.id).limit(CHUNK)))


def _add_seats(
    partner_id: int, owner_id: int, electorate_id: int, seats: dict[int, int], mark_key: str, now: datetime
) -> None:
    base = {"org_id": owner_id, "partner_id": partner_id, "electorate_id": electorate_id, "created_at": now}
    if not seats:
        return
    session().execute(
        insert(RollEntry),
        [base | {"id": new_id(), "seat": seat, "person_id": person} for person, seat in seats.items()],
    )
    phones = session().execute(select(Phone.person_id, Phone.e164).where(Phone.person_id.in_(list(seats)))).all()
    marks = [base | {"id": new_id(), "seat": seats[person], "mark": _mark(mark_key, phone)} for person, phone in phones]
    if marks:
        session().execute(insert(RollMark), marks)


def seat_delegates(electorate: Electorate, *, now: datetime) -> None:
    """Takes the roll from whoever sits in the seats of the assembly at this instant: one entry for each seat, whoever holds it later."""
    held = seated_roll(electorate.assembly_id) if electorate.assembly_id else []
    base = {"org_id": electorate.org_id, "electorate_id": electorate.id, "created_at": now}
    if held:
        session().execute(insert(RollEntry), [
            base | {"id": new_id(), "seat": seat, "partner_id": partner_id, "person_id": person_id} for seat, (partner_id, person_id) in enumerate(held)])


def _mark(key: str, phone: str) -> str:
    return hmac.new(bytes.fromhex(key), phone.encode(), hashlib.sha256).hexdigest()
