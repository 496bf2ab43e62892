"""Closing: the ballots are copied in the order of their trackers, the inbox is dropped, the result and the board
are published."""

from collections.abc import Callable
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
from crm.ratification.actions.paper import papers_in_the_way, take_held_papers
from crm.ratification.actions.publishing import board_of
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
    corrections_of,
    edition_of,
    electorates_of,
    homes_of,
    latest_votes,
    notice_report,
    ratification_for,
    roll_call_of,
    tellers_of,
)
from crm.ratification.rules.board import board_message, canonical
from crm.ratification.rules.homes import by_home
from crm.ratification.rules.signing import may_certify_signed
from crm.ratification.rules.states import PEOPLE, may_certify, may_close

CLOSED: list[Callable[..., None]] = []
"""What later rooms do when a vote has closed and is counted: called with actor, vote and now; filled in create_app."""


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
    if reasons := papers_in_the_way(electorates):
        raise Refused(reasons)
    if now < row.closes_at or row.state == "held":
        add_correction(actor, row, "closed_early", None, None, reason.strip(), now)
    for electorate in electorates:
        _seal(row, electorate)
    board = board_of(row, electorates)
    row.result, row.closed_at, row.state = board["result"], now, "closed"
    for electorate in electorates:
        electorate.homes = _told_by_home(electorate)
    board["signatures"] = [{"role": "server", "public_key": row.public_key, "signature": providers.sign(board_message(board))}]
    session().add(PublishedBoard(poll_id=row.poll_id, text=canonical(board).decode()))
    audit.record(
        actor,
        "ratification.closed",
        now=now,
        subject=("ratification", row.id),
        after={"ratified": row.result["ratified"]},
    )
    session().flush()
    for told in CLOSED:
        told(actor, row, now=now)
    enqueue(row.org_id, "ratification.scrub", {}, now=now, key=f"scrub:{row.id}")
    return row.id


def _told_by_home(electorate: Electorate) -> list[dict[str, Any]] | None:
    """What is told by organization, where members of several voted."""
    homes = homes_of(electorate) if electorate.kind in PEOPLE else []
    return by_home(homes) if len(homes) > 1 else None


def _seal(row: Ratification, electorate: Electorate) -> None:
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
    if rows := sorted([*map(tuple, rows), *take_held_papers(row, electorate)]):
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


def certify(actor: Actor, ratification_id: int, *, reason: str = "", now: datetime) -> int:
    """Says that the count stands; the certificate can be printed from then on. Without a teller's signature it needs a reason."""
    row = ratification_for(actor, ratification_id, lock=True)
    missing = [one.name for one in tellers_of(row) if one.board_signature is None]
    if refusal := may_certify(row.state, notice_report(row)) or may_certify_signed(missing, reason):
        raise Refused(refusal)
    row.state, row.certified_at, row.certified_by, row.certified_note = "certified", now, actor.name, reason.strip() if missing else ""
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
