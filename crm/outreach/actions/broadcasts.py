"""Verbs of broadcasts: write, confirm (which freezes who gets what), stop, send the rest, throw away."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import exists, func, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import ask_to_stop, enqueue
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.actions import freezing
from crm.outreach.actions.texts import ensure_sender
from crm.outreach.models import Broadcast, Text
from crm.outreach.queries.broadcasts import aim, audience_size, broadcast_for, languages_of, people_of, zone_of
from crm.outreach.queries.plans import composer_of, issues_with, options_of, plan_of, preview_of, seen_of
from crm.outreach.rules.audience import Plan
from crm.outreach.rules.gate import KINDS, SAFETY
from crm.outreach.rules.lint import cautions_in
from crm.outreach.rules.options import EXACT, needs_second
from crm.outreach.rules.outbox import OPEN_STATES
from crm.outreach.rules.segments_of_text import repaired


def save_draft(
    actor: Actor,
    broadcast_id: int | None,
    *,
    name: str,
    audience: str,
    bodies: Mapping[str, str],
    begins: tuple[date, time] | None = None,
    purpose: str = "organizing",
    now: datetime,
) -> int:
    """Writes a draft, new or again, and returns its id. `audience` is segment:ID or KIND:ID:LIST; `begins` a day and an hour on the
    wall there. Changed while a second person is asked, it is a draft again."""
    if broadcast_id is None:
        draft = Broadcast(org_id=actor.org_id, id=new_id(), created_by=actor.account_id, sender_name=actor.name, created_at=now)
        session().add(draft)
    else:
        draft = to_change(actor, broadcast_id)
    if not aim(draft, audience):
        raise Refused(Reason(N_("Choose who gets it."), field="audience"))
    if draft.segment_id is not None and purpose in KINDS:
        draft.purpose = purpose
    draft.name = name.strip()
    draft.time_zone = zone_of(actor, draft)
    draft.begins_on, draft.begins_clock = begins or (None, None)
    draft.bodies = {language: body.strip() for language, body in bodies.items() if body.strip()}
    people_of(actor, draft, now)  # the door: an audience that is not theirs is missing
    session().flush()
    return draft.id


def to_change(actor: Actor, broadcast_id: int) -> Broadcast:
    """The draft, locked; whoever was asked to agree has to be asked anew."""
    draft = broadcast_for(actor, broadcast_id, lock=True)
    if draft.state not in ("draft", "asked"):
        raise Refused(N_("This text is on its way already. Its words cannot change any more."))
    draft.state, draft.seen, draft.stopped_because = "draft", None, ""
    draft.asked_by, draft.asked_name, draft.asked_at = None, "", None
    return draft


def repair_draft(actor: Actor, broadcast_id: int) -> int:
    """Replaces curly quotes, long dashes and odd spaces in a draft's words; accents stay."""
    draft = broadcast_for(actor, broadcast_id, lock=True)
    if draft.state == "draft":
        draft.bodies = {language: repaired(body) for language, body in draft.bodies.items()}
        session().flush()
    return draft.id


def confirm_broadcast(
    actor: Actor, broadcast_id: int, *, now: datetime, seen: str | None = None, is_split: bool = False, is_careful: bool = False
) -> int:
    """Sends a draft, or asks a second person where there are many; every issue at once if something is wrong. Twice is once."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "draft":
        return broadcast.id
    if seen is not None and seen != seen_of(broadcast):
        raise Refused(N_("Someone changed this text after you looked it over. Look again, then send."))
    broadcast.is_split, broadcast.stopped_because = is_split, ""
    if not is_careful and cautions_in(broadcast.bodies):
        raise Refused(Reason(N_("Read what stands about these words, and tick that you decided to write them."), field="is_careful"))
    found = _checked(actor, broadcast, now)
    if broadcast.purpose == SAFETY or needs_second(found.people, found.texts, options_of(actor).two_people_above):
        ask_second(actor, broadcast, found, now)
    else:
        send(actor, broadcast, found, now)
    session().flush()
    return broadcast.id


class Checked(NamedTuple):
    """What is known when someone presses: how many people, how many texts at most, and who gets what unless there are too many to
    plan them while others wait to write: the job plans those."""

    people: int
    texts: int
    left_out: int = 0
    plan: Plan | None = None


def _checked(actor: Actor, broadcast: Broadcast, now: datetime) -> Checked:
    """Refuses a broadcast that would reach nobody, whose words are wrong, or that cannot all leave in its hours."""
    ensure_sender(actor, now=now)
    people = audience_size(actor, broadcast, now)
    plan = plan_of(actor, broadcast, now) if people <= EXACT else None
    if not (plan.count if plan else people):
        raise Refused(N_("Nobody would get this text. See why below."))
    issues = issues_with(actor, broadcast, set(plan.languages) if plan else languages_of(actor, broadcast, now))
    if plan:
        issues += preview_of(actor, broadcast, plan, now).issues
    if issues:
        raise Refused(issues)
    return Checked(people, plan.count, plan.out_count, plan) if plan else Checked(people, people)


def ask_second(actor: Actor, broadcast: Broadcast, found: Checked, now: datetime) -> None:
    """A second person must agree to exactly these words, this list and this hour."""
    broadcast.state, broadcast.seen, broadcast.text_count = "asked", seen_of(broadcast), found.texts
    broadcast.asked_by, broadcast.asked_name, broadcast.asked_at = actor.account_id, actor.name, now
    _tell(actor, "broadcast.asked", broadcast, now, texts=found.texts)


def agree_broadcast(actor: Actor, broadcast_id: int, *, now: datetime, seen: str | None = None) -> int:
    """A second person agrees to what the first one asked for, and it is sent."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "asked":
        return broadcast.id
    if actor.account_id is None or actor.account_id == broadcast.asked_by:
        raise Refused(N_("You asked for this yourself. A second person has to agree."))
    if not broadcast.seen == seen_of(broadcast) == (seen or broadcast.seen):
        raise Refused(N_("Someone changed this text after you looked it over. Look again, then send."))
    found = _checked(actor, broadcast, now)
    broadcast.agreed_by, broadcast.agreed_name = actor.account_id, actor.name
    _tell(actor, "broadcast.agreed", broadcast, now, texts=found.texts, asked=broadcast.asked_name)
    send(actor, broadcast, found, now)
    session().flush()
    return broadcast.id


