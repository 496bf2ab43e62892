"""The figure of lists: how long a segment takes to count, beside the same question written by hand and asked by the tables' owner."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert

from crm.bench.stage import NOON, Stage, add_people
from crm.infra.db import new_id, reading, session, transaction
from crm.leadership.models import Conversation
from crm.people.models import PersonTag, Tag
from crm.people.queries import count_people

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
    people = add_people(on, n)
    _fill(on, people)
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


def _fill(on: Stage, people: list[int]) -> None:
    with transaction(on.org_id):
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
