"""T1, T6: every endpoint says who may use it; role × route × foreign record over the whole demonstration.

A route with an argument that tests/records.py cannot fill fails the build. Elsewhere Alliance is in no coalition, so every
record of the demonstration is foreign to it: each must look exactly like one that does not exist, and change nothing.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import make_url, select

from crm.accounts.actions import add_account, give_grant
from crm.accounts.models import Account, Grant
from crm.demonstration import DEMO_PASSWORD
from crm.infra import clock as real_clock
from crm.infra import db, runtime
from crm.infra.auth import declaration, refuse_undeclared
from crm.kernel.permissions import Action, Role, may
from crm.organizations.actions import add_organization
from crm.organizations.models import Organization
from crm.people.models import Person, Segment
from tests.clients import CheckedClient
from tests.records import NO_RECORD, arguments_of, make_more, org

DEMONSTRATION_ONLY = {"people.sample_get", "phones.phones_get"}
WITH_A_LINK = {"assemblies.larger_get"}  # another organization's link opens it: tests/assemblies/test_larger.py
QUERIES = {"platforms.amendment_new_get": "?plank={plank_id}", "broadcasts.people_get": "?state=queued"}
ROLES = [role.value for role in Role]
MOST_AND_LEAST = (Role.ADMINISTRATOR, Role.VOLUNTEER)  # what the roles between them see is in the long run


@pytest.fixture(scope="module")
def stage(pristine, demonstration):
    """The demonstration, a stranger's organization with every role, and Southbank's people in every role."""
    app, stock, _world = pristine
    url = stock.copy_of(demonstration)
    db.connect(url)
    now = datetime(2026, 11, 24, 2, tzinfo=UTC)
    real_clock.set_source(lambda: now)
    with db.transaction():
        elsewhere = add_organization("Elsewhere Alliance", slug="elsewhere", now=now)
        southbank = db.session().scalar(select(Organization.id).where(Organization.slug == "southbank"))
        for slug, org_id in (("elsewhere", elsewhere), ("southbank", southbank)):
            for role in ROLES:
                account = add_account(f"{role}@{slug}.example", f"{role} {slug}", DEMO_PASSWORD, now=now)
                give_grant(account, org_id, role, now=now, expires_at=now + timedelta(days=9))
    make_more(now)
    hold_to_a_list(southbank, arguments_of(app)["people.person_get"]["id"], now)
    yield app, now, arguments_of(app)
    db.disconnect()
    stock.drop(url)


def hold_to_a_list(southbank: int, person_id: int, now: datetime) -> None:
    """An administrator held to some people of Southbank, without the one whom every address names.

    Only volunteers are held so; here every page is open, so that no page can forget it.
    """
    with db.transaction(southbank) as s:
        away = s.scalar(select(Person.neighborhood).where(Person.id == person_id))
        here = s.scalars(select(Person.neighborhood).where(Person.neighborhood.not_in(("", away)))).first()
        tree = {"all": [{"fact": "neighborhood", "comparison": "is", "value": here}]}
        listed = Segment(org_id=southbank, id=db.new_id(), name="Another part of town", definition=tree, updated_at=now)
        s.add(listed)
        account = add_account("listed@southbank.example", "listed southbank", DEMO_PASSWORD, now=now)
        give_grant(account, southbank, "administrator", now=now, list_id=listed.id)


@pytest.fixture(autouse=True)
def clock(stage):
    real_clock.set_source(lambda: stage[1])
    yield
    real_clock.set_source()


def client(app, email: str, looks: bool = True) -> CheckedClient:
    browser: CheckedClient = app.test_client()  # type: ignore[assignment]
    browser.looks = looks
    browser.sign_in(email, DEMO_PASSWORD)
    return browser


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]


def method_of(rule) -> str:
    return "POST" if "POST" in rule.methods else "GET"


def address(app, rule, arguments: dict) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {k: v for k, v in arguments.items() if k in rule.arguments}, method=method_of(rule))


def knock(browser: CheckedClient, rule, url: str):
    return browser.post(url, data={}) if method_of(rule) == "POST" else browser.get(url)


def test_every_endpoint_says_who_may_use_it(stage):
    app = stage[0]
    assert [name for name, view in app.view_functions.items() if declaration(view) is None] == []


def test_a_view_that_says_nothing_stops_the_program():
    class Forgetful:
        view_functions = {"leak": lambda: "everything"}

    with pytest.raises(RuntimeError, match="leak"):
        refuse_undeclared(Forgetful())  # type: ignore[arg-type]


def test_every_route_with_arguments_has_its_records(stage):
    app, _now, arguments = stage
    missing = sorted({r.endpoint for r in rules(app) if r.arguments and r.endpoint not in arguments})
    assert missing == [], "add them to tests/records.py"


def test_nobody_signed_in_gets_past_a_guarded_page(stage):
    app, _now, arguments = stage
    visitor: CheckedClient = app.test_client()
    for rule in rules(app):
        if isinstance(declaration(app.view_functions[rule.endpoint]), Action):
            answer = knock(visitor, rule, address(app, rule, arguments.get(rule.endpoint, {})))
            assert answer.status_code in (302, 401, 403), rule.endpoint
            assert "sign-in" in answer.location if answer.status_code == 302 else True


def by_role(app, role: str):
    """Each guarded route with whether it is this role's."""
    needs = ((rule, declaration(app.view_functions[rule.endpoint])) for rule in rules(app))
    return [(rule, may(role, action)) for rule, action in needs if isinstance(action, Action)]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_no_other_pages_than_its_own(stage, role):
    app, _now, arguments = stage
    browser = client(app, f"{role}@southbank.example", looks=False)
    refused = [rule for rule, is_its_own in by_role(app, role) if not is_its_own]
    for rule in refused:
        answer = knock(browser, rule, address(app, rule, arguments.get(rule.endpoint, {})))
        assert answer.status_code == 403, f"{role} got {answer.status_code} from {rule.endpoint}"
    assert refused or role == Role.ADMINISTRATOR


