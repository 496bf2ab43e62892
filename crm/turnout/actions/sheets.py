"""Paper sheets: printed with who may come, entered by two people, counted when both read the same."""

from datetime import datetime

from sqlalchemy import func, select

from crm.assemblies.queries import assembly_to_run, session_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.turnout import rules
from crm.turnout.actions.attendances import CheckIn
from crm.turnout.actions.check_ins import check_in
from crm.turnout.models import PaperSheet, SheetEntry
from crm.turnout.queries import Sitting, coming_ids, organizations_at, reading_of, sheet_for, sitting_of
from crm.turnout.rules import Reading


def print_sheets(actor: Actor, assembly_id: int, session_id: int, *, now: datetime) -> int:
    """Makes sheets for everyone who may come and is on none of this session yet; one empty sheet where nobody is. Returns how many."""
    assembly = assembly_to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    there = session().scalars(select(PaperSheet).where(PaperSheet.org_id == actor.org_id, PaperSheet.session_id == sitting.id)).all()
    listed = {id for sheet in there for id in sheet.lines}
    fresh = rules.split_lines([id for id in coming_ids(assembly.id) if id not in listed]) or ([] if there else [[]])
    last = session().scalar(select(func.max(PaperSheet.number)).where(PaperSheet.org_id == actor.org_id, PaperSheet.session_id == sitting.id)) or 0
    for number, lines in enumerate(fresh, last + 1):
        session().add(PaperSheet(org_id=actor.org_id, assembly_id=assembly.id, session_id=sitting.id, number=number, lines=lines, created_at=now))
    session().flush()
    return len(fresh)


def enter_sheet(actor: Actor, assembly_id: int, sheet_id: int, reading: Reading, *, now: datetime) -> bool:
    """Takes down what one person reads on a sheet; their later reading replaces the earlier. True when two people's agree and it counts."""
    assembly = assembly_to_run(actor, assembly_id)
    sheet = sheet_for(actor, assembly.id, sheet_id, lock=True)
    if sheet.counted_at is not None:
        raise Refused(rules.COUNTED)
    sitting = sitting_of(actor, sheet, now)
    if issues := rules.issues_before_reading(reading, sheet.lines, [id for id, _name in organizations_at(sitting)], rules.MOST_GUESTS):
        raise Refused(issues)
    entries = {one.account_id: one for one in session().scalars(select(SheetEntry).where(SheetEntry.sheet_id == sheet.id))}
    entry = entries.get(actor.account_id or 0)
    if entry is None:
        entry = SheetEntry(org_id=actor.org_id, sheet_id=sheet.id, account_id=actor.account_id, created_at=now)
        session().add(entry)
    entry.entered_by, entry.entered_at = actor.name[:120], now
    entry.here, entry.written_in = {str(id): guests for id, guests in reading.here.items()}, [list(one) for one in reading.written_in]
    session().flush()
    others = [one for id, one in entries.items() if id != actor.account_id]
    if not any(rules.agree(reading, reading_of(one)) for one in others):
        return False
    _count(actor, sheet, sitting, reading, now)
    for one in (entry, *others):
        one.written_in = []  # their names stand with those who came now
    session().flush()
    return True


def _count(actor: Actor, sheet: PaperSheet, sitting: Sitting, reading: Reading, now: datetime) -> None:
    """Everyone on the sheet is checked in once, also if a tablet had them before."""
    came = min(now, sitting.starts_at)
    for id, guests in reading.here.items():  # of an RSVP or of a place on the roster: no two rows share a number
        check_in(actor, sitting, CheckIn(f"sheet:{sheet.id}:{id}", rsvp_id=id, seat_id=id, guests=guests, said_at=came), now=now)
    for number, (name, partner_id) in enumerate(reading.written_in):
        check_in(actor, sitting, CheckIn(f"sheet:{sheet.id}:w{number}", name=name, partner_id=partner_id, said_at=came), now=now)
    sheet.counted_at = now
    audit.record(actor, "sheet.counted", now=now, subject=("assembly", sheet.assembly_id), after={"number": sheet.number, "by": actor.name})
