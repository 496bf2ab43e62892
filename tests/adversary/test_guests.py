"""A guest, an organization outside the coalition that joined a larger assembly by link: it reads of that assembly what partners read (its
platforms, votes and what government committed to as well), nothing else of its convener or of anybody else, and nothing once its part has ended."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.accountability.actions import add_commitment, add_recommendation
from crm.accountability.models import Target
from crm.assemblies.models import Assembly, AssemblyPartner
from crm.infra import db, jobs
from crm.infra.db import Base, new_id
from crm.kernel.refusal import Missing
from crm.organizations.models import Guest
from crm.platforms.actions import add_comment, add_plank, create_platform, freeze_edition, propose_amendment
from crm.ratification import actions as voting
from crm.ratification.models import Ratification
from crm.ratification.queries import electorates_of
from crm.ratification.rules.rolls import assembly_of
from crm.turnout import actions as turnout
from crm.turnout.rules import Answer
from tests.assemblies.test_larger import link_from
from tests.assemblies.test_routes import made
from tests.factories import MONDAY

COMMONS = [m.class_ for m in Base.registry.mappers if m.class_.__access__ == "commons"]
SHARED = [model for model in COMMONS if model.__of_assembly__]
pytestmark = pytest.mark.long


@pytest.fixture
def congress(signed_in, world, acting):
    """A congress of Southbank with Mill as a partner, one that the stranger joined by link, and another of Southbank's that it did not."""
    omar, dolores, stranger = signed_in("omar"), signed_in("dolores"), signed_in("stranger")
    id, other = made(omar, world, "A11", title_en="Congress"), made(omar, world, "A11", title_en="Hidden council")
    county = made(stranger, world, "A8", partners=[], title_en="County")
    for browser, which in ((omar, id), (omar, other), (stranger, county)):
        assert browser.post(f"/assemblies/{which}/state/announced").status_code == 303
    for which in (id, other):
        assert dolores.post(f"/assemblies/{which}/answer", data={"answer": "accepted", "lead_name": "Dolores"}).status_code == 303
    with acting("mill") as actor:
        turnout.record_answer(actor, id, world.people["mill"][0], Answer("yes", 2, {"ride": 1}), source="staff", now=MONDAY)
    with acting("southbank"):
        db.session().add(Target(id=new_id(), org_id=world.orgs["southbank"], name="Hidden mayor", created_at=MONDAY))
    assert stranger.post(link_from(omar, id), data={"child_id": str(county)}).status_code == 303
    jobs.run_due()
    return omar, dolores, stranger, id, other, county


@dataclass(frozen=True)
class Texts:
    """What an assembly came to: its platform with a plank and an edition, a vote on it that is closed and one among those who came, what was
    promised and what was asked; `pages` are the addresses of all that partners read of it."""

    platform: int
    vote: int
    asked: int
    drafted: int
    pages: list[str]


TYPED = {"kind": "official", "words": "I will enact it.", "legal_form": "informal", "document": "", "signed_on": MONDAY.date(), "threshold": "80%",
         "strictness": "at_least", "basis": "cast", "electorate": "all", "duty": "Enact it", "owner": "", "due_days": 30, "vote": ""}


