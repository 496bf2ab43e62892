"""How many texts a person gets in a day, and that a no on one of their numbers is a no on all: also when many workers claim at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import close_session, session, transaction
from crm.outreach import actions
from crm.outreach.actions.claiming import claim_texts
from crm.outreach.models import Text
from crm.people.models import Phone
from tests.factories import MONDAY


def test_the_daily_cap_holds_in_a_race(acting, as_org, world, app):
    """R15, C7: fifty workers at once, one person with two numbers and sixty texts: two leave, the rest are refused."""
    person = world.people["southbank"][0]
    org, phones = world.orgs["southbank"], (world.phones[person], "+14155550188")
    with acting("southbank") as actor:
        session().add(Phone(org_id=org, person_id=person, e164=phones[1], is_preferred=False, created_at=MONDAY))
        actions.ensure_sender(actor, now=MONDAY)
        for phone in phones:
            actions.give_consent(actor, phone, source="paper", wording="x", evidence="y", now=MONDAY)
        for n in range(60):
            actions.queue_to_phone(actor, phones[n % 2], f"Text {n}", purpose="thanks", key=f"k{n}", now=MONDAY, person_id=person)

    def work(n):
        with app.app_context():
            try:
                with transaction(org):
                    return len(claim_texts(Actor.system(org), None, now=MONDAY + timedelta(seconds=n), limit=1 + n % 5)[0])
            finally:
                close_session()

    with ThreadPoolExecutor(50) as pool:
        left = sum(pool.map(work, range(50)))
    with as_org("southbank"):
        counts = dict(session().execute(select(Text.state, func.count()).group_by(Text.state)).all())
    assert (left, counts.get("claimed")) == (2, 2), counts
    assert counts.get("refused", 0) + counts.get("queued", 0) == 58 and counts["refused"] > 40


def test_a_stop_on_one_number_ends_the_other(acting, world):
    """R7, R8: they meant us, not the number; a text to their other number that is queued already is refused at claim."""
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        session().add(Phone(org_id=actor.org_id, person_id=person, e164="+14155550188", is_preferred=False, created_at=MONDAY))
        actions.ensure_sender(actor, now=MONDAY)
        for phone in (world.phones[person], "+14155550188"):
            actions.give_consent(actor, phone, source="paper", wording="x", evidence="y", now=MONDAY)
        text = actions.queue_text(actor, person, {"en": "Hi"}, purpose="thanks", key="k", now=MONDAY)
        actions.revoke_consent(actor, "+14155550188", source="text", said="STOP", now=MONDAY)
        assert claim_texts(actor, None, now=MONDAY)[0] == []
        assert (session().get(Text, (actor.org_id, text)).state, session().get(Text, (actor.org_id, text)).refusal) == ("refused", "opted_out")


def test_a_number_that_is_somebody_else_s_says_nothing_of_them(acting, world):
    """R7: a wrong number that opted out holds back nobody who once was thought to have it."""
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        session().add(Phone(org_id=actor.org_id, person_id=person, e164="+14155550188", is_preferred=False, is_wrong=True, created_at=MONDAY))
        actions.ensure_sender(actor, now=MONDAY)
        actions.give_consent(actor, world.phones[person], source="paper", wording="x", evidence="y", now=MONDAY)
        actions.revoke_consent(actor, "+14155550188", source="text", said="STOP", now=MONDAY)
        assert isinstance(actions.queue_text(actor, person, {"en": "Hi"}, purpose="thanks", key="k", now=MONDAY), int)
        assert len(claim_texts(actor, None, now=MONDAY)[0]) == 1
