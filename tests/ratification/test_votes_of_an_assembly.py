"""A vote of all members that was begun at an assembly belongs to it: on its page, in its minutes, read by its guests; no other's, and none by chance."""

import re
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from crm.infra import jobs
from crm.infra.db import engine, new_id, reading, session, transaction
from crm.infra.links import issue_link
from crm.infra.schema import migrations_config
from crm.organizations.models import Guest
from crm.ratification import actions
from crm.ratification.models import Electorate, Ratification, RollEntry
from crm.tables.models import TableProposal
from tests.adversary.test_guests import congress  # noqa: F401 - fixture
from tests.assemblies.test_routes import made
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import ballot_fields, make_edition, table

OPTIONS = {"members": "y", "members_method": "approval", "members_options_en": "North\nSouth", "members_roll": "0", "members_quorum": "0",
           "members_threshold": "1/2", "organizations": "", "title_en": "Which office", "title_es": "Qué oficina"}


@pytest.fixture
def hall(world, signed_in):
    """Two assemblies of the coalition, and its organizer."""
    desk = signed_in("imani", org="table")
    return desk, made(desk, world, "A2", title_en="Spring hall"), made(desk, world, "A2", title_en="Autumn hall")


def begin(desk, assembly, **changes):
    """Posts the form as the button on the assembly's page opens it."""
    page = desk.get(f"/votes/new?assembly={assembly}").text
    return desk.post("/votes/new", data=form_of(page, "members_quorum") | OPTIONS | changes)


def place_of(world, vote, org="table"):
    with reading(world.orgs[org]):
        return session().get_one(Ratification, vote).assembly_id


def vote_in(answer):
    assert answer.status_code == 303, re.findall(r'<li><a href="#.*?</li>|<li>[^<]*', answer.text)[:8]
    return int(answer.location.split("/")[2])


def held(world, vote, client, now):
    """Opens the vote, lets one member approve of the first option, and closes it."""
    who = table(world)
    with transaction(who.org_id):
        actions.begin_opening(who, vote, now=now)
    jobs.run_due()
    with reading(who.org_id):
        seat = session().scalars(select(RollEntry).join(Electorate, Electorate.id == RollEntry.electorate_id).where(Electorate.ratification_id == vote)).first()
        entry, partner = seat.id, seat.partner_id
    with transaction(who.org_id):
        token = issue_link(who.org_id, "ballot", entry, expires_at=now + timedelta(days=9), now=now, partner_id=partner)
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {}) | {"p1.1": "1"}, csrf=False).status_code == 200
    with transaction(who.org_id):
        actions.close_ratification(who, vote, now=now, reason="All have voted")
    jobs.run_due()


def test_begun_from_an_assembly_it_stands_on_its_page_and_in_its_minutes(world, hall, client, clock):
    desk, spring, autumn = hall
    page = desk.get(f"/votes/new?assembly={spring}").text
    assert form_of(page, "members_quorum")["assembly_id"] == str(spring) and form_of(desk.get("/votes/new").text, "members_quorum")["assembly_id"] == "0"
    first = begin(desk, spring, once="one")
    vote = vote_in(first)
    assert begin(desk, spring, once="one").location == first.location, "the same button twice is one vote"
    with reading(world.orgs["table"]):
        assert session().scalars(select(Ratification.assembly_id)).all() == [int(spring)]
    assert f"/votes/{vote}" in desk.get(f"/assemblies/{spring}").text and f"/votes/{vote}" not in desk.get(f"/assemblies/{autumn}").text
    draft = f"/votes/{vote}/draft"
    kept = form_of(desk.get(draft).text, "members_quorum")
    assert kept["assembly_id"] == str(spring)
    for chosen, stands in ((autumn, int(autumn)), ("0", None), (spring, int(spring))):
        typed = kept | OPTIONS | {"assembly_id": str(chosen), "once": f"to-{chosen}"}
        assert desk.post(draft, data=typed).status_code == 303 and place_of(world, vote) == stands
    rule = re.search(rf'href="(/votes/{vote}/rules/\d+)"', desk.get(f"/votes/{vote}/opening").text)[1]
    assert desk.post(rule, data=form_of(desk.get(rule).text, "Save the rule") | {"quorum": "0", "once": "rule"}).status_code == 303
    assert place_of(world, vote) == int(spring), "its rule in depth leaves it where it is"
    held(world, vote, client, clock.now)
    assert "Which office" in desk.get(f"/assemblies/{spring}/minutes").text and "Which office" not in desk.get(f"/assemblies/{autumn}/minutes").text
    assert f"/assemblies/{spring}" in desk.get(f"/votes/{vote}/results").text


