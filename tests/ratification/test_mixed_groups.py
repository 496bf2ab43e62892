"""Groups of one vote that are counted apart, one in secret and one openly: drafted, told, cast, closed, published and verified through the pages."""

import json
import re
from datetime import timedelta

from sqlalchemy import select

from crm.infra.db import reading, session, transaction
from crm.infra.links import issue_link
from crm.outreach.models import Text
from crm.people.models import Person
from crm.ratification.models import Ballot, Electorate, MemberVote, PaperBatch, PaperEntry, Ratification, RollEntry
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import agree_to_texts, ballot_fields, cast_many, close
from tests.ratification.test_rules_as_data import drafted, met, opened  # noqa: F401 - fixture
from tests.ratification.test_sceptic import second


def electorates(world, vote):
    with reading(world.orgs["table"]):
        return {e.key: (e.id, e.is_secret, e.may_change) for e in session().scalars(select(Electorate).where(Electorate.ratification_id == vote))}


def open_officials(world, desk, vote):
    """The officials vote by roll call, set on the page of their own rule."""
    rule = f"/votes/{vote}/rules/{electorates(world, vote)['official'][0]}"
    typed = form_of(desk.get(rule).text, "Save the rule")
    assert "is_open" not in typed, "groups begin in secret"
    assert desk.post(rule, data=typed | {"is_open": "y", "may_change": "y"}).status_code == 303
    assert form_of(desk.get(rule).text, "Save the rule")["is_open"]


def mixed(world, desk, met, way="both"):  # noqa: F811
    vote = drafted(world, desk, f"{way}{met}")
    open_officials(world, desk, vote)
    return vote


def tokens(world, vote):
    """A ballot link for each seat, by group."""
    found = {}
    with transaction(world.orgs["table"]):
        rows = session().execute(select(Electorate.key, RollEntry).join(RollEntry, RollEntry.electorate_id == Electorate.id).where(
            Electorate.ratification_id == vote).order_by(Electorate.key, RollEntry.seat)).all()
        for key, entry in rows:
            found.setdefault(key, []).append(issue_link(
                world.orgs["table"], "ballot", entry.id, expires_at=MONDAY + timedelta(days=60), now=MONDAY, partner_id=entry.partner_id))
    return found


def test_one_group_votes_in_secret_and_one_by_roll_call(world, signed_in, client, clock, met):  # noqa: F811
    desk = signed_in("imani", org="table")
    for org in ("southbank", "mill"):
        agree_to_texts(world, org, world.people[org][:3])
    vote = mixed(world, desk, met)
    assert electorates(world, vote)["together"][1:] == (False, False)
    before = desk.get(f"/votes/{vote}/opening").text
    assert all(words in before for words in ("open, by seat", "as its groups vote", "This is an open vote: each member", "If fewer than 10 ballots come"))
    opened(desk, vote)
    with reading(world.orgs["mill"]):
        told = [body for body in session().scalars(select(Text.body)) if "ballot" in body or "votación" in body or "open vote" in body]
    assert told and not any("Your vote is secret" in body or "Su voto es secreto" in body for body in told), "officials are told that their vote is open"
    with reading(world.orgs["southbank"]):
        assert any("secret" in body for body in session().scalars(select(Text.body)))
    held = tokens(world, vote)
    assert len(held["participant"]) == 2 and len(held["official"]) == 2
    page = client.get(f"/v/{held['official'][0]}").text
    assert "This is an open vote." in page and "Your vote is secret" in client.get(f"/v/{held['participant'][0]}").text
    voted = client.post(f"/v/{held['official'][0]}/open", data=form_of(page, 'id="ballot"') | {"p1": "yes", "p2": "no"}, csrf=False)
    assert "Your vote is in" in voted.text
    assert client.post(f"/v/{held['official'][1]}/cast", data=ballot_fields(8, {1: "yes"}), csrf=False).status_code == 422, "no secret ballot of an open seat"
    cast_many(client, held["participant"], [{1: "yes", 2: "yes", 3: "no"}] * 2)
    with reading(world.orgs["table"]):
        assert session().query(Ballot).count() == 6 and session().query(MemberVote).count() == 3
    shown = desk.get(f"/votes/{vote}").text
    assert "open, by seat" in shown and shown.count("fewer than 10 ballots so far") == 2, "the sum would tell the small secret group"
    close(world, vote, clock.move(minutes=30), "All have voted")
    with reading(world.orgs["table"]):
        poll = session().get_one(Ratification, vote).poll_id
    board = json.loads(client.get(f"/board/{poll}.json").text)
    parts = {part.get("key", part["kind"]): part for part in board["electorates"]}
    assert parts["participant"]["sealed"] and parts["participant"]["counts"]["1"] == {"yes": 2, "no": 0, "abstain": 0}
    assert len(parts["official"]["roll_call"]) == 3 and parts["official"]["bits"] is None
    counted = {e.get("key", e["kind"]): e["planks"][0]["counts"] for e in board["result"]["electorates"]}
    assert counted["together"] == {"yes": 3, "no": 0, "abstain": 0}
    verdict = check_board(board)
    assert verdict.is_right and second(board) == 0, verdict.problems
    public = client.get(f"/board/{poll}").text
    assert re.search(r"How each seat voted: \w+", public) and "as its groups vote" in public and "the list is sealed" in public
    results = desk.get(f"/votes/{vote}/results").text
    assert "open, by seat" in results and "as its groups vote" in results
    desk.post(f"/votes/{vote}/certificate", data=form_of(results, "/certificate"))
    certificate = desk.get(f"/votes/{vote}/certificate").text
    assert all(words in certificate for words in (", secret.", ", open, by seat.", ", as its groups vote."))
    assert "como votan sus grupos" in desk.get(f"/votes/{vote}/certificate?lang=es").text


