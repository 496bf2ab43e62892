"""What a closed vote publishes: every secret ballot by tracker, every named vote, corrections and the result."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from crm.infra.db import session
from crm.ratification.actions.manifest import organization_roll, published_roll
from crm.ratification.actions.signing import paper_hash
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, FinalBallot, OrganizationSeat, Ratification, RollCallVote
from crm.ratification.queries import (
    ballots_in,
    corrections_of,
    latest_votes,
    lists_of,
    notice_summaries,
    open_votes,
    organizations_voting,
    present_of,
    roll_call_of,
    tellers_of,
)
from crm.ratification.queries.paper import paper_count
from crm.ratification.rules.board import BOARD_FORMAT, SMALL_GROUP
from crm.ratification.rules.paper import not_returned
from crm.ratification.rules.states import PEOPLE
from crm.ratification.rules.tally import Votes, asks_present, tally


def board_of(row: Ratification, electorates: list[Electorate]) -> dict[str, Any]:
    """All of the board but the signatures."""
    corrections, manifest = corrections_of(row), row.manifest or {}
    parts: list[dict[str, Any]] = []
    votes: dict[str, Votes] = {}
    for electorate in electorates:
        part, cast = _part(electorate)
        struck = sum(c.electorate_id == electorate.id and c.kind == "struck" for c in corrections)
        parts.append(part | ({"key": electorate.key} if electorate.key != electorate.kind else {}))
        votes[electorate.key] = replace(cast, roll=cast.roll - struck)
    _attest(manifest, electorates, parts, votes)
    keys = {electorate.id: electorate.key for electorate in electorates}
    return {
        "format": BOARD_FORMAT,
        "poll_id": row.poll_id,
        "manifest": manifest,
        "electorates": parts,
        "corrections": [
            {
                "number": c.number,
                "kind": c.kind,
                "electorate": keys.get(c.electorate_id or 0),
                "seat": c.seat,
                "reason": c.reason,
                "by": c.by_name,
                "at": c.at.isoformat(),
            }
            for c in corrections
        ],
        **({"notices": _notices(row)} if "notice" in manifest else {}),
        "result": tally(manifest, votes),
        **_signed(row),
    }


def _notices(row: Ratification) -> list[dict[str, Any]]:
    """What each organization's ledger of sending comes to, and its hash."""
    return [{"organization": name, "ledger_sha256": n.ledger_hash} | n.told for name, n in notice_summaries(row)]


def _signed(row: Ratification) -> dict[str, Any]:
    """What was signed and published before the close, so that none of it can be left out: tellers' countersignatures, the lists."""
    countersigned = [{"public_key": one.public_key, "signature": one.opening_signature} for one in tellers_of(row) if one.opening_signature]
    lists = lists_of(row.poll_id or "")
    last = {"lists": {"number": len(lists), "last": paper_hash(lists[-1])}} if lists else {}
    return last | ({"opening_signatures": countersigned} if countersigned else {})


def _attest(manifest: dict[str, Any], electorates: list[Electorate], parts: list[dict[str, Any]], votes: dict[str, Votes]) -> None:
    """What ballots cannot show and the server says: how many of the roll were checked in, and whether ballots came from enough organizations."""
    for electorate, part, frozen in zip(electorates, parts, manifest["electorates"], strict=True):
        if electorate.kind not in PEOPLE:
            continue
        counted = [frozen, *(e for e in manifest["electorates"] if electorate.key in e.get("of", ()))]
        if any(asks_present(each) for each in counted):
            part["present"] = present_of(electorate)
            votes[electorate.key] = replace(votes[electorate.key], present=part["present"])
        least = max((asked["least"] for asked in frozen.get("quorums", ()) if asked["of"] == "organizations"), default=0)
        if least:
            part["enough_organizations"] = organizations_voting(electorate) >= least
            votes[electorate.key] = replace(votes[electorate.key], organizations=part["enough_organizations"])


