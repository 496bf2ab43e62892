"""Texting drives: one press, one text; batches that nobody shares; the script's branches; what a link reaches, and what it does not."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.infra.audit import Event
from crm.infra.db import close_session, reading, session, transaction
from crm.outreach.actions import texting
from crm.outreach.models import DriveAnswer, DriveContact, DriveText, Text, Texter, Thread
from crm.outreach.rules.drives import MOST_A_MINUTE
from crm.people.models import Person, PersonTag
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.drives import SETTING, WORDS, Stage
from tests.outreach.test_broadcasts import send, write
from tests.outreach.test_receive import Phones


@pytest.fixture
def stage(app, world, signed_in):
    made = Stage(app, world.orgs["southbank"], signed_in("omar"), world.people["southbank"])
    made.agree(made.everyone)
    return made


@pytest.fixture
def phones(app, world):
    return Phones(app, world)


def number_of(stage, contact_id):
    return next(one.phone for one in stage.contacts() if one.id == contact_id)


def replied(stage, phones, run_jobs, name="Sofía", body="who is this?"):
    """A volunteer has texted somebody, who wrote back: (her phone, the contact)."""
    volunteer = stage.phone(name)
    volunteer.take()
    contact = volunteer.held()[0]
    volunteer.press(f"/people/{contact}/text")
    run_jobs()
    phones.write(number_of(stage, contact), body)
    return volunteer, contact


# Setting up ------------------------------------------------------------------------------------------------------


def test_a_drive_is_set_up_looked_over_and_opened(stage):
    id = stage.set_up()
    drive = stage.drive()
    assert (drive.state, drive.contact_count) == ("open", 12)
    page = stage.desk.get(f"/drives/{id}").text
    for words in ("0 of 12", "Sofía", "Marcus", "Can we count on them?", f"/t/{stage.tokens['Sofía']}"):
        assert words in page
    assert "Saturday" in stage.desk.get("/drives").text
    assert stage.desk.get(f"/drives/{id}/off-script").status_code == 200
    assert stage.desk.post(f"/drives/{id}/opening", data={"once": "again"}).status_code == 303, "twice is once"


def test_everything_wrong_is_said_at_once_and_nothing_is_lost(stage):
    hours = {"opens_hour": "18", "closes_hour": "10", "batch_new": "60"}
    wrong = stage.desk.post("/drives", data={**SETTING, **WORDS, **hours, "audience": "segment:1", "once": "w"})
    assert wrong.status_code == 422
    assert "after the beginning" in wrong.text and "gets no more at once" in wrong.text and "Can we count on you Saturday?" in wrong.text
    listed = stage.list_of_all()
    made = stage.desk.post("/drives", data={**SETTING, "body_en": "Reply YES {nobody}", "body_es": "", "audience": f"segment:{listed}", "once": "x"})
    id = int(made.location.rsplit("/", 1)[1])
    page = stage.desk.get(f"/drives/{id}").text
    assert "Write the text in Spanish too." in page and "no personal field" in page
    assert stage.desk.post(f"/drives/{id}/opening", data={"once": "o"}).status_code == 422
    assert stage.desk.get(f"/drives/new?segment={listed}").text.count("selected") >= 1


def test_a_list_that_counts_days_is_texted_as_any_other(stage):
    listed = stage.list_of("Not talked to", {"all": [{"fact": "talked", "comparison": "not_within", "value": "60"}]})
    made = stage.desk.post("/drives", data={**SETTING, **WORDS, "audience": f"segment:{listed}", "once": "days"})
    assert made.status_code == 303
    assert stage.desk.post(f"{made.location}/opening", data={"once": "o"}).status_code == 303
    assert "Saturday" in stage.desk.get(made.location).text


def test_a_question_is_written_with_its_answers_and_checked(stage):
    id = stage.set_up()
    page = stage.desk.get(f"/drives/{id}/questions/new").text
    typed = form_of(page, "answers-0-label_en") | {
        "name": "Ride?", "ask_en": "Do you need a ride?", "ask_es": "¿Necesita transporte?", "answers-0-label_en": "Yes",
        "answers-0-say_en": "We will call you.",
    }
    refused = stage.desk.post(f"/drives/{id}/questions/new", data=typed)
    assert refused.status_code == 422 and "in both languages" in refused.text and "We will call you." in refused.text
    assert stage.desk.post(f"/drives/{id}/questions/new", data=typed | {"answers-0-say_es": "Le llamamos.", "answers-0-tag": "Ride"}).status_code == 303
    script = stage.drive().questions
    assert [one["key"] for one in script] == ["q1", "q2"] and script[1]["answers"][0]["tag"] == "Ride"
    first = form_of(stage.desk.get(f"/drives/{id}/questions/q1").text, "answers-0-label_en")
    assert stage.desk.post(f"/drives/{id}/questions/q1", data=first | {"answers-0-then": "q2"}).status_code == 303
    assert "Then: Ride?" in stage.desk.get(f"/drives/{id}").text
    assert stage.desk.post(f"/drives/{id}/questions/q2/removal", data={"once": "r"}).status_code == 303
    assert stage.drive().questions[0]["answers"][0]["then"] == ""
    assert stage.desk.post(f"/drives/{id}/questions/q1/removal", data={"once": "r1"}).status_code == 422
    assert stage.desk.get(f"/drives/{id}/questions/q9").status_code == 404


def test_a_text_to_many_leads_to_a_drive_for_the_same_people(stage, signed_in):
    """From the draft and from what has gone: the new drive begins with this list. Who may not send texts sees neither page."""
    listed = stage.list_of_all()
    address = write(stage.desk, listed).location
    id = address.rsplit("/", 1)[1]
    for is_sent in (False, True):
        if is_sent:
            send(stage.desk, address)
        page = stage.desk.get(address).text
        assert f'href="/drives/new?broadcast={id}"' in page and "Let volunteers text them by hand" in page
        assert re.search(rf'<option selected[^>]*value="segment:{listed}"', stage.desk.get(f"/drives/new?broadcast={id}").text)
    assert "How far it is" in page
    for path in (address, f"/drives/new?broadcast={id}"):
        assert signed_in("vera", org="southbank").get(path).status_code == 403


# One press, one text ---------------------------------------------------------------------------------------------


def test_a_volunteer_takes_a_batch_and_sends_one_by_one(stage, run_jobs):
    stage.set_up()
    volunteer = stage.phone("Sofía")
    assert "12 people wait" in volunteer.look()
    assert len(volunteer.take()) == 3, "a new volunteer's batch"
    page = volunteer.look()
    assert "Ana Q." in page and "Quintero" not in page and "it's Sofía from Southbank" in page
    assert re.search(r"\(\d{3}\) \d{3}-\d{4}", page) is None, "the number is masked"
    for _ in range(3):
        volunteer.send_next()
    assert len(stage.texts()) == 3
    assert volunteer.send_next() is None
    run_jobs()
    assert {text.state for text in stage.texts()} <= {"accepted", "delivered"}
    assert {text.language for text in stage.texts()} == {"en", "es"}, "each in their own language"
    assert "3 of 12" in stage.desk.get(f"/drives/{stage.drive_id}").text


def test_fifty_threads_press_the_same_send_and_one_text_goes(stage, app):
    """A4: Spoke's double click gave 400 people 800 texts; here the second press finds the first."""
    stage.set_up()
    contact = stage.phone("Sofía").take()[0]
    token = stage.tokens["Sofía"]

    def press(_n):
        try:
            return app.test_client().post(f"/t/{token}/people/{contact}/text", csrf=False).status_code
        finally:
            close_session()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(press, range(50)))
    assert set(answers) == {303}
    assert len(stage.texts()) == 1


