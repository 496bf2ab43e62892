"""Sessions and due dates as a calendar file (RFC 5545) that a phone can keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm.assemblies.rules.words import in_language


@dataclass(frozen=True)
class CalendarEntry:
    """One session, or a whole day where start and end are dates; `uid` stays the same when its time changes, so that the phone moves it.

    `join` is (the link for taking part from afar, what it is called), in files that are somebody's own alone.
    """

    uid: str
    title: str
    starts_at: datetime | date
    ends_at: datetime | date
    place: str
    url: str
    is_cancelled: bool = False
    join: tuple[str, str] | None = None


def entries_of(assembly: Any, sessions: Iterable[Any], language: str, page: str, join: str = "") -> list[CalendarEntry]:
    """Sessions of an assembly; `join` is what the link for taking part from afar is called, left out of what everybody can read."""
    title = in_language(assembly.title, language)
    return [
        CalendarEntry(
            f"{row.id}@{assembly.slug}", f"{title}: {in_language(row.title, language)}", row.starts_at, row.ends_at,
            ", ".join(filter(None, (row.place, row.address))), page, assembly.state == "cancelled",
            (row.link_for_all, join) if join and row.link_for_all else None)
        for row in sessions
    ]


def write_calendar(entries: list[CalendarEntry], stamp: datetime) -> str:
    """The file's text: lines of at most 75 bytes, ended as the standard asks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Assemblies//EN", "CALSCALE:GREGORIAN"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{_instant(stamp)}",
            f"DTSTART{_moment(entry.starts_at)}",
            f"DTEND{_moment(entry.ends_at, is_end=True)}",
            f"SUMMARY:{_escape(entry.title)}",
            f"LOCATION:{_escape(entry.place)}",
            *(_joining(*entry.join) if entry.join else ()),
            f"URL:{entry.url}",
            f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _joining(link: str, words: str) -> tuple[str, str]:
    """The link in words that every calendar shows, and as those take it that can join by one press (RFC 7986)."""
    label = words.replace('"', "'")
    return f"DESCRIPTION:{_escape(f'{words}: {link}')}", f'CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL="{label}":{link}'


def _moment(at: datetime | date, is_end: bool = False) -> str:
    """A moment, or a day; the end of a day is the next one."""
    return f":{_instant(at)}" if isinstance(at, datetime) else f";VALUE=DATE:{at + timedelta(days=is_end):%Y%m%d}"


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
