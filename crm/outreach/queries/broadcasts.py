"""Doors and reads of broadcasts: the list, the audience, how far sending is."""

from datetime import datetime

from sqlalchemy import Select, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, Exclusion, Text
from crm.outreach.queries.subjects import SUBJECTS, subject_of
from crm.outreach.rules.errors import STOPPING
from crm.outreach.rules.outbox import OPEN_STATES
from crm.outreach.rules.templates import FIRST_WORDS
from crm.people.models import Person
from crm.people.queries.segments import segment_for, segment_people, segments

MOST_NAMES = 500


def broadcast_for(actor: Actor, broadcast_id: int, lock: bool = False) -> Broadcast:
    """The broadcast, if it is this organization's and the actor may send texts."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None or not actor.may(Action.SEND_TEXTS):
        raise Missing
    return found


def broadcasts(actor: Actor, after: str | None = None) -> Page:
    """All broadcasts, newest first."""
    return keyset(select(Broadcast), [Broadcast.created_at.desc(), Broadcast.id.desc()], after, size=30)


def counts_by_state(broadcast_ids: list[int]) -> dict[int, dict[str, int]]:
    """How many texts of each broadcast are in each state, in one query."""
    found: dict[int, dict[str, int]] = {id: {} for id in broadcast_ids}
    if broadcast_ids:
        for id, state, n in session().execute(
            select(Text.broadcast_id, Text.state, func.count()).where(Text.broadcast_id.in_(broadcast_ids)).group_by(Text.broadcast_id, Text.state)
        ):
            found[id][state] = n
    return found


def progress_of(broadcast_id: int) -> tuple[int, int]:
    """(texts that are settled, all texts) of a broadcast."""
    counts = counts_by_state([broadcast_id])[broadcast_id]
    total = sum(counts.values())
    return total - sum(counts.get(state, 0) for state in OPEN_STATES), total


def stopping_code(broadcast: Broadcast) -> int | None:
    """The phone network's code for which a broadcast was stopped; None when a person stopped it."""
    stopped_by = (Text.broadcast_id == broadcast.id) & Text.error_code.in_(STOPPING)
    return session().scalar(select(func.max(Text.error_code)).where(stopped_by)) if broadcast.state == "stopped" else None


def people_of(actor: Actor, broadcast: Broadcast, now: datetime) -> Select:
    """The select of person ids that the broadcast's audience stands for."""
    if broadcast.subject_kind:
        subject = subject_of(broadcast.subject_kind)
        subject.name(actor, broadcast.subject_id)
        return subject.people(actor, broadcast.subject_id, broadcast.audience, now)
    return segment_people(actor, broadcast.segment_id, now=now)


def audience_size(actor: Actor, broadcast: Broadcast, now: datetime) -> int:
    """How many people the audience holds."""
    return session().scalar(people_of(actor, broadcast, now).with_only_columns(func.count(Person.id)).order_by(None)) or 0


def languages_of(actor: Actor, broadcast: Broadcast, now: datetime) -> set[str]:
    """The languages of the people in the audience."""
    return set(session().scalars(people_of(actor, broadcast, now).with_only_columns(Person.language).distinct().order_by(None)))


def zone_of(actor: Actor, broadcast: Broadcast) -> str:
    """The clock by which a broadcast begins: that of the place where the thing is that it is about, else the organization's."""
    if broadcast.subject_kind and (occasion := subject_of(broadcast.subject_kind).occasion(actor, broadcast.subject_id)):
        return occasion.time_zone
    return organization_of(actor).time_zone


def audience_name(actor: Actor, broadcast: Broadcast) -> str:
    """What the audience is called: the list's name, or the subject and which of its lists."""
    if broadcast.subject_kind:
        subject = subject_of(broadcast.subject_kind)
        label = subject.audiences(actor, broadcast.subject_id).get(broadcast.audience or "", "")
        return f"{subject.name(actor, broadcast.subject_id)}: {label}"
    return segment_for(actor, broadcast.segment_id).name