def test_volunteers_who_take_at_once_never_share_a_person(stage, app):
    """Spoke's second worker texted 62 % twice; here whom one takes, nobody else gets."""
    names = [f"Volunteer {n}" for n in range(6)]
    stage.set_up("\n".join(names))

    def take(name):
        try:
            return app.test_client().post(f"/t/{stage.tokens[name]}/batches", csrf=False).status_code
        finally:
            close_session()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(take, names)) == {303}
    held = [one.texter_id for one in stage.contacts() if one.texter_id]
    assert len(held) == 12 and all(held.count(id) <= 3 for id in held), "twelve people, each with one volunteer"


def test_nobody_is_texted_twice_by_two_volunteers_two_tabs_or_a_new_lease(stage, clock):
    stage.set_up("Sofía\nMarcus", batch_new="20")
    sofia, marcus = stage.phone("Sofía"), stage.phone("Marcus")
    hers = sofia.take()
    tab = sofia.look()
    clock.move(minutes=30)  # she has gone; what she held goes to him
    assert marcus.take() == hers
    marcus.send_next()
    pressed = re.search(r'action="(/t/[^"]+/text)"', tab)[1].removeprefix(f"/t/{sofia.token}")
    assert "You no longer hold this one" in sofia.press(pressed, status=422)
    assert len(stage.texts()) == 1
    while marcus.send_next() is not None:
        clock.move(seconds=5)
    texts = stage.texts()
    assert len(texts) == len({text.phone for text in texts}) == 12


