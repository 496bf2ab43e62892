"""An assembly convened by Southbank with Mill and Arroyo as partners, twelve days away."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest

from crm.assemblies.models import Assembly, AssemblyPartner, AssemblySession
from crm.infra.db import new_id, session, transaction
from crm.turnout import actions
from crm.turnout.queries import door_links
from crm.turnout.rules import Answer
from tests.factories import MONDAY


@dataclass(frozen=True)
class Hall:
    """The assembly, its morning session, and the session of another assembly."""

    id: int
    session_id: int
    other_session_id: int
    starts_at: datetime


def make_assembly(
    org_id, partners, *, day=date(2026, 12, 5), state="announced", goal=300, title="People's Housing Assembly"
):
    """An assembly with one session at ten in the morning in Los Angeles."""
    facts = {"announced_at": MONDAY} if state == "announced" else {"finished_at": MONDAY}
    assembly = Assembly(
        id=new_id(),
        org_id=org_id,
        title={"en": title, "es": "Asamblea por la Vivienda"},
        question={"en": "What do we want?"},
        kind="A2",
        time_zone="America/Los_Angeles",
        day=day,
        goal=goal,
        state=state,
        slug=f"a-{new_id()}",
        **facts,
    )
    session().add(assembly)
    session().flush()
    for number, partner_id in enumerate(partners):
        session().add(
            AssemblyPartner(
                org_id=org_id,
                assembly_id=assembly.id,
                partner_id=partner_id,
                state="accepted",
                role="partner" if number else "convener",
                answered_at=MONDAY,
            )
        )
    starts = datetime.combine(day, time(18), UTC)
    sitting = AssemblySession(
        id=new_id(),
        org_id=org_id,
        assembly_id=assembly.id,
        title={"en": "The day", "es": "El día"},
        day=day,
        starts=time(10),
        ends=time(14),
        starts_at=starts,
        ends_at=starts.replace(hour=22),
        place="Carver Street Hall",
        address="40 Carver Street",
    )
    session().add(sitting)
    session().flush()
    return assembly.id, sitting.id, starts


@pytest.fixture
def hall(world):
    with transaction(world.orgs["southbank"]):
        partners = [world.orgs[name] for name in ("southbank", "mill", "arroyo")]
        _other, other_session, _at = make_assembly(world.orgs["southbank"], partners, title="Another one")
        id, session_id, starts = make_assembly(world.orgs["southbank"], partners)
    return Hall(id, session_id, other_session, starts)


@pytest.fixture
def say(acting, world, hall, clock):
    """say("mill", 3, "yes", guests=2): person number 3 of Mill answers; returns the id of the RSVP."""

    def speak(org, number, word, *, guests=None, source="staff", assembly_id=None, **supports):
        with acting(org) as actor:
            rsvp = actions.record_answer(
                actor,
                assembly_id or hall.id,
                world.people[org][number],
                Answer(word, guests, supports),
                source=source,
                now=clock.now,
            )
            return rsvp.id

    return speak


@pytest.fixture
def door(acting, hall, clock):
    """door(hours=24) → the address of a fresh door link of the assembly's session."""

    def make(hours=24, session_id=None, org="southbank"):
        with acting(org) as actor:
            door_id = actions.open_door(
                actor, hall.id, session_id or hall.session_id, name="Main", hours=hours, now=clock.now
            )
        with acting(org) as actor:
            address = next(url for one, url in door_links(actor, hall.id, clock.now) if one.id == door_id)
        return address.removeprefix("http://localhost"), door_id

    return make
