"""Pure rules of sign-in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.kernel.permissions import Role, Task
from crm.kernel.refusal import N_, Reason

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
FAILURES_ALLOWED = 10
FAILURES_KEPT = timedelta(minutes=15)

FRESH_FOR = timedelta(minutes=5)
INVITED_FOR = timedelta(days=7)

SENTENCES = {
    "account.added": N_("Account added by %(by)s"),
    "grant.given": N_("%(name)s took the invitation"),
    "grant.changed": N_("%(by)s changed what %(name)s may do"),
    "grant.removed": N_("%(by)s removed %(name)s"),
    "grant.restored": N_("%(by)s brought %(name)s back"),
    "grant.invited": N_("%(by)s invited %(name)s"),
    "grant.invited_again": N_("%(by)s made a new link for %(name)s"),
    "grant.withdrawn": N_("%(by)s took back the invitation of %(name)s"),
}


@dataclass(frozen=True)
class Terms:
    """What somebody may do, for how long, and with whom."""

    role: Role
    expires_at: datetime | None = None
    list_id: int | None = None
    task: Task | None = None

    @property
    def is_lasting_administrator(self) -> bool:
        """Whether these terms keep an organization governed."""
        return self.role == Role.ADMINISTRATOR and self.expires_at is None


def end_of(day: date | None, time_zone: str) -> datetime | None:
    """The instant at which a last day is over where the organization is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone)) if day else None


def issues_with_terms(terms: Terms, lists: Collection[int], now: datetime) -> list[Reason]:
    """Everything that keeps somebody from getting these terms; `lists` are those that may be chosen."""
    wrong = []
    if terms.expires_at is not None and terms.expires_at <= now:
        wrong.append(Reason(N_("Choose a last day that is still to come."), field="until"))
    if (terms.list_id or terms.task) and terms.role != Role.VOLUNTEER:
        wrong.append(Reason(N_("Only volunteers can be held to a list or to one task. Take both away, or choose volunteer."), field="role"))
    if terms.list_id and terms.list_id not in lists:
        wrong.append(Reason(N_("This list is gone. Choose another."), field="list_id"))
    if terms.list_id and terms.task == Task.DOOR:
        wrong.append(Reason(N_("A door lets in everyone who comes, so it cannot be held to a list. Choose one of the two."), field="task"))
    return wrong


def may_leave_office(before: Terms, after: Terms | None, others: int) -> Reason | None:
    """Whether a grant may become that, or end: one lead organizer without an end always stays. `others` counts the other ones."""
    if not before.is_lasting_administrator or others or (after and after.is_lasting_administrator):
        return None
    return Reason(N_("This is the only lead organizer without a last day. Make somebody else one first."), field="role")


def is_live(started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in is still good: two hours idle, twelve in all (OWASP ASVS 7.3)."""
    return now - seen_at < IDLE and now - started_at < LONGEST


def is_fresh(confirmed_at: datetime, now: datetime) -> bool:
    """Whether the password was said so lately that what matters most may be done without asking again."""
    return now - confirmed_at < FRESH_FOR


def issues_with_password(password: str, email: str) -> list[Reason]:
    """What is wrong with a new password (NIST SP 800-63B: length, not composition)."""
    wrong = []
    if len(password) < 12:
        wrong.append(Reason(N_("Use at least 12 letters. Four words that you remember are good."), field="password"))
    if len(password) > 200:
        wrong.append(Reason(N_("A password has at most 200 letters."), field="password"))
    if email and email.split("@")[0].lower() in password.lower() and len(email.split("@")[0]) > 3:
        wrong.append(Reason(N_("Leave your e-mail address out of the password."), field="password"))
    return wrong