def return_draft(actor: Actor, broadcast_id: int) -> int:
    """The question to a second person is taken back: it is a draft again."""
    to_change(actor, broadcast_id)
    session().flush()
    return broadcast_id


def send(actor: Actor, broadcast: Broadcast, found: Checked, now: datetime) -> None:
    """From here who gets what is fixed: a short list is written down at once, a long one by the job, and then it leaves."""
    broadcast.confirmed_at = now
    broadcast.text_count, broadcast.excluded_count = found.texts, found.left_out
    broadcast.job_id = _job(actor, broadcast, now, found.texts)
    broadcast.state = "freezing"
    session().flush()
    if found.plan and found.people <= freezing.AT_ONCE:
        freezing.write_exclusions(broadcast.id, found.plan, now=now)
        if found.plan.recipients:
            composer = composer_of(actor, broadcast)
            freezing.queue_slice(actor, broadcast, [(one, composer.write(one)) for one in found.plan.recipients], now=now)
        freezing.end_freezing(broadcast)
    _tell(actor, "broadcast.confirmed", broadcast, now, texts=found.texts, left_out=found.left_out)


def _job(actor: Actor, broadcast: Broadcast, now: datetime, total: int) -> int:
    return enqueue(actor.org_id, "outreach.send", {"broadcast_id": broadcast.id}, now=now, total=total)


def give_back(actor: Actor, broadcast_id: int, why: str) -> None:
    """The job found that a long list may not go out as it was confirmed: nothing has left, it is a draft again, and says why."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state == "freezing" and not broadcast.frozen_up_to:
        broadcast.state, broadcast.stopped_because, broadcast.confirmed_at = "draft", why, None
        session().flush()


def start_broadcast(actor: Actor, *, name: str, audience: str, bodies: Mapping[str, str], now: datetime) -> int:
    """Writes and confirms in one go, for what sends by itself; returns the id."""
    return confirm_broadcast(actor, save_draft(actor, None, name=name, audience=audience, bodies=bodies, now=now), now=now)


def stop_broadcast(actor: Actor, broadcast_id: int, *, now: datetime, because: str = "") -> int:
    """Nothing new leaves from this moment; what has not left stays queued and can be sent later."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state in ("freezing", "sending"):
        broadcast.state, broadcast.stopped_because = "stopped", because
        ask_to_stop(actor, broadcast.job_id)
        _tell(actor, "broadcast.paused" if because else "broadcast.stopped", broadcast, now)
        session().flush()
    return broadcast.id


def resume_broadcast(actor: Actor, broadcast_id: int, *, now: datetime) -> int:
    """Sends what a stop left in the queue, and writes down what it left unwritten; errors are watched anew."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state != "stopped":
        return broadcast.id
    ensure_sender(actor, now=now)
    left = session().scalar(select(func.count()).select_from(Text).where(Text.broadcast_id == broadcast.id, Text.state == "queued"))
    broadcast.state = "sending" if broadcast.frozen_up_to == freezing.ALL else "freezing"
    broadcast.stopped_because, broadcast.watched_from = "", now
    broadcast.job_id = _job(actor, broadcast, now, left or 0)
    _tell(actor, "broadcast.resumed", broadcast, now)
    session().flush()
    return broadcast.id


def _tell(actor: Actor, verb: str, broadcast: Broadcast, now: datetime, **after: object) -> None:
    audit.record(actor, verb, now=now, subject=("broadcast", broadcast.id), after={"name": broadcast.name, **after})


def drop_draft(actor: Actor, broadcast_id: int) -> None:
    """Throws a draft away."""
    broadcast = broadcast_for(actor, broadcast_id, lock=True)
    if broadcast.state not in ("draft", "asked"):
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
