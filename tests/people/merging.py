"""What tests of merging share: an organization's rows as plain values, and people about whom every table says something."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from crm.assemblies.models import Assembly, AssemblySession, Participant
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.moving import models
from crm.leadership.models import Assessment, Conversation, RungMove
from crm.outreach.models import Broadcast, Consent, Exclusion, Text, Thread
from crm.people.models import (
    Address,
    Duplicate,
    Email,
    Household,
    Identifier,
    Import,
    ImportRow,
    Note,
    Person,
    PersonTag,
    Phone,
    Relationship,
    Reveal,
    StandingChange,
    Tag,
)
from crm.platforms.models import Edition, Platform
from crm.ratification.models import Electorate, Notice, Ratification, RollEntry
from crm.turnout.models import Attendance, Rsvp, Support
from tests.factories import MONDAY, make_person

WRITTEN_ON = {"events", "audit_entries", "audit_heads", "merges", "jobs", "submissions"}
GOES_ON = {"version", "updated_at"}
"""A save counter never counts back: who saw the merged record must not take another for it."""


def dump(org_id: int) -> dict[str, set[str]]:
    """Every row of every organization-owned table that this organization may read, but for what is only ever written on."""
    found = {}
    for table, model in models().items():
        if table in WRITTEN_ON or model.__access__ == "directory":
            continue
        names = [column.name for column in model.__table__.columns if not (table == "people" and column.name in GOES_ON)]
        rows = session().execute(select(*[getattr(model, name) for name in names])).all()
        found[table] = {repr(tuple(row)) for row in rows}
    return found


def differences(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, list[str]]:
    return {table: sorted(before[table] ^ after[table]) for table in before if before[table] != after[table]}


def _needed(model: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Something for every column that must hold something and was not spoken of."""
    blank = {object: "x", str: "x", int: 1, dict: {}, list: [], bool: False, datetime: MONDAY, date: MONDAY.date(), time: time(18)}
    spoken_of = {*given, "id", "org_id"}
    wanted = [c for c in model.__table__.columns if not c.nullable and c.default is None and c.server_default is None and c.name not in spoken_of]
    return {column.name: blank[column.type.python_type] for column in wanted}


