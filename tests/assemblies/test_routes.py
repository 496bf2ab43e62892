"""Assemblies through HTTP: the wizard, the pages, who sees and who changes."""

import re
from datetime import date

import pytest

from crm.assemblies.models import AgendaItem, Assembly, AssemblyPartner, AssemblySession, AssemblyTask
from crm.infra.db import session
from tests.clients import form_of

ANSWERS = {
    "title_en": "People's Housing Assembly",
    "title_es": "Asamblea Popular de Vivienda",
    "question_en": "What must our city do so that everyone can stay in their home?",
    "question_es": "¿Qué debe hacer nuestra ciudad para que nadie pierda su hogar?",
    "day": "2027-02-06",
    "starts": "10:00",
    "time_zone": "America/Los_Angeles",
    "place": "Carver Street Hall",
    "address": "40 Carver Street",
    "goal": "300",
    "capacity": "",
    "languages": ["en", "es"],
}


def made(browser, world, kind="A2", **changes) -> int:
    """An assembly from the wizard; its id."""
    answers = ANSWERS | {"partners": [world.orgs["mill"]]} | changes
    answer = browser.post(f"/assemblies/new/{kind}", data=answers)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_wizard_from_a_sentence_to_all_dates_to_an_assembly(signed_in, world, as_org):
    browser = signed_in("omar")
    chooser = browser.get("/assemblies/new").text
    assert "one joint platform that members and organizations stand behind" in chooser
    form = form_of(browser.get("/assemblies/new/A2").text, 'name="title_en"')
    assert (form["goal"], form["starts"], form["time_zone"]) == ("300", "10:00", "America/Los_Angeles")
    preview = browser.post("/assemblies/new/A2/preview", data=ANSWERS | {"partners": [world.orgs["mill"]]})
    for words in (
        "Nothing is made yet",
        "Saturday, February 6",
        "Listening session",
        "Freeze the text that is voted on",
        "Mill District Workers Center",
        "two thirds of yes and no",
    ):
        assert words in preview.text
    hidden = form_of(preview.text, "change")
    answer = browser.post("/assemblies/new/A2", data=hidden)
    again = browser.post("/assemblies/new/A2", data=hidden)
    assert answer.status_code == 303 and again.location == answer.location
    page = browser.get(answer.location).text
    for words in ("People&#39;s Housing Assembly", "Carver Street Hall", "10:00 am", "Draft", "Steering committee"):
        assert words in page
    with as_org("southbank"):
        assembly = session().query(Assembly).one()
        assert (assembly.day, assembly.goal, assembly.state, assembly.kind) == (date(2027, 2, 6), 300, "draft", "A2")
        assert len(session().query(AssemblySession).all()) == 3
        assert len(session().query(AssemblyTask).all()) == 20
        assert len(session().query(AgendaItem).all()) > 15
        rows = session().query(AssemblyPartner).order_by(AssemblyPartner.role).all()
        assert [(row.role, row.state) for row in rows] == [("convener", "accepted"), ("partner", "invited")]


def test_wizard_says_all_problems_at_once_and_keeps_what_was_typed(signed_in, world):
    browser = signed_in("omar")
    wrong = {
        "title_es": "Asamblea de prueba",
        "day": "2020-13-45",
        "goal": "many",
        "capacity": "-3",
        "place": "Sala Uno",
        "time_zone": "America/Los_Angeles",
        "starts": "25:99",
    }
    for path in ("/assemblies/new/A2/preview", "/assemblies/new/A2"):
        answer = browser.post(path, data=wrong)
        assert answer.status_code == 422
        for words in (
            "Write the question",
            "Choose the day",
            "Write the goal as a number, like 300",
            "how many people the room",
            "Choose at least one language",
            "Write a time like 10:00",
            "Asamblea de prueba",
            "Sala Uno",
            "many",
        ):
            assert words in answer.text, words


def test_preview_can_be_changed_and_keeps_everything(signed_in, world):
    browser = signed_in("omar")
    hidden = form_of(browser.post("/assemblies/new/A2/preview", data=ANSWERS).text, "change")
    back = form_of(browser.post("/assemblies/new/A2/preview", data=hidden | {"change": "1"}).text, 'name="title_en"')
    assert back["title_en"] == "People&#39;s Housing Assembly" or back["title_en"] == ANSWERS["title_en"]
    assert back["day"] == "2027-02-06" and back["place"] == "Carver Street Hall"


