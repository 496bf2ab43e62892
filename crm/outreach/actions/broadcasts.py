"""Verbs of broadcasts: write, confirm (which freezes the audience), stop, send the rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import ask_to_stop, enqueue
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.texts import ensure_sender
from crm.outreach.models import Broadcast, Exclusion, Text
from crm.outreach.queries.broadcasts import (
    aim,
    broadcast_for,
    field_values,
    issues_with,
    people_of,
    plan_of,
    sample_link,
    seen_of,
)
from crm.outreach.queries.subjects import subject_of
from crm.outreach.rules.audience import Plan, Recipient
from crm.outreach.rules.outbox import OPEN_STATES
from crm.outreach.rules.segments_of_text import repaired, size_of
from crm.outreach.rules.templates import LINK, body_for, completed, fields_in, fill, link_place

AT_ONCE = 500  # texts queued in the transaction that confirms; more are queued by the job, in slices of this size


def save_draft(
    actor: Actor,
    broadcast_id: int | None,
    *,
    name: str,
    audience: str,
    bodies: Mapping[str, str],
    begins_at: datetime | None,
    now: datetime,
) -> int:
    """Writes a draft, new or again, and returns its id. `audience` is segment:ID or KIND:ID:LIST."""
    if broadcast_id is None:
        draft = Broadcast(org_id=actor.org_id, id=new_id(), created_by=actor.account_id, sender_name=actor.name, created_at=now)
        session().add(draft)
    else:
        draft = broadcast_for(actor, broadcast_id, lock=True)
        if draft.state != "draft":
            raise Refused(N_("This text is on its way already. Its words cannot change any more."))
    if not aim(draft, audience):
        raise Refused(Reason(N_("Choose who gets it."), field="audience"))
    draft.name, draft.begins_at = name.strip(), begins_at
    draft.bodies = {language: body.strip() for language, body in bodies.items() if body.strip()}
    people_of(actor, draft, now)  # the door: an audience that is not theirs is missing
    session().flush()
    return draft.id


def repair_draft(actor: Actor, broadcast_id: int) -> int:
    """Replaces curly quotes, long dashes and odd spaces in a draft's words; accents stay."""
    draft = broadcast_for(actor, broadcast_id, lock=True)
    if draft.state == "draft":
        draft.bodies = {language: repaired(body) for language, body in draft.bodies.items()}
        session().flush()
    return draft.id


