"""Places whose residents may be asked, and the declarations of the actor's own people."""

from datetime import date

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.people.models import Person
from crm.ratification.models import Electorate, Ratification, Residence, ResidencePlace
from crm.ratification.rules.residents import STATES


def places_of(actor: Actor, *, owned: bool = False) -> list[ResidencePlace]:
    """Places of the actor's organization and its coalitions, or its own alone."""
    query = select(ResidencePlace).order_by(ResidencePlace.created_at.desc(), ResidencePlace.id.desc()).limit(50)
    return list(session().scalars(query.where(ResidencePlace.org_id == actor.org_id) if owned else query))


def place_for(actor: Actor, place_id: int, *, owned: bool = False) -> ResidencePlace:
    """A place that the actor may see, or own."""
    place = session().scalar(select(ResidencePlace).where(ResidencePlace.id == place_id))
    if place is None or owned and place.org_id != actor.org_id:
        raise Missing()
    return place


def declared(actor: Actor, place: ResidencePlace, most: int = 100) -> tuple[dict[str, int], list[tuple[Residence, Person]]]:
    """How many of the actor's own people stand in each state, and the declarations: first those at which nobody has looked, then the latest."""
    mine = (Residence.place_id == place.id, Residence.org_id == actor.org_id)
    counts = {state: n for state, n in session().execute(select(Residence.state, func.count()).where(*mine).group_by(Residence.state))}  # noqa: C416 - rows
    joined = select(Residence, Person).join(Person, (Person.org_id == Residence.org_id) & (Person.id == Residence.person_id))
    order = (Residence.state == "declared").desc(), Residence.created_at.desc(), Residence.id.desc()
    rows = session().execute(joined.where(*mine, Residence.state != "asked").order_by(*order).limit(most)).all()
    return dict.fromkeys(STATES, 0) | counts, [(residence, person) for residence, person in rows]


def residence_for(actor: Actor, place_id: int, residence_id: int) -> Residence:
    """A declaration of one of the actor's own people."""
    mine = (Residence.id == residence_id, Residence.org_id == actor.org_id, Residence.place_id == place_id)
    found = session().scalar(select(Residence).where(*mine).with_for_update())
    if found is None:
        raise Missing()
    return found


def own_residence(actor: Actor, lock: bool = False) -> tuple[Residence, ResidencePlace, Person]:
    """What the holder of a link was asked: where, and what they have answered."""
    wanted = select(Residence).where(Residence.id == actor.link.subject_id, Residence.org_id == actor.org_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise Missing()
    return found, place_for(actor, found.place_id), session().get_one(Person, (found.org_id, found.person_id))


def keeping_of(place_id: int) -> tuple[list[date | None], int]:
    """When each vote that asks for a place was closed, None for one that is not, and for how many days declarations are kept after it.

    A draft asks for nothing yet. An organization that has left the coalition sees neither place nor votes.
    """
    votes = select(Ratification.closed_at).join(Electorate, Electorate.ratification_id == Ratification.id).where(
        Electorate.place_id == place_id, Ratification.state != "draft")
    days = session().scalar(select(ResidencePlace.keep_days).where(ResidencePlace.id == place_id))
    return [at.date() if at else None for at in session().scalars(votes)], days or 0
