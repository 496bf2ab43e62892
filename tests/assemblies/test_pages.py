"""The pages within an assembly: program, tasks, committees, roster, partners, and the questions they ask."""

import re
from datetime import date, timedelta

from crm.assemblies.models import AssemblySession, AssemblyTask, Participant
from crm.infra.audit import Event
from crm.infra.db import session
from tests.assemblies.test_routes import ANSWERS, PAGES, made
from tests.clients import form_of, place_of


def test_moving_the_day_moves_sessions_and_open_tasks_across_a_change_of_clocks(signed_in, world, as_org):
    browser = signed_in("omar")
    id = made(browser, world)
    with as_org("southbank"):
        task = session().query(AssemblyTask).filter_by(days=-56).one().id
    browser.post(f"/assemblies/{id}/tasks/{task}/completion", data={"done": "1"})
    form = form_of(browser.get(f"/assemblies/{id}/edit").text, 'name="title_es"')
    assert browser.post(f"/assemblies/{id}/edit", data=form | {"day": "2027-03-20"}).status_code == 303
    with as_org("southbank"):
        last = session().query(AssemblySession).order_by(AssemblySession.starts_at.desc()).first()
        assert last.day == date(2027, 3, 20) and last.starts.hour == 10 and last.starts_at.hour == 17
        open_task = session().query(AssemblyTask).filter_by(days=-7).one()
        assert open_task.due_on == date(2027, 3, 13)
        assert session().get(AssemblyTask, task).due_on == date(2026, 12, 12)
    stale = browser.post(f"/assemblies/{id}/edit", data=form | {"once": "another press"})
    assert stale.status_code == 422 and "Someone else changed this assembly" in stale.text


