"""Doors and reads of tables. Everything here is the convener's own; a table's link opens one table of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.models import Assembly, AssemblySession
from crm.infra.auth import Actor
from crm.infra.db import scope_to, session
from crm.infra.links import read_link
from crm.kernel.names import fold
from crm.kernel.refusal import Missing
from crm.organizations.queries import names_of
from crm.people.models import PersonTag, Tag
from crm.tables import rules
from crm.tables.models import Dots, HallTable, KeptApart, Speaker, SpeakingOrder, TableNote, TablePlace, TableProposal, TableRound, Theme
from crm.tables.rules.seating import Sitter
from crm.turnout.models import Attendance, Rsvp, WalkIn
from crm.turnout.rules import COMING


@dataclass(frozen=True)
class Someone:
    """Somebody to seat, as the convener sees them at the door."""

    id: int
    name: str
    organization: str
    sitter: Sitter


def round_for(assembly: Assembly, id: int, lock: bool = False) -> TableRound:
    """A division of an assembly whose door has been passed."""
    query = select(TableRound).where(TableRound.id == id, TableRound.assembly_id == assembly.id)
    return _one(query.with_for_update() if lock else query)


def _one(query: Any) -> Any:
    found = session().scalar(query)
    if found is None:
        raise Missing()
    return found


def rounds_of(assembly: Assembly) -> list[tuple[TableRound, int, int]]:
    """(division, tables, people) of an assembly, the latest first."""
    tables = select(func.count()).select_from(HallTable).where(HallTable.round_id == TableRound.id).scalar_subquery()
    places = select(func.count()).select_from(TablePlace).where(TablePlace.round_id == TableRound.id).scalar_subquery()
    query = select(TableRound, tables, places).where(TableRound.assembly_id == assembly.id).order_by(TableRound.id.desc()).limit(50)
    return [tuple(row) for row in session().execute(query)]


def tables_of(division: TableRound) -> list[HallTable]:
    """Its tables by number."""
    return list(session().scalars(select(HallTable).where(HallTable.round_id == division.id).order_by(HallTable.number)))


def places_of(division: TableRound) -> list[TablePlace]:
    """Who sits where."""
    return list(session().scalars(select(TablePlace).where(TablePlace.round_id == division.id)))


def apart_of(assembly: Assembly) -> list[KeptApart]:
    """Pairs that never sit together."""
    return list(session().scalars(select(KeptApart).where(KeptApart.assembly_id == assembly.id).order_by(KeptApart.id)))


def tags_of(actor: Actor) -> list[tuple[int, str]]:
    """Tags of the organization's own people, by name."""
    return [tuple(row) for row in session().execute(select(Tag.id, Tag.name).where(Tag.org_id == actor.org_id).order_by(Tag.name_folded).limit(300))]


def people_of(assembly_id: int, session_id: int, source: str, spread: Sequence[int] = ()) -> list[Someone]:
    """Whom there is to seat: those in the room, or those who said they are coming; tags are known of the convener's own people alone."""
    rows = _in_the_room(session_id) if source == "room" else _expected(assembly_id)
    names, tags = names_of({row.partner_id for row in rows}), _tags([row.person_id for row in rows], spread)
    return [
        Someone(row.id, row.door_name, names.get(row.partner_id, ""), Sitter(
            row.id, 1 + row.guests, row.language or "en",
            (f"organization:{row.partner_id}", *(f"tag:{tag}" for tag in sorted(tags[row.person_id] if row.partner_id == row.org_id else ())))))
        for row in rows
    ]


def _in_the_room(session_id: int) -> Sequence[Any]:
    who = func.coalesce(Attendance.rsvp_id, Attendance.participant_id, Attendance.id).label("id")
    query = (
        select(who, Attendance.door_name, Attendance.guests, Attendance.org_id, Attendance.partner_id, Attendance.person_id,
               func.coalesce(Rsvp.language, WalkIn.language, "en").label("language"))
        .outerjoin(Rsvp, Rsvp.id == Attendance.rsvp_id)
        .outerjoin(WalkIn, WalkIn.attendance_id == Attendance.id)
        .where(Attendance.session_id == session_id, Attendance.undone_at.is_(None))
        .order_by(Attendance.door_name, Attendance.id)
    )
    return session().execute(query).all()


