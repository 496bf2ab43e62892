"""Federation through HTTP: local assemblies in larger ones, inputs up with origin and numbers, results down, no circles."""

import re

import pytest
from sqlalchemy import select

from crm.assemblies.models import AssemblySession, FederationEdge
from crm.assemblies.rules import federation as rules
from crm.infra import jobs
from crm.infra.db import session, transaction
from crm.turnout.models import Attendance
from tests.assemblies.test_routes import made
from tests.clients import form_of, place_of
from tests.factories import MONDAY

INPUT = {"title": "No lead shot at the lakes", "text": "Ban it from January on.", "yes": "41", "no": "7", "abstain": "2", "people": "52"}


def test_a_circle_is_never_made():
    tree = {2: 1, 3: 2, 4: 3}
    assert rules.ancestors(4, tree) == [3, 2, 1] and rules.ancestors(1, {1: 2, 2: 1}) == [2, 1]
    assert [bool(rules.issues_in_link(child, parent, tree, "draft", "draft")) for child, parent in ((1, 4), (5, 4), (5, 5), (4, 1), (1, 9))] == [
        True, False, True, True, False]


def test_numbers_are_asked_for_and_said():
    none = dict.fromkeys(rules.NUMBERS)
    assert len(rules.issues_in_input(" ", "", none)) == 2 and not rules.issues_in_input("x", "", none | {"people": 0})
    assert rules.issues_in_input("x", "", none | {"yes": 3}) and rules.issues_in_input("x", "", none | {"people": -1})
    origin = rules.origin_of({"en": "District"}, none | {"yes": 3, "no": 1}, rules.origin_of({"en": "County"}, none | {"people": 12}))
    assert [str(rules.said_origin(place, "es")) for place in origin] == ["County: 12 people", "District: 3 in favor, 1 against, 0 abstained"]
    assert rules.together([origin, rules.origin_of({"en": "Other"}, none | {"people": 3})])["people"] == 15


@pytest.fixture
def tree(signed_in, world):
    """The table's congress, Southbank's district, Mill's county: browsers and addresses."""
    lead, omar, dolores = signed_in("imani", org="table"), signed_in("omar"), signed_in("dolores")
    congress = made(lead, world, "A11", partners=[world.orgs["southbank"]], title_en="Congress")
    district = made(omar, world, "A8", partners=[world.orgs["mill"]], title_en="District")
    county = made(dolores, world, "A8", partners=[world.orgs["southbank"]], title_en="County", title_es="Condado")
    for browser, id in ((lead, congress), (omar, district), (dolores, county)):
        assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    return (lead, congress), (omar, district), (dolores, county)


def join(browser, id, parent):
    return browser.post(f"/assemblies/{id}/federation", data={"parent_id": str(parent)})


def test_invited_it_is_part_at_once_else_the_convener_is_asked(tree, world):
    (lead, congress), (omar, district), (dolores, county) = tree
    assert "Congress (2027)" in omar.get(f"/assemblies/{district}/federation").text
    assert "part of the larger one now" in omar.get(join(omar, district, congress).location).text
    assert "convener of the larger assembly was asked" in dolores.get(join(dolores, county, congress).location).text
    refused = dolores.post(f"/assemblies/{county}/inputs", data=INPUT)
    assert refused.status_code == 422 and "part of no larger one yet" in refused.text
    page = lead.get(f"/assemblies/{congress}/federation").text
    assert page.index("County") < page.index("District"), "who asks stands first"
    taken = re.search(rf'action="(/assemblies/{congress}/federation/\d+)/agreed"', page)[1]
    assert omar.post(taken + "/agreed").status_code == 404 and lead.post(taken + "/agreed").status_code == 303
    assert lead.post(taken + "/declined").status_code == 422, "answered already"
    assert "Mill District Workers Center" in lead.get(f"/assemblies/{congress}/partners").text, "it takes part from now on"
    units = lead.post(f"/assemblies/{congress}/delegations/formula", data={
        "basis": "attendance", "per": "10", "rounding": "up", "least": "0", "most": "", "counted_on": "2026-11-20", "alternates_of": "none",
        "alternates_per": "", "alternates_least": "0", "reserved_for": "", "quorum": "1/2", "quorum_of": "credentialed"})
    assert units.status_code == 303
    listed = lead.get(f"/assemblies/{congress}/delegations").text
    assert "<strong>County</strong>" in listed and "<strong>District</strong>" in listed and "Southbank Tenants Union</strong>" not in listed
    assert dolores.get(f"/assemblies/{congress}/federation").status_code == 404, "inputs are between the convener and whoever sent them"


