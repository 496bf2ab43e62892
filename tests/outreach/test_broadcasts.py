"""Writing a broadcast, looking it over, sending it, stopping it; consent; all through HTTP to a real database."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from crm.infra.audit import Event
from crm.infra.db import close_session, engine, session
from crm.infra.links import issue_link_id
from crm.outreach import actions
from crm.outreach.actions import freezing
from crm.outreach.models import Broadcast, Consent, ConsentState, Exclusion, SimulatedText, Text
from crm.outreach.queries.plans import plan_of
from crm.outreach.queries.subjects import SUBJECTS, Subject
from crm.people.models import Person, Phone, Segment
from tests.clients import form_of
from tests.factories import MONDAY, REGISTERED, make_person

EN = "Hi {first_name}, it's {organizer} from {organization}. Can we count on you Saturday? Reply STOP to opt out."
ES = "Hola {first_name}, le escribe {organizer} de {organization}. Nos acompaña el sábado? Responda STOP para salir."


@pytest.fixture
def everyone(acting, world):
    """A list of all members of Southbank, each of whom agreed to texts."""
    with acting("southbank") as actor:
        actions.import_consents(
            actor,
            [(id, world.phones[id]) for id in world.people["southbank"]],
            wording="May we text you?",
            evidence="sheet",
            now=MONDAY,
        )
        segment = Segment(org_id=actor.org_id, name="Everyone", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        return segment.id


@pytest.fixture
def desk(signed_in):
    return signed_in("imani", org="southbank")


def write(desk, segment_id, **more):
    page = desk.get(f"/texts/new?segment={segment_id}")
    form = form_of(page.text, 'name="body_en"') | {"name": "Saturday", "body_en": EN, "body_es": ES} | more
    return desk.post("/texts", data=form)


def send(desk, address):
    form = form_of(desk.get(address).text, "/sending")
    return desk.post(f"{address}/sending", data=form), form


def states(broadcast_id=None):
    query = select(Text.state, func.count()).where(Text.direction == "out").group_by(Text.state)
    return dict(session().execute(query).all())


def test_a_text_to_many_from_writing_to_arrival(desk, everyone, run_jobs, as_org, world):
    """A10: counts, parts and cost stand on the page before anyone confirms; everyone gets it in their language."""
    answer = write(desk, everyone)
    assert answer.status_code == 303, answer.text
    page = desk.get(answer.location).text
    assert "Send 12 texts" in page
    assert "about $" in page
    assert "Hi Ana, it&#39;s Imani from Southbank Tenants Union." in page
    answer, _ = send(desk, answer.location)
    assert answer.status_code == 303
    assert run_jobs() > 0
    with as_org("southbank"):
        assert states() == {"delivered": 12}
        bodies = session().scalars(select(SimulatedText.body)).all()
        assert sum("Hola" in body for body in bodies) == 6
        assert session().scalar(select(Broadcast.state)) == "sent"
        assert session().scalar(select(func.count()).select_from(Event).where(Event.verb == "text.sent")) == 12
    assert "12</b></span><span>of 12 texts have left" in desk.get(answer.location).text
    assert "arrived" in desk.get(answer.location, headers={"HX-Request": "true"}).text
    assert desk.get(f"{answer.location}/people?state=delivered").status_code == 200
    assert "Saturday" in desk.get("/texts").text


def test_who_is_left_out_is_said_with_the_way_to_fix_it(desk, everyone, acting, as_org, world, run_jobs):
    """Audience: no consent, opted out, no phone, landline, shared phone; each counted, named, and frozen at sending."""
    ids = world.people["southbank"]
    with acting("southbank") as actor:
        actions.revoke_consent(actor, world.phones[ids[0]], source="text", now=MONDAY)
        make_person(actor.org_id, "Nora", "Nophone")
        make_person(actor.org_id, "Nelly", "Never", phone="+14155550999")
        make_person(actor.org_id, "Hana", "Household", phone=world.phones[ids[2]])
        session().scalar(select(Phone).where(Phone.person_id == ids[4])).is_textable = False
    location = write(desk, everyone).location
    page = desk.get(location).text
    for words in (
        "replied STOP",
        "have no phone number",
        "never agreed to texts",
        "have only a landline",
        "share a phone",
    ):
        assert words in page
    assert "Nelly Never" in desk.get(f"{location}/people?reason=no_consent").text
    send(desk, location)
    run_jobs()
    with as_org("southbank"):
        why = Counter(session().scalars(select(Exclusion.reason)))
        assert why == {"opted_out": 1, "no_phone": 1, "no_consent": 1, "not_textable": 1, "shares_phone": 1}
        both = session().scalar(select(Text.body).where(Text.phone == world.phones[ids[2]]))
        assert both.startswith("Hi Carlos and Hana,")
        assert states() == {"delivered": 10}
    assert "Nelly Never" in desk.get(f"{location}/people?reason=no_consent").text


def test_words_that_may_not_leave_are_all_said_at_once(desk, everyone, as_org):
    """C8, R12, R20: nothing is sent while the words are wrong, and every reason is on the page."""
    location = write(desk, everyone, body_en="Hi {frist_name}, reply YES! See bit.ly/x", body_es="").location
    page = desk.get(location).text
    for words in (
        "There is no personal field {frist_name}",
        "reply YES",
        "Phone companies block short links",
        "Write the text in Spanish too",
    ):
        assert words in page, words
    assert "/sending" not in page
    answer = desk.post(f"{location}/sending", data={"once": "a-key"})
    assert answer.status_code == 422
    with as_org("southbank"):
        assert states() == {}


def test_what_changed_after_looking_is_not_sent(desk, everyone, as_org):
    location = write(desk, everyone).location
    seen = form_of(desk.get(location).text, "/sending")
    form = form_of(desk.get(f"{location}/words").text, 'name="body_en"')
    assert desk.post(f"{location}/words", data=form | {"body_en": EN + " Bring a friend."}).status_code == 303
    answer = desk.post(f"{location}/sending", data=seen)
    assert answer.status_code == 422
    assert "Someone changed this text" in answer.text
    with as_org("southbank"):
        assert states() == {}


def test_curly_quotes_are_repaired_when_asked(desk, everyone, as_org):
    location = write(desk, everyone, body_en=EN.replace("it's", "it’s")).location
    page = desk.get(location).text
    assert "Use plain quotes" in page
    assert desk.post(f"{location}/plain-quotes", data=form_of(page, "plain-quotes")).status_code == 303
    with as_org("southbank"):
        assert session().scalar(select(Broadcast)).bodies["en"] == EN


def test_pressing_send_many_times_sends_once(app, desk, everyone, as_org, run_jobs):
    """A4: fifty presses, with one key and with keys of their own, make one text for each phone."""
    location = write(desk, everyone).location
    form = form_of(desk.get(location).text, "/sending")
    cookie = desk.get_cookie("plenary").value

    def press(n):
        browser = app.test_client()
        browser.set_cookie("plenary", cookie)
        once = form["once"] if n % 2 else f"key-{n}"
        status = browser.post(f"{location}/sending", data=form | {"once": once}).status_code
        close_session()
        return status

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(press, range(50))) == {303}
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}
        assert session().scalar(select(func.count()).select_from(SimulatedText)) == 12


def test_quiet_hours_offer_the_next_hour(signed_in, everyone, clock, run_jobs, as_org):
    """R13: at night nothing leaves; the page names the hour, the texts wait for it."""
    clock.set(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # nine in the evening in Los Angeles
    desk = signed_in("imani", org="southbank")
    location = write(desk, everyone).location
    page = desk.get(location).text
    assert "Schedule 12 texts" in page
    assert "Quiet hours until tomorrow, 9:00 am" in page
    send(desk, location)
    run_jobs()
    with as_org("southbank"):
        assert states() == {"queued": 12}
    clock.move(hours=12, minutes=1)
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}


def test_a_stop_between_queueing_and_sending_is_obeyed(desk, everyone, acting, as_org, world, run_jobs):
    """R8, C1: the gate is asked again when claiming."""
    location = write(desk, everyone).location
    send(desk, location)
    phone = world.phones[world.people["southbank"][3]]
    with acting("southbank") as actor:
        actions.revoke_consent(actor, phone, source="text", now=MONDAY)
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 11, "refused": 1}
        assert session().scalar(select(Text.refusal).where(Text.phone == phone)) == "opted_out"
        assert not session().scalars(select(SimulatedText).where(SimulatedText.phone == phone)).all()
    assert "asked for no texts" in desk.get(f"{location}/people?state=refused").text


def test_stopping_keeps_the_rest_for_later(desk, everyone, as_org, run_jobs):
    """A6: nothing leaves after stop; the rest can be sent."""
    location = write(desk, everyone).location
    send(desk, location)
    assert desk.post(f"{location}/stop", data=form_of(desk.get(location).text, "/stop")).status_code == 303
    run_jobs()
    with as_org("southbank"):
        assert states() == {"queued": 12}
    page = desk.get(location).text
    assert "Send the remaining 12 texts" in page
    desk.post(f"{location}/rest", data=form_of(page, "/rest"))
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}


def test_stop_is_one_stop_wherever_it_is_pressed(desk, everyone, signed_in, as_org, run_jobs):
    """Stopping the job of a broadcast stops the broadcast: its page says so, and offers the rest."""
    location = write(desk, everyone).location
    send(desk, location)
    with as_org("southbank"):
        job = session().scalar(select(Broadcast.job_id))
    assert signed_in("dolores").post(f"/jobs/{job}/stop").status_code == 404
    assert desk.post(f"/jobs/{job}/stop").status_code == 303
    run_jobs()
    with as_org("southbank"):
        assert (states(), session().scalar(select(Broadcast.state))) == ({"queued": 12}, "stopped")
    desk.post(f"{location}/rest", data=form_of(desk.get(location).text, "/rest"))
    desk.post(f"/jobs/{job}/stop")  # a late second press on the old job stops nothing new
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}


def test_an_audience_is_read_as_one_flat_statement(desk, everyone, acting):
    """Joined to itself, PostgreSQL without fresh statistics would read everyone once for each of them: a minute for 800."""
    asked = []
    with acting("southbank") as actor:
        broadcast = Broadcast(org_id=actor.org_id, segment_id=everyone, state="draft", bodies={}, purpose="organizing")
        event.listen(engine(), "before_cursor_execute", listener := lambda *told: asked.append(told[2]))
        plan = plan_of(actor, broadcast, MONDAY)
        event.remove(engine(), "before_cursor_execute", listener)
    assert plan.total == 12
    reading = [statement for statement in asked if "people" in statement]
    assert len(reading) == 1 and len(re.findall(r"\bpeople\b(?!\.)", reading[0].lower())) == 1, reading


def test_the_daily_cap_holds_across_broadcasts(desk, everyone, as_org, run_jobs):
    """C7: two texts a day; whoever would get a third is left out, or held back when claimed."""
    for _ in range(2):
        send(desk, write(desk, everyone).location)
        run_jobs()
    location = write(desk, everyone).location
    assert "already had as many texts from us as a person may get in 24 hours" in desk.get(location).text
    assert desk.post(f"{location}/sending", data={"once": "third"}).status_code == 422
    with as_org("southbank"):
        assert states() == {"delivered": 24}


def test_a_large_list_is_queued_in_slices(monkeypatch, desk, everyone, as_org, run_jobs):
    """A1: nothing leaves before the whole list is queued."""
    monkeypatch.setattr(freezing, "AT_ONCE", 5)
    location = write(desk, everyone).location
    send(desk, location)
    with as_org("southbank"):
        assert session().scalar(select(Broadcast.state)) == "freezing"
        assert states() == {}
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}


def test_a_draft_can_be_thrown_away(desk, everyone, as_org):
    location = write(desk, everyone).location
    assert desk.post(f"{location}/removal", data=form_of(desk.get(location).text, "/removal")).status_code == 303
    assert desk.get(location).status_code == 404


def test_planning_takes_the_same_few_queries_for_any_list(everyone, as_org, count_queries):
    with as_org("southbank") as actor:
        draft = Broadcast(org_id=actor.org_id, segment_id=everyone, bodies={}, state="draft", purpose="organizing")
        with count_queries() as seen:
            plan_of(actor, draft, MONDAY)
        assert len(seen) <= 8, seen


def test_others_find_nothing(everyone, desk, signed_in):
    """T6: a broadcast of another organization looks like none at all; a volunteer may not text."""
    location = write(desk, everyone).location
    stranger = signed_in("stranger")
    assert stranger.get(location).status_code == 404
    assert stranger.post(f"{location}/sending", data={"once": "x"}).status_code == 404
    assert stranger.get(f"/texts/new?segment={everyone}").status_code == 200
    assert signed_in("vera", org="southbank").get("/texts").status_code == 403


def test_consent_is_recorded_with_its_words(desk, as_org, world):
    """R1, R6: staff write down what was said, with wording and evidence; an opt-out needs neither."""
    id = world.people["southbank"][0]
    address = f"/people/{id}/consent"
    form = form_of(desk.get(address).text, "phone_id")
    refused = desk.post(address, data=form | {"kind": "given", "source": "in_person"})
    assert refused.status_code == 422
    assert "Write down what they agreed to" in refused.text
    assert "Say where this can be looked up" in refused.text
    assert (
        desk.post(
            address,
            data=form | {"kind": "given", "source": "in_person", "wording": "You may text me", "evidence": "sheet 4"},
        ).status_code
        == 303
    )
    assert "Agreed to texts" in desk.get(address).text
    assert desk.post(address, data=form | {"once": "2", "kind": "revoked", "source": "phone_call"}).status_code == 303
    with as_org("southbank"):
        assert session().scalars(select(ConsentState.state)).all() == ["revoked"]
        assert session().scalars(select(Event.verb).where(Event.person_id == id).order_by(Event.at, Event.id)).all()[-2:] == [
            "consent.given",
            "consent.revoked",
        ]


def test_only_they_can_start_again(desk, acting, world):
    """C13: after STOP neither staff nor an imported list brings consent back."""
    id = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[id], source="web", now=MONDAY, wording="x", evidence="y")
        actions.revoke_consent(actor, world.phones[id], source="text", now=MONDAY)
        assert actions.import_consents(actor, [(id, world.phones[id])], wording="x", evidence="y", now=MONDAY) == 0
        actions.revoke_consent(actor, world.phones[id], source="in_person", now=MONDAY)
    address = f"/people/{id}/consent"
    form = form_of(desk.get(address).text, "phone_id")
    answer = desk.post(address, data=form | {"kind": "given", "source": "paper", "wording": "x", "evidence": "y"})
    assert answer.status_code == 422
    assert "Only they can start texts again" in answer.text
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[id], source="start", evidence="text 1", now=MONDAY)
        assert session().scalar(select(ConsentState.state)) == "given"


def test_the_ledger_rebuilds_the_present(acting, world, clock):
    """C9: the derived state of every phone is what the ledger says."""
    with acting("southbank") as actor:
        for n, id in enumerate(world.people["southbank"]):
            phone = world.phones[id]
            if n % 3 != 2:
                actions.give_consent(actor, phone, source="web", wording="x", evidence="y", now=clock.move(minutes=1))
            if n % 2:
                actions.revoke_consent(actor, phone, source=("text", "in_person")[n % 4 == 1], now=clock.move(minutes=1))
            if n % 5 == 0:
                actions.revoke_consent(actor, phone, source="email", now=clock.move(minutes=1))
        assert actions.rebuild_consent(actor) == 0
        one = session().scalar(select(ConsentState))
        one.state = "given" if one.state == "revoked" else "revoked"
        session().flush()
        assert actions.rebuild_consent(actor) == 1
        assert session().scalar(select(func.count()).select_from(Consent)) > 12


def test_an_import_brings_consent_and_undoing_it_takes_it_back(acting, world):
    """C13: what the import alone brought goes; what they said since stays, and nobody is marked as opted out."""
    ids = world.people["southbank"][:3]
    rows = [
        {
            "kind": "given",
            "person_id": id,
            "phones": [world.phones[id]],
            "at": MONDAY - timedelta(days=30),
            "source": "paper form",
            "evidence": f"list.csv, {id} (#7)",
            "subject": ("import", 7),
        }
        for id in ids
    ]
    with acting("southbank") as actor:
        actions.revoke_consent(actor, world.phones[ids[0]], source="text", now=MONDAY)
        for _ in range(2):
            actions.take_import(actor, rows, MONDAY)
        states = select(ConsentState.phone, ConsentState.state)
        assert dict(session().execute(states).all()) == {
            world.phones[ids[0]]: "revoked",
            world.phones[ids[1]]: "given",
            world.phones[ids[2]]: "given",
        }
        actions.give_consent(actor, world.phones[ids[2]], source="keyword", wording="x", evidence="y", now=MONDAY)
        actions.take_import_back(actor, rows, MONDAY)
        assert dict(session().execute(states).all()) == {world.phones[ids[0]]: "revoked", world.phones[ids[2]]: "given"}
        assert actions.rebuild_consent(actor) == 0
        actions.take_import(actor, rows, MONDAY)
        assert session().scalar(select(func.count()).select_from(ConsentState)) == 3


def test_the_number_texts_come_from(desk, signed_in, as_org):
    form = form_of(desk.get("/texts/number").text, "messaging_service_sid")
    wrong = desk.post("/texts/number", data=form | {"number": "12", "messaging_service_sid": "XX"})
    assert wrong.status_code == 422
    assert "It needs 10" in wrong.text
    assert "begins with MG" in wrong.text
    assert desk.post("/texts/number", data=form | REGISTERED | {"number": "415-555-0142", "state": "approved"}).status_code == 303
    other = signed_in("dolores")
    shared = other.post("/texts/number", data=REGISTERED | {"pace": "10", "once": "9", "number": "415-555-0142", "state": "approved"})
    assert "Another organization texts from this number" in shared.text


def test_one_text_to_one_person(acting, world, run_jobs, as_org, clock):
    """queue_text: one key is one text, the gate's reasons come back in words, quiet hours make it wait."""
    ids = world.people["southbank"]
    with acting("southbank") as actor:
        refusal = actions.queue_text(actor, ids[0], {"en": "Thank you, {first_name}"}, purpose="thanks", key="t", now=MONDAY)
        assert "never agreed" in str(refusal)
        actions.give_consent(actor, world.phones[ids[1]], source="web", wording="x", evidence="y", now=MONDAY)
        words = {"en": "Thank you, {first_name}", "es": "Gracias, {first_name}"}
        once = actions.queue_text(actor, ids[1], words, purpose="thanks", subject=("assembly", 5), key="k", now=MONDAY)
        assert actions.queue_text(actor, ids[1], words, purpose="thanks", key="k", now=MONDAY) == once
    run_jobs()
    with as_org("southbank"):
        text = session().scalar(select(Text))
        assert text.body == (
            "Southbank Tenants Union: Gracias, Beatriz Usted dio permiso para unos mensajes al mes. "
            "Pueden aplicar tarifas de mensajes y datos. HELP para ayuda, STOP para salir."
        )
        assert (text.state, text.subject_kind) == ("delivered", "assembly")
    with acting("southbank") as actor:
        night = clock.move(hours=12)
        actions.queue_text(actor, ids[1], words, purpose="thanks", key="night", now=night)
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 1, "queued": 1}


