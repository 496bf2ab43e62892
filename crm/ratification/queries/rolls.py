"""Doors and reads of rolls: seats, who has voted as bits, named votes, ballots by tracker."""

from sqlalchemy import func, select

from crm.assemblies.models import Participant
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.people.models import Person
from crm.ratification.models import (
    Ballot,
    Electorate,
    FinalBallot,
    MemberVote,
    OrganizationSeat,
    Ratification,
    RollBits,
    RollCallVote,
    RollCandidate,
    RollCorrection,
    RollEntry,
)
from crm.ratification.rules.ballots import count_bits, has_bit
from crm.ratification.rules.states import PEOPLE


def seats_of(electorate: Electorate) -> list[OrganizationSeat]:
    """The organizations' roll by seat."""
    return list(
        session().scalars(
            select(OrganizationSeat)
            .where(OrganizationSeat.electorate_id == electorate.id)
            .order_by(OrganizationSeat.seat)
        )
    )


def seat_for(actor: Actor, ratification: Ratification, lock: bool = False) -> tuple[Electorate, OrganizationSeat]:
    """The actor's organization's seat in the roll call, or Missing."""
    query = (
        select(OrganizationSeat)
        .join(Electorate, Electorate.id == OrganizationSeat.electorate_id)
        .where(
            Electorate.ratification_id == ratification.id,
            Electorate.is_secret.is_(False),
            OrganizationSeat.partner_id == actor.org_id,
        )
    )
    seat = session().scalar(query.with_for_update(of=OrganizationSeat) if lock else query)
    if seat is None:
        raise Missing()
    return session().get_one(Electorate, seat.electorate_id), seat


def has_seat(actor: Actor, ratification: Ratification) -> bool:
    """Whether the actor's organization votes in the roll call."""
    return (
        session().scalar(
            select(OrganizationSeat.id)
            .join(Electorate, Electorate.id == OrganizationSeat.electorate_id)
            .where(Electorate.ratification_id == ratification.id, OrganizationSeat.partner_id == actor.org_id)
        )
        is not None
    )


def roll_call_of(electorate_id: int) -> list[RollCallVote]:
    """Every named vote with its history, oldest first."""
    return list(
        session().scalars(
            select(RollCallVote)
            .where(RollCallVote.electorate_id == electorate_id)
            .order_by(RollCallVote.plank, RollCallVote.partner_id, RollCallVote.version)
        )
    )


def latest_votes(votes: list[RollCallVote]) -> dict[tuple[int, int], RollCallVote]:
    """The vote that counts, by (organization, plank)."""
    return {(vote.partner_id, vote.plank): vote for vote in votes}


def is_struck(electorate_id: int, seat: int) -> bool:
    """Whether a numbered correction took the seat off the roll."""
    return (
        session().scalar(
            select(RollCorrection.id).where(RollCorrection.electorate_id == electorate_id, RollCorrection.seat == seat)
        )
        is not None
    )


def shards_of(electorate_id: int) -> list[bytes]:
    """Who has voted, as bits: of n shards the one numbered k holds the seats k, k + n, k + 2n and so on."""
    return list(session().scalars(select(RollBits.bits).where(RollBits.electorate_id == electorate_id).order_by(RollBits.shard)))


def ballots_in(electorate_id: int) -> int:
    """How many seats of a secret roll have voted."""
    return sum(map(count_bits, shards_of(electorate_id)))


def has_voted(electorate_id: int, seat: int) -> bool:
    """Whether the seat's bit is set, or its open vote is in."""
    shards = shards_of(electorate_id)
    is_set = bool(shards) and has_bit(shards[seat % len(shards)], seat // len(shards))
    return is_set or bool(votes_of_seat(electorate_id, seat))


def votes_of_seat(electorate_id: int, seat: int) -> dict[int, MemberVote]:
    """The open vote of one seat as it stands, by plank."""
    rows = session().scalars(
        select(MemberVote).where(MemberVote.electorate_id == electorate_id, MemberVote.seat == seat).order_by(MemberVote.version))
    return {vote.plank: vote for vote in rows}


def open_votes_of(electorate_id: int, seats: list[int]) -> dict[tuple[int, int], MemberVote]:
    """The open votes of these seats as they stand, by (seat, plank)."""
    rows = session().scalars(
        select(MemberVote).where(MemberVote.electorate_id == electorate_id, MemberVote.seat.in_(seats)).order_by(MemberVote.version))
    return {(vote.seat, vote.plank): vote for vote in rows}


def own_open_votes(actor: Actor, electorate: Electorate, after: str | None) -> Page:
    """A page of the actor's own members on an open roll, by seat: (entry, person, the code of whoever has no record)."""
    wanted = select(RollEntry, Person, Participant.shown_name).where(RollEntry.electorate_id == electorate.id, RollEntry.partner_id == actor.org_id)
    named = wanted.outerjoin(Person, (Person.org_id == RollEntry.partner_id) & (Person.id == RollEntry.person_id))
    named = named.outerjoin(Participant, Participant.id == RollEntry.participant_id)
    return keyset(named, [RollEntry.seat, RollEntry.id], after, 100)


def open_votes(electorate_id: int) -> dict[tuple[int, int], MemberVote]:
    """Every open vote as it stands, by (seat, plank)."""
    rows = session().scalars(select(MemberVote).where(MemberVote.electorate_id == electorate_id).order_by(MemberVote.version))
    return {(vote.seat, vote.plank): vote for vote in rows}


def turnout_of(electorate: Electorate) -> int:
    """How many have voted: bits of a secret roll, organizations of a roll call; where groups are counted together, all of theirs."""
    if electorate.kind == "together":
        groups = select(Electorate).where(Electorate.ratification_id == electorate.ratification_id, Electorate.kind.in_(PEOPLE))
        return sum(turnout_of(group) for group in session().scalars(groups).all())
    if electorate.is_secret:
        return ballots_in(electorate.id)
    if electorate.kind in PEOPLE:
        return session().scalar(select(func.count(func.distinct(MemberVote.seat))).where(MemberVote.electorate_id == electorate.id)) or 0
    return (
        session().scalar(
            select(func.count(func.distinct(RollCallVote.partner_id))).where(
                RollCallVote.electorate_id == electorate.id
            )
        )
        or 0
    )


def listed(electorate_id: int, trackers: list[str], is_open: bool) -> int:
    """How many of these trackers are in the box while the vote is open, or on the board after it."""
    table = Ballot if is_open else FinalBallot
    return (
        session().scalar(
            select(func.count())
            .select_from(table)
            .where(table.electorate_id == electorate_id, table.tracker.in_(trackers))
        )
        or 0
    )


def candidates_for(actor: Actor, electorate_id: int) -> list[RollCandidate]:
    """Pairs of seats that may be one human; only the owner has them."""
    return list(
        session().scalars(
            select(RollCandidate).where(RollCandidate.electorate_id == electorate_id).order_by(RollCandidate.seat)
        )
    )


def candidate_for(actor: Actor, candidate_id: int) -> RollCandidate:
    """One such pair."""
    found = session().scalar(select(RollCandidate).where(RollCandidate.id == candidate_id).with_for_update())
    if found is None:
        raise Missing()
    return found
