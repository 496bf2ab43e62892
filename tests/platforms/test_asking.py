"""Proposals that come in from partners and from everyone, and their answers; how organizations decide and what they said before."""

import re

import pytest
from sqlalchemy import update

from crm.accounts.actions import give_grant
from crm.accounts.models import Grant
from crm.infra import db
from crm.infra.db import session, transaction
from crm.platforms.actions import proposals as sending
from crm.platforms.models import Proposal
from tests.clients import form_of
from tests.platforms.desk import follow, once, planks

LAUNDRY = {"language": "es", "title": "Lavanderías de noche", "text": "Cada edificio abre su lavandería de noche.", "reason": "Salimos a las once."}


@pytest.fixture
def mill(signed_in):
    return signed_in("dolores", org="mill")


@pytest.fixture
def door(lead, platform):
    """The public address on which everyone may propose."""
    assert lead.post(f"{platform}/proposals/door", data={"verb": "open", "slug": "homes", "once": once()}).status_code == 303
    return "/p/homes/propose"


def send(client, door, **typed):
    data = form_of(client.get(door).text, 'name="title"') | LAUNDRY | {"once": once()} | typed
    return client.post(door, data=data)


def answer(lead, platform, **typed):
    at = re.search(r'action="([^"]+/answer)"', lead.get(f"{platform}/proposals").text)[1]
    return lead.post(at, data={"once": once(), "into": "new"} | typed)


def test_anyone_sends_a_proposal_without_a_name_and_reads_its_answer(client, lead, platform, door):
    sent = send(client, door, origin="Mesa 7")
    told = follow(client, sent).text
    assert "Keep this address" in told and "Waits for an answer" in told
    inbox = lead.get(f"{platform}/proposals").text
    assert "Lavanderías de noche" in inbox and "From the public" in inbox and "Mesa 7" in inbox
    assert "Proposals (1)" in lead.get(platform).text
    silent = answer(lead, platform, verb="set_aside", answer="")
    assert silent.status_code == 422 and "Whoever sent it will read it." in silent.text
    assert answer(lead, platform, verb="set_aside", answer="It is in the housing code already.").status_code == 303
    told = client.get(sent.location).text
    assert "Set aside" in told and "It is in the housing code already." in told
    assert "Proposals (1)" not in lead.get(platform).text


def test_a_proposal_becomes_a_draft_plank_or_goes_into_one(client, lead, platform, door):
    sent = send(client, door).location
    assert answer(lead, platform, verb="take", answer="Good.").status_code == 303
    assert "Lavanderías de noche" in lead.get(platform).text and "Draft, outside the text" in lead.get(platform).text
    assert "Taken up" in client.get(sent).text
    again = re.search(r'action="([^"]+/reopening)"', lead.get(f"{platform}/proposals").text)[1]
    assert lead.post(again, data={"once": once()}).status_code == 303
    plank = planks(lead, platform)[0]
    nowhere = answer(lead, platform, verb="take", into="plank:1")
    assert nowhere.status_code == 422
    assert answer(lead, platform, verb="take", into=f"plank:{plank.rsplit('/', 1)[1]}").status_code == 303
    assert f'href="{plank}">The plank it went into' in lead.get(f"{platform}/proposals").text


def test_a_partner_sends_its_own_and_sees_no_other(lead, mill, signed_in, platform, client, door):
    send(client, door)
    data = {**LAUNDRY, "title": "A market on Sundays", "language": "en", "once": once()}
    assert "Its answer will stand here." in follow(mill, mill.post(f"{platform}/proposals", data=data)).text
    own = mill.get(f"{platform}/proposals").text
    assert "A market on Sundays" in own and "Lavanderías" not in own and "Answer it" not in own
    assert "A market on Sundays" not in signed_in("luz", org="arroyo").get(f"{platform}/proposals").text
    assert "Mill District Workers Center" in lead.get(f"{platform}/proposals").text
    id = re.search(r'id="proposal-(\d+)"', own)[1]
    assert mill.post(f"{platform}/proposals/{id}/answer", data={"verb": "set_aside", "answer": "No.", "once": once()}).status_code == 404


def test_a_proposal_says_everything_that_it_lacks(client, door):
    refused = send(client, door, title="", text="")
    assert refused.status_code == 422 and "Say in one line" in refused.text and "Write what should be demanded." in refused.text
    assert "Salimos a las once." in refused.text


def test_proposals_and_amendments_close_apart(lead, mill, client, platform, door, clock):
    heading = form_of(lead.get(f"{platform}/heading").text, 'name="title_en"')
    heading |= {"languages": ["en", "es"], "proposals_until": "2026-11-23T09:30", "deadline_at": "2026-11-23T11:30", "once": once()}
    assert lead.post(f"{platform}/heading", data=heading).status_code == 303
    assert re.search(r"Amendments close (today, )?11:30\s*am.*Proposals close (today, )?9:30\s*am", mill.get(platform).text), "in the time of the organization"
    clock.move(hours=1)
    assert "Propose an amendment" in mill.get(platform).text and "Proposals closed:" in mill.get(platform).text
    late = mill.post(f"{platform}/proposals", data=LAUNDRY | {"once": once()})
    assert late.status_code == 422 and "The time for proposals is over." in late.text
    assert "The time for proposals is over." in client.get(door).text


