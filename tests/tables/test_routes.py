"""From a room to tables, from tables to notes, themes, proposals and dots: through HTTP, as the organizer and as a table's phone."""

import re
from datetime import timedelta

from sqlalchemy import func, select

from crm.infra.db import session
from crm.tables.models import Dots, TableNote, TablePlace
from tests.clients import form_of, place_of


def divide(browser, hall, **changes):
    form = form_of(browser.get(f"/assemblies/{hall.id}/tables").text, "main_language") | {"session_id": str(hall.session_id), "source": "room", "seats": "4"}
    return browser.post(f"/assemblies/{hall.id}/tables", data=form | changes)


def cards(browser, address):
    """The addresses of the tables' own pages, by number."""
    page = browser.get(address + "/cards").text
    return re.findall(r'<span class="text-break">http://localhost(/table/[^<]+)</span>', page)


def press(browser, page, contains, **typed):
    html = browser.get(page).text
    action = next(found for found in re.findall(r"<form\b.*?</form>", html, re.S) if contains in found)
    return browser.post(re.search(r'action="([^"]+)"', action).group(1).replace("&amp;", "&"), data=form_of(html, contains) | typed)


def test_the_room_is_divided_and_late_comers_sit_without_moving_anyone(signed_in, hall, room, as_org):
    browser, (let_in, away) = signed_in("omar"), room
    address = divide(browser, hall).location
    page = browser.get(address).text
    assert "3 tables" in page and "no table" not in page
    with as_org("southbank"):
        before = dict(session().execute(select(TablePlace.sitter, TablePlace.table_id)).all())
    assert len(before) == 10
    for rsvp_id in away:
        let_in(rsvp_id)
    assert "2 people came since and have no table" in browser.get(address).text
    assert press(browser, address, "Seat them").status_code == 303
    with as_org("southbank"):
        after = dict(session().execute(select(TablePlace.sitter, TablePlace.table_id)).all())
    assert len(after) == 12 and {id: after[id] for id in before} == before
    assert "4 tables" in browser.get(address).text, "fourteen people with their guests need a fourth table of four"


def test_people_are_moved_kept_apart_and_divided_again(signed_in, hall, room, as_org):
    browser = signed_in("omar")
    address = divide(browser, hall).location
    with as_org("southbank"):
        sitter, other = session().scalars(select(TablePlace.sitter).order_by(TablePlace.sitter).limit(2)).all()
    assert place_of(browser, press(browser, address, "moves", sitter_id=str(sitter), number="3")) == "table-3"
    assert press(browser, address, "moves", sitter_id=str(other), number="3").status_code == 303
    wrong = press(browser, address, "moves", sitter_id=str(sitter), number="9")
    assert wrong.status_code == 422 and "There is no table 9." in wrong.text
    assert press(browser, address, "Keep apart", one=str(sitter), other=str(sitter)).status_code == 422
    assert place_of(browser, press(browser, address, "Keep apart", one=str(sitter), other=str(other))) == "apart"
    assert "should not sit together" in browser.get(address).text
    assert press(browser, address, "Divide everyone again").status_code == 303
    assert "should not sit together" not in browser.get(address).text
    assert press(browser, address, "Let them").status_code == 303
    assert press(browser, address, "Take this division back").status_code == 303
    assert "Nobody has been seated yet" in browser.get(f"/assemblies/{hall.id}/tables").text


def test_what_cannot_be_divided_is_said_at_once_and_kept(signed_in, hall):
    answer = divide(signed_in("omar"), hall, seats="many")
    assert answer.status_code == 422 and "Nobody has come in yet" in answer.text and "2 to 50 seats" in answer.text


def test_expected_people_are_seated_before_the_day(signed_in, hall, say):
    browser = signed_in("omar")
    for n in range(4):
        say("southbank", n, "yes")
    say("southbank", 4, "no")
    assert divide(browser, hall, source="expected").status_code == 303
    assert "4 answers seated" in browser.get(f"/assemblies/{hall.id}/tables").text


