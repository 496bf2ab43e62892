"""Signing up for texts on the public page, and what people are told wherever they agree."""

import re
from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from crm.infra.db import session
from crm.infra.look import say
from crm.kernel.refusal import Reason
from crm.organizations.queries import organization_of
from crm.outreach import actions
from crm.outreach.actions.signing_up import MOST_FROM_ONE_PLACE, opt_in_words
from crm.outreach.models import Consent, ConsentState, SignUp, SimulatedText, Text, Wording
from crm.outreach.rules.disclosure import ELEMENTS, missing_elements
from crm.outreach.rules.keywords import DISCLOSURE
from crm.outreach.rules.replies.threads import HELP_ANSWER, STOP_ANSWER
from crm.people.models import Person, Phone
from crm.turnout.rules.door import CONSENT_WORDING
from tests.clients import form_of
from tests.factories import MONDAY

PAGE = "/texting/southbank/join"
NEW = "+14155550191"


def sign(client, phone="415-555-0191", page=PAGE, **more):
    form = form_of(client.get(page).text, 'name="agrees"')
    typed = {"name": "Rosa Quintero", "phone": phone, "language": "es", "agrees": "y"} | more
    return client.post(page, data=form | {name: value for name, value in typed.items() if value is not None})


def states(phone=NEW):
    return dict(session().execute(select(ConsentState.purpose, ConsentState.state).where(ConsentState.phone == phone)).all())


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_hold_every_element(app, as_org, language):
    """R3: sender, program, frequency, rates, STOP, HELP, terms and privacy with their link; beside each box and in the first text."""
    with as_org("southbank") as actor:
        from_us = {"organization": "Southbank Tenants Union", "url": "https://texts.example/texting/southbank"}
        with force_locale(language):
            for words in (opt_in_words(organization_of(actor)), opt_in_words(organization_of(actor), True), Reason(DISCLOSURE, from_us)):
                assert missing_elements(str(say(words)), "Southbank Tenants Union") == [], str(say(words))
            door = str(say(CONSENT_WORDING))
            assert set(missing_elements(door, "Southbank")) <= {"sender", "link"}, "the organization is chosen there; its first text has the link"


@pytest.mark.parametrize("name", ["sender", *ELEMENTS])
def test_each_element_is_missed(name):
    """R3: taken out of the words, it is named."""
    whole = ("Southbank: texts about our work, a few a month. Msg & data rates may apply. HELP for help, STOP to opt out. "
             "Terms, privacy: https://x.example/y")
    cuts = {"sender": "Southbank", "frequency": "a month", "rates": "data rates", "stop": "STOP", "help": "HELP for help", "terms": "Terms",
            "privacy": "privacy", "link": "https://x.example/y", "program": "our work"}
    assert missing_elements(whole, "Southbank") == []
    assert missing_elements(re.sub(re.escape(cuts[name]), "…", whole), "Southbank") == [name]


def test_no_box_is_ticked_and_without_it_nothing_is_kept(client, as_org):
    """R3: never pre-ticked; every problem at once."""
    page = client.get(PAGE).text
    boxes = re.findall(r"<input[^>]*type=.?checkbox[^>]*>", page)
    assert len(boxes) == 2 and not any("checked" in box for box in boxes)
    assert "Southbank Tenants Union about its work" in page and "/texting/southbank" in page
    answer = sign(client, phone="12", name="", agrees=None)
    assert answer.status_code == 422
    for words in ("Write your name.", "It needs 10", "Tick the box"):
        assert words in answer.text
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(SignUp)) == 0


