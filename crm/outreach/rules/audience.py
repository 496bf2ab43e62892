"""Who of an audience gets a broadcast: one phone per person, one text per phone, and everyone else with a reason."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from crm.outreach.rules.gate import ALERT_FOR, SAFETY, Facts, Home, Place, lasting, place_of, why_not
from crm.outreach.rules.hours import next_open, open_until
from crm.outreach.rules.templates import greet


class Candidate(NamedTuple):
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
    region: str = ""
    postal_code: str = ""
    is_known: bool = True  # this phone had a text from us before
    unread: int | None = None  # the conversation in which a reply that may ask for no texts waits to be read

    @property
    def home(self) -> Home:
        return Home(self.time_zone, self.region, self.postal_code)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Recipient(NamedTuple):
    """One phone that gets the text, and everyone it greets; the first person's language is the text's."""

    phone: str
    people: tuple[Candidate, ...]
    not_before_at: datetime
    closes_at: datetime  # when the hours end in which it may leave

    @property
    def is_first(self) -> bool:
        """Whether this is the first text that the phone gets from us."""
        return not any(person.is_known for person in self.people)

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
    """One candidate per person: the preferred phone that can get texts. Who opted out on any phone, or may have, has done so on all."""
    best: dict[int, Candidate] = {}
    for one in candidates:
        there = best.get(one.person_id)
        if there is None or _worth(one) > _worth(there):
            best[one.person_id] = one
    return list(best.values())


def _worth(one: Candidate) -> tuple[bool, bool, bool, bool, bool]:
    return one.consent == "revoked", one.unread is not None, one.is_textable, one.is_preferred, one.consent == "given"


def plan_audience(
    candidates: Iterable[Candidate],
    recent: Mapping[str, int],
    *,
    when: datetime,
    organization_zone: str,
    purpose: str = "organizing",
    is_sender_approved: bool = True,
    exempt: Collection[str] = (),
    expires_at: datetime | None = None,
) -> Plan:
    """The plan for a broadcast at `when`; the gate decides on each phone, and texts in quiet hours wait their hour.

    What the gate says depends on a few facts that many people share, so that it is asked once for each of their combinations.
    """

    judge = _Judge(when, organization_zone, purpose, is_sender_approved, tuple(exempt), expires_at)
    plan = Plan()
    first: dict[str, tuple[Judged, Candidate]] = {}
    shared: dict[str, list[Candidate]] = {}
    for one in best_phones(candidates):
        plan.total += 1
        phone = one.phone
        said = judge.says(one, recent.get(phone, 0) if recent and phone else 0)
        if said.reason:
            plan.leave_out(said.reason, one)
        elif phone not in first:
            first[phone] = said, one
        else:
            shared.setdefault(phone, [first[phone][1]]).append(one)
    for phone, people in shared.items():
        # Everyone at this phone must be in hours: where any of them may be counts.
        first[phone] = judge.at(place_of(phone, [one.home for one in people], organization_zone, purpose, exempt)), people[0]
    for phone in sorted(first):
        said, head = first[phone]
        _add(plan, Recipient(phone, tuple(shared[phone]) if phone in shared else (head,), *said.hours), said.obstacle, when)
    return plan


class Judged(NamedTuple):
    """What the gate says of people whom it cannot tell apart: the lasting reason against, their next hours, what is wrong with those."""

    reason: str | None
    hours: tuple[datetime, datetime]
    obstacle: str | None = None


@dataclass
class _Judge:
    """Asks the gate once for all people who are alike in what it looks at."""

    when: datetime
    organization_zone: str
    purpose: str
    is_sender_approved: bool
    exempt: tuple[str, ...]
    expires_at: datetime | None
    known: dict[tuple, Judged] = field(default_factory=dict)

    def says(self, one: Candidate, recently: int) -> Judged:
        """What the gate says of this person, who had so many texts lately."""
        phone = one.phone
        # Area code and exchange decide where a North American number may be.
        area = phone[:8] if phone and phone[:2] == "+1" and len(phone) == 12 else phone
        key = (area, one.time_zone, one.region, one.postal_code, one.consent, one.is_textable, recently, one.unread is None)
        if (there := self.known.get(key)) is None:
            there = self.known[key] = self._judged(one, recently)
        return there

    def _judged(self, one: Candidate, recently: int) -> Judged:
        place = place_of(one.phone, [one.home], self.organization_zone, self.purpose, self.exempt)
        facts = Facts(
            one.phone, place.zones, one.consent, one.unread is not None, one.is_textable, recently, self.purpose, None, self.is_sender_approved,
            place.week, place.most,
        )  # fmt: skip
        return self.at(place, lasting(why_not(facts, self.when)))

    def at(self, place: Place, reason: str | None = None) -> Judged:
        """The next hours there; a text whose time is over before they begin is too late."""
        opens = self.when if self.purpose == SAFETY else next_open(place.zones, self.when, place.week)
        if opens is None:
            return Judged(reason, (self.when, self.when), "no_hour")
        closes = opens + ALERT_FOR if self.purpose == SAFETY else open_until(place.zones, opens, place.week) or opens
        if self.expires_at is None:
            return Judged(reason, (opens, closes))
        return Judged(reason, (opens, min(closes, self.expires_at)), "too_late" if opens >= self.expires_at else None)


def _add(plan: Plan, one: Recipient, obstacle: str | None, when: datetime) -> None:
    """One text for everyone at this phone, at the hour that is right for all of them."""
    if obstacle is None:
        plan.recipients.append(one)
        plan.waiting += one.not_before_at > when
    if obstacle or len(one.people) > 1:
        for person in one.people if obstacle else one.people[1:]:
            plan.leave_out(obstacle or "shares_phone", person)
