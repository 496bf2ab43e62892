"""What is typed for a session or a stretch of its agenda, read with everything that is wrong."""

from datetime import timedelta
from typing import Any

from crm.assemblies.rules.states import ASKED_TO_LEAVE
from crm.assemblies.rules.times import read_span, wall
from crm.assemblies.rules.words import ITEMS
from crm.kernel.languages import LANGUAGES
from crm.kernel.refusal import N_, Reason


def read_session(typed: dict[str, Any], zone: str) -> dict[str, Any] | list[Reason]:
    """The columns of a session, moments included, or all problems."""
    title = read_words(typed, "title")
    languages = [tag for tag in typed.get("languages") or [] if tag in LANGUAGES]
    day, starts, ends = typed.get("day"), typed.get("starts"), typed.get("ends")
    capacity, online = typed.get("capacity"), (typed.get("online") or "").strip()
    checks = (
        (not any(title.values()), N_("Write the name of the session."), "title_en"),
        (day is None, N_("Choose the day of the session."), "day"),
        (starts is None or ends is None, N_("Write when it starts and when it ends, like 10:00."), "starts"),
        (
            capacity is not None and not 1 <= capacity <= 1_000_000,
            N_("Write how many people the room holds, like 350."),
            "capacity",
        ),
        (not languages, N_("Choose at least one language."), "languages"),
        (bool(online) and (not online.startswith("https://") or any(letter.isspace() for letter in online)),
         N_("A link for taking part from afar begins with https:// and has no spaces."), "online"),
    )
    problems = [Reason(text, {}, field) for wrong, text, field in checks if wrong]
    span = read_span(day, starts, ends, zone) if day and starts and ends else []
    if problems or isinstance(span, list):
        return problems + (span if isinstance(span, list) else [])
    return {
        "title": title,
        "day": day,
        "starts": starts,
        "ends": ends,
        "starts_at": span[0],
        "ends_at": span[1],
        "place": (typed.get("place") or "").strip(),
        "address": (typed.get("address") or "").strip(),
        "room_notes": (typed.get("room_notes") or "").strip(),
        "online": online,
        "capacity": capacity,
        "languages": languages,
        "closed_to": [role for role in typed.get("closed_to") or [] if role in ASKED_TO_LEAVE],
    }


def read_item(typed: dict[str, Any]) -> dict[str, Any] | list[Reason]:
    """The columns of an agenda item, or all problems."""
    title, minutes, kind = read_words(typed, "title"), typed.get("minutes"), typed.get("kind")
    checks = (
        (not any(title.values()), N_("Write what happens."), "title_en"),
        (not 1 <= (minutes or 0) <= 600, N_("Write the minutes as a number from 1 to 600."), "minutes"),
        (kind not in ITEMS, N_("Choose what kind of time it is."), "kind"),
    )
    problems = [Reason(text, {}, field) for wrong, text, field in checks if wrong]
    if problems:
        return problems
    lead = (typed.get("lead") or "").strip()
    return {"title": title, "detail": read_words(typed, "detail"), "minutes": minutes, "kind": kind, "lead": lead}


def read_words(typed: dict[str, Any], name: str) -> dict[str, str]:
    """Two fields, name_en and name_es, as words in two languages; what is empty is left out."""
    found = {tag: (typed.get(f"{name}_{tag}") or "").strip() for tag in ("en", "es")}
    return {tag: text for tag, text in found.items() if text}


def move_session(day, starts, ends, days: int, zone: str) -> dict[str, Any] | list[Reason]:
    """The same clock times, some days later, as columns; or which clock time does not exist there."""
    span = read_span(day + timedelta(days=days), starts, ends, zone)
    if isinstance(span, list):
        return span
    return {"day": wall(span[0], zone).date(), "starts_at": span[0], "ends_at": span[1]}


def overrun(minutes: list[int], starts_at, ends_at) -> int:
    """By how many minutes the agenda is longer than the session; 0 when it fits."""
    return max(0, sum(minutes) - int((ends_at - starts_at).total_seconds() // 60))
