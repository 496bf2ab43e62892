"""A lot among the organization's own people: households by address, from everybody or a saved list, without a name, and short steps."""

import json
import re
import time

import pytest
from sqlalchemy import func, select

from crm.assemblies.models import Assembly, LotInvitation, Recruitment
from crm.assemblies.queries.own_households import lists_of, residents_of
from crm.assemblies.queries.recruitment import list_for_letters, recruitment_for
from crm.assemblies.rules.recruitment import Resident, households_of_people
from crm.infra import db
from crm.kernel.permissions import Role
from crm.kernel.refusal import Missing
from crm.outreach.actions.consent import give_consent
from crm.outreach.models import Text
from crm.people.actions import save_segment
from crm.people.actions.erasing import erase_person
from tests.assemblies.test_recruitment import ASKED, answered, invited, listed
from tests.assemblies.test_routes import made
from tests.factories import MONDAY, make_person

OWN = {"source": "people", "households": ""}


@pytest.fixture
def neighbors(acting, world):
    """Six people at four addresses and one at work, two of them agreeing to texts; the twelve of the world have no address."""
    with acting("southbank") as actor:
        org = world.orgs["southbank"]
        homes = (("Rosa", "1 Mill Lane", "+14155550111"), ("Beto", "1 mill lane.", ""), ("Lucia", "2 Mill Lane", ""), ("Noor", "3 Mill Lane", "+14155550113"),
                 ("Sam", "4 Mill Lane", ""))
        ids = [make_person(org, name, "Peralta", phone=phone or None, street=street, city="Southbank", postal_code="90003", language="es")
               for name, street, phone in homes]
        ids.append(make_person(org, "Will", "Peralta", street="9 Office Plaza", city="Southbank", address_kind="work"))
        for id, phone in ((ids[0], homes[0][2]), (ids[3], homes[3][2])):
            give_consent(actor, phone, source="in_person", now=MONDAY, person_id=id, wording="Yes", evidence="Sheet 3")
        return ids


def test_a_lot_among_our_own_people(signed_in, world, as_org, neighbors):
    omar = signed_in("omar")
    path = listed(omar, world, **OWN)
    page = omar.get(path).text
    assert "from 4 households" in page and "18 people were looked at" in page and "13 have no address at home and are not in the lot" in page
    invited(omar, path, 4, is_texted="y")
    with as_org("southbank"):
        rows = list(db.session().scalars(select(LotInvitation)))
        homes = {json.loads(row.household)["address"]: row.way for row in rows}
        assert homes == {"1 Mill Lane": "text", "2 Mill Lane": "letter", "3 Mill Lane": "text", "4 Mill Lane": "letter"}
        assert all(json.loads(row.household)["name"] == "" for row in rows), "an address, not a name"
        assert sorted(db.session().scalars(select(Text.phone).where(Text.key.like("lottery:%")))) == ["+14155550111", "+14155550113"]
    letters = re.search(rf'href="({path}/rounds/\d+/letters)"', omar.get(path).text)[1]
    assert "2 Mill Lane" in omar.get(letters).text and "Peralta" not in omar.get(letters).text
    assert "Se miraron 18 personas" in omar.get(path + "?lang=es").text


def test_a_saved_list_and_nobody_else(signed_in, world, as_org, acting, neighbors, clock):
    with acting("southbank") as actor:
        tree = {"all": [{"fact": "street", "comparison": "is", "value": "2 Mill Lane"}]}
        list_id = save_segment(actor, "Lucias", tree, is_shared=True, now=clock.now)
    omar = signed_in("omar")
    path = listed(omar, world, **OWN, list_id=str(list_id))
    page = omar.get(path).text
    assert "from 1 households" in page and "From your list “Lucias”" in page and "no address" not in page
    foreign = omar.post(path.rpartition("/")[0], data={**ASKED, **OWN, "list_id": "12345"})
    assert foreign.status_code == 422, "a list that is not offered"


