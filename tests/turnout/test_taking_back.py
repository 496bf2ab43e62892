"""What one tap in the inbox wrote for an assembly is taken back with one more: the RSVP and the wishes that came with it."""

from sqlalchemy import select

from crm.infra.db import new_id, reading, session, transaction
from crm.outreach.models import Text, Thread
from crm.turnout.models import Rsvp, Support
from tests.factories import MONDAY


def ask(world, hall, number=0):
    """Southbank asked one of its people whether they come; they wrote back: the conversation."""
    org, person = world.orgs["southbank"], world.people["southbank"][number]
    phone = world.phones[person]
    with transaction(org):
        session().add(Text(org_id=org, direction="out", person_id=person, phone=phone, body="Coming?", key=f"ask{new_id()}", purpose="rsvp", state="delivered",
                           subject_kind="assembly", subject_id=hall.id, queued_at=MONDAY, not_before_at=MONDAY))
        thread = Thread(org_id=org, id=new_id(), phone=phone, person_id=person, state="needs_answer", reason="unsure", last_at=MONDAY, last_in_at=MONDAY,
                        last_in_body="quizá sí", facts={})
        session().add(thread)
    return thread.id


def stands(world, hall):
    with reading(world.orgs["southbank"]) as s:
        rsvp = s.scalar(select(Rsvp).where(Rsvp.assembly_id == hall.id))
        return rsvp.state, rsvp.guests, s.scalars(select(Support.kind)).all()


def test_an_answer_and_a_need_are_taken_back(signed_in, world, hall, say, clock):
    say("southbank", 0, "maybe", guests=1)
    clock.move(minutes=1)
    desk, thread = signed_in("omar"), ask(world, hall)
    assert desk.post(f"/inbox/{thread}/outcomes", data={"outcome": "yes", "once": "1"}).status_code == 303
    assert stands(world, hall)[0] == "yes"
    assert desk.post(f"/inbox/{thread}/undoing", data={"once": "2"}).status_code == 303
    assert stands(world, hall) == ("maybe", 1, [])
    clock.move(minutes=1)
    assert desk.post(f"/inbox/{thread}/outcomes", data={"outcome": "support:ride", "once": "3"}).status_code == 303
    assert stands(world, hall)[2] == ["ride"]
    assert desk.post(f"/inbox/{thread}/undoing", data={"once": "4"}).status_code == 303
    assert stands(world, hall)[2] == []


def test_an_opt_out_is_not_taken_back(signed_in, world, hall):
    desk, thread = signed_in("omar"), ask(world, hall)
    desk.post(f"/inbox/{thread}/outcomes", data={"outcome": "opt_out", "once": "1"})
    assert desk.post(f"/inbox/{thread}/undoing", data={"once": "2"}).status_code == 422
