"""What a ballot link opens, in one small statement: what froze with the vote is read once by each process."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from crm.infra.auth import Actor
from crm.infra.db import own, session
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.platforms.models import Edition
from crm.ratification.methods import Rule, quorum_of
from crm.ratification.models import Electorate, Office, Ratification, RollBits, RollCorrection, RollEntry
from crm.ratification.rules.tally import key_of


@dataclass(frozen=True)
class Frozen:
    """What does not change any more once a vote is open."""

    id: int
    key: str
    roll_size: int
    shards: int
    title: dict[str, str]
    poll_id: str
    manifest: dict[str, Any]
    edition: dict[str, Any] | None
    is_of_office: bool
    rule: dict[str, Any]
    """The electorate as it froze."""
    content: dict[str, Any]
    """The frozen text: the edition, or the one question between options, as the manifest has it."""
    planks: list[int]
    """The planks in order."""
    needed: int
    """How many ballots the quorum asks for."""


@dataclass(frozen=True)
class Seat(Frozen):
    """What a ballot link opens: what froze, and the seat, the state and the hours as they are now."""

    seat: int
    is_struck: bool
    electorate_id: int
    state: str
    opens_at: datetime
    closes_at: datetime
    owner: str
    time_zone: str


_SEAT = (
    select(
        RollEntry.seat,
        exists().where(RollCorrection.electorate_id == RollEntry.electorate_id, RollCorrection.seat == RollEntry.seat),
        RollEntry.electorate_id, Ratification.state, Ratification.opens_at, Ratification.closes_at, Organization.name, Organization.time_zone,
        Ratification.poll_id,
    )
    .join(Electorate, Electorate.id == RollEntry.electorate_id)
    .join(Ratification, Ratification.id == Electorate.ratification_id)
    .join(Organization, Organization.id == Ratification.org_id)
    .where(RollEntry.id == bindparam("entry_id"), Ratification.poll_id.is_not(None))
)
_LOCKED_SEAT = _SEAT.with_for_update(read=True, of=Ratification)  # both built once: a full hall casts five thousand times


def ballot_for(actor: Actor, lock: bool = False) -> Seat:
    """The seat of the holder of a ballot link, at the organization that runs the vote.

    `lock` shares the vote's row with other casts and keeps a close waiting.
    """
    found = own(_LOCKED_SEAT if lock else _SEAT, {"entry_id": actor.link.subject_id}).first()
    if found is None:
        raise Missing()
    *now, poll_id = found
    return Seat(*vars(_frozen(found.electorate_id, poll_id)).values(), *now)


@lru_cache(maxsize=64)  # the poll id is a hash of it, so what is kept here cannot be out of date
def _frozen(electorate_id: int, _poll_id: str) -> Frozen:
    shards = select(func.count(RollBits.id)).where(RollBits.electorate_id == Electorate.id).scalar_subquery()
    query = (
        select(
            Ratification.id, Electorate.key, Electorate.roll_size, shards, Ratification.title, Ratification.poll_id, Ratification.manifest,
            Edition.content, exists().where(Office.ratification_id == Ratification.id),
        )
        .join(Ratification, Ratification.id == Electorate.ratification_id)
        .outerjoin(Edition, Edition.id == Ratification.edition_id)
        .where(Electorate.id == electorate_id)
    )
    row = session().execute(query).one()
    manifest, edition = row.manifest, row.content
    rule = next(e for e in manifest["electorates"] if key_of(e) == row.key)
    if rule.get("contest") or edition is None:
        edition_or_question = {"authentic": manifest["edition"]["authentic"], "planks": manifest["planks"]}
    else:
        edition_or_question = edition
    needed = quorum_of(Rule.of(rule), row.roll_size, 0).needed
    return Frozen(*row, rule, edition_or_question, [plank["number"] for plank in manifest["planks"]], needed)