def test_a_playbook_that_is_not_there(signed_in):
    assert signed_in("omar").get("/assemblies/new/A99").status_code == 404


def test_partners_must_come_from_the_coalition(signed_in, world):
    answer = signed_in("omar").post("/assemblies/new/A2", data=ANSWERS | {"partners": [world.orgs["elsewhere"]]})
    assert answer.status_code == 422


PAGES = ("", "/program", "/partners", "/tasks", "/committees", "/participants", "/considerations")


def test_foreign_assembly_is_not_there_and_neither_is_an_uninvited_one(signed_in, world):
    id = made(signed_in("omar"), world)
    for name in ("stranger", "luz"):
        browser = signed_in(name)
        for page in PAGES:
            assert browser.get(f"/assemblies/{id}{page}").status_code == 404, page
        assert browser.post(f"/assemblies/{id}/state/cancelled", data={"because": "no"}).status_code == 404
        assert browser.post(f"/assemblies/{id}/answer", data={"answer": "accepted"}).status_code == 404
        assert "Housing" not in browser.get("/assemblies").text


def test_partner_sees_answers_and_cannot_change(signed_in, world, as_org):
    owner = signed_in("omar")
    id = made(owner, world)
    partner = signed_in("dolores")
    for page in PAGES:
        assert partner.get(f"/assemblies/{id}{page}").status_code == 200
    assert "asks your organization to take part" in partner.get(f"/assemblies/{id}").text
    with as_org("southbank"):
        sitting, task = session().query(AssemblySession).first().id, session().query(AssemblyTask).first().id
        row = session().query(AssemblyPartner).filter_by(role="partner").one().id
    for path, data in (
        ("/edit", {}),
        ("/state/announced", {}),
        ("/sessions", {}),
        (f"/sessions/{sitting}", {}),
        (f"/sessions/{sitting}/removal", {}),
        ("/tasks", {"title": "x"}),
        (f"/tasks/{task}/completion", {"done": "1"}),
        ("/partners", {"partners": [1]}),
        (f"/partners/{row}", {"lead_name": "x"}),
        ("/committees", {"name": "x"}),
        ("/considerations", {}),
        ("/copy", {}),
    ):
        assert partner.post(f"/assemblies/{id}{path}", data=data).status_code == 404, path
    for page in ("/edit", "/copy", "/sessions/new", f"/sessions/{sitting}"):
        assert partner.get(f"/assemblies/{id}{page}").status_code == 404, page
    answer = partner.post(f"/assemblies/{id}/answer", data={"answer": "accepted", "lead_name": "Dolores V."})
    assert answer.status_code == 303
    assert "Dolores V." in owner.get(f"/assemblies/{id}/partners").text
    partner.post(f"/assemblies/{id}/answer", data={"answer": "declined"})
    assert partner.get(f"/assemblies/{id}").status_code == 404


def test_members_of_a_convening_coalition_come_in(signed_in, world):
    lead = signed_in("imani", org="table")
    id = made(lead, world, partners=[world.orgs["mill"]])
    assert "Mill District" in lead.get(f"/assemblies/{id}/partners").text
    assert signed_in("luz").get(f"/assemblies/{id}").status_code == 200
    assert signed_in("omar").get(f"/assemblies/{id}").status_code == 200
    assert signed_in("stranger").get(f"/assemblies/{id}").status_code == 404
    assert signed_in("luz").post(f"/assemblies/{id}/state/cancelled", data={"because": "no"}).status_code == 404


def test_read_only_and_volunteers_look_and_touch_nothing(signed_in, world):
    id = made(signed_in("omar"), world)
    for name in ("rita", "vera"):
        browser = signed_in(name)
        assert browser.get(f"/assemblies/{id}").status_code == 200
        assert browser.get("/assemblies/new").status_code == 403
        assert browser.post(f"/assemblies/{id}/state/cancelled", data={"because": "no"}).status_code == 403


