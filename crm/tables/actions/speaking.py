"""Asking for the floor, giving it, taking somebody first."""

from datetime import datetime

from sqlalchemy import select

from crm.assemblies.queries import session_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.tables import queries, rules
from crm.tables.actions.seating import to_run
from crm.tables.models import Speaker, SpeakingOrder
from crm.tables.queries import AtTable, Speaking
from crm.tables.rules.harvest import TOO_LATE


def set_speaking(actor: Actor, assembly_id: int, session_id: int, order: str, seconds: int | None, *, now: datetime) -> None:
    """Says in which order people speak in a session, and for how long."""
    assembly = to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    if issues := rules.issues_in_speaking(order, seconds):
        raise Refused(issues)
    row = session().scalar(select(SpeakingOrder).where(SpeakingOrder.session_id == sitting.id).with_for_update())
    if row is None:
        row = SpeakingOrder(org_id=actor.org_id, id=new_id(), session_id=sitting.id, created_at=now)
        session().add(row)
    row.order, row.seconds = order, seconds or 0
    session().flush()
    audit.record(actor, "speaking.set", now=now, subject=("assembly", assembly.id), after={"order": order, "seconds": seconds})


def ask_to_speak(actor: Actor, assembly_id: int, session_id: int, name: str, *, side: str = "", is_about: bool = False, now: datetime) -> int:
    """Puts somebody on the list; whoever waits already stays where they are."""
    assembly = to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    return _put(actor.org_id, assembly.id, sitting.id, name, None, side, is_about, now)


def ask_from_table(at: AtTable, name: str, is_about: bool, *, now: datetime) -> int:
    """A table's phone asks for the floor."""
    if at.assembly.state in ("finished", "cancelled"):
        raise Refused(TOO_LATE)
    return _put(at.org_id, at.assembly.id, at.sitting.id, name, at.table.number, "", is_about, now)


def _put(org_id: int, assembly_id: int, session_id: int, name: str, table: int | None, side: str, is_about: bool, now: datetime) -> int:
    name = " ".join(name.split())
    if issues := rules.issues_in_speaker(name, side):
        raise Refused(issues)
    there = queries.speaking_of(session_id)
    if waits := next((row for row in there.waiting if queries.who(row) == queries.who_is(name, table)), None):
        return waits.id
    row = Speaker(org_id=org_id, id=new_id(), assembly_id=assembly_id, session_id=session_id, name=name, table_number=table, side=side, is_about=is_about,
                  asked_at=now, created_at=now)
    session().add(row)
    session().flush()
    return row.id


def next_speaker(actor: Actor, assembly_id: int, session_id: int, turn: int | None = None, *, now: datetime) -> None:
    """Whoever speaks has spoken; the next in the order has the floor. `turn` is how many turns had begun on the page that was pressed:
    where a second facilitator pressed meanwhile, nothing happens, or somebody would be passed over."""
    there = _speaking(actor, assembly_id, session_id)
    if turn is not None and turn != there.turn:
        return
    if there.speaking is None and not there.waiting:
        raise Refused(N_("Nobody waits for the floor."))
    if there.speaking:
        there.speaking.ended_at = now
        session().flush()
        there = queries.speaking_of(session_id)
    if there.waiting:
        there.waiting[0].began_at = now
    session().flush()


def end_turn(actor: Actor, assembly_id: int, session_id: int, *, now: datetime) -> None:
    """Whoever speaks has spoken, and nobody has the floor."""
    if (speaking := _speaking(actor, assembly_id, session_id).speaking) is None:
        raise Refused(N_("Nobody has the floor."))
    speaking.ended_at = now
    session().flush()


def take_first(actor: Actor, assembly_id: int, session_id: int, speaker_id: int, because: str, *, now: datetime) -> None:
    """The chair lets somebody speak before the order, and says why."""
    row = _one(_speaking(actor, assembly_id, session_id), speaker_id)
    because = " ".join(because.split())
    if not because or len(because) > 200:
        raise Refused(Reason(N_("Write why, in a sentence: it stands in the list."), {}, "because"))
    row.first_because = because
    session().flush()
    audit.record(actor, "speaking.first", now=now, subject=("assembly", assembly_id), after={"because": because})


def withdraw_speaker(actor: Actor, assembly_id: int, session_id: int, speaker_id: int, *, now: datetime) -> None:
    """Takes somebody off the list who waits."""
    _one(_speaking(actor, assembly_id, session_id), speaker_id).withdrawn_at = now
    session().flush()


def _speaking(actor: Actor, assembly_id: int, session_id: int) -> Speaking:
    assembly = to_run(actor, assembly_id)
    return queries.speaking_of(session_for(actor, assembly.id, session_id).id, lock=True)


def _one(there: Speaking, speaker_id: int) -> Speaker:
    row = next((row for row in there.waiting if row.id == speaker_id), None)
    if row is None:
        raise Missing()
    return row
