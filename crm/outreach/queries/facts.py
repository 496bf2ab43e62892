"""What the gate asks of phones: consent, zone, how many texts lately, when they last wrote; one query for all of it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, bindparam, cast, func, literal, null, or_, select, union_all

from crm.infra.auth import Actor
from crm.infra.db import UtcDateTime, session
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, ConsentState, Exemption, Sender, Text, Thread
from crm.outreach.queries.phones import may_send
from crm.outreach.rules.consent import PURPOSE, consent_for, consent_purpose
from crm.outreach.rules.gate import AUTOMATIC, CAP_WITHIN, CONVERSATION, SAFETY, Facts, Home, place_of
from crm.outreach.rules.outbox import LEFT_US
from crm.people.models import Person, Phone


def recent_counts(now: datetime) -> dict[str, int]:
    """Texts of the last 24 hours and those that are queued, by phone, as the cap counts them when many are written to.

    The cap is a person's: what came to another of their numbers counts too.
    """
    counted = _is_counted(or_(Text.state.in_(LEFT_US) & (Text.claimed_at > now - CAP_WITHIN), Text.state == "queued"))
    found = Counter(dict(session().execute(select(Text.phone, func.count()).where(counted).group_by(Text.phone)).all()))
    found.update(phone for phone, _text in session().execute(select(Phone.e164, Text.id).distinct().join(Text, _OF_ANOTHER).where(counted)))
    return dict(found)


def _is_counted(left: ColumnElement[bool]) -> ColumnElement[bool]:
    return (Text.direction == "out") & Text.purpose.not_in(AUTOMATIC | CONVERSATION) & left


_OF_ANOTHER = (Text.org_id == Phone.org_id) & (Text.person_id == Phone.person_id) & (Text.phone != Phone.e164)
"""A text to another number of the same person."""


# What the gate asks of some phones, in one statement built once: it is asked for every text, and asking costs more than finding.
_PHONES, _PEOPLE = bindparam("phones", expanding=True), bindparam("people", expanding=True)
_NO_WORD, _NO_FLAG, _NO_TIME = cast(null(), String), cast(null(), Boolean), cast(null(), UtcDateTime)
_LATELY = _is_counted(Text.state.in_(LEFT_US) & (Text.claimed_at > bindparam("since", type_=UtcDateTime)))

_REVOKED = (ConsentState.purpose == PURPOSE) & (ConsentState.state == "revoked")


def _asked(kind: str, mark: Any, first: Any = _NO_WORD, second: Any = _NO_WORD, third: Any = _NO_WORD, flag: Any = _NO_FLAG, at: Any = _NO_TIME) -> Select:
    """One of the questions, in the columns that all of them share."""
    return select(literal(kind).label("kind"), mark, first, second, third, flag, at)


_GATE = union_all(
    _asked("says", ConsentState.phone, ConsentState.purpose, ConsentState.state).where(ConsentState.phone.in_(_PHONES)),
    _asked("wrote", Thread.phone, flag=Thread.may_end_since.is_not(None), at=Thread.last_in_at).where(Thread.phone.in_(_PHONES)),
    _asked("home", Phone.e164, Person.time_zone, Person.region, Person.postal_code, Phone.is_textable)
    .join(Person, (Person.org_id == Phone.org_id) & (Person.id == Phone.person_id)).where(Phone.e164.in_(_PHONES)),
    _asked("ended", cast(Phone.person_id, String), flag=ConsentState.phone.is_not(None)).select_from(Phone)
    .outerjoin(ConsentState, (ConsentState.org_id == Phone.org_id) & (ConsentState.phone == Phone.e164) & _REVOKED)
    .outerjoin(Thread, (Thread.org_id == Phone.org_id) & (Thread.phone == Phone.e164) & Thread.may_end_since.is_not(None))
    .where(Phone.person_id.in_(_PEOPLE), ~Phone.is_wrong, or_(ConsentState.phone.is_not(None), Thread.phone.is_not(None))),
    _asked("left", Text.phone, cast(Text.id, String)).where(_LATELY, Text.phone.in_(_PHONES)),
    _asked("elsewhere", Phone.e164, cast(Text.id, String)).join(Text, _OF_ANOTHER).where(_LATELY, Phone.e164.in_(_PHONES)),
    _asked("exempt", Exemption.rule).where(Exemption.ended_at.is_(None)),
)


@dataclass
class _Known:
    """What was found of some phones and people."""

    says: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    wrote: dict[str, datetime] = field(default_factory=dict)
    homes: dict[str, list[Home]] = field(default_factory=lambda: defaultdict(list))
    landlines: set[str] = field(default_factory=set)
    left: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # texts of the last 24 hours, to any of their numbers
    stopped: set[int] = field(default_factory=set)  # they opted out on any of their numbers: they meant us, not that number
    unread: set[str | int] = field(default_factory=set)  # phones, and people by any of theirs, whose reply may ask for no texts
    exempt: set[str] = field(default_factory=set)


def _known_of(phones: Collection[str], people: Collection[int], now: datetime) -> _Known:
    known, asked = _Known(), {"phones": list(phones), "people": list(people), "since": now - CAP_WITHIN}
    for kind, mark, first, second, third, flag, at in session().execute(_GATE, asked):
        if kind == "says":
            known.says[mark][first] = second
        elif kind == "wrote":
            known.wrote[mark] = at
            known.unread |= {mark} if flag else set()
        elif kind == "home":
            known.homes[mark].append(Home(first, second, third))
            known.landlines |= {mark} if flag is False else set()
        elif kind in ("left", "elsewhere"):
            known.left[mark].add(first)
        elif kind == "ended":
            (known.stopped if flag else known.unread).add(int(mark))
        else:
            known.exempt.add(mark)
    return known


def facts_of(actor: Actor, texts: Collection[Text], sender: Sender | None, now: datetime) -> dict[int, Facts]:
    """The gate's facts for each of these texts, by text id; a claimed text does not count against itself."""
    phones = {text.phone for text in texts}
    organization = organization_of(actor)
    known = _known_of(phones, {text.person_id for text in texts if text.person_id}, now)
    agreed = _agreed_alerts(texts)
    found = {}
    for text in texts:
        place = place_of(text.phone, known.homes.get(text.phone, ()), organization.time_zone, text.purpose, known.exempt)
        consent = consent_for(consent_purpose(text.purpose), known.says.get(text.phone, {}))
        found[text.id] = Facts(
            phone=text.phone,
            consent="revoked" if text.person_id in known.stopped and text.purpose not in CONVERSATION else consent,
            may_end=not known.unread.isdisjoint((text.phone, text.person_id)),
            is_textable=text.phone not in known.landlines,
            zones=place.zones,
            week=place.week,
            most=place.most,
            recent=len(known.left.get(text.phone, ())) - _counts_itself(text, now),
            purpose=text.purpose,
            wrote_at=known.wrote.get(text.phone),
            is_sender_approved=may_send(sender),
            is_agreed=text.purpose != SAFETY or text.broadcast_id in agreed,
        )
    return found


def _agreed_alerts(texts: Collection[Text]) -> set[int]:
    """The safety alerts among their broadcasts to which somebody else than who asked has agreed."""
    alerts = {text.broadcast_id for text in texts if text.purpose == SAFETY and text.broadcast_id}
    second = Broadcast.agreed_by.is_not(None) & (Broadcast.agreed_by != Broadcast.asked_by)
    return set(session().scalars(select(Broadcast.id).where(Broadcast.id.in_(alerts), second))) if alerts else set()


def _counts_itself(text: Text, now: datetime) -> bool:
    return text.state in LEFT_US and text.claimed_at is not None and text.claimed_at > now - CAP_WITHIN and text.purpose not in AUTOMATIC | CONVERSATION