@pytest.mark.parametrize("role", [pytest.param(role, marks=[] if role in MOST_AND_LEAST else pytest.mark.long) for role in ROLES])
def test_each_role_gets_its_pages(stage, role):
    app, _now, arguments = stage
    browser = client(app, f"{role}@southbank.example", looks=False)
    for rule, is_its_own in by_role(app, role):
        if is_its_own and method_of(rule) == "GET":
            answer = browser.get(address(app, rule, arguments.get(rule.endpoint, {})))
            assert answer.status_code in (200, 302, 303, 404, 422), f"{rule.endpoint}: {answer.status_code}"


def test_what_asks_for_the_password_again_shows_and_changes_nothing_before(stage):
    """P9: six minutes after signing in, every view that is declared @fresh answers with the question, whoever may use it."""
    app, now, arguments = stage
    browser = client(app, "administrator@southbank.example")
    before = checksum()
    real_clock.set_source(lambda: now + timedelta(minutes=6))
    asking = [rule for rule in rules(app) if getattr(app.view_functions[rule.endpoint], "is_fresh", False)]
    for rule in asking:
        answer = knock(browser, rule, address(app, rule, arguments.get(rule.endpoint, {})))
        assert answer.status_code == 403 and 'name="said_again"' in answer.text, rule.endpoint
        assert not [word for word in canaries_of() if word in answer.text], rule.endpoint
    assert len(asking) >= 8 and checksum() == before


def checksum() -> str:
    """A digest of every row of every table, as the tables' owner reads them; foreign POSTs must not change it."""
    digest, engine = hashlib.sha256(), db.make_engine(owner_of_connected())
    with engine.connect() as connection:
        for table in db.Base.metadata.sorted_tables:
            if table.name not in ("sign_ins", "submissions", "sign_in_failures"):
                digest.update(table.name.encode())
                for row in connection.exec_driver_sql(f"select * from {table.name} order by {', '.join(c.name for c in table.primary_key.columns)}"):
                    digest.update(repr(tuple(row)).encode())
    engine.dispose()
    return digest.hexdigest()


def owner_of_connected() -> str:
    url = make_url(runtime.settings().database_owner_url).set(database=db.engine().url.database)
    return url.render_as_string(hide_password=False)


def same_page(text: str, *ids: object) -> str:
    """The page without what must differ: tokens and the ids of the address itself."""
    text = re.sub(r'value="[^"]{20,}"', "", text)
    for id in ids:
        text = text.replace(str(id), "ID")
    return text


def ids_in(arguments: dict) -> list:
    return [value for name, value in arguments.items() if name.endswith("id")]


def test_a_foreign_record_looks_like_one_that_does_not_exist_and_nothing_changes(stage):
    """T6: the same status and the same page for a foreign id and for an id that never was; no canary; no write."""
    app, _now, arguments = stage
    browser = client(app, "administrator@elsewhere.example")
    canaries = canaries_of()
    before = checksum()
    wrong = []
    for rule in rules(app):
        if not rule.arguments or rule.endpoint in NO_RECORD or not isinstance(declaration(app.view_functions[rule.endpoint]), Action):
            continue
        known = arguments.get(rule.endpoint, {})
        never = {k: 1234567890 + n if k.endswith("id") and isinstance(v, int) else v for n, (k, v) in enumerate(known.items())}
        foreign, absent = (knock(browser, rule, address(app, rule, ids)) for ids in (known, never))
        if foreign.status_code not in (403, 404) or foreign.status_code != absent.status_code:
            wrong.append(f"{rule.endpoint}: {foreign.status_code}, absent {absent.status_code}")
        elif same_page(foreign.text, *ids_in(known)) != same_page(absent.text, *ids_in(never)):
            wrong.append(f"{rule.endpoint}: the two pages differ")
        wrong += [f"{rule.endpoint} shows {c}" for c in canaries if c in foreign.text]
    assert not wrong, "\n".join(wrong)
    assert checksum() == before


def names_the_person(rule, known: dict, person_id: int) -> bool:
    """Whether the address leads to the person, or to something that hangs on them."""
    hangs = ("people.note", "leadership.completion_post", "leadership.follow_up", "inbox.")
    return person_id in known.values() or "rsvp_id" in known or rule.endpoint.startswith(hangs) and bool(known)