def texts_of(acting, assembly_id, word):
    """Every word of it that somebody may read holds `word`."""
    with acting("southbank", account="imani") as who:
        heading = {"titles": {"en": f"{word} platform"}, "languages": ["en"], "authentic_language": "en", "assembly_id": assembly_id}
        platform = create_platform(who, heading, now=MONDAY)
        plank = add_plank(who, platform, {"titles": {"en": f"{word} plank"}, "texts": {"en": f"The {word} text."}}, now=MONDAY)
        add_comment(who, platform, plank, f"{word} comment", now=MONDAY)
        edition = freeze_edition(who, platform, now=MONDAY).id
        when = {"opens_at": MONDAY, "closes_at": MONDAY + timedelta(days=1), "now": MONDAY}
        vote = voting.draft_ratification(who, edition_id=edition, title={"en": f"{word} vote"}, electorates={"members": {"is_secret": True}}, **when)
        contest = {"options": [{"en": f"{word} one"}, {"en": "Two"}], "seats": 1, "most": None}
        drafted = voting.draft_ratification(who, edition_id=None, title={"en": f"{word} choice"}, electorates={
            "attendees": {"assembly_id": assembly_id, "method": "approval", "contest": contest, "is_secret": True}}, **when)
        voting.begin_opening(who, vote, now=MONDAY)
    jobs.run_due()
    with acting("southbank", account="imani") as who:
        voting.close_ratification(who, vote, now=MONDAY, reason="The hall is done.")
        promised = add_commitment(who, assembly_id, TYPED | {"target": f"{word} mayor"}, now=MONDAY)
        asked = add_recommendation(who, assembly_id, {"target": f"{word} council", "kind": "body", "title": {"en": f"{word} demand"}, "text": {}, "owner": "",
                                   "delivered_on": MONDAY.date(), "due_on": MONDAY.date() + timedelta(days=30)}, now=MONDAY)
        kept = add_recommendation(who, assembly_id, {"target": f"{word} board", "kind": "body", "title": {"en": f"{word} draft"}, "text": {}, "owner": "",
                                  "delivered_on": None, "due_on": MONDAY.date() + timedelta(days=30)}, now=MONDAY)
    jobs.run_due()
    of, on = f"/platforms/{platform}", f"/votes/{vote}"
    return Texts(platform, vote, asked, drafted, [
        of, f"{of}/planks/{plank}", f"{of}/planks/{plank}/history", f"{of}/positions", f"{of}/editions/1", f"{of}/editions/1/content.json", f"{of}/proposals",
        f"{on}/results", f"{on}/board.json", f"/commitments/{promised}", f"/responses/{asked}", f"/responses/{kept}", f"/votes/{drafted}",
    ])


@pytest.fixture
def furnished(congress, acting):
    """The congress and the council that the guest knows nothing of, each with its texts."""
    _omar, _dolores, _stranger, id, other, _county = congress
    return texts_of(acting, id, "Shared"), texts_of(acting, other, "Hidden")


def pages(app, id):
    """Addresses of every page that needs no more than the assembly."""
    found = [rule.rule.replace("<int:id>", str(id)) for rule in app.url_map.iter_rules()
             if rule.rule.startswith("/assemblies/<int:id>") and rule.arguments == {"id"} and "GET" in rule.methods]
    assert len(found) > 25
    return sorted(found)


def test_a_guest_reads_what_a_partner_reads_of_that_assembly_and_of_no_other(app, congress, world):
    _omar, dolores, stranger, id, other, county = congress
    theirs = {page: dolores.get(page).status_code for page in pages(app, id)}
    ours = {page: stranger.get(page).status_code for page in pages(app, id)}
    assert ours == theirs and list(ours.values()).count(200) > 12
    assert not {page: answer for page in pages(app, other) if (answer := stranger.get(page).status_code) == 200}
    text = "".join(stranger.get(page).text for page, status in ours.items() if status == 200)
    assert "Congress" in text and "Mill District Workers Center" in text
    for hidden in ("Hidden council", "Hidden mayor", "Ana Q", "Quintero"):
        assert hidden not in text, hidden
    assert "Congress" in stranger.get("/assemblies").text and "Hidden council" not in stranger.get("/assemblies").text


def test_a_guest_reads_the_platforms_votes_and_commitments_of_that_assembly_alone(congress, furnished):
    omar, dolores, stranger, id, other, _county = congress
    shared, hidden = furnished
    theirs = {page: dolores.get(page).status_code for page in shared.pages}
    assert {page: stranger.get(page).status_code for page in shared.pages} == theirs
    assert [page for page, status in theirs.items() if status != 200] == shared.pages[-2:], "a draft is its keeper's alone"
    assert not {page: status for page in hidden.pages if (status := stranger.get(page).status_code) != 404}
    page = stranger.get(f"/assemblies/{id}").text
    for address in (f"/platforms/{shared.platform}", f"/votes/{shared.vote}"):
        assert f'href="{address}"' in page and f'href="{address}"' in dolores.get(f"/assemblies/{id}").text, address
    of = f"/assemblies/{id}"
    lists = "".join(stranger.get(where).text for where in (
        of, f"{of}/responses", f"{of}/minutes", "/platforms", "/votes", "/elections", "/responses", "/", shared.pages[0], f"/votes/{shared.vote}/results"))
    for word in ("Shared platform", "Shared plank", "Shared comment", "Shared vote", "Shared mayor", "Shared demand", "Shared council"):
        assert word in lists, word
    assert "Hidden" not in lists and "Shared draft" not in lists and "Shared choice" not in lists
    assert "Hidden platform" in omar.get(f"/assemblies/{other}").text, "the control: the convener's own page lists it"


