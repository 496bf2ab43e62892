"""Rules in depth through the pages: who is on a roll and who is not, doors, good standing on a day, and what is refused."""

import re
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.accounts.actions import give_grant
from crm.assemblies.models import Participant
from crm.assemblies.playbooks import playbook_of
from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import reading, session, transaction
from crm.infra.jobs import run_due
from crm.kernel.permissions import Role
from crm.people.models import Person, StandingChange
from crm.ratification import actions
from crm.ratification.models import Electorate, Ratification, RollEntry
from crm.ratification.queries import published_board
from crm.ratification.rules.planned import planned_rules
from crm.ratification.rules.referral import outside_result
from crm.ratification.verify import check_board
from crm.turnout.models import Attendance
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import agree_to_texts, cast_many, close, draft, links, make_edition, table
from tests.turnout.conftest import make_assembly

RULE = {"members_quorum": "0", "members_threshold": "1/2", "members_strictness": "more_than", "members_basis": "yes_and_no", "members_method": "yes_no_abstain",
        "members_seats": "1", "title_en": "Vote", "title_es": "Voto"}


@pytest.fixture
def met(world):
    """An assembly of the coalition: three of Southbank and two of Mill vote, one is an observer; two have been let in, and somebody unknown."""
    table, orgs = world.orgs["table"], world.orgs
    with transaction(table):
        assembly, sitting, _at = make_assembly(table, [table, orgs["southbank"], orgs["mill"]])
    for org, roles in (("southbank", ("participant", "participant", "observer")), ("mill", ("official", "official"))):
        with transaction(orgs[org]):
            for person, role in zip(world.people[org], roles, strict=False):
                session().add(Participant(org_id=table, partner_id=orgs[org], assembly_id=assembly, person_id=person, shown_name=f"{org} {person}",
                                          role=role, is_voting=role != "observer"))
    with transaction(table):
        for n, (org, person) in enumerate((("southbank", 0), ("southbank", 2), ("mill", 0), (None, 0))):
            session().add(Attendance(
                org_id=table, partner_id=orgs[org or "table"], assembly_id=assembly, session_id=sitting, door_name=f"D{n}", is_walk_in=True, device_key=f"d{n}",
                person_id=world.people[org][person] if org else None, arrived_at=MONDAY))
    return assembly


def drafted(world, desk, roll, **more):
    edition = make_edition(world)
    page = desk.get("/votes/new").text
    made = desk.post("/votes/new", data=form_of(page, "members_quorum") | RULE | {"edition_id": str(edition), "members": "y", "members_roll": roll} | more
                     | {"organizations": ""})
    assert made.status_code == 303, re.findall(r'<li><a href="#.*?</li>|<li>[^<]*', made.text)[:8]
    return int(made.location.split("/")[2])


def roll_of(world, vote):
    with reading(world.orgs["table"]):
        rows = session().execute(select(Electorate.key, RollEntry.partner_id, RollEntry.person_id).join(RollEntry, RollEntry.electorate_id == Electorate.id)
                                 .where(Electorate.ratification_id == vote).order_by(Electorate.key, RollEntry.seat)).all()
        return [tuple(row) for row in rows]


def opened(desk, vote):
    page = f"/votes/{vote}/opening"
    answer = desk.post(page, data=form_of(desk.get(page).text, "once"))
    assert answer.status_code == 303, answer.text
    run_due()


def test_whoever_has_no_vote_gets_on_no_roll_and_the_page_says_why(world, signed_in, met):
    desk, orgs, people = signed_in("imani", org="table"), world.orgs, world.people
    vote = drafted(world, desk, f"p{met}")
    before = desk.get(f"/votes/{vote}/opening").text
    assert "On the roster and not on the roll: 1 in the role of Observer, which has no vote here." in before and "Participants: 4 now on it." in before
    opened(desk, vote)
    assert roll_of(world, vote) == [("participants", orgs[o], p) for o, p in (
        ("southbank", people["southbank"][0]), ("southbank", people["southbank"][1]), ("mill", people["mill"][0]), ("mill", people["mill"][1]))]


