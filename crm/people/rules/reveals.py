"""How many people whoever sees masked numbers may open in a day."""

from crm.kernel.refusal import N_, Reason

MOST_A_DAY = 40
VEILED = frozenset({"street", "postal_code", "addresses", "household"})
"""Fields, columns and facts that stay closed to them: where a person lives."""


def may_reveal(count_today: int, limit: int = MOST_A_DAY) -> Reason | None:
    """Whether one more person may be opened today."""
    if count_today < limit:
        return None
    return Reason(N_("You opened %(n)s people today, which is the most for one day. Tomorrow you can go on, or ask a lead organizer."), {"n": limit})