def test_a_guest_writes_nothing_into_them(congress, furnished, acting, world):
    _omar, dolores, stranger, *_ = congress
    shared, _hidden = furnished
    of = f"/platforms/{shared.platform}"
    desk = stranger.get(of).text
    assert "Add the comment" not in desk and "Propose an amendment" not in desk and "State our position" not in desk
    plank = int(re.search(r"/planks/(\d+)", shared.pages[1])[1])
    for page in (f"{of}/amendments/new?kind=add", f"{of}/proposals/new", f"{of}/positions/ours"):
        assert stranger.get(page).status_code == 404, page
    for path, data in ((f"{of}/planks/{plank}/comments", {"words": "Let us in."}), (f"{of}/proposals", {"title": "x", "text": "y", "language": "en"}),
                       (f"{of}/positions/ours", {f"stance_{plank}": "endorse"}), (f"/votes/{shared.vote}/certificate", {})):
        assert stranger.post(path, data=data).status_code in (403, 404), path
    with acting("elsewhere") as who, pytest.raises(Missing):
        propose_amendment(who, shared.platform, {"kind": "strike", "plank_id": plank, "reason": "No."}, now=MONDAY)


def test_a_vote_between_options_belongs_to_the_assembly_whose_rolls_alone_it_asks(congress, furnished, world, acting):
    *_browsers, _id, other, _county = congress
    shared, _hidden = furnished
    with db.reading(world.orgs["elsewhere"]) as s:
        assert set(s.scalars(select(Ratification.id))) == {shared.vote, shared.drafted}
    with acting("southbank", account="imani") as who:
        row = db.session().get_one(Ratification, shared.drafted)
        (rule,) = electorates_of(row)
        rules = {"attendees": {"assembly_id": other, "method": rule.method, "contest": rule.contest, "is_secret": True}}
        when = {"opens_at": row.opens_at, "closes_at": row.closes_at}
        voting.change_ratification(who, row.id, edition_id=None, title=row.title, electorates=rules, **when, now=MONDAY)
    with db.reading(world.orgs["elsewhere"]) as s:
        assert set(s.scalars(select(Ratification.id))) == {shared.vote}
    assert assembly_of(False, [{"assembly_id": 1}, {"assembly_id": None}], None) == 1 == assembly_of(False, [{"assembly_id": 1}], 2)
    assert assembly_of(False, [{"assembly_id": 1}, {"assembly_id": 2}], 1) is None, "what two assemblies decide is no guest's of one"
    assert assembly_of(True, [{"assembly_id": 1}], 1) is None, "it belongs where its platform does"
    assert assembly_of(False, [{"assembly_id": None}], 3) == 3 and assembly_of(False, [{"assembly_id": None}], None) is None


def test_a_guest_changes_nothing_that_a_partner_may_not_change(congress):
    omar, dolores, stranger, id, *_ = congress
    row = re.search(rf"/assemblies/{id}/partners/(\d+)\"", omar.get(f"/assemblies/{id}/partners").text)[1]
    for path, data in ((f"/assemblies/{id}/state/cancelled", {}), (f"/assemblies/{id}/partners/{row}/removal", {}), (f"/assemblies/{id}/facts", {}),
                       (f"/assemblies/{id}/helpers", {"helps": "ride", "name": "x", "places": "1", "at": "0"})):
        theirs, ours = (browser.post(path, data=data).status_code for browser in (dolores, stranger))
        assert ours == theirs and ours >= 400, path
    assert stranger.post(f"/assemblies/{id}/pledges", data={"promised": "30", "lead_name": "Vasquez"}).status_code == 303, "a pledge is a partner's own"


