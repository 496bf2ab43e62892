"""Federation: asking to be part of a larger assembly, agreeing, sending inputs up, deciding on them, and results on their way down."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from crm.assemblies import queries as doors
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import Assembly, AssemblyInput, AssemblyPartner, Delegation, Federation, FederationEdge
from crm.assemblies.queries import federation as queries
from crm.assemblies.rules.federation import issues_in_decision, issues_in_input, issues_in_link, origin_of
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, new_id, session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Reason, Refused

RESULT_JOB = "assemblies.result_down"
TREE = 7_024_024  # the one lock under which the tree of assemblies grows


def join_larger(actor: Actor, assembly_id: int, parent_id: int | None, *, now: datetime) -> str:
    """Asks to be part of a larger assembly. Agreed at once where its convener invited us or is the same organization; returns the state."""
    child = to_change(actor, assembly_id)
    if parent_id is None:
        raise Refused(Reason(N_("Choose the larger assembly."), {}, "parent_id"))
    parent = doors.assembly_for(actor, parent_id)
    hold(TREE)
    row = queries.upward(child, lock=True)
    if row is not None and row.state == "agreed":
        raise Refused(N_("This assembly is part of another one already. Take it out of that first."))
    if problems := issues_in_link(child.id, parent.id, queries.parent_edges(child.id, parent.id), child.state, parent.state):
        raise Refused(problems)
    if row is not None:
        session().delete(row)
        session().flush()
    is_awaited = parent.org_id == actor.org_id or queries.is_partner(parent, actor.org_id)
    row = Federation(
        org_id=parent.org_id, partner_id=actor.org_id, id=new_id(), parent_id=parent.id, child_id=child.id, parent_title=parent.title,
        child_title=child.title, state="agreed" if is_awaited else "asked", answered_at=now if is_awaited else None,
    )
    session().add(row)
    session().flush()
    if is_awaited:
        session().add(FederationEdge(child_id=child.id, parent_id=parent.id))
        _accept_for_itself(actor, parent, now)
    session().flush()
    audit.record(actor, "federation.asked", now=now, subject=("assembly", assembly_id), after={"parent": parent.id, "state": row.state})
    return row.state


def _accept_for_itself(actor: Actor, parent: Assembly, now: datetime) -> None:
    """Whoever sends a local assembly accepts the invitation with it."""
    own = session().scalar(select(AssemblyPartner).where(AssemblyPartner.assembly_id == parent.id, AssemblyPartner.partner_id == actor.org_id))
    if own is not None and own.state != "accepted":
        own.state, own.answered_at = "accepted", now


def answer_local(actor: Actor, assembly_id: int, link_id: int, is_agreed: bool, *, now: datetime) -> None:
    """The convener of the larger assembly takes a local one in, or does not."""
    parent = to_change(actor, assembly_id)
    hold(TREE)
    row = queries.link_for(parent, link_id)
    if row.state != "asked":
        raise Refused(N_("This was answered already."))
    if is_agreed:
        if problems := issues_in_link(row.child_id, parent.id, queries.parent_edges(row.child_id, parent.id), "announced", parent.state):
            raise Refused(problems)
        session().add(FederationEdge(child_id=row.child_id, parent_id=parent.id))
        partner = session().scalar(select(AssemblyPartner).where(AssemblyPartner.assembly_id == parent.id, AssemblyPartner.partner_id == row.partner_id))
        if partner is None:
            session().add(AssemblyPartner(org_id=parent.org_id, assembly_id=parent.id, partner_id=row.partner_id, state="accepted", answered_at=now))
        else:
            partner.state, partner.answered_at = "accepted", now
    row.state, row.answered_at = "agreed" if is_agreed else "declined", now
    session().flush()
    audit.record(actor, f"federation.{row.state}", now=now, subject=("assembly", assembly_id), after={"child": row.child_id})


def leave_larger(actor: Actor, assembly_id: int, *, now: datetime) -> None:
    """Takes an assembly out of the larger one, as long as nothing was sent up and no seats were published for it."""
    child = to_change(actor, assembly_id)
    hold(TREE)
    row = queries.upward(child, lock=True)
    if row is None:
        raise Refused(N_("This assembly is part of no other."))
    seats = select(Delegation.id).where(Delegation.assembly_id == row.parent_id, Delegation.child_id == child.id, Delegation.seats.is_not(None))
    if queries.inputs_up(child) or session().scalar(seats.limit(1)):
        raise Refused(N_("It has sent inputs up, or has seats there. What was done together stays together."))
    session().execute(delete(FederationEdge).where(FederationEdge.child_id == child.id))
    session().delete(row)
    session().flush()
    audit.record(actor, "federation.left", now=now, subject=("assembly", assembly_id))


def send_up(
    actor: Actor, assembly_id: int, title: str, text: str, numbers: Mapping[str, int | None], from_id: int | None = None, *, now: datetime,
) -> int:
    """Sends an input up, with this assembly's name and numbers; `from_id` passes on one that came from below, with the places it has passed."""
    child = to_change(actor, assembly_id)
    link = queries.upward(child, lock=True)
    below = queries.input_to(child, from_id) if from_id else None
    problems = issues_in_input(title, text, numbers)
    if link is None or link.state != "agreed":
        problems.append(Reason(N_("This assembly is part of no larger one yet.")))
    if below is not None and below.id in queries.passed_on(child):
        problems.append(Reason(N_("This input was sent up already.")))
    elif below is None and " ".join(title.split()).casefold() in {row.title.casefold() for row in queries.inputs_up(child) if row.state == "sent"}:
        problems.append(Reason(N_("An input in these words waits for a decision already. Take it back to send it anew."), {}, "title"))
    if problems or link is None:
        raise Refused(problems)
    number = (session().scalar(select(func.max(AssemblyInput.number)).where(AssemblyInput.child_id == child.id)) or 0) + 1
    row = AssemblyInput(
        org_id=link.org_id, partner_id=actor.org_id, id=new_id(), parent_id=link.parent_id, child_id=child.id, number=number,
        title=" ".join(title.split())[:200], text=text.strip(), from_id=from_id, above=[],
        origin=origin_of(child.title, numbers, below.origin if below else ()),
    )
    session().add(row)
    session().flush()
    audit.record(actor, "input.sent", now=now, subject=("assembly", assembly_id), after={"input": row.id, "number": number})
    return row.id


