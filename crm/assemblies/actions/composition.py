"""Editing an assembly's own seats and standing rules after its playbook set them up: add, change, remove, each with its reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.actions.program import to_change
from crm.assemblies.models import Assembly, Lot, Participant
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.rules import composition as rules
from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Missing, Reason, Refused

STALE = N_("Somebody changed this meanwhile. Look at it again.")


def put_group(actor: Actor, assembly_id: int, at: int | None, was: str, group: Mapping[str, Any] | None, reason: str, *, now: datetime) -> None:
    """Adds a group of seats (`at` None), changes the one at that place, or removes it (`group` None). `was` is its mark on the page."""
    assembly = to_change(actor, assembly_id)
    before = [one.as_data() for one in playbook_in_force(assembly).groups]
    problems = [] if group is None else rules.issues_in_group(group)
    after, old = _changed(before, at, was, group)
    if not problems:
        seated = select(Participant.role, func.count()).where(Participant.assembly_id == assembly.id).group_by(Participant.role)
        is_drawn = session().scalar(select(Lot.id).where(Lot.assembly_id == assembly.id, Lot.frozen_at.is_not(None)).limit(1)) is not None
        problems = rules.issues_in_change(before, after, dict(session().execute(seated).all()), is_drawn, reason, assembly.announced_at is not None)
    if problems:
        raise Refused(problems)
    assembly.groups = after
    _note(actor, assembly, "seats", old, group, reason, now)


def put_rule(actor: Actor, assembly_id: int, at: int | None, was: str, rule: Mapping[str, str] | None, reason: str, *, now: datetime) -> None:
    """The same for a standing rule."""
    assembly = to_change(actor, assembly_id)
    before = [dict(one) for one in playbook_in_force(assembly).rules]
    after, old = _changed(before, at, was, rule)
    problems = [] if rule is None else rules.issues_in_rule(rule)
    if problems := problems + rules.issues_in_reason(reason, assembly.announced_at is not None):
        raise Refused(problems)
    assembly.standing_rules = after
    _note(actor, assembly, "rule", old, rule, reason, now)


def _changed(before: list[dict[str, Any]], at: int | None, was: str, new: Mapping[str, Any] | None) -> tuple[list[Any], dict[str, Any] | None]:
    if at is None:
        if new is None:
            raise Missing
        return [*before, dict(new)], None
    if not 0 <= at < len(before) or rules.mark_of(before[at]) != was:
        raise Refused(Reason(STALE))
    return [*before[:at], *([] if new is None else [dict(new)]), *before[at + 1:]], before[at]


def _note(actor: Actor, assembly: Assembly, what: str, old: Any, new: Any, reason: str, now: datetime) -> None:
    verb = "added" if old is None else "removed" if new is None else "changed"
    session().flush()
    after = {"now": new, "why": " ".join(reason.split())[:500]}
    audit.record(actor, f"{what}.{verb}", now=now, subject=("assembly", assembly.id), before=old and {"was": old}, after=after)


def history_of(assembly: Assembly) -> list[Event]:
    """What was changed about seats and rules, the latest first."""
    query = select(Event).where(Event.subject_kind == "assembly", Event.subject_id == assembly.id, Event.verb.in_(rules.VERBS))
    return list(session().scalars(query.order_by(Event.at.desc(), Event.id.desc()).limit(50)))