def _part(electorate: Electorate) -> tuple[dict[str, Any], Votes]:
    if electorate.kind == "together":
        nothing = {"kind": "together", "sealed": False, "bits": None, "ballots": [], "counts": None, "roll": [], "roll_call": []}
        return nothing, Votes(0, electorate.roll_size, {})
    if electorate.is_secret:
        return _secret_part(electorate)
    return _open_part(electorate) if electorate.kind in PEOPLE else _roll_call_part(electorate)


def _open_part(electorate: Electorate) -> tuple[dict[str, Any], Votes]:
    """Members who voted openly: by seat, never by name."""
    votes = [vote for _place, vote in sorted(open_votes(electorate.id).items(), key=lambda item: (item[0][1], item[0][0]))]
    part = {
        "kind": electorate.kind, "sealed": False, "bits": None, "ballots": [], "counts": None, "roll": published_roll(electorate),
        "roll_call": [
            {"seat": v.seat, "plank": v.plank, "choice": v.choice, "reason": "", "by": "", "version": v.version, "at": v.at.isoformat()} for v in votes
        ],
    }
    return part, Votes(len({v.seat for v in votes}), electorate.roll_size, _by_plank([(v.plank, v.choice) for v in votes]))


def _by_plank(rows: list[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for plank, choice in rows:
        found.setdefault(plank, []).append(choice)
    return found


def _secret_part(electorate: Electorate) -> tuple[dict[str, Any], Votes]:
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
    paper = paper_count(electorate.id)
    cast = bits - not_returned(paper.issued, paper.returned)
    sealed = cast < SMALL_GROUP
    part = {
        "kind": electorate.kind,
        "sealed": sealed,
        "bits": bits,
        "roll": [],
        "roll_call": [],
        "ballots": [] if sealed else [{"plank": p, "tracker": t, "choice": c} for p, t, c in rows],
        "counts": _sealed_counts(electorate, choices) if sealed else None,
    }
    if paper.issued:
        part["paper"] = {"issued": paper.issued, "returned": paper.returned, "spoiled": paper.spoiled}
    return part, Votes(cast, electorate.roll_size, choices)


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


def _roll_call_part(electorate: Electorate) -> tuple[dict[str, Any], Votes]:
    held = {seat.partner_id: seat for seat in session().scalars(select(OrganizationSeat).where(OrganizationSeat.electorate_id == electorate.id))}
    votes = sorted(latest_votes(roll_call_of(electorate.id)).values(), key=lambda v: (v.plank, held[v.partner_id].seat))
    part = {
        "kind": electorate.kind,
        "sealed": False,
        "bits": None,
        "ballots": [],
        "counts": None,
        "roll": organization_roll(electorate),
        "roll_call": [
            {
                "seat": held[v.partner_id].seat,
                "plank": v.plank,
                "choice": v.choice,
                **({"mandates": v.split} if v.split else {}),
                "reason": v.reason,
                "by": v.account_name,
                "version": v.version,
                "at": v.at.isoformat(),
            }
            for v in votes
        ],
    }
    voted = {v.partner_id for v in votes}
    if not electorate.is_weighted:
        return part, Votes(len(voted), electorate.roll_size, _by_plank([(v.plank, v.choice) for v in votes]), organizations=len(voted))
    mandates = {partner_id: seat.mandates for partner_id, seat in held.items()}
    cast = sum(mandates[partner_id] for partner_id in voted)
    return part, Votes(cast, sum(mandates.values()), _in_mandates(electorate, votes, mandates), organizations=len(voted), seats=(len(held), len(voted)))


def _in_mandates(electorate: Electorate, votes: list[RollCallVote], mandates: dict[int, int]) -> dict[int, dict[str, int]]:
    """How many mandates each answer got, plank by plank."""
    found: dict[int, dict[str, int]] = {}
    for vote in votes:
        row = found.setdefault(vote.plank, dict.fromkeys(METHODS[electorate.method].choices, 0))
        for choice, n in (vote.split or {vote.choice: mandates[vote.partner_id]}).items():
            row[choice] += n
    return found
