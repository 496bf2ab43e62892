"""The verbs by themselves: who may, what is frozen, what happens when work is stopped on the way."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.accounts.actions import give_grant
from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.infra.jobs import run_due
from crm.kernel.permissions import Role
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platforms.actions.editions import freeze_edition
from crm.platforms.actions.planks import add_plank
from crm.platforms.actions.platforms import create_platform
from crm.platforms.models import Edition, Platform
from crm.ratification import actions, providers
from crm.ratification.models import NoticeSummary, PublishedBoard, Ratification, RollEntry, RollKey, RollMark
from crm.ratification.queries import electorates_of, published_board
from crm.ratification.rules.board import roll_digest
from crm.ratification.verify import check_board
from tests.factories import MONDAY, make_person
from tests.ratification.halls import cast_many, close, draft, links, make_edition, open_vote, seats, table


def of(world, vote):
    """What the vote's row says now."""
    with reading(world.orgs["table"]):
        row = session().get_one(Ratification, vote)
        return {"state": row.state, "manifest": row.manifest, "poll_id": row.poll_id, "result": row.result}


def begin(world, vote, now=MONDAY):
    with transaction(world.orgs["table"]):
        actions.begin_opening(table(world), vote, now=now)


def test_only_members_in_good_standing_of_live_member_organizations_are_on_the_roll(world, app):
    with transaction(world.orgs["southbank"]):
        make_person(world.orgs["southbank"], "Late", "Comer")
        late = session().scalars(select(Person).where(Person.given_name == "Late")).one()
        late.member_since = (MONDAY + timedelta(days=1)).date()
        make_person(world.orgs["southbank"], "Not", "Yet", standing="lapsed")
    vote = open_vote(world)
    found = seats(world, vote)
    assert len(found) == 18 and [e.seat for e in found] == list(range(18))
    assert {e.partner_id for e in found} == {world.orgs[o] for o in ("southbank", "mill", "arroyo")}


def test_a_partner_reads_only_its_own_seats(world, app):
    """Invariant 1: a roll is two-sided; Mill cannot read Southbank's seats."""
    open_vote(world)
    with reading(world.orgs["mill"]):
        assert {e.partner_id for e in session().scalars(select(RollEntry))} == {world.orgs["mill"]}
    with reading(world.orgs["elsewhere"]):
        assert session().scalar(select(func.count()).select_from(RollEntry)) == 0


def test_the_freeze_hashes_text_roll_rule_and_hours_together(world, app):
    """V5: the published hash of the roll can be shown right later, and no key of phones is left."""
    vote = open_vote(world)
    row = of(world, vote)
    members = row["manifest"]["electorates"][0]
    with reading(world.orgs["table"]):
        key = session().scalars(select(RollKey)).one()
        entries = [(e.seat, e.partner_id, e.person_id) for e in session().scalars(select(RollEntry))]
        assert members["roll_sha256"] == roll_digest(key.salt, reversed(entries)) and key.mark_key is None
        assert roll_digest(key.salt, [(s, p, 1 if s == 3 else who) for s, p, who in entries]) != members["roll_sha256"]
        assert session().scalar(select(func.count()).select_from(RollMark)) == 0
        edition = session().scalars(select(Edition)).one()
        assert (
            row["manifest"]["edition"]["sha256"] == edition.sha256
            and row["manifest"]["server_key"] == providers.public_key()
        )
        assert key.salt not in json.dumps(row["manifest"])


@pytest.mark.parametrize("kind", ["members", "organizations"])
def test_one_electorate_alone_is_enough(world, client, kind):
    vote = open_vote(world, **{kind: {}})
    if kind == "members":
        cast_many(client, links(world, vote, 12), [{1: "yes", 2: "yes", 3: "no"}] * 12)
    else:
        for org in ("southbank", "mill"):
            with transaction(world.orgs[org]):
                who = Actor(org_id=world.orgs[org], role=Role.ADMINISTRATOR, name=org)
                actions.vote_for_organization(who, vote, {1: ("yes", ""), 2: ("yes", ""), 3: ("no", "")}, now=MONDAY)
    close(world, vote, MONDAY + timedelta(hours=48))
    row = of(world, vote)
    assert row["result"]["ratified"] == [1, 2] and len(row["result"]["electorates"]) == 1
    with reading(world.orgs["table"]):
        assert check_board(published_board(row["poll_id"])).is_right


def test_an_organization_ratifies_among_its_own_members(world, client):
    own = Actor(
        org_id=world.orgs["southbank"], role=Role.COALITION_LEAD, name="Imani", account_id=world.accounts["imani"]
    )
    with transaction(own.org_id):
        platform = create_platform(
            own, {"titles": {"en": "Bylaws"}, "languages": ["en"], "authentic_language": "en"}, now=MONDAY
        )
        add_plank(own, platform, {"titles": {"en": "Dues"}, "texts": {"en": "Dues are paid monthly."}}, now=MONDAY)
        edition = freeze_edition(own, platform, now=MONDAY).id
        vote = actions.draft_ratification(
            own,
            edition_id=edition,
            title={"en": "Bylaws"},
            opens_at=MONDAY,
            closes_at=MONDAY + timedelta(days=1),
            electorates={"members": {}},
            now=MONDAY,
        )
        actions.begin_opening(own, vote, now=MONDAY)
    run_due()
    with reading(own.org_id):
        assert session().get_one(Ratification, vote).state == "open"
        assert session().scalar(select(func.count()).select_from(RollEntry)) == 6


