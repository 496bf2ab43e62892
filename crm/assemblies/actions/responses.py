"""Answers to invitations by lot, the pool that they make, and the calls to those who were drawn."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.assemblies import queries as doors
from crm.assemblies.actions.lots import add_lot, pass_on
from crm.assemblies.actions.program import to_change
from crm.assemblies.actions.recruitment import is_closed
from crm.assemblies.lottery.files import quota_values, write_people
from crm.assemblies.models import CallAttempt, Lot, LotInvitation, LotPlace, Recruitment
from crm.assemblies.queries import recruitment as queries
from crm.assemblies.rules import recruitment as rules
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Missing, Reason, Refused


def answer_by_link(actor: Actor, id: int, said: Mapping[str, Any], *, now: datetime) -> None:
    """A household answers, or answers anew: yes with a name and the features that the seats are drawn by, or no."""
    invitation = queries.invitation_for(id, lock=True)
    _answer(session().get_one(Recruitment, (invitation.org_id, invitation.recruitment_id)), invitation, said, now)


def note_answer(actor: Actor, assembly_id: int, id: int, code: str, said: Mapping[str, Any], *, now: datetime) -> None:
    """Somebody answers by phone or letter: the organizer writes it down under the code of the invitation."""
    row = queries.recruitment_for(to_change(actor, assembly_id), id)
    digits = code.strip().upper().removeprefix("H")
    invitation = queries.invitation_numbered(row, int(digits), lock=True) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
    problems = [] if invitation else [Reason(N_("No invitation has this code. It stands on the letter, like H00012."), {}, "code")]
    if invitation is None:
        raise Refused(problems)
    _answer(row, invitation, said, now)
    audit.record(actor, "recruitment.answered", now=now, subject=("assembly", assembly_id), after={"code": rules.code_of(invitation.number)})


def _answer(row: Recruitment, invitation: LotInvitation, said: Mapping[str, Any], now: datetime) -> None:
    answer, about = said["answer"], {name: " ".join((said.get(name) or "").split())[:200] for name in ("name", "phone", "email")}
    problems = rules.issues_in_answer(answer, *about.values(), said["features"], quota_values(row.quotas, []))
    if is_closed(row):
        problems = [Reason(rules.CLOSED)]
    if about["phone"] and isinstance(phone := read_phone(about["phone"]), Reason):
        problems.append(Reason(phone.text, phone.params, "phone"))
    if problems:
        raise Refused(problems)
    kept = {**about, "language": said.get("language") or "en", "features": dict(said["features"])} if answer == "yes" else {}
    invitation.answer, invitation.answered_at, invitation.told = answer, now, json.dumps(kept, ensure_ascii=False) if kept else ""
    session().flush()


def make_pool(actor: Actor, assembly_id: int, id: int, method: str, *, now: datetime) -> int:
    """The pool from everyone who said yes so far: a draw by lot like any other, which remembers where it came from."""
    row = queries.recruitment_for(to_change(actor, assembly_id), id, lock=True)
    if is_closed(row):
        raise Refused(rules.CLOSED)
    people = queries.pool_of(row)
    if not people:
        raise Refused(N_("Nobody has said yes yet."))
    lot_id = add_lot(actor, assembly_id, write_people(people), row.quotas, row.seats, method, now=now)
    session().get_one(Lot, (actor.org_id, lot_id)).recruitment_id = id
    session().flush()
    return lot_id


def note_call(actor: Actor, assembly_id: int, lot_id: int, code: str, outcome: str, *, now: datetime) -> str | None:
    """Notes a call to somebody drawn. Who declines is replaced by the rule at once: returns the code of who comes instead."""
    assembly = doors.assembly_to_run(actor, assembly_id, lock=True)
    lot = doors.lot_for(assembly, lot_id, lock=True)
    place = session().scalar(select(LotPlace).where(LotPlace.lot_id == lot.id, LotPlace.code == code))
    if place is None:
        raise Missing
    if problems := rules.issues_in_call(outcome, place.declined_at is not None):
        raise Refused(problems)
    session().add(CallAttempt(org_id=lot.org_id, place_id=place.id, at=now, by_name=actor.name, outcome=outcome, created_at=now))
    new = None
    if outcome == "declined":
        place.confirmed_at = None
        new = pass_on(actor, assembly_id, lot_id, code, now=now)
    else:
        place.confirmed_at = now if outcome == "confirmed" else None
    session().flush()
    audit.record(actor, "lot.called", now=now, subject=("assembly", assembly_id), after={"code": code, "outcome": outcome})
    return new
