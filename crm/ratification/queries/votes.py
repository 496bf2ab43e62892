"""Doors and reads of votes, their electorates, corrections and boards."""

import json
from typing import Any

from sqlalchemy import select

from crm.assemblies.queries.rosters import rostering_organizations
from crm.assemblies.queries.seats import sending_organizations
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import Job
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.organizations.queries import live_members
from crm.platforms.models import Edition
from crm.ratification.models import Electorate, PublishedBoard, Ratification, RollCorrection
from crm.ratification.rules.states import PEOPLE
from crm.turnout.queries.room import checked_in

HIDDEN = ("draft", "preparing")


def ratification_for(actor: Actor, ratification_id: int, lock: bool = False) -> Ratification:
    """A ratification that the actor may read: its own, or once its opening began one of a coalition partner or of an assembly where it is a guest."""
    query = select(Ratification).where(Ratification.id == ratification_id)
    if lock:
        query = (
            query.where(Ratification.org_id == actor.org_id).with_for_update().execution_options(populate_existing=True)
        )
    found = session().scalar(query)
    if found is None or (found.state in HIDDEN and not drafts_of(actor, found.org_id)):
        raise Missing()
    return found


def drafts_of(actor: Actor, owner_id: int) -> bool:
    """Drafts are seen by those of the owner who run votes."""
    return owner_id == actor.org_id and actor.may(Action.RUN_VOTES)


def owned_for(actor: Actor, ratification_id: int) -> Ratification:
    """A ratification of the actor's own organization."""
    found = ratification_for(actor, ratification_id)
    if found.org_id != actor.org_id:
        raise Missing()
    return found


def ratifications_page(actor: Actor, after: str | None) -> Page:
    """Votes that the actor may see, newest first."""
    query = select(Ratification)
    if drafts_of(actor, actor.org_id):
        query = query.where((Ratification.org_id == actor.org_id) | Ratification.state.not_in(HIDDEN))
    else:
        query = query.where(Ratification.state.not_in(HIDDEN))
    return keyset(query, (Ratification.opens_at.desc(), Ratification.id.desc()), after, 30)


def electorates_of(ratification: Ratification) -> list[Electorate]:
    """Members first, then organizations; groups counted together come last."""
    return list(
        session().scalars(
            select(Electorate)
            .where(Electorate.ratification_id == ratification.id)
            .order_by(Electorate.kind, Electorate.key)
        )
    )


def edition_of(ratification: Ratification) -> Edition | None:
    """The edition that is put to the vote; none where the vote has options of its own."""
    if ratification.edition_id is None:
        return None
    return session().scalars(select(Edition).where(Edition.id == ratification.edition_id)).one()


def editions_for(actor: Actor) -> list[Edition]:
    """Editions that the actor's organization can put to a vote, newest first."""
    return list(
        session().scalars(
            select(Edition).where(Edition.org_id == actor.org_id).order_by(Edition.frozen_at.desc()).limit(50)
        )
    )


def voting_organizations(owner_id: int) -> list[Organization]:
    """Whose members vote: the coalition's live member organizations, or the organization itself."""
    owner = session().get_one(Organization, owner_id)
    return live_members(owner_id) if owner.is_coalition else [owner]


def organizations_of(ratification: Ratification) -> list[Organization]:
    """Who is told of it: the voting organizations, and for rolls of an assembly alone those that sent somebody."""
    electorates = electorates_of(ratification)
    at = {kind: [e.assembly_id for e in electorates if e.kind == kind and e.assembly_id is not None] for kind in (*PEOPLE, "organizations")}
    sending = [*sending_organizations(at["delegates"] + at["organizations"]), *rostering_organizations(at["participants"]), *_who_came(at["attendees"])]
    if sending and all(e.assembly_id or e.kind == "together" for e in electorates):
        return sorted({o.id: o for o in sending}.values(), key=lambda o: (o.name, o.id))
    return sorted({o.id: o for o in (*voting_organizations(ratification.org_id), *sending)}.values(), key=lambda o: (o.name, o.id))


def _who_came(assembly_ids: list[int]) -> list[Organization]:
    ids = {partner_id for assembly_id in assembly_ids for partner_id, *_who in checked_in(assembly_id)[0]}
    return list(session().scalars(select(Organization).where(Organization.id.in_(ids)))) if ids else []


def corrections_of(ratification: Ratification) -> list[RollCorrection]:
    """The numbered corrections, in order."""
    return list(
        session().scalars(
            select(RollCorrection)
            .where(RollCorrection.ratification_id == ratification.id)
            .order_by(RollCorrection.number)
        )
    )


def opening_job(actor: Actor, ratification: Ratification) -> Job | None:
    """The job that builds the rolls of a vote that is being prepared."""
    if ratification.prepared_at is None:
        return None
    key = f"open:{ratification.id}:{ratification.prepared_at.isoformat()}"
    return session().scalar(select(Job).where(Job.key == key, Job.org_id == actor.org_id))


def published_board(poll_id: str) -> dict[str, Any]:
    """The board of that poll id, or Missing. Public."""
    return json.loads(published_text(poll_id))


def published_text(poll_id: str) -> str:
    """The board file, exactly as it was signed and published."""
    text = session().scalar(select(PublishedBoard.text).where(PublishedBoard.poll_id == poll_id))
    if text is None:
        raise Missing()
    return text
