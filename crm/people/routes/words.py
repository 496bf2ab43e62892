"""How a person's page tells what happened: one line of the timeline for each event, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.look import day
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_
from crm.people import queries, rules
from crm.people.models import CustomField, Note, Person
from crm.people.queries import show_email_to, show_phone_to
from crm.people.rules import relationships
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import KINDS_OF_ADDRESS, USES_OF_PHONE
from crm.people.rules.reveals import VEILED

ICONS = {
    "person": "people",
    "note": "pencil",
    "tag": "tag",
    "text": "send",
    "thread": "send",
    "reply": "inbox",
    "consent": "check",
    "conversation": "talk",
    "assessment": "talk",
    "rung": "ladder",
    "standing": "ladder",
    "household": "people",
    "relationship": "people",
    "rsvp": "week",
    "attendance": "check",
    "support": "child",
    "pledge": "people",
    "participant": "assembly",
    "number": "phone",
    "ratification": "check",
    "import": "down",
}
TINTS = {
    "text.received": "gold",
    "attendance.recorded": "yes",
    "conversation.logged": "plum",
    "rung.up": "plum",
    "rsvp.yes": "wait",
    "rsvp.confirmed": "yes",
    "consent.revoked": "no",
    "rsvp.no": "off",
}
KINDS = {
    "texts": (N_("Texts"), ("text.", "thread.", "reply.", "consent.", "number.")),
    "came": (N_("Came to"), ("rsvp.", "attendance.", "support.", "participant.", "pledge.", "ratification.")),
    "talks": (N_("One-on-ones"), ("conversation.", "assessment.", "note.")),
    "notes": (N_("Notes"), ("note.",)),
    "ladder": (N_("Ladder and standing"), ("rung.", "standing.")),
    "record": (N_("Record"), ("person.", "tag.", "household.", "relationship.")),
    "imports": (N_("Imports and merges"), ("person.import", "person.updated_by_import", "person.kept", "person.merge", "person.unmerge", "person.split")),
}
_PRIVATE = ("text.", "thread.", "reply.", "conversation.", "note.", "assessment.", "rung.", "support.")
_NAMED = ("other_id",)


@dataclass
class Said:
    """Who reads, and the words of this organization that lines speak of."""

    actor: Actor
    fields: Sequence[CustomField]
    names: dict[int, str] = field(default_factory=dict)

    def name_of(self, name: str) -> str:
        """What a field is called; empty for what this reader may not see."""
        if name in VEILED and not self.actor.may(Action.SEE_CONTACTS):
            return ""
        if name.startswith(PREFIX):
            return next((known.label for known in self.fields if known.key == name.removeprefix(PREFIX)), "")
        return _(rules.FIELD_NAMES[name]) if name in rules.FIELD_NAMES else ""


class _Places(dict):
    """What fills a sentence; what was erased since is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass
class Line:
    """One entry of a timeline, ready to be shown."""

    event: Event
    sentence: str
    icon: str
    tint: str
    note: Note | None = None
    former: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reason: str = ""


@dataclass
class Timeline:
    """Some lines, and the mark after which the older ones begin."""

    lines: list[Line]
    next: str | None


def timeline_of(actor: Actor, card: queries.Card, kind: str | None, year: int | None, after: str | None, size: int = 30) -> Timeline:
    """A page of what happened with a person: one query for the events, one for the names of others in them."""
    of, but = KINDS[kind][1] if kind in KINDS else (), () if actor.may(Action.SEE_INBOX) else _PRIVATE
    page = queries.timeline(actor, card.person.id, after, size, of, but, _span(actor, year))
    others = {id for event in page.rows for name in _NAMED if (id := (event.after or {}).get(name))}
    said = Said(actor, queries.custom_fields(actor), queries.names_of(actor, others))
    notes = {note.id: note for note in card.notes} if actor.may(Action.SEE_INBOX) else {}
    lines = [line for event in page.rows if (line := line_of(said, event, notes)) is not None]
    return Timeline(lines, page.next)


