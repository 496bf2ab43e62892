"""Segments as pure trees: {"all": [condition | tree]}, {"any": […]} or {"none": […]}; a condition is a fact, a comparison, a value.

The builder page shows a tree as lines, each at its depth: a group that opens, or a condition inside the group above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.refusal import N_, Reason, Refusal, Refused

_LEVEL = {"at_least": N_("is at least"), "at_most": N_("is at most"), "is": N_("is")}
_KNOWN = {"known": N_("is known"), "unknown": N_("is not known")}
COMPARISONS: dict[str, dict[str, str]] = {
    "choice": {"is": N_("is"), "is_not": N_("is not")},
    "level": _LEVEL,
    "score": _LEVEL | _KNOWN,
    "number": _LEVEL | _KNOWN,
    "times": {"at_least": N_("at least"), "at_most": N_("at most"), "is": N_("exactly")},
    "date": {
        "since": N_("on or after"),
        "before": N_("before"),
        "within": N_("in the last … days"),
        "not_within": N_("not in the last … days, or never"),
        "ever": N_("at any time"),
        "never": N_("never"),
    },
    "day": {
        "since": N_("on or after"),
        "before": N_("before"),
        "within": N_("in the last … days"),
        "not_within": N_("more than … days ago, or not known"),
        "next": N_("in the next … days"),
        **_KNOWN,
    },
    "text": {"is": N_("is"), "contains": N_("contains"), "is_not": N_("is not"), **_KNOWN},
    "flag": {"is": N_("yes"), "is_not": N_("no")},
}
JOINS = {
    "all": N_("all of this is true"),
    "any": N_("at least one of these is true"),
    "none": N_("none of these is true"),
}
DEEPEST, MOST, FARTHEST = 3, 40, 36_500


def asks_for(kind: str, comparison: str) -> str:
    """What stands behind a comparison: nothing, days, date, number, text or choice."""
    if kind == "flag" or comparison in ("known", "unknown", "ever", "never"):
        return "nothing"
    if kind in ("date", "day"):
        return "date" if comparison in ("since", "before") else "days"
    return "number" if kind in ("number", "times") else "text" if kind == "text" else "choice"


@dataclass(frozen=True)
class Condition:
    """One condition: what is asked of whom."""

    fact: str
    comparison: str
    value: str = ""

    def as_dict(self) -> dict:
        return {"fact": self.fact, "comparison": self.comparison, "value": self.value}


@dataclass(frozen=True)
class Line:
    """One line of the builder: a group that opens (its `join`), or a condition."""

    depth: int
    join: str = ""
    fact: str = ""
    comparison: str = ""
    value: str = ""

    @property
    def condition(self) -> Condition:
        """The condition of a line that is no group."""
        return Condition(self.fact, self.comparison, self.value)


def join_of(tree: Mapping) -> str:
    """How the members of a group hang together; a tree without a known join is an empty "all"."""
    return next((join for join in JOINS if join in tree), "all")


def lines_of(tree: Mapping, depth: int = 0) -> list[Line]:
    """A tree as the builder's lines, the outermost group first."""
    if "fact" in tree:
        line = Line(depth, "", tree["fact"], tree["comparison"], tree.get("value", ""))
        return [line] if depth else [Line(0, "all"), Line(1, "", line.fact, line.comparison, line.value)]
    join = join_of(tree)
    return [Line(depth, join), *(line for member in tree.get(join, []) for line in lines_of(member, depth + 1))]


def tree_of(lines: Iterable[Line]) -> dict:
    """The tree of a builder's lines; a line that stands too deep hangs on the group that is open."""
    root: dict = {"all": []}
    open_groups: list[list] = [root["all"]]
    for place, line in enumerate(lines):
        if place == 0 and line.join in JOINS:
            root = {line.join: []}
            open_groups = [root[line.join]]
            continue
        del open_groups[max(1, line.depth) :]
        if line.join in JOINS:
            open_groups[-1].append({line.join: []})
            open_groups.append(open_groups[-1][-1][line.join])
        elif line.fact:
            open_groups[-1].append(line.condition.as_dict())
    return root