def test_somebody_new_signs_up(client, as_org, run_jobs, world):
    """R1, R3: source web, the exact words with their version, evidence; the first text confirms, in their language."""
    assert sign(client).status_code == 303
    assert sign(client, once="twice").status_code == 303
    run_jobs()
    with as_org("southbank"):
        line, words = session().execute(select(Consent, Wording).join(Wording, Wording.id == Consent.wording_id)).first()
        assert (line.phone, line.source, line.purpose, line.collector, line.account_id) == (NEW, "web", "organizing", "Plenary", None)
        assert "Southbank Tenants Union" in words.words and words.number == 1 and "/texting/southbank/join" in line.evidence
        person = session().scalars(select(Person).join(Phone, Phone.person_id == Person.id).where(Phone.e164 == NEW)).one()
        assert (person.given_name, person.family_name, person.language) == ("Rosa", "Quintero", "es")
        assert states() == {"organizing": "given"}
        sent = session().scalars(select(SimulatedText.body).where(SimulatedText.phone == NEW)).all()
        assert len(sent) == 1 and missing_elements(sent[0], "Southbank Tenants Union") == [] and "tarifas" in sent[0]
        assert set(session().execute(select(SignUp.name, SignUp.phone, SignUp.outcome)).all()) == {("", "", "agreed")}
    with as_org("mill"):
        assert session().scalars(select(Consent)).all() == [], "R2: to one organization"


def test_to_be_asked_for_money_is_a_box_of_its_own(client, as_org, run_jobs):
    """R1: consent is for a purpose."""
    sign(client, may_ask="y")
    run_jobs()
    with as_org("southbank"):
        assert states() == {"organizing": "given", "fundraising": "given"}
        assert session().scalar(select(func.count()).select_from(Wording)) == 2


def test_nothing_shows_who_is_known_and_no_form_revives_a_stop(client, acting, as_org, run_jobs, world):
    """S4, C13, R10: a member, somebody who replied STOP and a stranger get the same answer; the STOP stands."""
    member, stopped = (world.phones[id] for id in world.people["southbank"][:2])
    with acting("southbank") as actor:
        for phone in (member, stopped):
            actions.give_consent(actor, phone, source="paper", wording="x", evidence="y", now=MONDAY)
        actions.revoke_consent(actor, stopped, source="text", said="STOP", now=MONDAY)
    answers = [sign(client, phone=phone[2:], once=phone) for phone in (member, stopped, NEW)]
    assert {(a.status_code, a.location, a.data) for a in answers} == {(303, answers[0].location, answers[0].data)}
    run_jobs()
    with as_org("southbank"):
        assert (states(member), states(stopped), states(NEW)) == ({"organizing": "given"}, {"organizing": "revoked"}, {"organizing": "given"})
        assert session().scalar(select(func.count()).select_from(Text).where(Text.phone.in_((member, stopped)))) == 0, "nobody is texted at another's wish"
        assert session().scalar(select(func.count()).select_from(Person)) == 13
    assert "START" in client.get("/texting/southbank/joined").text


def test_a_number_is_not_signed_up_again_and_again(client, as_org, run_jobs):
    for n in range(6):
        assert sign(client, once=f"n{n}").status_code == 303
    run_jobs()
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(SignUp).where(SignUp.outcome == "agreed")) == 3
        assert session().scalar(select(func.count()).select_from(Text)) == 1


def test_one_connection_cannot_fill_the_list(client, as_org, acting, clock):
    """S10: counted in the database, so that every process counts alike; an hour later it is over."""
    sign(client)
    with acting("southbank"):
        one = session().scalars(select(SignUp)).one()
        for n in range(MOST_FROM_ONE_PLACE):
            session().add(SignUp(org_id=one.org_id, name="x", phone="+1", language="en", wording_id=one.wording_id, phone_mark=str(n),
                                 address_mark=one.address_mark, created_at=MONDAY))
    assert "Wait an hour" in sign(client, once="m").text
    clock.set(MONDAY + timedelta(hours=1, minutes=1))
    assert sign(client, once="o").status_code == 303


def test_at_night_the_first_text_waits(client, as_org, run_jobs, clock):
    """R16: signing up is no text to us; the hours hold."""
    clock.set(MONDAY + timedelta(hours=14))
    sign(client)
    run_jobs()
    with as_org("southbank"):
        text = session().scalars(select(Text)).one()
        assert text.state == "queued" and text.not_before_at > clock.now + timedelta(hours=9)


def test_nowhere(client):
    assert client.get("/texting/nowhere/join").status_code == 404
    assert client.get(PAGE + "?lang=es").text.count("Acepto") == 1


def test_stop_and_help_say_who_we_are():
    """R11: the answers name the organization, a contact and the way out."""
    assert "%(organization)s" in HELP_ANSWER and "%(contact)s" in HELP_ANSWER and "STOP" in HELP_ANSWER
    assert "%(organization)s" in STOP_ANSWER


