"""Whom a vote can ask beside the members of organizations, as the form of a vote offers it; and who is left out, and why. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.assemblies.rules.words import ROLES
from crm.kernel.refusal import N_, Reason

NO_RECORD = "no_record"  # of votes that froze when whoever was known by a code alone got no ballot
DELEGATES, PARTICIPANTS, ATTENDEES, RESIDENTS = "", "p", "a", "r"
APART, TOGETHER, BOTH = "apart", "sum", "both"
WAYS = {
    DELEGATES: N_("Seated delegates of %(name)s"),
    PARTICIPANTS: N_("Everyone on the roster of %(name)s who votes, in one count"),
    APART: N_("%(name)s, counted apart: %(groups)s; each must adopt"),
    BOTH: N_("%(name)s, counted apart: %(groups)s; each must adopt, and all together"),
    TOGETHER: N_("%(name)s, counted apart: %(groups)s; all together decide, each count is published"),
    ATTENDEES: N_("Whoever is checked in at %(name)s when the vote opens"),
    RESIDENTS: N_("Whoever declared to live in %(name)s"),
}
GROUPED = (APART, BOTH, TOGETHER)


@dataclass(frozen=True)
class Group:
    """People of an assembly who vote in one role, as its playbook names them."""

    role: str
    name: dict[str, str]
    count: int


def ways_for(has_seats: bool, groups: Iterable[Group]) -> list[str]:
    """Which rolls an assembly can be asked by; whoever is checked in, always."""
    n = len(list(groups))
    return [*([DELEGATES] if has_seats else []), *([PARTICIPANTS] if n else []), *(GROUPED if n > 1 else ()), ATTENDEES]


def read_roll(chosen: str) -> tuple[str | None, int | None]:
    """(way, assembly or place) of what was chosen; (None, None) for the members of the organizations."""
    way = chosen.rstrip("0123456789")
    number = chosen[len(way):]
    return (way, int(number)) if way in WAYS and number and number != "0" else (None, None)


def electorates_for(chosen: str, groups: Mapping[int, Iterable[Group]], rule: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The electorates of people that a choice asks, by key, all by this rule until one gets its own."""
    way, assembly_id = read_roll(chosen)
    if way is None or way == RESIDENTS:
        return {"members": dict(rule) | {"place_id": assembly_id, "name": {}}}
    whole = dict(rule) | {"assembly_id": assembly_id}
    if way not in GROUPED:
        return {{DELEGATES: "delegates", PARTICIPANTS: "participants", ATTENDEES: "attendees"}[way]: whole}
    apart = {
        group.role: whole | {"kind": "participants", "role": group.role, "name": group.name, "is_deciding": way != TOGETHER}
        for group in groups.get(assembly_id or 0, ())
    }
    return apart | ({} if way == APART else {"together": dict(rule)})


def chosen_roll(electorates: Iterable[Any]) -> str:
    """What was chosen, read back from the electorates of a draft."""
    rows = list(electorates)
    people = next((e for e in rows if e.assembly_id is not None and e.kind != "organizations"), None)
    if people is None:
        place_id = next((e.place_id for e in rows if e.place_id is not None), None)
        return f"{RESIDENTS}{place_id}" if place_id else "0"
    way = {"delegates": DELEGATES, "attendees": ATTENDEES}.get(people.kind, PARTICIPANTS)
    if people.role is not None:
        is_together = any(e.kind == "together" for e in rows)
        way = APART if not is_together else BOTH if people.is_deciding else TOGETHER
    return f"{way}{people.assembly_id}"


_NO_VOTE = N_("On the roster and not on the roll: %(n)s in the role of %(role)s, which has no vote here.")
_NO_RECORD = N_("On the roster and not on the roll: %(n)s known only by a name or a code, to whom no ballot can be sent.")


def said_left_out(left_out: Mapping[str, int]) -> tuple[Reason, ...]:
    """Who of a roster is on no roll, and why."""
    return tuple(
        Reason(_NO_RECORD, {"n": n}) if why == NO_RECORD else Reason(_NO_VOTE, {"n": n, "role": Reason(ROLES.get(why, why))}) for why, n in left_out.items()
    )


def assembly_of(has_edition: bool, electorates: Iterable[Mapping[str, Any]], chosen: int | None) -> int | None:
    """The assembly that a vote between options of its own belongs to: the one whose seats, roster or delegations are its rolls, where it is one
    alone; the chosen one where its rolls are no assembly's. A vote on an edition belongs where its platform does."""
    found = {electorate["assembly_id"] for electorate in electorates} - {None} or {chosen}
    return found.pop() if len(found) == 1 and not has_edition else None