def test_whoever_is_held_to_a_list_meets_nobody_else(stage):
    """Somebody outside the list looks like somebody who does not exist, on every page and press; and nothing changes."""
    app, _now, arguments = stage
    browser, person_id = client(app, "listed@southbank.example"), arguments["people.person_get"]["id"]
    with db.reading(org("southbank")) as s:
        name = s.get(Person, (org("southbank"), person_id)).name
    before, tried, wrong = checksum(), set(), []
    for rule in rules(app):
        known = arguments.get(rule.endpoint, {})
        if not isinstance(declaration(app.view_functions[rule.endpoint]), Action):
            continue
        if not names_the_person(rule, known, person_id):
            if method_of(rule) == "GET" and name.encode() in browser.get(address(app, rule, known)).data:
                wrong.append(f"{rule.endpoint} shows {name}")
            continue
        tried.add(rule.endpoint)
        never = {k: 1234567890 + n if k in ("person_id", "rsvp_id") or k == "id" and "person_id" not in known and "rsvp_id" not in known else v
                 for n, (k, v) in enumerate(known.items())}
        outside, absent = (knock(browser, rule, address(app, rule, ids)) for ids in (known, never))
        if outside.status_code != 404 or absent.status_code != 404:
            wrong.append(f"{rule.endpoint}: {outside.status_code}, absent {absent.status_code}")
        elif same_page(outside.text, *ids_in(known)) != same_page(absent.text, *ids_in(never)):
            wrong.append(f"{rule.endpoint}: the two pages differ")
    assert not wrong, "\n".join(wrong)
    assert {"people.person_get", "people.reveal_post", "inbox.thread_get", "consent.consent_get", "leadership.conversation_new_get"} <= tried
    assert checksum() == before


def test_whoever_is_held_to_a_list_does_meet_its_people(stage):
    """The control: the list is not empty, and its people open."""
    browser = client(stage[0], "listed@southbank.example")
    shown = re.findall(r"/people/(\d{9,})", browser.get("/people").text)
    assert shown and browser.get(f"/people/{shown[0]}").status_code == 200


def canaries_of() -> list[str]:
    """Words of Southbank that nobody else may see."""
    return ["Rosalba Quintero", "My mother wants to come", "First talk since her eviction hearing", "425-555-01"]


def test_its_own_people_do_see_them(stage):
    """The control: Southbank's administrator gets every page, and the canaries are on some of them."""
    app, _now, arguments = stage
    browser = client(app, "imani@southbank.example")
    table = client(app, "imani@southbank.example")
    with db.reading() as s:
        coalition = s.scalar(select(Grant.id).join(Account, Account.id == Grant.account_id).join(Organization, Organization.id == Grant.org_id)
                             .where(Account.email == "imani@southbank.example", Organization.slug == "table"))
    table.post("/acting", data={"grant_id": coalition})
    seen, wrong = "", []
    for rule in rules(app):
        needs = declaration(app.view_functions[rule.endpoint])
        if method_of(rule) == "POST" or not isinstance(needs, Action) or rule.endpoint in DEMONSTRATION_ONLY | WITH_A_LINK:
            continue
        url = address(app, rule, arguments.get(rule.endpoint, {}))
        url += QUERIES.get(rule.endpoint, "").format(**arguments.get("platforms.plank_get", {}))
        answers = [b.get(url) for b in (browser, table)]
        if not any(a.status_code in (200, 302, 303) for a in answers):
            wrong.append(f"{rule.endpoint}: {[a.status_code for a in answers]}")
        seen += answers[0].text if answers[0].mimetype == "text/html" else ""
    assert not wrong, "\n".join(wrong)
    assert [c for c in canaries_of() if c not in seen] == []


def test_a_coalition_and_its_members_never_see_each_others_people(stage):
    """Members of one coalition: Mill sees none of Southbank's canaries on any page it can open."""
    app, _now, arguments = stage
    with db.reading() as s:
        mill = s.scalar(select(Account.email).where(Account.email.like("%@mill.example")))
    browser = client(app, mill)
    wrong = []
    for rule in rules(app):
        if method_of(rule) == "GET" and isinstance(declaration(app.view_functions[rule.endpoint]), Action):
            answer = browser.get(address(app, rule, arguments.get(rule.endpoint, {})))
            if answer.mimetype == "text/html":
                wrong += [f"{rule.endpoint} shows {c}" for c in canaries_of() if c in answer.text]
    assert not wrong, "\n".join(wrong)


def test_lists_hold_nothing_of_others(stage):
    """Lists and searches without arguments, opened by the stranger."""
    app = stage[0]
    browser = client(app, "administrator@elsewhere.example")
    for url in ("/people?q=Rosalba", "/people?q=425555", "/inbox", "/texts", "/conversations", "/ladder", "/platforms", "/votes", "/assemblies", "/partners",
                "/"):
        answer = browser.get(url)
        assert answer.status_code == 200, url
        assert not [c for c in [*canaries_of(), "Port Callan", "Housing Assembly"] if c in answer.text.replace("q=Rosalba", "")], url
