"""Reads of how members were reached. Names are read only by their own organization."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.people.models import Person
from crm.ratification.models import Electorate, Notice, NoticeSummary, Ratification, RollEntry


def notice_summaries(ratification: Ratification) -> list[tuple[str, NoticeSummary]]:
    """What each organization did to reach its members, by name."""
    return list(
        session()
        .execute(
            select(Organization.name, NoticeSummary)
            .join(NoticeSummary, NoticeSummary.partner_id == Organization.id)
            .where(NoticeSummary.ratification_id == ratification.id)
            .order_by(Organization.name)
        )
    )


def letter_reasons(actor: Actor, ratification: Ratification) -> dict[str, int]:
    """Why the actor's organization could not text some of its members, with counts."""
    return dict(
        session()
        .execute(
            select(Notice.reason, func.count())
            .where(Notice.org_id == actor.org_id, Notice.ratification_id == ratification.id, Notice.channel == "letter")
            .group_by(Notice.reason)
            .order_by(func.count().desc())
        )
        .all()
    )


@dataclass(frozen=True)
class Letter:
    """A member who gets the ballot on paper."""

    entry_id: int
    name: str
    language: str
    address: str
    reason: str


def _own_entries(actor: Actor, ratification: Ratification) -> Any:
    """The seats of the actor's own members."""
    return (
        select(RollEntry)
        .join(Electorate, Electorate.id == RollEntry.electorate_id)
        .where(Electorate.ratification_id == ratification.id, RollEntry.partner_id == actor.org_id)
    )


def unreached(actor: Actor, ratification: Ratification, limit: int) -> list[RollEntry]:
    """The next of the actor's own members who have neither text nor letter."""
    told = select(Notice.entry_id).where(Notice.org_id == actor.org_id, Notice.ratification_id == ratification.id)
    return list(
        session().scalars(
            _own_entries(actor, ratification).where(RollEntry.id.not_in(told)).order_by(RollEntry.seat).limit(limit)
        )
    )


def own_entry_for(actor: Actor, ratification: Ratification, entry_id: int) -> RollEntry:
    """The seat of one of the actor's own members, or Missing."""
    found = session().scalar(_own_entries(actor, ratification).where(RollEntry.id == entry_id))
    if found is None:
        raise Missing()
    return found


def letters_for(actor: Actor, ratification: Ratification) -> list[Letter]:
    """The actor's own members who could not be texted."""
    rows = session().execute(
        select(Notice, Person)
        .join(Person, (Person.id == Notice.person_id) & (Person.org_id == Notice.org_id))
        .where(Notice.org_id == actor.org_id, Notice.ratification_id == ratification.id, Notice.channel == "letter")
        .order_by(Person.name_folded, Person.id)
    )
    return [
        Letter(
            n.entry_id,
            p.name,
            p.language,
            ", ".join(x for x in (p.street, p.city, p.region, p.postal_code) if x),
            n.reason,
        )
        for n, p in rows
    ]


def own_members(actor: Actor, ratification: Ratification, words: str) -> list[tuple[int, str]]:
    """(seat's id, name) of the actor's own members on the roll whose name holds the words; at most ten."""
    found = fold(words)
    if not found:
        return []
    rows = session().execute(
        select(RollEntry.id, Person)
        .join(Electorate, Electorate.id == RollEntry.electorate_id)
        .join(Person, (Person.id == RollEntry.person_id) & (Person.org_id == RollEntry.partner_id))
        .where(
            Electorate.ratification_id == ratification.id,
            RollEntry.partner_id == actor.org_id,
            *(Person.name_folded.contains(word, autoescape=True) for word in found.split()),
        )
        .order_by(Person.name_folded, Person.id)
        .limit(10)
    )
    return [(entry_id, person.name) for entry_id, person in rows]
