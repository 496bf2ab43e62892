"""The people room through its pages."""

import io
import re

import pytest
import xlsxwriter

from crm.infra.audit import Event
from crm.infra.db import session
from crm.outreach.actions import save_draft
from crm.people import actions, queries
from crm.people.models import Person
from tests.clients import form_of


def ids(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'class="pl-name" href="/people/(\d+)[?"]', html)]


def person_data(**values) -> dict:
    base = {"once": "k1", "language": "es", "standing": "member", "time_zone": ""} | {f"phones-{n}-kind": "mobile" for n in range(3)}
    return base | values


def test_the_list_shows_everyone_of_this_organization_only(signed_in, world):
    page = signed_in("omar").get("/people").text
    assert set(ids(page)) == set(world.people["southbank"])
    assert "12 people" in page and "6 of them members" in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("q=quintero", 1),
        ("q=QUÍNTERO+ana", 1),
        ("q=nobody", 0),
        ("f=standing~is~member", 6),
        ("f=language~is~es", 6),
        ("f=standing~is~member&f=language~is~es", 3),
        ("f=has_phone~is~", 12),
        ("f=has_phone~is_not~", 0),
        ("f=bogus~is~x", 12),
        ("f=rung~at_least~1", 0),
        ("f=added~since~2026-01-01", 12),
        ("f=neighborhood~is_not~Southbank", 8),
        ("order=ladder", 12),
        ("f=added~since~yesterday", 12),
        ("after=garbage", 12),
        ("order=bogus", 12),
        ("f=tag~is~Steward", 0),
        ("q=%25", 0),
    ],
)
def test_filters_and_search(signed_in, query, n):
    assert len(set(ids(signed_in("omar").get(f"/people?{query}").text))) == n


def test_search_by_phone_and_masks_for_volunteers(signed_in, world):
    id = world.people["southbank"][0]
    number = world.phones[id]
    shown = f"{number[2:5]}-{number[5:8]}-{number[8:]}"
    assert ids(signed_in("omar").get(f"/people?q={number[5:]}").text) == [id]
    for name in ("vera", "rita"):
        browser = signed_in(name)
        assert shown in signed_in("omar").get(f"/people/{id}").text
        for page in ("/people", f"/people/{id}"):
            text = browser.get(page).text
            assert shown not in text and number not in text and "•••" in text
        assert not ids(browser.get(f"/people?q={number[5:]}").text)


def test_pages_by_keyset_in_every_order(signed_in, acting):
    with acting("southbank") as actor:
        for n in range(70):
            id = actions.add_person(actor, {"given_name": f"P{n}", "family_name": f"F{n % 5}"}, now=queries_now())
            session().get(Person, (actor.org_id, id)).rung = n % 6
    browser = signed_in("omar")
    for order in ("name", "ladder", "newest"):
        first = browser.get(f"/people?order={order}").text
        after = re.search(r'href="(/people\?[^"]*after=[^"]*)"', first).group(1).replace("&amp;", "&")
        second = browser.get(after).text
        assert len(ids(first)) == 50 and len(ids(second)) == 32 and not set(ids(first)) & set(ids(second))


def queries_now():
    from crm.infra.clock import now  # noqa: PLC0415

    return now()


def test_the_number_of_queries_does_not_grow(signed_in, acting, count_queries):
    browser = signed_in("omar")
    browser.get("/people")
    with count_queries() as few:
        browser.get("/people")
    with acting("southbank") as actor:
        for n in range(30):
            values = {"given_name": f"P{n}", "phones": [f"212200{n:04}"], "tags": [f"t{n}"]}
            actions.add_person(actor, values, now=queries_now())
    with count_queries() as many:
        browser.get("/people")
    assert len(many) == len(few) <= 16


def test_adding_a_person_with_everything(signed_in, as_org):
    browser = signed_in("omar")
    data = person_data(
        **{
            "given_name": "Zoé",
            "family_name": "Ángel",
            "phones-0-text": "(415) 555-0198",
            "phones-1-text": "415 555 0199",
            "phones-1-kind": "home",
            "emails-0-text": "Zoe@Example.org",
            "tags": "steward, captain",
            "city": "Oakland",
            "member_since": "2026-01-18",
        }
    )
    answer = browser.post("/people", data=data)
    assert answer.status_code == 303
    again = browser.post("/people", data=data)
    assert again.location == answer.location
    page = browser.get(answer.location).text
    for words in ("Zoé Ángel", "415-555-0198", "zoe@example.org", "captain", "Added by Omar"):
        assert words in page
    assert len(ids(browser.get("/people?q=angel").text)) == 1


