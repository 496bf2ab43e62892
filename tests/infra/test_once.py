"""What is asked once while a page is written is asked anew wherever it could have changed."""

import pytest
from sqlalchemy import select, update

from crm.infra import db
from crm.infra.once import once
from crm.kernel.refusal import Missing
from crm.people.models import Person


def name_of(person):
    return once(("name", person), lambda: db.session().scalar(select(Person.given_name).where(Person.id == person)))


def test_it_is_asked_once_until_the_transaction_ends(app, world, count_queries):
    southbank, person = world.orgs["southbank"], world.people["southbank"][0]
    with db.reading(southbank), count_queries() as seen:
        assert name_of(person) == name_of(person) == "Ana" and len(seen) <= 2
    with db.transaction(southbank) as s:
        s.execute(update(Person).where(Person.id == person).values(given_name="Eva"))
    with db.reading(southbank):
        assert name_of(person) == "Eva"


def test_while_something_may_be_written_it_is_asked_each_time(app, world):
    southbank, person = world.orgs["southbank"], world.people["southbank"][0]
    db.scope_to(southbank)
    assert name_of(person) == "Ana"
    with db.transaction(southbank) as s:
        for name in ("Eva", "Iris"):
            s.execute(update(Person).where(Person.id == person).values(given_name=name))
            assert name_of(person) == name
    assert name_of(person) == "Iris"


def test_it_is_of_one_organization(app, world):
    southbank, mill, person = world.orgs["southbank"], world.orgs["mill"], world.people["southbank"][0]
    db.scope_to(southbank)
    assert name_of(person) == "Ana"
    db.scope_to(mill)
    assert name_of(person) is None


def test_a_refusal_is_not_kept(app, world):
    asked = []

    def refuse():
        asked.append(1)
        raise Missing

    with db.reading(world.orgs["southbank"]):
        for _ in range(2):
            with pytest.raises(Missing):
                once(("nothing",), refuse)
    assert len(asked) == 2
