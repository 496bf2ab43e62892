"""D7: what a member does by text alone, from their own phone through the webhook's way in: join, answer, ask for supports, arrive."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.infra import runtime
from crm.infra.db import reading, session, transaction
from crm.outreach.models import Consent, ConsentState, Keyword, SimulatedText, Thread, Wording
from crm.outreach.rules.disclosure import missing_elements
from crm.people.models import Person, Phone
from crm.turnout.models import Attendance, Rsvp, Support
from tests.clients import form_of
from tests.turnout.conftest import hall  # noqa: F401 - fixture

STRANGER = "+15105550188"


class Member:
    """A phone: what it writes and what rings on it."""

    def __init__(self, browser, run_jobs, number):
        self.browser, self.run_jobs, self.number = browser, run_jobs, number

    def writes(self, body):
        answer = self.browser.post("/phones", data={"phone": self.number, "body": body})
        assert answer.status_code == 303, answer.text[:1000]
        self.run_jobs()
        return self.rang()[-1]

    def rang(self):
        with reading():
            wanted = select(SimulatedText.body).where(SimulatedText.phone == self.number, SimulatedText.direction == "to_phone")
            return [""] + list(session().scalars(wanted.order_by(SimulatedText.at, SimulatedText.id)))


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setattr(runtime, "_settings", runtime.settings().but(is_demo=True))


@pytest.fixture
def imani(demo, signed_in):
    return signed_in("imani", org="southbank")


@pytest.fixture
def stranger(imani, run_jobs):
    return Member(imani, run_jobs, STRANGER)


@pytest.fixture
def ana(imani, run_jobs, world):
    """Someone the organization knows, who reads English and has not agreed to texts."""
    return Member(imani, run_jobs, world.phones[world.people["southbank"][0]])


def add_keyword(imani, word, language="en", leads_to=""):
    form = form_of(imani.get("/texts/keywords").text, 'name="word"')
    return imani.post("/texts/keywords", data=form | {"word": word, "language": language, "leads_to": leads_to})


def person_of(org_id, number):
    with reading(org_id):
        return session().execute(
            select(Person.id, Person.given_name, Person.family_name, Person.language)
            .join(Phone, (Phone.org_id == Person.org_id) & (Phone.person_id == Person.id))
            .where(Phone.e164 == number)).one_or_none()


def one(org_id, wanted):
    with reading(org_id):
        return session().scalar(wanted)


@pytest.mark.parametrize(("language", "word", "name", "said_name", "asks", "speaks", "thanks"), [
    ("en", "RENT", "Rosa Ibarra", "rosa ibarra", "English or español?", "english", "We write to you in English."),
    ("es", "RENTA", "Rosa Ibarra", "Rosa Ibarra", "¿English o español?", "español", "Le escribimos en español."),
])
def test_a_stranger_joins_by_keyword(imani, stranger, world, language, word, name, said_name, asks, speaks, thanks):
    """A4, D7, R3: the word is consent, the first text says to what; then name and language, and the record stands."""
    org_id = world.orgs["southbank"]
    assert add_keyword(imani, word, language).status_code == 303
    first = stranger.writes(f"{word.title()}!")
    assert missing_elements(first, "Southbank Tenants Union") == []
    for element in ("Southbank Tenants Union", "STOP", "HELP", "/texting/southbank", "Msg & data rates" if language == "en" else "tarifas"):
        assert element in first
    assert ("What is your name?" if language == "en" else "¿Cómo se llama?") in first
    assert asks in stranger.writes(said_name)
    assert stranger.writes(speaks).endswith(thanks)
    assert person_of(org_id, STRANGER)[1:] == ("Rosa", "Ibarra", language)
    with reading(org_id):
        line, = session().scalars(select(Consent).where(Consent.phone == STRANGER))
        words = session().scalar(select(Wording.words).where(Wording.id == line.wording_id))
        assert (line.kind, line.source, line.said) == ("given", "keyword", f"{word.title()}!") and words in first and word in line.evidence
        assert session().scalar(select(Keyword.joined)) == 1
        thread = session().scalar(select(Thread).where(Thread.phone == STRANGER))
        assert (thread.state, thread.facts.get("open")) == ("done", None)
    assert "1 joined" in imani.get("/texts/keywords").text


def test_the_name_tells_the_language(imani, stranger, world):
    add_keyword(imani, "RENT")
    stranger.writes("rent")
    assert stranger.writes("Hola, me llamo Lucía Peña") == "Gracias, Lucía. Qué bueno que se une."
    assert person_of(world.orgs["southbank"], STRANGER)[1:] == ("Lucía", "Peña", "es")


def test_the_keyword_twice_is_one_consent_and_one_person(imani, stranger, world):
    org_id = world.orgs["southbank"]
    add_keyword(imani, "RENT")
    stranger.writes("RENT")
    assert stranger.writes("RENT") == "What is your name?"
    assert one(org_id, select(func.count()).select_from(Consent).where(Consent.phone == STRANGER)) == 1
    assert person_of(org_id, STRANGER) is not None


def test_who_ended_texts_does_not_begin_again_by_a_keyword(imani, ana, world):
    """R10: START alone, and a person is told."""
    org_id = world.orgs["southbank"]
    add_keyword(imani, "RENT")
    ana.writes("RENT")
    ana.writes("STOP")
    rang = len(ana.rang())
    ana.writes("RENT")
    assert len(ana.rang()) == rang
    assert one(org_id, select(ConsentState.state).where(ConsentState.phone == ana.number)) == "revoked"
    assert one(org_id, select(Thread.reason).where(Thread.phone == ana.number)) == "wrote_after_stop"
    assert "our texts again" in ana.writes("START")


def test_stop_ends_a_conversation_at_any_step(imani, stranger, world):
    add_keyword(imani, "RENT")
    stranger.writes("RENT")
    assert "no more texts" in stranger.writes("stop")
    rang = len(stranger.rang())
    stranger.writes("Rosa")
    assert len(stranger.rang()) == rang and person_of(world.orgs["southbank"], STRANGER)[1] == ""


@pytest.mark.parametrize("words", ["who is this?", "wrong number", "I moved to 12 Elm St"])
def test_what_is_no_name_is_read_on_its_own(imani, stranger, world, words):
    add_keyword(imani, "RENT")
    stranger.writes("RENT")
    stranger.writes(words)
    assert person_of(world.orgs["southbank"], STRANGER)[1] == ""
    assert one(world.orgs["southbank"], select(Thread.state).where(Thread.phone == STRANGER)) == "needs_answer"


@pytest.mark.parametrize(("word", "says"), [
    ("STOP", "meaning of its own"), ("ayuda", "meaning of its own"), ("yes", "meaning of its own"),
    ("two words", "Write one word"), ("ab", "Write one word"), ("12345", "meaning of its own"), ("", "Write a word"),
])
def test_words_that_cannot_be_keywords(imani, word, says):
    """R12: never a word that phone companies or we act on."""
    answer = add_keyword(imani, word)
    assert answer.status_code == 422 and says in answer.text


def test_a_keyword_is_ended_and_used_again(imani, stranger, world):
    add_keyword(imani, "RENT")
    assert add_keyword(imani, "rent").status_code == 422
    id = one(world.orgs["southbank"], select(Keyword.id))
    assert imani.post(f"/texts/keywords/{id}/end").status_code == 303
    stranger.writes("RENT")
    assert person_of(world.orgs["southbank"], STRANGER) is None
    assert imani.post(f"/texts/keywords/{id}/restore").status_code == 303
    stranger.writes("RENT")
    assert person_of(world.orgs["southbank"], STRANGER) is not None


def test_another_organization_has_its_own_words(imani, signed_in, world):
    add_keyword(imani, "RENT")
    dolores = signed_in("dolores")
    assert "RENT" not in dolores.get("/texts/keywords").text.replace("like RENT", "")
    id = one(world.orgs["southbank"], select(Keyword.id))
    assert dolores.post(f"/texts/keywords/{id}/end").status_code == 404


def test_what_they_agree_to_can_be_read_by_anybody(client):
    page = client.get("/texting/southbank")
    assert page.status_code == 200 and "Text STOP at any time" in page.text
    assert client.get("/texting/nobody").status_code == 404


# An assembly --------------------------------------------------------------------------------------------------------


def test_a_keyword_of_an_assembly_is_a_yes_to_it(imani, stranger, world, hall):  # noqa: F811
    org_id = world.orgs["southbank"]
    add_keyword(imani, "HOUSING", "es", f"assembly:{hall.id}")
    first = stranger.writes("housing")
    assert "Asamblea por la Vivienda" in first and "¿Cómo se llama?" in first
    person = person_of(world.orgs["southbank"], STRANGER)
    assert one(org_id, select(Rsvp.state).where(Rsvp.person_id == person[0])) == "yes"


def asked(imani, hall, ana):  # noqa: F811
    """Ana has agreed to texts and was asked to the assembly: its keyword is the shortest way there."""
    add_keyword(imani, "HOUSING", "en", f"assembly:{hall.id}")
    ana.writes("housing")


def supports_of(world, person_id):
    with reading(world.orgs["southbank"]):
        found = session().execute(
            select(Support.kind, Support.quantity, Support.detail).join(Rsvp, Rsvp.id == Support.rsvp_id).where(Rsvp.person_id == person_id))
        return {kind: (quantity, detail) for kind, quantity, detail in found}


def test_a_ride_is_asked_for_in_conversation(imani, ana, world, hall):  # noqa: F811
    person_id = world.people["southbank"][0]
    asked(imani, hall, ana)
    assert ana.writes("I need a ride and an interpreter please").endswith("Where should the ride pick you up?")
    assert ana.writes("the library on Mill Street") == "Thank you, we wrote it down. Which language do you need?"
    assert ana.writes("cantonese") == "Thank you, we wrote it down."
    assert supports_of(world, person_id) == {"ride": (1, "the library on Mill Street"), "interpretation": (1, "Cantonese")}


def test_un_raite_en_espanol(imani, run_jobs, world, hall):  # noqa: F811
    person_id = world.people["southbank"][1]
    bea = Member(imani, run_jobs, world.phones[person_id])
    asked(imani, hall, bea)
    assert bea.writes("Sí, somos 3. Necesito transporte e intérprete, y cuidado de niños").endswith("¿Dónde pasamos por usted?")
    assert bea.writes("en la calle Olmo 45").endswith("¿Cuántos niños son y de qué edad?")
    assert bea.writes("dos, de 4 y 7 años").startswith("Gracias, ya lo apuntamos. ¿A qué horas necesita el cuidado de niños?")
    assert bea.writes("de 10 a 12:30") == "Gracias, ya lo apuntamos."
    assert one(world.orgs["southbank"], select(Support.hours).where(Support.kind == "childcare")) == [[hall.session_id, 0, 150]]
    assert supports_of(world, person_id) == {"ride": (1, "en la calle Olmo 45"), "interpretation": (1, "Spanish"), "childcare": (2, "4, 7")}
    assert one(world.orgs["southbank"], select(Rsvp.guests).where(Rsvp.person_id == person_id)) == 2


def test_what_was_said_at_once_is_not_asked(imani, ana, world, hall):  # noqa: F811
    asked(imani, hall, ana)
    said = ana.writes("yes and I need childcare for two kids 4 and 7, 11am to 1pm, and a ride from 24th and Mission")
    assert "noted what you need" in said and "?" not in said
    assert supports_of(world, world.people["southbank"][0]) == {"childcare": (2, "4, 7"), "ride": (1, "24th and Mission")}
    wish = select(Support.hours).where(Support.kind == "childcare"), select(Support.children).where(Support.kind == "childcare")
    assert [one(world.orgs["southbank"], asked_for) for asked_for in wish] == [[[hall.session_id, 60, 180]], {"small": 1, "school": 1}]


def test_another_question_instead_of_an_answer_goes_to_a_person(imani, ana, world, hall):  # noqa: F811
    asked(imani, hall, ana)
    ana.writes("I need a ride")
    ana.writes("what time does it start?")
    assert one(world.orgs["southbank"], select(Thread.reason).where(Thread.phone == ana.number)) == "question"
    assert ana.writes("corner of Oak and 5th") == "Thank you, we wrote it down."


@pytest.mark.parametrize(("n", "words", "welcome", "again"), [
    (0, "here", "Welcome, Ana. You are checked in at People's Housing Assembly.", "You are already checked in"),
    (1, "aquí", "Le damos la bienvenida", "ya estaba registrada"),
])
def test_checking_in_by_text_on_the_day(imani, run_jobs, world, hall, clock, signed_in, n, words, welcome, again):  # noqa: F811
    """D7: within the session's hours, once, and it says so."""
    person_id = world.people["southbank"][n]
    member = Member(imani, run_jobs, world.phones[person_id])
    asked(imani, hall, member)
    clock.set(hall.starts_at + timedelta(minutes=5))
    member.browser = signed_in("imani", org="southbank")
    said = member.writes(words)
    assert welcome in said
    clock.move(minutes=1)
    repeated = member.writes(words)
    assert again in repeated
    assert said != repeated
    with reading(world.orgs["southbank"]):
        rows = session().scalars(select(Attendance).where(Attendance.person_id == person_id)).all()
        assert [(row.session_id, row.undone_at) for row in rows] == [(hall.session_id, None)]


def test_before_the_day_nobody_is_checked_in(imani, ana, world, hall, clock):  # noqa: F811
    asked(imani, hall, ana)
    rang = len(ana.rang())
    ana.writes("I'm here")
    assert len(ana.rang()) == rang
    assert one(world.orgs["southbank"], select(Thread.reason).where(Thread.phone == ana.number)) == "here"
    assert one(world.orgs["southbank"], select(func.count()).select_from(Attendance)) == 0


def test_a_check_in_that_the_door_took_back_stays_taken_back(imani, ana, world, hall, clock, signed_in):  # noqa: F811
    asked(imani, hall, ana)
    clock.set(hall.starts_at)
    ana.browser = signed_in("imani", org="southbank")
    ana.writes("here")
    with reading(world.orgs["southbank"]):
        assert session().scalar(select(func.count()).select_from(Attendance)) == 1
    with transaction(world.orgs["southbank"]):
        session().scalar(select(Attendance)).undone_at = clock.now
    rang = len(ana.rang())
    ana.writes("here")
    assert len(ana.rang()) == rang and one(world.orgs["southbank"], select(func.count()).select_from(Attendance).where(Attendance.undone_at.is_(None))) == 0
