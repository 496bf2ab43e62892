"""Who may do what, through HTTP: changed, ended, taken back; colleagues invited by a link that is passed on by hand."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.accounts.actions import give_grant
from crm.accounts.models import Account, Grant, Invitation, SignIn
from crm.infra import db
from crm.infra.audit import AuditEntry, Event
from crm.infra.links import Link
from crm.infra.web import Submission
from crm.people.models import Segment
from tests.factories import MONDAY, PASSWORD

NEW_PASSWORD = "four words that i remember"


@pytest.fixture
def grant_of(world):
    def find(name: str, org: str = "southbank") -> Grant | None:
        with db.reading() as s:
            return s.scalar(select(Grant).where(Grant.account_id == world.accounts[name], Grant.org_id == world.orgs[org]))

    return find


def verbs(world, org: str = "southbank") -> list[str]:
    with db.reading(world.orgs[org]) as s:
        audited = set(s.scalars(select(AuditEntry.verb)))
        told = list(s.scalars(select(Event.verb).where(Event.verb.like("grant.%")).order_by(Event.at, Event.id)))
    assert set(told) <= audited, "every change is in the chain too"
    return told


def terms(role="volunteer", list_id=0, task="", until="") -> dict:
    return {"role": role, "list_id": list_id, "task": task, "until": until}


def make_list(world, name="Southbank block", **where) -> int:
    with db.transaction(world.orgs["southbank"]) as s:
        id = db.new_id()
        tree = {"all": [{"fact": "neighborhood", "comparison": "is", "value": "Southbank"}]}
        s.add(Segment(org_id=world.orgs["southbank"], id=id, name=name, definition=tree, updated_at=MONDAY, **where))
    return id


def test_administrators_see_everyone_and_nobody_else_does(signed_in, world):
    page = signed_in("imani", org="southbank").get("/colleagues")
    assert page.status_code == 200
    for words in ("Omar", "omar@omar.example", "Organizer", "Vera", "Volunteer", "Reader"):
        assert words in page.text
    assert "Dolores" not in page.text, "another organization's"
    for name in ("omar", "vera", "rita"):
        assert signed_in(name).get("/colleagues").status_code == 403


def test_a_role_is_changed_at_once_and_undone(signed_in, world, grant_of):
    imani, omar = signed_in("imani", org="southbank"), signed_in("omar")
    assert omar.get("/texts").status_code == 200
    url = f"/colleagues/{grant_of('omar').id}"
    assert imani.post(url, data=terms("read_only")).status_code == 303
    assert omar.get("/texts").status_code == 403, "the next press"
    page = imani.get("/colleagues").text
    assert "Imani changed what Omar may do" in page
    undo = re.search(r"/colleagues/changes/\d+/undo", page).group()
    assert imani.post(undo).status_code == 303
    assert omar.get("/texts").status_code == 200
    late = imani.post(undo)
    assert late.status_code == 422
    assert "changed again since" in late.text
    assert verbs(world) == ["grant.changed", "grant.changed"]


def test_removing_signs_out_and_can_be_taken_back(signed_in, world, grant_of):
    imani, vera = signed_in("imani", org="southbank"), signed_in("vera")
    before = grant_of("vera")
    assert imani.post(f"/colleagues/{before.id}/removal").status_code == 303
    assert vera.get("/people").status_code == 302, "signed out"
    with db.reading() as s:
        assert s.scalar(select(SignIn).where(SignIn.account_id == world.accounts["vera"])) is None
    page = imani.get("/colleagues").text
    assert "vera@vera.example" not in page
    undo = re.search(r"/colleagues/changes/\d+/undo", page).group()
    assert imani.post(undo).status_code == 303
    again = grant_of("vera")
    assert (again.id, again.role) == (before.id, "volunteer")
    assert signed_in("vera").get("/people").status_code == 200
    assert verbs(world) == ["grant.removed", "grant.restored"]


def test_the_last_administrator_stays(signed_in, grant_of, world):
    imani = signed_in("imani", org="southbank")
    url = f"/colleagues/{grant_of('imani').id}"
    for answer in (imani.post(f"{url}/removal"), imani.post(url, data=terms("organizer")), imani.post(url, data=terms("administrator", until="2027-01-01"))):
        assert answer.status_code == 422
        assert "only lead organizer without a last day" in answer.text
    assert grant_of("imani").role == "administrator"
    assert imani.post(f"/colleagues/{grant_of('omar').id}", data=terms("administrator")).status_code == 303
    assert imani.post(url, data=terms("organizer")).status_code == 303, "another one governs now"
    assert imani.get("/colleagues").status_code == 403


def test_what_makes_no_sense_is_refused_all_at_once(signed_in, grant_of, world):
    imani, listed = signed_in("imani", org="southbank"), make_list(world)
    wrong = imani.post(f"/colleagues/{grant_of('omar').id}", data=terms("organizer", listed, "door", "2020-01-01"))
    assert wrong.status_code == 422
    for words in ("last day that is still to come", "Only volunteers can be held", "cannot be held to a list"):
        assert words in wrong.text
    assert f'value="{listed}" selected' in wrong.text or f'selected value="{listed}"' in wrong.text, "what was chosen stays"
    assert grant_of("omar").role == "organizer"


def test_another_organizations_grants_and_changes_look_missing(signed_in, grant_of, world):
    imani = signed_in("imani", org="southbank")
    imani.post(f"/colleagues/{grant_of('omar').id}", data=terms("read_only"))
    undo = re.search(r"/colleagues/changes/\d+/undo", imani.get("/colleagues").text).group()
    dolores = signed_in("dolores")
    theirs = grant_of("omar").id
    assert dolores.get(f"/colleagues/{theirs}").status_code == 404
    assert dolores.post(f"/colleagues/{theirs}", data=terms()).status_code == 404
    assert dolores.post(f"/colleagues/{theirs}/removal").status_code == 404
    assert dolores.post(undo).status_code == 404
    assert grant_of("omar").role == "read_only"


def test_a_grant_ends_with_its_last_day(signed_in, grant_of, world, clock):
    """The last day is the organization's own: it is over at its midnight, in the middle of whatever was being done."""
    imani = signed_in("imani", org="southbank")
    assert imani.post(f"/colleagues/{grant_of('vera').id}", data=terms("volunteer", until="2026-11-23")).status_code == 303
    clock.move(hours=5)
    vera = signed_in("vera")
    while clock.now < MONDAY.replace(hour=8, minute=0) + timedelta(days=1):  # midnight in Los Angeles
        assert vera.get("/people").status_code == 200, clock.now
        clock.move(hours=1)
    assert vera.get("/people").status_code == 302
    assert vera.post("/people/1/opening").status_code == 403
    later = signed_in("imani", org="southbank")
    assert "Ended" in later.get("/colleagues").text
    assert later.post(f"/colleagues/{grant_of('vera').id}", data=terms("volunteer")).status_code == 303
    assert vera.get("/people").status_code == 200, "lifted"