def test_a_closed_door_does_not_exist(client, lead, platform, door):
    assert lead.post(f"{platform}/proposals/door", data={"verb": "close", "once": once()}).status_code == 303
    assert client.get(door).status_code == 404 and client.post(door, data=LAUNDRY).status_code == 404
    assert client.get("/p/homes").status_code == 404


def test_one_connection_sends_only_so_many(client, door, world, monkeypatch):
    monkeypatch.setattr(sending, "MOST_FROM_ONE_PLACE", 2)
    assert [send(client, door).status_code for _n in range(3)] == [303, 303, 422]
    with db.reading(world.orgs["table"]) as s:
        assert s.query(Proposal).count() == 2


def test_an_organization_says_how_it_decides_who_may_state_it_and_is_overdue(mill, lead, platform, clock, signed_in):
    ours = mill.get(f"{platform}/positions/ours").text
    assert "May state it for us: Dolores" in ours
    empty = mill.post(f"{platform}/positions/process", data={"words": "", "once": once()})
    assert empty.status_code == 422 and "Say who decides in your organization" in empty.text
    process = {"words": "The board prepares, the members decide.", "decides_on": "2026-11-25", "once": once()}
    assert mill.post(f"{platform}/positions/process", data=process).status_code == 303
    first = planks(lead, platform)[0].rsplit("/", 1)[1]
    said = {f"stance_{first}": "pending", f"until_{first}": "2026-11-25", "once": once()}
    assert mill.post(f"{platform}/positions/ours", data=said).status_code == 303
    page = lead.get(f"{platform}/positions").text
    assert "The board prepares, the members decide." in page and "Overdue" not in page
    clock.move(days=4)
    page = signed_in("imani", org="table").get(f"{platform}/positions").text
    assert page.count("Overdue") == 2, "beside the plank, and beside the day of the decision"


def test_one_person_is_named_to_state_it_and_nobody_else_does(mill, lead, platform, clock, signed_in, world):
    """As long as the named one leads the organization; partners read the name, and who is named is changed by whoever leads."""
    with transaction():
        give_grant(world.accounts["omar"], world.orgs["mill"], "coalition_lead", now=clock.now)
        give_grant(world.accounts["rita"], world.orgs["mill"], "organizer", now=clock.now)
    omar, first = signed_in("omar", org="mill"), planks(lead, platform)[0].rsplit("/", 1)[1]
    process = {"words": "The members decide.", "once": once()}
    assert "May state it for us: Dolores" in mill.get(f"{platform}/positions/ours").text and "Omar" in mill.get(f"{platform}/positions/ours").text
    strange = mill.post(f"{platform}/positions/process", data=process | {"account_id": str(world.accounts["rita"])})
    assert strange.status_code == 422 and "The members decide." in strange.text
    assert mill.post(f"{platform}/positions/process", data=process | {"account_id": str(world.accounts["dolores"]), "once": once()}).status_code == 303
    said = {f"stance_{first}": "oppose", "once": once()}
    assert "Only they can state it below." in omar.get(f"{platform}/positions/ours").text
    refused = omar.post(f"{platform}/positions/ours", data=said)
    assert refused.status_code == 422 and "named Dolores" in refused.text
    assert mill.post(f"{platform}/positions/ours", data=said).status_code == 303
    assert "Its position is stated by Dolores" in lead.get(f"{platform}/positions").text
    with transaction():
        session().execute(update(Grant).where(Grant.org_id == world.orgs["mill"], Grant.account_id == world.accounts["dolores"]).values(role="read_only"))
    endorsed = omar.post(f"{platform}/positions/ours", data={f"stance_{first}": "endorse", "once": once()})
    assert endorsed.status_code == 303, "whoever leads it speaks again when the named one no longer does"


def test_what_was_said_before_stays_and_saying_it_again_adds_nothing(mill, lead, platform):
    first = planks(lead, platform)[0].rsplit("/", 1)[1]
    for stance, words in (("oppose", "Not like this."), ("endorse", "With the date it is fine."), ("endorse", "With the date it is fine.")):
        said = {f"stance_{first}": stance, f"words_{first}": words, "decided_by": "Members' meeting", "decided_on": "2026-11-20", "once": once()}
        assert mill.post(f"{platform}/positions/ours", data=said).status_code == 303
    page = lead.get(f"{platform}/positions").text
    assert page.count("With the date it is fine.") == 1 and page.index("With the date it is fine.") < page.index("Not like this.")
    assert "Replaced since." in page and "Decided by Members&#39; meeting" in page
    assert "0 of 2 planks have enough." in page and "3 organizations have not decided on every plank:" in page
    ahead = {f"stance_{first}": "oppose", "decided_on": "2030-01-01", "once": once()}
    refused = mill.post(f"{platform}/positions/ours", data=ahead)
    assert refused.status_code == 422 and "Leave the planks pending until then." in refused.text
