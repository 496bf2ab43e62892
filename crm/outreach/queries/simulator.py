"""What the phone simulator shows: phones that had texts lately, each with its newest."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.outreach.models import SimulatedText
from crm.outreach.queries.phones import sender_of
from crm.people.models import Person, Phone
from crm.people.queries import matches

MOST_PHONES = 12
SHOWN = 12


@dataclass
class SimulatedPhone:
    """One phone on the page."""

    number: str
    name: str = ""
    language: str = "en"
    texts: list[SimulatedText] = field(default_factory=list)


def simulated_phones(actor: Actor, find: str = "", only: str = "") -> list[SimulatedPhone]:
    """The phones texted last by the actor's organization; with `find`, those of people of that name; with `only`, that one."""
    sender = sender_of(actor)
    if sender is None:
        return []
    if only:
        numbers = [only]
    elif find:
        numbers = list(session().scalars(
            select(Phone.e164).join(Person, (Person.org_id == Phone.org_id) & (Person.id == Phone.person_id))
            .where(*matches(actor, find)).order_by(Person.name_folded).limit(MOST_PHONES)))
    else:
        numbers = list(session().scalars(
            select(SimulatedText.phone).where(SimulatedText.number == sender.number).group_by(SimulatedText.phone)
            .order_by(func.max(SimulatedText.at).desc(), SimulatedText.phone).limit(MOST_PHONES)))
    return _filled(actor, {number: SimulatedPhone(number) for number in numbers}, sender.number)


def _filled(actor: Actor, phones: dict[str, SimulatedPhone], number: str | None) -> list[SimulatedPhone]:
    rank = func.row_number().over(partition_by=SimulatedText.phone, order_by=(SimulatedText.at.desc(), SimulatedText.id.desc()))
    newest = select(SimulatedText.id.label("id"), rank.label("rank")).where(
        SimulatedText.number == number, SimulatedText.phone.in_(phones)).subquery()
    for text in session().scalars(
        select(SimulatedText).join(newest, newest.c.id == SimulatedText.id).where(newest.c.rank <= SHOWN)
        .order_by(SimulatedText.at, SimulatedText.id)
    ):
        phones[text.phone].texts.append(text)
    for e164, given, family, language in session().execute(
        select(Phone.e164, Person.given_name, Person.family_name, Person.language)
        .join(Person, (Person.org_id == Phone.org_id) & (Person.id == Phone.person_id))
        .where(Phone.e164.in_(phones)).order_by(Person.id)
    ):
        phone, name = phones[e164], f"{given} {family}".strip()
        phone.name = f"{phone.name}, {name}" if phone.name else name
        phone.language = language
    return list(phones.values())