def test_a_press_that_dies_before_its_commit_leaves_the_person_in_the_batch(stage, app, monkeypatch):
    stage.set_up()
    volunteer = stage.phone("Sofía")
    contact = volunteer.take()[0]

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(texting, "poke", die)
    with pytest.raises(KeyboardInterrupt):
        volunteer.press(f"/people/{contact}/text")
    monkeypatch.undo()
    assert stage.texts() == [] and contact in volunteer.held()
    volunteer.press(f"/people/{contact}/text")
    assert len(stage.texts()) == 1


def test_the_gate_is_asked_when_taking_when_pressing_and_when_claiming(stage, phones, run_jobs):
    """R8: who says stop between any two steps gets nothing, and the volunteer sees why."""
    stage.set_up("Sofía", batch_new="12")
    volunteer = stage.phone("Sofía")
    phones.write(stage.contacts()[0].phone, "stop")
    held = volunteer.take()
    assert len(held) == 11
    phones.write(number_of(stage, held[0]), "stop")
    volunteer.press(f"/people/{held[0]}/text")
    assert "Skipped: They replied STOP" in volunteer.look()
    volunteer.press(f"/people/{held[1]}/text")
    phones.write(number_of(stage, held[1]), "stop")
    run_jobs()
    assert [text.state for text in stage.texts()] == ["refused"]
    page = stage.desk.get(f"/drives/{stage.drive_id}").text
    assert "replied STOP or asked for no texts" in page and "1 did not arrive." in page


def test_quiet_hours_and_the_drives_own_hours_hold(stage, clock):
    stage.set_up("Sofía", closes_hour="17")
    volunteer = stage.phone("Sofía")
    held = volunteer.take()
    with transaction(stage.org_id) as s:  # one of them lives where it is already night
        person = s.scalar(select(DriveContact.person_id).where(DriveContact.id == held[0]))
        s.execute(update(Person).where(Person.id == person).values(time_zone="Asia/Kolkata"))
    volunteer.press(f"/people/{held[0]}/text")
    assert "quiet hour" in volunteer.look() or "No hour is right" in volunteer.look()
    clock.set(MONDAY + timedelta(hours=9))  # six in the evening at home
    assert "It opens at 9:00" in volunteer.press(f"/people/{held[1]}/text", status=422)
    assert stage.texts() == []


def test_limits_of_a_day_and_of_a_minute_hold(stage, clock):
    """P8: what one link shows is counted, given back or not; a hand presses no faster than sixty times a minute."""
    stage.set_up("Sofía", batch_new="3", batch_vetted="4", most_a_day="4")
    volunteer = stage.phone("Sofía")
    volunteer.take()
    volunteer.press("/releases")
    assert len(volunteer.take()) == 1, "three were shown already"
    volunteer.press("/releases")
    assert "as many people as one volunteer may in a day" in volunteer.press("/batches", status=422)
    stage.set_up("Marcus", batch_new="3")
    quick = stage.phone("Marcus")
    first, second = quick.take()[:2]
    with transaction(stage.org_id) as s:
        s.execute(update(Texter).where(Texter.name == "Marcus").values(minute_at=clock.now, minute_count=MOST_A_MINUTE - 1))
    quick.press(f"/people/{first}/text")
    assert "a lot of texts within a minute" in quick.press(f"/people/{second}/text", status=422)
    clock.move(minutes=1)
    quick.press(f"/people/{second}/text")
    assert len(stage.texts()) == 2