def test_from_announced_to_finished(signed_in, world, clock, client):
    browser = signed_in("omar")
    id = made(browser, world, title_es="", place="")
    missing = browser.post(f"/assemblies/{id}/state/announced")
    assert missing.status_code == 422
    assert "Write the name in Spanish" in missing.text and "Sessions without a place: 3" in missing.text
    form = form_of(browser.get(f"/assemblies/{id}/edit").text, 'name="title_es"')
    assert browser.post(f"/assemblies/{id}/edit", data=form | {"title_es": "Asamblea"}).status_code == 303
    for sitting in re.findall(r"/sessions/(\d+)", browser.get(f"/assemblies/{id}/program").text):
        path = f"/assemblies/{id}/sessions/{sitting}"
        form = form_of(browser.get(path).text, 'name="title_en"')
        assert browser.post(path, data=form | {"place": "Carver Street Hall", "languages": ["en"]}).status_code == 303
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    assert browser.post(f"/assemblies/{id}/state/under_way").status_code == 422
    clock.set(clock.now.replace(year=2027, month=2, day=6, hour=16))
    browser = signed_in("omar")
    assert browser.post(f"/assemblies/{id}/state/under_way").status_code == 303
    assert browser.post(f"/assemblies/{id}/state/finished").status_code == 422
    clock.move(hours=5)
    browser = signed_in("omar")
    assert browser.post(f"/assemblies/{id}/state/finished").status_code == 303
    assert browser.post(f"/assemblies/{id}/state/cancelled", data={"because": "late"}).status_code == 422
    assert "Housing" in browser.get("/assemblies?past=1").text
    assert "Housing" not in browser.get("/assemblies").text


def announced(browser, world, **changes) -> tuple[int, str]:
    id = made(browser, world, **changes)
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    return id, re.search(r'href="(/a/[^"]+)"', browser.get(f"/assemblies/{id}").text).group(1)


def test_public_page_in_both_languages_without_people(signed_in, world, client):
    browser = signed_in("omar")
    id, address = announced(browser, world)
    browser.post(f"/assemblies/{id}/participants", data={"shown_name": "Secret Name", "role": "delegate"})
    page = client.get(address)
    assert page.status_code == 200 and "10:00 am" in page.text and "Carver Street Hall" in page.text
    assert "Omar" not in page.text and "Secret Name" not in page.text
    spanish = client.get(f"{address}?lang=es").text
    assert "Asamblea Popular de Vivienda" in spanish and "Sesión de escucha" in spanish
    file = client.get(f"{address}.ics")
    assert (
        file.mimetype == "text/calendar"
        and "DTSTART:20270206T180000Z" in file.text
        and file.text.count("BEGIN:VEVENT") == 3
    )
    browser.post(f"/assemblies/{id}/state/cancelled", data={"because": "The hall flooded"})
    assert "The hall flooded" in client.get(address).text
    assert "STATUS:CANCELLED" in client.get(f"{address}.ics").text
    assert client.get("/a/no-such-place").status_code == 404
    assert signed_in("stranger").get(address).text.count("Housing") == page.text.count("Housing")


def test_a_draft_has_no_public_page(signed_in, world, client, as_org):
    made(signed_in("omar"), world)
    with as_org("southbank"):
        slug = session().query(Assembly).one().slug
    assert client.get(f"/a/{slug}").status_code == 404
    assert client.get(f"/a/{slug}.ics").status_code == 404


