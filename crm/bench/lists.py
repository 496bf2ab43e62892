"""The figures of lists: the people page, near its top and far down, and how long a segment takes to count."""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import insert, select

from crm.accounts.actions import add_account, give_grant
from crm.bench.search import named_people
from crm.bench.stage import NOON, Stage
from crm.infra.db import new_id, reading, session, transaction
from crm.infra.web import keyset
from crm.leadership.models import Conversation
from crm.people.models import Person, PersonTag, Tag
from crm.people.queries import count_people
from crm.people.queries.lists import ORDERS

PASSWORD = "measure it again"  # noqa: S105 - lives as long as the figure

ASKED = {
    "all": [
        {"fact": "standing", "comparison": "is", "value": "member"},
        {"fact": "tag", "comparison": "is", "value": "Steward"},
        {"fact": "talked", "comparison": "not_within", "value": "60"},
        {"any": [{"fact": "rung", "comparison": "at_least", "value": "3"}, {"fact": "language", "comparison": "is", "value": "es"}]},
    ]
}
BY_HAND = """
select count(*) from people p where p.org_id = {org} and p.standing = 'member' and (p.rung >= 3 or p.language = 'es')
and exists (select 1 from person_tags pt join tags t on t.org_id = pt.org_id and t.id = pt.tag_id
            where pt.org_id = p.org_id and pt.person_id = p.id and t.name_folded = 'steward')
and not exists (select 1 from conversations c where c.org_id = p.org_id and c.person_id = p.id and c.held_at >= '{since}')
"""


def segment_counted(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (median) to count a list of four conditions on three tables, beside hand-written SQL run as the owner."""
    named_people(on, n)
    _fill(on)
    on.settle()
    with on.owner().connect() as connection:
        on.hold(connection)
        sql = BY_HAND.format(org=on.org_id, since=(NOON - timedelta(days=60)).strftime("%Y-%m-%d %H:%M:%S"))
        expected = connection.exec_driver_sql(sql).scalar_one()
        raw = median_of(lambda: connection.exec_driver_sql(sql).scalar_one())
    with on.app.test_request_context(), reading(on.org_id):
        if count_people(ASKED, NOON) != expected:
            raise RuntimeError("the list and the hand-written question do not find the same people")
        value = median_of(lambda: count_people(ASKED, NOON))
    return value, "ms", raw, n


def people_page(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (95th percentile) of the first pages of all people, in every order, beside what they cannot do without, written by hand."""
    named_people(on, n)
    on.settle()
    browser = _signed_in(on)
    value = _p95([_opens(browser, f"/people?order={order}") for order in ORDERS])
    with on.owner().connect() as connection:
        on.hold(connection)
        raw = _p95([lambda: [connection.exec_driver_sql(sql.format(org=on.org_id)).fetchall() for sql in PAGE_BY_HAND]] * len(ORDERS))
    return value, "ms", raw, n


def page_far_down(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (95th percentile) of pages that begin at the last tenth of the list, in every order, beside the first pages of the same orders."""
    named_people(on, n)
    on.settle()
    browser = _signed_in(on)
    with reading(on.org_id):
        marks = {order: keyset(select(Person).offset(n - n // 10), columns, None, 1).next for order, columns in ORDERS.items()}
    value = _p95([_opens(browser, f"/people?order={order}&after={marks[order]}") for order in ORDERS])
    return value, "ms", _p95([_opens(browser, f"/people?order={order}") for order in ORDERS]), n


PAGE_BY_HAND = (
    "select count(*), count(*) filter (where standing = 'member') from people where org_id = {org}",
    "select p.*, (select e164 from phones where org_id = p.org_id and person_id = p.id and is_preferred limit 1) from people p"
    " where org_id = {org} order by name_folded, id limit 51",
)


def _opens(browser: FlaskClient, address: str) -> Callable[[], None]:
    def open_it() -> None:
        if browser.get(address).status_code != 200:
            raise RuntimeError(f"{address} is not shown")

    return open_it


def _p95(acts: Sequence[Callable[[], object]], rounds: int = 12) -> float:
    """Milliseconds: the 95th percentile of so many rounds over all of these, each done once before."""
    times = []
    for turn in range(rounds + 1):
        for act in acts:
            begin = time.perf_counter()
            act()
            if turn:
                times.append(1000 * (time.perf_counter() - begin))
    return statistics.quantiles(times, n=20)[-1]


def _signed_in(on: Stage) -> FlaskClient:
    email = f"{new_id()}@bench.example"
    with transaction():
        give_grant(add_account(email, "Bench", PASSWORD, now=NOON), on.org_id, "administrator", now=NOON)
    browser = on.app.test_client()
    token = browser.get("/sign-in").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    browser.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token})
    return browser


def _fill(on: Stage) -> None:
    with transaction(on.org_id):
        people = list(session().scalars(select(Person.id).order_by(Person.id)))  # some of the stage's may have been merged since
        tag = new_id()
        session().execute(insert(Tag), [{"org_id": on.org_id, "id": tag, "name": "Steward", "name_folded": "steward"}])
    for start in range(0, len(people), 10_000):
        part = people[start : start + 10_000]
        with transaction(on.org_id):
            session().execute(insert(PersonTag), [{"org_id": on.org_id, "person_id": id, "tag_id": tag} for id in part[::4]])
            session().execute(insert(Conversation), [
                {"org_id": on.org_id, "person_id": id, "held_at": NOON - timedelta(days=k % 200), "summary": "A talk"} for k, id in enumerate(part[::3])])


def median_of(act: Callable[[], object]) -> float:
    """Milliseconds that an act takes, the middle one of fifteen."""
    times = []
    for _ in range(15):
        begin = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)
