"""Seats that are known by a code alone: whoever was drawn by lot gets a ballot by text or letter, and stands on the roll as a place, not a name."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.assemblies.models import AssemblySession, LotInvitation, LotPlace, Participant
from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.infra.jobs import run_due
from crm.kernel.permissions import Role
from crm.outreach.actions.consent import give_consent
from crm.outreach.models import Text
from crm.ratification import actions
from crm.ratification.models import Ballot, Electorate, MemberVote, Notice, Ratification, RollEntry
from crm.ratification.queries import present_of
from crm.ratification.verify import check_board
from crm.turnout.actions import open_door
from crm.turnout.queries import door_links
from tests.assemblies.test_recruitment import drawn
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.test_by_text import Member, demo  # noqa: F401 - fixture
from tests.ratification.halls import ballot_fields, open_vote
from tests.ratification.test_open_votes import votes
from tests.ratification.test_rules_as_data import OPTIONS, drafted, met, opened  # noqa: F401 - fixture


def administrator(world, org="southbank"):
    return Actor(org_id=world.orgs[org], role=Role.ADMINISTRATOR, name="Imani", account_id=world.accounts["imani"], org_name=org)


def vote_of_panel(world, assembly, now):
    """A vote of the people drawn by lot on two options, open."""
    who = administrator(world)
    with transaction(who.org_id):
        vote = actions.draft_ratification(
            who, edition_id=None, title={"en": "Which plan", "es": "Qué plan"}, opens_at=now, closes_at=now.replace(month=now.month + 1), now=now,
            electorates={"participants": OPTIONS | {"assembly_id": assembly}})
        actions.begin_opening(who, vote, now=now)
    run_due()
    return vote


@pytest.mark.long
def test_a_panel_drawn_from_invited_households_gets_its_ballots(signed_in, client, world, as_org, clock):
    """One agreed to texts and is texted at the number of the answer; the rest get letters with code and address; each casts, and the count holds."""
    omar, imani = signed_in("omar"), signed_in("imani", org="southbank")
    _path, lot = drawn(omar, client, world, as_org)
    assert omar.post(lot + "/seats").status_code == 303
    with reading(world.orgs["southbank"]):
        codes = sorted(session().scalars(select(LotPlace.code)))
        assembly = session().scalars(select(Participant.assembly_id)).first()
        number = select(LotInvitation.told).where(LotInvitation.number == int(codes[0][1:]))
        phone = json.loads(session().scalars(number).one())["phone"]
    with transaction(world.orgs["southbank"]):
        give_consent(administrator(world), phone, source="in_person", now=MONDAY, wording="Yes", evidence="Answer card")
    vote = vote_of_panel(world, assembly, clock.now)
    with reading(world.orgs["southbank"]):
        entries = session().scalars(select(RollEntry).order_by(RollEntry.seat)).all()
        assert len(entries) == 6 and {entry.person_id for entry in entries} == {None} and all(entry.participant_id for entry in entries)
        assert sorted(session().scalars(select(Notice.channel))) == ["letter"] * 5 + ["text"]
        text = session().scalars(select(Text).where(Text.key.like("ballot:%"))).one()
        assert text.phone == phone and "Rosalba" in text.body and "[[link:" in text.body and text.person_id is None
        manifest = json.dumps(session().get_one(Ratification, vote).manifest)
    assert "Rosalba" not in manifest and not any(code in manifest for code in codes)
    page = imani.get(f"/votes/{vote}/letters")
    assert "They never agreed to texts." in page.text
    printed = imani.post(f"/votes/{vote}/letters", data=form_of(page.text, "/letters")).text
    assert printed.count("For the seat that was drawn under the code") + printed.count("código") >= 5 and "Mill Lane" in printed
    assert codes[0] not in printed and all(code in printed for code in codes[1:])
    held = list(dict.fromkeys(re.findall(r"http://localhost/v/([\w-]{22})", printed)))
    assert len(held) == 5
    for n, token in enumerate(held):
        cast = client.post(f"/v/{token}/cast", data=ballot_fields(n, {}) | {"p1.1": "1"}, csrf=False)
        assert "Your ballot is in" in cast.text, cast.text
    assert client.post(f"/v/{held[0]}/cast", data=ballot_fields(9, {}) | {"p1.2": "1"}, csrf=False).status_code == 409, "once"
    found = imani.get(f"/votes/{vote}/letters?q={codes[0].lower()}").text
    action = re.search(rf"/votes/{vote}/links/\d+", found)[0]
    assert codes[0] in found and imani.post(action, data=form_of(found, action)).status_code == 303, "a lost link of a code is texted again"
    other = imani.get(f"/votes/{vote}/letters?q={codes[1]}").text
    action = re.search(rf"/votes/{vote}/links/\d+", other)[0]
    refused = imani.post(action, data=form_of(other, action))
    assert refused.status_code == 422 and "They never agreed to texts." in refused.text
    desk = imani.get(f"/votes/{vote}/desk?q={codes[0]}").text
    action = re.search(rf"/votes/{vote}/desk/papers/\d+", desk)[0]
    assert imani.post(action, data=form_of(desk, action)).status_code == 303, "paper for a code at the desk"
    with reading(world.orgs["southbank"]):
        assert session().query(Ballot).count() == 5
    page = imani.get(f"/votes/{vote}/papers").text
    assert imani.post(f"/votes/{vote}/papers/finished", data=form_of(page, "/papers/finished")).status_code == 303
    with transaction(world.orgs["southbank"]):
        actions.close_ratification(administrator(world), vote, now=clock.now, reason="All have voted")
    with reading(world.orgs["southbank"]):
        poll = session().get_one(Ratification, vote).poll_id
    board = client.get(f"/board/{poll}.json").text
    verdict = check_board(json.loads(board))
    assert verdict.is_right and json.loads(board)["result"]["electorates"][0]["cast"] == 5, verdict.problems
    assert not any(words in board for words in ("Rosalba", "Mill Lane", *codes))


@pytest.mark.long
@pytest.mark.parametrize("is_secret", [False, True])
def test_a_code_votes_by_text_from_the_number_of_its_answer_where_the_vote_is_open(demo, signed_in, client, world, as_org, clock, run_jobs, is_secret):  # noqa: F811
    """The number that was given with the answer to the invitation speaks for the seat, and no other; a secret vote is never taken by text."""
    omar = signed_in("omar")
    path, lot = drawn(omar, client, world, as_org)
    assert omar.post(lot + "/seats").status_code == 303
    with reading(world.orgs["southbank"]):
        codes = sorted(session().scalars(select(LotPlace.code)))
        assembly = session().scalars(select(Participant.assembly_id)).first()
        told = [json.loads(session().scalars(select(LotInvitation.told).where(LotInvitation.number == int(code[1:]))).one()) for code in codes[:2]]
    with transaction(world.orgs["southbank"]):
        for each in told:
            give_consent(administrator(world), each["phone"], source="in_person", now=clock.now, wording="Yes", evidence="Answer card")
    convener = replace(world, orgs=world.orgs | {"table": world.orgs["southbank"]})
    open_vote(convener, now=clock.now, participants={"is_secret": is_secret, "may_change": not is_secret, "quorum": "0", "assembly_id": assembly})
    run_jobs()
    imani = signed_in("imani", org="southbank")
    seat, other, nobody = (Member(imani, run_jobs, phone) for phone in (told[0]["phone"], told[1]["phone"], "+14155550177"))
    begun = seat.writes("vote")
    if is_secret:
        assert "never taken by text" in begun and "/v/" in begun and votes(convener) == []
        return
    assert any("Answer VOTE" in text for text in seat.rang()) and "open vote" in begun and "1/3 A lawyer for every tenant" in begun
    for word in ("1", "2", "1", "vote"):
        said = seat.writes(word)
    assert "Your vote is in: 1 for, 2 against, 3 for." in said
    assert [(plank, choice, via) for plank, _v, choice, via in votes(convener)] == [(1, "yes", "text"), (2, "no", "text"), (3, "yes", "text")]
    with reading(world.orgs["southbank"]):
        voted = {row.seat for row in session().scalars(select(MemberVote))}
        mine = session().scalars(select(RollEntry.seat).join(Participant, Participant.id == RollEntry.participant_id).where(Participant.shown_name == codes[0]))
        assert voted == set(mine)
    nobody.writes("vote")
    assert not any(nobody.rang()) and "1/3" in other.writes("vote")
    for word in ("2", "2", "2", "yes"):
        said = other.writes(word)
    assert "does not count yet" in said and len(votes(convener)) == 3, "each for the own seat, and only when confirmed"


def test_seats_let_in_at_the_door_are_on_the_roll_of_the_door_and_in_its_quorum(world, signed_in, client, met):  # noqa: F811
    """Known by a code, with a vote: on the roll of whoever was let in, told by letter under the code; counted once in a quorum of the room."""
    orgs, desk = world.orgs, signed_in("imani", org="table")
    with transaction(orgs["table"]):
        for n, role in ((17, "official"), (18, "official"), (19, "observer")):
            session().add(Participant(org_id=orgs["table"], partner_id=orgs["mill"], assembly_id=met, shown_name=f"Code {n}", role=role, is_voting=n < 19))
        sitting = session().scalars(select(AssemblySession).where(AssemblySession.assembly_id == met)).one()
        actor = Actor(org_id=orgs["table"], role=Role.ADMINISTRATOR)
        door_id = open_door(actor, met, sitting.id, name="", hours=24, now=MONDAY)
        door = next(url for one, url in door_links(actor, met, MONDAY) if one.id == door_id).removeprefix("http://localhost")
    taps = [{"key": key, "code": code} for key, code in (("a", "code 17"), ("b", "CODE-17"), ("c", "Code19"))]
    assert [row["result"] for row in client.post(door + "/sync", json={"taps": taps}).json["results"]] == ["in", "already", "in"]
    by_roster = drafted(world, desk, f"p{met}", members_quorum="1/2", members_quorum_of="present")
    by_door = drafted(world, desk, f"a{met}", members_open="y", once="second")
    for vote in (by_roster, by_door):
        opened(desk, vote)
    with reading(orgs["table"]):
        of = select(RollEntry).join(Electorate, Electorate.id == RollEntry.electorate_id).where(Electorate.ratification_id == by_door)
        roll = session().scalars(of.order_by(RollEntry.seat)).all()
        seats = [session().get_one(Participant, one.participant_id).shown_name for one in roll if one.participant_id]
        assert seats == ["Code 17"] and [one.person_id for one in roll if one.person_id] == [world.people["southbank"][0], world.people["mill"][0]]
        electorate = session().scalars(select(Electorate).where(Electorate.ratification_id == by_roster)).one()
        electorate_id = electorate.id
        assert electorate.roll_size == 6 and present_of(electorate) == 3, "two with a record and the seat, once; whoever has no vote is not counted"
    with transaction(orgs["mill"]):
        place = session().scalars(select(Participant).where(Participant.shown_name == "Code 17")).one()
        place.person_id, place.shown_name = world.people["mill"][5], "Ana Q."
    with reading(orgs["table"]):
        assert present_of(session().get_one(Electorate, electorate_id)) == 3, "who told their name since is still one and the same"
    own = signed_in("dolores").get(f"/votes/{by_door}/our-members").text
    assert "Ana Q." in own and "Code 18" not in own


def test_a_name_without_a_record_votes_openly_by_letter_and_its_own_organization_reads_it(world, signed_in, client, met):  # noqa: F811
    """Whoever stands on the roster by a name alone gets a letter of the organization that brought them; the coalition sees a seat."""
    with transaction(world.orgs["mill"]):
        session().add(Participant(org_id=world.orgs["table"], partner_id=world.orgs["mill"], assembly_id=met, shown_name="Code 17", role="official"))
    desk, mill = signed_in("imani", org="table"), signed_in("dolores")
    vote = drafted(world, desk, f"p{met}", members_open="y")
    before = desk.get(f"/votes/{vote}/opening").text
    assert "Participants: 5 now on it." in before and "known only by" not in before
    opened(desk, vote)
    letters = mill.get(f"/votes/{vote}/letters").text
    printed = mill.post(f"/votes/{vote}/letters", data=form_of(letters, "/letters")).text
    assert "On the roster by a code, and without a number that agreed to texts." in letters
    assert "Code 17" in printed and "Give this letter to whoever holds the seat under this code." in printed
    assert "It is an open vote" in printed and "Your vote is secret" not in printed
    letter = next(part for part in printed.split("<article") if "Code 17" in part)
    token = re.search(r"http://localhost/v/([\w-]{22})", letter)[1]
    voted = client.post(f"/v/{token}/open", data=form_of(client.get(f"/v/{token}").text, 'id="ballot"') | {"p1": "yes"}, csrf=False)
    assert "Your vote is in" in voted.text
    own = mill.get(f"/votes/{vote}/our-members").text
    assert re.search(r"Code 17</th><td>Yes</td>", own), own
    assert "Code 17" not in signed_in("imani", org="southbank").get(f"/votes/{vote}/our-members").text