def _span(actor: Actor, year: int | None) -> tuple[datetime, datetime] | None:
    if year is None or not 1901 <= year <= 2200:
        return None
    zone = ZoneInfo(actor.time_zone or "UTC")
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)


def years_of(person: Person, now: datetime) -> range:
    """The years to choose from, newest first."""
    return range(now.year, min(person.created_at.year, now.year) - 1, -1)


def line_of(said: Said, event: Event, notes: dict[int, Note]) -> Line | None:
    """An event as the timeline says it; None if all that it changed is hidden from the reader."""
    before, after = event.before or {}, event.after or {}
    shown = fields_in(said, after)
    if after.get("fields") and not shown:
        return None
    places = _Places({"by": event.actor_name or "?", **after, **_said_values(said, event.verb, after)})
    if "fields" in after:
        places["fields"] = ", ".join(dict.fromkeys(said.name_of(name) for name in shown))
    sentence = _(audit.SENTENCES.get(event.verb, N_("Something was recorded"))) % places
    return Line(
        event,
        sentence,
        ICONS.get(event.verb.partition(".")[0], "info"),
        TINTS.get(event.verb, ""),
        notes.get(after.get("note_id", 0)),
        (before.get("body") or "") if event.verb == "note.edited" else "",
        [(said.name_of(name), show(said.actor, name, _value(before, name)), show(said.actor, name, _value(after, name))) for name in shown],
        after.get("reason", "") if event.verb.startswith("standing.") else "",
    )


def _said_values(said: Said, verb: str, after: dict[str, Any]) -> dict[str, str]:
    places = {}
    if "other_id" in after:
        places["other"] = said.names.get(after["other_id"]) or _("someone whose record is gone")
    if verb.startswith("relationship.") and after.get("kind") in relationships.KINDS:
        places["kind"] = _(relationships.KINDS[after["kind"]][0])
    if verb == "standing.changed":
        places["standing"] = _(rules.STANDINGS.get(after.get("standing", ""), "…"))
        places["on"] = day(date.fromisoformat(after["on"])) if after.get("on") else "…"
    return places


def fields_in(said: Said, after: dict[str, Any]) -> list[str]:
    """The fields that an event changed and this reader may see; own fields one by one, however the event holds them."""
    names = []
    for name in after.get("fields") or ():
        names += [f"{PREFIX}{key}" for key in after.get("custom") or {}] if name == "custom" else [name]
    return [name for name in names if said.name_of(name)]


def _value(values: dict[str, Any], name: str) -> Any:
    if name.startswith(PREFIX) and name not in values:
        return (values.get("custom") or {}).get(name.removeprefix(PREFIX))
    return values.get(name)


def show(actor: Actor, name: str, value: Any) -> str:
    """A field's value as this reader may read it."""
    if value in (None, "", [], {}):
        return ""
    if name == "phones":
        return ", ".join(_phone(actor, entry) for entry in value)
    if name == "emails":
        return ", ".join(show_email_to(actor, entry if isinstance(entry, str) else entry[0]) for entry in value)
    if name == "addresses":
        return "; ".join(", ".join(filter(None, entry[1:])) for entry in value)
    if name == "standing":
        return _(rules.STANDINGS.get(value, value))
    if name == "address_kind":
        return _(KINDS_OF_ADDRESS.get(value, value))
    if name in ("language", "other_languages"):
        return ", ".join(LANGUAGES.get(tag, tag) for tag in value.split())
    return show_value(value)


def _phone(actor: Actor, entry: Any) -> str:
    number, _kind, *use = [entry, ""] if isinstance(entry, str) else entry
    shown = show_phone_to(actor, number)
    return f"{shown} ({_(USES_OF_PHONE[use[0]])})" if use and use[0] in ("calls", "wrong") else shown


def show_value(value: Any) -> str:
    """A value of an own field, as a page says it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