def test_a_group_keeps_its_secrecy_until_that_of_all_is_changed(world, signed_in, met):  # noqa: F811
    desk = signed_in("imani", org="table")
    vote = mixed(world, desk, met)
    page = f"/votes/{vote}/draft"
    saved = form_of(desk.get(page).text, "members_quorum") | {"organizations": ""}
    is_open = "members_open" in saved

    def secrecy():
        return {key: is_secret for key, (_id, is_secret, _may) in electorates(world, vote).items()}

    assert desk.post(page, data=saved | {"title_en": "Other", "members_threshold": "3/4"}).status_code == 303
    assert secrecy() == {"participant": True, "official": False, "together": False}
    turned = {name: value for name, value in saved.items() if name != "members_open"} if is_open else saved | {"members_open": "y"}
    assert desk.post(page, data=turned | {"once": "b"}).status_code == 303
    assert len(set(secrecy().values())) == 1, "what is set for all groups is set for all"


def test_an_organization_sees_all_groups_of_its_members_and_nothing_of_the_secret_ones(world, signed_in, client, met):  # noqa: F811
    desk = signed_in("imani", org="table")
    vote = mixed(world, desk, met, "apart")
    opened(desk, vote)
    held = tokens(world, vote)
    page = client.get(f"/v/{held['official'][0]}").text
    client.post(f"/v/{held['official'][0]}/open", data=form_of(page, 'id="ballot"') | {"p1": "yes"}, csrf=False)
    cast_many(client, held["participant"][:1], [{1: "no"}])
    mill = signed_in("dolores").get(f"/votes/{vote}/our-members").text
    assert mill.count("<h2") == 2 and mill.count("Yes</td>") == 1 and mill.count("Abstain</td>") == 2
    assert mill.count("This vote is secret. Nobody can see how a member voted.") == 1
    southbank = signed_in("imani", org="southbank").get(f"/votes/{vote}/our-members").text
    assert "None of your people is on this roll." in southbank and "Yes</td>" not in southbank and "No</td>" not in southbank