class Stage:
    """What people can be tied to: an assembly with two sittings, a broadcast, an import, tags, a vote that is closed."""

    def __init__(self, actor: Actor, others: Sequence[int], seed: int = 0):
        self.actor, self.others, self.dice = actor, list(others), random.Random(seed)
        self.org = {"org_id": actor.org_id}
        self.assembly = self.put(Assembly, goal=1, day=MONDAY.date())
        self.sittings = [self.put(AssemblySession, assembly_id=self.assembly, ends_at=MONDAY + timedelta(hours=2)) for _ in range(2)]
        self.broadcasts = [self.put(Broadcast, name=f"B{n}") for n in (1, 2)]
        self.tags = [self.put(Tag, name=f"T{n}", name_folded=f"t{n}") for n in range(4)]
        self.imported = self.put(Import, filename="a.csv", sha256="a", state="applied", reading={}, applied_at=MONDAY)
        self.electorate, self.vote = self._vote("closed")

    def put(self, model: Any, **values: Any) -> int:
        row = model(**{"id": new_id(), **self.org, **values, **_needed(model, values)})
        session().add(row)
        session().flush()
        return row.id

    def _vote(self, state: str) -> tuple[int, int]:
        platform = self.put(Platform)
        edition = self.put(Edition, platform_id=platform)
        facts = {"closed_at": MONDAY, "result": {}} if state == "closed" else {}
        vote = self.put(
            Ratification, edition_id=edition, title={"en": "Homes for all"}, state=state, opens_at=MONDAY, closes_at=MONDAY + timedelta(days=1),
            poll_id=None if state == "preparing" else f"poll-{new_id()}", **facts,
        )  # fmt: skip
        return self.put(Electorate, ratification_id=vote, kind="members", is_secret=True, quorum="1/10", threshold="1/2"), vote

    def person(self, **more: Any) -> int:
        return make_person(self.actor.org_id, self.dice.choice(["Ana", "Anna"]), self.dice.choice(["Quintero", "Quinteros"]), **more)

    def some(self, things: Sequence[Any], most: int = 2) -> list[Any]:
        return self.dice.sample(list(things), self.dice.randint(1, min(most, len(things))))

    def tell(self, id: int) -> None:
        """Writes something about a person into every table that names people."""
        two = {**self.org, "partner_id": self.actor.org_id}
        del two["org_id"]
        who, now, dice = {"person_id": id}, MONDAY, self.dice
        for n, number in enumerate(self.some(["+14155550150", "+14155550151", "+14155550152"], 3)):
            self.put(Phone, **who, e164=number, is_preferred=n == 0, is_wrong=dice.random() < 0.3, is_textable=dice.random() < 0.7)
        for n, address in enumerate(self.some(["a@x.example", "b@x.example"])):
            self.put(Email, **who, address=address, is_preferred=n == 0)
        for street in self.some(["1 Oak St", "2 Elm St"]):
            self.put(Address, **who, street=street, city="Oakland")
        for tag in self.some(self.tags, 3):
            self.put(PersonTag, **who, tag_id=tag)
        for n in range(dice.randint(1, 3)):
            self.put(Note, **who, body=f"note {n}")
        self.put(Identifier, **who, system="van", value=str(id))
        self._ties(id)
        standing = session().get(Person, (self.actor.org_id, id)).standing
        if dice.random() < 0.7:
            self.put(StandingChange, **who, standing=standing, on=date(2024, dice.randint(1, 12), 1))
        self.put(Reveal, **who, account_id=1, what="phone")
        self.put(ImportRow, **who, import_id=self.imported, number=id % 100000, cells=[], outcome="create", state="applied")
        self.put(Conversation, **who, held_at=now, summary="talked")
        for day in range(dice.randint(1, 2)):
            self.put(Assessment, **who, value=dice.randint(1, 5), at=now - timedelta(days=dice.randint(0, 90) + day))
        self.put(RungMove, **who, from_rung=0, to_rung=2, at=now)
        self.put(Consent, **who, phone="+14155550150", kind="revoked", source="text", at=now)
        when = {"queued_at": now, "not_before_at": now}
        text = {"phone": f"+1415555{dice.randint(1000, 9999)}", "body": "hello", "key": f"k{new_id()}", "state": "delivered", **when}
        self.put(Text, **who, **text)
        self.put(Thread, **who, phone=f"+1{new_id() % 10**10:010d}", last_at=now)
        for broadcast in self.some(self.broadcasts):
            self.put(Exclusion, **who, broadcast_id=broadcast, reason="consent")
        entry = self.put(RollEntry, **two, **who, electorate_id=self.electorate, seat=id % 100000)
        self.put(Notice, **who, ratification_id=self.vote, entry_id=entry, channel="letter")
        self.put(Participant, **two, **who, assembly_id=self.assembly, shown_name="A. Q.", role=dice.choice(["participant", "delegate"]))
        self._comes(id, two)

    def _ties(self, id: int) -> None:
        for other in self.some([other for other in self.others if other < id], 3):
            first, second = sorted((id, other))
            self.put(Relationship, person_id=first, other_id=second, kind="friend")
            state = self.dice.choice(["open", "dismissed"])
            self.put(Duplicate, first_id=first, second_id=second, score=self.dice.randint(500, 999), state=state)

    def _comes(self, id: int, two: dict[str, Any]) -> None:
        answered = MONDAY + timedelta(hours=self.dice.randint(0, 9))
        state = self.dice.choice(["yes", "no", "maybe"])
        rsvp = self.put(
            Rsvp, **two, assembly_id=self.assembly, person_id=id, door_name=f"Ana {self.dice.choice('QX')}.", door_folded="ana q", state=state,
            answered_at=answered,
        )  # fmt: skip
        for kind in self.some(["childcare", "ride", "meal"]):
            self.put(Support, **two, assembly_id=self.assembly, rsvp_id=rsvp, kind=kind, quantity=self.dice.randint(1, 4))
        for sitting in self.some(self.sittings):
            came = {"assembly_id": self.assembly, "session_id": sitting, "door_name": "Ana Q.", "arrived_at": MONDAY}
            self.put(Attendance, **two, **came, rsvp_id=rsvp, person_id=id, device_key=f"d{new_id()}")

    def live_together(self, ids: Sequence[int]) -> None:
        home = self.put(Household, name="Oak Street")
        for id in ids:
            session().get(Person, (self.actor.org_id, id)).household_id = home
        session().flush()
