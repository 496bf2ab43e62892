"""A turnout drive by text: an organizer, six volunteers on their own phones in two languages, thirty-six people on pretend phones.

Everything goes through the pages: the desk, the volunteers' links, the phones. In the end everyone was texted once, in their own
language; what they answered stands on the turnout board; who said stop gets nothing more; and whom a volunteer left is in the inbox.
"""

import re
from html import unescape

import pytest
from sqlalchemy import func, select

from crm.infra import runtime
from crm.infra.db import reading, transaction
from crm.outreach.models import ConsentState, DriveAnswer, DriveContact, Text
from crm.turnout.models import Ask, Rsvp
from tests.clients import form_of
from tests.factories import make_person, next_phone
from tests.outreach.drives import Stage
from tests.turnout.conftest import make_assembly

VOLUNTEERS = {"Sofía": "es", "Marcus": "en", "Hanh": "en", "Lupe": "es", "Dre": "en", "Inés": "es"}
SAID = ("yes!", "Sí, con mi hermana", "maybe", "no puedo", "where is it?", "stop", "¿a qué hora?")
WORDS = {
    "body_en": "Hi {first_name}, it's {organizer} from {organization}. Our assembly is {day}. Can we count on you? Reply STOP to opt out.",
    "body_es": "Hola {first_name}, le escribe {organizer} de {organization}. La asamblea es {day}. ¿Contamos con usted? Responda STOP para salir.",
}


@pytest.fixture
def pretend(app, monkeypatch):
    """Pretend phones ring."""
    monkeypatch.setattr(runtime, "_settings", runtime.settings().but(is_demo=True))


@pytest.fixture
def stage(pretend, app, world, signed_in):
    org = world.orgs["southbank"]
    with transaction(org):
        assembly, _sitting, _starts = make_assembly(org, [org])
        more = [make_person(org, f"Vecina{n}", "Solis", phone=next_phone(), language="es" if n % 2 else "en") for n in range(24)]
    made = Stage(app, org, signed_in("omar"), [*world.people["southbank"], *more])
    made.agree(made.everyone)
    made.assembly = assembly
    return made


def set_up(stage):
    """The drive for everyone of the assembly's list, with a second question on rides, and six links."""
    page = stage.desk.get(f"/drives/new?subject=assembly:{stage.assembly}&list=not_asked").text
    audiences = re.findall(rf'value="(assembly:{stage.assembly}:[^"]+)"', page)
    form = form_of(page, 'name="body_en"') | WORDS | {"name": "Saturday", "audience": audiences[0], "batch_new": "4", "opens_hour": "9"}
    made = stage.desk.post("/drives", data=form)
    assert made.status_code == 303, re.findall(r'id="problems".*?</div>', made.text, re.S)
    id = stage.drive_id = int(made.location.rsplit("/", 1)[1])
    question = form_of(stage.desk.get(f"/drives/{id}/questions/new").text, "answers-0-label_en") | {
        "name": "Ride?", "ask_en": "Do you need a ride?", "ask_es": "¿Necesita transporte?",
        "answers-0-label_en": "Needs a ride", "answers-0-label_es": "Necesita", "answers-0-outcome": "support:ride", "answers-0-tag": "Ride",
        "answers-1-label_en": "Has one", "answers-1-label_es": "Tiene",
    }
    assert stage.desk.post(f"/drives/{id}/questions/new", data=question).status_code == 303
    first = form_of(stage.desk.get(f"/drives/{id}/questions/q1").text, "answers-0-label_en")
    assert stage.desk.post(f"/drives/{id}/questions/q1", data=first | {"answers-0-then": "q2"}).status_code == 303
    stage.desk.post(f"/drives/{id}/texters", data={"names": "\n".join(VOLUNTEERS), "once": "names"})
    opened = stage.desk.post(f"/drives/{id}/opening", data={"once": "open"})
    assert opened.status_code == 303, re.findall(r'id="problems".*?</div>', opened.text, re.S)
    page = unescape(stage.desk.get(f"/drives/{id}").text)
    stage.tokens = dict(zip(VOLUNTEERS, dict.fromkeys(re.findall(r'href="http://localhost/t/([\w-]{22})"', page)), strict=True))


def text_everyone(stage, run_jobs):
    """Turn by turn each volunteer takes a batch and presses send until nobody is left."""
    phones, busy = {name: stage.phone(name) for name in VOLUNTEERS}, True
    while busy:
        busy = False
        for name, phone in phones.items():
            lang = f"?lang={VOLUNTEERS[name]}"
            if re.search(r'action="/t/[^"]+/batches', phone.look(lang)):
                phone.press("/batches" + lang)
            while phone.send_next() is not None:
                busy = True
        run_jobs()
    return phones