# Conversations ---------------------------------------------------------------------------------------------------


def test_a_reply_comes_to_the_volunteer_and_a_branch_answers_it(stage, phones, run_jobs):
    stage.set_up()
    volunteer, contact = replied(stage, phones, run_jobs)
    assert "1 reply waits for you" in volunteer.look()
    assert "who is this?" in volunteer.look(f"/people/{contact}")
    assert stage.desk.get("/inbox").text.count("who is this?") == 0, "a volunteer has it"
    volunteer.tap(contact, "a1")
    with reading(stage.org_id) as s:
        answer = s.scalars(select(DriveAnswer)).one()
        sent = s.scalars(select(Text).where(Text.purpose == "reply", Text.direction == "out")).one()
        assert answer.answer == "a1" and sent.body == "Wonderful, I wrote you down."
        assert s.scalars(select(DriveText)).one().is_off_script is False
        assert s.scalars(select(Event.verb).where(Event.verb == "drive.answered")).one()
        assert s.scalar(select(Thread.state)) == "waiting"
    page = stage.desk.get(f"/drives/{stage.drive_id}").text
    assert "1 answer" in page


def test_the_same_tap_twice_is_one_text_and_a_reply_meanwhile_is_read_first(stage, phones, run_jobs, clock):
    stage.set_up()
    volunteer, contact = replied(stage, phones, run_jobs)
    form = form_of(volunteer.look(f"/people/{contact}"), 'name="answer"') | {"answer": "a1"}
    volunteer.press(f"/people/{contact}/answers", **form)
    volunteer.press(f"/people/{contact}/answers", **form)
    with reading(stage.org_id) as s:
        assert len(s.scalars(select(Text).where(Text.purpose == "reply", Text.direction == "out")).all()) == 1
    old = form_of(volunteer.look(f"/people/{contact}"), 'name="body"') | {"body": "See you there"}
    phones.write(number_of(stage, contact), "can I bring my kids?", at=clock.now)
    refused = volunteer.press(f"/people/{contact}/words", status=422, **old)
    assert "They wrote again meanwhile" in refused and "See you there" in refused


def test_words_that_are_not_the_scripts_are_marked_kept_and_counted(stage, phones, run_jobs):
    stage.set_up()
    volunteer, contact = replied(stage, phones, run_jobs)
    form = form_of(volunteer.look(f"/people/{contact}?edit=a1"), 'name="body"')
    assert form["body"] == "Wonderful, I wrote you down."
    volunteer.press(f"/people/{contact}/answers", **form | {"body": "Wonderful, I wrote you down for two."})
    page = stage.desk.get(f"/drives/{stage.drive_id}/off-script").text
    assert "Sofía to Ana Quintero" in page and "<ins>down for two.</ins>" in page and "<del>down.</del>" in page
    form = form_of(volunteer.look(f"/people/{contact}?say=0"), 'name="body"')
    volunteer.press(f"/people/{contact}/words", **form)
    with reading(stage.org_id) as s:
        assert [row.is_off_script for row in s.scalars(select(DriveText).order_by(DriveText.id))] == [True, False], "a ready reply is not off script"


def test_a_branch_tags_ends_texts_and_leads_on(stage, phones, run_jobs):
    id = stage.set_up()
    typed = form_of(stage.desk.get(f"/drives/{id}/questions/new").text, "answers-0-label_en")
    stage.desk.post(f"/drives/{id}/questions/new", data=typed | {
        "name": "Ride?", "ask_en": "Do you need a ride?", "ask_es": "¿Necesita transporte?", "answers-0-label_en": "Yes", "answers-0-tag": "Ride",
        "answers-1-label_en": "Stop", "answers-1-outcome": "opt_out"})
    first = form_of(stage.desk.get(f"/drives/{id}/questions/q1").text, "answers-0-label_en")
    stage.desk.post(f"/drives/{id}/questions/q1", data=first | {"answers-0-then": "q2"})
    volunteer, contact = replied(stage, phones, run_jobs, body="yes but how do I get there?")
    volunteer.tap(contact, "a1")
    page = volunteer.look(f"/people/{contact}")
    assert "Wonderful, I wrote you down. Do you need a ride?" in page
    volunteer.tap(contact, "a1")
    with reading(stage.org_id) as s:
        assert len(s.scalars(select(PersonTag)).all()) == 1
    volunteer.tap(contact, "a2")
    assert phones.state(number_of(stage, contact)) == "revoked"
    with reading(stage.org_id) as s:
        assert {(a.question, a.answer) for a in s.scalars(select(DriveAnswer))} == {("q1", "a1"), ("q2", "a2")}, "the last word stands"