def test_program_items_are_added_moved_changed_and_removed(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    text = browser.get(f"/assemblies/{id}/program").text
    sitting = re.findall(r"/sessions/(\d+)/items/new", text)[-1]
    wrong = browser.post(f"/assemblies/{id}/sessions/{sitting}/items", data={"minutes": "soon", "kind": "plenary"})
    assert wrong.status_code == 422 and "Write what happens" in wrong.text and "minutes as a number" in wrong.text
    path = f"/assemblies/{id}/sessions/{sitting}/items"
    assert browser.get(f"{path}/new").status_code == 200
    assert browser.post(path, data={"title_en": "Song", "minutes": "5", "kind": "action"}).status_code == 303
    page = browser.get(f"/assemblies/{id}/program").text
    assert "Song" in page and "5 minutes longer" in page
    item = re.findall(r"/items/(\d+)\"", page)[-1]
    assert browser.post(f"/assemblies/{id}/items/{item}/place", data={"move": "up"}).status_code == 303
    page = browser.get(f"/assemblies/{id}/program").text
    assert page.index("Song") < page.index("signed cards")
    form = form_of(browser.get(f"/assemblies/{id}/items/{item}").text, 'name="title_en"')
    assert browser.post(f"/assemblies/{id}/items/{item}", data=form | {"lead": "Canal Street choir"}).status_code == 303
    assert "Canal Street choir" in browser.get(f"/assemblies/{id}/program").text
    assert browser.post(f"/assemblies/{id}/items/{item}/removal").status_code == 303
    assert browser.post(f"/assemblies/{id}/items/{item}/removal").status_code == 404
    assert "Song" not in browser.get(f"/assemblies/{id}/program").text


def test_sessions_are_added_and_removed_and_skipped_hours_refused(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    assert browser.get(f"/assemblies/{id}/sessions/new").status_code == 200
    typed = {"title_en": "Night watch", "day": "2027-03-14", "starts": "02:30", "ends": "04:00", "languages": ["en"]}
    skipped = browser.post(f"/assemblies/{id}/sessions", data=typed)
    assert skipped.status_code == 422 and "clocks skip 02:30" in skipped.text and "Night watch" in skipped.text
    assert browser.post(f"/assemblies/{id}/sessions", data=typed | {"starts": "01:30"}).status_code == 303
    page = browser.get(f"/assemblies/{id}/program").text
    assert "from 1:30 am to 4:00 am" in page
    sitting = re.findall(r"/sessions/(\d+)\"", page)[-1]
    assert browser.post(f"/assemblies/{id}/sessions/{sitting}/removal").status_code == 303
    assert "Night watch" not in browser.get(f"/assemblies/{id}/program").text


def test_tasks_are_ticked_unticked_and_twice_is_once(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    assert browser.post(f"/assemblies/{id}/tasks", data={"title": ""}).status_code == 422
    assert (
        browser.post(f"/assemblies/{id}/tasks", data={"title": "Borrow chairs", "due_on": "2027-02-01"}).status_code
        == 303
    )
    page = browser.get(f"/assemblies/{id}/tasks").text
    task = re.search(r"/tasks/(\d+)/completion\"[^/]*?Done: Borrow chairs", page, re.S)
    task = task or re.search(r"Borrow chairs.*?/tasks/(\d+)/completion", page, re.S)
    for _press in range(2):
        assert browser.post(f"/assemblies/{id}/tasks/{task.group(1)}/completion", data={"done": "1"}).status_code == 303
    assert "1 of 21 done" in browser.get(f"/assemblies/{id}/tasks").text
    assert browser.post(f"/assemblies/{id}/tasks/{task.group(1)}/completion", data={"done": "0"}).status_code == 303
    assert browser.post(f"/assemblies/{id}/tasks/{task.group(1)}/removal").status_code == 303
    assert "Borrow chairs" not in browser.get(f"/assemblies/{id}/tasks").text


def test_committees_and_seats(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    assert (
        browser.post(f"/assemblies/{id}/committees", data={"name": "Kitchen and care", "kind": "working"}).status_code
        == 303
    )
    page = browser.get(f"/assemblies/{id}/committees").text
    committee = re.findall(r"/committees/(\d+)/seats", page)[-1]
    again = browser.post(f"/assemblies/{id}/committees", data={"name": "kitchen AND care ", "kind": "working"})
    assert again.status_code == 422 and "of this name already" in again.text and "kitchen AND care" in again.text
    seat = {"side": "community", "held_by": "Casa Arroyo", "is_voting": "y"}
    assert place_of(browser, browser.post(f"/assemblies/{id}/committees/{committee}/seats", data=seat)).startswith("seat-")
    page = browser.get(f"/assemblies/{id}/committees").text
    assert "Casa Arroyo" in page and "Full" in page
    last = re.findall(r"/seats/(\d+)\"", page)[-1]
    assert place_of(browser, browser.post(f"/assemblies/{id}/seats/{last}", data={"held_by": ""})) == f"seat-{last}"
    assert place_of(browser, browser.post(f"/assemblies/{id}/seats/{last}/removal")) == f"committee-{committee}"
    printed = re.sub(r'<(\w+)[^>]*no-print.*?</\1>', "", page, flags=re.S)
    assert "Casa Arroyo" in printed and 'name="held_by"' not in printed, "on paper: who sits where, and nothing to fill in"
    spanish = browser.get(f"/assemblies/{id}/committees?lang=es").text
    assert "Con voto" in spanish and "Votaciones</span></label>" not in spanish
    assert browser.post(f"/assemblies/{id}/committees/{committee}/removal").status_code == 303
    assert "Kitchen and care" not in browser.get(f"/assemblies/{id}/committees").text


def test_roster_staff_and_officials_do_not_vote_and_partners_see_their_own(signed_in, world, as_org):
    owner, partner = signed_in("omar"), signed_in("dolores")
    id = made(owner, world)
    path = f"/assemblies/{id}/participants"
    assert owner.post(path, data={"shown_name": "Councilmember Webb", "role": "official"}).status_code == 303
    refused = owner.post(path, data={"shown_name": "Deputy", "role": "staff", "votes": "1"})
    assert refused.status_code == 422 and "staff and officials do not vote" in refused.text
    assert owner.post(path, data={"shown_name": "", "role": "nobody"}).status_code == 422
    early = partner.post(path, data={"shown_name": "Luz from Mill", "role": "delegate"})
    assert early.status_code == 422 and "Accept the invitation first" in early.text
    partner.post(f"/assemblies/{id}/answer", data={"answer": "accepted"})
    assert partner.post(path, data={"shown_name": "Luz from Mill", "role": "delegate"}).status_code == 303
    mine = partner.get(path).text
    assert "Luz from Mill" in mine and "Webb" not in mine
    whole = owner.get(path).text
    assert "Luz from Mill" in whole and "Councilmember Webb" in whole and "Without a vote" in whole
    with as_org("southbank"):
        webb = session().query(Participant).filter_by(role="official").one()
        assert not webb.is_voting
        webb_id = webb.id
    assert partner.post(f"{path}/{webb_id}/removal").status_code == 404
    assert owner.post(f"{path}/{webb_id}/removal").status_code == 303


def test_invite_more_and_take_back(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    assert browser.post(f"/assemblies/{id}/partners", data={"partners": [world.orgs["arroyo"]]}).status_code == 303
    assert browser.post(f"/assemblies/{id}/partners", data={"partners": [world.orgs["elsewhere"]]}).status_code == 422
    assert browser.post(f"/assemblies/{id}/partners").status_code == 422
    assert signed_in("luz").get(f"/assemblies/{id}").status_code == 200
    rows = re.findall(r"/partners/(\d+)/removal", browser.get(f"/assemblies/{id}/partners").text)
    for row in rows:
        assert browser.post(f"/assemblies/{id}/partners/{row}/removal").status_code == 303
    assert signed_in("luz").get(f"/assemblies/{id}").status_code == 404


def test_considerations_are_kept_and_cut_to_seven(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    page = browser.get(f"/assemblies/{id}/considerations").text
    assert page.count("<textarea") == 7
    assert (
        browser.post(f"/assemblies/{id}/considerations", data={"trust": "Growing since the rent strike"}).status_code
        == 303
    )
    assert "Growing since the rent strike" in browser.get(f"/assemblies/{id}/considerations").text


def test_partners_page_and_empty_states(signed_in, world):
    browser = signed_in("omar")
    assert "No assembly is planned" in browser.get("/assemblies").text
    assert "No assembly is over yet" in browser.get("/assemblies?past=1").text
    assert "In no assembly of yours" in browser.get("/partners").text
    made(browser, world)
    page = browser.get("/partners").text
    assert "Mill District Workers Center" in page and "Invited" in page and "Elsewhere" not in page
    assert "in no coalition yet" in signed_in("stranger").get("/partners").text


def test_pages_ask_the_same_number_of_questions_however_many_rows(signed_in, world, count_queries):
    browser = signed_in("omar")
    id = made(browser, world)
    counts = []
    for _round in range(2):
        seen = {}
        for path in ("/assemblies", "/partners", *(f"/assemblies/{id}{page}" for page in PAGES)):
            with count_queries() as statements:
                browser.get(path)
            seen[path] = len(statements)
        counts.append(seen)
        if not _round:
            for n in range(5):
                made(browser, world, title_en=f"Another {n}", day=str(date(2027, 3, 20) + timedelta(days=n)))
                browser.post(f"/assemblies/{id}/tasks", data={"title": f"Task {n}", "due_on": "2027-02-01"})
                browser.post(f"/assemblies/{id}/committees", data={"name": f"Committee {n}", "kind": "working"})
                browser.post(f"/assemblies/{id}/participants", data={"shown_name": f"Guest {n}", "role": "observer"})
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 21, counts[1]


def test_someone_from_the_list_goes_on_the_roster_and_their_timeline_says_so(signed_in, world, as_org):
    browser = signed_in("omar")
    id, person = made(browser, world), world.people["southbank"][0]
    form = form_of(browser.get(f"/assemblies/{id}/participants?person={person}").text, 'name="shown_name"')
    assert form["shown_name"] == "Ana Quintero"
    assert browser.post(f"/assemblies/{id}/participants", data=form).status_code == 303
    twice = browser.post(f"/assemblies/{id}/participants", data=form | {"once": "another press"})
    assert twice.status_code == 422 and "already on the roster" in twice.text
    theirs = world.people["mill"][0]
    assert browser.get(f"/assemblies/{id}/participants?person={theirs}").status_code == 404
    stolen = browser.post(f"/assemblies/{id}/participants", data=form | {"once": "x", "person_id": str(theirs)})
    assert stolen.status_code == 404
    with as_org("southbank"):
        told = session().query(Event).filter_by(person_id=person, verb="participant.added").one()
        assert told.after == {"role": "participant", "is_voting": True}


def test_sessions_and_edits_beyond_reason(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world)
    typed = {"title_en": "x", "starts": "10:00", "ends": "09:00", "languages": ["en"]}
    for day in ("0001-01-01", "9999-12-31"):
        assert "Check the year" in browser.post(f"/assemblies/{id}/sessions", data=typed | {"day": day}).text
    form = form_of(browser.get(f"/assemblies/{id}/edit").text, 'name="title_es"')
    for changes in ({"day": "0001-01-01"}, {"version": "new"}, {"goal": "0"}, {"selection": "magic"}):
        assert browser.post(f"/assemblies/{id}/edit", data=form | changes).status_code == 422, changes
    assert browser.post(f"/assemblies/{id}/state/nowhere").status_code == 404


def test_a_long_list_turns_its_pages(signed_in, world):
    browser = signed_in("omar")
    for n in range(32):
        made(browser, world, title_en=f"Number {n:02}", day=str(date(2027, 3, 20) + timedelta(days=n // 2)))
    first = browser.get("/assemblies").text
    assert "Number 29" in first and "Number 30" not in first
    rest = browser.get(re.search(r'href="(/assemblies\?after=[^"]+)"', first).group(1)).text
    assert "Number 29" not in rest and "Number 30" in rest and "Number 31" in rest


def test_a_kind_says_its_seats_its_rules_and_the_answer_it_is_owed(signed_in, world, client, as_org):
    """Before it is made, on its own page, on the roster as seats fill, and to everyone who opens the public page."""
    browser = signed_in("omar")
    kinds = browser.get("/assemblies/new").text
    assert "Legislators: 15 · Appointment · with a vote" in kinds and "within 240 days" in kinds and "At most three issues a year." in kinds
    preview = browser.post("/assemblies/new/A13/preview", data=ANSWERS).text
    assert "Residents: 45 · Stratified lottery · with a vote" in preview and "by Monday, October 4" in preview
    id = made(browser, world, kind="A13")
    page = browser.get(f"/assemblies/{id}?lang=es").text
    for words in ("Legisladoras y legisladores: 15 · Designación · con voto", "Mil firmas sugieren un tema", "Plazo: lunes 4 de octubre de 2027"):
        assert words in page, words
    for n, votes in enumerate(("1", "")):
        seat = {"shown_name": f"Member {n}", "role": "official", "votes": votes}
        assert browser.post(f"/assemblies/{id}/participants", data=seat).status_code == 303
    roster = browser.get(f"/assemblies/{id}/participants?lang=en").text
    assert "2 of 15 seats filled" in roster and "0 of 45 seats filled" in roster
    with as_org("southbank"):
        assert all(row.is_voting for row in session().query(Participant))
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    address = re.search(r'href="(/a/[^"]+)"', browser.get(f"/assemblies/{id}").text)[1]
    assert "by Monday, October 4" in client.get(address).text


def test_what_an_assembly_waits_for_before_it_opens_and_closes_is_said(signed_in, world):
    browser = signed_in("omar")
    id = made(browser, world, "A11", day="2027-02-06")
    assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    page = browser.get(f"/assemblies/{id}").text
    assert "Not yet:" in page and "Its first session is more than twelve hours away." in page
    assert "Todavía no:" in browser.get(f"/assemblies/{id}?lang=es").text


def test_a_session_may_be_joined_from_afar(signed_in, client, world):
    omar = signed_in("omar")
    path = f"/assemblies/{made(omar, world, 'A8')}"
    omar.post(f"{path}/state/announced")
    edit = re.search(rf'href="({path}/sessions/\d+)"', omar.get(f"{path}/program").text)[1]
    typed = form_of(omar.get(edit).text, 'name="closed_to"') | {"languages": ["en", "es"], "closed_to": []}
    refused = omar.post(edit, data=typed | {"online": "javascript:alert(1)"})
    assert refused.status_code == 422 and "begins with https://" in refused.text and "javascript:alert(1)" in refused.text
    link = "https://meet.example/common-table"
    assert omar.post(edit, data=typed | {"online": link}).status_code == 303
    public = re.search(r'href="(/a/[\w-]+)"', omar.get(path).text)[1]
    for page in (omar.get(f"{path}/program"), client.get(public)):
        assert f'href="{link}"' in page.text
    typed = form_of(omar.get(edit).text, 'name="closed_to"') | {"languages": ["en", "es"], "closed_to": ["official"]}
    assert omar.post(edit, data=typed).status_code == 303
    assert link not in client.get(public).text, "where somebody is asked to leave, the public page does not let them in by another way"
