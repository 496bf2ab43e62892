"""The votes of an assembly, for its own page and its minutes."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.platforms.models import Edition, Platform
from crm.ratification.models import Electorate, Ratification
from crm.ratification.queries.votes import HIDDEN, drafts_of


def votes_of_assembly(assembly: Assembly) -> list[Ratification]:
    """Votes that belong to it, whose roll is its own, or whose text came from it: those that are over by when they closed, then the others."""
    by_roll = select(Electorate.ratification_id).where(Electorate.assembly_id == assembly.id)
    wanted = (Ratification.assembly_id == assembly.id) | Ratification.id.in_(by_roll) | Ratification.edition_id.in_(_editions(assembly))
    return list(session().scalars(select(Ratification).where(wanted).order_by(Ratification.closed_at.nulls_last(), Ratification.id).limit(100)))


def assembly_of_vote(vote: Ratification, electorates: Iterable[Electorate]) -> int | None:
    """The assembly that it belongs to, else whose roll it asked, else the one that its text came from."""
    if asked := vote.assembly_id or next((e.assembly_id for e in electorates if e.assembly_id is not None), None):
        return asked
    return session().scalar(select(Platform.assembly_id).join(Edition, Edition.platform_id == Platform.id).where(Edition.id == vote.edition_id))


def editions_of_assembly(assembly: Assembly) -> set[int]:
    """Frozen texts that came from the assembly."""
    return set(session().scalars(_editions(assembly)))


def _editions(assembly: Assembly) -> Select:
    return select(Edition.id).join(Platform, Platform.id == Edition.platform_id).where(Platform.assembly_id == assembly.id)


def votes_seen(actor: Actor, assembly: Assembly) -> list[Ratification]:
    """Those that the actor may see, drafts to those of the owner who run votes."""
    if not actor.may(Action.SEE_VOTES):
        return []
    return [vote for vote in votes_of_assembly(assembly) if vote.state not in HIDDEN or drafts_of(actor, vote.org_id)]
