"""Drafting a sealed vote, and freezing it: text, roll, rule, hours, election key, trustees and registrar at once."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, new_ids, session
from crm.infra.links import issue_link_rows
from crm.infra.runtime import keyed_hash
from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.models import Person
from crm.platforms.models import Edition
from crm.platforms.rules.editions import edition_hash
from crm.ratification import providers
from crm.ratification.actions.drafting import DEFAULTS
from crm.ratification.methods import METHODS
from crm.ratification.models.sealed import SealedPoll, SealedSeat, SealedVote
from crm.ratification.queries import editions_for
from crm.ratification.queries.sealed import edition_of, hours_of, owner_of, sealed_for, seats_with_names
from crm.ratification.rules.board import digest, roll_digest
from crm.ratification.rules.sealed.ballots import OVERHEAD, ballot_size
from crm.ratification.rules.sealed.blind import EXPONENT
from crm.ratification.rules.sealed.formats import MANIFEST_FORMAT, NOT_REVIEWED
from crm.ratification.rules.sealed.states import NEEDED, Hours, issues_in_plan, issues_in_roll, may_change
from crm.ratification.rules.states import LINK_LIFE

FIXED = {name: DEFAULTS["members"][name] for name in ("strictness", "basis", "tie")}


def draft_sealed(actor: Actor, *, hours: Hours, now: datetime, **facts: Any) -> int:
    """Drafts a sealed vote; refuses with everything that is wrong. `facts` are the columns that a draft may set."""
    row = SealedVote(id=new_id(), org_id=actor.org_id, **_checked(actor, hours, facts, now), **vars(hours))
    session().add(row)
    return _note(actor, row, "drafted", now)


def change_sealed(actor: Actor, vote_id: int, *, hours: Hours, now: datetime, **facts: Any) -> int:
    """Replaces the facts of a draft."""
    row = sealed_for(actor, vote_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    for name, value in (_checked(actor, hours, facts, now) | vars(hours)).items():
        setattr(row, name, value)
    return _note(actor, row, "changed", now)


def _note(actor: Actor, row: SealedVote, verb: str, now: datetime) -> int:
    audit.record(actor, f"sealed.{verb}", now=now, subject=("sealed_vote", row.id), after={"title": row.title, "poll_id": row.poll_id})
    session().flush()
    return row.id


def _checked(actor: Actor, hours: Hours, facts: dict[str, Any], now: datetime) -> dict[str, Any]:
    full = dict(facts)
    for name in ("quorum", "threshold"):
        share = read_share(full[name])
        full[name] = full[name] if share is None else str(share)
    written = bool(full["contest"] and full["contest"]["options"])
    edition = None if written else next((e for e in editions_for(actor) if e.id == full["edition_id"]), None)
    issues = issues_in_plan(_rule(full), hours, len(edition.content["planks"]) if edition else 0, now)
    if edition is None and not written:
        issues.append(Reason(N_("Choose an edition of your own organization, or write options."), field="edition_id"))
    if issues:
        raise Refused(issues)
    return full | {"edition_id": edition and edition.id}


def _rule(facts: dict[str, Any]) -> dict[str, Any]:
    return FIXED | {"kind": "members", "is_secret": True} | facts


def freeze_sealed(actor: Actor, vote_id: int, modulus: str, *, now: datetime) -> int:
    """Freezes everything at once, under the registrar's modulus; from then on nothing changes. Refuses what stands in the way, all of it."""
    row = sealed_for(actor, vote_id, lock=True)
    if refusal := may_change(row.state):
        raise Refused(refusal)
    edition = edition_of(row)
    facts = {name: getattr(row, name) for name in ("method", "contest", "quorum", "threshold", "trustees", "election_key")}
    issues = issues_in_plan(_rule(facts), hours_of(row), len(edition.content["planks"]) if edition else 0, now)
    if edition and edition_hash(edition.content) != edition.sha256:
        issues.append(Reason(N_("The edition's text does not match its hash. Freeze a new edition.")))
    people = _members(now)
    if issues := issues + issues_in_roll(len(people)):
        raise Refused(issues)
    secrets.SystemRandom().shuffle(people)  # a seat's number is public, so it tells nothing
    row.manifest = _manifest(row, edition, people, modulus)
    row.poll_id, row.state = digest(row.manifest), "frozen"
    session().add(SealedPoll(poll_id=row.poll_id, org_id=row.org_id, vote_id=row.id))
    base, numbered = {"org_id": row.org_id, "vote_id": row.id, "created_at": now}, zip(new_ids(len(people)), enumerate(people, 1), strict=True)
    session().execute(insert(SealedSeat), [base | {"id": id, "seat": seat, "person_id": person} for id, (seat, person) in numbered])
    return _note(actor, row, "frozen", now)


