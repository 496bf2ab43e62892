"""Forms of the people room. Phones and e-mail addresses come in slots; "add another" sends the form for one more."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as SubForm
from wtforms.validators import Length, Optional

from crm.infra.web import Form
from crm.kernel.languages import LANGUAGES
from crm.kernel.phone import show_phone
from crm.people import rules
from crm.people.models import CustomField

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Mexico_City",
)
KINDS = [("mobile", _l("Mobile")), ("home", _l("Home")), ("work", _l("Work")), ("other", _l("Other"))]
SLOTS = 3


class PhoneSlot(SubForm):
    """One number and what kind of phone it is."""

    text = StringField(_l("Phone"), [Length(max=40)])
    kind = SelectField(_l("Kind"), choices=KINDS, default="mobile")


class PersonForm(Form):
    """All that an organization writes down of a person."""

    version = HiddenField(default="0")
    given_name = StringField(_l("Given name"), [Length(max=120)])
    family_name = StringField(_l("Family name"), [Length(max=120)])
    phones = FieldList(FormField(PhoneSlot), min_entries=SLOTS, max_entries=20)
    emails = FieldList(StringField(_l("E-mail"), [Length(max=254)]), min_entries=SLOTS, max_entries=20)
    language = SelectField(_l("Language"), choices=list(LANGUAGES.items()), default="en")
    standing = SelectField(_l("Standing"), choices=[(key, _l(label)) for key, label in rules.STANDINGS.items()])
    member_since = DateField(_l("Member since"), [Optional()])
    street = StringField(_l("Street"), [Length(max=200)])
    neighborhood = StringField(_l("Neighborhood or building"), [Length(max=120)])
    city = StringField(_l("City"), [Length(max=120)])
    region = StringField(_l("State"), [Length(max=60)])
    postal_code = StringField(_l("ZIP code"), [Length(max=20)])
    time_zone = SelectField(_l("Time zone"), choices=[("", _l("Where the organization is")), *((z, z.replace("_", " ")) for z in ZONES)])
    source = StringField(_l("Where we met"), [Length(max=200)])
    tags = StringField(_l("Tags"), [Length(max=1000)], description=_l("Several with commas between them."))
    own = FieldList(StringField("", [Length(max=1000)]))

    def fill(self, values: dict[str, Any], version: int, fields: list[CustomField]) -> None:
        """Shows a person as they are, with empty slots for more."""
        self.version.data = str(version)
        for name in (
            "given_name",
            "family_name",
            "language",
            "standing",
            "member_since",
            "street",
            "neighborhood",
            "city",
            "region",
            "postal_code",
            "source",
        ):
            self[name].data = values[name]
        self.show_zone(values["time_zone"])
        self.tags.data = ", ".join(values["tags"])
        self.phones.entries.clear()
        self.emails.entries.clear()
        for e164, kind in values["phones"]:
            self.phones.append_entry({"text": show_phone(e164), "kind": kind})
        for address in values["emails"]:
            self.emails.append_entry(address)
        self.pad()
        self.show_own(fields, values["custom"])

    def show_zone(self, zone: str | None) -> None:
        """Offers the zone that is set, even if it is a rare one."""
        if zone and zone not in ZONES:
            self.time_zone.choices = [*self.time_zone.choices, (zone, zone.replace("_", " "))]
        self.time_zone.data = self.time_zone.data or zone or ""

    def show_own(self, fields: list[CustomField], values: dict[str, str] | None = None) -> None:
        """One field for each of the organization's own; what was typed stays."""
        while len(self.own.entries) < len(fields):
            self.own.append_entry((values or {}).get(fields[len(self.own.entries)].key, ""))
        for entry, known in zip(self.own.entries, fields, strict=False):
            entry.label.text = known.label

    def pad(self, more: bool = False) -> None:
        """At least three slots of each, and one more when asked."""
        for slots in (self.phones, self.emails):
            while len(slots.entries) < SLOTS:
                slots.append_entry()
            last = slots.entries[-1].data
            if more and (last["text"] if isinstance(last, dict) else last) and len(slots.entries) < slots.max_entries:
                slots.append_entry()

    def record(self, fields: list[CustomField]) -> dict[str, Any]:
        """What was typed, as actions.add_person takes it."""
        values = self.values()
        own = {known.key: text.strip() for known, text in zip(fields, values.pop("own"), strict=False) if (text or "").strip()}
        values.pop("version")
        return values | {
            "phones": [(slot["text"] or "", slot["kind"]) for slot in values["phones"]],
            "emails": [text or "" for text in values["emails"]],
            "tags": (values["tags"] or "").split(","),
            "time_zone": values["time_zone"] or None,
            "custom": own,
        }


class NoteForm(Form):
    """A note about a person."""

    body = TextAreaField(
        _l("Note"),
        [Length(max=10000)],
        description=_l("Never write down immigration status, diagnoses or arrests: what we do not keep cannot be taken."),
    )


class TagForm(Form):
    """A tag for one person or for those picked in a list."""

    tag = StringField(_l("Tag"), [Length(max=80)])
    person = SelectMultipleField(_l("People"), coerce=int, validate_choice=False)