def test_no_circle_and_no_second_parent(tree, world):
    (_lead, congress), (omar, district), (dolores, county) = tree
    join(dolores, county, district)
    assert "round in a circle" in join(omar, district, county).text
    assert "part of another one already" in join(dolores, county, congress).text
    assert "cannot be part of itself" in join(omar, district, district).text
    assert dolores.post(f"/assemblies/{county}/federation/leaving").status_code == 303
    with transaction():
        assert session().scalars(select(FederationEdge)).all() == []
    ward = made(omar, world, "A8", partners=[], title_en="Ward")
    assert omar.get(join(omar, ward, district).location).text.count("part of the larger one now") == 1
    join(omar, district, county)
    assert join(dolores, county, ward).status_code == 404, "not invited to it"
    omar.post(f"/assemblies/{ward}/partners", data={"partners": [world.orgs["mill"]]})
    assert "round in a circle" in join(dolores, county, ward).text, "two steps round as well"


def test_inputs_go_up_two_levels_and_results_come_down_to_where_they_began(tree, run_jobs):
    (lead, congress), (omar, district), (dolores, county) = tree
    join(omar, district, congress)
    join(dolores, county, district)
    wrong = dolores.post(f"/assemblies/{county}/inputs", data={"title": "", "yes": "4", "no": "", "text": "kept"})
    assert wrong.status_code == 422 and "both counts" in wrong.text and "in one line" in wrong.text and "kept" in wrong.text
    many = dolores.post(f"/assemblies/{county}/inputs", data={**INPUT, "people": "12"})
    assert many.status_code == 422 and "50 votes are more than the 12 people who were there" in many.text
    assert place_of(dolores, dolores.post(f"/assemblies/{county}/inputs", data=INPUT)).startswith("input-")
    again = dolores.post(f"/assemblies/{county}/inputs", data={**INPUT, "title": INPUT["title"].upper(), "once": "again"})
    assert again.status_code == 422 and "waits for a decision already" in again.text
    came = omar.get(f"/assemblies/{district}/federation").text
    assert "County: 41 in favor, 7 against, 2 abstained, 52 people there" in came
    first = re.search(rf'href="(/assemblies/{district}/inputs/\d+)"', came)[1]
    assert omar.post(first + "/decision", data={"state": "referred", "answer": ""}).status_code == 422
    assert omar.post(first + "/decision", data={"state": "adopted", "answer": "All rivers too"}).status_code == 303
    assert "Adopted" in dolores.get(f"/assemblies/{county}/federation").text and "All rivers too" in dolores.get(f"/assemblies/{county}/federation").text
    up = form_of(omar.get(f"/assemblies/{district}/federation?from={first.rsplit('/', 1)[1]}").text, 'name="from_id"')
    assert up["title"] == INPUT["title"] and up["from_id"]
    sent = {**up, "yes": "120", "no": "30"}
    assert omar.post(f"/assemblies/{district}/inputs", data=sent).status_code == 303
    assert "sent up already" in omar.post(f"/assemblies/{district}/inputs", data={**sent, "once": "another"}).text
    top = lead.get(f"/assemblies/{congress}/federation").text
    assert "County: 41 in favor" in top and "District: 120 in favor, 30 against" in top
    second = re.search(rf'href="(/assemblies/{congress}/inputs/\d+)"', top)[1]
    assert "52 people there" in lead.get(second).text
    decided = {"state": "amended", "answer": "From the year after next on"}
    assert lead.post(second + "/decision", data=decided).status_code == 303
    assert "From the year after next on" in omar.get(f"/assemblies/{district}/federation").text
    run_jobs()
    result = dolores.get(f"/assemblies/{county}/federation").text
    assert "From the year after next on" in result and "Adopted with changes" in result and "Congress:" in result
    assert dolores.get(f"/assemblies/{county}/federation?lang=es").status_code == 200
    own = re.search(r'action="(/assemblies/\d+/inputs/\d+/removal)"', result)
    assert own is None, "what is decided stays"
    assert "What was done together" in dolores.post(f"/assemblies/{county}/federation/leaving").text