def test_from_notes_to_themes_to_proposals_to_dots(signed_in, client, hall, room, as_org):
    browser = signed_in("omar")
    address, harvest = divide(browser, hall).location, f"/assemblies/{hall.id}/harvest"
    tables = cards(browser, address)
    assert len(tables) == 3
    note = form_of(client.get(tables[0]).text, "body") | {"body": "Repairs take four months."}
    assert client.post(tables[0] + "/notes", data=note).status_code == 303
    assert client.post(tables[0] + "/notes", data=note).status_code == 303, "the second press"
    assert press(client, tables[1] + "?lang=es", "body", body="El moho vuelve cada invierno.").status_code == 303
    assert press(client, tables[1], "body", body="Wrong table").status_code == 303
    assert press(client, tables[1], "Take this note back").status_code == 303
    empty = press(client, tables[2], "body", body="   ")
    assert empty.status_code == 422 and "Write what was said." in empty.text
    with as_org("southbank"):
        notes = {body: id for id, body in session().execute(select(TableNote.id, TableNote.body))}
        assert sorted(notes) == ["El moho vuelve cada invierno.", "Repairs take four months."]
        assert session().scalar(select(TableNote.language).where(TableNote.body.like("El%"))) == "es"
    nothing = press(browser, harvest, "Put together")
    assert nothing.status_code == 422 and "Choose notes first." in nothing.text
    ticked = str(notes["Repairs take four months."])
    nowhere = press(browser, harvest, "Put together", note=[ticked])
    assert nowhere.status_code == 422 and "Choose a theme for these notes" in nowhere.text, "neither a theme nor a name: nothing would change"
    assert re.search(rf'value="{ticked}"[^>]* checked', nowhere.text), "the ticks are kept"
    gathered = press(browser, harvest, "Put together", note=[str(id) for id in notes.values()], title="Repairs")
    assert place_of(browser, gathered).startswith("gathered-")
    page = browser.get(harvest).text
    assert "Every note is part of a theme." in page
    assert "Take this note back" not in client.get(tables[0]).text, "what is gathered stays"
    theme = re.search(r"proposals/new\?theme=(\d+)", page).group(1)
    for title in ("Repairs within thirty days", "A city inspector for each ward"):
        page = browser.get(f"/assemblies/{hall.id}/proposals/new?theme={theme}").text
        assert "Repairs take four months." in page
        assert press(browser, f"/assemblies/{hall.id}/proposals/new?theme={theme}", "title_en", title_en=title).status_code == 303
    assert browser.post(f"/assemblies/{hall.id}/proposals", data={"title_en": " "}).status_code == 422
    again = browser.post(f"/assemblies/{hall.id}/proposals", data={"title_en": "repairs WITHIN thirty days"})
    assert again.status_code == 422 and "in these words already" in again.text and "repairs WITHIN" in again.text
    assert press(browser, harvest, "Ask the tables", dots="99").status_code == 422
    assert press(browser, harvest, "Ask the tables", dots="2").status_code == 303
    first, second = re.findall(r'name="(points-\d+)"', client.get(tables[0]).text)
    purse = int(re.search(r"You have (\d+) dots together", client.get(tables[0]).text).group(1))
    beyond = press(client, tables[0], first, **{first: str(purse), second: "1"})
    assert beyond.status_code == 422 and f"Your table has {purse} dots together" in beyond.text and f'value="{purse}"' in beyond.text
    assert press(client, tables[0], first, **{first: str(purse), second: ""}).status_code == 303
    again = press(client, tables[0], first, **{first: "1", second: "3"})
    assert again.status_code == 303, "changed before the close"
    assert "dots are saved" in client.get(again.location).text and "dots are saved" not in client.get(tables[0]).text
    assert press(client, tables[1], first, **{first: "", second: "2"}).status_code == 303
    assert press(browser, harvest, "Close the dots").status_code == 303
    assert "Dots are closed" in client.get(tables[0]).text
    assert client.post(tables[0] + "/dots", data={first: "5"}).status_code == 422
    page = browser.get(harvest).text
    assert page.index("A city inspector") < page.index("Repairs within thirty days"), "most dots first"
    assert "5 dots" in page and "of 2 tables" in page
    with as_org("southbank"):
        assert session().scalar(select(func.sum(Dots.points))) == 6
    dotted = browser.post(f"/assemblies/{hall.id}/proposals/{first[7:]}", data={"title_en": "Something else"})
    assert dotted.status_code == 422 and "so it stays as it is" in dotted.text


