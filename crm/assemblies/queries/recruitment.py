"""Reads of invitations by lot: rounds in numbers, who was invited, and what those drawn said of themselves."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.models import Assembly, CallAttempt, InvitationRound, Lot, LotInvitation, LotPlace, Recruitment
from crm.assemblies.rules.recruitment import Household, code_of
from crm.infra.auth import Actor
from crm.infra.db import scope_to, session
from crm.infra.links import read_link
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing


@dataclass(frozen=True)
class Invited:
    """Whoever holds an invitation's link, held to the organization that sent it."""

    org_id: int
    subject_id: int
    expires_at: datetime
    token: str

    @classmethod
    def of(cls, token: str, now: datetime) -> "Invited":
        """Reads the link, never consuming it; Missing where it leads nowhere."""
        link = read_link(token, "lottery", now)
        found = cls(link.org_id, link.subject_id, link.expires_at, token)
        scope_to(found.org_id)
        return found

    @property
    def actor(self) -> Actor:
        return Actor.by_link(self)


@dataclass(frozen=True)
class RoundCount:
    """A round in numbers."""

    round: InvitationRound
    invited: int
    texted: int
    yes: int
    no: int


def recruitment_for(assembly: Assembly, id: int, lock: bool = False) -> Recruitment:
    """The invitations of an assembly whose door has been passed."""
    query = select(Recruitment).where(Recruitment.id == id, Recruitment.assembly_id == assembly.id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def list_for_letters(actor: Actor, assembly: Assembly, id: int) -> Recruitment:
    """The same for whoever prints letters: addresses of own people are for those who may see them."""
    found = recruitment_for(assembly, id)
    if found.own is not None and not actor.may(Action.SEE_CONTACTS):
        raise Missing
    return found


def recruitments_of(assembly: Assembly) -> list[Recruitment]:
    """Invitations by lot, the latest first."""
    query = select(Recruitment).where(Recruitment.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(Recruitment.id.desc()).limit(50)))


def rounds_of(recruitment_id: int) -> list[RoundCount]:
    """Rounds in numbers, the first first."""
    says = LotInvitation.answer
    counted = {
        row[0]: row[1:] for row in session().execute(
            select(LotInvitation.round_id, func.count(), func.count().filter(LotInvitation.way == "text"), func.count().filter(says == "yes"),
                   func.count().filter(says == "no"))
            .where(LotInvitation.recruitment_id == recruitment_id).group_by(LotInvitation.round_id))
    }
    rounds = session().scalars(select(InvitationRound).where(InvitationRound.recruitment_id == recruitment_id).order_by(InvitationRound.number))
    return [RoundCount(one, *counted.get(one.id, (0, 0, 0, 0))) for one in rounds]


def round_for(recruitment: Recruitment, id: int) -> InvitationRound:
    """A round of these invitations."""
    found = session().scalar(select(InvitationRound).where(InvitationRound.id == id, InvitationRound.recruitment_id == recruitment.id))
    if found is None:
        raise Missing
    return found


def letters_page(one: InvitationRound, after: str | None, size: int = 100) -> Page:
    """Those of a round who are invited by letter, in the order in which they were drawn."""
    query = select(LotInvitation).where(LotInvitation.round_id == one.id, LotInvitation.way == "letter", LotInvitation.household_hash.is_not(None))
    return keyset(query, (LotInvitation.number,), after, size=size)


def invitation_for(id: int, lock: bool = False) -> LotInvitation:
    """An invitation behind its link."""
    query = select(LotInvitation).where(LotInvitation.id == id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def invitation_numbered(recruitment: Recruitment, number: int, lock: bool = False) -> LotInvitation | None:
    """An invitation by its code, as somebody reads it out on the phone."""
    query = select(LotInvitation).where(LotInvitation.recruitment_id == recruitment.id, LotInvitation.number == number)
    return session().scalar(query.with_for_update() if lock else query)


def pool_of(recruitment: Recruitment) -> list[tuple[str, dict[str, str]]]:
    """Whoever said yes: (code, features)."""
    query = select(LotInvitation.number, LotInvitation.told).where(LotInvitation.recruitment_id == recruitment.id, LotInvitation.answer == "yes")
    return [(code_of(number), json.loads(told)["features"]) for number, told in session().execute(query.order_by(LotInvitation.number)) if told]


def reached_by(lot: Lot, codes: list[str]) -> dict[str, dict[str, Any]]:
    """By code, what those people said of themselves: name, phone, e-mail, language. Empty where the pool came from a file or is deleted."""
    if lot.recruitment_id is None:
        return {}
    numbers = {int(code[1:]): code for code in codes}
    query = select(LotInvitation.number, LotInvitation.told).where(LotInvitation.recruitment_id == lot.recruitment_id, LotInvitation.number.in_(numbers))
    return {numbers[number]: json.loads(told) for number, told in session().execute(query) if told}


def attempts_of(lot: Lot) -> dict[int, list[CallAttempt]]:
    """Calls by place, the first first."""
    query = select(CallAttempt).join(LotPlace, LotPlace.id == CallAttempt.place_id).where(LotPlace.lot_id == lot.id)
    found = defaultdict(list)
    for one in session().scalars(query.order_by(CallAttempt.at, CallAttempt.id)):
        found[one.place_id].append(one)
    return found


def told_in_public(lot: Lot) -> list[dict[str, Any]]:
    """How the pool came about, in numbers and hashes: each round with the list it was drawn from."""
    if lot.recruitment_id is None:
        return []
    origin = session().get_one(Recruitment, (lot.org_id, lot.recruitment_id))
    is_own = origin.own is not None
    return [
        {"round": row.round.number, "is_own": is_own, "households": origin.listed, "households_sha256": origin.households_sha256, "seed": row.round.seed,
         "invited": row.invited, "yes": row.yes, "no": row.no} for row in rounds_of(origin.id)
    ]


def household_of(invitation: LotInvitation) -> Household:
    """The household as the list had it."""
    return Household(**json.loads(invitation.household)) if invitation.household else Household("", "")


def told_of(invitation: LotInvitation) -> dict[str, Any]:
    """What a household said of itself."""
    return json.loads(invitation.told) if invitation.told else {}
