"""Closing: the ballots are copied in the order of their trackers, the inbox is dropped, the result and the board
are published."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms.actions import mark_ratified
from crm.ratification import providers
from crm.ratification.actions.opening import organization_roll, published_roll
from crm.ratification.methods import METHODS
from crm.ratification.models import (
    Ballot,
    Electorate,
    FinalBallot,
    OrganizationSeat,
    PublishedBoard,
    Ratification,
    RollBits,
    RollCorrection,
    RollEntry,
)
from crm.ratification.queries import (
    ballots_in,
    corrections_of,
    edition_of,
    electorates_of,
    latest_votes,
    open_votes,
    ratification_for,
    roll_call_of,
)
from crm.ratification.rules.board import BOARD_FORMAT, SMALL_GROUP, board_message, canonical
from crm.ratification.rules.states import PEOPLE, may_certify, may_close
from crm.ratification.rules.tally import Votes, tally


def close_ratification(actor: Actor, ratification_id: int, *, now: datetime, reason: str = "") -> int:
    """Closes a vote at its hour (earlier with a published reason), counts it and publishes the board."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_close(row.state, row.closes_at, now, reason):
        raise Refused(refusal)
    if providers.public_key() != row.public_key:
        raise Refused(
            Reason(
                N_(
                    "The ballot key of this server is not the one that was frozen at opening. "
                    "Put keys/ballots.key back from the backup."
                )
            )
        )
    electorates = electorates_of(row)
    if now < row.closes_at:
        add_correction(actor, row, "closed_early", None, None, reason.strip(), now)
    for electorate in electorates:
        _seal(electorate)
    board = _board(row, electorates)
    row.result, row.closed_at, row.state = board["result"], now, "closed"
    board["signatures"] = [
        {"role": "server", "public_key": row.public_key, "signature": providers.sign(board_message(board))}
    ]
    session().add(PublishedBoard(poll_id=row.poll_id, text=canonical(board).decode()))
    audit.record(
        actor,
        "ratification.closed",
        now=now,
        subject=("ratification", row.id),
        after={"ratified": row.result["ratified"]},
    )
    session().flush()
    enqueue(row.org_id, "ratification.scrub", {}, now=now, key=f"scrub:{row.id}")
    return row.id


def _seal(electorate: Electorate) -> None:
    """Rewrites what was secret so that no storage order is left, and stops the roll call."""
    if not electorate.is_secret and electorate.kind in PEOPLE:
        session().execute(select(RollEntry.id).where(RollEntry.electorate_id == electorate.id).order_by(RollEntry.seat).with_for_update())
        return
    if not electorate.is_secret:
        session().execute(
            select(OrganizationSeat.id).where(OrganizationSeat.electorate_id == electorate.id).with_for_update()
        )
        return
    rows = (
        session()
        .execute(
            select(Ballot.plank, Ballot.tracker, Ballot.choice)
            .where(Ballot.electorate_id == electorate.id)
            .order_by(Ballot.plank, Ballot.tracker)
        )
        .all()
    )
    if rows:
        base = {"org_id": electorate.org_id, "electorate_id": electorate.id}
        session().execute(insert(FinalBallot), [base | {"plank": p, "tracker": t, "choice": c} for p, t, c in rows])
    session().execute(delete(Ballot).where(Ballot.electorate_id == electorate.id))
    session().execute(
        update(RollBits).where(RollBits.electorate_id == electorate.id).values(bits=RollBits.bits)
    )


def add_correction(
    actor: Actor,
    row: Ratification,
    kind: str,
    electorate: Electorate | None,
    seat: int | None,
    reason: str,
    now: datetime,
) -> None:
    """Adds the next numbered, public correction."""
    session().add(
        RollCorrection(
            org_id=row.org_id,
            ratification_id=row.id,
            electorate_id=electorate.id if electorate else None,
            kind=kind,
            seat=seat,
            number=len(corrections_of(row)) + 1,
            reason=reason,
            by_name=actor.name,
            at=now,
        )
    )
    session().flush()


def _board(row: Ratification, electorates: list[Electorate]) -> dict[str, Any]:
    """All of the board but the signatures."""
    corrections = corrections_of(row)
    parts, votes = [], {}
    for electorate in electorates:
        part, cast = _part(electorate)
        struck = sum(c.electorate_id == electorate.id and c.kind == "struck" for c in corrections)
        parts.append(part)
        votes[electorate.kind] = Votes(cast[0], electorate.roll_size - struck, cast[1])
    kinds = {electorate.id: electorate.kind for electorate in electorates}
    manifest = row.manifest or {}
    return {
        "format": BOARD_FORMAT,
        "poll_id": row.poll_id,
        "manifest": manifest,
        "electorates": parts,
        "corrections": [
            {
                "number": c.number,
                "kind": c.kind,
                "electorate": kinds.get(c.electorate_id or 0),
                "seat": c.seat,
                "reason": c.reason,
                "by": c.by_name,
                "at": c.at.isoformat(),
            }
            for c in corrections
        ],
        "result": tally(manifest, votes),
    }


Cast = tuple[int, dict[int, list[str]]]