def take_input_back(actor: Actor, assembly_id: int, input_id: int, *, now: datetime) -> None:
    """Takes an input back that nobody has decided yet."""
    row = queries.input_from(to_change(actor, assembly_id), input_id)
    if row.state != "sent":
        raise Refused(N_("It is decided, so it stays."))
    session().delete(row)
    session().flush()
    audit.record(actor, "input.taken_back", now=now, subject=("assembly", assembly_id), before={"number": row.number})


def decide_input(actor: Actor, assembly_id: int, input_id: int, state: str, answer: str, *, now: datetime) -> None:
    """Writes down what the larger assembly decided. Whoever sent it reads it at once; what came from further below goes on down."""
    parent = doors.assembly_to_run(actor, assembly_id)
    row = queries.input_to(parent, input_id, lock=True)
    if problems := issues_in_decision(state, answer):
        raise Refused(problems)
    before = row.state
    row.state, row.answer, row.answered_by, row.answered_at = state, answer.strip(), actor.name, now
    session().flush()
    audit.record(actor, "input.decided", now=now, subject=("assembly", assembly_id), before={"state": before}, after={"input": row.id, "state": state})
    _pass_down(row, now)


def _pass_down(row: AssemblyInput, now: datetime) -> None:
    if row.from_id is not None:
        enqueue(row.partner_id, RESULT_JOB, {"input_id": row.id}, now=now, key=f"result:{row.id}:{now.isoformat()}")


def carry_down(input_id: int, *, now: datetime) -> None:
    """For the assembly in the middle: the result from above goes to the one below that began it, and from there further down."""
    upper = session().scalar(select(AssemblyInput).where(AssemblyInput.id == input_id))
    if upper is None or upper.from_id is None:
        return
    lower = session().scalar(select(AssemblyInput).where(AssemblyInput.id == upper.from_id).with_for_update())
    link = session().scalar(select(Federation).where(Federation.child_id == upper.child_id))
    if lower is None or link is None:
        return
    lower.above = [{"title": link.parent_title, "state": upper.state, "answer": upper.answer}, *upper.above]
    session().flush()
    _pass_down(lower, now)
