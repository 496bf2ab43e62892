"""A second address of a file: where the mail goes stands beside where somebody lives, and is taken back with the import."""

import pytest
from sqlalchemy import func, select

from crm.infra.clock import now
from crm.infra.db import session
from crm.people import actions, queries, rules
from crm.people.models import Address, ImportRow, Person

VAN = b"""VANID,LastName,FirstName,vAddress,vCity,vState,vZip5,mAddress,mCity,mState,mZip5,Cell Phone
11,Quiroga,Imelda,12 Alder St,Port Callan,CA,94001,PO Box 9,Mill Town,CA,94011,4155550131
12,Achterberg,Tobias,14 Alder St,Port Callan,CA,94001,14 Alder Street,Port Callan,CA,94001,4155550132
13,Wu,Xi,,,,,PO Box 7,Mill Town,CA,94011,4155550133
"""


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("vAddress,vCity,vZip5,mAddress,mCity,mZip5", "street city postal_code mail_street mail_city mail_postal_code"),
        ("Home Address,Mailing Address,Mailing City", "street mail_street mail_city"),
        ("Address,Address Line 2,City,Mailing Address,Mailing Address 2,Mailing City", "street street_2 city mail_street mail_street_2 mail_city"),
        ("Mailing Street,City,State,Zip", "street city region postal_code"),  # one address in two ways of naming
        ("Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code", "mail_street mail_city mail_region mail_postal_code"),
        ("Domicilio,Ciudad,Apartado postal", "street city mail_street"),
        ("Dirección postal,Ciudad", "street city"),
    ],
)
def test_headings_of_two_addresses(headings, expected):
    columns = headings.split(",")
    assert rules.guess_columns(columns, [["x"] * len(columns)]) == expected.split()


def addresses() -> dict[str, list[tuple[str, ...]]]:
    """By given name: the preferred address first, each with its kind."""
    told: dict[str, list[tuple[str, ...]]] = {}
    for person in session().scalars(select(Person).order_by(Person.id)):
        if person.street:
            told[person.given_name] = [(person.address_kind, person.street, person.city)]
        for one in session().scalars(select(Address).where(Address.person_id == person.id).order_by(Address.id)):
            told.setdefault(person.given_name, []).append((one.kind, one.street, one.city))
    return told


def undo(import_id, acting, run_jobs):
    with acting("southbank", "imani") as actor:
        actions.undo(actor, import_id, now=now())
    run_jobs()


def test_both_addresses_come_in_and_the_same_file_again_changes_nothing(bring, as_org):
    bring(VAN)
    with as_org("southbank"):
        told = addresses()
        assert told["Imelda"] == [("home", "12 Alder St", "Port Callan"), ("mailing", "PO Box 9", "Mill Town")]
        assert told["Tobias"] == [("home", "14 Alder St", "Port Callan")], "the same place written twice is one"
        assert told["Xi"] == [("mailing", "PO Box 7", "Mill Town")], "the only address that is known is the preferred one"
    again = bring(VAN)
    with as_org("southbank") as actor:
        assert addresses() == told
        assert queries.count_outcomes(actor, again)["same"] == 3


@pytest.mark.parametrize("existing", ["fill", "replace"])
def test_a_mailing_address_never_takes_the_place_of_a_home(bring, acting, as_org, run_jobs, existing):
    bring(VAN)
    with as_org("southbank"):
        before = addresses()
    second = bring(
        b"Name,Phone,Mailing Address,Mailing City\nImelda Quiroga,4155550131,PO Box 10,Mill Town\nTobias Achterberg,4155550132,PO Box 11,Mill Town\n",
        existing=existing,
    )
    third = bring(b"Name,Phone,Home Address,City\nXi Wu,4155550133,16 Alder St,Port Callan\n", existing=existing)
    with as_org("southbank"):
        told = addresses()
        assert told["Imelda"] == [*before["Imelda"], ("mailing", "PO Box 10", "Mill Town")]
        assert told["Tobias"] == [*before["Tobias"], ("mailing", "PO Box 11", "Mill Town")]
        assert told["Xi"] == [*before["Xi"], ("home", "16 Alder St", "Port Callan")]
    for import_id in (third, second):
        undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        assert addresses() == before


def test_whoever_has_no_address_gets_the_first_and_loses_it_again(bring, acting, as_org, run_jobs, ana, world):
    import_id = bring(f"Given name,Phone,Mailing Address,Mailing City\nAna,{world.phones[ana]},PO Box 3,Mill Town\n".encode())
    with as_org("southbank"):
        assert addresses()["Ana"] == [("mailing", "PO Box 3", "Mill Town")]
    undo(import_id, acting, run_jobs)
    with as_org("southbank"):
        person = session().scalars(select(Person).where(Person.id == ana)).one()
        assert (person.street, person.city, person.address_kind) == ("", "", "home")
        assert session().scalar(select(func.count()).select_from(Address)) == 0


def test_the_dry_run_shows_it_and_search_finds_it(bring, omar, as_org):
    bring(VAN)
    import_id = bring(b"Name,Phone,Mailing Address,Mailing City\nImelda Quiroga,4155550131,PO Box 10,Mill Town\n", apply=False)
    page = omar.get(f"/people/imports/{import_id}").text
    assert "Other addresses" in page and "PO Box 10, Mill Town" in page
    assert "Imelda" in omar.get("/people?q=Box+9").text
    page = omar.get(f"/people/imports/{import_id}/columns").text
    assert "Mail: street or box" in page and '<optgroup label="Where their mail goes">' in page
    with as_org("southbank"):
        plan = session().scalar(select(ImportRow.plan).where(ImportRow.import_id == import_id))
        assert plan["addresses"] == [["mailing", "PO Box 10", "", "Mill Town", "", ""]]


def test_two_rows_about_one_new_person_bring_two_addresses(bring, as_org):
    bring(b"Name,Phone,Home Address,Mailing Address\nZoe Ray,4155550195,1 Elm,PO Box 1\nZoe Ray,4155550195,,PO Box 2\n")
    with as_org("southbank"):
        assert addresses()["Zoe"] == [("home", "1 Elm", ""), ("mailing", "PO Box 1", ""), ("mailing", "PO Box 2", "")]
