"""A text comes in: opt-outs at once, help, start, answers handed to the room that asked, the rest to a person."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import new_id, reading, session, transaction
from crm.kernel.refusal import Reason
from crm.outreach.actions.consent import give_consent
from crm.outreach.actions.receive import receive_text
from crm.outreach.actions.replies import HANDLERS
from crm.outreach.models import Consent, ConsentState, Text, Thread
from crm.outreach.providers import Inbound
from crm.people.models import Phone
from tests.factories import MONDAY, make_person

STRANGER = "+14155550999"


@pytest.fixture
def heard(monkeypatch):
    """What the room that asked was told; it answers with a word of thanks."""
    told = []

    def handler(actor, person_id, subject_id, reading, *, now):
        told.append((person_id, subject_id, reading.intent, reading.guests, dict(reading.supports)))
        return Reason("Thank you.")

    monkeypatch.setitem(HANDLERS, "assembly", handler)
    return told


class Phones:
    """The phones of one organization's people, and what its texts say."""

    def __init__(self, app, world, slug="southbank"):
        self.app, self.org_id, self.people = app, world.orgs[slug], world.people[slug]

    def number(self, person_id):
        with reading(self.org_id):
            return session().scalar(select(Phone.e164).where(Phone.person_id == person_id))

    def consent(self, phone):
        with transaction(self.org_id):
            give_consent(Actor.system(self.org_id), phone, source="paper", wording="x", evidence="y", now=MONDAY)

    def ask(self, phone, person_id=None, at=MONDAY, language="en"):
        with transaction(self.org_id):
            session().add(Text(
                org_id=self.org_id, direction="out", person_id=person_id, phone=phone, body="Are you coming?", key=f"ask{new_id()}",
                purpose="rsvp", subject_kind="assembly", subject_id=77, state="delivered", queued_at=at, not_before_at=at, language=language,
            ))

    def write(self, phone, body, at=MONDAY, sid=None):
        with self.app.app_context(), transaction(self.org_id):
            return receive_text(Inbound(self.org_id, None, sid or f"SM{new_id()}", phone, "+15105550100", body), now=at)

    def thread(self, phone):
        with reading(self.org_id):
            found = session().scalar(select(Thread).where(Thread.phone == phone))
            session().expunge_all()
            return found

    def sent(self, phone, purpose=None):
        with reading(self.org_id):
            found = select(Text).where(Text.phone == phone, Text.direction == "out", Text.purpose.in_(
                [purpose] if purpose else ["answer", "reply", "stop_answer", "help_answer", "start_answer"])).order_by(Text.id)
            texts = list(session().scalars(found))
            session().expunge_all()
            return texts

    def state(self, phone):
        with reading(self.org_id):
            return session().scalar(select(ConsentState.state).where(ConsentState.phone == phone))


@pytest.fixture
def phones(app, world):
    return Phones(app, world)


@pytest.fixture
def ana(phones):
    """A person who agreed to texts and was asked about an assembly: (id, phone)."""
    phone = phones.number(phones.people[0])
    phones.consent(phone)
    phones.ask(phone, phones.people[0])
    return phones.people[0], phone


@pytest.mark.parametrize("body", ["stop", "STOP PLEASE", "please stop texting me", "ya no me manden mensajes", "quítenme", "baja"])
def test_an_opt_out_in_any_wording_ends_texts_in_the_same_transaction(phones, ana, heard, body):
    """C2, C3, C4: the ledger says revoked when the webhook returns, and one text confirms it."""
    phones.write(ana[1], body)
    assert phones.state(ana[1]) == "revoked"
    assert heard == []
    answer, = phones.sent(ana[1])
    assert answer.purpose == "stop_answer" and "START" in answer.body
    assert phones.thread(ana[1]).state == "done"


def test_two_stops_get_one_confirmation(phones, ana):
    """C12: at most one."""
    phones.write(ana[1], "stop")
    phones.write(ana[1], "STOP", at=MONDAY + timedelta(minutes=1))
    assert len(phones.sent(ana[1])) == 1


def test_the_same_text_twice_is_one(phones, ana, heard):
    """R24: deduplicated on the provider's id."""
    first = phones.write(ana[1], "yes", sid="SMsame")
    assert phones.write(ana[1], "yes", sid="SMsame") == first
    assert len(heard) == 1 and len(phones.sent(ana[1])) == 1


def test_an_opt_out_in_doubt_ends_texts_and_calls_a_person(phones, ana):
    """R5: when in doubt, suppress."""
    phones.write(ana[1], "can you make them stop")
    assert phones.state(ana[1]) == "revoked"
    assert (phones.thread(ana[1]).state, phones.thread(ana[1]).reason) == ("needs_answer", "stop_in_doubt")


@pytest.mark.parametrize("body", ["no", "No gracias", "no puedo", "I'll stop by later", "Stop the evictions"])
def test_a_no_is_never_a_stop(phones, ana, heard, body):
    phones.write(ana[1], body)
    assert phones.state(ana[1]) == "given"


def test_yes_with_guests_and_supports_reaches_the_room_that_asked(phones, ana, heard):
    phones.write(ana[1], "Sí, somos 3 y necesito cuidado de niños para 2")
    assert heard == [(ana[0], 77, "yes", 2, {"childcare": 2})]
    answer, = phones.sent(ana[1], "answer")
    assert (answer.body, answer.subject_id) == ("Thank you.", 77)
    assert phones.thread(ana[1]).state == "done"


