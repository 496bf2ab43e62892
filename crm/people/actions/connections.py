"""Who lives together, and how two people stand to each other; what is said of one is said of both."""

from datetime import datetime

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Conflict, Missing, Reason, Refused
from crm.people.models import Household, Person, Relationship
from crm.people.queries import household_of, person_for, relationship_for
from crm.people.rules import relationships, versions

THE_SAME = N_("Choose somebody else: this is the same person.")
UNKNOWN = N_("Choose how they stand to each other.")
TOGETHER = "together"


def connect(actor: Actor, person_id: int, kind: str, other_id: int | None, *, now: datetime) -> int:
    """Says how two people stand to each other; "together" puts both in one household."""
    wrong = []
    if other_id is None:
        wrong.append(Reason(N_("Choose a person."), field="other"))
    elif other_id == person_id:
        wrong.append(Reason(THE_SAME, field="other"))
    if kind != TOGETHER and kind not in relationships.KINDS:
        wrong.append(Reason(UNKNOWN, field="kind"))
    if wrong:
        raise Refused(wrong)
    act = live_together if kind == TOGETHER else lambda *people, now: relate(actor, people[1], kind, people[2], now=now)
    return act(actor, person_id, other_id, now=now)


def _both(actor: Actor, person_id: int, other_id: int) -> tuple[Person, Person]:
    """Both people, locked in the order of their ids so that two editors never wait for each other."""
    found = {id: person_for(actor, id, lock=True) for id in sorted((person_id, other_id))}
    return found[person_id], found[other_id]


def live_together(actor: Actor, person_id: int, other_id: int, *, now: datetime) -> int:
    """Puts a person in the household of another; both leave nothing behind but a household of others."""
    person, other = _both(actor, person_id, other_id)
    if person.household_id is not None and person.household_id == other.household_id:
        return person.id
    if other.household_id is None:
        home = Household(id=new_id(), org_id=actor.org_id, name="", created_at=now)
        session().add(home)
        session().flush()
        other.household_id = home.id
    former, person.household_id = person.household_id, other.household_id
    session().flush()
    _dissolve(former)
    for one, whom in ((person, other), (other, person)):
        audit.record(actor, "household.joined", now=now, person_id=one.id, after={"other_id": whom.id})
    session().flush()
    return person.id


def leave_household(actor: Actor, person_id: int, *, now: datetime) -> int:
    """Takes a person out of the household; one person alone is no household."""
    person = person_for(actor, person_id, lock=True)
    if person.household_id is not None:
        former, person.household_id = person.household_id, None
        session().flush()
        _dissolve(former)
        audit.record(actor, "household.left", now=now, person_id=person.id)
        session().flush()
    return person.id


def _dissolve(household_id: int | None) -> None:
    if household_id is None:
        return
    left = session().scalars(select(Person).where(Person.household_id == household_id).limit(2)).all()
    if len(left) < 2:
        for person in left:
            person.household_id = None
        session().flush()
        session().delete(session().scalars(select(Household).where(Household.id == household_id)).one())
        session().flush()


def name_household(actor: Actor, person_id: int, name: str, seen: str, *, now: datetime) -> int:
    """Gives the household a name; `seen` is the mark of the name that stood there when the change began."""
    person = person_for(actor, person_id)
    home = household_of(actor, person)
    if home is None:
        raise Missing
    name = " ".join(name.split())[:200]
    if name != home.name:
        if seen != versions.mark(home.name):
            raise Conflict(mine=name, theirs=home.name)
        home.name = name
        audit.record(actor, "household.named", now=now, person_id=person.id, after={"name": name})
        session().flush()
    return person.id


def relate(actor: Actor, person_id: int, kind: str, other_id: int, *, now: datetime) -> int:
    """Writes down that a person is the parent, neighbor, interpreter … of another; said twice, it stands once."""
    person, other = _both(actor, person_id, other_id)
    first, kept, second = relationships.as_kept(person.id, kind, other.id)
    same = select(func.count()).select_from(Relationship)
    if session().scalar(same.where(Relationship.person_id == first, Relationship.other_id == second, Relationship.kind == kept)):
        return person.id
    session().add(Relationship(id=new_id(), org_id=actor.org_id, person_id=first, other_id=second, kind=kept, created_at=now))
    _tell(actor, "relationship.added", person.id, kind, other.id, now)
    return person.id


def unrelate(actor: Actor, person_id: int, relationship_id: int, *, now: datetime) -> int:
    """Takes a relationship back, from the page of either."""
    row = relationship_for(actor, relationship_id, lock=True)
    if person_id not in (row.person_id, row.other_id):
        raise Missing
    kind, other_id = relationships.as_said(person_id, (row.person_id, row.kind, row.other_id))
    session().delete(row)
    _tell(actor, "relationship.removed", person_id, kind, other_id, now)
    return person_id


def _tell(actor: Actor, verb: str, person_id: int, kind: str, other_id: int, now: datetime) -> None:
    for one, said, whom in ((person_id, kind, other_id), (other_id, relationships.KINDS[kind][1], person_id)):
        audit.record(actor, verb, now=now, person_id=one, after={"kind": said, "other_id": whom})
    session().flush()
