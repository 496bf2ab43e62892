"""Finding in the inbox: conversations by person, number or words; texts that did not arrive, by state and code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.patience import TooLong, at_most
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.outreach.models import ConsentState, Text, Thread
from crm.outreach.queries.inbox import awake, with_person
from crm.outreach.rules.failures import FAILED_STATES
from crm.people.models import Person
from crm.people.queries import matches

TABS = ("answer", "mine", "later", "all", "stopped")
MOST_FOUND = 500
PATIENCE = 2.0


@dataclass(frozen=True)
class Asked:
    """What the list is asked for."""

    tab: str = "answer"
    q: str = ""
    who: int | None = None  # an account; 0 for nobody
    reason: str = ""


def threads_page(actor: Actor, asked: Asked, after: str | None, now: datetime) -> Page:
    """One page of conversations, newest first, each with its person. A search looks through all of them."""
    wanted = awake(now) if asked.tab == "answer" and not asked.q else select(Thread)
    if asked.q:
        wanted = wanted.where(_found(actor, asked.q))
    elif asked.tab == "mine":
        wanted = wanted.where(Thread.assigned_id == actor.account_id, Thread.state != "done")
    elif asked.tab == "later":
        wanted = wanted.where(Thread.state == "needs_answer", Thread.snoozed_until > now)
    elif asked.tab == "stopped":
        wanted = wanted.where(Thread.phone.in_(select(ConsentState.phone).where(ConsentState.state == "revoked")))
    elif asked.tab == "all":
        wanted = wanted.where(Thread.last_in_at.is_not(None))
    if asked.who is not None:
        wanted = wanted.where(Thread.assigned_id == asked.who if asked.who else Thread.assigned_id.is_(None))
    if asked.reason:
        wanted = wanted.where(Thread.state == "needs_answer", Thread.reason == asked.reason)
    return keyset(with_person(wanted), [Thread.last_at.desc(), Thread.id.desc()], after)


def _found(actor: Actor, q: str) -> object:
    """Whose name or number it is, or who wrote these words; whoever sees numbers veiled finds nobody by number."""
    digits = "".join(letter for letter in q if letter.isdecimal())
    by_number = Thread.phone.contains(digits) if len(digits) >= 4 and actor.may(Action.SEE_CONTACTS) else false()
    return or_(Thread.person_id.in_(select(Person.id).where(*matches(actor, q, ()))), by_number, Thread.phone.in_(_who_wrote(q)))


def _who_wrote(q: str) -> list[str]:
    """Phones from which these words came, the latest first; none where that takes longer than a reader's patience."""
    came = select(Text.phone, func.max(Text.queued_at)).where(Text.direction == "in", Text.body.icontains(q, autoescape=True)).group_by(Text.phone)
    try:
        with at_most(PATIENCE):
            return [phone for phone, _at in session().execute(came.order_by(func.max(Text.queued_at).desc()).limit(MOST_FOUND))]
    except TooLong:
        return []


def next_waiting(actor: Actor, now: datetime, but: int) -> int | None:
    """The conversation that has waited longest and is nobody else's: what to do next."""
    free = or_(Thread.assigned_id.is_(None), Thread.assigned_id == actor.account_id)
    return session().scalar(awake(now).with_only_columns(Thread.id).where(Thread.id != but, free).order_by(Thread.last_at, Thread.id).limit(1))


# Texts that did not arrive ---------------------------------------------------------------------------------------


def failed_page(actor: Actor, state: str, code: int | None, after: str | None) -> Page:
    """One page of texts of that state, newest first, each with its person and its conversation, if there is one."""
    wanted = (
        select(Text, Person, Thread.id.label("thread_id"))
        .outerjoin(Person, (Person.org_id == Text.org_id) & (Person.id == Text.person_id))
        .outerjoin(Thread, (Thread.org_id == Text.org_id) & (Thread.phone == Text.phone))
        .where(Text.state == state, Text.direction == "out")
    )
    if code:
        wanted = wanted.where(Text.error_code == code)
    return keyset(wanted, [Text.id.desc()], after)


def failed_counts(actor: Actor) -> dict[str, int]:
    """How many texts are in each state that asks for a look."""
    states = tuple(FAILED_STATES)
    return dict(session().execute(select(Text.state, func.count()).where(Text.state.in_(states), Text.direction == "out").group_by(Text.state)).all())


def failed_codes(actor: Actor, state: str) -> list[tuple[int, int]]:
    """(code, how many) among the texts of a state, the most first."""
    counted = select(Text.error_code, func.count()).where(Text.state == state, Text.error_code.is_not(None)).group_by(Text.error_code)
    return [tuple(row) for row in session().execute(counted.order_by(func.count().desc(), Text.error_code).limit(20))]
