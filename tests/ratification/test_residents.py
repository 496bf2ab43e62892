"""A roll of residents, over HTTP: a place is named, people declare in set words, the vote asks them, and the declarations go when challenges are over."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.infra.links import issue_link, token_of
from crm.kernel.permissions import Role
from crm.organizations.actions import leave_coalition
from crm.outreach.models import Text
from crm.people.actions.erasing import erase_person
from crm.people.actions.merging import merge_people
from crm.people.models import Person, Phone, Segment
from crm.ratification.actions.residents import empty_residences
from crm.ratification.models import Ratification, Residence, RollCandidate, RollEntry
from crm.ratification.rules.residents import gone_by, issues_in_place
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import agree_to_texts, ballot_fields, close, links
from tests.ratification.test_contests import board_of
from tests.ratification.test_rules_as_data import drafted, opened

PLACE = {"name_en": "Port Callan", "name_es": "Puerto Callan", "wording_en": "I declare that I live in Port Callan.",
         "wording_es": "Declaro que vivo en Puerto Callan.", "keep_days": "30"}


@pytest.fixture
def imani(signed_in):
    return signed_in("imani", org="table")


@pytest.fixture
def place(imani):
    page = imani.get("/residents").text
    assert "No place has been named yet." in page
    made = imani.post("/residents", data=form_of(page, "wording_en") | PLACE)
    assert made.status_code == 303, made.text
    return made.location


def declare(desk, place, name, language="en"):
    page = desk.get(f"{place}?q={name}").text
    person = re.search(r'name="person"[^>]*value="(\d+)"', page)
    assert person, page
    return desk.post(place, data=form_of(page, "They declared it today") | {"person": person[1], "language": language, "q": name})


def declarations(world, org):
    with reading(world.orgs[org]):
        return [(row.wording, row.declared_on) for row in session().scalars(select(Residence).order_by(Residence.id))]


def test_an_evening_belongs_to_its_own_day(world, signed_in, place, clock):
    """Eight in the evening in Los Angeles is the next day in Greenwich."""
    clock.move(hours=11)
    assert declare(signed_in("omar"), place, "Quintero").status_code == 303
    assert [day for _words, day in declarations(world, "southbank")] == [date(2026, 11, 23)]


def test_residents_declare_vote_and_are_forgotten(world, client, imani, signed_in, place, clock):
    """Whoever declared is on the roll, member or not; each organization sees its own; thirty days after the close nothing is kept but seats."""
    omar, dolores = signed_in("omar"), signed_in("dolores")
    with transaction(world.orgs["southbank"]):
        session().get_one(Person, (world.orgs["southbank"], world.people["southbank"][1])).standing = "supporter"
    for desk, name, language in ((omar, "Quintero", "en"), (omar, "Okafor", "es")):
        assert declare(desk, place, name, language).status_code == 303
    again = declare(omar, place, "Okafor")
    assert again.status_code == 422 and "has declared it already" in again.text
    assert declarations(world, "southbank") == [(PLACE["wording_en"], date(2026, 11, 23)), (PLACE["wording_es"], date(2026, 11, 23))]
    assert "Quintero" in omar.get(place).text and "Quintero" not in dolores.get(place).text and declarations(world, "mill") == []
    vote = drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    page = imani.get(f"/votes/{vote}/opening").text
    assert "Residents of Port Callan" in page and "I declare that I live in Port Callan." in page and "deleted 30 days after the close" in page
    assert form_of(imani.get(f"/votes/{vote}/draft").text, "members_quorum")["members_roll"].startswith("r")
    opened(imani, vote)
    with reading(world.orgs["table"]):
        roll = {(row.partner_id, row.person_id) for row in session().scalars(select(RollEntry))}
        frozen = session().get_one(Ratification, vote).manifest["electorates"][0]
    assert roll == {(world.orgs["southbank"], world.people["southbank"][n]) for n in (0, 1)}
    assert frozen["residence"]["place"]["es"] == "Puerto Callan" and "on_day" not in frozen
    late = declare(omar, place, "Reyes")
    assert late.status_code == 303, "for the next vote; this roll is frozen"
    taken = re.search(rf'action="({place}/declarations/\d+/withdrawal)"', omar.get(place).text)[1]
    assert dolores.post(taken, data={"once": "no"}).status_code == 404
    assert omar.post(taken, data={"once": "back"}).status_code == 303 and len(declarations(world, "southbank")) == 2
    for n, token in enumerate(links(world, vote)):
        assert client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: "yes", 2: "yes", 3: "no"}), csrf=False).status_code == 200
    southbank = Actor.system(world.orgs["southbank"])
    with transaction(southbank.org_id):
        assert empty_residences(southbank, clock.now + timedelta(days=900), 100) == 0, "while a vote that asks for them is open, they stay"
    close(world, vote, clock.move(days=3))
    published, board = board_of(client, world, vote)
    assert "Residents of Port Callan" in published and check_board(board).is_right
    for days, gone in ((30, 0), (31, 2)):
        with transaction(southbank.org_id):
            assert empty_residences(southbank, clock.now + timedelta(days=days), 100) == gone
    assert declarations(world, "southbank") == []


def link_for(desk, place, name):
    """The address of a letter that the desk makes for one person."""
    page = desk.get(f"{place}?q={name}").text
    person = re.search(r'name="person"[^>]*value="(\d+)"', page)[1]
    letter = desk.post(f"{place}/link", data=form_of(page, "They declared it today") | {"person": person, "q": name})
    assert letter.status_code == 200, letter.text
    return re.search(r"(/residence/[\w-]{22})<", letter.text)[1]


def states(world, org="southbank"):
    with reading(world.orgs[org]):
        return [(row.state, row.wording, row.reason) for row in session().scalars(select(Residence).order_by(Residence.person_id))]


def judge(desk, place, answer, reason=""):
    page = desk.get(place).text
    at = re.search(rf'action="({place}/declarations/\d+/answer)"', page)[1]
    return desk.post(at, data={"once": f"{answer}{reason}", "answer": answer, "reason": reason})


def test_whoever_got_a_link_declares_on_their_own_page(world, client, imani, signed_in, place, clock):
    """Asked, declared, challenged with a reason that they read, accepted; it counts unless it is challenged, and is forgotten like every other."""
    omar, dolores = signed_in("omar"), signed_in("dolores")
    own = link_for(omar, place, "Quintero")
    assert states(world) == [("asked", "", "")] and "1 was asked and has not answered" in omar.get(place).text
    page = client.get(f"{own}?lang=en").text
    assert "Do you live in Port Callan?" in page and PLACE["wording_en"] in page and "30 days after the close" in page and states(world)[0][0] == "asked"
    assert "¿Vive usted en Puerto Callan?" in client.get(f"{own}?lang=es").text
    vote = drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    opened(imani, vote)
    assert "Nobody has declared to live there" in imani.get(f"/votes/{vote}/opening").text, "a question is no declaration"
    clock.move(hours=11)  # eight in the evening in Los Angeles
    omar, dolores, imani = signed_in("omar"), signed_in("dolores"), signed_in("imani", org="table")
    said = client.post(f"{own}?lang=es", data={"once": "a"}, csrf=False)
    assert said.status_code == 303 and states(world) == [("declared", PLACE["wording_es"], "")]
    assert declarations(world, "southbank")[0][1] == date(2026, 11, 23)
    assert client.post(f"{own}?lang=en", data={"once": "b"}, csrf=False).status_code == 303, "pressed again it is what it was"
    assert states(world) == [("declared", PLACE["wording_es"], "")] and "unless Southbank Tenants" in client.get(own).text
    assert "waits for a look" in omar.get(place).text and "Quintero" not in dolores.get(place).text
    wrong = judge(omar, place, "challenged")
    assert wrong.status_code == 422 and "Write why it is challenged" in wrong.text and states(world)[0][0] == "declared"
    assert judge(omar, place, "perhaps", "x").status_code == 422
    number = re.search(r"declarations/(\d+)/answer", omar.get(place).text)[1]
    assert dolores.post(f"{place}/declarations/{number}/answer", data={"once": "d", "answer": "challenged", "reason": "mine"}).status_code == 404
    assert judge(omar, place, "challenged", "You told us that you moved to Mill Street").status_code == 303
    page = client.get(own).text
    assert "You told us that you moved" in page and "I take it back" not in page and "I declare it" not in page
    refused = client.post(own, data={"once": "c"}, csrf=False)
    assert refused.status_code == 422 and "was challenged" in refused.text
    vote = drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    opened(imani, vote)
    assert "Nobody has declared to live there" in imani.get(f"/votes/{vote}/opening").text, "what is challenged gives no seat"
    assert judge(omar, place, "accepted").status_code == 303 and states(world) == [("accepted", PLACE["wording_es"], "")]
    assert "has accepted it" in client.get(own).text
    vote = drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    opened(imani, vote)
    with reading(world.orgs["table"]):
        assert [row.person_id for row in session().scalars(select(RollEntry))] == [world.people["southbank"][0]]
    close(world, vote, clock.move(days=3))
    for days, gone in ((30, 0), (31, 1)):
        with transaction(world.orgs["southbank"]):
            assert empty_residences(Actor.system(world.orgs["southbank"]), clock.now + timedelta(days=days), 100) == gone
    assert client.get(own).status_code == 404


def test_a_declaration_by_link_is_taken_back_and_a_question_is_forgotten(world, client, signed_in, place, clock):
    omar = signed_in("omar")
    own = link_for(omar, place, "Quintero")
    client.post(f"{own}?lang=en", data={"once": "a"}, csrf=False)
    assert client.post(f"{own}/withdrawal", data={"once": "b"}, csrf=False).status_code == 303 and states(world) == [("asked", "", "")]
    assert client.post(f"{own}?lang=en", data={"once": "c"}, csrf=False).status_code == 303 and states(world)[0][0] == "declared"
    client.post(f"{own}/withdrawal", data={"once": "d"}, csrf=False)
    newer = link_for(omar, place, "Quintero")
    assert client.get(own).status_code == 404 and client.get(newer).status_code == 200, "one link at a time"
    assert declare(omar, place, "Quintero").status_code == 303 and states(world) == [("accepted", PLACE["wording_en"], "")], "at the desk after all"
    link_for(omar, place, "Okafor")
    clock.move(days=31)
    with transaction(world.orgs["southbank"]):
        assert empty_residences(Actor.system(world.orgs["southbank"]), clock.now, 100) == 1
    assert client.get(newer).status_code == 404 and [state for state, *_ in states(world)] == ["accepted"]


def test_a_link_of_another_kind_or_organization_declares_nothing(world, client, signed_in, place):
    """No token of a ballot, a pass or another organization opens the page, and a made-up one looks the same."""
    own = link_for(signed_in("omar"), place, "Quintero")
    subject = _subject(world)
    with transaction(world.orgs["mill"]):
        foreign = [issue_link(world.orgs["mill"], purpose, subject, expires_at=MONDAY + timedelta(days=9), now=MONDAY)
                   for purpose, subject in (("ballot", 1), ("pass", world.people["southbank"][0]), ("residence", subject))]
    with transaction(world.orgs["southbank"]):
        other = [issue_link(world.orgs["southbank"], purpose, subject, expires_at=MONDAY + timedelta(days=9), now=MONDAY)
                 for purpose in ("ballot", "pass", "mine", "booth")]
    for token in (*foreign, *other, "t" * 22):
        assert client.get(f"/residence/{token}").status_code == 404
        assert client.post(f"/residence/{token}", data={"once": "x"}, csrf=False).status_code == 404
    assert client.get(own.replace("/residence/", "/v/")).status_code == 404 and states(world)[0][0] == "asked"


def _subject(world):
    with reading(world.orgs["southbank"]):
        return session().scalars(select(Residence.id)).one()


def test_one_human_who_declares_to_two_organizations_is_shown_to_the_committee(world, client, imani, signed_in, place):
    """The same keyed mark of a number as on every roll: a pair of seats, no name, and nobody is taken off by it."""
    with transaction(world.orgs["mill"]):
        session().add(Phone(org_id=world.orgs["mill"], person_id=world.people["mill"][0], e164=world.phones[world.people["southbank"][0]], created_at=MONDAY))
        name = session().get_one(Person, (world.orgs["mill"], world.people["mill"][0])).family_name
    for desk, whom in ((signed_in("omar"), "Quintero"), (signed_in("dolores"), name)):
        assert client.post(f"{link_for(desk, place, whom)}?lang=en", data={"once": whom}, csrf=False).status_code == 303
    opened(imani, drafted(world, imani, f"r{place.rsplit('/', 1)[1]}"))
    with reading(world.orgs["table"]):
        pairs = [(row.seat, row.other_seat, row.answer) for row in session().scalars(select(RollCandidate))]
        assert len(session().scalars(select(RollEntry)).all()) == 2 and [pair[:2] for pair in pairs] == [(0, 1)], pairs


def test_a_list_is_texted_its_links_and_whoever_has_declared_is_not_asked(world, client, signed_in, place, run_jobs):
    """Under the consent and sender of their own organization, in their language, each a link of their own."""
    home, people = signed_in("imani", org="southbank"), world.people["southbank"][:2]
    declare(signed_in("omar"), place, "Okafor")
    agree_to_texts(world, "southbank", people)
    with transaction(world.orgs["southbank"]):
        segment = Segment(org_id=world.orgs["southbank"], name="Everyone", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        number = segment.id
    form = form_of(home.get(f"/texts/new?subject=residence:{place.rsplit('/', 1)[1]}&list=list-{number}").text, 'name="body_en"')
    assert "Do you live in Port Callan?" in form["body_en"] and "¿Vive usted en Puerto Callan?" in form["body_es"]
    saved = home.post("/texts", data=form)
    assert saved.status_code == 303, saved.text
    assert home.post(f"{saved.location}/sending", data=form_of(home.get(saved.location).text, "/sending")).status_code == 303
    run_jobs()
    with reading(world.orgs["southbank"]):
        bodies = session().execute(select(Text.phone, Text.body).where(Text.subject_kind == "residence")).all()
        rang = ["/residence/" + token_of(int(body.partition("[[link:")[2].partition("]]")[0])) for _phone, body in bodies]
    assert [phone for phone, _body in bodies] == [world.phones[people[0]]] and [state for state, *_ in states(world)] == ["asked", "accepted"]
    assert client.post(f"{rang[0]}?lang=en", data={"once": "a"}, csrf=False).status_code == 303
    assert [state for state, *_ in states(world)] == ["declared", "accepted"]


def test_a_declaration_is_worth_more_than_a_question_when_two_records_are_one(world, client, signed_in, place, clock):
    omar = signed_in("omar")
    link_for(omar, place, "Quintero")
    own = link_for(omar, place, "Okafor")
    client.post(f"{own}?lang=en", data={"once": "a"}, csrf=False)
    home, (kept, gone) = Actor(world.orgs["southbank"], Role.ADMINISTRATOR, name="Imani"), world.people["southbank"][:2]
    with transaction(home.org_id):
        merge_people(home, kept, [gone], {}, {id: session().get_one(Person, (home.org_id, id)).version for id in (kept, gone)}, now=clock.now)
    assert states(world) == [("declared", PLACE["wording_en"], "")]


def test_a_vote_of_residents_without_any_does_not_open_and_only_ones_own_place_is_asked(world, imani, signed_in, place, clock):
    vote = drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    opened(imani, vote)
    assert "Nobody has declared to live there" in imani.get(f"/votes/{vote}/opening").text
    page = signed_in("imani", org="southbank").get("/votes/new").text
    assert "Whoever declared to live in" not in page
    assert signed_in("stranger").get(place).status_code == 404
    wrong = imani.post("/residents", data=form_of(imani.get("/residents").text, "wording_en") | PLACE | {"name_en": "", "wording_en": "", "keep_days": "400"})
    assert wrong.status_code == 422 and "Declaro que vivo" in wrong.text
    assert "Write the name of the place" in wrong.text and "Write the words" in wrong.text and "from 1 to 90 days" in wrong.text
    assert "Declaro que vivo en Puerto Callan." in imani.get("/residents?lang=es").text


def test_an_abandoned_draft_or_a_coalition_that_was_left_keeps_no_declaration_forever(world, imani, signed_in, place, clock):
    declare(signed_in("omar"), place, "Quintero")
    drafted(world, imani, f"r{place.rsplit('/', 1)[1]}")
    with transaction(world.orgs["table"]):
        leave_coalition(world.orgs["table"], world.orgs["southbank"], now=clock.now)
    southbank = Actor.system(world.orgs["southbank"])
    for days, gone in ((365, 0), (366, 1)):
        with transaction(southbank.org_id):
            assert empty_residences(southbank, clock.now + timedelta(days=days), 100) == gone


def test_whoever_is_erased_takes_the_declaration_along(world, signed_in, place, clock):
    declare(signed_in("omar"), place, "Quintero")
    home = Actor(world.orgs["southbank"], Role.ADMINISTRATOR, name="Imani")
    with transaction(home.org_id):
        erase_person(home, world.people["southbank"][0], now=clock.now)
    assert declarations(world, "southbank") == []


def test_when_a_declaration_goes():
    on = date(2026, 3, 1)
    assert gone_by(on, [], 30) == date(2027, 3, 1)
    assert gone_by(on, [date(2026, 2, 1)], 30) == date(2027, 3, 1), "made after that vote, for the next"
    assert gone_by(on, [date(2026, 3, 1), date(2026, 5, 1)], 30) == date(2026, 5, 31)
    assert gone_by(on, [date(2026, 5, 1), None], 30) is None
    assert issues_in_place({"en": "Here"}, {"en": "I live here."}, 30) == []
