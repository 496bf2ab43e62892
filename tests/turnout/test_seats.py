"""Seats that are known by a code alone come through the door: found by code, scanned by letter, with and without signal, counted once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from crm.assemblies.models import Assembly, AssemblySession, LotInvitation, LotPlace, Participant
from crm.infra.db import is_sqlite, new_id, session, transaction
from crm.infra.links import token_of
from crm.people.actions import merge_people, undo_merge
from crm.people.actions.erasing import erase_person
from crm.people.models import Merge, Person
from crm.people.queries.everything import everything_about
from crm.turnout import actions, rules
from crm.turnout.actions.keeping import empty_door_lists
from crm.turnout.models import Attendance, PaperSheet, Rsvp
from crm.turnout.queries import door_links
from tests.assemblies.test_recruitment import drawn
from tests.clients import form_of
from tests.turnout.conftest import make_assembly
from tests.turnout.test_sheets import enter


@pytest.fixture
def seats(world, hall):
    """Two of Southbank's own drawn under codes, one that Mill brought, somebody by name; and a code of another assembly and organization."""
    made = {}
    with transaction(world.orgs["southbank"]):
        for org, shown in (("southbank", "H00012"), ("southbank", "H-00 013"), ("mill", "Mill 7"), ("southbank", "Rosalba Quintanilla")):
            row = Participant(id=new_id(), org_id=world.orgs["southbank"], partner_id=world.orgs[org], assembly_id=hall.id, shown_name=shown, role="delegate")
            session().add(row)
            made[shown] = row.id
    with transaction(world.orgs["arroyo"]):
        other, _sitting, _at = make_assembly(world.orgs["arroyo"], [world.orgs["arroyo"]])
        row = Participant(id=new_id(), org_id=world.orgs["arroyo"], partner_id=world.orgs["arroyo"], assembly_id=other, shown_name="H00099", role="participant")
        session().add(row)
        made["foreign"] = row.id
    return made


def sync(client, address, *taps):
    answer = client.post(address + "/sync", json={"taps": list(taps)})
    assert answer.status_code == 200, answer.text
    return [row["result"] for row in answer.json["results"]]


def there(as_org, org="southbank"):
    with as_org(org):
        return sorted(session().execute(select(Attendance.door_name, Attendance.participant_id).where(Attendance.undone_at.is_(None))).all())


@pytest.mark.parametrize(("typed", "found"), [
    ("H00012", ["H00012"]), ("h 00 012", ["H00012"]), ("h-00012", ["H00012"]), ("PLENARY:h00012", ["H00012"]), ("h0001", ["H-00 013", "H00012"]),
    ("h00013", ["H-00 013"]), ("mill", ["Mill 7"]), ("MILL-7", ["Mill 7"]), ("7", ["Mill 7"]), ("rosal", ["Rosalba Q."]), ("quintan", ["Rosalba Q."]),
    ("H00099", []), ("%", []), ("-", []), ("", []), ("00012", []),
])  # fmt: skip
def test_a_code_is_found_whole_or_as_it_begins_whatever_its_case_spaces_and_dashes(client, door, seats, say, world, typed, found):
    rsvp_id, (address, _id) = say("southbank", 0, "yes"), door()
    with transaction(world.orgs["southbank"]):
        rsvp = session().get_one(Rsvp, rsvp_id)
        rsvp.door_name, rsvp.door_folded = "Wim H.", "wim h"  # found by the initial, but not by a code that begins with it
    page = client.get(address, query_string={"q": typed}).text
    assert sorted(re.findall(r'<strong class="fs-t4 d-block lh-sm">([^<]+)', page)) == sorted(found)
    assert "Quintanilla" not in page.replace("value=\"quintan\"", "")


