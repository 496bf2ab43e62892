"""Paper sheets: which there are, who is on them, and what two people read."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.models import Assembly, AssemblySession
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.queries import names_of
from crm.turnout.models import PaperSheet, Rsvp, SheetEntry
from crm.turnout.queries.door import Sitting
from crm.turnout.queries.seats import seats_at
from crm.turnout.rules import Reading, lines_that_differ


@dataclass(frozen=True)
class Line:
    """A line of a sheet: who (by RSVP, or by the place on the roster), of which organization, with how many guests; gone if the person has been erased."""

    id: int
    name: str
    organization: str
    guests: int


@dataclass(frozen=True)
class Sheet:
    """A sheet with its lines and readings; `differing` are lines of which two readings say different things."""

    sheet: PaperSheet
    lines: list[Line]
    entries: list[SheetEntry] = field(default_factory=list)

    @property
    def differing(self) -> set[int]:
        readings = [reading_of(one) for one in self.entries]
        return {id for one in readings[1:] for id in lines_that_differ(readings[0], one)}

    def entry_of(self, account_id: int | None) -> SheetEntry | None:
        return next((one for one in self.entries if one.account_id == account_id), None)


def coming_ids(assembly_id: int) -> list[int]:
    """Everyone who may come: RSVPs by name, then seats that are known by a code alone."""
    query = select(Rsvp.id).where(Rsvp.assembly_id == assembly_id, Rsvp.state.not_in(("no", "cancelled")))
    return [*session().scalars(query.order_by(Rsvp.door_folded, Rsvp.id)), *(seat.id for seat in seats_at(assembly_id))]


def reading_of(entry: SheetEntry) -> Reading:
    """What one person read."""
    return Reading({int(id): guests for id, guests in entry.here.items()}, [(name, int(partner)) for name, partner in entry.written_in])


def sheet_for(actor: Actor, assembly_id: int, sheet_id: int, *, lock: bool = False) -> PaperSheet:
    """A sheet of an assembly of the actor's own."""
    query = select(PaperSheet).where(PaperSheet.id == sheet_id, PaperSheet.assembly_id == assembly_id, PaperSheet.org_id == actor.org_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def sheets_of(actor: Actor, assembly_id: int, session_id: int | None = None, sheet_id: int | None = None) -> list[Sheet]:
    """The sheets of an assembly, one session's or one, with lines and readings: a fixed number of queries."""
    query = select(PaperSheet).where(PaperSheet.assembly_id == assembly_id, PaperSheet.org_id == actor.org_id)
    if session_id is not None:
        query = query.where(PaperSheet.session_id == session_id)
    if sheet_id is not None:
        query = query.where(PaperSheet.id == sheet_id)
    sheets = session().scalars(query.order_by(PaperSheet.session_id, PaperSheet.number)).all()
    listed = select(Rsvp.id, Rsvp.door_name, Rsvp.partner_id, Rsvp.guests).where(Rsvp.assembly_id == assembly_id)
    people = {id: (name, partner_id, guests) for id, name, partner_id, guests in session().execute(listed)}
    people |= {seat.id: (seat.name, seat.partner_id, 0) for seat in seats_at(assembly_id)}
    names = names_of({partner_id for _name, partner_id, _guests in people.values()})
    entries: dict[int, list[SheetEntry]] = {}
    read = select(SheetEntry).where(SheetEntry.sheet_id.in_([one.id for one in sheets]))
    for entry in session().scalars(read.order_by(SheetEntry.created_at, SheetEntry.id)):
        entries.setdefault(entry.sheet_id, []).append(entry)
    return [Sheet(one, [_line(id, *people[id], names) for id in one.lines if id in people], entries.get(one.id, [])) for one in sheets]


def _line(id: int, name: str, partner_id: int, guests: int, names: dict[int, str]) -> Line:
    return Line(id, name, names.get(partner_id, ""), guests)


def sitting_of(actor: Actor, sheet: PaperSheet, now: datetime) -> Sitting:
    """The session that a sheet belongs to, open until now: what is entered happened before."""
    row = session().execute(
        select(AssemblySession, Assembly).join(Assembly, Assembly.id == AssemblySession.assembly_id).where(AssemblySession.id == sheet.session_id)
    ).one()
    sitting, assembly = row
    facts = (assembly.org_id, assembly.id, assembly.title, assembly.goal, assembly.time_zone)
    return Sitting(0, "", sitting.id, *facts, sitting.starts_at, sitting.ends_at, now)