def _expected(assembly_id: int) -> Sequence[Any]:
    query = (
        select(Rsvp.id, Rsvp.door_name, Rsvp.guests, Rsvp.org_id, Rsvp.partner_id, Rsvp.person_id, Rsvp.language)
        .where(Rsvp.assembly_id == assembly_id, Rsvp.state.in_(COMING))
        .order_by(Rsvp.door_folded, Rsvp.id)
    )
    return session().execute(query).all()


def _tags(people: Iterable[int | None], spread: Sequence[int]) -> dict[int | None, set[int]]:
    found: dict[int | None, set[int]] = defaultdict(set)
    ids = [id for id in people if id]
    if ids and spread:
        for person_id, tag_id in session().execute(
            select(PersonTag.person_id, PersonTag.tag_id).where(PersonTag.tag_id.in_(spread), PersonTag.person_id.in_(ids))
        ):
            found[person_id].add(tag_id)
    return found


def themes_of(assembly: Assembly) -> list[Theme]:
    """Themes in the order in which they were named."""
    return list(session().scalars(select(Theme).where(Theme.assembly_id == assembly.id).order_by(Theme.id)))


def theme_for(assembly: Assembly, id: int) -> Theme:
    """A theme of an assembly whose door has been passed."""
    return _one(select(Theme).where(Theme.id == id, Theme.assembly_id == assembly.id))


def notes_of(assembly: Assembly) -> list[tuple[TableNote, int, int]]:
    """(note, its table's number, its division) in the order in which they came."""
    query = (
        select(TableNote, HallTable.number, HallTable.round_id)
        .join(HallTable, HallTable.id == TableNote.table_id)
        .where(TableNote.assembly_id == assembly.id)
        .order_by(TableNote.id)
    )
    return [tuple(row) for row in session().execute(query)]


def note_for(assembly: Assembly, id: int) -> TableNote:
    """A note of an assembly whose door has been passed."""
    return _one(select(TableNote).where(TableNote.id == id, TableNote.assembly_id == assembly.id))


def proposals_of(assembly_id: int) -> list[TableProposal]:
    """What the room could ask for, in order."""
    return list(session().scalars(select(TableProposal).where(TableProposal.assembly_id == assembly_id).order_by(TableProposal.number)))


def proposal_for(assembly: Assembly, id: int) -> TableProposal:
    """A proposal of an assembly whose door has been passed."""
    return _one(select(TableProposal).where(TableProposal.id == id, TableProposal.assembly_id == assembly.id))


def recent_proposals(actor: Actor, most: int = 40) -> list[tuple[TableProposal, dict[str, str]]]:
    """(proposal, title of its assembly) of the actor's own assemblies, the latest first."""
    query = (
        select(TableProposal, Assembly.title)
        .join(Assembly, Assembly.id == TableProposal.assembly_id)
        .where(TableProposal.org_id == actor.org_id)
        .order_by(TableProposal.id.desc())
        .limit(most)
    )
    return [tuple(row) for row in session().execute(query)]


def dotted_round(assembly_id: int) -> TableRound | None:
    """The division whose tables were last asked for dots."""
    query = select(TableRound).where(TableRound.assembly_id == assembly_id, TableRound.dots_opened_at.is_not(None))
    return session().scalar(query.order_by(TableRound.dots_opened_at.desc()).limit(1))


def dots_of(division: TableRound) -> dict[int, tuple[int, int]]:
    """By proposal, (dots, tables that gave any)."""
    query = (
        select(Dots.proposal_id, func.sum(Dots.points), func.count())
        .join(HallTable, HallTable.id == Dots.table_id)
        .where(HallTable.round_id == division.id)
        .group_by(Dots.proposal_id)
    )
    return {proposal: (int(points), tables) for proposal, points, tables in session().execute(query)}


@dataclass(frozen=True)
class AtTable:
    """What a table's link opens: its table, the division, the session and the assembly."""

    org_id: int
    table: HallTable
    division: TableRound
    sitting: AssemblySession
    assembly: Assembly
    token: str

    @property
    def actor(self) -> Actor:
        """The table, working for the convener."""
        return Actor(org_id=self.org_id)


