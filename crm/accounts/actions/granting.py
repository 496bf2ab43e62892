"""What colleagues may do: changed, ended, and undone. Each change is an event, so that it can be taken back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.accounts import rules
from crm.accounts.models import Account, Grant, SignIn
from crm.accounts.queries import change_for, count_other_administrators, grant_for, saved_lists
from crm.accounts.rules import Terms
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, session
from crm.kernel.permissions import Role, Task
from crm.kernel.refusal import N_, Missing, Reason, Refused

SINCE = N_("This was changed again since, so it cannot be undone any more.")


def terms_of(row: Any) -> Terms:
    """The terms of a grant or an invitation."""
    return Terms(Role(row.role), row.expires_at, row.list_id, Task(row.task) if row.task else None)


def kept(terms: Terms, **more: Any) -> dict[str, Any]:
    """The terms as an event holds them."""
    return asdict(terms) | {"expires_at": terms.expires_at.isoformat() if terms.expires_at else None} | more


def read_kept(values: dict[str, Any]) -> Terms:
    """The terms that an event holds."""
    until, task = values["expires_at"], values["task"]
    return Terms(Role(values["role"]), datetime.fromisoformat(until) if until else None, values["list_id"], Task(task) if task else None)


def change_grant(actor: Actor, grant_id: int, terms: Terms, *, now: datetime) -> None:
    """From the next press on the colleague may do that; refuses what makes no sense, all at once."""
    grant, account = grant_for(actor, grant_id, lock=True)
    before = terms_of(grant)
    if terms == before:
        return
    wrong = rules.issues_with_terms(terms, {before.list_id, *saved_lists(actor)}, now)
    if office := _leaves_office(actor, grant, terms, now):
        wrong.append(office)
    if wrong:
        raise Refused(wrong)
    _set(grant, terms)
    audit.record(actor, "grant.changed", now=now, subject=("grant", grant.id), before=kept(before), after=kept(terms, name=account.name))


def remove_grant(actor: Actor, grant_id: int, *, now: datetime) -> None:
    """Ends a colleague's grant and every sign-in that acts by it."""
    grant, account = grant_for(actor, grant_id, lock=True)
    if office := _leaves_office(actor, grant, None, now):
        raise Refused(office)
    before = kept(terms_of(grant), account_id=account.id)
    session().execute(delete(SignIn).where(SignIn.grant_id == grant.id))
    session().delete(grant)
    audit.record(actor, "grant.removed", now=now, subject=("grant", grant.id), before=before, after={"name": account.name})


def undo_change(actor: Actor, event_id: int, *, now: datetime) -> None:
    """Takes back a change or a removal, if nothing was changed since."""
    event = change_for(actor, event_id)
    before = read_kept(event.before)
    if event.verb == "grant.changed":
        grant, _account = grant_for(actor, event.subject_id, lock=True)
        if terms_of(grant) != read_kept(event.after):
            raise Refused(SINCE)
        change_grant(actor, grant.id, before, now=now)
    else:
        _bring_back(actor, event, before, now)


def _bring_back(actor: Actor, event: audit.Event, before: Terms, now: datetime) -> None:
    account = session().get(Account, event.before["account_id"])
    if account is None:
        raise Missing
    if session().scalar(select(Grant.id).where(Grant.account_id == account.id, Grant.org_id == actor.org_id)) is not None:
        raise Refused(SINCE)
    if wrong := rules.issues_with_terms(before, {before.list_id}, now):
        raise Refused(wrong)
    grant = Grant(id=event.subject_id, account_id=account.id, org_id=actor.org_id, created_at=now)
    _set(grant, before)
    session().add(grant)
    audit.record(actor, "grant.restored", now=now, subject=("grant", grant.id), after=kept(before, name=account.name))


def _set(grant: Grant, terms: Terms) -> None:
    grant.role, grant.expires_at, grant.list_id, grant.task = terms.role.value, terms.expires_at, terms.list_id, terms.task


def _leaves_office(actor: Actor, grant: Grant, terms: Terms | None, now: datetime) -> Reason | None:
    hold(actor.org_id)  # two who step down at once are counted one after the other
    return rules.may_leave_office(terms_of(grant), terms, count_other_administrators(actor, grant.id))
