"""The credentials desk: who is entitled, who is challenged, and a seat that changes hands in one logged transfer."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.actions.bodies import open_roster
from crm.assemblies.actions.delegations import log_step
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import Challenge, Credential, Participant
from crm.assemblies.queries import seats as queries
from crm.assemblies.rules.credentials import KINDS, LONGEST_REASON, may_step
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused


def take_step(actor: Actor, assembly_id: int, credential_id: int, step: str, reason: str = "", *, now: datetime) -> None:
    """The convener moves one credential: certify, seat, leave, refuse, challenge, give (to the next alternate), return."""
    row = _at_desk(actor, assembly_id, credential_id, step, reason)
    before = row.state
    STEPS[step](actor, row, reason.strip(), now)
    session().flush()
    after = {"state": row.state, "seat": row.seat}
    audit.record(actor, f"credential.{step}", now=now, subject=("assembly", assembly_id), before={"state": before}, after=after)


def certify_all(actor: Actor, assembly_id: int, *, now: datetime) -> int:
    """Credentials everyone who is named and not challenged; returns how many."""
    assembly = to_change(actor, assembly_id)
    rows = session().scalars(select(Credential).where(Credential.assembly_id == assembly.id, Credential.state == "named").with_for_update()).all()
    waiting = queries.doubted_places(assembly)
    done = [row for row in rows if (row.partner_id, row.kind, row.rank) not in waiting]
    for row in done:
        _certify(actor, row, "", now)
    session().flush()
    audit.record(actor, "credential.certified_all", now=now, subject=("assembly", assembly_id), after={"n": len(done)})
    return len(done)


def _at_desk(actor: Actor, assembly_id: int, credential_id: int, step: str, reason: str) -> Credential:
    row = queries.credential_for(to_change(actor, assembly_id), credential_id, lock=True)
    if refusal := may_step(step, row.state, row.seat, reason, queries.has_open_challenge(row)):
        raise Refused(refusal)
    return row


def _move(row: Credential, state: str, before: str = "") -> None:
    """The vote goes with the seat: whoever sits in it has it, and nobody else."""
    row.state, row.state_before = state, before
    session().get_one(Participant, row.participant_id).is_voting = state == "seated"


def _certify(actor: Actor, row: Credential, _reason: str, now: datetime) -> None:
    """Entitled; where an alternate sits in the seat meanwhile, the seat is given back by a step of its own."""
    _move(row, "credentialed" if row.gave_seat is None else "replaced")
    log_step(actor, row, "certified", now)


def _seat(actor: Actor, row: Credential, _reason: str, now: datetime) -> None:
    _move(row, "seated")
    log_step(actor, row, "seated", now)


def _leave(actor: Actor, row: Credential, _reason: str, now: datetime) -> None:
    _move(row, "credentialed")
    log_step(actor, row, "left", now)


def _refuse(actor: Actor, row: Credential, reason: str, now: datetime) -> None:
    _move(row, "refused")
    log_step(actor, row, "refused", now, reason)


def _challenge(actor: Actor, row: Credential, reason: str, now: datetime) -> None:
    session().add(_filed(actor, row.org_id, row.assembly_id, row.partner_id, row.kind, row.rank, reason, now, row))
    _stand_aside(actor, row, reason, now)


def _stand_aside(actor: Actor, row: Credential, reason: str, now: datetime) -> None:
    _move(row, "challenged", row.state)
    log_step(actor, row, "challenged", now, reason)


def _give(actor: Actor, row: Credential, _reason: str, now: datetime) -> None:
    """The next alternate in order takes the seat. Two rows change and one seat number moves: at no moment do two hold it."""
    alternate = queries.next_alternate(row.delegation_id)
    if alternate is None or row.seat is None:
        raise Refused(N_("No credentialed alternate of this delegation is free to take the seat."))
    seat, stays_refused = row.seat, row.state == "refused"
    row.seat, row.gave_seat = None, seat if row.kind == "delegate" else None
    _move(row, "refused" if stays_refused else "replaced" if row.kind == "delegate" else "credentialed")
    session().flush()
    alternate.seat = seat
    _move(alternate, "seated")
    log_step(actor, row, "transferred", now, other=alternate, seat=seat)
    log_step(actor, alternate, "took", now, other=row, seat=seat)


def _return(actor: Actor, row: Credential, _reason: str, now: datetime) -> None:
    """The delegate is here after all: the alternate gives the seat back, again in one transfer."""
    holder = session().scalar(select(Credential).where(
        Credential.delegation_id == row.delegation_id, Credential.seat == row.gave_seat).with_for_update())
    if holder is not None and holder.state == "challenged":
        raise Refused(N_("Whoever sits in this seat is challenged. Decide that first."))
    seat = row.gave_seat
    if holder is not None:
        holder.seat = None
        _move(holder, holder.state if holder.state == "refused" else "credentialed")
        log_step(actor, holder, "returned", now, other=row, seat=seat)
        session().flush()
    row.seat, row.gave_seat = seat, None
    _move(row, "seated")
    log_step(actor, row, "resumed", now, other=holder, seat=seat)


STEPS: dict[str, Callable[[Actor, Credential, str, datetime], None]] = {
    "certify": _certify, "seat": _seat, "leave": _leave, "refuse": _refuse, "challenge": _challenge, "give": _give, "return": _return,
}


def _filed(
    actor: Actor, convener_id: int, assembly_id: int, about_id: int, kind: str, rank: int, reason: str, now: datetime, row: Credential | None = None,
) -> Challenge:
    return Challenge(
        org_id=convener_id, partner_id=actor.org_id, id=new_id(), assembly_id=assembly_id, about_id=about_id, kind=kind, rank=rank,
        credential_id=row.id if row else None, reason=reason, by_name=actor.name, state="open" if row else "filed", created_at=now,
    )


def file_challenge(actor: Actor, assembly_id: int, about_id: int | None, kind: str, rank: int | None, reason: str, *, now: datetime) -> int:
    """An organization challenges a place of another's delegation, which it knows by number and not by name."""
    assembly = open_roster(actor, assembly_id)
    reason, problems = reason.strip(), []
    if about_id not in {unit.partner_id for unit in queries.units_of(assembly, "en")} - {actor.org_id}:
        problems.append(Reason(N_("Choose whose delegation it is about."), {}, "about_id"))
    if kind not in KINDS:
        problems.append(Reason(N_("Choose whether it is about a delegate or an alternate."), {}, "kind"))
    if rank is None or not 1 <= rank <= 10_000:
        problems.append(Reason(N_("Write which one it is about, by number: 1 is who was named first."), {}, "rank"))
    if not reason:
        problems.append(Reason(N_("Write why. The credentials desk reads it, and when it is taken up the organization that named them."), {}, "reason"))
    if len(reason) > LONGEST_REASON:
        problems.append(Reason(N_("Write the reason in %(n)s letters or fewer."), {"n": LONGEST_REASON}, "reason"))
    if problems or about_id is None or rank is None:
        raise Refused(problems)
    row = _filed(actor, assembly.org_id, assembly_id, about_id, kind, rank, reason, now)
    session().add(row)
    session().flush()
    audit.record(actor, "challenge.filed", now=now, subject=("assembly", assembly_id), after={"about": about_id, "kind": kind, "rank": rank})
    return row.id


