"""Asking people by a link of their own whether they live in a place, and what they answer on their page."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import get_locale
from sqlalchemy import Select, exists, select

from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.links import issue_link_rows, revoke_links
from crm.kernel.numbers import read_id
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.organizations.queries import organization_of
from crm.outreach.queries.subjects import Subject
from crm.people.models import Person
from crm.people.queries import person_for, segment_people, segments
from crm.ratification.actions.residents import day_of, write_words
from crm.ratification.models import Residence
from crm.ratification.queries.residents import own_residence, place_for
from crm.ratification.rules.residents import ASKING, LINK_LIFE

PURPOSE, LIST = "residence", "list-"


def ask_residence(actor: Actor, place_id: int, person_id: int, *, now: datetime) -> int:
    """A fresh link for one person, to be sent or printed; the one before ends. Returns its id."""
    place, person = place_for(actor, place_id), person_for(actor, person_id)
    there = session().scalar(
        select(Residence.id).where(Residence.place_id == place.id, Residence.org_id == actor.org_id, Residence.person_id == person.id))
    if there is not None:
        revoke_links(actor.org_id, PURPOSE, there, now=now)
    audit.record(actor, "residence.asked", now=now, person_id=person.id, subject=("residence_place", place.id))
    return _links(actor, place.id, [person.id], now)[person.id]


def declare_by_link(actor: Actor, language: str, *, now: datetime) -> int:
    """The holder of a link declares, in the words of that language. Said again it is what it was; a challenge is not undone by it."""
    found, place, _person = own_residence(actor, lock=True)
    if found.state == "challenged":
        raise Refused(Reason(N_("Your declaration was challenged. Talk to your organization: it can accept it.")))
    if found.state == "asked":
        write_words(found, place, language, day_of(now, organization_of(actor).time_zone))
        found.state = "declared"
        audit.record(actor, "residence.declared_by_link", now=now, person_id=found.person_id, subject=("residence_place", place.id))
        session().flush()
    return found.id


def take_back_by_link(actor: Actor, *, now: datetime) -> int:
    """The holder of a link takes the declaration back: words and day of it go, and a challenge stays."""
    found, place, _person = own_residence(actor, lock=True)
    if found.state in ("declared", "accepted"):
        found.state, found.wording = "asked", ""
        audit.record(actor, "residence.withdrawn_by_link", now=now, person_id=found.person_id, subject=("residence_place", place.id))
        session().flush()
    return found.id


# A text to many about a place ------------------------------------------------------------------------------------


def _name(actor: Actor, place_id: int) -> str:
    return in_language(place_for(actor, place_id).name, str(get_locale() or "en"))


def _audiences(actor: Actor, place_id: int) -> Mapping[str, str]:
    """The saved lists."""
    place_for(actor, place_id)
    return {f"{LIST}{segment.id}": segment.name for segment in segments(actor)}


def _people(actor: Actor, place_id: int, name: str, now: datetime) -> Select:
    """Those of the list who have not declared it: nobody is asked what they have said."""
    place_for(actor, place_id)
    number = read_id(name.removeprefix(LIST)) if name.startswith(LIST) else None
    if number is None:
        raise Missing
    said = exists().where(Residence.org_id == Person.org_id, Residence.person_id == Person.id, Residence.place_id == place_id, Residence.state != "asked")
    return segment_people(actor, number, now=now).where(~said)


def _bodies(actor: Actor, place_id: int, name: str) -> Mapping[str, str]:
    place = place_for(actor, place_id)
    return {tag: words.replace("{place}", in_language(place.name, tag).replace("{", "(").replace("}", ")")) for tag, words in ASKING.items()}


def _links(actor: Actor, place_id: int, person_ids: list[int], now: datetime) -> dict[int, int]:
    """A link for each of these people; whoever was not asked before is now."""
    mine = Residence.place_id == place_id, Residence.org_id == actor.org_id, Residence.person_id.in_(person_ids)
    there = dict(session().execute(select(Residence.person_id, Residence.id).where(*mine)).all())
    today = day_of(now, organization_of(actor).time_zone)
    for person_id in person_ids:
        if person_id not in there:
            row = Residence(id=new_id(), org_id=actor.org_id, place_id=place_id, person_id=person_id, wording="", declared_on=today, state="asked")
            session().add(row)
            there[person_id] = row.id
    session().flush()
    made = issue_link_rows([
        {"org_id": actor.org_id, "purpose": PURPOSE, "subject_id": there[person_id], "expires_at": now + LINK_LIFE, "created_at": now, "partner_id": None}
        for person_id in person_ids])
    return dict(zip(person_ids, made, strict=True))


SUBJECT = Subject(name=_name, audiences=_audiences, people=_people, bodies=_bodies, links=_links)
