"""Hours of childcare in words."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from crm.infra.look import clock_time, day, when
from crm.turnout import rules
from crm.turnout.queries import Care
from crm.turnout.rules import Slot


def slot_words(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """Slots as a form offers them: (key, words), with the day where there is more than one."""
    days = {day(slot.starts_at) for slot in slots}
    return [(slot.key, span(slot, len(days) > 1)) for slot in slots]


def span(slot: Slot, with_day: bool) -> str:
    """10:00 am – 12:00 pm; with the day December 5, 10:00 am – 12:00 pm."""
    return f"{when(slot.starts_at) if with_day else clock_time(slot.starts_at)} – {clock_time(slot.ends_at)}"


def hours_words(care: Care, hours: list[list[int]] | None) -> str:
    """Hours as they were asked for; empty where nobody said."""
    said = [Slot.at(care.local[id], id, begins, ends) for id, begins, ends in hours or [] if id in care.local]
    days = len({at.date() for at in care.local.values()})
    return "; ".join(span(slot, days > 1) for slot in said)


def care_shown(care: Care) -> dict[str, Any]:
    """What a page needs to say a wish for childcare in a line (templates/turnout/_care.html)."""
    return {
        "age_groups": rules.AGE_GROUPS, "hours_words": partial(hours_words, care),
        "children_of": lambda one: rules.children_by_age([(one.quantity, one.detail, one.children)]),
    }