def _members(now: datetime) -> list[int]:
    is_member = or_(Person.member_since.is_(None), Person.member_since <= now.date())
    return list(session().scalars(select(Person.id).where(Person.standing == "member", is_member)))


def _manifest(row: SealedVote, edition: Edition | None, people: list[int], modulus: str) -> dict[str, Any]:
    electorate, text = _electorate(row, edition, people), _text(row, edition)
    return {
        "format": MANIFEST_FORMAT, "review": NOT_REVIEWED, "vote": str(row.id), "owner": owner_of(row).name, "title": row.title, **text,
        **{name: at.isoformat() for name, at in vars(hours_of(row)).items()}, "server_key": providers.public_key(),
        "election_key": row.election_key, "trustees": row.trustees, "trustees_needed": NEEDED,
        "registrar": {"n": modulus, "e": EXPONENT}, "box_size": ballot_size(electorate, len(text["planks"])) + OVERHEAD, "electorates": [electorate],
    }


def _text(row: SealedVote, edition: Edition | None) -> dict[str, Any]:
    """The edition and its planks, or the one question between options, numbered like a plank."""
    planks = [{"number": p["number"], "plank_id": str(p["plank_id"]), "titles": p["titles"]} for p in edition.content["planks"]] if edition else []
    return {
        "edition": {"number": edition and edition.number, "sha256": edition.sha256 if edition else digest(row.contest),
                    "authentic": edition.content["authentic"] if edition else "en"},
        "planks": [{"number": 1, "titles": row.title}] if row.contest else planks,
    }


def _electorate(row: SealedVote, edition: Edition | None, people: list[int]) -> dict[str, Any]:
    salt = keyed_hash("sealed-rolls", str(row.id)).hex()
    rule = FIXED | {"kind": "members", "secret": True, "may_change": True, "method": row.method, "quorum": row.quorum, "threshold": row.threshold}
    rule |= {"roll_size": len(people), "roll_sha256": roll_digest(salt, ((i, row.org_id, person) for i, person in enumerate(people, 1)))}
    if not row.contest:
        return rule | {"choices": list(METHODS[row.method].choices)}
    options = row.contest["options"] or [plank["titles"] for plank in edition.content["planks"]]  # type: ignore[union-attr]
    return rule | {"choices": [], "contest": row.contest | {"options": options}}


def print_pass_letters(actor: Actor, vote_id: int, *, now: datetime) -> list[tuple[int, str, str, int]]:
    """A new pass link for every seat, as (seat, name, language, link); earlier links end with the next print of the same seat's pass only.

    Reading a link consumes nothing, and a pass is given once a seat, so that several links of a seat do no harm.
    """
    row = sealed_for(actor, vote_id, lock=True)
    if row.state != "frozen" or now >= row.passes_end_at:
        raise Refused(Reason(N_("Letters can be printed from the freezing until no more passes are given out.")))
    seats = seats_with_names(row.id)
    made = issue_link_rows([
        {"org_id": row.org_id, "partner_id": None, "purpose": "sealed", "subject_id": seat.id, "expires_at": row.passes_end_at + LINK_LIFE, "created_at": now}
        for seat, _name, _language in seats
    ])
    _note(actor, row, "letters", now)
    return [(seat.seat, name, language, link) for (seat, name, language), link in zip(seats, made, strict=True)]