# Invitations ---------------------------------------------------------------------------------------------------------


def invite(browser, email="joana@new.example", **more) -> tuple[str, str]:
    """(the link, the page on which it was shown)."""
    answer = browser.post("/colleagues/invitation", data={"name": "Joana Pires", "email": email, **terms(**more)})
    assert (answer.status_code, answer.location) == (303, "/colleagues"), answer.text
    page = browser.get("/colleagues").text
    return re.search(r'href="http://localhost(/invitation/[\w-]+)"', page).group(1), page


def test_somebody_new_is_invited_sets_a_password_and_is_in(signed_in, app, world, grant_of):
    imani, listed = signed_in("imani", org="southbank"), make_list(world)
    link, page = invite(imani, list_id=listed, task="calls", until="2026-12-31")
    assert len(link.removeprefix("/invitation/")) >= 22, "132 bits"
    assert "Joana Pires" in page and "Southbank block" in page
    assert link not in imani.get("/colleagues").text, "shown once"
    guest = app.test_client()
    for _ in range(3):
        opened = guest.get(link)
        assert opened.status_code == 200, "reading never uses it up"
    assert "Southbank Tenants Union" in opened.text and "Volunteer" in opened.text
    weak = guest.post(link, data={"password": "short"})
    assert weak.status_code == 422 and "at least 12 letters" in weak.text
    assert guest.post(link, data={"password": NEW_PASSWORD}).status_code == 303
    assert guest.get("/people").status_code == 200
    assert guest.get(link).status_code == 404, "used"
    assert app.test_client().post(link, data={"password": NEW_PASSWORD}).status_code == 404
    with db.reading() as s:
        made = s.scalar(select(Grant).join(Account, Account.id == Grant.account_id).where(Account.email == "joana@new.example"))
    assert (made.role, made.list_id, made.task) == ("volunteer", listed, "calls")
    assert made.expires_at.isoformat() == "2027-01-01T08:00:00+00:00"
    assert "Joana Pires took the invitation" in imani.get("/colleagues").text
    assert verbs(world) == ["grant.invited", "grant.given"]


