"""What accounts keep no longer than needed: invitations that are over, sign-ins that ended, refused tries."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from crm.accounts import rules
from crm.accounts.models import Invitation, SignIn, SignInFailure
from crm.infra.auth import Actor
from crm.infra.db import session

ENDED_FOR = timedelta(days=1)


def end_invitations(actor: Actor, before: datetime, most: int) -> int:
    """Invitations that were taken, withdrawn or left to run out go with the name and address in them."""
    over = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.open_until)
    old = session().scalars(select(Invitation.id).where(Invitation.org_id == actor.org_id, over < before).limit(most)).all()
    return _done(delete(Invitation).where(Invitation.id.in_(old)))


def end_sign_ins(now: datetime, most: int) -> int:
    """Sign-ins that nobody can use any more, a day later, and refused tries that no longer count."""
    dead = or_(SignIn.seen_at < now - rules.IDLE - ENDED_FOR, SignIn.started_at < now - rules.LONGEST - ENDED_FOR)
    old = session().scalars(select(SignIn.token_hash).where(dead).limit(most)).all()
    tries = session().scalars(select(SignInFailure.id).where(SignInFailure.at < now - rules.FAILURES_KEPT).limit(most)).all()
    return _done(delete(SignIn).where(SignIn.token_hash.in_(old))) + _done(delete(SignInFailure).where(SignInFailure.id.in_(tries)))


def _done(statement) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
