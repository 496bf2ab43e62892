"""Inviting a colleague: a link that is passed on by hand, shown once, opened by whom it is for."""

from datetime import datetime

from sqlalchemy import select

from crm.accounts import rules
from crm.accounts.actions.granting import kept, terms_of
from crm.accounts.actions.signing import act_for, add_account, give_grant, sign_in
from crm.accounts.models import Account, Invitation
from crm.accounts.queries import account_by_email, grants_of, invitation_for, saved_lists
from crm.accounts.rules import Terms
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import N_, Reason, Refused

PURPOSE = "invitation"
HERE = N_("This colleague is already here. Change what they may do instead.")


def invite(actor: Actor, name: str, email: str, terms: Terms, *, now: datetime) -> int:
    """Offers a grant to an address; returns the id of the link. An open invitation of the same address is replaced."""
    name, email = " ".join(name.split()), email.strip().lower()
    wrong = rules.issues_with_terms(terms, saved_lists(actor), now)
    if not name:
        wrong.append(Reason(N_("Write a name."), field="name"))
    if "@" not in email:
        wrong.append(Reason(N_("Write an e-mail address, like imani@example.org."), field="email"))
    account = account_by_email(email)
    if account and _is_here(account, actor.org_id, now):
        wrong.append(Reason(HERE, field="email"))
    if wrong:
        raise Refused(wrong)
    for old in session().scalars(select(Invitation).where(Invitation.org_id == actor.org_id, Invitation.email == email, *open_ones())):
        _close(old, now)
    row = Invitation(
        id=new_id(), org_id=actor.org_id, email=email, name=name, role=terms.role.value, expires_at=terms.expires_at, list_id=terms.list_id,
        task=terms.task, invited_by=actor.name, open_until=now + rules.INVITED_FOR, created_at=now,
    )
    session().add(row)
    audit.record(actor, "grant.invited", now=now, subject=("invitation", row.id), after=kept(terms, name=name))
    return _link(row, now)


def open_ones() -> list:
    """What makes an invitation open."""
    return [Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)]


def _link(row: Invitation, now: datetime) -> int:
    row.open_until = now + rules.INVITED_FOR
    session().flush()
    return issue_link_id(row.org_id, PURPOSE, row.id, expires_at=row.open_until, now=now)


def _close(row: Invitation, now: datetime) -> None:
    row.withdrawn_at = now
    revoke_links(row.org_id, PURPOSE, row.id, now=now)


def _is_here(account: Account, org_id: int, now: datetime) -> bool:
    return any(grant.org_id == org_id for grant, _organization in grants_of(account.id, now))


def renew_link(actor: Actor, invitation_id: int, *, now: datetime) -> int:
    """A new link for an open invitation, whose older ones end; returns the id of the link."""
    row = invitation_for(actor, invitation_id, lock=True)
    revoke_links(row.org_id, PURPOSE, row.id, now=now)
    audit.record(actor, "grant.invited_again", now=now, subject=("invitation", row.id), after={"name": row.name})
    return _link(row, now)


def withdraw(actor: Actor, invitation_id: int, *, now: datetime) -> None:
    """Takes an invitation back; its links end at once."""
    row = invitation_for(actor, invitation_id, lock=True)
    _close(row, now)
    audit.record(actor, "grant.withdrawn", now=now, subject=("invitation", row.id), after={"name": row.name})


def accept(row: Invitation, password: str, who: tuple[int, str] | None, address: str, *, language: str = "en", now: datetime) -> str | None:
    """Makes the invited a colleague and returns the token of a sign-in that acts by the new grant.

    `who` is (account, token) of whoever is signed in. Somebody new sets a password; somebody with an account is signed in as
    it, or gives its password. None when that is wrong, which is recorded, so the caller's transaction must commit.
    """
    account = account_by_email(row.email)
    if account is not None and _is_here(account, row.org_id, now):
        raise Refused(N_("You are already part of this organization. Sign in as always."))
    if account is None:
        id, token = add_account(row.email, row.name, password, language=language, now=now), None
    else:
        id, token = account.id, who[1] if who and who[0] == account.id else None
    if token is None and (token := sign_in(row.email, password, address, now=now)) is None:
        return None
    grant_id = give_grant(id, row.org_id, row.role, now=now, expires_at=row.expires_at, list_id=row.list_id, task=row.task)
    row.accepted_at = now
    revoke_links(row.org_id, PURPOSE, row.id, now=now)
    by = Actor(org_id=row.org_id, account_id=id, name=row.name)
    audit.record(by, "grant.given", now=now, subject=("grant", grant_id), after=kept(terms_of(row), name=row.name))
    act_for(token, id, grant_id, now=now)
    return token
