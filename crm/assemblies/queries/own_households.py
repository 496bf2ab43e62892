"""The organization's own people as households for a lot, and what of them stands in lists that were made so."""

import json
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.models import LotInvitation, Recruitment
from crm.assemblies.rules.recruitment import Resident
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.outreach.queries.consent import numbers_that_agreed
from crm.people.models import Person
from crm.people.queries.segments import segment_for, segment_people, segments


def lists_of(actor: Actor) -> list[tuple[int, str]]:
    """Saved lists of people that this actor may invite from; nothing for whoever sees no addresses."""
    return [(one.id, one.name) for one in segments(actor)] if actor.may(Action.SEE_CONTACTS) else []


def residents_of(actor: Actor, list_id: int, now: datetime) -> tuple[str, list[Resident]]:
    """The name of a list (empty for everybody), and its people as far as a lot of households needs them. Two queries besides the list's own."""
    if not actor.may(Action.SEE_CONTACTS):
        raise Missing
    among, name = [], ""
    if list_id:
        among, name = [Person.id.in_(segment_people(actor, list_id, now=now))], segment_for(actor, list_id).name
    phones = numbers_that_agreed(*among)
    rows = session().execute(
        select(Person.id, Person.street, Person.postal_code, Person.city, Person.language, Person.address_kind).where(*among).order_by(Person.id))
    return name, [Resident(row.street, row.postal_code, row.city, row.language, phones.get(row.id, ""), row.address_kind == "home") for row in rows]


def kept_of_own(phones: tuple[str, ...]) -> list[tuple[Recruitment | LotInvitation, str, str]]:
    """What holds one of these numbers in lists made from own people: (row, name of its column, the text without the numbers)."""
    mine = session().scalars(select(Recruitment).where(Recruitment.own.is_not(None), Recruitment.emptied_at.is_(None)).with_for_update()).all()
    invited = session().scalars(select(LotInvitation).where(
        LotInvitation.recruitment_id.in_([row.id for row in mine]), LotInvitation.household_hash.is_not(None)).with_for_update())
    found: list[tuple[Recruitment | LotInvitation, str, str]] = []
    for row, column in [*((row, "households") for row in mine), *((row, "household") for row in invited)]:
        homes = json.loads(getattr(row, column))
        for home in homes if isinstance(homes, list) else [homes]:
            home["phone"] = "" if home["phone"] in phones else home["phone"]
        if (text := json.dumps(homes, ensure_ascii=False)) != getattr(row, column):
            found.append((row, column, text))
    return found
