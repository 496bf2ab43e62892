"""Sessions as a calendar file (RFC 5545) that a phone can keep."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class CalendarEntry:
    """One session; `uid` stays the same when its time changes, so that the phone moves it."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    url: str
    is_cancelled: bool = False


def write_calendar(entries: list[CalendarEntry], stamp: datetime) -> str:
    """The file's text: lines of at most 75 bytes, ended as the standard asks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Assemblies//EN", "CALSCALE:GREGORIAN"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{_instant(stamp)}",
            f"DTSTART:{_instant(entry.starts_at)}",
            f"DTEND:{_instant(entry.ends_at)}",
            f"SUMMARY:{_escape(entry.title)}",
            f"LOCATION:{_escape(entry.place)}",
            f"URL:{entry.url}",
            f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _fold(line: str) -> str:
    folded, width = "", 0
    for letter in line:
        size = len(letter.encode())
        if width + size > 75:
            folded, width = folded + "\r\n ", 1
        folded, width = folded + letter, width + size
    return folded
