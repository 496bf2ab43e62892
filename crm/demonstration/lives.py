"""What is between people, and how they came to be members: households, relationships, standing through time, own fields."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.people.models import CustomField, Household, Person, Relationship, StandingChange
from crm.people.rules.relationships import as_kept

PLACE = ("street", "neighborhood", "city", "region", "postal_code")
BEGAN = ("Came to a building meeting", "Signed the petition on repairs", "A neighbor brought them", "Met at the laundromat table", "")
JOINED = ("Signed a membership card", "Joined at the assembly", "Joined after a one-on-one", "Paid dues for the first time", "")
BETWEEN = ("partner", "sibling", "parent", "cares_for", "relative")
ACROSS = ("neighbor", "coworker", "friend", "brought", "interprets_for")


def add_lives(actor: Actor, rows: list[dict[str, Any]], phones: dict[int, str], now: datetime) -> None:
    """Gives an organization's people households, relationships, a history and own fields, from a dice of its own."""
    dice = random.Random(f"{actor.org_name} lives")
    _standing(actor, rows, dice, now)
    _households(actor, rows, phones, dice, now)
    _know_each_other(actor, rows, dice, now)
    _own_fields(actor, rows, dice, now)


def _standing(actor: Actor, rows: list[dict[str, Any]], dice: random.Random, now: datetime) -> None:
    made = []
    for row in rows:
        since: date = row["member_since"] or row["created_at"].date()
        if row["standing"] == "member":
            first = since - timedelta(days=dice.randint(14, 320))
            steps = [("contact", first, dice.choice(BEGAN)), ("member", since, dice.choice(JOINED))]
        elif row["standing"] == "supporter":
            steps = [("contact", since, dice.choice(BEGAN)), ("supporter", since + timedelta(days=dice.randint(7, 300)), "")]
        else:
            steps = [("contact", since, dice.choice(BEGAN))]
        made += [_row(actor, now, person_id=row["id"], standing=standing, on=on, reason=why, author=actor.name) for standing, on, why in steps]
    session().execute(insert(StandingChange), made)


def _households(actor: Actor, rows: list[dict[str, Any]], phones: dict[int, str], dice: random.Random, now: datetime) -> None:
    sharing: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        sharing[phones.get(row["id"], f"none {row['id']}")].append(row)
    homes = [some for some in sharing.values() if len(some) > 1]
    single = [some[0] for some in sharing.values() if len(some) == 1]
    homes += [list(pair) for pair in zip(single[3::40], single[4::40], strict=False)]
    made, moved, kin = [], [], []
    for people in homes:
        made.append(_row(actor, now, name=""))
        place = {name: people[0][name] for name in PLACE}
        moved += [{"org_id": actor.org_id, "id": row["id"], "household_id": made[-1]["id"], **place} for row in people]
        kin.append(_related(actor, now, people[0]["id"], dice.choice(BETWEEN), people[1]["id"]))
    if made:
        session().execute(insert(Household), made)
        session().execute(update(Person), moved)
        session().execute(insert(Relationship), kin)


def _know_each_other(actor: Actor, rows: list[dict[str, Any]], dice: random.Random, now: datetime) -> None:
    pairs = list(zip(rows[1::25], rows[12::25], strict=False))
    if pairs:
        session().execute(insert(Relationship), [_related(actor, now, one["id"], dice.choice(ACROSS), other["id"]) for one, other in pairs])


def _own_fields(actor: Actor, rows: list[dict[str, Any]], dice: random.Random, now: datetime) -> None:
    fields = [
        _row(actor, now, key="shirt_size", label="Shirt size", kind="one_of", choices=["S", "M", "L", "XL", "2XL"], is_private=False, position=1),
        _row(actor, now, key="speaks_at_hearings", label="Speaks at hearings", kind="yes_no", choices=[], is_private=False, position=2),
        _row(actor, now, key="can_help_with", label="Can help with", kind="several_of", choices=["Cooking", "Driving", "Flyers", "Music", "Translation"],
             is_private=False, position=3),
        _row(actor, now, key="safe_to_call", label="Safe to call", kind="text", choices=[], is_private=True, position=4),
    ]  # fmt: skip
    session().execute(insert(CustomField), fields)
    known = []
    for row in dice.sample(rows, len(rows) // 6):
        values: dict[str, Any] = {"shirt_size": dice.choice(fields[0]["choices"]), "speaks_at_hearings": dice.random() < 0.3}
        values |= {"can_help_with": sorted(dice.sample(fields[2]["choices"], dice.randint(1, 2)))}
        values |= {"safe_to_call": "After six, not at work"} if dice.random() < 0.2 else {}
        known.append({"org_id": actor.org_id, "id": row["id"], "custom": values, "pronouns": dice.choice(("", "she/her", "he/him", "they/them", "ella", "él"))})
    session().execute(update(Person), known)


def _row(actor: Actor, now: datetime, **values: Any) -> dict[str, Any]:
    return {"org_id": actor.org_id, "id": new_id(), "created_at": now, **values}


def _related(actor: Actor, now: datetime, person_id: int, kind: str, other_id: int) -> dict[str, Any]:
    first, kept, second = as_kept(person_id, kind, other_id)
    return _row(actor, now, person_id=first, kind=kept, other_id=second)
