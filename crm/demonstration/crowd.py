"""Three thousand invented people in seven organizations, drawn with a fixed seed so that every demonstration is the same."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from crm.demonstration import facts
from crm.demonstration.lives import add_lives
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.outreach import actions as outreach
from crm.people.actions import index_people
from crm.people.models import Email, Person, PersonTag, Phone, Tag
from crm.people.rules import sort_name


def phones(offset: int) -> Iterator[str]:
    """Fictitious numbers, never the same twice within one organization."""
    n = offset
    while True:
        yield f"+1{facts.AREAS[n // 100 % len(facts.AREAS)]}555{100 + n % 100:04d}"
        n += 1


def people_rows(org_id: int, count: int, members: int, dice: random.Random, now: datetime) -> list[dict[str, Any]]:
    """Rows of people: members first, then supporters and contacts; rungs, assessments, languages and places vary."""
    rows = []
    for n in range(count):
        language = dice.choices(("en", "es", "vi"), (58, 37, 5))[0]
        given, family = dice.choice(facts.GIVEN[language]), dice.choice(facts.FAMILY[language])
        is_member = n < members
        rung = dice.choices((3, 4, 5), (82, 15, 3))[0] if is_member else dice.choices((1, 2), (67, 33))[0]
        joined = now - timedelta(days=dice.randint(380, 1500))
        rows.append({
            "org_id": org_id, "id": new_id(), "given_name": given, "family_name": family, "name_folded": sort_name(given, family),
            "language": "en" if language == "vi" else language,
            "standing": "member" if is_member else "supporter" if rung == 2 else "contact",
            "member_since": date(joined.year, joined.month, min(joined.day, 28)) if is_member else None, "rung": rung,
            "assessment": dice.choices((1, 2, 3, 4, 5, None), (4, 24, 18, 5, 2, 47) if not is_member else (14, 52, 14, 2, 0, 18))[0],
            "neighborhood": dice.choice(facts.NEIGHBORHOODS), "street": f"{dice.randint(2, 480)} {dice.choice(facts.STREETS)}",
            "city": "Port Callan", "region": "CA", "postal_code": f"9{dice.randint(4001, 4009)}", "source": dice.choice(facts.SOURCES),
            "custom": {}, "version": 1, "created_at": joined, "updated_at": joined,
        })
    return rows


def add_crowd(actor: Actor, count: int, members: int, offset: int, now: datetime) -> list[dict[str, Any]]:
    """Adds an organization's people with phones, mail, tags and consent; returns their rows."""
    dice = random.Random(f"{actor.org_name} {count}")
    rows = people_rows(actor.org_id, count, members, dice, now)
    session().execute(insert(Person), rows)
    numbers, has_phone = phones(offset), [row for row in rows if dice.random() < 0.94]
    pairs = [(row, next(numbers)) for row in has_phone]
    for (first, number), (second, _other) in zip(pairs[5::60], pairs[6::60], strict=False):  # households share a phone
        second["street"], pairs[pairs.index((second, _other))] = first["street"], (second, number)
    base = {"org_id": actor.org_id, "created_at": now}
    session().execute(insert(Phone), [
        base | {"id": new_id(), "person_id": row["id"], "e164": number, "kind": "mobile", "is_preferred": True, "is_textable": True}
        for row, number in pairs
    ])
    mailed = [row for row in rows if dice.random() < 0.4]
    session().execute(insert(Email), [
        base | {"id": new_id(), "person_id": row["id"], "is_preferred": True,
                "address": f"{row['name_folded'].replace(' ', '.').replace(',', '')}.{n}@mail.example"} for n, row in enumerate(mailed)
    ])
    index_people(row["id"] for row in rows)
    _tag(actor, rows, dice, now)
    _consent(actor, pairs, dice, now)
    add_lives(actor, rows, {row["id"]: number for row, number in pairs}, now)
    audit.record_many(actor, "person.added", [{"person_id": row["id"], "after": {}} for row in rows], now=now - timedelta(days=400))
    return [row | {"phone": number} for row, number in pairs]


def _tag(actor: Actor, rows: list[dict[str, Any]], dice: random.Random, now: datetime) -> None:
    base = {"org_id": actor.org_id, "created_at": now}
    for name, group in (("Repairs committee", "Committees"), ("Drives a van", "Skills"), ("Speaks at council", "Skills"), ("Parent", "")):
        tag_id = new_id()
        session().execute(insert(Tag), [base | {"id": tag_id, "name": name, "name_folded": name.casefold(), "group_name": group}])
        chosen = dice.sample(rows, max(3, len(rows) // 25))
        session().execute(insert(PersonTag), [base | {"id": new_id(), "person_id": row["id"], "tag_id": tag_id} for row in chosen])


def _consent(actor: Actor, pairs: list[tuple[dict[str, Any], str]], dice: random.Random, now: datetime) -> None:
    agreed = [(row["id"], number) for row, number in pairs if dice.random() < 0.88]
    outreach.import_consents(
        actor, agreed, wording=f"Yes, {actor.org_name} may text me about meetings and votes. Reply STOP to end.",
        evidence="Membership card", now=now - timedelta(days=380),
    )
    for person_id, number in agreed[::37]:
        outreach.revoke_consent(actor, number, source="text", now=now - timedelta(days=60), person_id=person_id, said="STOP")