def test_yes_is_never_consent(phones, ana, heard):
    """R10: a YES after STOP is an answer; texts stay off and a person is told."""
    phones.write(ana[1], "stop")
    phones.write(ana[1], "YES", at=MONDAY + timedelta(minutes=2))
    assert heard[-1][2] == "yes" and phones.state(ana[1]) == "revoked"
    assert phones.thread(ana[1]).reason == "wrote_after_stop"
    with reading(phones.org_id):
        assert session().scalar(select(func.count()).select_from(Consent).where(Consent.kind == "given")) == 1


def test_start_brings_texts_back_only_where_consent_had_existed(phones, ana):
    phones.write(ana[1], "stop")
    phones.write(ana[1], "START", at=MONDAY + timedelta(minutes=1))
    assert phones.state(ana[1]) == "given" and phones.sent(ana[1])[-1].purpose == "start_answer"
    never = phones.number(phones.people[1])
    phones.write(never, "start")
    assert phones.state(never) is None and phones.thread(never).reason == "start_without_consent"


@pytest.mark.parametrize(("body", "says"), [("HELP", "Text STOP"), ("ayuda", "STOP")])
def test_help_is_answered_even_after_an_opt_out(phones, ana, body, says):
    """R11."""
    phones.write(ana[1], "stop")
    phones.write(ana[1], body, at=MONDAY + timedelta(minutes=1))
    assert phones.sent(ana[1])[-1].purpose == "help_answer" and says in phones.sent(ana[1])[-1].body
    assert "Southbank Tenants Union" in phones.sent(ana[1])[-1].body


def test_what_is_not_understood_goes_to_a_person(phones, ana, heard):
    phones.write(ana[1], "who is this?")
    thread = phones.thread(ana[1])
    assert (thread.state, thread.reason, thread.person_id) == ("needs_answer", "question", ana[0])
    assert heard == [] and phones.sent(ana[1]) == []


def test_a_yes_with_a_question_is_both(phones, ana, heard):
    phones.write(ana[1], "Sí voy con los niños, son dos, 4 y 7. ¿A qué hora termina?")
    assert heard[0][2:4] == ("yes", 2)
    assert phones.thread(ana[1]).state == "needs_answer"


def test_a_later_yes_does_not_hide_an_unanswered_question(phones, ana, heard):
    phones.write(ana[1], "where is it?")
    phones.write(ana[1], "yes", at=MONDAY + timedelta(minutes=1))
    thread = phones.thread(ana[1])
    assert heard and (thread.state, thread.last_in_body) == ("needs_answer", "where is it?")


def test_an_answer_to_nothing_goes_to_a_person(phones, heard):
    phone = phones.number(phones.people[2])
    phones.write(phone, "yes")
    assert heard == [] and phones.thread(phone).reason == "nothing_asked"


def test_an_unknown_number_opens_a_conversation_without_a_person(phones):
    phones.write(STRANGER, "hello, is this the tenants union?")
    thread = phones.thread(STRANGER)
    assert (thread.person_id, thread.state, thread.reason) == (None, "needs_answer", "unknown")


def test_people_who_share_a_phone_are_asked_who_answers(phones, ana, heard):
    """Invariant 4: a reply is matched to the right one by asking."""
    with transaction(phones.org_id):
        luis = make_person(phones.org_id, "Luis", "Quintero", phone=ana[1])
    phones.ask("+10000000000")
    with transaction(phones.org_id):
        for text in session().scalars(select(Text).where(Text.phone == ana[1])):
            text.person_id = None
    phones.write(ana[1], "yes, and I need a ride")
    assert heard == [] and "Ana or Luis" in phones.sent(ana[1])[-1].body
    phones.write(ana[1], "luis", at=MONDAY + timedelta(minutes=1))
    assert heard == [(luis, 77, "yes", None, {"ride": 1})]


def test_both_of_us_answers_for_everyone_on_the_phone(phones, ana, heard):
    with transaction(phones.org_id):
        luis = make_person(phones.org_id, "Luis", "Quintero", phone=ana[1])
        for text in session().scalars(select(Text).where(Text.phone == ana[1])):
            text.person_id = None
    phones.write(ana[1], "Yes, both of us")
    assert [(who, guests) for who, _, _, guests, _ in heard] == [(ana[0], None), (luis, None)]


def test_two_machines_do_not_talk_all_night(phones, ana, heard):
    """14107: at most three automatic answers an hour."""
    for minute in range(8):
        phones.write(ana[1], "yes", at=MONDAY + timedelta(minutes=minute))
    assert len(phones.sent(ana[1])) == 3
    assert phones.thread(ana[1]).reason == "loop"


def test_a_text_in_is_on_the_timeline(phones, ana, heard):
    phones.write(ana[1], "no puedo")
    with reading(phones.org_id):
        event = session().scalar(select(Event).where(Event.verb == "text.received"))
        assert (event.person_id, event.after["body"]) == (ana[0], "no puedo")


def test_another_organization_sees_nothing_of_it(phones, ana, heard, app, world):
    """T6: the same phone in two organizations is two conversations."""
    phones.write(ana[1], "stop")
    mill = Phones(app, world, "mill")
    assert mill.thread(ana[1]) is None and mill.state(ana[1]) is None


def test_thanks_need_nobody(phones, ana, heard):
    phones.write(ana[1], "Muchas gracias")
    assert phones.thread(ana[1]).state == "done" and phones.sent(ana[1]) == []


@pytest.mark.parametrize("body", ["", "🙂", "\u202e\x00", "a" * 5000, "%(x)s {{ 7 }} [[link:1]]", "<script>alert(1)</script>"])
def test_anything_may_come_in(phones, ana, heard, body):
    phones.write(ana[1], body)
    assert phones.thread(ana[1]).state == "needs_answer"
