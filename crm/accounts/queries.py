"""Doors and reads of accounts: who is signed in, and for which organizations an account may act."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from crm.accounts import rules
from crm.accounts.models import Account, Grant, Invitation, SignIn
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import read_link
from crm.kernel.permissions import Action, Role, may
from crm.kernel.refusal import N_, Missing
from crm.organizations.models import Organization


def hash_of(token: str) -> str:
    """SHA-256 of a sign-in's token, which is all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request and the actor that its grant makes of it; what Flask-Login calls the user."""

    token: str
    account_id: int
    name: str
    language: str
    actor: Actor | None
    seen_at: datetime
    confirmed_at: datetime
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def signed_in(token: str, now: datetime) -> SignedIn | None:
    """The live sign-in of that token, with its grant as it stands at this moment; None when ended, disabled or unknown."""
    row = session().execute(
        select(SignIn, Account, Grant, Organization)
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(Grant, (Grant.id == SignIn.grant_id) & or_(Grant.expires_at.is_(None), Grant.expires_at > now))
        .outerjoin(Organization, Organization.id == Grant.org_id)
        .where(SignIn.token_hash == hash_of(token), Account.disabled_at.is_(None))
    ).first()
    if row is None or not rules.is_live(row[0].started_at, row[0].seen_at, now):
        return None
    sign_in, account, grant, organization = row
    return SignedIn(token, account.id, account.name, account.language, _actor(account, grant, organization), sign_in.seen_at, sign_in.confirmed_at)


def _actor(account: Account, grant: Grant | None, organization: Organization | None) -> Actor | None:
    if grant is None or organization is None:
        return None
    return Actor(
        org_id=grant.org_id, role=Role(grant.role), account_id=account.id, name=account.name, org_name=organization.name,
        org_mark=organization.mark, time_zone=organization.time_zone, is_coalition=organization.is_coalition,
        list_id=grant.list_id, task=grant.task,
    )


def grants_of(account_id: int, now: datetime) -> list[tuple[Grant, Organization]]:
    """The live grants of an account with their organizations, by name."""
    return [tuple(row) for row in session().execute(
        select(Grant, Organization).join(Organization, Organization.id == Grant.org_id)
        .where(Grant.account_id == account_id, or_(Grant.expires_at.is_(None), Grant.expires_at > now)).order_by(Organization.name)
    )]


def colleagues(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """(account id, name) of those with a live grant in the actor's organization, by name; to assign work to."""
    return [tuple(row) for row in session().execute(
        select(Account.id, Account.name).join(Grant, Grant.account_id == Account.id)
        .where(Grant.org_id == actor.org_id, or_(Grant.expires_at.is_(None), Grant.expires_at > now), Account.disabled_at.is_(None))
        .order_by(Account.name)
    )]


def colleagues_who_may(actor: Actor, action: Action, now: datetime) -> dict[int, str]:
    """The actor's colleagues whose role includes an action, as account → name, in the order of names."""
    live = or_(Grant.expires_at.is_(None), Grant.expires_at > now)
    rows = session().execute(select(Account.id, Account.name, Grant.role, Grant.task).join(Grant, Grant.account_id == Account.id).where(
        Grant.org_id == actor.org_id, live, Account.disabled_at.is_(None),
    ))
    return dict(sorted(((id, name) for id, name, role, task in rows if may(role, action, task)), key=lambda one: (one[1], one[0])))


def account_by_email(email: str) -> Account | None:
    """The account with that address, in any letter case."""
    return session().scalar(select(Account).where(Account.email == email.strip().lower()))


def list_uses(actor: Actor, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Which of these saved lists hold a volunteer to their people, as (list, marked words, name)."""
    rows = session().execute(
        select(Grant.list_id, Account.name).join(Account, Account.id == Grant.account_id)
        .where(Grant.org_id == actor.org_id, Grant.list_id.in_(ids)).order_by(Account.name)
    )
    return [(list_id, N_("What %(name)s may see"), name) for list_id, name in rows]


# Who may do what ---------------------------------------------------------------------------------------------------

SAVED_LISTS: list[Callable[[Actor], dict[int, str]]] = []
"""The saved lists to which a volunteer may be held, as id → name; filled in create_app."""
UNDONE = ("grant.changed", "grant.removed")


def saved_lists(actor: Actor) -> dict[int, str]:
    """The lists that this actor may choose, as id → name."""
    return {id: name for room in SAVED_LISTS for id, name in room(actor).items()}


def _must_administer(actor: Actor) -> None:
    if not actor.may(Action.ADMINISTER):
        raise Missing


def grant_for(actor: Actor, grant_id: int, lock: bool = False) -> tuple[Grant, Account]:
    """A grant of this organization, with its account, for administrators."""
    _must_administer(actor)
    wanted = select(Grant, Account).join(Account, Account.id == Grant.account_id).where(Grant.id == grant_id, Grant.org_id == actor.org_id)
    found = session().execute(wanted.with_for_update(of=Grant) if lock else wanted).first()
    if found is None:
        raise Missing
    return tuple(found)


def grants_here(actor: Actor) -> list[tuple[Grant, Account]]:
    """Everyone with a grant in this organization, ended ones too, by name."""
    _must_administer(actor)
    wanted = select(Grant, Account).join(Account, Account.id == Grant.account_id).where(Grant.org_id == actor.org_id)
    return [tuple(row) for row in session().execute(wanted.order_by(Account.name, Grant.id))]


def count_other_administrators(actor: Actor, grant_id: int) -> int:
    """How many others govern this organization without a last day."""
    others = select(func.count()).select_from(Grant).join(Account, Account.id == Grant.account_id)
    lasting = (Grant.role == Role.ADMINISTRATOR.value, Grant.expires_at.is_(None), Account.disabled_at.is_(None))
    return session().scalar(others.where(Grant.org_id == actor.org_id, Grant.id != grant_id, *lasting)) or 0


def invitation_for(actor: Actor, invitation_id: int, lock: bool = False) -> Invitation:
    """An open invitation of this organization, for administrators."""
    _must_administer(actor)
    wanted = _open_invitations(actor.org_id).where(Invitation.id == invitation_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise Missing
    return found


def invitations_here(actor: Actor) -> list[Invitation]:
    """The invitations that wait, the newest first."""
    _must_administer(actor)
    return list(session().scalars(_open_invitations(actor.org_id).order_by(Invitation.created_at.desc(), Invitation.id)))


def _open_invitations(org_id: int) -> Select:
    return select(Invitation).where(Invitation.org_id == org_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def invitation_by_link(token: str, now: datetime, lock: bool = False) -> Invitation:
    """The open invitation behind a link, which reading never uses up; Missing for an unknown, ended or used one alike."""
    link = read_link(token, "invitation", now)
    wanted = _open_invitations(link.org_id).where(Invitation.id == link.subject_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise Missing
    return found


def changes_here(actor: Actor, few: int = 10) -> list[Event]:
    """What was changed lately about who may do what, newest first."""
    _must_administer(actor)
    return list(session().scalars(select(Event).where(Event.verb.like("grant.%")).order_by(Event.at.desc(), Event.id.desc()).limit(few)))


def change_for(actor: Actor, event_id: int) -> Event:
    """A change of a grant that may be undone."""
    _must_administer(actor)
    found = session().scalar(select(Event).where(Event.id == event_id, Event.verb.in_(UNDONE)))
    if found is None:
        raise Missing
    return found
