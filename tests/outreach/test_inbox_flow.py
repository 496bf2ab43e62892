"""The shared inbox as people work it: one after the other, taking back a tap, next steps, who else writes, finding, failed texts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.infra.audit import Event
from crm.infra.db import new_id, reading, session, transaction
from crm.leadership.models import Conversation
from crm.outreach.models import Text, Thread
from crm.people.models import PersonTag
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.test_receive import STRANGER, ana, heard, phones  # noqa: F401 - fixtures


@pytest.fixture
def omar(signed_in):
    return signed_in("omar")


@pytest.fixture
def two(phones, ana):  # noqa: F811
    """Two conversations that wait, the first one longer: (id, id)."""
    other = phones.number(phones.people[1])
    phones.consent(other)
    phones.write(ana[1], "who is this?", at=MONDAY - timedelta(minutes=9))
    phones.write(other, "¿a qué hora?", at=MONDAY - timedelta(minutes=3))
    return phones.thread(ana[1]).id, phones.thread(other).id


def press(desk, id, path, **fields):
    return desk.post(f"/inbox/{id}/{path}", data=fields | {"once": f"{path}{fields}"})


def test_an_answer_leads_to_the_conversation_that_waits_longest_and_the_last_to_the_list(omar, two):
    page = omar.get(f"/inbox/{two[1]}")
    answered = omar.post(f"/inbox/{two[1]}/answers", data=form_of(page.text, 'name="seen"') | {"body": "A las seis."})
    assert answered.status_code == 303 and f"/inbox/{two[0]}?done={two[1]}" in answered.location
    assert "Done: Beatriz Okafor." in omar.get(answered.location).text
    closed = press(omar, two[0], "closing")
    assert closed.location.startswith("/inbox?done=")
    assert "Everyone has been answered." in omar.get(closed.location).text


def test_a_colleagues_conversation_is_not_next(omar, two, world):
    press(omar, two[0], "assignment", account_id=str(world.accounts["imani"]))
    assert press(omar, two[1], "closing").location.startswith("/inbox?")


def test_done_and_put_off_are_taken_back(omar, two):
    page = omar.get(press(omar, two[0], "closing").location).text
    assert "Take it back" in page
    assert press(omar, two[0], "undoing").status_code == 303
    assert "Asks something" in omar.get("/inbox").text
    again = press(omar, two[0], "undoing", n="2")
    assert again.status_code == 422 and "nothing to take back" in again.text
    assert press(omar, two[0], "snooze", until="tomorrow").status_code == 303
    assert "who is this?" not in omar.get("/inbox").text and "who is this?" in omar.get("/inbox?tab=later").text


def test_somebody_elses_tap_and_one_before_a_new_text_stay(omar, signed_in, two, phones, ana):  # noqa: F811
    press(omar, two[0], "closing")
    assert press(signed_in("imani"), two[0], "undoing").status_code == 422
    phones.write(ana[1], "and another thing", at=MONDAY + timedelta(minutes=1))
    assert press(omar, two[0], "undoing").status_code == 422


def test_a_tag_is_put_on_and_taken_back(omar, two, world):
    assert press(omar, two[0], "tags", tag="Needs a ride").status_code == 303
    with reading(world.orgs["southbank"]) as s:
        assert len(s.scalars(select(PersonTag)).all()) == 1
    press(omar, two[0], "undoing")
    with reading(world.orgs["southbank"]) as s:
        assert s.scalars(select(PersonTag)).all() == []
    assert press(omar, two[0], "tags", tag=" ").status_code == 422


def test_a_next_step_has_an_owner_and_a_day_and_is_taken_back(omar, signed_in, two, world):
    refused = press(omar, two[0], "steps", next_step="Call about the lease", owner_id=str(world.accounts["imani"]))
    assert refused.status_code == 422 and "Call about the lease" in refused.text
    planned = press(omar, two[0], "steps", next_step="Call about the lease", follow_up_on="2026-11-25", owner_id=str(world.accounts["imani"]))
    assert planned.status_code == 303
    with reading(world.orgs["southbank"]) as s:
        step = s.scalars(select(Conversation)).one()
        assert (step.held_at, step.account_id, step.organizer_name) == (None, world.accounts["imani"], "Imani")
    assert "Call about the lease" in signed_in("imani").get("/conversations").text
    wrong = press(omar, two[1], "steps", next_step="x", follow_up_on="2026-11-25", owner_id=str(world.accounts["stranger"]))
    assert wrong.status_code == 422
    press(omar, two[0], "undoing")
    with reading(world.orgs["southbank"]) as s:
        assert s.scalars(select(Conversation)).all() == []
        assert s.scalars(select(Event.verb).where(Event.verb == "conversation.dropped")).one()


def test_who_else_is_writing_is_seen_for_a_while(omar, signed_in, two, clock):
    imani = signed_in("imani")
    assert imani.post(f"/inbox/{two[0]}/writing").status_code == 204
    assert "Imani is writing here now." in omar.get(f"/inbox/{two[0]}").text
    assert "is writing here now" not in imani.get(f"/inbox/{two[0]}").text, "not to herself"
    clock.move(minutes=1)
    assert "is writing here now" not in omar.get(f"/inbox/{two[0]}").text


def test_a_send_after_a_colleagues_answer_asks_first_and_loses_nothing(omar, signed_in, two):
    mine = form_of(omar.get(f"/inbox/{two[0]}").text, 'name="seen"') | {"body": "It is Omar."}
    imani = signed_in("imani")
    theirs = form_of(imani.get(f"/inbox/{two[0]}").text, 'name="seen"') | {"body": "Imani here."}
    assert imani.post(f"/inbox/{two[0]}/answers", data=theirs).status_code == 303
    asked = omar.post(f"/inbox/{two[0]}/answers", data=mine)
    assert asked.status_code == 422 and "A colleague answered meanwhile: “Imani here.”" in asked.text and "It is Omar." in asked.text
    assert omar.post(f"/inbox/{two[0]}/answers", data=form_of(asked.text, 'name="seen"')).status_code == 303


@pytest.mark.parametrize(("typed", "found"), [("Quintero", True), ("who is", True), ("WHO IS", True), ("nobody of that name", False)])
def test_conversations_are_found_by_person_and_words(omar, two, typed, found):
    page = omar.get("/inbox", query_string={"find": typed}).text
    assert ("who is this?" in page) == found
    assert found or "No conversation is like that." in page


def test_a_number_finds_its_conversation_only_for_those_who_see_numbers(omar, two, ana, app, world):  # noqa: F811
    last = ana[1][-7:]
    assert "who is this?" in omar.get(f"/inbox?find={last}").text


def test_filters_hold_and_say_when_nothing_is_left(omar, two, world):
    press(omar, two[0], "assignment", account_id=str(world.accounts["omar"]))
    assert "who is this?" not in omar.get("/inbox?who=0").text
    assert "who is this?" in omar.get(f"/inbox?who={world.accounts['omar']}").text
    assert "who is this?" in omar.get("/inbox?reason=question").text and "who is this?" not in omar.get("/inbox?reason=loop").text
    assert omar.get("/inbox?who=x&reason=x&after=x&find=%25").status_code == 200


def test_failed_texts_say_why_and_what_to_do(omar, phones, ana, world):  # noqa: F811
    with transaction(world.orgs["southbank"]) as s:
        for n, (state, code, refusal) in enumerate([("failed", 30006, None), ("failed", 99999, None), ("refused", None, "opted_out"), ("unknown", None, None)]):
            s.add(Text(org_id=world.orgs["southbank"], direction="out", person_id=ana[0], phone=ana[1], body=f"Words {n}", key=f"f{new_id()}", state=state,
                       error_code=code, refusal=refusal, queued_at=MONDAY, not_before_at=MONDAY, claimed_at=MONDAY))
    page = omar.get("/inbox/failed").text
    for words in ("This number cannot get texts", "Call, or ask for another number.", "could not deliver it", "Ana Quintero", "Code 30006"):
        assert words in page
    only = omar.get("/inbox/failed?code=30006").text
    assert "Words 0" in only and "Words 1" not in only
    assert "Only they can start texts again" in omar.get("/inbox/failed?state=refused").text
    assert "asking the phone network" in omar.get("/inbox/failed?state=unknown").text
    assert omar.get("/inbox/failed?state=x&code=x&after=x").status_code == 200


def test_own_ready_replies_are_linted_filled_and_come_first(omar, phones, ana, two):  # noqa: F811
    form = form_of(omar.get("/inbox/ready").text, "replies-0-en")
    refused = omar.post("/inbox/ready", data=form | {"replies-3-en": "Reply YES {nobody}"})
    assert refused.status_code == 422 and "in both languages" in refused.text and "Reply YES {nobody}" in refused.text
    kept = {"replies-0-en": "Hi {first_name}, {organizer} here.", "replies-0-es": "Hola {first_name}, soy {organizer}.", "once": "2"}
    assert omar.post("/inbox/ready", data=form | kept).status_code == 303
    page = omar.get(f"/inbox/{two[0]}").text
    assert "Hi Ana, Omar here." in page and "Thank you, I wrote it down." in page
    assert "Hola Beatriz, soy Omar." in omar.get(f"/inbox/{two[1]}").text
    assert "Hi Ana, Omar here." in form_of(omar.get(f"/inbox/{two[0]}?say=0").text, 'name="seen"')["body"]


def test_a_list_of_many_conversations_is_one_query_a_page(omar, world, count_queries, phones):  # noqa: F811
    with transaction(world.orgs["southbank"]) as s:
        s.add_all(Thread(org_id=world.orgs["southbank"], phone=f"+1415555{n:04d}", state="needs_answer", last_at=MONDAY + timedelta(seconds=n),
                         last_in_at=MONDAY, last_in_body=f"Text {n}", reason="question", facts={}) for n in range(120))
    with count_queries() as few:
        first = omar.get("/inbox").text
    with transaction(world.orgs["southbank"]) as s:
        s.execute(update(Thread).values(state="done").where(Thread.last_in_body > "Text 2"))
    with count_queries() as fewer:
        omar.get("/inbox")
    assert len(few) == len(fewer), "no query for each row"
    assert "Text 119" in first and "Show older ones" in first and session() is not None