def test_conversations_go_to_the_inbox_given_taken_ended_or_left_alone(stage, phones, run_jobs, clock):
    stage.set_up()
    volunteer, contact = replied(stage, phones, run_jobs)
    volunteer.press(f"/people/{contact}/handing")
    assert "Given to you by a volunteer" in stage.desk.get("/inbox").text
    volunteer.look(f"/people/{contact}", status=404)
    marcus, other = replied(stage, phones, run_jobs, "Marcus", "is it far?")
    assert "is it far?" not in stage.desk.get("/inbox").text
    clock.move(minutes=25)
    assert "is it far?" in stage.desk.get("/inbox").text, "he has gone"
    marcus.press("/presence")
    assert "is it far?" not in stage.desk.get("/inbox").text, "and is back"
    with reading(stage.org_id) as s:
        texter = s.scalar(select(Texter.id).where(Texter.name == "Marcus"))
    stage.desk.post(f"/drives/{stage.drive_id}/texters/{texter}/taking", data={"once": "t"})
    assert "is it far?" in stage.desk.get("/inbox").text
    assert marcus.look() and marcus.held() == []


def test_an_organizer_who_answers_has_the_conversation(stage, phones, run_jobs):
    stage.set_up()
    volunteer, contact = replied(stage, phones, run_jobs)
    with reading(stage.org_id) as s:
        thread = s.scalar(select(Thread.id).where(Thread.phone == number_of(stage, contact)))
    old = form_of(volunteer.look(f"/people/{contact}"), 'name="answer"') | {"answer": "a1"}
    page = stage.desk.get(f"/inbox/{thread}").text
    assert stage.desk.post(f"/inbox/{thread}/answers", data=form_of(page, 'name="seen"') | {"body": "Omar here."}).status_code == 303
    volunteer.press(f"/people/{contact}/answers", status=404, **old)


# What a link reaches ---------------------------------------------------------------------------------------------


def test_a_link_reaches_its_own_people_only(stage, world, phones, run_jobs):
    stage.set_up()
    sofia, contact = replied(stage, phones, run_jobs)
    marcus = stage.phone("Marcus")
    marcus.take()
    stolen = {"once": "1", "seen": "0", "answer": "a1", "body": "hello", "outcome": "opt_out"}
    for path in ("text", "answers", "words", "outcomes", "handing"):
        answer = marcus.browser.post(f"/t/{marcus.token}/people/{contact}/{path}", data=stolen, csrf=False)
        assert answer.status_code in (404, 422) and "who is this?" not in answer.text
    marcus.look(f"/people/{contact}", status=404)
    assert phones.state(number_of(stage, contact)) == "given"
    for path in ("/inbox", "/people", f"/drives/{stage.drive_id}"):
        assert marcus.browser.get(path).status_code in (302, 403)
    everyone = "".join((marcus.look(), sofia.look(f"/people/{contact}")))
    with reading(stage.org_id) as s:
        family = s.scalars(select(Person.family_name)).all()
    assert not [name for name in family if name in everyone], "no family name, whatever is opened"


