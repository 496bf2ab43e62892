"""How two people stand to each other. One row is kept for both pages, read from either side."""

from crm.kernel.refusal import N_

# kind: (how it is said of the first person, the kind that the second person's page says; the same word if it goes both ways)
KINDS: dict[str, tuple[str, str]] = {
    "partner": (N_("Partner of"), "partner"),
    "parent": (N_("Parent of"), "child"),
    "child": (N_("Child of"), "parent"),
    "sibling": (N_("Sibling of"), "sibling"),
    "grandparent": (N_("Grandparent of"), "grandchild"),
    "grandchild": (N_("Grandchild of"), "grandparent"),
    "relative": (N_("Relative of"), "relative"),
    "cares_for": (N_("Cares for"), "cared_for"),
    "cared_for": (N_("Is cared for by"), "cares_for"),
    "interprets_for": (N_("Interprets for"), "interpreted_for"),
    "interpreted_for": (N_("Has as interpreter"), "interprets_for"),
    "brought": (N_("Brought to the organization"), "brought_by"),
    "brought_by": (N_("Was brought by"), "brought"),
    "neighbor": (N_("Neighbor of"), "neighbor"),
    "coworker": (N_("Coworker of"), "coworker"),
    "classmate": (N_("Goes to school with"), "classmate"),
    "congregation": (N_("In one congregation with"), "congregation"),
    "friend": (N_("Friend of"), "friend"),
    "emergency": (N_("Is to be called in an emergency for"), "emergency_of"),
    "emergency_of": (N_("In an emergency, call"), "emergency"),
}


def as_kept(person_id: int, kind: str, other_id: int) -> tuple[int, str, int]:
    """The one way in which a relationship is written down, whichever page it was added on."""
    inverse = KINDS[kind][1]
    turned = inverse < kind or inverse == kind and other_id < person_id
    return (other_id, inverse, person_id) if turned else (person_id, kind, other_id)


def as_said(person_id: int, row: tuple[int, str, int]) -> tuple[str, int]:
    """(kind, the other person) as this person's page says a kept row."""
    first, kind, second = row
    return (kind, second) if first == person_id else (KINDS[kind][1], first)
