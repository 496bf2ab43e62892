"""Two RSVPs, supports or check-ins of one person, when two of an organization's records become one."""

from collections.abc import Mapping
from typing import Any

ANSWER = ("state", "guests", "language", "source", "answered_at", "confirmed_at")
FURTHER = ("asked", "planned", "delivered")
Row = Mapping[str, Any]


def unite_rsvps(kept: Row, gone: Row) -> dict[str, Any]:
    """The later answer counts; the pass of the record that stays goes on to work."""
    asked = [moment for moment in (kept["asked_at"], gone["asked_at"]) if moment]
    first = {"asked_at": min(asked)} if asked else {}
    is_later = gone["answered_at"] is not None and (kept["answered_at"] is None or gone["answered_at"] > kept["answered_at"])
    return first | ({name: gone[name] for name in ANSWER} if is_later else {})


def unite_supports(kept: Row, gone: Row) -> dict[str, Any]:
    """The larger need, as far as it has come on either."""
    further = max(kept, gone, key=lambda row: FURTHER.index(row["state"]))
    stands = {name: further[name] for name in ("state", "planned_at", "delivered_at", "cents", "helper_id")}
    larger = max(kept, gone, key=lambda row: row["quantity"])
    care = {"children": larger["children"], "hours": larger["hours"] or kept["hours"] or gone["hours"]}
    return stands | care | {"quantity": larger["quantity"], "detail": kept["detail"] or gone["detail"]}


def same_arrival(row: Row) -> list[tuple]:
    """Somebody comes to a session once, by whichever RSVP or as a walk-in."""
    if row["undone_at"] is not None:
        return []
    ways = {"rsvp": row["rsvp_id"], "person": row["person_id"]}
    return [(way, row["session_id"], id) for way, id in ways.items() if id is not None]


def retire_arrival(row: Row) -> dict[str, Any]:
    """The second check-in of one person stays as an undone one, so that a late replay cannot bring it back."""
    return {"undone_at": row["arrived_at"]}
