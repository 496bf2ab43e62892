"""Doors and reads of elections. Who was nominated is seen by the owner and by the nominee's own organization."""

from datetime import date, timedelta

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.people.models import Person
from crm.people.queries.apart import a_number, named_apart
from crm.ratification.models import Ratification
from crm.ratification.models.elections import Election, Nomination, Office


def elections_of(actor: Actor) -> list[Election]:
    """Elections of the organization and its coalitions, newest first."""
    return list(session().scalars(select(Election).order_by(Election.opens_at.desc(), Election.id.desc()).limit(50)))


def election_for(actor: Actor, election_id: int, owned: bool = False, lock: bool = False) -> Election:
    """An election that the actor may read; `owned`: one of the actor's own organization."""
    query = select(Election).where(Election.id == election_id)
    if owned or lock:
        query = query.where(Election.org_id == actor.org_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def office_for(actor: Actor, office_id: int, lock: bool = False) -> tuple[Election, Office]:
    """An office with its election; `lock`: of the actor's own organization."""
    query = select(Office).where(Office.id == office_id)
    if lock:
        query = query.where(Office.org_id == actor.org_id).with_for_update()
    found = session().scalar(query)
    if found is None:
        raise Missing()
    return session().scalars(select(Election).where(Election.id == found.election_id)).one(), found


def offices_of(election: Election) -> list[tuple[Office, Ratification | None]]:
    """The offices in the order in which they were written, each with its vote."""
    rows = session().execute(
        select(Office, Ratification).outerjoin(Ratification, Ratification.id == Office.ratification_id)
        .where(Office.election_id == election.id).order_by(Office.id)
    )
    return [(office, vote) for office, vote in rows]


def nominations_of(election: Election) -> dict[int, list[tuple[Nomination, str]]]:
    """By office: each nomination that the session may see, with the name it goes by: the public one, else that of one's own record."""
    rows = session().execute(
        select(Nomination, Person).join(Office, Office.id == Nomination.office_id)
        .outerjoin(Person, (Person.org_id == Nomination.partner_id) & (Person.id == Nomination.person_id))
        .where(Office.election_id == election.id).order_by(Nomination.office_id, Nomination.public_name, Nomination.id)
    )
    found: dict[int, list[tuple[Nomination, str]]] = {}
    for nomination, person in rows:
        found.setdefault(nomination.office_id, []).append((nomination, nomination.public_name or (person.name if person else "")))
    return found


def nomination_for(actor: Actor, nomination_id: int, lock: bool = False) -> Nomination:
    """A nomination of the actor's own election or of its own member, or that of the link that is held."""
    if actor.link is not None and actor.link.subject_id != nomination_id:
        raise Missing()
    query = select(Nomination).where(Nomination.id == nomination_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def candidates_of(office_id: int) -> list[Nomination]:
    """Who stands for an office, by name."""
    return list(session().scalars(
        select(Nomination).where(Nomination.office_id == office_id, Nomination.state == "accepted").order_by(Nomination.public_name, Nomination.id)))


def office_of_vote(ratification_id: int) -> tuple[Election, Office] | None:
    """The office that a vote fills, with its election."""
    found = session().execute(
        select(Election, Office).join(Office, Office.election_id == Election.id).where(Office.ratification_id == ratification_id)).first()
    return (found[0], found[1]) if found else None


def statements_on_ballot(ratification_id: int, names: list[str]) -> list[dict[str, str]]:
    """The statements of those who stand, in the order of the ballot; none where the vote fills no office."""
    found = office_of_vote(ratification_id)
    if found is None:
        return []
    said = {candidate.public_name: candidate.statements for candidate in candidates_of(found[1].id)}
    return [said.get(name, {}) for name in names]


def vote_state(office: Office) -> str | None:
    """The state of the vote on an office; None while there is none."""
    return session().scalar(select(Ratification.state).where(Ratification.id == office.ratification_id)) if office.ratification_id else None


def kept_until(election: Election) -> date | None:
    """Until when the records of an election are kept: so many days after its last count; None while a vote is not counted."""
    votes = session().execute(
        select(func.count(Office.id), func.count(Ratification.closed_at), func.max(Ratification.closed_at))
        .outerjoin(Ratification, Ratification.id == Office.ratification_id).where(Office.election_id == election.id)
    ).one()
    offices, counted, last = votes
    if offices != counted:
        return None
    return (last or election.closes_at).date() + timedelta(days=election.keep_days)


def people_named(actor: Actor, words: str) -> list[tuple[int, str]]:
    """(id, name with what tells them apart) of the actor's own people whose name holds the words; at most ten."""
    found = fold(words)
    if not found:
        return []
    holds = [Person.name_folded.contains(word, autoescape=True) for word in found.split()]
    rows = session().execute(select(Person, a_number()).where(*holds).order_by(Person.name_folded, Person.id).limit(10))
    return [(person.id, named_apart(person, e164)) for person, e164 in rows]


def owner_of(election: Election) -> tuple[str, str]:
    """Whose election it is, and by whose clock its times are said."""
    found = session().execute(select(Organization.name, Organization.time_zone).where(Organization.id == election.org_id)).one()
    return found[0], found[1]