def test_by_tap_twice_and_undo(client, door, seats, as_org):
    address, _id = door()
    page = client.get(address + "?q=h00012").text
    assert "1 found" in page and "Southbank" in page and "Needs something" not in page and f'data-code="SEAT:{seats["H00012"]}"' in page
    form = form_of(page, "seat_id")
    assert form["seat_id"] == str(seats["H00012"]) and "rsvp_id" not in form
    assert client.post(address + "/check-ins", data=form).status_code == 303
    assert "H00012 is in." in client.get(address).text and there(as_org) == [("H00012", seats["H00012"])]
    again = client.post(address + "/check-ins", data=form)
    assert "H00012 is already in, since 9:00" in client.get(again.location).text
    other_tablet = client.post(address + "/check-ins", data={"seat_id": form["seat_id"], "once": "other"})
    assert other_tablet.status_code == 303 and there(as_org) == [("H00012", seats["H00012"])], "once, whoever taps"
    page = client.get(address + "?q=h00012").text
    assert "In at 9:00" in page and ">1<" in page
    assert client.post(address + "/undoings", data=form_of(page, "attendance_id")).status_code == 303
    assert there(as_org) == []
    assert client.post(address + "/check-ins", data={"seat_id": form["seat_id"], "once": "new"}).status_code == 303 and len(there(as_org)) == 1


def test_without_signal_the_list_has_codes_and_each_tap_counts_once(client, door, seats, say, as_org, clock):
    say("mill", 0, "yes")
    address, _id = door()
    people = {row[1]: row for row in client.get(address + "/roster").json["people"]}
    mine, mills = f"SEAT:{seats['H00012']}", f"SEAT:{seats['Mill 7']}"
    assert people[mine] == ["H00012", mine, "Southbank Tenants Union", 0, None] and people[mills][2].startswith("Mill District")
    assert people[f"SEAT:{seats['Rosalba Quintanilla']}"][0] == "Rosalba Q." and len(people) == 5
    at = clock.now.isoformat()
    clock.move(minutes=30)
    tap = {"key": "one", "code": mine, "at": at}
    assert sync(client, address, tap, tap) == ["in", "in"] and sync(client, address, {"key": "two", "code": mine}) == ["already"]
    assert sync(client, address, {"key": "three", "code": "h-000 12"}, {"key": "four", "code": "PLENARY:MILL7"}) == ["already", "in"]
    assert there(as_org) == [("H00012", seats["H00012"]), ("Mill 7", seats["Mill 7"])]
    with as_org("southbank"):
        assert session().scalar(select(Attendance.arrived_at).where(Attendance.device_key == "one")) == clock.now - timedelta(minutes=30)
    assert {row[1]: row[4] for row in client.get(address + "/roster").json["people"]}[mine] == at
    assert sync(client, address, tap | {"undone": True}) == ["undone"] and sync(client, address, tap) == ["undone"], "a late replay brings nothing back"
    assert sync(client, address, {"key": "never", "code": mine, "undone": True}) == ["undone"] and there(as_org) == [("Mill 7", seats["Mill 7"])]


def test_another_organization_s_seat_and_what_is_no_seat_are_refused(client, door, seats, as_org, world, hall):
    address, _id = door()
    with transaction(world.orgs["southbank"]):
        next_door = Participant(id=new_id(), org_id=world.orgs["southbank"], partner_id=world.orgs["southbank"], shown_name="Z-1", role="participant",
                                assembly_id=session().get_one(AssemblySession, hall.other_session_id).assembly_id)
        twin = Participant(id=new_id(), org_id=world.orgs["southbank"], partner_id=world.orgs["mill"], assembly_id=hall.id, shown_name="h 00012")
        session().add_all([next_door, twin])
    for n, id in enumerate((seats["foreign"], next_door.id, 7, -4, 2**63, 10**19)):
        refused = client.post(address + "/check-ins", data={"seat_id": id, "once": f"foreign-{n}"})
        assert refused.status_code == 422 and "Not on the list of this assembly" in refused.text, id
    codes = (f"SEAT:{seats['foreign']}", "H00099", f"SEAT:{next_door.id}", "Z-1", "SEAT:", "SEAT:x", f"SEAT:{10**25}", "/lottery/" + "a" * 22, "?", "'")
    assert sync(client, address, *({"key": f"c{n}", "code": code} for n, code in enumerate(codes))) == ["unknown"] * len(codes)
    assert sync(client, address, {"key": "twin", "code": "H00012"}) == ["unknown"], "of two alike a volunteer chooses"
    assert there(as_org) == [] and there(as_org, "arroyo") == []


