"""Doors and reads of sealed votes."""

import json
from typing import Any

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import scope_to, session
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.people.models import Person
from crm.platforms.models import Edition
from crm.ratification.models.sealed import SealedEntry, SealedPass, SealedPoll, SealedSeat, SealedVote
from crm.ratification.rules.sealed.states import Hours


def sealed_for(actor: Actor, vote_id: int, lock: bool = False) -> SealedVote:
    """A sealed vote of the actor's own organization; drafts only for those who run votes."""
    query = select(SealedVote).where(SealedVote.id == vote_id, SealedVote.org_id == actor.org_id)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None or (found.state == "draft" and not actor.may(Action.RUN_VOTES)):
        raise Missing()
    return found


def sealed_page(actor: Actor, after: str | None) -> Page:
    """The organization's sealed votes, newest first."""
    query = select(SealedVote).where(SealedVote.org_id == actor.org_id)
    if not actor.may(Action.RUN_VOTES):
        query = query.where(SealedVote.state != "draft")
    return keyset(query, (SealedVote.opens_at.desc(), SealedVote.id.desc()), after, 30)


def poll_for(poll_id: str, lock: bool = False) -> SealedVote:
    """The frozen vote at that public address; the session is held to its organization from here on."""
    found = poll_at(poll_id)
    query = select(SealedVote).where(SealedVote.id == found.vote_id)
    return session().scalars(query.with_for_update().execution_options(populate_existing=True) if lock else query).one()


def poll_at(poll_id: str) -> SealedPoll:
    """The directory's row of that address, or Missing."""
    found = session().scalar(select(SealedPoll).where(SealedPoll.poll_id == poll_id))
    if found is None:
        raise Missing()
    return found


def enter_poll(poll_id: str) -> SealedVote:
    """Holds the session to the organization of a public address and reads its vote."""
    scope_to(poll_at(poll_id).org_id)
    return poll_for(poll_id)


def seat_by_link(actor: Actor, lock: bool = False) -> tuple[SealedSeat, SealedVote]:
    """The seat and vote of the holder of a pass link."""
    seat = session().scalar(select(SealedSeat).where(SealedSeat.id == actor.link.subject_id))
    if seat is None:
        raise Missing()
    query = select(SealedVote).where(SealedVote.id == seat.vote_id)
    return seat, session().scalars(query.with_for_update(read=True) if lock else query).one()


def hours_of(row: SealedVote) -> Hours:
    """Its four instants."""
    return Hours(row.passes_at, row.passes_end_at, row.opens_at, row.closes_at)


def edition_of(row: SealedVote) -> Edition | None:
    """The edition that it puts to the vote, if any."""
    return session().scalar(select(Edition).where(Edition.id == row.edition_id)) if row.edition_id else None


def owner_of(row: SealedVote) -> Organization:
    """The organization that holds it."""
    return session().get_one(Organization, row.org_id)


def roll_size(vote_id: int) -> int:
    """How many seats the frozen roll has."""
    return session().scalar(select(func.count()).select_from(SealedSeat).where(SealedSeat.vote_id == vote_id)) or 0


def seats_with_names(vote_id: int) -> list[tuple[SealedSeat, str, str]]:
    """Every seat with its member's name and language, in the order of names: for the letters."""
    query = (
        select(SealedSeat, Person.given_name, Person.family_name, Person.language)
        .join(Person, (Person.org_id == SealedSeat.org_id) & (Person.id == SealedSeat.person_id))
        .where(SealedSeat.vote_id == vote_id).order_by(Person.name_folded, SealedSeat.seat)
    )
    return [(seat, f"{given} {family}".strip(), language) for seat, given, family, language in session().execute(query)]


def passes_of(vote_id: int) -> list[SealedPass]:
    """The passes that were signed, by seat."""
    return list(session().scalars(select(SealedPass).where(SealedPass.vote_id == vote_id).order_by(SealedPass.seat)))


def count_passes(vote_id: int) -> int:
    """How many passes were signed."""
    return session().scalar(select(func.count()).select_from(SealedPass).where(SealedPass.vote_id == vote_id)) or 0


def pass_of(vote_id: int, seat: int) -> SealedPass | None:
    """The pass that was signed for a seat."""
    return session().scalar(select(SealedPass).where(SealedPass.vote_id == vote_id, SealedPass.seat == seat))


def entries_of(vote_id: int) -> list[dict[str, Any]]:
    """The chain, in order, as the board has it."""
    columns = (SealedEntry.pass_key, SealedEntry.version, SealedEntry.token, SealedEntry.box, SealedEntry.signature, SealedEntry.hash)
    rows = session().execute(select(*columns).where(SealedEntry.vote_id == vote_id).order_by(SealedEntry.position))
    return [dict(zip(("pass", "version", "token", "box", "signature", "hash"), row, strict=True)) for row in rows]


def last_entry(vote_id: int) -> SealedEntry | None:
    """The head of the chain."""
    return session().scalar(select(SealedEntry).where(SealedEntry.vote_id == vote_id).order_by(SealedEntry.position.desc()).limit(1))


def count_entries(vote_id: int) -> int:
    """How many boxes came in, those that a later one replaced included."""
    last = last_entry(vote_id)
    return last.position if last else 0


def last_of_pass(vote_id: int, pass_key: str) -> SealedEntry | None:
    """What this pass put in last."""
    query = select(SealedEntry).where(SealedEntry.vote_id == vote_id, SealedEntry.pass_key == pass_key)
    return session().scalar(query.order_by(SealedEntry.version.desc()).limit(1))


def board_text(poll_id: str) -> str:
    """The board as it was signed when the vote was opened, or Missing."""
    if (text := poll_at(poll_id).board) is None:
        raise Missing()
    return text


def board_of(poll_id: str) -> dict[str, Any]:
    """The signed board, read."""
    return json.loads(board_text(poll_id))
