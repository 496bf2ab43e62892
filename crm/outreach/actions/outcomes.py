"""One tap: what a text meant is written down where it belongs, and the last tap can be taken back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update

from crm.accounts.queries import colleagues
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.actions.consent import revoke_consent
from crm.outreach.actions.inbox import mine, settle, tell
from crm.outreach.actions.replies import hand_over, handler_of
from crm.outreach.models import Text, Thread
from crm.outreach.queries.inbox import last_asked, sharers_of, unread_of
from crm.outreach.rules.replies import Reading
from crm.outreach.rules.replies import threads as rules
from crm.people.actions import remove_tag, tag_people
from crm.people.models import Phone

OUTCOMES = tuple(rules.OUTCOME_WORDS)
FINAL = frozenset({"opt_out", "wrong_number"})
"""What cannot be taken back: a number that wants no texts starts again by its owner's word only."""
NO_END = "no_end"  # what they wrote might have asked for no texts, and did not
UNDO_WITHIN = timedelta(hours=1)
TAKE_BACK: dict[str, Callable[..., None]] = {}
"""Kind of subject → take_back(actor, person_id, subject_id, *, since, now): the room below forgets what an outcome wrote there."""
NEXT_STEPS: list[tuple[Callable[..., int], Callable[..., None]]] = []
"""How a next step with owner and day is planned, and dropped again; filled in create_app."""


def record_outcome(actor: Actor, thread_id: int, outcome: str, *, now: datetime) -> int:
    """Writes down with one tap what a text meant: an answer to what was asked, a need, an opt-out, a wrong number."""
    thread = mine(actor, thread_id)
    was = _as_it_is(thread)
    record_in(actor, thread, outcome, now=now)
    asked = None if outcome in {*FINAL, NO_END} else last_asked(actor, thread.phone, now)
    verb = "read" if outcome == NO_END else "outcome" if asked else ""
    _remember(actor, thread, was, now, verb=verb, asked=_about(asked), person=thread.person_id)
    return thread.id


def record_in(actor: Actor, thread: Thread, outcome: str, *, now: datetime) -> None:
    """The same for whoever a door let in."""
    if outcome not in OUTCOMES:
        raise Refused(N_("Choose what they meant."))
    unread, thread.may_end_since = unread_of(thread), None
    thread.reason = "other" if thread.reason == "may_end" else thread.reason
    if outcome == "opt_out":
        said, evidence = (unread.body, f"text {unread.id}") if unread else (thread.last_in_body, "")
        revoke_consent(actor, thread.phone, source="text", now=now, person_id=thread.person_id, said=said, evidence=evidence)
        settle(thread)
    elif outcome == "wrong_number":
        _set_aside_number(actor, thread, now)
    elif outcome != NO_END:
        _hand_over(actor, thread, outcome, now)
    tell(actor, "reply.outcome", thread, now, outcome=rules.OUTCOME_WORDS[outcome])


def _hand_over(actor: Actor, thread: Thread, outcome: str, now: datetime) -> None:
    asked, held = last_asked(actor, thread.phone, now), rules.remembered(thread.facts)
    if thread.person_id is None:
        raise Refused(N_("Say first whose number this is."))
    if handler_of(asked) is None:
        raise Refused(N_("No text asked them anything lately, so there is nothing to write this down for."))
    reading = _reading_of(outcome, held)
    if reading is None:
        raise Refused(N_("Choose what they meant."))
    if hand_over(Actor.system(actor.org_id) if actor.link else actor, asked, thread.person_id, reading, now=now) is None:
        raise Refused(N_("This could not be written down: it is over, or they are no longer on the list."))
    thread.facts = {name: value for name, value in thread.facts.items() if name != "reading"}
    if outcome in ("as_read", "yes", "no", "maybe") and thread.reason not in ("question", "person"):
        settle(thread)


def _reading_of(outcome: str, held: Reading | None) -> Reading | None:
    if outcome == "as_read":
        return held if held and held.intent in rules.ANSWERS else None
    kind = outcome.partition(":")[2]
    if kind:
        count = dict(held.supports).get(kind, 1) if held else 1
        return Reading("supports", supports=((kind, count),))
    return replace(held, intent=outcome, supports=()) if held and held.intent == outcome else Reading(outcome)


def _set_aside_number(actor: Actor, thread: Thread, now: datetime) -> None:
    """Somebody else has this number: they never agreed, so they get nothing, and our people no longer have it for texts."""
    owners = [one.id for one in sharers_of(actor, thread.phone)]
    revoke_consent(actor, thread.phone, source="text", now=now, person_id=thread.person_id, said=thread.last_in_body)
    session().execute(update(Phone).where(Phone.e164 == thread.phone).values(is_textable=False))
    for person_id in owners:
        audit.record(actor, "number.wrong", now=now, person_id=person_id, subject=("thread", thread.id))
    thread.person_id = None
    settle(thread)