def test_a_kiosk_takes_no_code_that_can_be_guessed(client, acting, hall, seats, clock, as_org):
    with acting("southbank") as actor:
        id = actions.open_door(actor, hall.id, hall.session_id, name="", hours=72, kind="kiosk", now=clock.now)
        address = next(url for one, url in door_links(actor, hall.id, clock.now) if one.id == id).removeprefix("http://localhost")
    for code in ("H00012", f"SEAT:{seats['H00012']}"):
        assert client.post(f"{address}/check-ins", data={"code": code}).status_code == 422
    assert there(as_org) == []


def test_the_database_takes_one_holder_and_each_seat_once(world, hall, seats, say, clock):
    """An answer, a walk-in, or a seat; never two of them, never none, and a seat once in each session."""
    rsvp_id, org = say("southbank", 0, "yes"), world.orgs["southbank"]

    def write(**facts):
        with transaction(org):
            session().add(Attendance(
                org_id=org, partner_id=org, assembly_id=hall.id, door_name="x", device_key=f"k{new_id()}", arrived_at=clock.now,
                **{"session_id": hall.session_id} | facts))

    seat = seats["H00012"]
    for facts in ({"participant_id": seat, "rsvp_id": rsvp_id}, {"participant_id": seat, "is_walk_in": True}, {},
                  {"participant_id": seat, "person_id": world.people["southbank"][0]}, {"person_id": world.people["southbank"][0]}):
        with pytest.raises(IntegrityError):
            write(**facts)
    write(participant_id=seat)
    with pytest.raises(IntegrityError):
        write(participant_id=seat)
    write(participant_id=seat, undone_at=clock.now)
    write(participant_id=seat, session_id=hall.other_session_id)


def test_only_the_two_sides_read_that_a_seat_came(client, door, seats, as_org):
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}, {"key": "b", "code": "Mill 7"}) == ["in", "in"]
    assert [name for name, _id in there(as_org)] == ["H00012", "Mill 7"]
    assert [name for name, _id in there(as_org, "mill")] == ["Mill 7"] and there(as_org, "arroyo") == there(as_org, "table") == []
    if is_sqlite():
        return
    with as_org("arroyo"):  # past the program's own filter: the policies of the table itself
        assert session().execute(text("select count(*) from attendances")).scalar() == 0
        assert session().execute(text("update attendances set undone_at = arrived_at")).rowcount == 0
    with as_org("mill"):
        assert session().execute(text("select door_name from attendances")).scalars().all() == ["Mill 7"]


@pytest.mark.long
def test_the_letter_of_a_household_that_was_drawn_opens_its_seat(signed_in, client, world, as_org, acting, clock):
    """Also when its link has ended; a letter of somebody who was not drawn, or of another assembly, opens nothing."""
    omar = signed_in("omar")
    _path, lot = drawn(omar, client, world, as_org)
    assert omar.post(lot + "/seats").status_code == 303
    with as_org("southbank"):
        codes = sorted(session().scalars(select(LotPlace.code)))
        letters = {f"H{number:05}": f"/lottery/{token_of(link)}" for number, link in session().execute(select(LotInvitation.number, LotInvitation.link_id))}
        assembly = session().scalars(select(Participant.assembly_id)).first()
    clock.move(days=20)
    with transaction(world.orgs["southbank"]):
        day = session().get_one(Assembly, assembly).day
        sitting = AssemblySession(
            id=new_id(), org_id=world.orgs["southbank"], assembly_id=assembly, title={"en": "Day"}, day=day, starts=clock.now.time(), ends=clock.now.time(),
            starts_at=clock.now, ends_at=clock.now + timedelta(hours=4), place="Hall")
        session().add(sitting)
    with acting("southbank") as actor:
        id = actions.open_door(actor, assembly, sitting.id, name="", hours=24, now=clock.now)
        address = next(url for one, url in door_links(actor, assembly, clock.now) if one.id == id).removeprefix("http://localhost")
    undrawn = next(code for code in letters if code not in codes)
    assert sync(client, address, {"key": "a", "code": "http://localhost" + letters[codes[0]]}, {"key": "b", "code": letters[codes[0]]}) == ["in", "already"]
    assert sync(client, address, {"key": "c", "code": letters[undrawn]}) == ["unknown"]
    assert [name for name, _id in there(as_org)] == [codes[0]]