def test_a_roll_of_the_door_is_whoever_was_let_in_and_may_vote(world, signed_in, met):
    desk, orgs, people = signed_in("imani", org="table"), world.orgs, world.people
    vote = drafted(world, desk, f"a{met}")
    opened(desk, vote)
    assert roll_of(world, vote) == [("attendees", orgs["southbank"], people["southbank"][0]), ("attendees", orgs["mill"], people["mill"][0])]


def test_the_room_and_the_organizations_are_asked_together_and_the_board_holds(world, signed_in, client, met):
    """Quorum of those checked in, of the roll checked in, and of organizations at once; a secret vote tells of organizations only whether enough."""
    desk = signed_in("imani", org="table")
    vote = drafted(world, desk, f"p{met}")
    rule = re.search(rf'href="(/votes/{vote}/rules/\d+)"', desk.get(f"/votes/{vote}/opening").text)[1]
    typed = form_of(desk.get(rule).text, "Save the rule")
    bad = desk.post(rule, data=typed | {"quorum_present": "many", "threshold_2": "9/8", "quorum_organizations": "0"})
    assert bad.status_code == 422 and bad.text.count("Participants:") >= 3 and 'value="many"' in bad.text and 'value="9/8"' in bad.text
    asked = {"quorum_present": "50%", "quorum_attending": "1/2", "quorum_organizations": "2", "threshold_2": "1/2", "basis_2": "present", "once": "good"}
    assert desk.post(rule, data=typed | asked).status_code == 303
    shown = form_of(desk.get(rule).text, "Save the rule")
    assert (shown["quorum_present"], shown["quorum_organizations"], shown["threshold_2"], shown["basis_2"]) == ("1/2", "2", "1/2", "present")
    opened(desk, vote)
    assert desk.get(rule).status_code == 302 and desk.post(rule, data=typed | {"once": "late"}).status_code == 422, "what froze does not change"
    cast_many(client, links(world, vote), [{n: "yes" if n < 3 else "no" for n in (1, 2, 3)}] * 4)
    close(world, vote, MONDAY + timedelta(days=3))
    with reading(world.orgs["table"]):
        board = published_board(session().get_one(Ratification, vote).poll_id)
    verdict = check_board(board)
    assert verdict.is_right, verdict.problems
    part, result = board["electorates"][0], board["result"]["electorates"][0]
    assert part["present"] == 2 and part["enough_organizations"] is True and board["result"]["ratified"] == [1, 2]
    assert [(row["needed"], row["have"]) for row in result["quorum"]["more"]] == [(1, 4), (2, 2), (2, None)]
    page = desk.get(f"/votes/{vote}/results").text
    assert "Of those checked in 1 had to vote; 4 voted: met." in page and "From how many more is not told: the vote is secret." in page
    assert "Checked in: 2. 1/2 of 2 is 1." in page and "1 in the role of Observer, which has no vote here" in page