def choose(signed_in, **more):
    """The administrator's page, with these answers."""
    desk = signed_in("imani", org="southbank")
    form = form_of(desk.get("/texts/choices").text, "two_people_above")
    assert desk.post("/texts/choices", data={name: value for name, value in (form | more).items() if value is not None}).status_code == 303
    return desk.get("/texts/choices").text


def frames(answer):
    return re.search(r"frame-ancestors (.*)$", answer.headers["Content-Security-Policy"])[1]


def kept(as_org):
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(SignUp))


def test_an_administrator_switches_the_page_off(client, signed_in, as_org):
    """Off, every form says so and takes nothing, also one that stood open; on again, it takes."""
    standing = form_of(client.get(PAGE).text, 'name="agrees"') | {"name": "Rosa", "phone": "415-555-0191", "agrees": "y"}
    choose(signed_in, signs_up=None, hosts="southbank.org")
    assert signed_in("omar", org="southbank").get("/texts/choices").status_code == 403
    for page in (PAGE, f"{PAGE}/frame"):
        shown = client.get(page)
        assert shown.status_code == 200 and "takes no sign-ups on the web now" in shown.text and 'name="phone"' not in shown.text
    refused = client.post(PAGE, data=standing)
    assert refused.status_code == 422 and "takes no sign-ups" in refused.text and kept(as_org) == 0
    choose(signed_in, signs_up="y")
    assert client.post(PAGE, data=standing | {"once": "again"}).status_code == 303 and kept(as_org) == 1


def test_only_the_organizations_own_sites_show_the_page_in_a_frame(client, signed_in, as_org):
    """S4: without a declared site there is no such page; with one, its three answers name it, and every other answer stays out of frames."""
    frame = f"{PAGE}/frame"
    assert client.get(frame).status_code == 404 and frames(client.get(frame)) == "'none'"
    assert client.post(frame, data={"name": "Rosa", "phone": "415-555-0191", "agrees": "y", "language": "en"}, csrf=False).status_code == 404
    assert kept(as_org) == 0
    page = choose(signed_in, hosts="southbank.org\nhttps://tenants.example/us")
    assert f'src=&#34;http://localhost{frame}&#34; title=&#34;Get texts from Southbank' in page
    ours = "https://southbank.org https://*.southbank.org https://tenants.example https://*.tenants.example"
    form = form_of(client.get(frame).text, 'name="agrees"') | {"name": "Rosa", "phone": "415-555-0191", "agrees": "y"}
    assert "csrf_token" not in form, "no cookie comes along in a frame"
    wrong = client.post(frame, data=form | {"phone": "1"}, csrf=False)
    done = client.post(frame, data=form, csrf=False)
    assert (wrong.status_code, done.status_code, kept(as_org)) == (422, 303, 1)
    answers = (client.get(frame), wrong, done, client.get(done.location))
    assert [frames(answer) for answer in answers] == [ours] * 4
    assert "Thank you" in answers[3].text
    for page in (PAGE, "/texting/southbank/joined", "/texting/southbank", "/texting/mill/join", "/sign-in"):
        assert frames(client.get(page)) == "'none'", page
    assert client.get("/texting/mill/join/frame").status_code == 404


@pytest.mark.parametrize("mark", ["", "x", "9" * 30, "1.0", None])
def test_a_framed_form_that_we_did_not_make_is_shown_again(client, signed_in, as_org, clock, mark):
    choose(signed_in, hosts="southbank.org")
    form = form_of(client.get(f"{PAGE}/frame").text, 'name="agrees"') | {"name": "Rosa", "phone": "415-555-0191", "agrees": "y"}
    if mark is None:
        clock.move(hours=13)
    else:
        form["mark"] = mark
    refused = client.post(f"{PAGE}/frame", data=form, csrf=False)
    assert refused.status_code == 422 and "stood open for a long time" in refused.text and kept(as_org) == 0
    again = form_of(refused.text, 'name="agrees"') | {"once": "again"}
    assert client.post(f"{PAGE}/frame", data=again, csrf=False).status_code == 303 and kept(as_org) == 1
