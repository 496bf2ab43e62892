"""A broadcast before it leaves: who gets it, in which words, what is wrong, how it looks, what it costs, when it is done."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from crm.infra.auth import Actor
from crm.infra.runtime import settings
from crm.kernel.money import show_cents
from crm.kernel.names import fold
from crm.kernel.refusal import Reason
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, Drive, Sender
from crm.outreach.queries.broadcasts import audience_key, people_of
from crm.outreach.queries.facts import recent_counts
from crm.outreach.queries.phones import candidates_in, exemptions_of, may_send, sender_of
from crm.outreach.queries.subjects import subject_of
from crm.outreach.rules.audience import Plan, Recipient, plan_audience
from crm.outreach.rules.carriers import Batch, Finish, Limits, Spent, finish, issues_with_finish, limits_of
from crm.outreach.rules.composing import Composer, Written
from crm.outreach.rules.lint import Ground, issues_before_sending
from crm.outreach.rules.options import TextingOptions, texting_options
from crm.outreach.rules.segments_of_text import Size, cost_in_cents, repaired, saves_by_repair, size_of

FIELDS = ("first_name", "organization", "organizer")
SAMPLES = 5


def plan_of(actor: Actor, broadcast: Broadcast | Drive, now: datetime) -> Plan:
    """Who gets it, who waits and who is left out, as things stand now."""
    return plan_audience(
        candidates_in(people_of(actor, broadcast, now), broadcast.purpose),
        recent_counts(now),
        when=max(broadcast.begins_at or now, now),
        organization_zone=organization_of(actor).time_zone,
        purpose=broadcast.purpose,
        is_sender_approved=may_send(sender_of(actor)),
        exempt=exemptions_of(actor),
        expires_at=broadcast.expires_at if isinstance(broadcast, Broadcast) else None,
    )


# --- words ------------------------------------------------------------------------------------------------------------


def composer_of(actor: Actor, broadcast: Broadcast) -> Composer:
    """Writes this broadcast's texts."""
    shared = {language: field_values(actor, broadcast, language) for language in broadcast.bodies}
    return Composer(broadcast.bodies, organization_of(actor).name, shared, sample_link())


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


def issues_with(actor: Actor, broadcast: Broadcast, languages: Collection[str]) -> list[Reason]:
    """Everything wrong with the words for the people who would get them."""
    fields = known_fields(actor, broadcast.subject_kind, broadcast.subject_id)
    return issues_before_sending(broadcast.bodies, ground=ground_of(actor, fields), languages=languages)


def ground_of(actor: Actor, fields: Iterable[str]) -> Ground:
    """What words may lean on here: these fields, and the web addresses that are the organization's own."""
    ours = urlsplit(settings().public_url).hostname or ""
    return Ground(frozenset(fields), frozenset({ours, *options_of(actor).hosts}))


def options_of(actor: Actor) -> TextingOptions:
    """What the actor's organization decided for its texts."""
    return texting_options(organization_of(actor).options)


def sample_link() -> str:
    """An address as long as a member's link, for previews and for counting parts; it opens nothing."""
    return f"{settings().public_url}/r/{'x' * 22}"


def sizes_of(bodies: Mapping[str, str]) -> dict[str, tuple[Size, int]]:
    """Of each language: what the words take, and how many parts plain quotes and dashes would save."""
    return {tag: (size_of(body), saves_by_repair(body)) for tag, body in bodies.items() if body.strip()}


def seen_of(broadcast: Broadcast) -> str:
    """A mark of what a draft says, whom it goes to and when; it changes when anyone changes the draft."""
    facts = [broadcast.bodies, audience_key(broadcast), str(broadcast.begins_on), str(broadcast.begins_clock), broadcast.time_zone, broadcast.purpose]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


# --- before it leaves -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """One text as its reader sees it."""

    to: Recipient
    written: Written
    body: str


@dataclass(frozen=True)
class Preview:
    """A broadcast as it would leave: some texts as their readers see them, parts per language, cost, and when the last one leaves."""

    samples: list[Sample]
    parts: dict[str, tuple[int, int, int]]  # language → texts, letters at most, parts in all
    total_parts: int
    money: str
    finish: Finish
    issues: list[Reason]
    firsts: int  # of the texts, how many are the first to their phone


def preview_of(actor: Actor, broadcast: Broadcast, plan: Plan, now: datetime, who: str = "") -> Preview:
    """Writes every text, counts exactly, and keeps five to show: those asked for by name, else both languages and what may surprise."""
    composer = composer_of(actor, broadcast)
    parts: dict[str, tuple[int, int, int]] = {}
    texts = [(one, composer.write(one)) for one in plan.recipients]
    done = finish_of(actor, broadcast, texts, now)
    for _one, written in texts:
        people, letters, total = parts.get(written.language, (0, 0, 0))
        parts[written.language] = (people + 1, max(letters, written.size.letters), total + written.size.parts)
    total = sum(row[2] for row in parts.values())
    samples = [Sample(one, written, composer.shown(written)) for one, written in chosen(texts, who)]
    firsts = sum(one.is_first for one, _written in texts)
    return Preview(samples, parts, total, show_cents(cost_in_cents(total)), done, issues_with_finish(done, broadcast.is_split), firsts)


def finish_of(actor: Actor, broadcast: Broadcast, texts: Iterable[tuple[Recipient, Written]], now: datetime) -> Finish:
    """When the last of these texts leaves."""
    batches: dict[tuple[datetime, datetime], int] = {}
    for one, written in texts:
        hours = one.not_before_at, one.closes_at
        batches[hours] = batches.get(hours, 0) + written.size.parts
    return finish([Batch(*hours, n) for hours, n in batches.items()], *pace_of(sender_of(actor)), max(now, broadcast.begins_at or now))


def pace_of(sender: Sender | None) -> tuple[Limits, Spent]:
    """How fast this sender may send, and what it sent lately."""
    if sender is None:
        return limits_of(FAST, "", ""), Spent({})
    spent = Spent({int(second): n for second, n in sender.recent.items()}, sender.paced_day, sender.day_parts)
    return limits_of(sender.pace, sender.att_class, sender.tmobile_class), spent


FAST = 225  # parts per second of a campaign of the highest class; the simulator's own pace


def chosen(texts: list[tuple[Recipient, Written]], who: str = "") -> list[tuple[Recipient, Written]]:
    """Five to look at: by name when one is asked for; else turn by turn each language, a blank, a shared phone, a first text."""
    if who:
        wanted = fold(who)
        return [text for text in texts if any(wanted in fold(person.name) for person in text[0].people)][:SAMPLES]
    kinds: dict[tuple, list[tuple[Recipient, Written]]] = {}
    for text in texts:
        kind = (bool(text[1].blanks), text[1].language, len(text[0].people) > 1, text[0].is_first)
        if len(there := kinds.setdefault(kind, [])) < SAMPLES:
            there.append(text)
    turns = [text for n in range(SAMPLES) for kind in sorted(kinds, key=lambda kind: (-kind[0], -kind[2], kind[1])) for text in kinds[kind][n : n + 1]]
    return turns[:SAMPLES]