def test_the_link_is_kept_nowhere(signed_in, world):
    link, _page = invite(signed_in("imani", org="southbank"))
    token = link.removeprefix("/invitation/")
    with db.reading(world.orgs["southbank"]) as s:
        rows = [row for kind in (Link, Event, Invitation, Submission) for row in s.scalars(select(kind))]
        assert token not in repr([[getattr(row, column.key) for column in row.__mapper__.columns] for row in rows])


def test_whoever_has_an_account_confirms_with_its_password_or_by_being_signed_in(signed_in, app, world, grant_of):
    imani = signed_in("imani", org="southbank")
    link, _page = invite(imani, email="Dolores@dolores.example", role="organizer")
    thief = app.test_client()
    wrong = thief.post(link, data={"password": NEW_PASSWORD})
    assert wrong.status_code == 422 and "not the password of your account" in wrong.text
    assert grant_of("dolores") is None
    other = signed_in("luz")
    assert other.post(link, data={"password": ""}).status_code == 422, "signed in as somebody else confirms nothing"
    dolores = signed_in("dolores")
    assert "One press" in dolores.get(link).text
    assert dolores.post(link, data={}).status_code == 303
    assert "Southbank Tenants Union" in dolores.get("/account").text, "acts for it at once"
    assert grant_of("dolores").role == "organizer"
    assert grant_of("dolores", "mill").role == "administrator", "the other grant is as it was"


def test_guessing_through_a_link_is_limited_like_any_sign_in(signed_in, app):
    link, _page = invite(signed_in("imani", org="southbank"), email="dolores@dolores.example")
    guest = app.test_client()
    for n in range(10):
        guest.post(link, data={"password": f"guess number {n} of it"})
    assert "Too many tries" in guest.post(link, data={"password": PASSWORD}).text


def test_a_link_ends_after_seven_days_when_taken_back_and_when_renewed(signed_in, app, clock):
    imani, guest = signed_in("imani", org="southbank"), app.test_client()
    first, page = invite(imani)
    again = re.search(r"/colleagues/invitations/\d+/link", page).group()
    assert imani.post(again).status_code == 303
    second = re.search(r'href="http://localhost(/invitation/[\w-]+)"', imani.get("/colleagues").text).group(1)
    assert (guest.get(first).status_code, guest.get(second).status_code) == (404, 200)
    clock.move(days=7, seconds=1)
    assert guest.get(second).status_code == 404
    imani = signed_in("imani", org="southbank")
    third, page = invite(imani)
    assert page.count("joana@new.example") == 1, "the older invitation is replaced"
    assert imani.post(re.search(r"/colleagues/invitations/\d+/withdrawal", page).group()).status_code == 303
    assert guest.get(third).status_code == 404
    assert "joana@new.example" not in imani.get("/colleagues").text


def test_inviting_who_is_here_and_typing_nothing_are_refused(signed_in):
    imani = signed_in("imani", org="southbank")
    here = imani.post("/colleagues/invitation", data={"name": "Omar", "email": "omar@omar.example", **terms()})
    assert here.status_code == 422 and "already here" in here.text and 'value="Omar"' in here.text
    empty = imani.post("/colleagues/invitation", data={"list_id": 0, "task": ""})
    for words in ("Write a name.", "Write an e-mail address.", "Choose a role."):
        assert words in empty.text


def test_the_page_asks_no_more_for_more_colleagues(signed_in, world, count_queries, clock):
    from crm.accounts.actions import add_account

    imani = signed_in("imani", org="southbank")
    imani.get("/colleagues")
    with count_queries() as few:
        imani.get("/colleagues")
    with db.transaction():
        for n in range(8):
            give_grant(add_account(f"n{n}@many.example", f"N {n}", NEW_PASSWORD, now=clock.now), world.orgs["southbank"], "organizer", now=clock.now)
    with count_queries() as many:
        imani.get("/colleagues")
    assert len(many) == len(few)
