"""Opening: check, build the rolls organization by organization, then freeze edition, roll, rule, secrecy and hours
at once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from crm.assemblies.queries.rosters import mandates_of
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms.rules.editions import edition_hash
from crm.ratification import providers
from crm.ratification.actions.manifest import key_of_roll, manifest_of
from crm.ratification.actions.rolls import seat_at_assembly
from crm.ratification.actions.signing import publish_opening
from crm.ratification.models import (
    Electorate,
    NoticeSummary,
    OrganizationSeat,
    Ratification,
    RollBits,
    RollCandidate,
    RollEntry,
    RollKey,
    RollMark,
)
from crm.ratification.queries import edition_of, electorates_of, opening_job, organizations_of, ratification_for, voting_organizations
from crm.ratification.rules.ballots import empty_shards, likely_same
from crm.ratification.rules.board import digest
from crm.ratification.rules.states import PEOPLE, RULE, Plan, issues_before_opening, may_change

HOURLY = timedelta(hours=1)
NOBODY = {
    "members": N_("Nobody is on the roll of members. Only people whose standing is member can vote."),
    "residents": N_("Nobody has declared to live there. Record declarations first."),
    "organizations": N_("No organization belongs to this coalition, so there is no roll."),
    "participants": N_("Nobody on the roster of the assembly votes by this role with a record of their own."),
    "attendees": N_("Nobody is checked in. The roll is taken from whoever the doors have let in when the vote opens."),
    "together": N_("Nobody is in the groups that are counted together."),
    "delegates": N_("Nobody is seated. The roll is taken from the delegates who sit in their seats when the vote opens."),
}


def plan_of(ratification: Ratification) -> Plan:
    """What would be frozen now."""
    edition = edition_of(ratification)
    content = edition.content if edition else {"planks": [], "languages": []}
    rules = [
        {name: getattr(e, name) for name in RULE} for e in electorates_of(ratification)
    ]
    return Plan(
        planks=content["planks"],
        languages=content["languages"],
        edition_is_whole=edition is None or edition_hash(content) == edition.sha256,
        opens_at=ratification.opens_at,
        closes_at=ratification.closes_at,
        electorates=rules,
        members=len(organizations_of(ratification)),
        notice_days=ratification.notice_days if ratification.notice_binds else None,
    )


def begin_opening(actor: Actor, ratification_id: int, *, now: datetime) -> int:
    """Checks everything, all problems at once, and begins to build the rolls; returns the job."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    if issues := issues_before_opening(plan_of(row), now):
        raise Refused(issues)
    row.state, row.prepared_at, row.problem = "preparing", now, None
    for electorate in electorates_of(row):
        if electorate.kind in PEOPLE:
            session().add(
                RollKey(
                    org_id=row.org_id,
                    electorate_id=electorate.id,
                    salt=secrets.token_hex(32),
                    mark_key=secrets.token_hex(32),
                )
            )
    audit.record(actor, "ratification.prepared", now=now, subject=("ratification", row.id))
    session().flush()
    total = len(organizations_of(row)) + 1
    return enqueue(
        row.org_id,
        "ratification.open",
        {"ratification_id": row.id},
        now=now,
        key=f"open:{row.id}:{now.isoformat()}",
        total=total,
    )


def freeze(actor: Actor, ratification_id: int, *, now: datetime) -> bool:
    """Freezes everything at once and opens; if something now stands in the way, goes back to draft and says what."""
    row = ratification_for(actor, ratification_id, lock=True)
    if row.state != "preparing":
        return False
    issues = issues_before_opening(plan_of(row), now)
    electorates = electorates_of(row)
    for electorate in electorates:
        electorate.roll_size = sum(e.roll_size for e in electorates if e.kind in PEOPLE) if electorate.kind == "together" else _seat(row, electorate, now)
        if electorate.roll_size == 0:
            issues.append(Reason(NOBODY["residents" if electorate.place_id else electorate.kind]))
    if issues:
        return _return_to_draft(actor, row, issues, now)
    row.public_key = providers.public_key()
    row.manifest = manifest_of(row, electorates)
    row.poll_id = digest(row.manifest)
    row.state = "open"
    publish_opening(row, now)
    audit.record(
        actor, "ratification.opened", now=now, subject=("ratification", row.id), after={"poll_id": row.poll_id}
    )
    session().flush()
    _enqueue_what_follows(row, now)
    return True