def test_only_rows_of_that_assembly_are_read(congress, furnished, world):
    """Every table that is shared, by the session and by the database itself: what the guest sees of it is what a partner sees less what belongs to
    others, and nothing where no way leads from the row to the assembly."""
    *_browsers, id, _other, county = congress
    shared, hidden = furnished
    mine = world.orgs["elsewhere"]
    with db.reading(world.orgs["southbank"]) as s:
        whose = {model: {row.id: assembly_behind(row) for row in s.scalars(select(model))} for model in COMMONS}
    with db.reading(mine) as s:
        assert db.near() == ((mine,), (id,))
        for model in COMMONS:
            seen = {row.id for row in s.scalars(select(model)) if row.org_id != mine}
            assert seen == {row for row, of in whose[model].items() if of == {id} and model in SHARED}, model
            if not db.is_sqlite():
                table = model.__tablename__
                raw = s.connection().exec_driver_sql(f"select id from {table} where org_id != {mine}").scalars().all()
                assert set(raw) == seen, f"{table}: the database by itself"
        assert s.scalar(select(func.count()).select_from(Assembly)) == 2 and s.get(Assembly, county)
        if not db.is_sqlite():
            assert s.connection().exec_driver_sql("select plenary_visits()").scalars().all() == [id]
    told = {model for model, rows in whose.items() if {id} in rows.values()}
    assert len(told) > 20, "the control: there is something of it in these tables"


def assembly_behind(row) -> set[int]:
    """To which assemblies a row belongs, found by walking from row to row, apart from what the program does."""
    s, found = db.session(), set()
    if isinstance(row, Assembly):
        return {row.id}
    for name in row.__of_assembly__.split():
        table, _dot, column = name.rpartition(".")
        if table:
            model = next(m for m in COMMONS if m.__tablename__ == table)
            for one in s.scalars(select(model).where(getattr(model, column) == row.id)):
                found |= assembly_behind(one)
        elif (value := getattr(row, name)) is not None:
            key = next(iter(row.__table__.c[name].foreign_keys))
            model = next(m for m in COMMONS if m.__table__ is key.column.table)
            found |= {value} if model is Assembly else assembly_behind(s.get_one(model, value))
    return found


@pytest.mark.parametrize("how", ["the guest withdraws", "the convener ends it"])
def test_once_its_part_has_ended_a_guest_reads_nothing(app, congress, furnished, world, how):
    omar, _dolores, stranger, id, *_ = congress
    partners = omar.get(f"/assemblies/{id}/partners").text
    assert "End its part in this assembly" in partners and partners.count("End its part") == 1
    if how == "the guest withdraws":
        assert stranger.post(f"/assemblies/{id}/answer", data={"answer": "declined", "lead_name": ""}).status_code == 303
    else:
        removal = re.search(rf'action="(/assemblies/{id}/partners/\d+/removal)"[^>]*>(?:(?!</form>).)*End its part', partners, re.S)[1]
        assert omar.post(removal).status_code == 303
    assert not {page: answer for page in [*pages(app, id), *furnished[0].pages] if (answer := stranger.get(page).status_code) == 200}
    with db.reading(world.orgs["elsewhere"]) as s:
        assert not s.scalars(select(AssemblyPartner).where(AssemblyPartner.assembly_id == id)).all()
        assert s.scalars(select(Guest.ended_at)).one() is not None


LEFT_OUT = {  # what belongs to no assembly, or what partners do not read of one
    "comment_reports",  # for the owner's eyes
    "sealed_votes", "residence_places",  # an organization's own
    "report_backs", "fulfilment_ratings",  # of an earlier assembly, where this organization may have been no guest
}


def test_every_shared_table_says_how_its_rows_belong_to_an_assembly():
    """A new one is in LEFT_OUT with its reason, or guests read of it what partners do."""
    assert {model.__tablename__ for model in COMMONS if not model.__of_assembly__} == LEFT_OUT
    for model in SHARED:
        for way in model.__of_assembly__.split():
            assert "." in way or way in model.__table__.c, model
