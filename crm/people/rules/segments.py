"""Segments as pure trees: {"all": [condition | tree]} or {"any": […]}, where a condition is a fact, a comparison, a value.

The builder page edits trees of one shape, an "all" of conditions and of "any" groups, as rows joined by *and* and *or*;
deeper trees compile all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from crm.kernel.refusal import N_, Reason, Refusal, Refused

COMPARISONS: dict[str, dict[str, str]] = {
    "choice": {"is": N_("is"), "is_not": N_("is not")},
    "level": {"at_least": N_("is at least"), "at_most": N_("is at most"), "is": N_("is")},
    "date": {"since": N_("on or after"), "before": N_("before")},
    "text": {"is": N_("is"), "contains": N_("contains"), "is_not": N_("is not")},
    "flag": {"is": N_("yes"), "is_not": N_("no")},
}
DEEPEST, MOST = 5, 40


@dataclass(frozen=True)
class Condition:
    """One line of the builder; `joiner` says how it hangs on the line before it."""

    fact: str
    comparison: str
    value: str = ""
    joiner: str = "and"

    def as_dict(self) -> dict:
        return {"fact": self.fact, "comparison": self.comparison, "value": self.value}


def definition_of(conditions: Iterable[Condition]) -> dict:
    """The tree of a builder's rows: "or" binds a row to the one above it."""
    groups: list[list[dict]] = []
    for condition in conditions:
        if condition.joiner == "or" and groups:
            groups[-1].append(condition.as_dict())
        else:
            groups.append([condition.as_dict()])
    return {"all": [group[0] if len(group) == 1 else {"any": group} for group in groups]}


def conditions_of(definition: Mapping) -> list[Condition] | None:
    """The builder's rows of a tree, or None when the tree is deeper than the builder can show."""
    rows: list[Condition] = []
    members = definition.get("all")
    if members is None:
        members = [definition]
    for member in members:
        alternatives = member.get("any", [member])
        if any("all" in each or "any" in each for each in alternatives):
            return None
        for place, each in enumerate(alternatives):
            rows.append(Condition(each["fact"], each["comparison"], each.get("value", ""), "or" if place else "and"))
    return rows


def issues_in_definition(definition: object, kinds: Mapping[str, str], depth: int = 0) -> list[Reason]:
    """Everything that is wrong with a tree, given the kind of each known fact."""
    if not isinstance(definition, Mapping) or depth > DEEPEST:
        return [Reason(N_("This list is put together in a way that Plenary cannot read."))]
    if "fact" in definition:
        return _issues_in_condition(definition, kinds)
    members = definition.get("all", definition.get("any"))
    if not isinstance(members, list) or len(members) > MOST:
        return [Reason(N_("This list is put together in a way that Plenary cannot read."))]
    return [reason for member in members for reason in issues_in_definition(member, kinds, depth + 1)]


def _issues_in_condition(condition: Mapping, kinds: Mapping[str, str]) -> list[Reason]:
    fact, value = str(condition["fact"]), str(condition.get("value", ""))
    kind = kinds.get(fact)
    if kind is None:
        return [Reason(N_("Nobody keeps the fact “%(fact)s” any more. Take it out of the list."), {"fact": fact})]
    if condition.get("comparison") not in COMPARISONS[kind]:
        return [Reason(N_("Choose how to compare."))]
    if kind == "date" and read_iso_date(value) is None:
        return [Reason(N_("Write the date as year, month and day, like 2026-03-21."))]
    if kind == "level" and not value.isdigit():
        return [Reason(N_("Choose a number."))]
    if kind in ("choice", "text") and not value.strip():
        return [Reason(N_("Choose what to look for, or take the line out."))]
    return []


def read_definition(definition: object, kinds: Mapping[str, str]) -> dict:
    """The tree, once nothing is wrong with it; raises Refused with every issue."""
    if issues := issues_in_definition(definition, kinds):
        raise Refused(Refusal({str(issue): issue for issue in issues}.values()))
    return definition  # type: ignore[return-value]


def read_iso_date(text: str) -> date | None:
    """A date written 2026-03-21, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_filter(text: str) -> Condition | None:
    """One chip of the people page's address, fact~comparison~value; None when it is not one."""
    parts = text.split("~", 2)
    return Condition(*parts) if len(parts) == 3 else None


def write_filter(condition: Condition) -> str:
    """The address form of a chip."""
    return f"{condition.fact}~{condition.comparison}~{condition.value}"
