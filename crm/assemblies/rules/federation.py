"""Assemblies in assemblies: who may be part of whom, inputs with their origin and numbers, and what becomes of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.assemblies.rules.words import in_language
from crm.kernel.refusal import N_, Reason

ANSWERS = {
    "sent": N_("Waits for a decision"),
    "adopted": N_("Adopted as it was sent"),
    "amended": N_("Adopted with changes"),
    "rejected": N_("Rejected"),
    "referred": N_("Referred to a committee"),
}
MARKS = {"sent": ("wait", "wait"), "adopted": ("yes", "yes"), "amended": ("yes", "yes"), "rejected": ("no", "no"), "referred": ("plum", "plum")}
LINKS = {"asked": N_("Asked"), "agreed": N_("Part of it"), "declined": N_("Not taken in")}
INVITATIONS = {
    "open": N_("Waits for an answer"), "accepted": N_("Accepted"), "declined": N_("Declined"), "revoked": N_("Taken back"), "over": N_("Ran out"),
}
INVITATION_DAYS = 30
VOTES = ("yes", "no", "abstain")
NUMBERS = (*VOTES, "people")
DEEPEST = 12
LONGEST = 5000


def ancestors(child_id: int, parent_of: Mapping[int, int]) -> list[int]:
    """The assemblies above, the nearest first; it ends where a circle would begin."""
    found: list[int] = []
    while (child_id := parent_of.get(child_id, 0)) and child_id not in found:
        found.append(child_id)
    return found


def issues_in_link(child_id: int, parent_id: int, parent_of: Mapping[int, int], child_state: str, parent_state: str) -> list[Reason]:
    """Why an assembly cannot be part of another: itself, one below it, another that it is part of already, or one that is over."""
    issues = []
    if child_id == parent_id:
        issues.append(Reason(N_("An assembly cannot be part of itself.")))
    elif child_id in ancestors(parent_id, parent_of):
        issues.append(Reason(N_("That assembly is part of this one, directly or by others. It would go round in a circle.")))
    if parent_of.get(child_id, parent_id) != parent_id:
        issues.append(Reason(N_("This assembly is part of another one already. Take it out of that first.")))
    if len(ancestors(parent_id, parent_of)) >= DEEPEST:
        issues.append(Reason(N_("That is more than %(n)s levels, one above the other."), {"n": DEEPEST}))
    if parent_state in ("finished", "cancelled") or child_state == "cancelled":
        issues.append(Reason(N_("One of the two is over. Choose assemblies that are still alive.")))
    return issues


def issues_in_invitation(state: str, is_over: bool, is_own: bool) -> list[Reason]:
    """Why an invitation to a larger assembly cannot be answered: it was, it ran out, or it is our own."""
    issues = []
    if state != "open" or is_over:
        issues.append(Reason(N_("This invitation was used, taken back, or ran out. Ask whoever sent it for a new one.")))
    if is_own:
        issues.append(Reason(N_("This is your organization's own invitation. Send its link to the organization that you mean.")))
    return issues


def issues_in_input(title: str, text: str, numbers: Mapping[str, int | None]) -> list[Reason]:
    """What is wrong with an input: no words, or numbers that are none. Votes for and against come together; people can be counted without a vote."""
    issues = []
    if not title.strip():
        issues.append(Reason(N_("Write in one line what is asked for."), {}, "title"))
    if len(text) > LONGEST:
        issues.append(Reason(N_("Write it in %(n)s letters or fewer."), {"n": LONGEST}, "text"))
    if any(n is not None and not 0 <= n <= 100_000_000 for n in numbers.values()):
        issues.append(Reason(N_("Write the counts as whole numbers."), {}, "yes"))
    elif all(numbers[name] is None for name in NUMBERS):
        issues.append(Reason(N_("Write how the vote went, or how many people stand behind it."), {}, "yes"))
    elif (numbers["yes"] is None) != (numbers["no"] is None):
        issues.append(Reason(N_("Write both counts of the vote: in favor and against."), {}, "no"))
    elif numbers["people"] is not None and (cast := sum(numbers[name] or 0 for name in VOTES)) > numbers["people"]:
        issues.append(Reason(N_("%(cast)s votes are more than the %(people)s people who were there."), {"cast": cast, "people": numbers["people"]}, "people"))
    return issues


def origin_of(name: Mapping[str, str], numbers: Mapping[str, int | None], before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The places that an input has passed, with the numbers of each: what came before, then this one."""
    return [*map(dict, before), {"name": dict(name)} | {key: numbers[key] for key in NUMBERS if numbers[key] is not None}]


def said_origin(place: Mapping[str, Any], language: str) -> Reason:
    """One place with its numbers, in words."""
    facts = {"name": in_language(place["name"], language)} | {key: place.get(key, 0) for key in NUMBERS}
    if "yes" in place and "people" in place:
        return Reason(N_("%(name)s: %(yes)s in favor, %(no)s against, %(abstain)s abstained, %(people)s people there"), facts)
    if "yes" in place:
        return Reason(N_("%(name)s: %(yes)s in favor, %(no)s against, %(abstain)s abstained"), facts)
    return Reason(N_("%(name)s: %(people)s people"), facts)


def together(inputs: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, int]:
    """The numbers of the places where inputs began, added up: for, against, abstained, people."""
    return {key: sum(origin[0].get(key, 0) for origin in inputs if origin) for key in NUMBERS}


def issues_in_decision(state: str, answer: str) -> list[Reason]:
    """What is wrong with a decision; all but a plain yes need words."""
    issues = []
    if state not in ANSWERS or state == "sent":
        issues.append(Reason(N_("Choose what became of it."), {}, "state"))
    elif state != "adopted" and not answer.strip():
        issues.append(Reason(N_("Say why, or what was changed: the assembly that sent it reads these words."), {}, "answer"))
    if len(answer) > LONGEST:
        issues.append(Reason(N_("Write it in %(n)s letters or fewer."), {"n": LONGEST}, "answer"))
    return issues