def test_all_problems_at_once_and_nothing_lost(signed_in):
    browser = signed_in("omar")
    answer = browser.post(
        "/people",
        data=person_data(**{"phones-0-text": "12", "emails-0-text": "nope", "city": "Oakland", "member_since": "2030-01-01"}),
    )
    assert answer.status_code == 422
    for words in (
        "This number has 2 digits",
        "is not an e-mail address",
        "still to come",
        'value="Oakland"',
        'value="nope"',
    ):
        assert words in answer.text
    more = browser.post(
        "/people",
        data=person_data(**{"more": "1", "given_name": "Zoe", "phones-0-text": "1", "phones-1-text": "2", "phones-2-text": "3"}),
    )
    assert more.status_code == 200 and "phones-3-text" in more.text and 'value="Zoe"' in more.text


def test_the_second_of_two_editors_sees_both_versions(signed_in, world, as_org):
    id = world.people["southbank"][0]
    imani, omar = signed_in("imani", "southbank"), signed_in("omar")
    first, second = (form_of(b.get(f"/people/{id}/edit").text, "given_name") for b in (imani, omar))
    assert imani.post(f"/people/{id}/edit", data=first | {"city": "Oakland", "once": "a"}).status_code == 303
    late = omar.post(f"/people/{id}/edit", data=second | {"city": "Berkeley", "street": "Elm 1", "once": "b"})
    assert late.status_code == 409
    assert "Oakland" in late.text and "Berkeley" in late.text and 'value="Elm 1"' in late.text
    with as_org("southbank") as actor:
        assert queries.person_for(actor, id).city == "Oakland"
    resolved = form_of(late.text, "given_name")
    assert omar.post(f"/people/{id}/edit", data=resolved | {"once": "c"}).status_code == 303
    with as_org("southbank") as actor:
        person = queries.person_for(actor, id)
        assert (person.city, person.street, person.version) == ("Berkeley", "Elm 1", 3)
    assert "Omar changed" in omar.get(f"/people/{id}").text


def test_an_edit_that_changes_nothing_leaves_no_trace(signed_in, world, as_org):
    id = world.people["southbank"][0]
    browser = signed_in("omar")
    form = form_of(browser.get(f"/people/{id}/edit").text, "given_name")
    assert browser.post(f"/people/{id}/edit", data=form).status_code == 303
    with as_org("southbank") as actor:
        assert queries.person_for(actor, id).version == 1
        assert not session().query(Event).filter_by(person_id=id).count()


def test_notes_and_tags(signed_in, world):
    id = world.people["southbank"][0]
    browser = signed_in("omar")
    assert browser.post(f"/people/{id}/notes", data={"body": "Kitchen talk <b>x</b>", "once": "1"}).status_code == 303
    assert browser.post(f"/people/{id}/notes", data={"body": " ", "once": "2"}).status_code == 422
    assert browser.post(f"/people/{id}/tags", data={"tag": "Steward", "once": "3"}).status_code == 303
    page = browser.get(f"/people/{id}").text
    assert "Kitchen talk &lt;b&gt;" in page and "Omar added the tag Steward" in page
    assert len(ids(browser.get("/people?f=tag~is~steward").text)) == 1
    note = re.search(r"/people/notes/(\d+)/removal", page).group(1)
    assert browser.post(f"/people/notes/{note}/removal", data={"once": "4"}).status_code == 303
    assert browser.post(f"/people/{id}/tags/removal", data={"tag": "Steward", "once": "5"}).status_code == 303
    page = browser.get(f"/people/{id}").text
    assert "Kitchen talk" not in page and "removed a note" in page
    both = world.people["southbank"][:2]
    assert browser.post("/people/tags", data={"tag": "Captain", "person": both, "once": "6", "back": "/people"}).status_code == 303
    assert "2 people got the tag" in browser.get("/people").text
    assert browser.post("/people/tags", data={"tag": "", "person": both, "once": "7"}).status_code == 422
    assert "Captain" in browser.get("/people").text


def test_other_organizations_people_are_missing(signed_in, world):
    theirs = world.people["mill"][0]
    browser = signed_in("omar")
    for path in (f"/people/{theirs}", f"/people/{theirs}/edit", "/people/1"):
        assert browser.get(path).status_code == 404
    for path, data in (
        (f"/people/{theirs}/edit", person_data(given_name="X", version="1")),
        (f"/people/{theirs}/notes", {"body": "x"}),
        (f"/people/{theirs}/tags", {"tag": "x"}),
        (f"/people/{theirs}/tags/removal", {"tag": "x"}),
    ):
        assert browser.post(path, data=data | {"once": path}).status_code == 404
    assert browser.post("/people/tags", data={"tag": "Spy", "person": [theirs], "once": "z"}).status_code == 303
    assert "Spy" not in signed_in("dolores").get(f"/people/{theirs}").text