def test_copy_makes_next_years_draft(signed_in, world, as_org):
    browser = signed_in("omar")
    id = made(browser, world)
    form = form_of(browser.get(f"/assemblies/{id}/copy").text, 'name="title_en"')
    assert form["day"] == "2028-02-05"
    answer = browser.post(f"/assemblies/{id}/copy", data=form | {"title_en": "Next year", "languages": ["en"]})
    assert answer.status_code == 303
    with as_org("southbank"):
        copy = session().get(Assembly, int(answer.location.rsplit("/", 1)[1]))
        assert copy.copied_from_id == id and copy.state == "draft"
        mine = session().query(AssemblySession).filter_by(assembly_id=copy.id).order_by(AssemblySession.starts_at).all()
        assert [(s.day - copy.day).days for s in mine] == [-28, -14, 0]
        assert len(session().query(AssemblyTask).filter_by(assembly_id=copy.id).all()) == 20


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_in_both_languages(signed_in, world, language):
    browser = signed_in("omar")
    id = made(browser, world)
    for path in (
        "/assemblies",
        "/assemblies/new",
        "/assemblies/new/A2",
        "/partners",
        f"/assemblies/{id}/edit",
        f"/assemblies/{id}/copy",
        *(f"/assemblies/{id}{page}" for page in PAGES),
    ):
        assert browser.get(f"{path}?lang={language}").status_code == 200, path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity": "9" * 30}, "how many people the room"),
        ({"goal": "9" * 30}, "Write the goal as a number"),
        ({"day": "9999-12-31"}, "more than three years away"),
        ({"day": "0001-01-01", "time_zone": "Europe/Brussels"}, "This day has passed"),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"languages": ["tlh"]}, "tlh"),
    ],
)
def test_numbers_and_dates_beyond_reason_are_refused_in_words(signed_in, world, changes, words):
    answer = signed_in("omar").post("/assemblies/new/A2", data=ANSWERS | changes)
    assert answer.status_code == 422 and words in answer.text


KNOWN = {
    "A1": ("room", "members", "none", "once"), "A2": ("members", "members", "none", "once"), "A3": ("members", "members", "none", "yearly"),
    "A4": ("room", "anyone", "none", "tonight"), "A5": ("government", "anyone", "refuses", "once"), "A6": ("government", "lot", "answers", "once"),
    "A7": ("government", "lot", "answers", "yearly"), "A8": ("room", "residents", "none", "yearly"), "A9": ("delegates", "sent", "none", "once"),
    "A10": ("government", "members", "answers", "once"), "A11": ("delegates", "sent", "answers", "yearly"),
    "A12": ("residents", "residents", "bound", "yearly"), "A13": ("together", "lot_officials", "answers", "once"), "A14": ("room", "lot", "bound", "once"),
}


@pytest.mark.parametrize("kind", KNOWN)
def test_the_wizard_proposes_each_kind_from_what_a_person_knows(signed_in, kind):
    """Who decides, who may come, will government answer, how often: one kind fits, in both languages, and leads to its own questions."""
    browser, asked = signed_in("omar"), "&".join(f"{k}={v}" for k, v in zip(("decides", "comes", "government", "lasts"), KNOWN[kind], strict=True))
    for language, words in (("en", "One kind fits:"), ("es", "Esta sirve:")):
        page = browser.get(f"/assemblies/new?{asked}&lang={language}").text
        found = page.split('id="nearest"')[1].split("</section>")[0]
        assert words in found and re.findall(r'href="/assemblies/new/(A\d+)"', found) == [kind]
        assert form_of(page, 'name="decides"')["decides"] == KNOWN[kind][0], "what was answered stays answered"
    assert browser.get(f"/assemblies/new/{kind}").status_code == 200


def test_the_wizard_says_when_nothing_fits_and_proposes_nothing_unasked(signed_in):
    browser = signed_in("omar")
    assert 'id="nearest"' not in browser.get("/assemblies/new").text and 'id="nearest"' not in browser.get("/assemblies/new?decides=astrology").text
    page = browser.get("/assemblies/new?decides=together&comes=lot&government=answers&lasts=once").text
    assert "No kind fits every answer. 3 are nearest:" in page and "Different from what you said: Who may come?" in page


def test_an_assembly_in_the_street_is_filled_in_as_far_as_can_be(signed_in, world, clock):
    browser = signed_in("omar")
    form = form_of(browser.get("/assemblies/new/A4").text, 'name="title_en"')
    assert (form["day"], form["starts"], form["title_es"]) == ("2026-11-23", "09:00", "Asamblea en la plaza")
    made_at_once = browser.post("/assemblies/new/A4", data=form)
    assert made_at_once.status_code == 303, made_at_once.text
    assert form_of(browser.get("/assemblies/new/A1").text, 'name="title_en"')["day"] == "", "others are planned"
