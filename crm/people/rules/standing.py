"""Standing through time: the history decides what someone is now and since when they are a member."""

from collections.abc import Sequence
from datetime import date

from crm.kernel.refusal import N_, Reason

Change = tuple[date, str]
"""A day, and what the standing became on it; in the order in which they were written down."""
Standing = tuple[str, date | None]
"""What someone is, and since when they are a member."""


def in_order(history: Sequence[Change]) -> list[Change]:
    """By day; of one day, what was written down last is last."""
    return sorted(history, key=lambda change: change[0])


def standing_now(history: Sequence[Change]) -> tuple[str, date | None]:
    """(standing, member since): the last change decides. Membership counts from when it last began, and a lapsed member keeps that day."""
    standing, since = "contact", None
    for on, became in in_order(history):
        if became == "member" and standing != "member":
            since = on
        if became in ("contact", "supporter"):
            since = None
        standing = became
    return standing, since


def opening(standing: str, member_since: date | None, known_since: date) -> list[Change]:
    """The history of someone of whom only the present is known: a lapsed member was a member once."""
    if standing == "lapsed" and member_since and member_since < known_since:
        return [(member_since, "member"), (known_since, "lapsed")]
    return [(member_since if standing == "member" and member_since else known_since, standing)]


def brought(history: Sequence[Change], known_since: date, was: Standing, becomes: Standing, today: date) -> tuple[list[Change], list[Change]]:
    """(what comes along, what to write down) when a spreadsheet says that someone is this.

    A membership is dated as the sheet says, unless what was written down later gainsays it; all else is so from today. Of someone
    without a history the first row comes along, but for a mere contact who turns out to have joined before we knew them.
    """
    standing, since = becomes
    since = since if since and since <= today else None
    if history:
        on = since if standing == "member" and since and all(day <= since for day, _standing in history) else today
        return [], [] if standing_now(history)[0] == standing else [(on, standing)]
    before, new = opening(*was, known_since), opening(standing, since, today)
    if new[0][0] >= known_since:
        return before, new
    return ([], new) if was[0] == "contact" else (before, [(today, standing)])


def issues_in_change(standing: str, on: date | None, history: Sequence[Change], today: date, known: Sequence[str]) -> list[Reason]:
    """Everything that keeps a change of standing from being written down."""
    issues = []
    if standing not in known:
        issues.append(Reason(N_("Choose one of the standings."), field="standing"))
    if on is None:
        issues.append(Reason(N_("Write the day since when it is so."), field="on"))
    elif on > today:
        issues.append(Reason(N_("This day is still to come."), field="on"))
    elif on.year < 1900:
        issues.append(Reason(N_("This day is too long ago."), field="on"))
    elif not issues and next((became for day, became in reversed(in_order(history)) if day <= on), None) == standing:
        issues.append(Reason(N_("They have had this standing on that day already."), field="standing"))
    return issues
