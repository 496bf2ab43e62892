"""Who of an audience gets a broadcast: one phone per person, one text per phone, and everyone else with a reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crm.outreach.rules.gate import Facts, lasting, why_not, zones_for, zones_of_number
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.templates import greet


@dataclass(frozen=True)
class Candidate:
    """A person with one of their phones (or none) and what we know of texting it."""

    person_id: int
    given_name: str
    family_name: str
    language: str
    time_zone: str | None
    phone: str | None
    is_textable: bool = True
    is_preferred: bool = False
    consent: str | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Recipient:
    """One phone that gets the text, and everyone it greets; the first person's language is the text's."""

    phone: str
    people: tuple[Candidate, ...]
    not_before_at: datetime

    @property
    def language(self) -> str:
        return self.people[0].language

    @property
    def person_ids(self) -> tuple[int, ...]:
        return tuple(person.person_id for person in self.people)

    def greeting(self, language: str) -> str:
        """The first names to greet."""
        return greet([person.given_name for person in self.people], language)


@dataclass
class Plan:
    """Who gets it, who waits for a better hour, and who is left out and why."""

    recipients: list[Recipient] = field(default_factory=list)
    left_out: dict[str, list[Candidate]] = field(default_factory=dict)
    total: int = 0
    waiting: int = 0

    @property
    def count(self) -> int:
        return len(self.recipients)

    @property
    def out_count(self) -> int:
        return sum(len(people) for people in self.left_out.values())

    @property
    def languages(self) -> Counter[str]:
        return Counter(recipient.language for recipient in self.recipients)

    @property
    def first_at(self) -> datetime | None:
        return min((r.not_before_at for r in self.recipients), default=None)

    @property
    def last_at(self) -> datetime | None:
        return max((r.not_before_at for r in self.recipients), default=None)

    def leave_out(self, reason: str, person: Candidate) -> None:
        """Notes one person as left out."""
        self.left_out.setdefault(reason, []).append(person)


def best_phones(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per person: the preferred phone that can get texts. Who opted out on any phone has opted out."""
    best: dict[int, Candidate] = {}
    for one in candidates:
        there = best.get(one.person_id)
        if there is None or _worth(one) > _worth(there):
            best[one.person_id] = one
    return list(best.values())


def _worth(one: Candidate) -> tuple[bool, bool, bool, bool]:
    return one.consent == "revoked", one.is_textable, one.is_preferred, one.consent == "given"


def plan_audience(
    candidates: Iterable[Candidate],
    recent: Mapping[str, int],
    *,
    when: datetime,
    organization_zone: str,
    purpose: str = "organizing",
    is_sender_approved: bool = True,
) -> Plan:
    """The plan for a broadcast at `when`; the gate decides on each phone, and texts in quiet hours wait their hour."""
    plan = Plan()
    together: dict[str, list[Candidate]] = {}
    zones: dict[str, tuple[str, ...]] = {}
    for one in best_phones(candidates):
        plan.total += 1
        places = zones_for(one.time_zone, zones_of_number(one.phone) if one.phone else (), organization_zone)
        facts = Facts(
            phone=one.phone,
            zones=places,
            consent=one.consent,
            is_textable=one.is_textable,
            purpose=purpose,
            recent=recent.get(one.phone or "", 0),
            is_sender_approved=is_sender_approved,
        )
        reason = lasting(why_not(facts, when))
        if reason:
            plan.leave_out(reason, one)
            continue
        together.setdefault(one.phone, []).append(one)
        # Everyone at this phone must be in hours: the zones of all of them count.
        zones[one.phone] = tuple(dict.fromkeys(zones.get(one.phone, ()) + places))
    for phone, people in sorted(together.items()):
        _add(plan, phone, people, next_open(zones[phone], when), when)
    return plan


def _add(plan: Plan, phone: str, people: list[Candidate], opens: datetime | None, when: datetime) -> None:
    """One text for everyone at this phone, at the hour that is right for all of them."""
    if opens is not None:
        plan.waiting += opens > when
        plan.recipients.append(Recipient(phone, tuple(people), opens))
    for one in people if opens is None else people[1:]:
        plan.leave_out("no_hour" if opens is None else "shares_phone", one)