def test_a_paper_sheet_has_seats_and_counts_them(signed_in, client, hall, say, seats, as_org, door):
    rsvp_id = say("southbank", 0, "yes")
    omar = signed_in("omar")
    assert omar.post(f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets").status_code == 303
    page = omar.get(f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets").text
    assert "H00012" in page and "Rosalba Q." in page and "Quintanilla" not in page
    with as_org("southbank"):
        sheet = f"/assemblies/{hall.id}/sheets/{session().scalar(select(PaperSheet.id))}"
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}) == ["in"]
    for who in ("omar", "imani"):
        assert enter(signed_in(who), sheet, {rsvp_id: 0, seats["H00012"]: 0, seats["Mill 7"]: 0}).status_code == 303
    assert [name for name, _id in there(as_org)] == ["Ana Q.", "H00012", "Mill 7"], "the tablet had one of them before"


def test_tables_the_count_and_the_minutes_have_seats(signed_in, client, hall, seats, door):
    address, _id = door()
    assert sync(client, address, *({"key": code, "code": code} for code in ("H00012", "H00013", "Mill 7"))) == ["in"] * 3
    omar = signed_in("omar")
    form = form_of(omar.get(f"/assemblies/{hall.id}/tables").text, "main_language") | {"session_id": str(hall.session_id), "source": "room", "seats": "4"}
    made = omar.post(f"/assemblies/{hall.id}/tables", data=form)
    assert made.status_code == 303
    page = omar.get(made.location).text
    assert "H00012" in page and "H-00 013" in page and "Mill 7" in page
    undone = client.post(address + "/undoings", data=form_of(client.get(address + "?q=h00012").text, "attendance_id"))
    assert undone.status_code == 303 and sync(client, address, {"key": "again", "code": "H00012"}) == ["in"]
    assert "no table" not in omar.get(made.location).text, "who went out and in again keeps the place"
    minutes = omar.get(f"/assemblies/{hall.id}/minutes").text
    assert re.search(r"\b3\b[^<]*(let in|present|came)|(let in|present|Present)[^<]*\b3\b", minutes), minutes


def test_a_seat_that_has_a_record_by_now_is_counted_once(client, door, seats, say, as_org, world):
    """In under the code; then the household told its name, and the person holds a pass too. The code that a tablet kept is that person."""
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}) == ["in"]
    rsvp_id = say("southbank", 0, "yes")
    with transaction(world.orgs["southbank"]):
        place = session().get_one(Participant, seats["H00012"])
        place.person_id, place.shown_name = world.people["southbank"][0], "Ana Q."
    tapped = client.post(address + "/check-ins", data={"rsvp_id": rsvp_id, "once": "one"})
    assert "Ana Q. is already in" in client.get(tapped.location).text and len(there(as_org)) == 1
    undo = form_of(client.get(address).text, "attendance_id")
    assert client.post(address + "/undoings", data=undo).status_code == 303
    assert sync(client, address, {"key": "late", "code": f"SEAT:{seats['H00012']}"}) == ["in"]
    with as_org("southbank"):
        row = session().scalars(select(Attendance).where(Attendance.undone_at.is_(None))).one()
        assert (row.rsvp_id, row.participant_id) == (rsvp_id, None)