def audience_choices(actor: Actor, subject: tuple[str, int] | None) -> list[tuple[str, str]]:
    """What the composer offers: the lists of what the text is about; every saved list when it is about nothing."""
    if subject and subject[0] in SUBJECTS:
        kind, id = subject
        name = SUBJECTS[kind].name(actor, id)
        return [(f"{kind}:{id}:{key}", f"{name}: {label}") for key, label in SUBJECTS[kind].audiences(actor, id).items()]
    return [(f"segment:{segment.id}", segment.name) for segment in segments(actor)]


def audience_key(broadcast: Broadcast) -> str:
    """The audience as the composer's form says it."""
    if broadcast.subject_kind:
        return f"{broadcast.subject_kind}:{broadcast.subject_id}:{broadcast.audience}"
    return f"segment:{broadcast.segment_id}"


def aim(broadcast: Broadcast, audience: str) -> bool:
    """Points a broadcast at segment:ID or KIND:ID:LIST; False if the words name neither."""
    kind, _, rest = audience.partition(":")
    digits, _, which = rest.partition(":")
    number = read_id(digits)
    if number is None or (kind != "segment" and kind not in SUBJECTS):
        return False
    is_segment = kind == "segment"
    broadcast.segment_id = number if is_segment else None
    broadcast.subject_kind, broadcast.subject_id = (None, None) if is_segment else (kind, number)
    broadcast.audience = None if is_segment else which
    broadcast.purpose = "organizing" if is_segment else SUBJECTS[kind].purpose_of(which)
    return True


def draft_for(actor: Actor, audience: str) -> Broadcast:
    """A draft that is not kept yet: its audience, a name and words to begin with."""
    draft = Broadcast(org_id=actor.org_id, state="draft", sender_name=actor.name, bodies={}, purpose="organizing")
    aim(draft, audience)
    draft.name = audience_name(actor, draft)[:200]
    if draft.subject_kind:
        draft.bodies = dict(SUBJECTS[draft.subject_kind].bodies(actor, draft.subject_id, draft.audience or ""))
    draft.bodies = draft.bodies or dict(FIRST_WORDS)
    return draft


def left_out(broadcast: Broadcast, reason: str) -> list[tuple[int, str]]:
    """(id, name) of those who were left out for one reason when it was sent."""
    return [
        (id, f"{given} {family}".strip())
        for id, given, family in session().execute(
            select(Person.id, Person.given_name, Person.family_name)
            .join(Exclusion, (Exclusion.org_id == Person.org_id) & (Exclusion.person_id == Person.id))
            .where(Exclusion.broadcast_id == broadcast.id, Exclusion.reason == reason)
            .order_by(Person.name_folded)
            .limit(MOST_NAMES)
        )
    ]


def left_out_counts(broadcast: Broadcast) -> dict[str, int]:
    """How many were left out for each reason."""
    return dict(
        session()
        .execute(select(Exclusion.reason, func.count()).where(Exclusion.broadcast_id == broadcast.id).group_by(Exclusion.reason).order_by(func.count().desc()))
        .all()
    )


def texts_in(actor: Actor, broadcast: Broadcast, state: str, after: str | None) -> Page:
    """One page of a broadcast's texts in a state, each with its person."""
    query = select(Text, Person).outerjoin(Person, (Person.org_id == Text.org_id) & (Person.id == Text.person_id))
    return keyset(query.where(Text.broadcast_id == broadcast.id, Text.state == state), [Text.id], after)


def texting_summary(actor: Actor) -> dict[str, int]:
    """For the front page: texts queued, in the air and unclear, and broadcasts being sent."""
    states = dict(session().execute(select(Text.state, func.count()).where(Text.state.in_(("queued", "claimed", "unknown"))).group_by(Text.state)).all())
    sending = session().scalar(select(func.count()).select_from(Broadcast).where(Broadcast.state == "sending"))
    return {
        "queued": states.get("queued", 0),
        "claimed": states.get("claimed", 0),
        "unknown": states.get("unknown", 0),
        "sending": sending or 0,
    }