@pytest.mark.long
def test_six_volunteers_bring_thirty_six_people_into_the_room(stage, run_jobs, clock):
    set_up(stage)
    with reading(stage.org_id) as s:
        assert s.scalar(select(func.count()).select_from(Ask)) == 0, "nobody is asked before somebody presses send"
    phones = text_everyone(stage, run_jobs)
    with reading(stage.org_id) as s:
        by_whom = dict(s.execute(select(Ask.asked_by, func.count()).where(Ask.how == "text").group_by(Ask.asked_by)).all())
        assert sum(by_whom.values()) == 36 and set(by_whom) <= set(VOLUNTEERS) and len(by_whom) > 1, "each ask by the volunteer who pressed"
    texts = stage.texts()
    assert len(texts) == len({text.phone for text in texts}) == 36 and {text.state for text in texts} == {"delivered"}
    assert all(("Hola" in text.body) == (text.language == "es") for text in texts)
    assert "36 of 36" in stage.desk.get(f"/drives/{stage.drive_id}").text

    clock.move(minutes=5)
    for n, text in enumerate(texts):  # everyone answers on a pretend phone
        for phone in phones.values():
            phone.press("/presence")
        stage.desk.post("/phones", data={"phone": text.phone, "body": SAID[n % len(SAID)], "once": f"said-{n}"})
        clock.move(seconds=20)
    run_jobs()
    stopped = [text.phone for n, text in enumerate(texts) if SAID[n % len(SAID)] == "stop"]
    with reading(stage.org_id) as s:
        assert set(s.scalars(select(ConsentState.phone).where(ConsentState.state == "revoked"))) == set(stopped)

    answered = work_the_replies(stage, phones, clock, {text.phone: SAID[n % len(SAID)] for n, text in enumerate(texts)})
    run_jobs()
    with reading(stage.org_id) as s:
        kept = s.scalar(select(func.count()).select_from(DriveAnswer))
        assert kept == answered > 20
        assert s.scalar(select(func.count()).select_from(Rsvp).where(Rsvp.state.in_(("yes", "confirmed")))) == 2 * 36 // len(SAID) + 1
        assert s.scalars(select(Text.id).where(Text.phone.in_(stopped), Text.purpose == "reply", Text.direction == "out")).all() == []
        handed = s.scalar(select(func.count()).select_from(DriveContact).where(DriveContact.handed_at.is_not(None)))
    inbox = stage.desk.get("/inbox").text
    assert inbox.count('fs-t1">Given to you by a volunteer') == handed > 0
    page = stage.desk.get(f"/drives/{stage.drive_id}").text
    assert "36 of 36" in page and "Read what was off script" in page

    clock.move(minutes=30)  # they have gone home; who writes now is answered from the inbox
    late = next(text for n, text in enumerate(texts) if SAID[n % len(SAID)] == "maybe")
    stage.desk.post("/phones", data={"phone": late.phone, "body": "can I bring my dog?", "once": "late"})
    assert "can I bring my dog?" in stage.desk.get("/inbox").text
    assert stage.desk.post(f"/drives/{stage.drive_id}/ending", data={"once": "end"}).status_code == 303
    for phone in phones.values():
        phone.look(status=404)


def work_the_replies(stage, phones, clock, said):
    """Each volunteer works what waits for her: a tap on the script where it fits, her own words, or to an organizer."""
    answered = 0
    for name, phone in phones.items():
        lang = f"?lang={VOLUNTEERS[name]}"
        while found := re.search(r'id="replies".*?href="/t/[\w-]+/people/(\d+)', phone.look(lang).split("<h2")[0], re.S):
            contact = int(found[1])
            words = said[next(one.phone for one in stage.contacts() if one.id == contact)]
            page = phone.look(f"/people/{contact}{lang}")
            assert words in page and ("Sus propias palabras" in page) == (VOLUNTEERS[name] == "es")
            answered += answer(phone, contact, words)
            clock.move(seconds=5)
    return answered


def answer(phone, contact, words):
    branch = {"yes!": "a1", "Sí, con mi hermana": "a1", "maybe": "a2", "no puedo": "a3"}.get(words)
    if branch:
        phone.tap(contact, branch)
        return 1
    if words == "where is it?":
        form = form_of(phone.look(f"/people/{contact}"), 'name="body"')
        phone.press(f"/people/{contact}/words", **form | {"body": "At Carver Street Hall, ten in the morning."})
        return 0
    phone.press(f"/people/{contact}/handing")
    return 0