@pytest.mark.parametrize("name", ["vera", "rita"])
def test_who_may_not_edit(signed_in, world, name):
    id = world.people["southbank"][0]
    browser = signed_in(name)
    for path in ("/people/new", f"/people/{id}/edit", "/people/imports", "/people/imports/new", "/people/lists/new"):
        assert browser.get(path).status_code == 403
    assert browser.post("/people", data=person_data(given_name="X")).status_code == 403
    assert browser.post(f"/people/{id}/notes", data={"body": "x"}).status_code == 403


def test_the_timeline_goes_back_in_pages_with_one_query_on_events(signed_in, world, acting, count_queries, clock):
    id = world.people["southbank"][0]
    with acting("southbank", "omar") as actor:
        for n in range(70):
            actions.add_note(actor, id, f"Note {n:02}", now=clock.move(minutes=1))
    browser = signed_in("omar")
    with count_queries() as seen:
        page = browser.get(f"/people/{id}").text
    assert sum("FROM events" in statement for statement in seen) == 1
    assert "Note 69" in page and "Note 39" not in page
    older = re.search(r'href="(/people/\d+\?[^"]*after=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert "Note 39" in browser.get(older).text
    assert "Note 69" in browser.get(f"/people/{id}?of=talks").text
    assert "Nothing of this kind yet" in browser.get(f"/people/{id}?of=ladder").text


def test_volunteers_do_not_read_texts_in_the_timeline(signed_in, world, acting):
    from crm.infra import audit  # noqa: PLC0415

    id = world.people["southbank"][0]
    with acting("southbank", "omar") as actor:
        audit.record(actor, "text.received", now=queries_now(), person_id=id, after={"body": "my landlord is outside"})
    assert "my landlord" in signed_in("omar").get(f"/people/{id}").text
    assert "my landlord" not in signed_in("vera").get(f"/people/{id}").text


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_segment_is_one_statement(signed_in, acting, count_queries):
    with acting("southbank") as actor:
        id = actions.save_segment(
            actor,
            "All facts",
            {
                "any": [
                    {"fact": "tag", "comparison": "is", "value": "a"},
                    {"fact": "has_email", "comparison": "is_not", "value": ""},
                ]
            },
            now=queries_now(),
        )
        with count_queries() as seen:
            assert queries.count_people(queries.segment_for(actor, id).definition, queries_now()) == 12
    assert sum("FROM people" in statement for statement in seen) == 1


def test_a_list_that_a_text_uses_stays(signed_in, acting):
    with acting("southbank", "omar") as actor:
        id = actions.save_segment(actor, "Members", {"all": []}, now=queries_now())
        bodies = {"en": "Hi {first_name}", "es": "Hola {first_name}"}
        save_draft(actor, None, name="Saturday", audience=f"segment:{id}", bodies=bodies, now=queries_now())
    answer = signed_in("omar").post(f"/people/lists/{id}/removal", data={"once": "r"})
    assert answer.status_code == 422 and "Other work still uses this list" in answer.text
    assert "Members" in signed_in("omar").get("/people/lists").text


def test_the_chip_form_leads_to_an_address(signed_in):
    browser = signed_in("omar")
    assert "How to compare" in browser.get("/people?add=standing").text
    answer = browser.get("/people/filter?fact=standing&comparison=is&value=member&f=language~is~es")
    assert answer.status_code == 303
    assert len(set(ids(browser.get(answer.location).text))) == 3


# --- imports ---------------------------------------------------------------------------------------------------------


def upload(browser, content: bytes, name: str = "list.csv", once: str = "u"):
    return browser.post("/people/imports", data={"file": (io.BytesIO(content), name), "once": once}, content_type="multipart/form-data")


def walk_in(browser, run_jobs, content: bytes, name: str = "list.csv", once: str = "u") -> tuple[str, str]:
    """(address, review page) of an import whose guessed columns were accepted."""
    address = upload(browser, content, name, once).location
    form = form_of(browser.get(address).text, "fields-0")
    form.pop("other_reading", None)
    answer = browser.post(f"{address}/columns", data=form)
    assert answer.status_code == 303, answer.text
    run_jobs()
    return address, browser.get(address).text


def test_the_whole_import_with_undo(signed_in, run_jobs, messy, world):
    browser = signed_in("omar")
    columns = browser.get(upload(browser, messy, once="first").location).text
    for words in (
        "GARCIA LOPEZ, MARIA JOSE",
        "What is in each column?",
        'value="full_name"',
        "Consent to texts is never assumed",
    ):
        assert words in columns
    address, review = walk_in(browser, run_jobs, messy)
    assert "same as row 5" in browser.get(f"{address}?show=update").text
    for words in (
        "Nothing has changed yet",
        "This number has 5 digits. It needs 10.",
        "We do not know the language “Klingon”",
        "This row has no name",
        "Texts will not go to these people until they consent",
    ):
        assert words in review
    assert len(ids(browser.get("/people").text)) == 12
    assert browser.post(f"{address}/application", data={"once": "go"}).status_code == 303
    assert "Refresh" in browser.get(address).headers
    run_jobs()
    page = browser.get(address).text
    assert "They are in" in page and "Refresh" not in browser.get(address).headers
    assert len(set(ids(browser.get("/people").text))) == 15
    maria = ids(browser.get("/people?q=garcia+lopez").text)[0]
    assert "Added from the spreadsheet list.csv by Omar" in browser.get(f"/people/{maria}").text
    assert browser.post(f"{address}/application", data={"once": "again"}).status_code == 422
    assert browser.post(f"{address}/undoing", data={"once": "undo"}).status_code == 303
    run_jobs()
    assert "Everything is as it was before." in browser.get(address).text
    assert len(set(ids(browser.get("/people").text))) == 12
    assert "list.csv" in browser.get("/people/imports").text


def test_twice_through_the_pages_is_once(signed_in, run_jobs, messy):
    browser = signed_in("omar")
    for once in ("a", "b"):
        address, review = walk_in(browser, run_jobs, messy, once=once)
        if once == "b":
            assert "There is nothing to bring in" in review and "This very file came in" in review
        browser.post(f"{address}/application", data={"once": once})
        run_jobs()
    assert len(set(ids(browser.get("/people").text))) == 15


def workbook(build) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    build(book)
    book.close()
    return buffer.getvalue()


def test_a_workbook_with_two_sheets(signed_in, run_jobs):
    def build(book):
        book.add_worksheet("Rides").write_row(0, 0, ["Car", "Seats"])
        book.get_worksheet_by_name("Rides").write_row(1, 0, ["Van", 7])
        people = book.add_worksheet("People")
        people.write_row(0, 0, ["Nombre", "Apellido", "Teléfono"])
        people.write_row(1, 0, ["Lucía", "Ríos", 4155550188])

    browser = signed_in("omar")
    address = upload(browser, workbook(build), "book.xlsx").location
    form = form_of(browser.get(address).text, "other_reading")
    assert browser.post(f"{address}/columns", data=form | {"sheet": "People", "other_reading": "1"}).status_code == 303
    page = browser.get(address).text
    assert "Teléfono" in page
    assert browser.post(f"{address}/columns", data=form_of(page, "fields-0") | {"sheet": "People", "once": "x"}).status_code == 303
    run_jobs()
    assert "Lucía Ríos" in browser.get(address).text


def far_cell(book):
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Name")
    sheet.write(1048575, 300, "x")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"   \n  ", "This file is empty"),
        (b"\x00\x01\x02\xff" * 200, "not a spreadsheet"),
        (b"PK\x03\x04 junk", "not a spreadsheet"),
        (b"%PDF-1.4 x", "not a spreadsheet"),
        (b"a," * 600, "more than 500 columns"),
        (b'Name,Phone\n"Ana,1\n' + b"x,2\n" * 60000, "quotation mark"),
        (b"x" * (60 * 2**20 + 10), "too large"),
        (workbook(far_cell), "more than 2,500,000 cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_files_are_refused_at_once(signed_in, content, words):
    answer = upload(signed_in("omar"), content)
    assert answer.status_code == 422 and words in answer.text


def test_no_file_and_foreign_imports(signed_in, messy):
    browser = signed_in("omar")
    assert browser.post("/people/imports", data={"once": "x"}).status_code == 422
    address = upload(browser, messy).location
    other = signed_in("dolores")
    assert other.get(address).status_code == 404
    for end in ("columns", "application", "undoing", "removal"):
        assert other.post(f"{address}/{end}", data={"once": end}).status_code == 404
    assert browser.get("/people/imports/sample.csv").status_code == 404
    assert browser.post(f"{address}/undoing", data={"once": "u"}).status_code == 422
    assert browser.post(f"{address}/columns", data={"once": "c"}).status_code == 422
    assert browser.post(f"{address}/removal", data={"once": "r"}).status_code == 303
    assert browser.get(address).status_code == 404


def test_pages_in_spanish(signed_in, world):
    browser = signed_in("omar")
    for path in (
        "/people?lang=es",
        f"/people/{world.people['southbank'][0]}?lang=es",
        "/people/new?lang=es",
        "/people/lists?lang=es",
        "/people/lists/new?lang=es",
        "/people/imports?lang=es",
        "/people/imports/new?lang=es",
    ):
        assert browser.get(path).status_code == 200