def take_up(actor: Actor, assembly_id: int, challenge_id: int, *, now: datetime) -> None:
    """The desk takes a challenge up: from now on its organization reads it, and who is challenged stands aside."""
    assembly = to_change(actor, assembly_id)
    challenge = queries.challenge_for(assembly, challenge_id)
    if challenge.state != "filed":
        raise Refused(N_("This challenge was taken up already."))
    row = queries.credential_at(assembly, challenge.about_id, challenge.kind, challenge.rank)
    if row is None:
        raise Refused(N_("Nobody is named to this place. Answer the challenge by dismissing it."))
    if refusal := may_step("challenge", row.state, row.seat, challenge.reason):
        raise Refused(refusal)
    challenge.state, challenge.credential_id = "open", row.id
    _stand_aside(actor, row, challenge.reason, now)
    session().flush()
    audit.record(actor, "challenge.taken_up", now=now, subject=("assembly", assembly_id), after={"challenge": challenge.id})


def decide(actor: Actor, assembly_id: int, challenge_id: int, is_upheld: bool, answer: str, *, now: datetime) -> None:
    """Answers a challenge with a reason: upheld, the credential is refused; dismissed, it stands where it stood."""
    assembly, answer = to_change(actor, assembly_id), answer.strip()
    challenge = queries.challenge_for(assembly, challenge_id)
    row = queries.credential_for(assembly, challenge.credential_id, lock=True) if challenge.credential_id else None
    problems = []
    if challenge.answered_at is not None:
        problems.append(Reason(N_("This challenge has its answer.")))
    elif row is None and is_upheld:
        problems.append(Reason(N_("Take the challenge up first: its organization must be able to speak to it.")))
    if not answer or len(answer) > LONGEST_REASON:
        problems.append(Reason(N_("Write the reason for the decision, in %(n)s letters or fewer."), {"n": LONGEST_REASON}, "reason"))
    if problems:
        raise Refused(problems)
    challenge.state, challenge.answer, challenge.answered_by, challenge.answered_at = "upheld" if is_upheld else "dismissed", answer, actor.name, now
    if row is not None and row.state == "challenged":
        _move(row, "refused" if is_upheld else row.state_before)
        log_step(actor, row, challenge.state, now, answer)
    session().flush()
    audit.record(actor, f"challenge.{challenge.state}", now=now, subject=("assembly", assembly_id), after={"challenge": challenge.id})
