"""Search: the query function beside the same question in SQL written by hand."""

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, insert, select

from crm.bench.stage import NOON, Stage
from crm.infra.db import new_id, reading, session, transaction
from crm.people.actions import index_people
from crm.people.models import Email, Person, Phone
from crm.people.queries import matches
from crm.people.rules import sort_name

_STARTS = ("Mar", "Jo", "Lu", "Ana", "Ke", "Sa", "Ro", "Da", "El", "Thi", "Fa", "Ber", "Ol", "Gra", "No", "Xi", "Ye", "Am", "Za", "Te")
_ENDS = ("ia", "se", "is", "bel", "isha", "mir", "sa", "niel", "ena", "anh", "tima", "nice", "uchi", "ciela", "emi", "ao", "senia", "adou", "ynab", "resa")
_FAMILIES = ("Okafor", "Quintero", "Nguyen", "Webb", "Haddad", "Reyes", "Abdi", "Lindqvist", "Peña", "Castellanos", "Brown", "Achterberg")
_ADDED = ("", "son", "ez", "ova", "berg", "well", "sky", "mann", "oto", "ian", "ley", "quist", "stein", "ford")
TYPED = (  # as people type: whole names, beginnings, many people's names, numbers, parts of addresses, letters changed about
    "maria", "mar", "okaforson", "quin", "jose reyes", "zaynab achterbergquist", "castellanosoto thianh", "555 01", "415200123", "1234567",
    "luis.pena", "graciela.web", "linqvist", "zanyab", "casetllanosova", "berena lindqvistley",
)


def names(n: int) -> tuple[str, str]:
    """The n-th name: as rare and as common as names are, since each part comes round with another period."""
    given = _STARTS[n % 20] + _ENDS[n // 20 * 7 % 20]
    return given, _FAMILIES[(n * 5 + n // 31) % 12] + _ADDED[n // 240 % 14]


def add_named(on: Stage, count: int, first: int = 0) -> None:
    """Adds people with names, phones and e-mail addresses of all kinds, and what search looks through."""
    for begin in range(first, first + count, 5000):
        rows = [(n, new_id(), *names(n)) for n in range(begin, min(begin + 5000, first + count))]
        with transaction(on.org_id):
            session().execute(insert(Person), [
                {"org_id": on.org_id, "id": id, "given_name": given, "family_name": family, "name_folded": sort_name(given, family),
                 "standing": "member", "rung": n % 6, "updated_at": NOON} for n, id, given, family in rows])
            session().execute(insert(Phone), [
                {"org_id": on.org_id, "person_id": id, "e164": f"+1415{2000000 + n:07d}", "is_preferred": True} for n, id, _g, _f in rows])
            session().execute(insert(Email), [
                {"org_id": on.org_id, "person_id": id, "address": f"{sort_name(family, given).replace(' ', '.')}{n}@mail.example"}
                for n, id, given, family in rows])
            index_people(id for _n, id, _g, _f in rows)


def search(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (95th percentile over what people type) of the first page found, beside SQL written by hand, run as the owner."""
    add_named(on, n)
    on.settle()

    def ask(text: str) -> list[Any]:
        found = select(Person).where(*matches(on.actor, text)).order_by(Person.name_folded, Person.id).limit(51)
        return list(session().scalars(found))

    with reading(on.org_id):
        value = _p95(ask)
    with on.owner().connect() as connection:
        on.hold(connection)
        raw = _p95(lambda text: by_hand(on, connection, text))
    return value, "ms", raw, n


def by_hand(on: Stage, connection: Connection, text: str) -> list[Any]:
    """The same page: rows whose words hold every term; where there are none, none."""
    digits = "".join(c for c in text if c.isdigit())
    terms = [digits] if digits and not any(c.isalpha() for c in text) else text.split()
    if on.kind == "postgresql":
        held = " and ".join(f"w.words like '%%{term}%%'" for term in terms)
        source = f"from person_words w join people p on p.org_id = w.org_id and p.id = w.person_id where w.org_id = {on.org_id} and {held}"
    else:
        held = " AND ".join(f'"{term}"' for term in terms)
        source = f"from person_index f join people p on p.id = f.rowid and p.org_id = {on.org_id} where f.person_index match 'words : ({held})'"
    return list(connection.exec_driver_sql(f"select p.* {source} order by p.name_folded, p.id limit 51").all())


def _p95(ask: Callable[[str], object], rounds: int = 8) -> float:
    times = []
    for text in TYPED:
        ask(text)
    for text in _rounds(rounds):
        begin = time.perf_counter()
        ask(text)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.quantiles(times, n=20)[-1]


def _rounds(rounds: int) -> Iterator[str]:
    typed = cycle(TYPED)
    return (next(typed) for _ in range(rounds * len(TYPED)))
