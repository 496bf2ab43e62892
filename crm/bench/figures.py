"""The figures themselves. Each returns (value, unit, raw value, n); the ratio is value to raw, or raw to value for times."""

import time
from collections.abc import Callable

from sqlalchemy import insert

from crm.accounts.actions import add_account, give_grant
from crm.bench.ballots import cast_over_http, durable_commits, open_vote
from crm.bench.duplicates import merged, passed_over
from crm.bench.imports import memory_of_an_import, rows_imported
from crm.bench.lists import median_of, segment_counted
from crm.bench.search import search
from crm.bench.stage import NOON, Stage, add_people, bare_inserts
from crm.infra import jobs
from crm.infra.db import Base, transaction
from crm.outreach import actions as outreach
from crm.outreach.models import ConsentState
from crm.people.actions import save_segment

PASSWORD = "measure it again"  # noqa: S105 - lives as long as the figure
Figure = tuple[float, str, float, int]


def texts_recorded(on: Stage, n: int = 5_000) -> Figure:
    """Texts planned, gated and queued per second from one press, beside bare inserts of the same rows."""
    add_people(on, n)
    with transaction(on.org_id) as s:
        s.execute(insert(ConsentState), [
            {"org_id": on.org_id, "phone": f"+1415{2000000 + k:07d}", "state": "given", "source": "paper", "at": NOON} for k in range(n)])
        segment = save_segment(on.actor, "Members", {"all": [{"fact": "standing", "comparison": "is", "value": "member"}]}, now=NOON)
        sender = outreach.ensure_sender(on.actor, now=NOON)
        assert sender is not None
        draft = outreach.save_draft(
            on.actor, None, name="Saturday", audience=f"segment:{segment}", begins_at=None, now=NOON,
            bodies={
                "en": "Hi {first_name}, Saturday at 10? Reply COUNT ME IN or NO. {organization}. Reply STOP to opt out",
                "es": "Hola {first_name}, ¿el sábado a las 10? Responda VOY o NO. {organization}. Responda STOP para no recibir más",
            },
        )
    on.settle()
    begin = time.perf_counter()
    with transaction(on.org_id):
        outreach.confirm_broadcast(on.actor, draft, now=NOON)
    while _queued(on) < n:
        jobs.run_due(1)
    seconds = time.perf_counter() - begin
    count, raw = bare_inserts(on, [Base.metadata.tables["texts"]])
    return count / seconds, "texts/s", count / raw, count


def _queued(on: Stage) -> int:
    with on.owner().connect() as connection:
        on.hold(connection)
        return connection.exec_driver_sql("select count(*) from texts").scalar_one()


def ballots_acknowledged(on: Stage, n: int = 400) -> Figure:
    """Ballots acknowledged per second (the final POST, keep-alive, two clients on this machine) beside bare durable commits."""
    add_people(on, n)
    on.settle()
    tokens, planks = open_vote(on, n)
    return cast_over_http(on, tokens, planks), "ballots/s", durable_commits(on, 2000), n


def people_page(on: Stage, n: int = 100_000) -> Figure:
    """Milliseconds (median) of the people page at 100,000 people beside its SQL written by hand, run as the owner."""
    add_people(on, n)
    with transaction():
        give_grant(add_account("bench@bench.example", "Bench", PASSWORD, now=NOON), on.org_id, "administrator", now=NOON)
    on.settle()
    browser = on.app.test_client()
    token = browser.get("/sign-in").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    browser.post("/sign-in", data={"email": "bench@bench.example", "password": PASSWORD, "csrf_token": token})
    page = median_of(lambda: browser.get("/people"))
    with on.owner().connect() as connection:
        on.hold(connection)
        raw = median_of(lambda: [connection.exec_driver_sql(sql.format(org=on.org_id)).fetchall() for sql in HAND_WRITTEN])
    return page, "ms", raw, n


HAND_WRITTEN = (
    "select count(*), count(*) filter (where standing = 'member') from people where org_id = {org}",
    "select p.*, (select e164 from phones where org_id = p.org_id and person_id = p.id and is_preferred limit 1) from people p"
    " where org_id = {org} order by name_folded, id limit 51",
)


FIGURES: dict[str, Callable[..., Figure]] = {
    "people.import": rows_imported, "people.import-memory": memory_of_an_import, "people.page": people_page, "people.segment": segment_counted,
    "people.search": search, "people.duplicates": passed_over, "people.merge": merged,
    "texting.texts": texts_recorded, "voting.ballots": ballots_acknowledged,
}
