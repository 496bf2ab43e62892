"""Reads of exemptions: those in force first, then those that were ended."""

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.outreach.models import Exemption

MOST_SHOWN = 100


def exemptions(actor: Actor) -> list[Exemption]:
    """Every exemption of the organization, those in force first, the newest first."""
    order = (Exemption.ended_at.is_not(None), Exemption.created_at.desc(), Exemption.id.desc())
    return list(session().scalars(select(Exemption).order_by(*order).limit(MOST_SHOWN)))
