"""Verbs of exemptions: an administrator declares that a rule does not bind the organization, or that it does after all."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, new_id, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refused
from crm.outreach.models import Exemption
from crm.outreach.rules.laws import issues_before_exempting


def set_exemption(actor: Actor, rule: str, reason: str, *, now: datetime) -> int:
    """From now on this rule does not bind; every text after this is planned and claimed by what is left. Returns its id."""
    _refuse_others(actor)
    hold(actor.org_id)
    there = session().scalar(select(Exemption.id).where(Exemption.rule == rule, Exemption.ended_at.is_(None)))
    if issues := issues_before_exempting(rule, reason, there is not None):
        raise Refused(issues)
    row = Exemption(
        org_id=actor.org_id, id=new_id(), rule=rule, reason=reason.strip(), set_by=actor.name, account_id=actor.account_id, created_at=now
    )
    session().add(row)
    audit.record(actor, "exemption.set", now=now, subject=("exemption", row.id), after={"rule": rule, "reason": row.reason})
    session().flush()
    return row.id


def end_exemption(actor: Actor, exemption_id: int, *, now: datetime) -> int:
    """The rule binds again from this moment, also for what is queued already. Twice is once."""
    _refuse_others(actor)
    row = session().scalar(select(Exemption).where(Exemption.id == exemption_id).with_for_update())
    if row is None:
        raise Missing
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, actor.name
        audit.record(actor, "exemption.ended", now=now, subject=("exemption", row.id), before={"rule": row.rule})
        session().flush()
    return row.id


def _refuse_others(actor: Actor) -> None:
    if not actor.may(Action.ADMINISTER):
        raise Missing