def test_proposals_become_planks_and_options_of_a_vote(signed_in, hall):
    browser = signed_in("imani", "southbank")
    for n, title in enumerate(("Repairs within thirty days", "A city inspector for each ward")):
        words = {"title_en": title, "title_es": f"Propuesta {n}", "text_en": "All of it."}
        assert press(browser, f"/assemblies/{hall.id}/proposals/new", "title_en", **words).status_code == 303
    assert "Draft a vote between them" in browser.get(f"/assemblies/{hall.id}/harvest").text
    made = press(browser, "/platforms/new", "title_en", title_en="Homes", languages=["en", "es"])
    platform = re.search(r"/platforms/(\d+)", made.location).group(1)
    page = browser.get(f"/platforms/{platform}/planks/new").text
    chosen = re.search(r'href="([^"]+proposal=\d+)"[^>]*>Repairs within', page).group(1).replace("&amp;", "&")
    assert press(browser, chosen, "text_en").status_code == 303
    plank = browser.get(f"/platforms/{platform}").text
    assert "Repairs within thirty days" in plank and "All of it." in plank
    with_add = browser.get(f"/platforms/{platform}/amendments/new?kind=add").text
    assert "A city inspector for each ward" in with_add
    lead = signed_in("imani", "southbank")
    form = form_of(lead.get(f"/votes/new?assembly={hall.id}&tabled=1").text, "members_options_en")
    assert form["members_options_en"].split("\n") == ["Repairs within thirty days", "A city inspector for each ward"]
    assert form["members_options_es"].split("\n") == ["Propuesta 0", "Propuesta 1"] and form["members_method"] == "approval"


def test_a_theme_is_renamed_and_taken_away_and_its_notes_stay(signed_in, client, hall, room):
    browser = signed_in("omar")
    tables, harvest = cards(browser, divide(browser, hall).location), f"/assemblies/{hall.id}/harvest"
    assert press(client, tables[0], "body", body="The lift is broken.").status_code == 303
    note = re.search(r'name="note" value="(\d+)"', browser.get(harvest).text).group(1)
    assert press(browser, harvest, "Put together", note=note, title="Lifts").status_code == 303
    assert press(browser, harvest, 'value="Lifts"', title="Elevators").status_code == 303
    assert "Elevators" in browser.get(harvest).text
    assert press(browser, harvest, 'value="Elevators"', title="").status_code == 303
    page = browser.get(harvest).text
    assert "Elevators" not in page and "The lift is broken." in page


def test_partners_and_strangers_find_nothing(signed_in, client, hall, room, clock):
    address = divide(signed_in("omar"), hall).location
    tables = cards(signed_in("omar"), address)
    for name in ("dolores", "stranger"):
        other = signed_in(name)
        for page in (f"/assemblies/{hall.id}/tables", address, f"/assemblies/{hall.id}/harvest"):
            assert other.get(page).status_code == 404
    assert "Ana" not in client.get(tables[0]).text, "a table's page shows no name"
    clock.set(hall.starts_at + timedelta(days=2))
    assert client.get(tables[0]).status_code == 404, "the link ends with the day"


def test_pages_take_as_many_queries_for_many_as_for_few(signed_in, hall, say, count_queries):
    browser = signed_in("omar")
    for n in range(3):
        say("southbank", n, "yes")
    address = divide(browser, hall, source="expected").location
    browser.get(address)
    with count_queries() as few:
        browser.get(address)
    for org in ("southbank", "mill", "arroyo"):
        for n in range(3, 12):
            say(org, n, "yes")
    assert press(browser, address, "Seat them").status_code == 303
    with count_queries() as many:
        browser.get(address)
    assert len(many) <= len(few) + 1, "the organizations' names are one more"
