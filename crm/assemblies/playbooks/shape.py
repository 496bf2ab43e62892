"""What a playbook says. Everything a member may read is written in both languages, side by side."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

Words = dict[str, str]


def both(en: str, es: str) -> Words:
    """The same words in English and in Spanish."""
    return {"en": en, "es": es}


@dataclass(frozen=True)
class Item:
    """A stretch of the agenda. `kind`: plenary, learning, tables, vote, action or break."""

    minutes: int
    kind: str
    title: Words
    detail: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Sitting:
    """A session, `days` before (negative) or after the day of the assembly."""

    title: Words
    days: int
    starts: time
    agenda: tuple[Item, ...]


@dataclass(frozen=True)
class Task:
    """Something to do, `days` before (negative) or after the day; `owner` says which role carries it."""

    days: int
    title: Words
    owner: Words


def task(days: int, owner: Words, en: str, es: str) -> Task:
    """A task on one line."""
    return Task(days, both(en, es), owner)


@dataclass(frozen=True)
class Seats:
    """Seats of a committee by side: community, practitioner, staff, official."""

    side: str
    count: int
    is_voting: bool = True


@dataclass(frozen=True)
class CommitteeShape:
    """A committee: steering, content, oversight, or working."""

    kind: str
    name: Words
    purpose: Words
    seats: tuple[Seats, ...]


@dataclass(frozen=True)
class Group:
    """Seats of the assembly itself: so many of one role, filled in one way, and whether they vote.

    `per` says for each what, where their number grows with it: five delegates for each local assembly.
    """

    who: Words
    count: int
    role: str
    selection: str
    is_voting: bool = True
    per: Words = field(default_factory=dict)

    def as_data(self) -> dict:
        """The group as an assembly keeps it."""
        return {"who": dict(self.who), "count": self.count, "role": self.role, "selection": self.selection, "is_voting": self.is_voting,
                "per": dict(self.per)}


@dataclass(frozen=True)
class Decision:
    """How one electorate decides. Fractions are pairs: (2, 3) of yes and no, (1, 2) of the roll.

    `electorate`: members, organizations, delegates, residents or room. `secrecy`: secret, roll_call or open.
    `method`: yes_no_abstain, consensus, stv, ranked, score or dots, approval, borda-modified, budget-votes, equal-shares.
    `strictness`: whether the threshold itself is enough (at_least) or must be passed (more_than).
    """

    electorate: str
    secrecy: str
    method: str
    threshold: tuple[int, int]
    quorum: tuple[int, int]
    threshold_of: str = "yes_and_no"
    quorum_of: str = "roll"
    words: Words = field(default_factory=dict)
    strictness: str = "at_least"

    def as_data(self) -> dict:
        """The rule as an assembly keeps it."""
        return {
            "electorate": self.electorate,
            "secrecy": self.secrecy,
            "method": self.method,
            "threshold": list(self.threshold),
            "threshold_of": self.threshold_of,
            "strictness": self.strictness,
            "quorum": list(self.quorum),
            "quorum_of": self.quorum_of,
            "words": dict(self.words),
        }


@dataclass(frozen=True)
class Reminder:
    """One text of the series: `key`, to whom, `days` from the first session, at which local time."""

    key: str
    audience: str
    days: int
    at: time
    text: Words


@dataclass(frozen=True)
class RoleCard:
    """A role in the room and what is asked of whoever carries it."""

    role: str
    text: Words


@dataclass(frozen=True)
class Fits:
    """The answers that lead to this kind: who decides, who may come, what government does, how often. The first of each is the nearest."""

    decides: tuple[str, ...]
    comes: tuple[str, ...]
    government: tuple[str, ...]
    lasts: tuple[str, ...]


@dataclass(frozen=True)
class Playbook:
    """A ready-made set-up for one kind of assembly.

    One that `begins_now` is filled in as far as can be: it is called on a phone, in the street.
    `rules` are standing ones that no date carries: terms, what an agenda may hold. `answer_owed` is how many days after the
    day government owes a written answer to each recommendation.
    """

    id: str
    name: Words
    choose: Words
    when: Words
    when_not: Words
    needs: tuple[Words, ...]
    fits: Fits
    title_hint: Words
    question_hint: Words
    selection: str
    power_now: str
    power_aim: str
    stage: str
    controls: tuple[str, ...]
    sittings: tuple[Sitting, ...]
    tasks: tuple[Task, ...]
    committees: tuple[CommitteeShape, ...]
    roles: tuple[RoleCard, ...]
    decisions: tuple[Decision, ...]
    reminders: tuple[Reminder, ...]
    goal: int
    officials_vote: bool = False
    examples: Words = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    rules: tuple[Words, ...] = ()
    answer_owed: int | None = None
    begins_now: bool = False

    def answer_by(self, day: date) -> date | None:
        """The day by which government owes its written answer, where it owes one."""
        return None if self.answer_owed is None else day + timedelta(days=self.answer_owed)