def test_paper_and_tablet_work_in_each_secret_group_apart(world, signed_in, client, clock, met):  # noqa: F811
    """Each group has its own search, sheets, box, batches and last word; a paper of one is never entered in the other."""
    desk, hall, mill = signed_in("imani", org="table"), signed_in("imani", org="southbank"), signed_in("dolores")
    vote = drafted(world, desk, f"apart{met}")
    opened(desk, vote)
    keys = sorted(electorates(world, vote))
    assert keys == ["official", "participant"]
    assert 'aria-current="page">' in desk.get(f"/votes/{vote}/papers").text and mill.get(f"/votes/{vote}/desk?group=nobody").status_code == 404
    for org, who, own, other in (("mill", mill, "official", "participant"), ("southbank", hall, "participant", "official")):
        with reading(world.orgs[org]):
            names = [session().get_one(Person, (world.orgs[org], person)).family_name for person in world.people[org][:2]]
        elsewhere = who.get(f"/votes/{vote}/desk?group={other}&q={names[0]}").text
        assert "Nobody of yours in this group has that name." in elsewhere and "/desk/papers/" not in elsewhere
        for name in names:
            page = who.get(f"/votes/{vote}/desk?group={own}&q={name}").text
            action = re.search(r"/votes/\d+/desk/papers/\d+\?group=\w+", page)[0]
            out = who.post(action, data=form_of(page, action))
            assert out.status_code == 303 and out.location.endswith(f"group={own}")
        again = who.get(f"/votes/{vote}/desk?group={own}&q={names[0]}").text
        action = re.search(r"/votes/\d+/desk/papers/\d+\?group=\w+", again)[0]
        assert "Nobody gets a second ballot" in who.post(action, data=form_of(again, action)).text
    sheets = [desk.get(f"/votes/{vote}/paper-ballot?group={key}").text for key in keys]
    assert len({re.search(r'fw-bold">(.+?)</p>', sheet)[1] for sheet in sheets}) == 2, "each sheet says whose it is"
    spoiled = mill.get(f"/votes/{vote}/desk?group=official").text
    assert mill.post(f"/votes/{vote}/desk/spoiled?group=official", data=form_of(spoiled, "/desk/spoiled")).status_code == 303
    tomas = signed_in("tomas")
    for key, size in (("official", 2), ("participant", 1)):
        page = f"/votes/{vote}/papers?group={key}"
        too_many = desk.post(page, data=form_of(desk.get(page).text, "size") | {"size": "3"})
        assert too_many.status_code == 422 and "Only 2 papers are out" in too_many.text, "papers of the other group are no papers of this one"
        made = desk.post(page, data=form_of(desk.get(page).text, "size") | {"size": str(size)})
        papers = {f"b{n}.p1": "yes" if key == "official" else "no" for n in range(1, size + 1)}
        for who in (desk, tomas):
            done = who.post(made.location, data=form_of(who.get(made.location).text, 'b1.p1"') | papers)
            assert done.status_code == 303 and done.location.endswith(f"group={key}")
        assert "Agreed and held" in desk.get(page).text
        done = desk.post(f"/votes/{vote}/papers/finished?group={key}", data=form_of(desk.get(page).text, "/papers/finished"))
        assert done.status_code == 303
        if key == "official":
            early = desk.post(f"/votes/{vote}/closing", data=form_of(desk.get(f"/votes/{vote}/closing").text, "reason") | {"reason": "All are in"})
            assert early.status_code == 422 and "Paper ballots are out" in early.text, "the other group's papers are not said to be in"
    close(world, vote, clock.move(minutes=30), "All have voted")
    with reading(world.orgs["table"]):
        assert [session().query(table).count() for table in (PaperBatch, PaperEntry)] == [0, 0]
        poll = session().get_one(Ratification, vote).poll_id
    board = json.loads(client.get(f"/board/{poll}.json").text)
    parts = {part["key"]: part for part in board["electorates"]}
    assert parts["official"]["paper"] == {"issued": 2, "returned": 2, "spoiled": 1} and parts["official"]["counts"]["1"]["yes"] == 2
    assert parts["participant"]["paper"] == {"issued": 2, "returned": 1, "spoiled": 0} and parts["participant"]["counts"]["1"]["no"] == 1
    verdict = check_board(board)
    assert verdict.is_right and second(board) == 0, verdict.problems
    for page in (client.get(f"/board/{poll}").text, desk.get(f"/votes/{vote}/results").text):
        assert page.count("On paper:") == 2 and "1 handed out" not in page and "1 not back" in page


def test_the_desk_gives_no_paper_and_no_tablet_to_a_seat_that_votes_openly(world, signed_in, met):  # noqa: F811
    desk, mill = signed_in("imani", org="table"), signed_in("dolores")
    vote = mixed(world, desk, met, "apart")
    opened(desk, vote)
    with reading(world.orgs["table"]):
        official = session().scalar(select(RollEntry.id).where(RollEntry.electorate_id == electorates(world, vote)["official"][0]).limit(1))
    assert mill.get(f"/votes/{vote}/desk?group=official").status_code == 404
    page = mill.get(f"/votes/{vote}/desk").text
    assert "pl-tabs" not in page, "where one group votes in secret there is nothing to pick"
    assert mill.post(f"/votes/{vote}/desk/tablets", data=form_of(page, 'name="name"') | {"name": "Door"}).status_code == 200
    tablet = re.search(r"/desk/tablets/(\d+)/removal", mill.get(f"/votes/{vote}/desk").text)[1]
    form = form_of(mill.get(f"/votes/{vote}/desk").text, 'name="name"')
    refused = mill.post(f"/votes/{vote}/desk/tablets/{tablet}/seats/{official}", data=form | {"once": "t"})
    assert refused.status_code == 422 and "This vote is open" in refused.text
    assert mill.post(f"/votes/{vote}/desk/papers/{official}", data=form | {"once": "p"}).status_code == 404