# Tags and next steps ---------------------------------------------------------------------------------------------


def tag_from(actor: Actor, thread_id: int, tag: str, *, now: datetime) -> int:
    """Puts a tag on the person who wrote."""
    thread = mine(actor, thread_id)
    person_id = _whose(thread)
    was = _as_it_is(thread)
    got = tag_people(actor, [person_id], tag, now=now)
    _remember(actor, thread, was, now, verb="tag" if got else "", tag=tag.strip(), person=person_id)
    return thread.id


def plan_step(actor: Actor, thread_id: int, words: str, on: date | None, account_id: int, *, now: datetime) -> int:
    """Plans a next step with the person who wrote: what, by when, and who sees to it."""
    thread = mine(actor, thread_id)
    person_id, names = _whose(thread), dict(colleagues(actor, now))
    if account_id not in names:
        raise Refused(Reason(N_("Choose someone of your organization."), field="owner_id"))
    was = _as_it_is(thread)
    plan, _drop = NEXT_STEPS[0]
    step_id = plan(actor, person_id, words, on, (account_id, names[account_id]), now=now)
    if thread.state == "needs_answer":
        settle(thread)
    _remember(actor, thread, was, now, verb="step", step=step_id, person=person_id)
    return thread.id


def _whose(thread: Thread) -> int:
    if thread.person_id is None:
        raise Refused(N_("Say first whose number this is."))
    return thread.person_id


# Taking back -----------------------------------------------------------------------------------------------------


def _as_it_is(thread: Thread) -> dict[str, Any]:
    until, since = thread.snoozed_until, thread.may_end_since
    return {
        "state": thread.state, "reason": thread.reason, "until": until.isoformat() if until else None,
        "unread": since.isoformat() if since else None, "reading": thread.facts.get("reading"),
    }


def _about(asked: Text | None) -> list[Any] | None:
    return [asked.purpose if asked.purpose in TAKE_BACK else asked.subject_kind, asked.subject_id] if asked else None


def _remember(actor: Actor, thread: Thread, was: Mapping[str, Any], now: datetime, *, verb: str, **what: Any) -> None:
    kept = {name: value for name, value in thread.facts.items() if name != "undo"}
    undo = {"verb": verb, "by": actor.account_id, "at": now.isoformat(), "was": dict(was), **what}
    thread.facts = kept | ({"undo": undo} if verb else {})
    session().flush()


def close_thread(actor: Actor, thread_id: int, *, now: datetime) -> int:
    """Nothing more to say here for now."""
    thread = mine(actor, thread_id)
    if thread.state != "done":
        was = _as_it_is(thread)
        settle(thread)
        tell(actor, "thread.done", thread, now)
        _remember(actor, thread, was, now, verb="done")
    return thread.id


def undo_last(actor: Actor, thread_id: int, *, now: datetime) -> int:
    """Takes back one's own last tap on a conversation: what it wrote elsewhere goes, and the conversation stands as before."""
    thread = mine(actor, thread_id)
    last = thread.facts.get("undo")
    if not may_undo(actor, thread, now):
        raise Refused(N_("There is nothing to take back here any more."))
    at, person_id = datetime.fromisoformat(last["at"]), last.get("person")
    if last["verb"] == "outcome" and last["asked"] and (take_back := TAKE_BACK.get(last["asked"][0])):
        take_back(actor, person_id, last["asked"][1], since=at, now=now)
    elif last["verb"] == "tag":
        remove_tag(actor, person_id, last["tag"], now=now)
    elif last["verb"] == "step":
        NEXT_STEPS[0][1](actor, last["step"], now=now)
    was = last["was"]
    thread.state, thread.reason = was["state"], was["reason"]
    thread.snoozed_until = datetime.fromisoformat(was["until"]) if was["until"] else None
    thread.may_end_since = datetime.fromisoformat(was["unread"]) if was.get("unread") else None
    thread.facts = {name: value for name, value in {**thread.facts, "undo": None, "reading": was["reading"]}.items() if value is not None}
    tell(actor, "thread.undone", thread, now)
    return thread.id


def may_undo(actor: Actor, thread: Thread, now: datetime) -> bool:
    """Whether this actor's last tap here can still be taken back: it is theirs, of this hour, and nobody wrote since."""
    last = thread.facts.get("undo")
    if not isinstance(last, Mapping) or last["by"] != actor.account_id:
        return False
    at = datetime.fromisoformat(last["at"])
    return now - at <= UNDO_WITHIN and (thread.last_in_at is None or thread.last_in_at <= at)
