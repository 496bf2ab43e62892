"""Add, grant, sign in, sign out, act for another organization."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update

from crm.accounts import rules
from crm.accounts.models import Account, Grant, SignIn, SignInFailure
from crm.accounts.queries import account_by_email, grants_of, hash_of
from crm.infra.db import new_id, session
from crm.infra.runtime import keyed_hash, settings
from crm.kernel.permissions import Role
from crm.kernel.refusal import N_, Missing, Reason, Refused


def _hasher() -> PasswordHasher:
    # RFC 9106 low-memory profile; tests trade strength for time.
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if settings().is_testing else PasswordHasher()


def add_account(email: str, name: str, password: str, *, language: str = "en", now: datetime) -> int:
    """Adds an account and returns its id; refuses a weak password, a bad or a taken address, all at once."""
    email = email.strip().lower()
    wrong = rules.issues_with_password(password, email)
    if "@" not in email:
        wrong.append(Reason(N_("Write an e-mail address, like imani@example.org."), field="email"))
    if account_by_email(email):
        wrong.append(Reason(N_("There is already an account with this address."), field="email"))
    if wrong:
        raise Refused(wrong)
    row = Account(id=new_id(), email=email, name=name.strip(), password_hash=_hasher().hash(password), language=language, created_at=now)
    session().add(row)
    session().flush()
    return row.id


def give_grant(
    account_id: int, org_id: int, role: Role | str, *, now: datetime, expires_at: datetime | None = None,
    list_id: int | None = None, task: str | None = None,
) -> int:
    """Gives the account a role in the organization, replacing the one it had there; returns the grant's id."""
    grant = session().scalar(select(Grant).where(Grant.account_id == account_id, Grant.org_id == org_id))
    if grant is None:
        grant = Grant(id=new_id(), account_id=account_id, org_id=org_id, role=Role(role).value, expires_at=expires_at, created_at=now)
        session().add(grant)
    grant.role, grant.expires_at, grant.list_id, grant.task = Role(role).value, expires_at, list_id, task
    session().flush()
    return grant.id


def sign_in(email: str, password: str, address: str, *, now: datetime) -> str | None:
    """The token of a new sign-in, or None when address or password are wrong (which of the two is not said).

    A None is recorded, so the caller's transaction must commit. Refuses after ten failures in fifteen minutes.
    """
    account = account_by_email(email)
    if not _is_said(account, email, password, address, now):
        return None
    token = secrets.token_urlsafe(24)
    first = min((grant.id for grant, _organization in grants_of(account.id, now)), default=None)
    session().add(SignIn(token_hash=hash_of(token), account_id=account.id, grant_id=first, started_at=now, seen_at=now, confirmed_at=now))
    session().flush()
    return token


def confirm(token: str, password: str, address: str, *, now: datetime) -> bool:
    """Whether whoever holds this sign-in said the account's password again; a False is recorded and counts as a refused sign-in."""
    row = session().get_one(SignIn, hash_of(token))
    account = session().get_one(Account, row.account_id)
    if not _is_said(account, account.email, password, address, now):
        return False
    row.confirmed_at = now
    session().flush()
    return True


def _is_said(account: Account | None, email: str, password: str, address: str, now: datetime) -> bool:
    """Whether this is the account's password; refuses after too many that were not."""
    who = [keyed_hash("sign-in", text).hex() for text in (email.strip().lower(), f"from {address}")]
    session().execute(delete(SignInFailure).where(SignInFailure.at < now - rules.FAILURES_KEPT))
    failures = session().scalar(select(func.count()).select_from(SignInFailure).where(SignInFailure.who == who[0])) or 0
    nearby = session().scalar(select(func.count()).select_from(SignInFailure).where(SignInFailure.who == who[1])) or 0
    if failures >= rules.FAILURES_ALLOWED or nearby >= 10 * rules.FAILURES_ALLOWED:
        raise Refused(N_("Too many tries. Wait fifteen minutes, then try again."))
    if _matches(account, password):
        return True
    session().add_all(SignInFailure(who=w, at=now) for w in who)
    session().flush()
    return False


def _matches(account: Account | None, password: str) -> bool:
    # An unknown address costs the same time as a wrong password.
    hasher = _hasher()
    known = account is not None and account.disabled_at is None
    try:
        hasher.verify(account.password_hash if known else _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return known


_decoys: dict[bool, str] = {}


def _decoy() -> str:
    return _decoys.setdefault(settings().is_testing, _hasher().hash("nobody's"))


def sign_out(token: str) -> None:
    """Ends the sign-in of that token: a copied cookie is dead from now on."""
    session().execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def sign_out_everywhere(account_id: int) -> None:
    """Ends every sign-in of the account."""
    session().execute(delete(SignIn).where(SignIn.account_id == account_id))


def touch(token: str, *, now: datetime) -> None:
    """Notes that the sign-in is in use."""
    session().execute(update(SignIn).where(SignIn.token_hash == hash_of(token)).values(seen_at=now))


def act_for(token: str, account_id: int, grant_id: int, *, now: datetime) -> None:
    """From now on this sign-in acts by that grant; Missing if the account does not hold it."""
    if grant_id not in {grant.id for grant, _ in grants_of(account_id, now)}:
        raise Missing()
    session().execute(update(SignIn).where(SignIn.token_hash == hash_of(token)).values(grant_id=grant_id))


def set_language(account_id: int, language: str) -> None:
    """Remembers the language in which the account reads pages."""
    session().execute(update(Account).where(Account.id == account_id).values(language=language))


def change_password(account_id: int, old: str, new: str, keep_token: str, *, now: datetime) -> None:
    """Changes the password and ends every other sign-in; refuses a wrong old one and a weak new one at once."""
    account = session().get_one(Account, account_id)
    wrong = rules.issues_with_password(new, account.email)
    if not _matches(account, old):
        wrong.append(Reason(N_("This is not your present password."), field="old"))
    if wrong:
        raise Refused(wrong)
    account.password_hash = _hasher().hash(new)
    session().execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.token_hash != hash_of(keep_token)))
    session().flush()


def renew_password(email: str, password: str) -> None:
    """For somebody who forgot theirs: a new password, and every sign-in of before ends; refuses a weak one."""
    account = account_by_email(email)
    if account is None:
        raise Missing()
    if wrong := rules.issues_with_password(password, account.email):
        raise Refused(wrong)
    account.password_hash = _hasher().hash(password)
    session().execute(delete(SignIn).where(SignIn.account_id == account.id))
    session().flush()
