"""Verbs of the outbox: record what the provider said and move on with callbacks; each is one short transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, column, select, update, values

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.runtime import settings
from crm.outreach.actions.effects import apply_effect, watch
from crm.outreach.models import Text
from crm.outreach.providers import Accepted, Answer, Message, Rejected, SlowDown, Status, read_status_key
from crm.outreach.rules.errors import effect_of
from crm.outreach.rules.outbox import MEANING, back_off, contradicts, next_by_callback
from crm.outreach.rules.templates import LINK


def patience() -> timedelta:
    """How long to wait before looking for an unclear attempt at the provider."""
    return timedelta(seconds=settings().lease_seconds)


def release_texts(actor: Actor, messages: Iterable[Message], *, now: datetime) -> None:
    """Gives back texts that were claimed and for which the provider was certainly not called."""
    for text, message in _texts_of(messages):
        if text.state == "claimed" and text.attempts == message.attempt:
            requeue(text, now, is_over=True)
            text.slowdowns += 1
    session().flush()


def record_answers(actor: Actor, answers: Sequence[tuple[Message, Answer]], *, now: datetime, jitter: float = 1.0) -> None:
    """Writes down what the provider said to each text of a batch."""
    sent = _accept_all([(message, answer) for message, answer in answers if isinstance(answer, Accepted)], now)
    done = {id for id, _person, _body in sent}
    said = {message.text_id: answer for message, answer in answers if message.text_id not in done}
    for text, message in _texts_of(message for message, _ in answers if message.text_id not in done):
        answer = said[text.id]
        if isinstance(answer, Accepted):
            if accept(text, answer.sid, answer.status, now):
                sent.append((text.id, text.person_id, text.body))
        elif text.attempts != message.attempt or text.state not in ("claimed", "unknown"):
            continue  # a callback or another worker knows more
        elif isinstance(answer, Rejected):
            reject(actor, text, answer.code, now)
        elif isinstance(answer, SlowDown):
            text.slowdowns, text.busy_answers = text.slowdowns + 1, text.busy_answers + 1
            requeue(text, now + back_off(text.busy_answers, jitter), is_over=True)
        else:
            mark_unclear(text, now)
    session().flush()
    _record_sent(actor, [(person_id, body) for _id, person_id, body in sent], now)


def _accept_all(taken: Sequence[tuple[Message, Accepted]], now: datetime) -> list[tuple[int, int | None, str]]:
    """The plain case of a whole batch in one statement: still claimed by the same try, no callback yet. What it left out goes one by one."""
    if not taken:
        return []
    said = values(column("text_id", BigInteger), column("attempt", BigInteger), column("sid", String), column("status", String), name="said").data(
        [(message.text_id, message.attempt, answer.sid, answer.status if MEANING.get(answer.status, ("",))[0] == "accepted" else "accepted")
         for message, answer in taken]
    ).cte("said")
    same_try = (Text.id == said.c.text_id) & (Text.attempts == said.c.attempt) & (Text.state == "claimed")
    done = (
        update(Text).where(same_try, Text.provider_sid.is_(None), Text.provider_status.is_(None))
        .values(state="accepted", provider_sid=said.c.sid, provider_status=said.c.status, lease_until=None, settled_at=now)
        .returning(Text.id, Text.person_id, Text.body).execution_options(synchronize_session=False)
    )
    sent = [tuple(row) for row in session().execute(done)]
    session().expire_all()
    return sent


def apply_status(actor: Actor, status: Status, *, now: datetime) -> bool:
    """Moves a text forward by what the network says. False if nothing changed."""
    return apply_statuses(actor, [status], now=now) == 1


def apply_statuses(actor: Actor, statuses: Sequence[Status], *, now: datetime) -> int:
    """Moves texts forward by what the network says, in any order, with repeats; how many of these words changed something."""
    keys = [read_status_key(status.key) for status in statuses]
    known = {key[1] for key in keys if key and key[0] == actor.org_id}
    ours = select(Text).where(Text.id.in_(known), Text.direction == "out").order_by(Text.id)
    held = {text.id: text for text in session().scalars(ours.with_for_update().execution_options(populate_existing=True))} if known else {}
    was_open = {text.id for text in held.values() if text.state in ("queued", "claimed", "unknown")}
    moved = [
        held[key[1]] for key, status in zip(keys, statuses, strict=True)
        if key and key[0] == actor.org_id and key[1] in held and _moves(actor, held[key[1]], key[2], status, now)
    ]
    session().flush()
    left = {text.id: text for text in moved if text.id in was_open and text.state in ("accepted", "delivered")}
    record_sent(actor, left.values(), now)
    return len(moved)


def _moves(actor: Actor, text: Text, attempt: int, status: Status, now: datetime) -> bool:
    if attempt <= text.closed_attempts:
        return _arrived_after_all(text, status, now)
    if contradicts(text.provider_status, status.status):
        text.conflicts += 1
        return False
    before = (text.state, text.provider_status)
    state, word = next_by_callback(*before, status.status)
    if (state, word) == before:
        return False
    text.provider_status, text.provider_sid = word, text.provider_sid or status.sid
    if state == "failed":
        reject(actor, text, status.code or 0, now)
    else:
        settle(text, state, now)
    return True


def _arrived_after_all(text: Text, status: Status, now: datetime) -> bool:
    """A try that was over is said to have arrived: it is counted, and a text that waited to go again stays."""
    if next_by_callback("accepted", None, status.status)[0] != "delivered" or text.state not in ("queued", "failed"):
        return False
    text.conflicts += 1
    text.provider_status, text.provider_sid = status.status, status.sid
    settle(text, "delivered", now)
    return True


def record_sent(actor: Actor, texts: Iterable[Text], now: datetime) -> None:
    """The timeline's line for each text that has left; links are not kept."""
    _record_sent(actor, [(text.person_id, text.body) for text in texts], now)