def test_an_opening_that_was_stopped_goes_back_to_draft_and_leaves_nothing(world, signed_in):
    vote = draft(world)
    begin(world, vote)
    imani = signed_in("imani", org="table")
    refused = imani.post(f"/votes/{vote}/opening/withdrawal", data={"once": "a"})
    assert refused.status_code == 422 and "still being built" in refused.text
    page = imani.get(f"/votes/{vote}/opening").text
    imani.post(page.split('action="/jobs/')[1].join(["/jobs/", ""]).split('"')[0], data={"once": "b"})
    run_due()
    assert "Back to draft" in imani.get(f"/votes/{vote}/opening").text
    assert imani.post(f"/votes/{vote}/opening/withdrawal", data={"once": "c"}).status_code == 303
    assert of(world, vote)["state"] == "draft"
    with reading(world.orgs["table"]):
        assert session().scalar(select(func.count()).select_from(RollKey)) == 0
        assert session().scalar(select(func.count()).select_from(NoticeSummary)) == 0
    begin(world, vote, MONDAY + timedelta(seconds=1))


def test_building_a_roll_twice_adds_nobody_twice(world, app):
    """A killed step is repeated: the seats it wrote are found again."""
    vote = draft(world)
    begin(world, vote)
    with reading(world.orgs["table"]):
        secret = next(e for e in electorates_of(session().get_one(Ratification, vote)) if e.is_secret).id
    mill = Actor.system(world.orgs["mill"])
    with transaction(mill.org_id):
        assert actions.build_part(mill, world.orgs["table"], vote, secret, 0, "00" * 32, now=MONDAY)
    run_due()
    assert len(seats(world, vote)) == 18 and of(world, vote)["state"] == "open"


def test_drafts_are_for_those_who_run_votes(world, signed_in):
    vote = draft(world)
    with transaction():
        give_grant(world.accounts["rita"], world.orgs["table"], "read_only", now=MONDAY)
    rita = signed_in("rita", org="table")
    assert "Ratify the platform" not in rita.get("/votes").text and rita.get(f"/votes/{vote}").status_code == 404
    assert "Ratify the platform" in signed_in("tomas", org="table").get("/votes").text


def test_a_lost_key_is_said_and_nothing_is_closed(world, app, monkeypatch):
    vote = open_vote(world)
    monkeypatch.setattr(providers, "public_key", lambda: "00" * 32)
    with pytest.raises(Refused, match="ballot key"), transaction(world.orgs["table"]):
        actions.close_ratification(table(world), vote, now=MONDAY + timedelta(days=3))
    assert of(world, vote)["state"] == "open"


def test_closing_twice_and_certifying_early_are_refused(world, app):
    vote = open_vote(world)
    with pytest.raises(Refused), transaction(world.orgs["table"]):
        actions.certify(table(world), vote, now=MONDAY)
    close(world, vote, MONDAY + timedelta(hours=48))
    with pytest.raises(Refused), transaction(world.orgs["table"]):
        actions.close_ratification(table(world), vote, now=MONDAY + timedelta(hours=49))
    with transaction(world.orgs["table"]):
        actions.certify(table(world), vote, now=MONDAY + timedelta(hours=49))
        assert session().scalars(select(Platform.state)).all() == ["frozen"], (
            "no quorum, no plank: the platform is not ratified"
        )
        assert session().scalar(select(func.count()).select_from(PublishedBoard)) == 1


def test_every_problem_of_a_draft_is_said_at_once(world, app):
    edition = make_edition(world)
    with pytest.raises(Refused) as refused, transaction(world.orgs["table"]):
        actions.draft_ratification(
            table(world),
            edition_id=edition,
            title={"en": "x"},
            opens_at=MONDAY,
            closes_at=MONDAY - timedelta(hours=1),
            now=MONDAY,
            electorates={
                "members": {"quorum": "most", "threshold": "2"},
                "organizations": {"threshold": "1", "strictness": "more_than"},
            },
        )
    assert len(refused.value.reasons) == 5
    with pytest.raises(Refused, match="Choose an edition"), transaction(world.orgs["table"]):
        actions.draft_ratification(
            table(world), edition_id=1, title={"en": "x"}, opens_at=MONDAY, closes_at=MONDAY, now=MONDAY
        )


def test_a_list_of_votes_is_one_query(world, signed_in, count_queries):
    edition = make_edition(world)
    for _ in range(3):
        draft(world, edition=edition)
    imani = signed_in("imani", org="table")
    with count_queries() as few:
        imani.get("/votes")
    for _ in range(20):
        draft(world, edition=edition)
    with count_queries() as many:
        imani.get("/votes")
    assert len(many) == len(few)
