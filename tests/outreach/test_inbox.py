"""The inbox through the browser: who waits, answering once, one tap per outcome, unknown numbers, and whose it is not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.outreach.models import Text, Thread
from crm.outreach.queries import count_needing_answer, needing_answer
from crm.people.models import Phone
from tests.clients import form_of
from tests.factories import MONDAY, make_person
from tests.outreach.test_receive import STRANGER, ana, heard, phones  # noqa: F401 - fixtures


@pytest.fixture
def asking(phones, ana):  # noqa: F811
    """Ana asks something: the id of the conversation."""
    phones.write(ana[1], "who is this?")
    return phones.thread(ana[1]).id


@pytest.fixture
def omar(signed_in):
    return signed_in("omar")


def answer_form(page):
    return form_of(page.text, 'name="seen"')


def test_the_list_shows_who_waits_and_why(omar, asking):
    page = omar.get("/inbox")
    assert page.status_code == 200
    for words in ("Ana Quintero", "who is this?", "Asks something"):
        assert words in page.text
    assert f"/inbox/{asking}" in page.text


def test_an_empty_inbox_says_so(omar):
    assert "Everyone has been answered." in omar.get("/inbox").text
    for tab in ("mine", "all", "stopped", "nonsense"):
        assert omar.get(f"/inbox?tab={tab}").status_code == 200


def test_an_answer_goes_through_the_outbox_and_settles_the_conversation(omar, asking, ana, phones, run_jobs):  # noqa: F811
    page = omar.get(f"/inbox/{asking}")
    data = answer_form(page) | {"body": "It is Omar from Southbank Tenants."}
    first = omar.post(f"/inbox/{asking}/answers", data=data)
    assert first.status_code == 303
    assert omar.post(f"/inbox/{asking}/answers", data=data).status_code == 303, "the second press leads where the first led"
    sent, = phones.sent(ana[1], "reply")
    assert (sent.body, sent.state, sent.subject_id) == ("It is Omar from Southbank Tenants.", "queued", 77)
    assert phones.thread(ana[1]).state == "waiting"
    assert "It is Omar from Southbank Tenants." in omar.get(f"/inbox/{asking}").text
    assert "This week: 1 person answered, 1 within a day." in omar.get("/inbox").text
    run_jobs()
    assert phones.sent(ana[1], "reply")[0].state in ("accepted", "delivered")


def test_an_empty_answer_and_a_gone_conversation_are_refused(omar, asking):
    refused = omar.post(f"/inbox/{asking}/answers", data=answer_form(omar.get(f"/inbox/{asking}")) | {"body": "  "})
    assert refused.status_code == 422 and "Write something first." in refused.text
    assert omar.get("/inbox/12345").status_code == 404


def test_a_colleague_who_answered_meanwhile_is_seen_before_sending(signed_in, omar, asking, ana, phones):  # noqa: F811
    opened = answer_form(omar.get(f"/inbox/{asking}"))
    imani = signed_in("imani", org="southbank")
    imani.post(f"/inbox/{asking}/answers", data=answer_form(imani.get(f"/inbox/{asking}")) | {"body": "Imani here."})
    refused = omar.post(f"/inbox/{asking}/answers", data=opened | {"body": "Omar here."})
    assert refused.status_code == 422 and "A colleague answered meanwhile" in refused.text and "Omar here." in refused.text
    assert [text.body for text in phones.sent(ana[1], "reply")] == ["Imani here."]
    again = omar.post(f"/inbox/{asking}/answers", data=answer_form(refused) | {"body": "Omar here."})
    assert again.status_code == 303 and len(phones.sent(ana[1], "reply")) == 2


def test_who_opted_out_cannot_be_answered(omar, phones, ana):  # noqa: F811
    phones.write(ana[1], "stop")
    id = phones.thread(ana[1]).id
    page = omar.get(f"/inbox/{id}")
    assert "Only they can start" in page.text and 'name="seen"' not in page.text
    assert omar.post(f"/inbox/{id}/answers", data={"body": "Hello", "seen": "0"}).status_code == 422
    assert "Ana Quintero" in omar.get("/inbox?tab=stopped").text


def test_late_at_night_an_answer_waits_for_the_morning_unless_they_just_wrote(signed_in, asking, ana, phones, clock):  # noqa: F811
    clock.move(hours=14)
    omar = signed_in("omar")
    page = omar.get(f"/inbox/{asking}")
    assert "quiet hour" in page.text
    omar.post(f"/inbox/{asking}/answers", data=answer_form(page) | {"body": "Tomorrow at ten."})
    assert phones.sent(ana[1], "reply")[0].not_before_at > clock.now + timedelta(hours=8)
    phones.write(ana[1], "are you there?", at=clock.now)
    assert "you can answer at once" in omar.get(f"/inbox/{asking}").text


@pytest.mark.parametrize(("outcome", "told"), [
    ("yes", ("yes", None, {})), ("no", ("no", None, {})), ("maybe", ("maybe", None, {})), ("support:ride", ("supports", None, {"ride": 1})),
])
def test_one_tap_writes_down_what_they_meant(omar, phones, ana, heard, outcome, told):  # noqa: F811
    phones.write(ana[1], "hmm let us talk about the boiler")
    id = phones.thread(ana[1]).id
    form = form_of(omar.get(f"/inbox/{id}").text, "support:ride")
    assert omar.post(f"/inbox/{id}/outcomes", data=form | {"outcome": outcome}).status_code == 303
    assert heard == [(ana[0], 77, *told)]


def test_what_we_read_is_confirmed_with_one_tap(omar, phones, ana, heard):  # noqa: F811
    phones.write(ana[1], "+2 but can you call me about the boiler first, I am not so sure about all of it")
    id = phones.thread(ana[1]).id
    if phones.thread(ana[1]).facts["reading"]["intent"] in ("yes", "maybe"):
        page = omar.get(f"/inbox/{id}")
        assert "We read this as" in page.text
        omar.post(f"/inbox/{id}/outcomes", data=form_of(page.text, "as_read") | {"outcome": "as_read"})
        assert len(heard) == 1


def test_opt_out_and_wrong_number_end_texts(omar, phones, ana):  # noqa: F811
    phones.write(ana[1], "wrong number")
    id = phones.thread(ana[1]).id
    page = omar.get(f"/inbox/{id}")
    assert "We read this as a wrong number" in page.text
    assert omar.post(f"/inbox/{id}/outcomes", data=form_of(page.text, "wrong_number") | {"outcome": "wrong_number"}).status_code == 303
    assert phones.state(ana[1]) == "revoked" and phones.thread(ana[1]).person_id is None
    with reading(phones.org_id):
        assert session().scalar(select(Phone.is_textable).where(Phone.e164 == ana[1])) is False
    phones.write(ana[1], "hello?")
    assert (phones.thread(ana[1]).person_id, phones.thread(ana[1]).reason) == (None, "unknown"), "it is no longer Ana's"
    omar.post(f"/inbox/{id}/person", data={"person_id": str(ana[0])})
    phones.write(ana[1], "me again?")
    assert phones.thread(ana[1]).person_id == ana[0], "until somebody says that it is"


def test_assign_put_off_close_and_open_again(signed_in, omar, asking, world, phones, ana, clock):  # noqa: F811
    page = omar.get(f"/inbox/{asking}").text
    omar.post(f"/inbox/{asking}/assignment", data=form_of(page, "account_id") | {"account_id": str(world.accounts["omar"])})
    assert "Ana Quintero" in omar.get("/inbox?tab=mine").text
    omar.post(f"/inbox/{asking}/snooze", data=form_of(page, 'value="tomorrow"') | {"until": "tomorrow"})
    assert "Everyone has been answered." in omar.get("/inbox").text
    clock.move(days=1, hours=1)
    omar = signed_in("omar")
    assert "Ana Quintero" in omar.get("/inbox").text
    omar.post(f"/inbox/{asking}/closing")
    assert phones.thread(ana[1]).state == "done"
    omar.post(f"/inbox/{asking}/reopening")
    assert phones.thread(ana[1]).state == "needs_answer"
    assert omar.post(f"/inbox/{asking}/snooze", data={"until": "never"}).status_code == 422
    assert omar.post(f"/inbox/{asking}/assignment", data={"account_id": str(world.accounts["stranger"])}).status_code == 422


def test_an_unknown_number_is_given_to_a_person_or_added(omar, phones):  # noqa: F811
    phones.write(STRANGER, "hello, is this the union?")
    id = phones.thread(STRANGER).id
    page = omar.get(f"/inbox/{id}?q=beatriz")
    assert "Whose number is this?" in page.text and "Beatriz Okafor" in page.text
    omar.post(f"/inbox/{id}/person", data=form_of(page.text, "person_id") | {"person_id": str(phones.people[1])})
    assert phones.thread(STRANGER).person_id == phones.people[1]
    other = "+14155550998"
    phones.write(other, "I want to join")
    id = phones.thread(other).id
    wrong = omar.post(f"/inbox/{id}/people", data={"given_name": "", "language": "es"})
    assert wrong.status_code == 422 and "Write a name." in wrong.text
    assert omar.post(f"/inbox/{id}/people", data={"given_name": "Nadia", "family_name": "Petrenko", "language": "en"}).status_code == 303
    assert "Nadia Petrenko" in omar.get(f"/inbox/{id}").text


def test_of_a_shared_phone_a_person_says_who_writes(omar, phones, ana, heard):  # noqa: F811
    with transaction(phones.org_id):
        luis = make_person(phones.org_id, "Luis", "Quintero", phone=ana[1])
        for text in session().scalars(select(Text).where(Text.phone == ana[1])):
            text.person_id = None
    phones.write(ana[1], "let us talk about the boiler")
    id = phones.thread(ana[1]).id
    page = omar.get(f"/inbox/{id}")
    assert "Who is writing?" in page.text and "Luis Quintero" in page.text
    assert omar.post(f"/inbox/{id}/outcomes", data={"outcome": "yes"}).status_code == 422, "first whose it is"
    omar.post(f"/inbox/{id}/person", data=form_of(page.text, "person_id") | {"person_id": str(luis)})
    assert phones.thread(ana[1]).person_id == luis
    omar.post(f"/inbox/{id}/outcomes", data={"outcome": "yes"})
    assert heard == [(luis, 77, "yes", None, {})]


def test_ready_replies_are_in_the_language_of_the_person(omar, phones):  # noqa: F811
    phone = phones.number(phones.people[1])
    phones.write(phone, "¿a qué hora es?")
    id = phones.thread(phone).id
    assert "Le llamo hoy." in omar.get(f"/inbox/{id}").text
    assert "Le llamo hoy.</textarea>" in omar.get(f"/inbox/{id}?say=1").text
    assert omar.get(f"/inbox/{id}?say=99").status_code == 200


def test_another_organization_and_a_volunteer_see_nothing(signed_in, asking):
    """T1, T6: foreign and absent look alike."""
    dolores = signed_in("dolores")
    assert dolores.get(f"/inbox/{asking}").status_code == 404
    for part in ("answers", "outcomes", "assignment", "snooze", "closing", "reopening", "person", "people"):
        assert dolores.post(f"/inbox/{asking}/{part}", data={"body": "x", "outcome": "opt_out", "until": "hour", "person_id": "1",
                                                           "given_name": "x", "language": "en", "account_id": "0"}).status_code == 404
    assert signed_in("vera").get("/inbox").status_code == 403
    assert signed_in("rita").get(f"/inbox/{asking}").status_code == 403


def test_members_words_are_shown_as_words(omar, phones, ana):  # noqa: F811
    """S6."""
    phones.write(ana[1], "<script>alert(1)</script> [[link:77]] 100%")
    page = omar.get(f"/inbox/{phones.thread(ana[1]).id}")
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text


def test_the_list_costs_a_fixed_number_of_queries(omar, phones, count_queries):  # noqa: F811
    def cost():
        with count_queries() as seen:
            omar.get("/inbox")
        return len(seen)

    phones.write(phones.number(phones.people[0]), "who is this?")
    few = cost()
    for person in phones.people[1:9]:
        phones.write(phones.number(person), "where is it?")
    assert cost() == few


def test_what_home_and_the_navigation_ask(app, phones, asking, world):  # noqa: F811
    with reading(phones.org_id):
        actor = Actor(phones.org_id, role="organizer")
        waiting = needing_answer(actor, 5, MONDAY)
        assert (waiting.total, waiting.rows[0].name, waiting.rows[0].thread_id) == (1, "Ana Quintero", asking)
        assert count_needing_answer(actor, MONDAY) == 1
        assert count_needing_answer(Actor(phones.org_id, role="volunteer"), MONDAY) == 0


def test_pages_of_many_conversations_turn(omar, phones, app):  # noqa: F811
    with app.app_context():
        for n in range(55):
            phones.write(f"+1415555{2000 + n}", "hello?", at=MONDAY - timedelta(minutes=n))
    page = omar.get("/inbox")
    assert "Show older ones" in page.text
    mark = page.text.split("after=")[1].split('"')[0].split("&")[0]
    second = omar.get(f"/inbox?tab=answer&after={mark}")
    assert second.text.count("pl-item") == 5
    with reading(phones.org_id):
        assert len(session().scalars(select(Thread)).all()) == 55