def test_deleting_a_person_takes_their_texts_and_keeps_the_opt_out(acting, world):
    """P3: an opt-out outlives the person."""
    id = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[id], source="web", wording="x", evidence="y", now=MONDAY, person_id=id)
        actions.queue_text(actor, id, {"en": "Hello"}, purpose="thanks", key="k", now=MONDAY)
        actions.revoke_consent(actor, world.phones[id], source="text", now=MONDAY, person_id=id)
        session().delete(session().get(Person, (actor.org_id, id)))
        session().flush()
        assert session().scalars(select(Text)).all() == []
        assert session().scalar(select(ConsentState.state)) == "revoked"


def test_a_text_about_something_below(monkeypatch, desk, everyone, acting, world, run_jobs, as_org):
    """V7: rooms below offer lists, fields and personal links; no table ever holds a usable link."""
    ids = world.people["southbank"][:3]
    with acting("southbank"):
        session().scalar(select(Phone).where(Phone.person_id == ids[1])).e164 = world.phones[ids[0]]

    def links(actor, id, people, now):
        return {person: issue_link_id(actor.org_id, "pass", person, expires_at=MONDAY, now=now) for person in people}

    monkeypatch.setitem(SUBJECTS, "party", Subject(
        name=lambda actor, id: f"Party {id}",
        audiences=lambda actor, id: {"invited": "invited", "coming": "said they come"},
        people=lambda actor, id, which, now: select(Person.id).where(Person.id.in_(ids)),
        purpose="rsvp",
        fields=lambda actor, id, language: {"place": "Carver’s Hall" if language == "en" else "la sala Carver"},
        bodies=lambda actor, id, which: {"en": "{first_name}, see you at {place}: {link}", "es": "En {place}: {link}"},
        links=links,
    ))  # fmt: skip
    page = desk.get("/texts/new?subject=party:7").text
    assert "Party 7: invited" in page
    assert "{place}" in page
    answer = desk.post("/texts", data=form_of(page, 'name="body_en"'))
    review = desk.get(answer.location).text
    assert "see you at Carver&#39;s Hall" in review, "a title's curly quote makes no text longer"
    assert "= " not in review.partition("in 12 parts")[2][:9], "one language needs no sum"
    send(desk, answer.location)
    run_jobs()
    with as_org("southbank"):
        texts = {t.phone: t for t in session().scalars(select(Text).order_by(Text.id))}
        shared = texts[world.phones[ids[0]]]
        assert shared.body.startswith("Southbank Tenants Union: Ana and Beatriz, see you at Carver's Hall: [[link:")
        assert shared.body.count("[[link:") == 2
        assert (shared.purpose, shared.subject_kind, shared.subject_id) == ("rsvp", "party", 7)
        sent = session().scalar(select(SimulatedText.body).where(SimulatedText.phone == shared.phone))
        assert sent.count("http://localhost/me/") == 2
        said = session().scalars(select(Event.after).where(Event.verb == "text.sent")).all()
        assert len(said) == 2
        assert not any("link:" in event["body"] or "/me/" in event["body"] for event in said)
    assert desk.get("/texts/new?subject=party:7&list=nobody").status_code == 200
    assert desk.get("/texts/new?subject=nothing:7").status_code == 200