def test_a_quorum_of_the_room_begins_and_stays_one(world, signed_in, met):
    """What a playbook asks of those in the room is a share of those checked in, not of the roll; only a roll that meets has it."""
    assert planned_rules([{**asdict(playbook_of("A8").decisions[0]), "quorum": (1, 3)}])["members"]["quorum_of"] == "present"
    desk = signed_in("imani", org="table")
    room = {"members_quorum": "1/3", "members_quorum_of": "present"}
    vote = drafted(world, desk, f"a{met}", **room)
    page = f"/votes/{vote}/draft"
    assert "At least 1/3 of those checked in must vote." in desk.get(f"/votes/{vote}/opening").text
    shown = form_of(desk.get(page).text, "members_quorum")
    assert (shown["members_quorum"], shown["members_quorum_of"]) == ("1/3", "present")

    def saved(**typed):
        answer = desk.post(page, data=form_of(desk.get(page).text, "members_quorum") | typed | {"once": str(typed)})
        with reading(world.orgs["table"]):
            row = session().scalars(select(Electorate).where(Electorate.ratification_id == vote)).one()
            return answer.status_code, row.quorum, [(asked["of"], asked.get("share")) for asked in row.quorums]

    rule = re.search(rf'href="(/votes/{vote}/rules/\d+)"', desk.get(f"/votes/{vote}/opening").text)[1]
    assert desk.post(rule, data=form_of(desk.get(rule).text, "Save the rule") | {"quorum_attending": "1/2", "once": "deep"}).status_code == 303
    assert saved(members_quorum="40%") == (303, "0", [("present", "2/5"), ("attending", "1/2")])
    assert saved(members_quorum="1/4", members_quorum_of="roll") == (303, "1/4", [("attending", "1/2")])
    assert saved(members_quorum="0", members_quorum_of="present") == (303, "0", [("attending", "1/2")])
    assert saved(members_quorum="many", members_quorum_of="present")[0] == 422
    assert "Only the roll of an assembly knows who was checked in." in desk.post(
        page, data=form_of(desk.get(page).text, "members_quorum") | room | {"members_roll": "0"}).text


def test_groups_keep_their_own_rules_until_the_rule_for_all_is_changed(world, signed_in, met):
    desk = signed_in("imani", org="table")
    vote = drafted(world, desk, f"both{met}")
    page = f"/votes/{vote}/draft"

    def thresholds():
        with reading(world.orgs["table"]):
            return {e.key: e.threshold for e in session().scalars(select(Electorate).where(Electorate.ratification_id == vote))}

    assert thresholds() == {"participant": "1/2", "official": "1/2", "together": "1/2"}
    with reading(world.orgs["table"]):
        together = session().scalars(select(Electorate.id).where(Electorate.ratification_id == vote, Electorate.key == "together")).one()
    rule = f"/votes/{vote}/rules/{together}"
    assert desk.post(rule, data=form_of(desk.get(rule).text, "Save the rule") | {"threshold": "3/5"}).status_code == 303
    saved = form_of(desk.get(page).text, "members_quorum")
    assert saved["members_roll"] == f"both{met}"
    assert desk.post(page, data=saved | {"organizations": "", "title_en": "Other"}).status_code == 303 and thresholds()["together"] == "3/5"
    assert desk.post(page, data=saved | {"organizations": "", "members_threshold": "3/4", "once": "b"}).status_code == 303
    assert thresholds() == {"participant": "3/4", "official": "3/4", "together": "3/4"}
    assert desk.post(page, data=saved | {"organizations": "", "members_roll": "0", "once": "c"}).status_code == 303 and list(thresholds()) == ["members"]


def test_good_standing_is_of_a_day(world, signed_in):
    """Whoever was a member on the day votes, lapsed since or not; whoever joined later does not."""
    desk, southbank, people = signed_in("imani", org="table"), world.orgs["southbank"], world.people["southbank"]
    lapsed, late, new = people[:3]
    with transaction(southbank):
        others = set(session().scalars(select(Person.id).where(Person.standing == "member"))) - {lapsed, late, new}
        for person, standing, on in ((lapsed, "member", date(2025, 1, 1)), (lapsed, "lapsed", date(2026, 10, 20)), (late, "contact", date(2025, 1, 1)),
                                     (late, "member", date(2026, 10, 20))):
            session().add(StandingChange(org_id=southbank, person_id=person, standing=standing, on=on, created_at=MONDAY))
        session().scalars(select(Person).where(Person.id == lapsed)).one().standing = "lapsed"
        session().scalars(select(Person).where(Person.id == new)).one().member_since = date(2026, 9, 2)
    vote = draft(world, members={"quorum": "0"})
    rule = re.search(rf'href="(/votes/{vote}/rules/\d+)"', desk.get(f"/votes/{vote}/opening").text)[1]
    typed = form_of(desk.get(rule).text, "Save the rule") | {"on_day": "2026-10-01", "joined_by": "2026-09-01"}
    assert desk.post(rule, data=typed).status_code == 303
    before = desk.get(f"/votes/{vote}/opening").text
    assert "members in good standing on Thursday, October 1" in before and "They became members on Tuesday, September 1" in before
    opened(desk, vote)
    on_it = {person for _key, org, person in roll_of(world, vote) if org == southbank}
    assert on_it == others | {lapsed} and others
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).manifest["electorates"][0]["on_day"] == "2026-10-01"


