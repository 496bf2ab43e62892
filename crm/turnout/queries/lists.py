"""The doors to RSVPs and supports, and the lists that organizers work through: calls, supports, sign-in, door links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, exists, func, select

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import token_of, url_of
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.organizations.queries import names_of
from crm.people.models import Person, Phone
from crm.people.queries import sees_whole, show_phone_to
from crm.turnout.models import Attendance, Door, Pledge, Rsvp, Support
from crm.turnout.queries.asks import by_next_ask
from crm.turnout.rules import STATE_WORDS


@dataclass(frozen=True)
class Call:
    """One person to call: the number as the actor may see it, and to dial it where they see it whole."""

    rsvp: Rsvp
    person: Person
    phone: str
    number: str = ""


@dataclass(frozen=True)
class SupportRow:
    """One wish: who (first name and initial), of which organization, what, and how far it is."""

    support: Support
    name: str
    organization: str


def rsvp_for(actor: Actor, rsvp_id: int, *, lock: bool = False) -> Rsvp:
    """An RSVP of one of the actor's own people; the convener's view of partners' people goes through the door only."""
    query = select(Rsvp).where(Rsvp.id == rsvp_id, Rsvp.partner_id == actor.org_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def rsvp_of(actor: Actor, assembly_id: int, person_id: int) -> Rsvp | None:
    """The RSVP of one of the actor's own people for an assembly, if they were ever asked."""
    return session().scalar(
        select(Rsvp).where(
            Rsvp.assembly_id == assembly_id, Rsvp.partner_id == actor.org_id, Rsvp.person_id == person_id
        )
    )


def support_for(actor: Actor, support_id: int, *, lock: bool = False) -> Support:
    """A support that the actor's organization asked for, or must provide as convener."""
    query = select(Support).where(Support.id == support_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def call_list(actor: Actor, assembly: Assembly, after: str | None, now: datetime, *, state: str = "next", size: int = 50) -> Page:
    """The actor's own people in one state of answer, by the order in which they answered, or ("next") by best next ask; one query."""
    number = (
        select(Phone.e164)
        .where(Phone.org_id == Person.org_id, Phone.person_id == Person.id)
        .order_by(Phone.is_preferred.desc(), Phone.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Rsvp, Person, number.label("e164"))
        .join(Person, and_(Person.org_id == Rsvp.partner_id, Person.id == Rsvp.person_id))
        .where(Rsvp.assembly_id == assembly.id, Rsvp.partner_id == actor.org_id)
    )
    order: tuple[Any, ...] = (Rsvp.id,) if state == "invited" else (Rsvp.answered_at, Rsvp.id)
    if state == "next":
        query, order = by_next_ask(query, assembly, now.astimezone(ZoneInfo(assembly.time_zone)).date(), now)
    else:
        query = query.where(Rsvp.state == state)
    page = keyset(query, order, after, size)
    return Page([_call(actor, rsvp, person, e164 or "") for rsvp, person, e164, *_rank in page.rows], page.next)


def _call(actor: Actor, rsvp: Rsvp, person: Person, e164: str) -> Call:
    return Call(rsvp, person, show_phone_to(actor, e164) if e164 else "", e164 if sees_whole(actor, e164) else "")


def state_counts(actor: Actor, assembly_id: int) -> dict[str, int]:
    """How many of the actor's own people are in each state of answer."""
    return dict(
        session()
        .execute(
            select(Rsvp.state, func.count())
            .where(Rsvp.assembly_id == assembly_id, Rsvp.partner_id == actor.org_id)
            .group_by(Rsvp.state)
        )
        .all()
    )


def supports_of(rsvp_ids: Sequence[int]) -> dict[int, dict[str, Support]]:
    """Supports of these RSVPs, by RSVP and kind."""
    found: dict[int, dict[str, Support]] = {}
    if rsvp_ids:
        for support in session().scalars(select(Support).where(Support.rsvp_id.in_(rsvp_ids)).order_by(Support.kind)):
            found.setdefault(support.rsvp_id, {})[support.kind] = support
    return found


def support_counts(assembly_id: int) -> list[tuple[str, int, int, int]]:
    """(kind, people, planned or delivered, delivered), most asked first: how many the staffing plan must cover."""
    done = case((Support.state != "asked", Support.quantity), else_=0)
    delivered = case((Support.state == "delivered", Support.quantity), else_=0)
    rows = session().execute(
        select(Support.kind, func.sum(Support.quantity), func.sum(done), func.sum(delivered))
        .join(Rsvp, Rsvp.id == Support.rsvp_id)
        .where(Support.assembly_id == assembly_id, Rsvp.state.not_in(("no", "cancelled")))
        .group_by(Support.kind)
        .order_by(func.sum(Support.quantity).desc(), Support.kind)
    )
    return [(kind, int(asked), int(planned), int(given)) for kind, asked, planned, given in rows]


def support_rows(assembly_id: int, after: str | None, *, kind: str | None = None, size: int = 100) -> Page:
    """Every wish of those who may still come, open ones first."""
    query = (
        select(Support, Rsvp.door_name, Rsvp.partner_id)
        .join(Rsvp, Rsvp.id == Support.rsvp_id)
        .where(Support.assembly_id == assembly_id, Rsvp.state.not_in(("no", "cancelled")))
    )
    if kind:
        query = query.where(Support.kind == kind)
    page = keyset(query, (Support.kind, Support.id), after, size)
    names = names_of({partner_id for _support, _name, partner_id in page.rows})
    return Page(
        [SupportRow(support, name, names.get(partner_id, "")) for support, name, partner_id in page.rows], page.next
    )


def pledges_of(assembly_id: int) -> list[Pledge]:
    """The promises that the actor's organization may see, newest first."""
    return list(
        session().scalars(
            select(Pledge).where(Pledge.assembly_id == assembly_id).order_by(Pledge.made_at.desc(), Pledge.id.desc())
        )
    )


def door_links(actor: Actor, assembly_id: int, now: datetime) -> list[tuple[Door, str | None]]:
    """The convener's doors, newest first, each with its address while it is open."""
    doors = session().scalars(
        select(Door)
        .where(Door.assembly_id == assembly_id, Door.org_id == actor.org_id)
        .order_by(Door.created_at.desc(), Door.id.desc())
    )
    return [
        (
            door,
            url_of(door.kind, token_of(door.link_id))
            if door.link_id and not door.closed_at and door.expires_at > now
            else None,
        )
        for door in doors
    ]


def door_for(actor: Actor, door_id: int) -> Door:
    """A door that the actor's organization opened."""
    found = session().scalar(select(Door).where(Door.id == door_id, Door.org_id == actor.org_id))
    if found is None:
        raise Missing()
    return found


def person_panel(actor: Actor, person: Person) -> dict[str, Any] | None:
    """A person's last answers, for their page, and whether they came; None when they were never asked."""
    came = exists().where(Attendance.rsvp_id == Rsvp.id, Attendance.undone_at.is_(None))
    rows = (
        session()
        .execute(
            select(Rsvp, Assembly, came.label("came"))
            .join(Assembly, Assembly.id == Rsvp.assembly_id)
            .where(Rsvp.partner_id == actor.org_id, Rsvp.person_id == person.id)
            .order_by(Assembly.day.desc(), Rsvp.id.desc())
            .limit(4)
        )
        .all()
    )
    return {"answers": rows, "words": STATE_WORDS, "person": person} if rows else None
