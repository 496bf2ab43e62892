"""How the pages of this room say things: conditions, events, changes, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_
from crm.people import rules
from crm.people.models import Note
from crm.people.queries import Fact, show_email_to, show_phone_to

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
    "texts": (N_("Texts"), ("text", "thread", "reply", "consent", "number")),
    "came": (N_("Came to"), ("rsvp", "attendance", "support", "participant")),
    "talks": (N_("One-on-ones"), ("conversation", "assessment", "note")),
    "ladder": (N_("Ladder"), ("rung",)),
    "record": (N_("Record"), ("person", "tag")),
}
_PRIVATE = ("text", "thread", "reply", "conversation", "note", "assessment", "rung", "support")


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
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def verb_kinds(actor: Actor, kind: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(beginnings of verbs to show, or none for all; beginnings that this actor may not see)."""
    return KINDS[kind][1] if kind in KINDS else (), () if actor.may(Action.SEE_INBOX) else _PRIVATE


def line_of(actor: Actor, event: Event, notes: dict[int, Note]) -> Line:
    """An event as the timeline says it."""
    after = event.after or {}
    places = _Places({"by": event.actor_name or "?", **after})
    if "fields" in after:
        places["fields"] = ", ".join(_(rules.FIELD_NAMES.get(name, name)) for name in after["fields"])
    sentence = _(audit.SENTENCES.get(event.verb, N_("Something was recorded"))) % places
    kind = event.verb.partition(".")[0]
    return Line(
        event,
        sentence,
        ICONS.get(kind, "info"),
        TINTS.get(event.verb, ""),
        notes.get(after.get("note_id", 0)),
        changes_in(actor, event.before or {}, after),
    )


def changes_in(actor: Actor, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, was, is) of an event that changed a record."""
    return [
        (_(rules.FIELD_NAMES[name]), show(actor, name, before.get(name)), show(actor, name, after.get(name)))
        for name in after.get("fields", ())
        if name in rules.FIELD_NAMES
    ]


def show(actor: Actor, name: str, value: Any) -> str:
    """A field's value as this actor may read it."""
    if value in (None, "", [], {}):
        return ""
    if name == "phones":
        return ", ".join(show_phone_to(actor, phone[0] if isinstance(phone, list | tuple) else phone) for phone in value)
    if name == "emails":
        return ", ".join(show_email_to(actor, address) for address in value)
    if name == "standing":
        return _(rules.STANDINGS.get(value, value))
    if name == "language":
        return LANGUAGES.get(value, value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {text}" for key, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def say_condition(actor: Actor, condition: rules.Condition, facts: dict[str, Fact]) -> str:
    """A condition as a chip says it: Tag: Steward."""
    fact = facts.get(condition.fact)
    if fact is None:
        return condition.fact
    label = _(fact.label)
    if fact.kind == "flag":
        return label if condition.comparison == "is" else _("Not: %(fact)s", fact=label)
    value = dict(fact.choices_for(actor) or ()).get(condition.value, condition.value)
    if value and not callable(fact.choices):  # an organization's own words are nobody's to translate
        value = _(value)
    comparison = _(rules.COMPARISONS[fact.kind].get(condition.comparison, "is"))
    if condition.comparison == "is":
        return _("%(fact)s: %(value)s", fact=label, value=value)
    return _("%(fact)s %(comparison)s %(value)s", fact=label, comparison=comparison, value=value)


def say_definition(actor: Actor, definition: dict, facts: dict[str, Fact]) -> str:
    """A whole tree as a sentence."""
    if "fact" in definition:
        return say_condition(actor, rules.Condition(definition["fact"], definition["comparison"], definition.get("value", "")), facts)
    joiner, members = (_("or"), definition["any"]) if "any" in definition else (_("and"), definition.get("all", []))
    said: Iterable[str] = (say_definition(actor, member, facts) for member in members)
    text = f" {joiner} ".join(said)
    return f"({text})" if "any" in definition and len(members) > 1 else text or _("Everyone")