def test_only_the_owner_changes_a_rule(world, signed_in):
    vote = draft(world, members={})
    with reading(world.orgs["table"]):
        electorate = session().scalars(select(Electorate.id).where(Electorate.ratification_id == vote)).one()
    assert signed_in("imani", org="southbank").get(f"/votes/{vote}/rules/{electorate}").status_code == 404
    desk = signed_in("imani", org="table")
    assert desk.get(f"/votes/{vote}/rules/{electorate}").status_code == 200 and desk.get(f"/votes/{vote}/rules/{electorate + 1}").status_code == 404


@pytest.mark.parametrize(("binds", "printed"), [(True, False), (True, True), (False, False)])
def test_notice_is_proven_from_the_ledger_of_sending(world, signed_in, client, binds, printed):
    """Ten days to every seat: two are texted at once, the others by letter when it is printed; whoever nobody told makes it short."""
    desk, start = signed_in("imani", org="table"), now()
    later = start + timedelta(days=12)
    agree_to_texts(world, "southbank", world.people["southbank"][:2])
    with transaction(world.orgs["table"]):
        vote = actions.draft_ratification(
            table(world), edition_id=None, title={"en": "Bylaws"}, opens_at=start + timedelta(days=9), closes_at=later + timedelta(days=2), now=start,
            electorates={"members": OPTIONS}, notice_days=10, notice_binds=binds)
    page = f"/votes/{vote}/opening"
    before = desk.get(page).text
    assert "Choose a later hour" in before and ("It cannot open yet" in before) is binds and "At least 10 days before voting begins" in before
    with transaction(world.orgs["table"]):
        session().get_one(Ratification, vote).opens_at = later
    opened(desk, vote)
    if printed:
        for org in ("southbank", "mill", "arroyo"):
            lead = signed_in("imani", org="southbank") if org == "southbank" else None
            who = Actor(org_id=world.orgs[org], role=Role.ADMINISTRATOR, name="Lead")
            with transaction(who.org_id):
                actions.print_letters(who, vote, now=start + timedelta(days=1))
            assert lead is None or lead.get(f"/votes/{vote}").status_code == 200
    shown = desk.get(f"/votes/{vote}").text
    seats = len(links(world, vote))
    told = seats if printed else 2
    assert f"Told in time: {told} of {seats}, 2 by text and {told - 2} by letter." in shown and ("Notice was short." in shown) is not printed
    cast_many(client, links(world, vote)[:0], [])
    close(world, vote, later + timedelta(days=3))
    with reading(world.orgs["table"]):
        row = session().get_one(Ratification, vote)
        board, poll_id = published_board(row.poll_id), row.poll_id
    assert check_board(board).is_right and f"{told} of {seats} seats" in check_board(board).words
    assert all(len(row["ledger_sha256"]) == 64 for row in board["notices"])
    assert f"Told in time: {told} of {seats}" in client.get(f"/board/{poll_id}").text
    answer = desk.post(f"/votes/{vote}/certificate", data=form_of(desk.get(f"/votes/{vote}/results").text, "Certify"))
    with reading(world.orgs["table"]):
        assert (session().get_one(Ratification, vote).state == "certified") is (printed or not binds), answer.text
    if not binds:
        assert "Notice was short." in desk.get(f"/votes/{vote}/certificate").text


OPTIONS = {"method": "approval", "contest": {"options": [{"en": "Ada"}, {"en": "Ben"}], "seats": 1, "most": None}, "quorum": "0"}


BRITISH_COLUMBIA = {"referral_en": "Referendum of 2005", "referral_threshold": "60%", "referral_threshold_strictness": "at_least",
                    "referral_districts": "60%", "referral_districts_strictness": "at_least"}