def test_another_organization_s_assembly_and_what_is_none_are_refused_with_everything_kept(world, hall, signed_in):
    desk, spring, _autumn = hall
    foreign = made(signed_in("omar"), world, "A2", title_en="Southbank's own")
    for n, id in enumerate((foreign, "7", "x", str(2**63), "-1")):
        refused = begin(desk, spring, assembly_id=str(id), once=f"f{n}")
        assert refused.status_code == 422 and 'value="Which office"' in refused.text, id
    seen = form_of(desk.get(f"/votes/new?assembly={foreign}").text, "members_quorum") if desk.get(f"/assemblies/{foreign}").status_code == 200 else {}
    assert seen.get("assembly_id", "0") == "0", "begun from a partner's assembly it belongs to none of ours"
    with transaction(world.orgs["table"]), pytest.raises(Exception, match="assembly of your own"):
        actions.draft_ratification(
            table(world), edition_id=None, title={"en": "x"}, opens_at=MONDAY, closes_at=MONDAY + timedelta(days=1), now=MONDAY, assembly_id=int(foreign),
            electorates={"members": {"method": "approval", "contest": {"options": [{"en": "a"}, {"en": "b"}], "seats": 1, "most": None}}})
    with reading(world.orgs["table"]):
        assert session().scalars(select(Ratification)).all() == []


def test_a_vote_on_an_edition_belongs_where_its_text_does_and_the_database_holds_it(world, hall):
    desk, spring, _autumn = hall
    edition = make_edition(world)
    vote = vote_in(begin(desk, spring, edition_id=str(edition), members_method="yes_no_abstain", members_options_en=""))
    assert place_of(world, vote) is None and f"/votes/{vote}" not in desk.get(f"/assemblies/{spring}").text
    with pytest.raises(IntegrityError), transaction(world.orgs["table"]):
        session().get_one(Ratification, vote).assembly_id = int(spring)
        session().flush()


@pytest.mark.long
def test_a_guest_reads_the_vote_of_all_members_and_loses_it_with_its_part(congress, signed_in, acting, world):  # noqa: F811
    """The county that joined by link reads it on the page and in the database, and not the one of the council that it does not know."""
    _omar, _dolores, stranger, id, other, _county = congress
    imani, votes = signed_in("imani", org="southbank"), {}
    for assembly, word in ((id, "Shared"), (other, "Hidden")):
        vote = votes[word] = vote_in(begin(imani, assembly, title_en=f"{word} office", title_es="", once=word))
        with acting("southbank", account="imani") as who:
            actions.begin_opening(who, vote, now=MONDAY)
        jobs.run_due()
        with acting("southbank", account="imani") as who:
            actions.close_ratification(who, vote, now=MONDAY, reason="Done")
        jobs.run_due()
    page = stranger.get(f"/assemblies/{id}").text + stranger.get(f"/assemblies/{id}/minutes").text
    assert page.count("Shared office") >= 2 and "Hidden office" not in page
    assert stranger.get(f"/votes/{votes['Shared']}/results").status_code == 200 and stranger.get(f"/votes/{votes['Hidden']}/results").status_code == 404
    with reading(world.orgs["elsewhere"]):
        assert list(session().scalars(select(Ratification.id))) == [votes["Shared"]]
        if session().get_bind().dialect.name == "postgresql":
            assert session().execute(text("select id from ratifications")).scalars().all() == [votes["Shared"]]
    with transaction(world.orgs["southbank"]):
        for guest in session().scalars(select(Guest)):
            guest.ended_at = MONDAY
    assert stranger.get(f"/votes/{votes['Shared']}/results").status_code == 404


def test_what_stands_in_the_rows_says_where_earlier_votes_belong(world, hall, pristine, app):
    """A vote between the proposals of one assembly's tables is its own; proposals of two assemblies, other options, or a title alone, tell nothing."""
    desk, spring, autumn = hall
    _app, stock, _world = pristine
    org = world.orgs["table"]
    with transaction(org):
        for assembly, words in ((spring, ("Repair fund", "Night buses")), (autumn, ("A park", "A pool"))):
            for n, title in enumerate(words, 1):
                session().add(TableProposal(org_id=org, id=new_id(), assembly_id=int(assembly), number=n, titles={"en": title}, texts={}))
    tabled = form_of(desk.get(f"/votes/new?assembly={spring}&tabled=1").text, "members_quorum")["members_options_en"]
    assert tabled.split() == "Repair fund Night buses".split()
    options = {"of its tables": tabled, "turned": "Night buses\nRepair fund", "Spring hall": "North\nSouth", "of the other": "A park\nA pool"}
    named = {word: vote_in(begin(desk, spring, title_en=word, members_options_en=lines, once=word)) for word, lines in options.items()}
    config = migrations_config(stock.owner_of(engine().url.render_as_string(hide_password=False)))
    command.downgrade(config, "0040")
    assert {word: place_of(world, vote) for word, vote in named.items()} == dict.fromkeys(named)
    command.upgrade(config, "head")
    there = dict.fromkeys(named) | {"of its tables": int(spring), "of the other": int(autumn)}
    assert {word: place_of(world, vote) for word, vote in named.items()} == there