def _part(electorate: Electorate) -> tuple[dict[str, Any], Cast]:
    if electorate.is_secret:
        return _secret_part(electorate)
    return _open_part(electorate) if electorate.kind in PEOPLE else _roll_call_part(electorate)


def _open_part(electorate: Electorate) -> tuple[dict[str, Any], Cast]:
    """Members who voted openly: by seat, never by name."""
    votes = [vote for _place, vote in sorted(open_votes(electorate.id).items(), key=lambda item: (item[0][1], item[0][0]))]
    part = {
        "kind": electorate.kind, "sealed": False, "bits": None, "ballots": [], "counts": None, "roll": published_roll(electorate),
        "roll_call": [
            {"seat": v.seat, "plank": v.plank, "choice": v.choice, "reason": "", "by": "", "version": v.version, "at": v.at.isoformat()} for v in votes
        ],
    }
    return part, (len({v.seat for v in votes}), _by_plank([(v.plank, v.choice) for v in votes]))


def _by_plank(rows: list[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for plank, choice in rows:
        found.setdefault(plank, []).append(choice)
    return found


def _secret_part(electorate: Electorate) -> tuple[dict[str, Any], Cast]:
    rows = (
        session()
        .execute(
            select(FinalBallot.plank, FinalBallot.tracker, FinalBallot.choice)
            .where(FinalBallot.electorate_id == electorate.id)
            .order_by(FinalBallot.plank, FinalBallot.tracker)
        )
        .all()
    )
    bits = ballots_in(electorate.id)
    choices = _by_plank([(plank, choice) for plank, _tracker, choice in rows])
    sealed = bits < SMALL_GROUP
    part = {
        "kind": electorate.kind,
        "sealed": sealed,
        "bits": bits,
        "roll": [],
        "roll_call": [],
        "ballots": [] if sealed else [{"plank": p, "tracker": t, "choice": c} for p, t, c in rows],
        "counts": _sealed_counts(electorate, choices) if sealed else None,
    }
    return part, (bits, choices)


def _sealed_counts(electorate: Electorate, choices: dict[int, list[str]]) -> dict[str, dict[str, int]]:
    """How often each choice was made on each plank. A vote between options has none: its counts would be its ballots."""
    if electorate.contest:
        return {}
    method = METHODS[electorate.method]
    return {str(plank["number"]): method.count(choices.get(plank["number"], ())) for plank in _planks(electorate)}


def _planks(electorate: Electorate) -> list[dict[str, Any]]:
    manifest = (
        session().scalars(select(Ratification.manifest).where(Ratification.id == electorate.ratification_id)).one()
    )
    return (manifest or {})["planks"]


def _roll_call_part(electorate: Electorate) -> tuple[dict[str, Any], Cast]:
    seats = {
        seat.partner_id: seat.seat
        for seat in session().scalars(select(OrganizationSeat).where(OrganizationSeat.electorate_id == electorate.id))
    }
    votes = sorted(latest_votes(roll_call_of(electorate.id)).values(), key=lambda v: (v.plank, seats[v.partner_id]))
    part = {
        "kind": electorate.kind,
        "sealed": False,
        "bits": None,
        "ballots": [],
        "counts": None,
        "roll": organization_roll(electorate),
        "roll_call": [
            {
                "seat": seats[v.partner_id],
                "plank": v.plank,
                "choice": v.choice,
                "reason": v.reason,
                "by": v.account_name,
                "version": v.version,
                "at": v.at.isoformat(),
            }
            for v in votes
        ],
    }
    return part, (len({v.partner_id for v in votes}), _by_plank([(v.plank, v.choice) for v in votes]))


def certify(actor: Actor, ratification_id: int, *, now: datetime) -> int:
    """Says that the count stands; the certificate can be printed from then on."""
    row = ratification_for(actor, ratification_id, lock=True)
    if refusal := may_certify(row.state):
        raise Refused(refusal)
    row.state, row.certified_at, row.certified_by = "certified", now, actor.name
    audit.record(
        actor, "ratification.certified", now=now, subject=("ratification", row.id), after={"result": row.result}
    )
    _tell_platform(actor, row, now)
    session().flush()
    return row.id


def _tell_platform(actor: Actor, row: Ratification, now: datetime) -> None:
    """The platform learns what became of each plank, and which organizations voted for one that was ratified.

    A choice between options ratifies no text.
    """
    edition = edition_of(row)
    if edition is None or any(e.contest for e in electorates_of(row)):
        return
    ratified = set((row.result or {})["ratified"])
    outcomes = {
        int(plank["plank_id"]): "ratified" if plank["number"] in ratified else "not_ratified"
        for plank in (row.manifest or {})["planks"]
    }
    votes = [
        vote
        for electorate in electorates_of(row)
        if not electorate.is_secret
        for vote in latest_votes(roll_call_of(electorate.id)).values()
    ]
    signatories = sorted({vote.partner_id for vote in votes if vote.choice == "yes" and vote.plank in ratified})
    mark_ratified(actor, edition.platform_id, outcomes, edition=edition.number, now=now, signatories=signatories)
