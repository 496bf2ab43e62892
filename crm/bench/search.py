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


def named_people(on: Stage, count: int) -> list[int]:
    """The first `count` people of the stage, with names, phones and e-mail addresses of all kinds and what search looks through; adds who is missing."""
    for begin in range(len(on.people), count, 5000):
        rows = [(n, new_id(), *names(n)) for n in range(begin, min(begin + 5000, count))]
        with transaction(on.org_id):
            session().execute(insert(Person), [
                {"org_id": on.org_id, "id": id, "given_name": given, "family_name": family, "name_folded": sort_name(given, family),
                 "language": "es" if n % 3 == 0 else "en",
                 "standing": "member", "rung": n % 6, "updated_at": NOON} for n, id, given, family in rows])
            session().execute(insert(Phone), [
                {"org_id": on.org_id, "person_id": id, "e164": f"+1415{2000000 + n:07d}", "is_preferred": True} for n, id, _g, _f in rows])
            session().execute(insert(Email), [
                {"org_id": on.org_id, "person_id": id, "address": f"{sort_name(family, given).replace(' ', '.')}{n}@mail.example"}
                for n, id, given, family in rows])
            index_people(id for _n, id, _g, _f in rows)
        on.people += [id for _n, id, _g, _f in rows]
    return on.people[:count]


def search(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (95th percentile over what people type) of the first page found, beside SQL written by hand, run as the owner."""
    named_people(on, n)
    on.settle()

    def ask(text: str) -> list[Any]:
        found = select(Person).where(*matches(on.actor, text)).order_by(Person.name_folded, Person.id).limit(51)
        return list(session().scalars(found))

    with reading(on.org_id):
        value = _p95(ask)
    with on.owner().connect() as connection:
        on.hold(connection)
        best = {text: min(_by_hand(on, text), key=lambda sql: _seconds(connection, sql)) for text in TYPED}
        raw = _p95(lambda text: connection.exec_driver_sql(best[text]).all())
    return value, "ms", raw, n


def _by_hand(on: Stage, text: str) -> list[str]:
    """The same page, as somebody would write it who knows how many people have what was typed: rows whose words hold every term."""
    digits = "".join(c for c in text if c.isdigit())
    terms = [digits] if digits and not any(c.isalpha() for c in text) else text.split()
    end = "order by p.name_folded, p.id limit 51"
    if on.kind == "sqlite":
        held = " AND ".join(f'"{term}"' for term in terms)
        found = f"person_index f join people p on p.id = f.rowid and p.org_id = {on.org_id}"
        return [f"select p.* from {found} where f.person_index match 'words : ({held})' {end}"]
    held = " and ".join(f"w.words like '%%{term}%%'" for term in terms)
    words = f"from person_words w where w.org_id = {on.org_id} and {held}"
    return [
        f"select p.* from people p where p.org_id = {on.org_id} and exists (select 1 {words} and w.person_id = p.id) {end}",
        f"with found as materialized (select w.person_id {words}) select p.* from found join people p on p.org_id = {on.org_id} and p.id = person_id {end}",
    ]


def _seconds(connection: Connection, sql: str) -> float:
    begin = time.perf_counter()
    connection.exec_driver_sql(sql).all()
    return time.perf_counter() - begin


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