def test_an_input_can_be_taken_back_until_it_is_decided(tree):
    (_lead, congress), (omar, district), (dolores, _county) = tree
    join(omar, district, congress)
    omar.post(f"/assemblies/{district}/inputs", data=INPUT)
    back = re.search(r'action="(/assemblies/\d+/inputs/\d+/removal)"', omar.get(f"/assemblies/{district}/federation").text)[1]
    assert dolores.post(back).status_code == 404 and omar.post(back).status_code == 303
    assert "No lead shot" not in omar.get(f"/assemblies/{district}/federation").text
    assert jobs.run_due() == 0


def test_seats_by_how_many_came_to_the_local_assembly(tree, world):
    (_lead, _congress), (omar, district), (dolores, county) = tree
    join(dolores, county, district)
    formula = {"basis": "attendance", "per": "10", "rounding": "up", "least": "0", "most": "", "counted_on": "2026-11-20", "alternates_of": "none",
               "alternates_per": "", "alternates_least": "0", "reserved_for": "", "quorum": "1/2", "quorum_of": "credentialed"}
    omar.post(f"/assemblies/{district}/delegations/formula", data=formula)
    with transaction(world.orgs["mill"]):
        sitting = session().scalars(select(AssemblySession.id).where(AssemblySession.assembly_id == county)).first()
        session().add_all(Attendance(
            org_id=world.orgs["mill"], partner_id=world.orgs["mill"], assembly_id=county, session_id=sitting, door_name=f"R{n}", is_walk_in=True, guests=3,
            device_key=f"k{n}", arrived_at=MONDAY) for n in range(23))
    assert "Told to the convener: 23." in dolores.get(dolores.post(f"/assemblies/{district}/delegations/count").location).text, "guests have no vote"
    assert "23, one seat for each 10: 2, and 3 left over, rounded up: 3." in omar.get(f"/assemblies/{district}/delegations").text
    assert "Only a local assembly of yours" in omar.post(f"/assemblies/{district}/delegations/count").text
    stale = form_of(omar.get(f"/assemblies/{district}/delegations").text, "/delegations/numbers")
    omar.post(f"/assemblies/{district}/delegations/numbers", data={name: "" if name.startswith("n") else value for name, value in stale.items()})
    assert "23, one seat for each 10" in omar.get(f"/assemblies/{district}/delegations").text, "an empty field takes no told number away"
    omar.post(f"/assemblies/{district}/delegations/numbers", data={**{name: value or "10" for name, value in stale.items()}, "once": "again"})
    assert omar.post(f"/assemblies/{district}/delegations/publication").status_code == 303
    own = re.search(rf'href="(/assemblies/{district}/delegations/\d+)"', dolores.get(f"/assemblies/{district}/delegations").text)[1]
    assert "<h1>County</h1>" in dolores.get(own).text and "<h1>Condado</h1>" in dolores.get(own + "?lang=es").text
    assert "Condado" in omar.get(f"/assemblies/{district}/credentials/report?lang=es").text, "a delegation has a name in each language"