def end_of(lines: Sequence[Line], place: int) -> int:
    """Where the group or condition at `place` ends: the first line behind it that is not inside."""
    return next((n for n in range(place + 1, len(lines)) if lines[n].depth <= lines[place].depth), len(lines))


def without(lines: Sequence[Line], place: int) -> list[Line]:
    """The lines without one, and without what is inside it; the outermost group stays, emptied."""
    return [*lines[: place or 1], *lines[end_of(lines, place) :]]


def with_inside(lines: Sequence[Line], place: int, line: Line) -> list[Line]:
    """The lines with one more at the end of the group that opens at `place`."""
    end = end_of(lines, place)
    return [*lines[:end], line, *lines[end:]]


def pruned(tree: Mapping, kinds: Mapping[str, str]) -> dict:
    """The tree without conditions that are not filled in, and without groups that hold nothing."""
    join = join_of(tree)
    members: list[dict] = []
    for each in tree.get(join, []):
        if "fact" in each:
            members += [] if issues_in_definition(each, kinds) else [dict(each)]
        elif (inner := pruned(each, kinds))[join_of(inner)]:
            members.append(inner)
    return {join: members}


def facts_in(tree: Mapping) -> set[str]:
    """The names of the facts a tree asks for."""
    return {line.fact for line in lines_of(tree) if line.fact}


def issues_in_definition(definition: object, kinds: Mapping[str, str], depth: int = 0) -> list[Reason]:
    """Everything that is wrong with a tree, given the kind of each known fact."""
    if isinstance(definition, Mapping) and "fact" in definition:
        return _issues_in_condition(definition, kinds)
    if not isinstance(definition, Mapping) or depth > DEEPEST:
        return [Reason(N_("This list is put together in a way that Plenary cannot read."))]
    members = definition.get(join_of(definition))
    if len(definition) != 1 or not isinstance(members, list) or len(members) > MOST:
        return [Reason(N_("This list is put together in a way that Plenary cannot read."))]
    return [reason for member in members for reason in issues_in_definition(member, kinds, depth + 1)]


def _issues_in_condition(condition: Mapping, kinds: Mapping[str, str]) -> list[Reason]:
    fact, value = str(condition["fact"]), str(condition.get("value", ""))
    kind = kinds.get(fact)
    if kind is None:
        return [Reason(N_("Nobody keeps the fact “%(fact)s” any more. Take it out of the list."), {"fact": fact})]
    if condition.get("comparison") not in COMPARISONS[kind]:
        return [Reason(N_("Choose how to compare."))]
    asked = asks_for(kind, str(condition["comparison"]))
    if asked == "date" and read_iso_date(value) is None:
        return [Reason(N_("Write the date as year, month and day, like 2026-03-21."))]
    if asked == "days" and not (value.isascii() and value.isdigit() and 0 < int(value) <= FARTHEST):
        return [Reason(N_("Write how many days, like 60."))]
    if asked == "number" and read_number(value) is None or kind in ("level", "score") and asked == "choice" and not value.isdigit():
        return [Reason(N_("Choose a number."))]
    if asked in ("choice", "text") and not value.strip():
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


def read_number(text: str) -> float | None:
    """A number as people write it, of a size that any database keeps; or None."""
    try:
        number = float(text.strip().replace(",", ""))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def read_filter(text: str) -> Condition | None:
    """One chip of the people page's address, fact~comparison~value; None when it is not one."""
    parts = text.split("~", 2)
    return Condition(*parts) if len(parts) == 3 else None


def write_filter(condition: Condition) -> str:
    """The address form of a chip."""
    return f"{condition.fact}~{condition.comparison}~{condition.value}"
