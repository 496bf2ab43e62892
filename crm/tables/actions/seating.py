"""Dividing a session's people among tables, seating those who come late, moving somebody by hand, keeping two apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crm.assemblies.models import Assembly
from crm.assemblies.queries import assembly_to_run, session_for
from crm.assemblies.rules import may_change
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.links import issue_link_id
from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.tables import queries, rules
from crm.tables.models import HallTable, KeptApart, TableNote, TablePlace, TableRound
from crm.tables.providers import seat
from crm.tables.queries import Someone

LINK_LIFE = timedelta(hours=12)  # after the session's end


def to_run(actor: Actor, assembly_id: int) -> Assembly:
    """The assembly, for its convener, as long as it may be changed; refused once it is over."""
    assembly = assembly_to_run(actor, assembly_id)
    if refusal := may_change(assembly.state):
        raise Refused(refusal)
    return assembly


def draw_tables(
    actor: Actor, assembly_id: int, session_id: int, *, source: str, seats: int | None, main_language: str, spread: Sequence[int], now: datetime
) -> int:
    """Divides whom there is among as many tables as it takes; returns the division. Refused with everything that is wrong."""
    assembly = to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    own = {id for id, _name in queries.tags_of(actor)}
    spread = [tag for tag in spread if tag in own]
    people = queries.people_of(assembly.id, sitting.id, source, spread) if source in rules.SOURCES else []
    if issues := rules.issues_before_drawing(sum(one.sitter.size for one in people), seats, source, map(str, spread)):
        raise Refused(issues)
    assert seats is not None
    division = TableRound(
        org_id=actor.org_id, id=new_id(), assembly_id=assembly.id, session_id=sitting.id, source=source, seats=seats,
        main_language=main_language if main_language in LANGUAGES else "en", spread=spread, drawn_at=now, created_at=now,
    )
    session().add(division)
    session().flush()
    count = rules.tables_for(sum(one.sitter.size for one in people), seats)
    _add_tables(division, range(1, count + 1), max(sitting.ends_at, now) + LINK_LIFE, now)
    _seat(assembly, division, people, {}, now)
    audit.record(actor, "tables.drawn", now=now, subject=("assembly", assembly.id), after={"tables": count})
    return division.id


def seat_rest(actor: Actor, assembly_id: int, round_id: int, *, now: datetime, anew: bool = False) -> int:
    """Seats those who came since, each where it keeps tables even, nobody else moved; `anew` divides everyone again.

    Returns how many were seated. Tables are added where those there are too few.
    """
    assembly = to_run(actor, assembly_id)
    division = queries.round_for(assembly, round_id, lock=True)
    people = queries.people_of(assembly.id, division.session_id, division.source, division.spread)
    numbers = {table.id: table.number for table in queries.tables_of(division)}
    there = {} if anew else {place.sitter: numbers[place.table_id] - 1 for place in queries.places_of(division)}
    held = {one.id: there[one.id] for one in people if one.id in there}
    wanted = rules.tables_for(sum(one.sitter.size for one in people), division.seats)
    if wanted > len(numbers):
        sitting = session_for(actor, assembly.id, division.session_id)
        _add_tables(division, range(len(numbers) + 1, wanted + 1), max(sitting.ends_at, now) + LINK_LIFE, now)
    session().execute(delete(TablePlace).where(TablePlace.round_id == division.id))
    _seat(assembly, division, people, held, now)
    division.drawn_at = now
    audit.record(actor, "tables.filled", now=now, subject=("assembly", assembly.id))
    return len(people) - len(held)


def _add_tables(division: TableRound, numbers: range, expires_at: datetime, now: datetime) -> None:
    for number in numbers:
        id = new_id()
        link_id = issue_link_id(division.org_id, "table", id, expires_at=expires_at, now=now)
        session().add(HallTable(org_id=division.org_id, id=id, round_id=division.id, number=number, link_id=link_id, created_at=now))
    session().flush()


def _seat(assembly: Assembly, division: TableRound, people: Sequence[Someone], held: dict[int, int], now: datetime) -> None:
    ids = {one.id for one in people}
    apart = frozenset((pair.one_sitter, pair.other_sitter) for pair in queries.apart_of(assembly) if {pair.one_sitter, pair.other_sitter} <= ids)
    tables = queries.tables_of(division)
    hall = rules.Hall([one.sitter for one in people], len(tables), division.main_language, apart, held, int(now.timestamp()))
    session().add_all([
        TablePlace(org_id=division.org_id, id=new_id(), round_id=division.id, table_id=tables[at].id, sitter=sitter) for sitter, at in seat(hall).items()
    ])
    session().flush()


def move_sitter(actor: Actor, assembly_id: int, round_id: int, sitter_id: int, number: int | None, *, now: datetime) -> None:
    """Seats somebody at another table by hand."""
    assembly = to_run(actor, assembly_id)
    division = queries.round_for(assembly, round_id, lock=True)
    table = next((table for table in queries.tables_of(division) if table.number == number), None)
    place = session().scalar(select(TablePlace).where(TablePlace.round_id == division.id, TablePlace.sitter == sitter_id))
    if place is None:
        raise Missing()
    if table is None:
        raise Refused(Reason(N_("There is no table %(number)s."), {"number": number or "?"}))
    place.table_id = table.id
    session().flush()
    audit.record(actor, "tables.moved", now=now, subject=("assembly", assembly.id))


def remove_round(actor: Actor, assembly_id: int, round_id: int, *, now: datetime) -> None:
    """Takes a division back, as long as no table of it has written anything."""
    assembly = to_run(actor, assembly_id)
    division = queries.round_for(assembly, round_id, lock=True)
    written = select(TableNote.id).join(HallTable, HallTable.id == TableNote.table_id).where(HallTable.round_id == division.id)
    if session().scalar(written.limit(1)) is not None or division.dots_opened_at:
        raise Refused(N_("These tables have written notes or given dots, so their division stays."))
    session().execute(delete(TablePlace).where(TablePlace.round_id == division.id))
    session().execute(delete(HallTable).where(HallTable.round_id == division.id))
    session().delete(division)
    session().flush()
    audit.record(actor, "tables.removed", now=now, subject=("assembly", assembly.id))


def keep_apart(actor: Actor, assembly_id: int, one: int | None, other: int | None, known: Sequence[int], *, now: datetime) -> None:
    """From now on these two never share a table; `known` are those who can be named."""
    assembly = to_run(actor, assembly_id)
    if one is None or other is None or one == other or not {one, other} <= set(known):
        raise Refused(Reason(N_("Choose two different people."), {}, "other"))
    low, high = sorted((one, other))
    if (low, high) not in {(pair.one_sitter, pair.other_sitter) for pair in queries.apart_of(assembly)}:
        session().add(KeptApart(org_id=actor.org_id, id=new_id(), assembly_id=assembly.id, one_sitter=low, other_sitter=high, created_at=now))
        session().flush()
        audit.record(actor, "tables.apart", now=now, subject=("assembly", assembly.id))


def end_apart(actor: Actor, assembly_id: int, pair_id: int, *, now: datetime) -> None:
    """They may share a table again."""
    assembly = to_run(actor, assembly_id)
    if not session().execute(delete(KeptApart).where(KeptApart.id == pair_id, KeptApart.assembly_id == assembly.id)).rowcount:  # type: ignore[attr-defined]
        raise Missing()
    audit.record(actor, "tables.apart_ended", now=now, subject=("assembly", assembly.id))
