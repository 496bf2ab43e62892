"""Building the members' roll, organization by organization.

The coalition learns seats and numbers, never names or phones.
"""

import hashlib
import hmac
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, insert, or_, select

from crm.assemblies.queries.rosters import non_voters, roster_roll
from crm.assemblies.queries.seats import seated_roll
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.people.models import Person, Phone, StandingChange
from crm.ratification.models import Electorate, NoticeSummary, Ratification, Residence, RollEntry, RollMark
from crm.ratification.queries import organizations_of
from crm.ratification.rules.residents import COUNTING
from crm.turnout.queries.room import checked_in

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
    """Members in good standing on the day of the rule, else today, or declared residents, after the last who has a seat."""
    rule = session().execute(select(Electorate.on_day, Electorate.joined_by, Electorate.place_id).where(Electorate.id == electorate_id)).one()
    seated = select(func.max(RollEntry.person_id)).where(
        RollEntry.electorate_id == electorate_id, RollEntry.partner_id == actor.org_id
    )
    who = [_declared_to_live(rule.place_id)] if rule.place_id else _in_good_standing(rule.on_day, now)
    wanted = select(Person.id).where(*who, Person.id > (session().scalar(seated) or 0))
    if rule.joined_by is not None:
        wanted = wanted.where(Person.member_since <= rule.joined_by)
    return list(session().scalars(wanted.order_by(Person.id).limit(CHUNK)))


def _declared_to_live(place_id: int) -> ColumnElement[bool]:
    """Whoever declared to live in the place and was not challenged, whatever their standing."""
    declared = Residence.place_id == place_id, Residence.state.in_(COUNTING)
    return exists().where(Residence.org_id == Person.org_id, Residence.person_id == Person.id, *declared)


def _in_good_standing(on_day: date | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Who was a member on that day by the history of standings; where it holds nothing so old, by what they are now and since when."""
    since = or_(Person.member_since.is_(None), Person.member_since <= (on_day or now.date()))
    if on_day is None:
        return Person.standing == "member", since
    then = (
        select(StandingChange.standing).where(StandingChange.person_id == Person.id, StandingChange.org_id == Person.org_id, StandingChange.on <= on_day)
        .order_by(StandingChange.on.desc(), StandingChange.id.desc()).limit(1).correlate(Person).scalar_subquery()
    )
    return func.coalesce(then, Person.standing) == "member", since


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


def seat_at_assembly(electorate: Electorate, *, now: datetime) -> None:
    """Takes the roll from an assembly as it is at this instant: who sits in its seats, who votes on its roster, or whom its doors have let in.

    Whoever holds a seat later votes in the next vote; nobody without the right to vote gets on a roll.
    """
    held = roll_at(electorate)
    base = {"org_id": electorate.org_id, "electorate_id": electorate.id, "created_at": now}
    if held:
        session().execute(insert(RollEntry), [
            base | {"id": new_id(), "seat": seat, "partner_id": partner_id, "person_id": person_id, "participant_id": place_id}
            for seat, (partner_id, person_id, place_id) in enumerate(held)])


def roll_at(electorate: Electorate) -> list[tuple[int, int | None, int | None]]:
    """Who would be on the roll of an electorate of an assembly now: (organization, its person, else the place on the roster)."""
    assembly_id = electorate.assembly_id or 0
    if electorate.kind == "participants":
        return roster_roll(assembly_id, electorate.role)
    without = set() if electorate.kind == "delegates" else non_voters(assembly_id)
    known = [(*seat, None) for seat in seated_roll(assembly_id)] if electorate.kind == "delegates" else checked_in(assembly_id)[0]
    return [one for one in known if one not in without]


def _mark(key: str, phone: str) -> str:
    return hmac.new(bytes.fromhex(key), phone.encode(), hashlib.sha256).hexdigest()