def at_table(token: str, now: datetime) -> AtTable:
    """Reads a table's link, never consuming it, and holds the session to the convener; Missing otherwise."""
    link = read_link(token, "table", now)
    org_id, subject_id = link.org_id, link.subject_id
    scope_to(org_id)
    query = (
        select(HallTable, TableRound, AssemblySession, Assembly)
        .join(TableRound, TableRound.id == HallTable.round_id)
        .join(AssemblySession, AssemblySession.id == TableRound.session_id)
        .join(Assembly, Assembly.id == TableRound.assembly_id)
        .where(HallTable.id == subject_id)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise Missing()
    return AtTable(org_id, *row, token)


def notes_at(at: AtTable) -> list[TableNote]:
    """What the table wrote, the latest first."""
    return list(session().scalars(select(TableNote).where(TableNote.table_id == at.table.id).order_by(TableNote.id.desc())))


def points_at(at: AtTable) -> dict[int, int]:
    """The table's dots by proposal."""
    return dict(session().execute(select(Dots.proposal_id, Dots.points).where(Dots.table_id == at.table.id)).all())


def seated_at(at: AtTable) -> int:
    """How many people sit at the table, guests counted."""
    places = set(session().scalars(select(TablePlace.sitter).where(TablePlace.table_id == at.table.id)))
    return sum(one.sitter.size for one in people_of(at.assembly.id, at.sitting.id, at.division.source) if one.id in places)


def spoken_at(people: Sequence[Someone], placing: dict[int, int], main: str) -> dict[int, Counter[str]]:
    """By table, how many speak which language other than the room's."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for one in people:
        if one.id in placing and one.sitter.language != main:
            found[placing[one.id]][one.sitter.language] += 1
    return found


@dataclass(frozen=True)
class Speaking:
    """A session's speaking as it stands: who speaks, who waits in the order, who has spoken."""

    rule: SpeakingOrder
    speaking: Speaker | None
    waiting: list[Speaker]
    done: list[Speaker]

    @property
    def turn(self) -> int:
        """How many turns have begun: what a page was showing when somebody presses “Next” on it."""
        return len(self.done) + (self.speaking is not None)

    @property
    def times(self) -> dict[str, tuple[int, int]]:
        """By person, (times, seconds) so far."""
        return rules.told((who(row), int((row.ended_at - row.began_at).total_seconds())) for row in self.done if row.ended_at and row.began_at)


def who(row: Speaker) -> str:
    """By what somebody is known again in a session: the name they gave, and their table."""
    return who_is(row.name, row.table_number)


def who_is(name: str, table: int | None) -> str:
    """The same of somebody who is not on the list yet."""
    return f"{fold(name)} {table or ''}".strip()


def speakers_on_the_wall(session_id: int, most: int = 3) -> tuple[str, list[str]]:
    """For the wall of the hall: who has the floor, and who comes next."""
    there = speaking_of(session_id)
    return there.speaking.name if there.speaking else "", [row.name for row in there.waiting[:most]]


def table_of(actor: Actor, assembly_id: int, rsvp_id: int) -> int | None:
    """The number of the table at which somebody sits in the latest round, as far as the actor's organization drew it."""
    query = select(HallTable.number).join(TablePlace, TablePlace.table_id == HallTable.id).join(TableRound, TableRound.id == TablePlace.round_id)
    mine = query.where(TableRound.assembly_id == assembly_id, TablePlace.sitter == rsvp_id)
    return session().scalar(mine.order_by(TableRound.id.desc()).limit(1))


def speaking_of(session_id: int, lock: bool = False) -> Speaking:
    """Who speaks in a session whose door has been passed, and in which order the others will."""
    rule = session().scalar(select(SpeakingOrder).where(SpeakingOrder.session_id == session_id)) or SpeakingOrder(
        session_id=session_id, order="progressive", seconds=120)
    query = select(Speaker).where(Speaker.session_id == session_id, Speaker.withdrawn_at.is_(None)).order_by(Speaker.id)
    rows = list(session().scalars(query.with_for_update() if lock else query))
    made = Speaking(rule, next((row for row in rows if row.began_at and not row.ended_at), None), [], [row for row in rows if row.ended_at])
    waits = {row.id: row for row in rows if row.began_at is None}
    asked = [rules.Waiting(row.id, who(row), n, row.is_about, row.side, bool(row.first_because)) for n, row in enumerate(waits.values())]
    made.waiting.extend(waits[id] for id in rules.order_of(asked, made.times, rule.order))
    return made