def _record_sent(actor: Actor, sent: Iterable[tuple[int | None, str]], now: datetime) -> None:
    lines = [{"person_id": person_id, "after": {"body": LINK.sub("…", body)}} for person_id, body in sent if person_id]
    audit.record_many(actor, "text.sent", lines, now=now)


def _texts_of(messages: Iterable[Message]) -> list[tuple[Text, Message]]:
    by_id = {message.text_id: message for message in messages}
    held = session().scalars(select(Text).where(Text.id.in_(by_id)).with_for_update().execution_options(populate_existing=True))
    return [(text, by_id[text.id]) for text in held]


def text_by_id(text_id: int) -> Text | None:
    """The outgoing text, locked."""
    return session().scalar(select(Text).where(Text.id == text_id, Text.direction == "out").with_for_update().execution_options(populate_existing=True))


def accept(text: Text, sid: str, status: str, now: datetime) -> bool:
    """Takes note that the text has left; True if that is news."""
    if text.provider_sid is None:
        text.provider_sid = sid
    if text.state not in ("queued", "claimed", "unknown"):
        return False
    state, text.provider_status = next_by_callback(text.state, text.provider_status, status)
    settle(text, state if state in ("accepted", "delivered") else "accepted", now)
    return True


def reject(actor: Actor, text: Text, code: int, now: datetime) -> None:
    """An error code: final or not, and what else it asks for."""
    effect = effect_of(code, text.attempts - text.slowdowns)
    text.error_code = code or None
    if effect.state == "queued":
        requeue(text, apply_effect(actor, text, effect, now), is_over=True)
    else:
        settle(text, "failed", now)
        apply_effect(actor, text, effect, now)
        watch(actor, text, now)


def mark_unclear(text: Text, now: datetime) -> None:
    """It may have left: it is looked for before anything else."""
    text.state, text.lease_until, text.probes = "unknown", None, 0
    text.not_before_at = now + patience()


def requeue(text: Text, at: datetime, *, is_over: bool) -> None:
    """Back to the queue; `is_over` when the last attempt is certainly over and its late callbacks mean nothing."""
    text.state, text.lease_until, text.not_before_at = "queued", None, at
    if is_over:
        text.closed_attempts, text.provider_sid, text.provider_status = text.attempts, None, None


def settle(text: Text, state: str, now: datetime) -> None:
    """The text is in a state that it keeps until the network says more."""
    text.state, text.lease_until, text.settled_at = state, None, now