def test_own_people_without_addresses_make_no_list(signed_in, world, as_org):
    dolores = signed_in("dolores")
    id = made(dolores, world, partners=[])
    answer = dolores.post(f"/assemblies/{id}/recruitments", data={**ASKED, **OWN, "seats": "0"})
    assert answer.status_code == 422 and "None of these people has an address at home" in answer.text and "at least one seat" in answer.text
    with as_org("mill"):
        assert not db.session().scalar(select(func.count()).select_from(Recruitment))


def test_the_public_record_says_that_the_lot_was_among_own_people(signed_in, client, world, as_org, neighbors):
    omar = signed_in("omar")
    loose = "feature,value,min,max\n" + "".join(f"{what},0,2\n" for what in ("age,young", "age,old", "place,north", "place,south"))
    path = listed(omar, world, **OWN, seats="2", quotas=loose)
    invited(omar, path, 4)
    answered(client, as_org, 3)
    lot = omar.post(path + "/pool", data={"method": "exact"}).location
    assert "own people, not of everybody in the area" in omar.get(lot).text


def test_a_number_that_is_erased_goes_from_the_households_too(signed_in, world, as_org, acting, neighbors, clock):
    omar = signed_in("omar")
    path = listed(omar, world, **OWN)
    invited(omar, path, 4)
    with acting("southbank") as actor:
        erase_person(actor, neighbors[0], now=clock.now)
    with as_org("southbank"):
        held = db.session().scalar(select(Recruitment.households)) + "".join(db.session().scalars(select(LotInvitation.household)))
        assert "+14155550111" not in held and "+14155550113" in held and "1 Mill Lane" in held


def test_own_people_are_for_those_who_see_their_addresses(signed_in, world, neighbors, acting, as_org, clock):
    path = listed(signed_in("omar"), world, **OWN)
    assembly_id, id = map(int, re.findall(r"\d+", path))
    with acting("southbank", role=Role.FACILITATOR) as actor:
        assert lists_of(actor) == []
        with pytest.raises(Missing):
            residents_of(actor, 0, clock.now)
        assembly = db.session().get_one(Assembly, assembly_id)
        with pytest.raises(Missing):
            list_for_letters(actor, assembly, id)
        assert recruitment_for(assembly, id).listed == 4, "the rounds themselves are theirs to run"


def test_an_address_counts_once_and_a_phone_that_agreed_is_kept():
    people = [Resident("1 Mill Lane", "90003", "Southbank", "es", ""), Resident("1 mill lane.", "90003", "southbank", "en", "+1"),
              Resident("", "", "", "en", "+2"), Resident("5 Office Plaza", "", "", "en", "", is_home=False)]
    homes, without = households_of_people(people)
    assert [(home.name, home.phone, home.language) for home in homes] == [("", "+1", "en")] and without == 2


@pytest.mark.long
def test_no_step_of_a_texted_round_holds_the_writers_up(signed_in, world, as_org, acting, monkeypatch):
    """On SQLite one writes at a time: two hundred texted households are invited in transactions that are each short."""
    from crm.assemblies import jobs as at_work

    with acting("southbank") as actor:
        for n in range(200):
            phone = f"+1510555{n:04d}"
            id = make_person(world.orgs["southbank"], "Rosa", "Peralta", phone=phone, street=f"{n} Mill Lane", city="Southbank")
            give_consent(actor, phone, source="in_person", now=MONDAY, person_id=id, wording="Yes", evidence="Sheet 3")
    omar = signed_in("omar")
    path = listed(omar, world, **OWN)
    held = []
    real = at_work.transaction

    class timed:
        def __init__(self, org_id):
            self.inner = real(org_id)

        def __enter__(self):
            entered = self.inner.__enter__()
            self.began = time.process_time()
            return entered

        def __exit__(self, *error):
            told = self.inner.__exit__(*error)
            held.append(time.process_time() - self.began)
            return told

    monkeypatch.setattr(at_work, "transaction", timed)
    invited(omar, path, 200, is_texted="y")
    with as_org("southbank"):
        assert db.session().scalar(select(func.count()).select_from(Text).where(Text.key.like("lottery:%"))) == 200
    print("held", [round(1000 * one) for one in sorted(held)])
    assert len(held) >= 4 and sorted(held)[len(held) // 2] < 0.1, held