def test_a_referendum_that_misses_its_threshold_is_not_carried(world, signed_in, client):
    """British Columbia, 2005: 60 percent were asked for and 57.69 came, though 77 of 79 districts had a majority. Two people read it."""
    desk = signed_in("imani", org="table")
    asked = RULE | BRITISH_COLUMBIA | {"edition_id": str(make_edition(world)), "referral_threshold": "many", "referral_en": ""}
    refused = desk.post("/votes/new", data=form_of(desk.get("/votes/new").text, "members_quorum") | asked)
    assert "Name the outside vote." in refused.text and "like 3/5" in refused.text
    vote = drafted(world, desk, "0", **BRITISH_COLUMBIA)
    before = desk.get(f"/votes/{vote}/opening").text
    assert "Referred to: Referendum of 2005" in before and "at least 3/5 of the districts have more yes than no" in before
    assert form_of(desk.get(f"/votes/{vote}/draft").text, "members_quorum")["referral_threshold"] == "3/5"
    opened(desk, vote)
    page = f"/votes/{vote}/outside"
    assert desk.get(page).status_code == 302, "nothing is counted yet"
    cast_many(client, links(world, vote, 12), [{1: "yes", 2: "yes", 3: "yes"}] * 12)
    close(world, vote, now() + timedelta(days=3))
    with reading(world.orgs["table"]):
        poll_id = session().get_one(Ratification, vote).poll_id
        assert check_board(published_board(poll_id)).is_right
    empty = desk.post(page, data=form_of(desk.get(page).text, "Enter what I read"))
    assert empty.status_code == 422 and empty.text.count("Write a whole number: districts") >= 2 and "Write where the numbers stand" in empty.text
    read = {"held_on": "2005-05-17", "yes": "921973", "no": "676117", "districts": "79", "districts_carried": "77", "source": "Elections BC, Report of 2005"}
    assert desk.post(page, data=read | {"once": "one"}).status_code == 303
    assert "A second person reads the same source" in client.get(f"/board/{poll_id}").text
    other = second(world, signed_in)
    assert other.post(page, data=read | {"yes": "976117", "once": "two"}).status_code == 303
    apart = desk.get(f"/votes/{vote}/results").text
    assert "Two people read different numbers" in apart and "yes: one read 921,973, the other 976,117." in apart
    assert other.post(page, data=read | {"once": "three"}).status_code == 303
    for shown in (desk.get(f"/votes/{vote}/results").text, client.get(f"/board/{poll_id}").text):
        assert "Not carried" in shown and "3/5 of 1,598,090 yes and no votes is 958854, so 958,854 were needed; 921,973 said yes: not enough." in shown
        assert "3/5 of 79 districts is 47 2/5, so 48 were needed; 77 had more yes than no: enough." in shown and "Elections BC" in shown
    assert "the result stands" in other.post(page, data=read | {"once": "four"}).text
    assert signed_in("imani", org="southbank").get(page).status_code == 404


def second(world, signed_in):
    """Another person of the coalition who runs votes."""
    with transaction():
        give_grant(world.accounts["omar"], world.orgs["table"], "administrator", now=MONDAY)
    return signed_in("omar", org="table")


@pytest.mark.parametrize(("yes", "districts", "strictness", "carried"), [
    (60, 6, "at_least", True), (60, 6, "more_than", False), (61, 7, "more_than", True), (59, 10, "at_least", False), (90, 5, "at_least", False)])
def test_each_condition_of_an_outside_vote_is_exact(yes, districts, strictness, carried):
    asked = {"threshold": "3/5", "threshold_strictness": strictness, "districts": "3/5", "districts_strictness": strictness}
    read = {"held_on": None, "yes": yes, "no": 100 - yes, "districts": 10, "districts_carried": districts}
    assert outside_result(asked, [read, read]).is_carried is carried
    assert outside_result(asked, [read]).is_carried is None and outside_result(asked, [read, read | {"yes": yes + 1}]).is_carried is None