def test_an_earlier_talk_with_an_organizer_is_not_the_volunteers_to_read(stage, phones, run_jobs, clock):
    phones.write(waits := phones.number(stage.everyone[0]), "my landlord threatens us")
    phones.write(settled := phones.number(stage.everyone[1]), "the boss pays late")
    with reading(stage.org_id) as s:
        thread = s.scalar(select(Thread.id).where(Thread.phone == settled))
    assert stage.desk.post(f"/inbox/{thread}/closing", data={"once": "c"}).status_code == 303
    clock.move(minutes=1)
    stage.set_up("Sofía", batch_new="12")
    volunteer = stage.phone("Sofía")
    volunteer.take()
    while volunteer.send_next() is not None:
        pass
    run_jobs()
    for contact in stage.contacts(DriveContact.state == "texted"):
        page = volunteer.look(f"/people/{contact.id}", status=200 if contact.phone == settled else 404)
        assert "landlord" not in page and "boss" not in page
    assert "landlord" not in volunteer.look()
    phones.write(waits, "and my boss too")
    inbox = stage.desk.get("/inbox").text
    assert "and my boss too" in inbox, "whoever waited for an organizer has not been hidden by a volunteer's text"
    clock.move(minutes=1)
    phones.write(settled, "who is it?")
    assert "who is it?" not in stage.desk.get("/inbox").text, "the volunteer's to answer"


def test_links_end_with_the_volunteer_with_the_drive_and_with_time(stage, clock):
    stage.set_up("Sofía\nMarcus\nHanh")
    sofia, marcus, hanh = (stage.phone(name) for name in ("Sofía", "Marcus", "Hanh"))
    sofia.take()
    with reading(stage.org_id) as s:
        texter = s.scalar(select(Texter.id).where(Texter.name == "Sofía"))
    stage.desk.post(f"/drives/{stage.drive_id}/texters/{texter}/ending", data={"once": "e"})
    sofia.look(status=404)
    sofia.press("/batches", status=404)
    assert sofia.held() == [] and len(marcus.take()) == 3
    stage.desk.post(f"/drives/{stage.drive_id}/ending", data={"once": "end"})
    marcus.look(status=404)
    stage.set_up("Late")
    clock.move(days=15)
    stage.phone("Late").look(status=404)
    hanh.look(status=404)
    sofia.browser.get("/t/" + "x" * 22)


def test_stop_holds_presses_and_what_waits_and_resume_goes_on(stage, run_jobs):
    """A6: nothing of the drive leaves after stop."""
    stage.set_up()
    volunteer = stage.phone("Sofía")
    volunteer.take()
    volunteer.send_next()
    stage.desk.post(f"/drives/{stage.drive_id}/stop", data={"once": "s"})
    run_jobs()
    assert [text.state for text in stage.texts()] == ["refused"]
    held = volunteer.held()[0]
    assert "stopped this drive" in volunteer.press(f"/people/{held}/text", status=422)
    stage.desk.post(f"/drives/{stage.drive_id}/rest", data={"once": "r"})
    volunteer.press(f"/people/{held}/text")
    run_jobs()
    assert [text.state for text in stage.texts()] == ["delivered"]
    assert len(stage.contacts(DriveContact.state == "waiting")) == 11, "whose text was taken back waits again"


def test_a_colleague_texts_along_with_an_account(stage, signed_in):
    stage.set_up()
    joined = stage.desk.post(f"/drives/{stage.drive_id}/joining", data={"once": "j"})
    assert joined.status_code == 303 and "/t/" in joined.location
    assert stage.desk.post(f"/drives/{stage.drive_id}/joining", data={"once": "k"}).location == joined.location, "one link, however often"
    assert "Saturday" in stage.desk.get("/drives/open").text
    assert signed_in("rita").get("/drives/open").status_code == 403
    assert signed_in("stranger").post(f"/drives/{stage.drive_id}/joining", data={"once": "j"}).status_code == 404
    assert signed_in("stranger").get(f"/drives/{stage.drive_id}").status_code == 404
    assert session() is not None


def test_the_first_text_that_a_phone_gets_says_what_they_agreed_to(stage, run_jobs):
    """R3: once; the second drive's text leaves it out."""
    stage.set_up("Sofía", batch_new="12")
    volunteer = stage.phone("Sofía")
    volunteer.take()
    assert "You agreed to a few texts" in volunteer.look()
    volunteer.send_next()
    assert "You agreed to a few texts" in stage.texts()[0].body
    run_jobs()
    stage.set_up("Marcus", batch_new="12")
    again = {one.phone: one.is_first for one in stage.contacts()}
    assert list(again.values()).count(False) == 1