def confirm_broadcast(actor: Actor, broadcast_id: int, *, now: datetime, seen: str | None = None) -> int:
    """Freezes who gets what and starts sending; every issue at once if something is wrong. Twice is once."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "draft":
        return broadcast.id
    if seen is not None and seen != seen_of(broadcast):
        raise Refused(N_("Someone changed this text after you looked it over. Look again, then send."))
    ensure_sender(actor, now=now)
    plan = plan_of(actor, broadcast, now)
    if not plan.count:
        raise Refused(N_("Nobody would get this text. See why below."))
    if issues := issues_with(actor, broadcast, plan):
        raise Refused(issues)
    broadcast.confirmed_at = now
    broadcast.text_count, broadcast.excluded_count = plan.count, plan.out_count
    broadcast.job_id = enqueue(
        actor.org_id,
        "outreach.send",
        {"broadcast_id": broadcast.id},
        now=now,
        key=f"broadcast:{broadcast.id}",
        total=plan.count,
    )
    broadcast.state = "freezing"
    session().flush()
    _exclude(actor, broadcast, plan)
    if plan.count <= AT_ONCE:
        queue_slice(actor, broadcast, plan.recipients, now=now)
        broadcast.state = "sending"
    audit.record(
        actor,
        "broadcast.confirmed",
        now=now,
        subject=("broadcast", broadcast.id),
        after={"name": broadcast.name, "texts": plan.count, "left_out": plan.out_count},
    )
    session().flush()
    return broadcast.id


def start_broadcast(
    actor: Actor,
    *,
    name: str,
    audience: str,
    bodies: Mapping[str, str],
    now: datetime,
    begins_at: datetime | None = None,
) -> int:
    """Writes and confirms in one go, for rooms that send by themselves (a vote's links to its roll); returns the id."""
    broadcast_id = save_draft(actor, None, name=name, audience=audience, bodies=bodies, begins_at=begins_at, now=now)
    return confirm_broadcast(actor, broadcast_id, now=now)


def _exclude(actor: Actor, broadcast: Broadcast, plan: Plan) -> None:
    rows = [
        {
            "org_id": actor.org_id,
            "id": new_id(),
            "broadcast_id": broadcast.id,
            "person_id": person.person_id,
            "reason": reason,
            "created_at": broadcast.confirmed_at,
        }
        for reason, people in plan.left_out.items()
        for person in people
    ]
    if rows:
        session().execute(insert(Exclusion), rows)


def queue_slice(actor: Actor, broadcast: Broadcast, recipients: Sequence[Recipient], *, now: datetime) -> None:
    """Queues the texts of some recipients, in order of their phones, and notes how far the queue has come."""
    common: dict[str, dict[str, str]] = {}
    links, organization = _links(actor, broadcast, recipients, now), organization_of(actor).name
    if broadcast.subject_kind:
        subject_of(broadcast.subject_kind).asked(actor, broadcast.subject_id, _people(recipients), now)
    rows: list[dict[str, Any]] = []
    for one in recipients:
        language, words = body_for(broadcast.bodies, one.language)
        words = completed(words, language, organization)
        if language not in common:
            common[language] = field_values(actor, broadcast, language)
        own = {
            "first_name": one.greeting(language),
            "link": " ".join(link_place(links[person_id]) for person_id in one.person_ids if person_id in links),
        }
        rows.append(_row(actor, broadcast, one, language, fill(words, common[language] | own, language), now))
    session().execute(insert(Text), rows)
    broadcast.frozen_up_to = recipients[-1].phone
    session().flush()


def _row(actor: Actor, broadcast: Broadcast, one: Recipient, language: str, body: str, now: datetime) -> dict[str, Any]:
    return {
        "org_id": actor.org_id,
        "id": new_id(),
        "created_at": now,
        "direction": "out",
        "person_id": one.person_ids[0],
        "broadcast_id": broadcast.id,
        "phone": one.phone,
        "body": body,
        "language": language,
        "key": f"broadcast:{broadcast.id}:{one.phone}",
        "purpose": broadcast.purpose,
        "subject_kind": broadcast.subject_kind,
        "subject_id": broadcast.subject_id,
        "state": "queued",
        "queued_at": now,
        "not_before_at": one.not_before_at,
        "parts": size_of(LINK.sub(sample_link(), body)).parts,
        "created_by": broadcast.created_by,
    }


def _links(actor: Actor, broadcast: Broadcast, recipients: Sequence[Recipient], now: datetime) -> Mapping[int, int]:
    if not broadcast.subject_kind or not any("link" in fields_in(body) for body in broadcast.bodies.values()):
        return {}
    make = subject_of(broadcast.subject_kind).links
    return make(actor, broadcast.subject_id, _people(recipients), now) if make else {}


def _people(recipients: Sequence[Recipient]) -> list[int]:
    return [person_id for one in recipients for person_id in one.person_ids]


def freeze_slice(actor: Actor, broadcast_id: int, plan: Plan, *, now: datetime) -> bool:
    """One more slice of a large broadcast is queued; True when all are, and sending may begin."""
    broadcast = session().scalar(
        select(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state == "freezing").with_for_update().execution_options(populate_existing=True)
    )
    if broadcast is None:
        return True
    rest = [one for one in plan.recipients if one.phone > broadcast.frozen_up_to]
    if rest[:AT_ONCE]:
        queue_slice(actor, broadcast, rest[:AT_ONCE], now=now)
    if len(rest) > AT_ONCE:
        return False
    broadcast.state = "sending"
    broadcast.text_count = session().scalar(select(func.count()).select_from(Text).where(Text.broadcast_id == broadcast.id))
    session().flush()
    return True


def stop_broadcast(actor: Actor, broadcast_id: int, *, now: datetime) -> int:
    """Nothing new leaves from this moment; what has not left stays queued and can be sent later."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state == "freezing":
        raise Refused(N_("The list is still being written down. Press stop again in a moment: nothing has left yet."))
    if broadcast.state == "sending":
        broadcast.state = "stopped"
        ask_to_stop(actor, broadcast.job_id)
        audit.record(actor, "broadcast.stopped", now=now, subject=("broadcast", broadcast.id), after={"name": broadcast.name})
        session().flush()
    return broadcast.id


def resume_broadcast(actor: Actor, broadcast_id: int, *, now: datetime) -> int:
    """Sends what a stop left in the queue."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "stopped":
        return broadcast.id
    ensure_sender(actor, now=now)
    left = session().scalar(select(func.count()).select_from(Text).where(Text.broadcast_id == broadcast.id, Text.state == "queued"))
    broadcast.state = "sending"
    broadcast.job_id = enqueue(actor.org_id, "outreach.send", {"broadcast_id": broadcast.id}, now=now, total=left)
    audit.record(actor, "broadcast.resumed", now=now, subject=("broadcast", broadcast.id), after={"name": broadcast.name})
    session().flush()
    return broadcast.id


def drop_draft(actor: Actor, broadcast_id: int) -> None:
    """Throws a draft away."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "draft":
        raise Refused(N_("This text is on its way already. You can stop it."))
    session().delete(broadcast)
    session().flush()


def finish_broadcasts(actor: Actor) -> None:
    """Marks as sent every broadcast of which nothing is open any more."""
    is_open = exists().where(Text.org_id == Broadcast.org_id, Text.broadcast_id == Broadcast.id, Text.state.in_(OPEN_STATES))
    session().execute(update(Broadcast).where(Broadcast.state == "sending", ~is_open).values(state="sent").execution_options(synchronize_session=False))


def next_due(broadcast_id: int) -> datetime | None:
    """When there is something to do for a broadcast again; None when nothing of it is open or it was stopped."""
    return session().scalar(
        select(func.min(func.coalesce(Text.lease_until, Text.not_before_at)))
        .join(Broadcast, (Broadcast.org_id == Text.org_id) & (Broadcast.id == Text.broadcast_id))
        .where(Broadcast.id == broadcast_id, Broadcast.state == "sending", Text.state.in_(OPEN_STATES))
    )
