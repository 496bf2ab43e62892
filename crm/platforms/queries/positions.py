"""Where organizations stand, how they come to it, and where they stood before."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from crm.accounts.queries import colleagues_who_may
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.organizations.models import Organization
from crm.organizations.queries import live_members
from crm.platforms.models import Platform, Position, PositionProcess, PositionStatement


def organizations_of(platform: Platform) -> list[Organization]:
    """The organizations whose word counts: the members of the owning coalition, or the owner alone."""
    owner = session().get_one(Organization, platform.org_id)
    return live_members(owner.id) if owner.is_coalition else [owner]


def positions_of(platform: Platform) -> dict[tuple[int, int], Position]:
    """Every position stated on the platform, by (plank, organization)."""
    rows = session().scalars(select(Position).where(Position.platform_id == platform.id))
    return {(row.plank_id, row.partner_id): row for row in rows}


def statements_of(platform: Platform) -> dict[tuple[int, int], list[PositionStatement]]:
    """Every statement ever made, the newest first, by (plank, organization)."""
    query = select(PositionStatement).where(PositionStatement.platform_id == platform.id)
    found = defaultdict(list)
    for row in session().scalars(query.order_by(PositionStatement.stated_at.desc(), PositionStatement.id.desc())):
        found[row.plank_id, row.partner_id].append(row)
    return found


def processes_of(platform: Platform) -> dict[int, PositionProcess]:
    """How each organization says that it decides, by organization."""
    rows = session().scalars(select(PositionProcess).where(PositionProcess.platform_id == platform.id))
    return {row.partner_id: row for row in rows}


def process_of(actor: Actor, platform_id: int) -> PositionProcess | None:
    """How the actor's own organization decides, as it wrote it down."""
    mine = (PositionProcess.platform_id == platform_id, PositionProcess.partner_id == actor.org_id)
    return session().scalar(select(PositionProcess).where(*mine))


def who_may_state(actor: Actor, platform_id: int, now: datetime) -> dict[int, str]:
    """Who may speak for the actor's own organization, as account → name: the one whom it named, as long as they lead it, else whoever leads it."""
    leaders, process = colleagues_who_may(actor, Action.VOTE_FOR_ORGANIZATION, now), process_of(actor, platform_id)
    named = {process.account_id: leaders[process.account_id]} if process and process.account_id in leaders else {}
    return named or leaders
