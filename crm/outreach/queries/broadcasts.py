"""Doors and reads of broadcasts: the list, the audience as it stands, the words' fields, how far sending is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_timedelta
from flask_babel import get_locale
from sqlalchemy import Select, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.runtime import settings
from crm.infra.web import Page, keyset
from crm.kernel.money import show_cents
from crm.kernel.numbers import read_id
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, Exclusion, Text
from crm.outreach.queries.phones import candidates_in, may_send, recent_counts, sender_of
from crm.outreach.queries.subjects import SUBJECTS, subject_of
from crm.outreach.rules.audience import Plan, Recipient, plan_audience
from crm.outreach.rules.outbox import OPEN_STATES, STOPPING
from crm.outreach.rules.segments_of_text import Size, cost_in_cents, repaired, saves_by_repair, size_of, time_to_send
from crm.outreach.rules.templates import FIRST_WORDS, body_for, completed, fill, issues_before_sending
from crm.people.models import Person
from crm.people.queries.segments import segment_for, segment_people, segments

MOST_NAMES = 500
FIELDS = ("first_name", "organization", "organizer")


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
    broadcast.purpose = "organizing" if is_segment else SUBJECTS[kind].purpose
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


def seen_of(broadcast: Broadcast) -> str:
    """A mark of what a draft says and whom it goes to; it changes when anyone changes the draft."""
    facts = [broadcast.bodies, audience_key(broadcast), str(broadcast.begins_at)]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def sizes_of(bodies: Mapping[str, str]) -> dict[str, tuple[Size, int]]:
    """Of each language: what the words take, and how many parts plain quotes and dashes would save."""
    return {tag: (size_of(body), saves_by_repair(body)) for tag, body in bodies.items() if body.strip()}


def plan_of(actor: Actor, broadcast: Broadcast, now: datetime) -> Plan:
    """Who gets it, who waits and who is left out, as things stand now."""
    when = max(broadcast.begins_at or now, now)
    return plan_audience(
        candidates_in(people_of(actor, broadcast, now)),
        recent_counts(now, with_queued=True),
        when=when,
        organization_zone=organization_of(actor).time_zone,
        purpose=broadcast.purpose,
        is_sender_approved=may_send(sender_of(actor)),
    )


def field_values(actor: Actor, broadcast: Broadcast, language: str) -> dict[str, str]:
    """Values of the fields that are the same for everyone of a language; a title's curly quote would make each text longer."""
    values = {"organization": organization_of(actor).name, "organizer": broadcast.sender_name.split(" ")[0]}
    if broadcast.subject_kind:
        values |= subject_of(broadcast.subject_kind).fields(actor, broadcast.subject_id, language)
    return {name: repaired(value) for name, value in values.items()}


def known_fields(actor: Actor, kind: str | None, subject_id: int | None) -> list[str]:
    """Names of the personal fields that a text about this subject may use."""
    if not kind:
        return list(FIELDS)
    subject = subject_of(kind)
    return [*FIELDS, *subject.fields(actor, subject_id, "en"), *(["link"] if subject.links else [])]


def issues_with(actor: Actor, broadcast: Broadcast, plan: Plan) -> list:
    """Everything wrong with the words for the people who would get them."""
    return issues_before_sending(
        broadcast.bodies,
        known=set(known_fields(actor, broadcast.subject_kind, broadcast.subject_id)),
        languages=set(plan.languages),
    )


def sample_link() -> str:
    """An address as long as a member's link, for previews and for counting parts; it opens nothing."""
    return f"{settings().public_url}/r/{'x' * 22}"


@dataclass(frozen=True)
class Preview:
    """A broadcast as it would leave: some texts as their readers see them, parts per language, cost and time."""

    samples: list[tuple[Recipient, str, str]]
    parts: dict[str, tuple[int, int, int]]  # language → people, letters at most, parts in all
    total_parts: int
    money: str
    duration: str


def preview_of(actor: Actor, broadcast: Broadcast, plan: Plan) -> Preview:
    """Fills the words for everyone who gets them, counts exactly, and keeps five to show, both languages among them."""
    common: dict[str, dict[str, str]] = {}
    organization = organization_of(actor).name
    parts: dict[str, tuple[int, int, int]] = {}
    by_language: dict[str, list[tuple[Recipient, str, str]]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for one in plan.recipients:
        language, words = body_for(broadcast.bodies, one.language)
        words = completed(words, language, organization)
        if language not in common:
            common[language] = field_values(actor, broadcast, language) | {"link": sample_link()}
        body = fill(words, common[language] | {"first_name": one.greeting(language)}, language)
        if body not in sizes:
            size = size_of(body)
            sizes[body] = (size.letters, size.parts)
        people, letters, total = parts.get(language, (0, 0, 0))
        parts[language] = (people + 1, max(letters, sizes[body][0]), total + sizes[body][1])
        if len(by_language.setdefault(language, [])) < 5:
            by_language[language].append((one, language, body))
    total = sum(row[2] for row in parts.values())
    sender = sender_of(actor)
    duration = format_timedelta(time_to_send(total, sender.pace if sender else 10), threshold=1.2, locale=get_locale())
    return Preview(_mixed(by_language), parts, total, show_cents(cost_in_cents(total)), duration)


def _mixed(by_language: Mapping[str, list[tuple[Recipient, str, str]]]) -> list[tuple[Recipient, str, str]]:
    """Five in all, turn by turn from each language."""
    turns = [sample for n in range(5) for samples in by_language.values() for sample in samples[n : n + 1]]
    return turns[:5]


def left_out(actor: Actor, broadcast: Broadcast, reason: str, now: datetime) -> list[tuple[int, str]]:
    """(id, name) of those left out for one reason: as things stand for a draft, else as frozen at sending."""
    if broadcast.state == "draft":
        return [(one.person_id, one.name) for one in plan_of(actor, broadcast, now).left_out.get(reason, ())][:MOST_NAMES]
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
