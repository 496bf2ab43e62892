"""Names that were called out in a hall go when the time of its door lists is over."""

from datetime import datetime

from sqlalchemy import select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.tables.models import Speaker


def empty_speakers(actor: Actor, before: datetime, most: int) -> int:
    """Names of those who asked to speak, long ago."""
    old = session().scalars(select(Speaker.id).where(Speaker.asked_at < before, Speaker.name != "").limit(most)).all()
    done = session().execute(update(Speaker).where(Speaker.id.in_(old)).values(name="", first_because="").execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined]
