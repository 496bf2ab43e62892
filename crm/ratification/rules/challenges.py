"""When a seat can be challenged. Pure."""

from crm.kernel.refusal import N_, Reason


def issues_in_challenge(state: str, reason: str, is_raised: bool) -> list[Reason]:
    """Why a seat cannot be challenged now."""
    issues = []
    if state not in ("open", "held"):
        issues.append(Reason(N_("The roll can be corrected only while the vote is open.")))
    if not reason.strip():
        issues.append(Reason(N_("Write why this seat should not vote. Write no name: the committee knows the seat by its number."), field="reason"))
    if is_raised:
        issues.append(Reason(N_("This seat is challenged already. The committee has not decided yet.")))
    return issues