def _seat(row: Ratification, electorate: Electorate, now: datetime) -> int:
    """Closes the roll of an electorate; returns how many seats it has."""
    if electorate.kind == "organizations":
        return _seat_organizations(row, electorate)
    if electorate.kind != "members":
        seat_at_assembly(electorate, now=now)
    return _seat_people(electorate)


def _enqueue_what_follows(row: Ratification, now: datetime) -> None:
    for organization in organizations_of(row):
        enqueue(
            organization.id,
            "ratification.notify",
            {"ratification_id": row.id},
            now=now,
            key=f"notify:{row.id}:{organization.id}",
            not_before=now if row.notice_days else max(now, row.opens_at),
        )
    enqueue(
        row.org_id,
        "ratification.close",
        {"ratification_id": row.id},
        now=now,
        key=f"close:{row.id}",
        not_before=row.closes_at + timedelta(seconds=1),
    )
    enqueue(row.org_id, "ratification.list", {"ratification_id": row.id}, now=now, key=f"list:{row.id}", not_before=max(now, row.opens_at) + HOURLY)


def return_to_draft(actor: Actor, ratification_id: int, *, now: datetime) -> int:
    """Gives up an opening that was stopped or failed; what was built of the rolls is removed."""
    row = ratification_for(actor, ratification_id, lock=True)
    job = opening_job(actor, row)
    if row.state != "preparing" or (job is not None and job.state in ("due", "running")):
        raise Refused(Reason(N_("The roll is still being built. Stop that first.")))
    _return_to_draft(actor, row, [], now)
    return row.id


def _return_to_draft(actor: Actor, row: Ratification, issues: list[Reason], now: datetime) -> bool:
    for electorate in electorates_of(row):
        electorate.roll_size = 0
        for table in (RollEntry, RollMark, RollKey, RollCandidate, RollBits, OrganizationSeat):
            session().execute(delete(table).where(table.electorate_id == electorate.id))
    session().execute(delete(NoticeSummary).where(NoticeSummary.ratification_id == row.id))
    row.state, row.problem = "draft", {"reasons": [{"text": i.text, "params": {k: str(v) for k, v in i.params.items()}} for i in issues]}
    audit.record(actor, "ratification.returned", now=now, subject=("ratification", row.id))
    session().flush()
    return False


def _seat_people(electorate: Electorate) -> int:
    """Closes a roll of people: candidates noted, marks and their key destroyed, one empty bit per seat."""
    count = (
        session().scalar(select(func.count()).select_from(RollEntry).where(RollEntry.electorate_id == electorate.id))
        or 0
    )
    marks = (
        session()
        .execute(
            select(RollMark.seat, RollMark.partner_id, RollMark.mark).where(RollMark.electorate_id == electorate.id)
        )
        .all()
    )
    session().add_all(
        RollCandidate(
            org_id=electorate.org_id,
            electorate_id=electorate.id,
            seat=a,
            other_seat=b,
            partner_id=one,
            other_partner_id=other,
        )
        for (a, one), (b, other) in likely_same(list(marks))
    )
    session().execute(delete(RollMark).where(RollMark.electorate_id == electorate.id))
    key_of_roll(electorate).mark_key = None
    session().add_all(RollBits(org_id=electorate.org_id, electorate_id=electorate.id, shard=k, bits=bits) for k, bits in enumerate(empty_shards(count)))
    session().flush()
    return count


def _seat_organizations(row: Ratification, electorate: Electorate) -> int:
    """One seat each, or as many mandates as the organization's delegations have seats."""
    organizations = mandates_of(electorate.assembly_id) if electorate.assembly_id else [(o, 1) for o in voting_organizations(row.org_id)]
    session().add_all(
        OrganizationSeat(org_id=row.org_id, partner_id=o.id, electorate_id=electorate.id, seat=i, name=o.name, mandates=n)
        for i, (o, n) in enumerate(organizations)
    )
    session().flush()
    return len(organizations)
