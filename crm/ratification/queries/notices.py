"""Reads of how members were reached. Names are read only by their own organization."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.models import Participant
from crm.assemblies.queries.rosters import Coded, coded_seats
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.people.models import Person
from crm.people.queries.apart import a_number, named_apart
from crm.ratification.models import Electorate, Notice, NoticeSummary, Ratification, RollEntry
from crm.ratification.rules.notice import NoticeReport, report_of
from crm.ratification.rules.states import PEOPLE


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


def notice_report(ratification: Ratification) -> NoticeReport | None:
    """Whether every seat was told as the rule asks, by the ledgers; None where the rule asks nothing."""
    rule = (ratification.manifest or {}).get("notice")
    if rule is None:
        return None
    seats = sum(e["roll_size"] for e in ratification.manifest["electorates"] if e["kind"] in PEOPLE)
    return report_of(rule, seats, [summary.told for _name, summary in notice_summaries(ratification)])


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
    is_secret: bool
    code: str = ""  # of a seat that is known by it alone


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


def has_own_entries(actor: Actor, ratification: Ratification) -> bool:
    """Whether a member of the actor's own organization stands on the roll."""
    return session().scalar(_own_entries(actor, ratification).limit(1)) is not None


def own_entry_for(actor: Actor, ratification: Ratification, entry_id: int) -> RollEntry:
    """The seat of one of the actor's own members, or Missing."""
    found = session().scalar(_own_entries(actor, ratification).where(RollEntry.id == entry_id))
    if found is None:
        raise Missing()
    return found


def letters_for(actor: Actor, ratification: Ratification) -> list[Letter]:
    """The actor's own members who could not be texted."""
    rows = session().execute(
        select(Notice, Person, Electorate.is_secret, RollEntry.participant_id)
        .join(RollEntry, RollEntry.id == Notice.entry_id)
        .join(Electorate, Electorate.id == RollEntry.electorate_id)
        .outerjoin(Person, (Person.id == Notice.person_id) & (Person.org_id == Notice.org_id))
        .where(Notice.org_id == actor.org_id, Notice.ratification_id == ratification.id, Notice.channel == "letter")
        .order_by(Person.name_folded, Person.id, RollEntry.seat)
    ).all()
    coded = coded_seats([place_id for _notice, _person, _is_secret, place_id in rows if place_id is not None])
    return [_letter(n, p, coded.get(place_id, Coded("")), is_secret) for n, p, is_secret, place_id in rows]


def _letter(notice: Notice, person: Person | None, coded: Coded, is_secret: bool) -> Letter:
    """To a member by name; to whoever is known by a code alone by the code, and by what their household told while it is kept."""
    if person is None:
        return Letter(notice.entry_id, coded.name, coded.language, coded.address, notice.reason, is_secret, coded.code)
    address = ", ".join(part for part in (person.street, person.city, person.region, person.postal_code) if part)
    return Letter(notice.entry_id, person.name, person.language, address, notice.reason, is_secret)


def own_members(actor: Actor, ratification: Ratification, words: str, electorate: Electorate | None = None) -> list[tuple[int, str]]:
    """(seat's id, name with what tells them apart) of the actor's own members on the roll, or of one group, whose name holds the words; at most ten."""
    found = fold(words)
    if not found:
        return []
    own = (*([Electorate.id == electorate.id] if electorate else []), Electorate.ratification_id == ratification.id, RollEntry.partner_id == actor.org_id)
    by_name = (Person.name_folded.contains(word, autoescape=True) for word in found.split())
    people = (
        select(RollEntry.id, Person, a_number()).join(Electorate, Electorate.id == RollEntry.electorate_id)
        .join(Person, (Person.id == RollEntry.person_id) & (Person.org_id == RollEntry.partner_id))
        .where(*own, *by_name).order_by(Person.name_folded, Person.id).limit(10)
    )
    by_code = (Participant.shown_name.icontains(word, autoescape=True) for word in words.split())
    codes = (
        select(RollEntry.id, Participant.shown_name).join(Electorate, Electorate.id == RollEntry.electorate_id)
        .join(Participant, Participant.id == RollEntry.participant_id).where(*own, *by_code).order_by(Participant.shown_name, RollEntry.seat).limit(10)
    )
    known = [(entry_id, named_apart(person, e164)) for entry_id, person, e164 in session().execute(people)]
    return (known + [(entry_id, code) for entry_id, code in session().execute(codes)])[:10]
