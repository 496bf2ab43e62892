"""SQLite's planner is told how large the tables are, so that it looks things up instead of walking a list."""

import pytest
from sqlalchemy import insert, select

from crm.infra import db
from crm.infra.db import new_id, reading, transaction
from crm.people.models import Person, Phone
from crm.people.rules import sort_name
from tests.factories import MONDAY

MANY = 60_000


@pytest.mark.long
@pytest.mark.one_database
def test_five_hundred_numbers_are_looked_up_in_a_long_list(world):
    """An import asks so in every lot, a claim of texts in every batch: the whole list each time would make both quadratic."""
    org = world.orgs["southbank"]
    with transaction(org) as s:
        ids = [new_id() for _ in range(MANY)]
        s.execute(insert(Person), [{"org_id": org, "id": id, "given_name": "Ana", "family_name": "Reyes", "name_folded": sort_name("Ana", "Reyes"),
                                    "language": "en", "standing": "member", "updated_at": MONDAY} for id in ids])
        s.execute(insert(Phone), [{"org_id": org, "id": new_id(), "person_id": id, "e164": f"+1415{2_000_000 + k:07d}", "kind": "mobile",
                                   "created_at": MONDAY} for k, id in enumerate(ids)])
    db.know_sizes()
    wanted = [f"+1415{2_000_000 + k:07d}" for k in range(500)]
    with reading(org) as s:
        said = str(select(Phone.e164, Phone.person_id).where(Phone.org_id == org, Phone.e164.in_(wanted)).compile(
            db.engine(), compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[-1] for row in s.connection().exec_driver_sql(f"explain query plan {said}"))
    assert "ix_phones_number (org_id=? AND e164=?)" in plan, plan
