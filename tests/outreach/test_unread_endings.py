"""Whoever may have asked for no texts gets none of ours until a person has read their reply; answering them stays possible."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from crm.infra.db import session
from crm.outreach import actions, jobs
from crm.outreach.actions import claiming
from crm.outreach.models import Consent, DriveContact, Exclusion, SimulatedText, Text
from crm.outreach.providers import Simulator
from crm.people.models import Phone
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.drives import Stage
from tests.outreach.test_broadcasts import desk, everyone, send, states, write  # noqa: F401 - fixtures
from tests.outreach.test_receive import ana, heard, phones  # noqa: F401 - fixtures

DOUBTFUL = "who gave you my number, get a life"
HELD = "may have asked for no texts"


def refused(as_org):
    with as_org("southbank"):
        return dict(session().execute(select(Text.refusal, func.count()).where(Text.state == "refused").group_by(Text.refusal)).all())


def reached(as_org, phone):
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(SimulatedText).where(SimulatedText.phone == phone, SimulatedText.direction == "to_phone"))


def tap(browser, phones, phone, outcome):  # noqa: F811
    """One of the two buttons that the conversation shows."""
    address = f"/inbox/{phones.thread(phone).id}"
    form = form_of(browser.get(address).text, 'value="no_end"')
    return browser.post(f"{address}/outcomes", data={**form, "outcome": outcome})


def test_a_doubtful_reply_holds_what_is_on_its_way(desk, everyone, phones, as_org, run_jobs, world):  # noqa: F811
    """R5, R8: confirmed and queued; the reply comes before their text leaves, and it does not leave."""
    location = write(desk, everyone).location
    send(desk, location)
    phone = world.phones[world.people["southbank"][3]]
    phones.write(phone, DOUBTFUL)
    assert phones.state(phone) == "given" and phones.thread(phone).reason == "may_end"
    run_jobs()
    assert refused(as_org) == {"may_end": 1} and reached(as_org, phone) == 0
    assert HELD in desk.get(f"{location}/people?state=refused").text


def test_it_holds_what_was_claimed_and_not_called_yet(sending, phones, as_org, acting, world):  # noqa: F811
    """A batch is on its way through the provider when the reply comes: those called later see it."""
    phone = world.phones[world.people["southbank"][3]]
    with acting("southbank") as actor:
        messages, _ = claiming.claim_texts(actor, sending, now=MONDAY)
    phones.write(phone, DOUBTFUL)
    with as_org("southbank"):
        halted = claiming.halted([message.text_id for message in messages])
    assert {message.phone for message in messages if message.text_id in halted} == {phone}


def test_while_a_broadcast_is_sending_nothing_more_leaves(sending, phones, as_org, world, monkeypatch, later, until_looked):  # noqa: F811
    """R8: everybody's text is claimed; the first one to leave is answered by somebody else's doubtful reply, whose own text stays."""
    others = [world.phones[id] for id in reversed(world.people["southbank"])]
    wrote = []

    class OneByOne(Simulator):
        lanes = 1

        def send(self, message):
            if not wrote:
                wrote.append(next(phone for phone in others if phone != message.phone))
                phones.write(wrote[0], DOUBTFUL)
                until_looked()
            return super().send(message)

    monkeypatch.setattr(jobs, "provider", lambda network=OneByOne(): network)
    later(times=2, seconds=1)
    assert reached(as_org, wrote[0]) == 0 and refused(as_org) == {"may_end": 1}
    with as_org("southbank"):
        assert states() == {"delivered": 11, "refused": 1}


def test_the_preview_counts_and_names_them(desk, everyone, phones, as_org, run_jobs, world):  # noqa: F811
    """C6: before anyone confirms; and what was frozen says it afterwards."""
    id = world.people["southbank"][3]
    phones.write(world.phones[id], DOUBTFUL)
    location = write(desk, everyone).location
    page = desk.get(location).text
    assert "Send 11 texts" in page and HELD in page and "/inbox?tab=all&amp;reason=may_end" in page
    assert f"/people/{id}" in desk.get(f"{location}/people?reason=may_end").text
    send(desk, location)
    run_jobs()
    with as_org("southbank"):
        assert session().execute(select(Exclusion.person_id, Exclusion.reason)).all() == [(id, "may_end")]
    assert reached(as_org, world.phones[id]) == 0 and HELD in desk.get(location).text


def test_the_plan_asks_no_more_statements(desk, everyone, phones, count_queries, world):  # noqa: F811
    location = write(desk, everyone).location
    with count_queries() as before:
        desk.get(location)
    for id in world.people["southbank"][:6]:
        phones.write(world.phones[id], DOUBTFUL)
    with count_queries() as after:
        desk.get(location)
    assert len(after) <= len(before)


def test_it_is_of_the_person_not_of_the_number(phones, as_org, acting, everyone, world):  # noqa: F811
    """R7: what they wrote from one phone holds their other one."""
    id = world.people["southbank"][3]
    with acting("southbank") as actor:
        session().add(Phone(org_id=actor.org_id, person_id=id, e164="+14155550777", is_preferred=False, is_textable=True))
        session().flush()
        actions.import_consents(actor, [(id, "+14155550777")], wording="x", evidence="y", now=MONDAY)
    phones.write("+14155550777", DOUBTFUL)
    with acting("southbank") as actor:
        said = actions.queue_text(actor, id, {"en": "Hello"}, purpose="organizing", key="k", now=MONDAY)
        direct = actions.queue_to_phone(actor, world.phones[id], "Hello", purpose="organizing", key="l", now=MONDAY, person_id=id)
    assert not isinstance(said, int) and not isinstance(direct, int)
    assert "They may have asked for no texts" in str(direct.reasons[0].text)


def test_reading_it_lets_texts_go_again_and_the_tap_can_be_taken_back(desk, everyone, phones, as_org, run_jobs, world):  # noqa: F811
    phone = world.phones[world.people["southbank"][3]]
    phones.write(phone, DOUBTFUL)
    address = f"/inbox/{phones.thread(phone).id}"
    page = unescape(desk.get(address).text)
    assert "Our texts to" in page and f"“{DOUBTFUL}”" in page
    assert tap(desk, phones, phone, "no_end").status_code == 303
    assert phones.thread(phone).may_end_since is None and phones.thread(phone).state == "needs_answer"
    assert "Our texts to" not in desk.get(address).text
    desk.post(f"{address}/undoing", data=form_of(desk.get(address).text, "/undoing"))
    assert phones.thread(phone).may_end_since is not None
    tap(desk, phones, phone, "no_end")
    send(desk, write(desk, everyone).location)
    run_jobs()
    assert reached(as_org, phone) == 1 and refused(as_org) == {}


def test_they_mean_it(desk, everyone, phones, as_org, run_jobs, world):  # noqa: F811
    """R5: one tap opts out, with the reply itself as evidence, whatever they wrote after it."""
    phone = world.phones[world.people["southbank"][3]]
    text_id = phones.write(phone, DOUBTFUL)
    phones.write(phone, "and another thing, who runs the meeting?")
    assert tap(desk, phones, phone, "opt_out").status_code == 303
    assert phones.state(phone) == "revoked" and phones.thread(phone).may_end_since is None
    with as_org("southbank"):
        line = session().scalar(select(Consent).where(Consent.phone == phone, Consent.kind == "revoked"))
        assert (line.source, line.said, line.evidence, line.collector) == ("text", DOUBTFUL, f"text {text_id}", "Imani")
    send(desk, write(desk, everyone).location)
    run_jobs()
    assert reached(as_org, phone) == 0


@pytest.mark.parametrize("after", ["thanks", "yes", "what time is it?", "I'm running late", "Ana"])
def test_a_harmless_text_does_not_clear_it(phones, ana, heard, after):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    since = phones.thread(ana[1]).may_end_since
    assert since == MONDAY
    phones.write(ana[1], after, at=MONDAY + timedelta(minutes=5))
    assert (phones.thread(ana[1]).may_end_since, phones.thread(ana[1]).state, phones.thread(ana[1]).reason) == (since, "needs_answer", "may_end")


@pytest.mark.parametrize(("body", "state"), [("START", "given"), ("STOP", "revoked")])
def test_their_own_plain_word_settles_it(phones, ana, heard, body, state):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    phones.write(ana[1], body)
    assert (phones.thread(ana[1]).may_end_since, phones.state(ana[1])) == (None, state)


def test_a_start_that_is_denied_starts_nothing(phones, ana, heard):  # noqa: F811
    """R10: only START or words for it begin texts again."""
    phones.write(ana[1], "STOP")
    phones.write(ana[1], "don't you start texting me again")
    assert phones.state(ana[1]) == "revoked" and phones.sent(ana[1], "start_answer") == []


def test_an_answer_in_the_middle_of_a_conversation_is_held_too(phones, as_org):  # noqa: F811
    """The answer to a question of ours is taken as that, and waits for a person besides."""
    phones.write("+14155550901", "JOIN")
    phones.write("+14155550901", "nobody, lose my number you creeps wtf")
    assert phones.thread("+14155550901").may_end_since is not None or phones.state("+14155550901") == "revoked"


@pytest.mark.parametrize("press", ["answers", "closing", "outcomes"])
def test_whoever_deals_with_it_has_read_it(desk, phones, ana, heard, press):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    address = f"/inbox/{phones.thread(ana[1]).id}"
    page = desk.get(address).text
    data = {"answers": {**form_of(page, "/answers"), "body": "What do you mean?"}, "closing": form_of(page, "/closing"), "outcomes": {"outcome": "yes"}}
    assert desk.post(f"{address}/{press}", data=data[press]).status_code == 303
    assert phones.thread(ana[1]).may_end_since is None
    if press == "answers":
        assert [text.state for text in phones.sent(ana[1], "reply")] == ["queued"]


@pytest.mark.parametrize("press", ["snooze", "assignment"])
def test_putting_it_off_is_not_reading_it(desk, phones, ana, heard, world, press):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    data = {"snooze": {"until": "week"}, "assignment": {"account_id": world.accounts["imani"]}}
    assert desk.post(f"/inbox/{phones.thread(ana[1]).id}/{press}", data=data[press]).status_code == 303
    assert phones.thread(ana[1]).may_end_since is not None


def test_those_who_may_only_read_clear_nothing(signed_in, phones, ana, heard):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    address = f"/inbox/{phones.thread(ana[1]).id}/outcomes"
    assert signed_in("rita").post(address, data={"outcome": "no_end"}).status_code == 403
    assert signed_in("stranger").post(address, data={"outcome": "no_end"}).status_code == 404
    assert phones.thread(ana[1]).may_end_since is not None


def test_a_drive_passes_them_over_and_a_volunteer_may_read(app, world, signed_in, phones, run_jobs):  # noqa: F811
    stage = Stage(app, world.orgs["southbank"], signed_in("omar"), world.people["southbank"])
    stage.agree(stage.everyone)
    stage.set_up()
    volunteer = stage.phone("Sofía")
    first, later, *_ = volunteer.take()
    number = {one.id: one.phone for one in stage.contacts()}
    phones.write(number[later], DOUBTFUL)
    volunteer.press(f"/people/{later}/text")
    held, = stage.contacts(DriveContact.id == later)
    assert (held.state, held.refusal) == ("refused", "may_end")
    volunteer.press(f"/people/{first}/text")
    run_jobs()
    phones.write(number[first], DOUBTFUL)
    assert phones.thread(number[first]).reason == "volunteer"
    assert "This reply may ask for no more texts." in volunteer.look(f"/people/{first}")
    volunteer.press(f"/people/{first}/outcomes", outcome="no_end")
    assert (phones.thread(number[first]).may_end_since, phones.thread(number[first]).state) == (None, "needs_answer")
    assert "This reply may ask for no more texts." not in volunteer.look(f"/people/{first}")


def test_a_drive_leaves_them_out_from_the_beginning(app, world, signed_in, phones):  # noqa: F811
    stage = Stage(app, world.orgs["southbank"], signed_in("omar"), world.people["southbank"])
    stage.agree(stage.everyone)
    phones.write(world.phones[world.people["southbank"][3]], DOUBTFUL)
    id = stage.set_up()
    assert (stage.drive().contact_count, stage.drive().left_out) == (11, {"may_end": 1})
    assert HELD in stage.desk.get(f"/drives/{id}").text
