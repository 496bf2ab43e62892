"""A vote's notices are written in sets: what many seats cost the database, and that each is judged as it would be alone."""

import pytest
from sqlalchemy import func, select

from crm.infra.db import reading, session, transaction
from crm.infra.links import Link
from crm.outreach.models import Text
from crm.outreach.rules.gate import SENTENCES
from crm.ratification.models import Notice
from tests.factories import make_person
from tests.ratification.halls import agree_to_texts, open_vote


def members(world, count):
    """So many more members of Southbank, each with a number that agreed to texts, but every tenth, who agreed to nothing."""
    with transaction(world.orgs["southbank"]):
        numbers = [f"+1{500 + n // 100}55501{n % 100:02d}" for n in range(count)]
        made = [make_person(world.orgs["southbank"], "Voter", f"Number {number}", phone=number) for number in numbers]
        world.phones |= dict(zip(made, numbers, strict=True))
    agree_to_texts(world, "southbank", [person for n, person in enumerate(made) if n % 10])
    return made


@pytest.mark.long
def test_two_hundred_seats_are_told_in_few_questions(app, world, count_queries):
    made = members(world, 200)
    with count_queries() as seen:
        vote = open_vote(world, members={"is_secret": True})
    about = [s for s in seen if any(f" {table}" in s for table in ("texts", "links", "notices", "consent_states"))]
    mine = select(Notice.channel, func.count()).where(Notice.ratification_id == vote, Notice.person_id.in_(made)).group_by(Notice.channel)
    with reading(world.orgs["southbank"]):
        assert dict(session().execute(mine).all()) == {"text": 180, "letter": 20}
    assert len(about) <= 160, len(about)


def test_each_of_a_set_is_judged_as_it_would_be_alone(app, world):
    """Two who share a phone: the first text to it says how to end texts, the second does not. Who agreed to nothing gets none, and no link."""
    org = world.orgs["southbank"]
    with transaction(org):
        ana, ben, silent = (make_person(org, name, "Household", phone=phone)
                            for name, phone in (("Ana", "+16285550131"), ("Ben", "+16285550131"), ("Cleo", "+16285550132")))
    world.phones |= {ana: "+16285550131", ben: "+16285550131", silent: "+16285550132"}
    agree_to_texts(world, "southbank", [ana])
    vote = open_vote(world, members={"is_secret": True})
    with reading(org):
        bodies = dict(session().execute(select(Text.person_id, Text.body).where(Text.person_id.in_((ana, ben, silent)))).all())
        assert set(bodies) == {ana, ben} and sorted("STOP" in body for body in bodies.values()) == [False, True]
        of_silent = select(Notice.channel, Notice.reason, Notice.entry_id).where(Notice.person_id == silent, Notice.ratification_id == vote)
        notice = session().execute(of_silent).one()
        assert notice[:2] == ("letter", SENTENCES["no_consent"])
        live = {link for (link,) in session().execute(select(Link.subject_id).where(Link.purpose == "ballot", Link.revoked_at.is_(None)))}
        assert notice.entry_id not in live and len(live) >= 2