def test_in_by_the_seat_and_by_a_pass_of_one_human_who_are_merged_later_counts_once_and_can_be_taken_apart(
    client, door, seats, say, as_org, acting, world, clock
):
    kept, gone = world.people["southbank"][:2]
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}) == ["in"]
    with transaction(world.orgs["southbank"]):
        session().get_one(Participant, seats["H00012"]).person_id = kept
    clock.move(minutes=5)
    assert client.post(address + "/check-ins", data={"rsvp_id": say("southbank", 1, "yes"), "once": "one"}).status_code == 303
    assert len(there(as_org)) == 2, "two records came"
    with acting("southbank", account="imani") as actor:
        versions = dict(session().execute(select(Person.id, Person.version).where(Person.id.in_([kept, gone]))).all())
        merge_people(actor, kept, [gone], {}, versions, now=clock.now)
    assert [seat for _name, seat in there(as_org)] == [None], "one human came"
    with acting("southbank", account="imani") as actor:
        assert undo_merge(actor, session().scalars(select(Merge.id)).one(), now=clock.now) == []
    assert len(there(as_org)) == 2


def test_a_place_given_back_stays_a_number_and_its_code_goes_in_time(client, door, seats, as_org, world, acting, clock, signed_in, hall):
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}) == ["in"]
    removal = f"/assemblies/{hall.id}/participants/{seats['H00012']}/removal"
    assert signed_in("omar").post(removal).status_code == 303
    assert "H00012" not in client.get(address + "/roster").text and there(as_org) == [("H00012", seats["H00012"])]
    with acting("southbank") as actor:
        assert empty_door_lists(actor, clock.now + timedelta(days=800), 100) >= 1
    with as_org("southbank"):
        assert session().execute(select(Attendance.door_name, func.count()).group_by(Attendance.door_name)).all() == [("", 1)]


def test_whoever_has_a_record_by_now_reads_and_takes_back_that_they_came(client, door, seats, as_org, acting, world, clock):
    """Their own data tells of the check-in under the code; erased, the name of the door goes and the number stays."""
    address, _id = door()
    assert sync(client, address, {"key": "a", "code": "H00012"}, {"key": "b", "code": "Rosalba Quintanilla"}) == ["in", "in"]
    person = world.people["southbank"][0]
    with transaction(world.orgs["southbank"]):
        session().get_one(Participant, seats["Rosalba Quintanilla"]).person_id = person
    with as_org("southbank") as actor:
        (told,) = everything_about(actor, person)["attendances"]
        assert told["door_name"] == "Rosalba Q." and told["arrived_at"].startswith("2026-11-23T17:00")
    with acting("southbank", account="imani") as actor:
        erase_person(actor, person, now=clock.now)
    assert [name for name, _id in there(as_org)] == ["", "H00012"]


@pytest.mark.parametrize(("typed", "shown", "is_found"), [
    ("ÁNGELES", "Angeles 4", True), ("angeles4", "Ángeles-4", True), ("a\u20134", "A-4", True), ("4", "A-4", False), ("vera", "Ana Vera", True),
    ("ana v", "Ana Vera", True), ("ana x", "Ana Vera", False), ("_", "H1", False),
])  # fmt: skip
def test_when_a_search_finds_a_seat(typed, shown, is_found):
    assert rules.is_seat_found(typed, shown) is is_found


@pytest.mark.parametrize(("shown", "at_the_door"), [
    ("H00012", "H00012"), ("AB-CX", "AB-CX"), ("Seat 7 North", "Seat 7 North"), ("Rosalba Quintanilla", "Rosalba Q."),
    ("VERA, ANA", "Ana V."), ("x" * 120, "x" * 80),
])  # fmt: skip
def test_a_code_stands_as_it_is_and_a_name_is_shortened(shown, at_the_door):
    assert rules.door_seat(shown) == at_the_door
