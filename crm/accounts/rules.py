"""Pure rules of sign-in."""

from datetime import datetime, timedelta

from crm.kernel.refusal import N_, Reason

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
FAILURES_ALLOWED = 10
FAILURES_KEPT = timedelta(minutes=15)

SENTENCES = {"account.added": N_("Account added by %(by)s"), "grant.given": N_("Role given by %(by)s")}


def is_live(started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in is still good: two hours idle, twelve in all (OWASP ASVS 7.3)."""
    return now - seen_at < IDLE and now - started_at < LONGEST


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
