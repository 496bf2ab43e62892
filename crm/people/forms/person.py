"""Forms of the people room. Phones and e-mail addresses come in slots; "add another" sends the form for one more."""

import json
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
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

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.kernel.phone import show_phone
from crm.kernel.zones import ZONES
from crm.people import rules
from crm.people.forms import own
from crm.people.models import CustomField
from crm.people.rules import versions
from crm.people.rules.people import ADDRESS, KINDS_OF_ADDRESS, KINDS_OF_EMAIL, KINDS_OF_PHONE, USES_OF_PHONE


def said(words: dict[str, str]) -> list[tuple[str, Any]]:
    """A table of words as choices, each in the reader's language."""
    return [(key, _l(label)) for key, label in words.items()]


KINDS = said(KINDS_OF_PHONE)
SLOTS = 2
PLAIN = ("given_name", "family_name", "pronouns", "language", "standing", "member_since", "source", "address_kind", *ADDRESS)


class PhoneSlot(SubForm):
    """One number, what kind of phone it is, and what it is good for."""

    text = StringField(_l("Phone"), [Length(max=40)])
    kind = SelectField(_l("Kind"), choices=options(KINDS), default="mobile")
    use = SelectField(_l("Use"), choices=options([("", _l("Usual for its kind")), *said(USES_OF_PHONE)]), default="")


class EmailSlot(SubForm):
    """One e-mail address and what it is for."""

    text = StringField(_l("E-mail"), [Length(max=254)])
    kind = SelectField(_l("Kind"), choices=options(said(KINDS_OF_EMAIL)), default="personal")


class AddressSlot(SubForm):
    """One more address."""

    kind = SelectField(_l("Kind"), choices=options(said(KINDS_OF_ADDRESS)), default="other")
    street = StringField(_l("Street"), [Length(max=200)])
    neighborhood = StringField(_l("Neighborhood or building"), [Length(max=120)])
    city = StringField(_l("City"), [Length(max=120)])
    region = StringField(_l("State"), [Length(max=60)])
    postal_code = StringField(_l("ZIP code"), [Length(max=20)])


def _language(label: Any) -> SelectField:
    return SelectField(label, choices=options([("", "–"), *LANGUAGES.items()]), default="", validate_choice=False)


class PersonForm(Form):
    """All that an organization writes down of a person. Slots come one more at a time; the page works without scripts."""

    kept: ClassVar[list[CustomField]] = []
    version = HiddenField(default="0")
    seen = HiddenField(default="")
    given_name = StringField(_l("Given name"), [Length(max=120)])
    family_name = StringField(_l("Family name"), [Length(max=120)])
    pronouns = StringField(_l("Pronouns"), [Length(max=60)])
    phones = FieldList(FormField(PhoneSlot), min_entries=SLOTS, max_entries=20)
    phones_first = HiddenField(default="0")
    emails = FieldList(FormField(EmailSlot), min_entries=SLOTS, max_entries=20)
    emails_first = HiddenField(default="0")
    language = SelectField(_l("Language"), choices=options(LANGUAGES.items()), default="en")
    other_languages = FieldList(_language(_l("Also speaks")), min_entries=SLOTS, max_entries=8)
    standing = SelectField(_l("Standing"), choices=options(said(rules.STANDINGS)))
    member_since = DateField(_l("Member since"), [Optional()])
    address_kind = SelectField(_l("Kind"), choices=options(said(KINDS_OF_ADDRESS)), default="home")
    street = StringField(_l("Street"), [Length(max=200)])
    neighborhood = StringField(_l("Neighborhood or building"), [Length(max=120)])
    city = StringField(_l("City"), [Length(max=120)])
    region = StringField(_l("State"), [Length(max=60)])
    postal_code = StringField(_l("ZIP code"), [Length(max=20)])
    addresses = FieldList(FormField(AddressSlot), max_entries=10)
    addresses_first = HiddenField(default="")
    time_zone = SelectField(_l("Time zone"), choices=options([("", _l("Where the organization is")), *((z, z.replace("_", " ")) for z in ZONES)]))
    source = StringField(_l("Where we met"), [Length(max=200)])
    tags = StringField(_l("Tags"), [Length(max=1000)], description=_l("Several with commas between them."))

    @property
    def own(self) -> list:
        """The controls of the organization's own fields."""
        return [self[own.name_of(field)] for field in self.kept]

    def fill(self, values: dict[str, Any], version: int, seen: dict[str, str]) -> None:
        """Shows a person as they are, with empty slots for more; `seen` are the marks of what is saved now."""
        self.version.data, self.seen.data = str(version), json.dumps(seen)
        for name in PLAIN:
            if name in self:
                self[name].data = values[name]
        self.show_zone(values["time_zone"])
        self.tags.data = ", ".join(values["tags"])
        for slots in (self.phones, self.emails, self.addresses, self.other_languages):
            slots.entries.clear()
            slots.last_index = -1  # names count from nought again: the radio buttons do
        for e164, kind, use in values["phones"]:
            usual = "texts" if kind in ("mobile", "other") else "calls"
            self.phones.append_entry({"text": show_phone(e164), "kind": kind, "use": "" if use == usual else use})
        for address, kind in values["emails"]:
            self.emails.append_entry({"text": address, "kind": kind})
        for kind, *parts in values["addresses"]:
            self.addresses.append_entry({"kind": kind, **dict(zip(ADDRESS, parts, strict=True))})
        for tag in (values["other_languages"] or "").split():
            self.other_languages.append_entry(tag)
        self.pad()
        for field in self.kept:
            own.show(self, field, values.get(f"custom:{field.key}"))

    def show_zone(self, zone: str | None) -> None:
        """Offers the zone that is set, even if it is a rare one."""
        if zone and zone not in ZONES:
            self.time_zone.choices = [*self.time_zone.choices, *options([(zone, zone.replace("_", " "))])]
        self.time_zone.data = self.time_zone.data or zone or ""

    def pad(self, more: str = "") -> None:
        """At least two slots of each, and one more of what was asked for; "1" asks for a number and an e-mail address."""
        for name in ("phones", "emails", "other_languages"):
            slots = self[name]
            while len(slots.entries) < SLOTS:
                slots.append_entry()
            if more in (name, "1") and self._is_full(slots):
                slots.append_entry()
        if more == "addresses" and len(self.addresses.entries) < self.addresses.max_entries:
            self.addresses.append_entry()

    @staticmethod
    def _is_full(slots: FieldList) -> bool:
        last = slots.entries[-1].data
        return bool(last["text"] if isinstance(last, dict) else last) and len(slots.entries) < slots.max_entries

    def record(self) -> dict[str, Any]:
        """What was typed, as actions.add_person takes it."""
        values = self.values()
        spoken = dict.fromkeys(tag for tag in values["other_languages"] if tag in LANGUAGES and tag != values["language"])
        place = (values["address_kind"], *((values[name] or "").strip() for name in ADDRESS))
        others = [(slot["kind"], *((slot[name] or "").strip() for name in ADDRESS)) for slot in values["addresses"]]
        place, others = _swapped(place, others, values["addresses_first"])
        return values | dict(zip(("address_kind", *ADDRESS), place, strict=True)) | {
            "phones": _first([(slot["text"] or "", slot["kind"], slot["use"] or "") for slot in values["phones"]], values["phones_first"]),
            "emails": _first([(slot["text"] or "", slot["kind"]) for slot in values["emails"]], values["emails_first"]),
            "addresses": others,
            "other_languages": " ".join(spoken),
            "tags": (values["tags"] or "").split(","),
            "time_zone": values["time_zone"] or None,
            "custom": {field.key: values[own.name_of(field)] for field in self.kept},
        }  # fmt: skip

    def marks(self) -> dict[str, str]:
        """The marks of what the editor began from; nothing if the page carries none that can be read."""
        try:
            read = json.loads(self.seen.data or "{}")
        except ValueError:
            return {}
        return {name: mark for name, mark in read.items() if isinstance(mark, str)} if isinstance(read, dict) else {}


def _first(entries: list, chosen: str | None) -> list:
    """The entries with the preferred one first; an empty slot is not preferred."""
    place = int(chosen) if chosen and chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else 0
    if not 0 < place < len(entries) or not entries[place][0].strip():
        return entries
    return [entries[place], *entries[:place], *entries[place + 1 :]]


def _swapped(place: tuple, others: list[tuple], chosen: str | None) -> tuple[tuple, list[tuple]]:
    """Another address becomes the preferred one, and the former takes its place."""
    n = int(chosen) if chosen and chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else -1
    if not 0 <= n < len(others) or not any(others[n][1:]):
        return place, others
    return others[n], [*others[:n], place, *others[n + 1 :]]


class EditForm(PersonForm):
    """A person's record, to be changed; standing has its own page, with its day and its reason."""

    standing = None
    member_since = None
    with_household = BooleanField(_l("Everyone at this address has moved: change it for the whole household"))


class NoteForm(Form):
    """A note about a person."""

    body = TextAreaField(
        _l("Note"),
        [Length(max=10000)],
        description=_l("Never write down immigration status, diagnoses or arrests: what we do not keep cannot be taken."),
    )
    seen = HiddenField(default="")

    def show(self, body: str) -> None:
        """Shows the words as they stand."""
        self.body.data, self.seen.data = body, versions.mark(body)


class TagForm(Form):
    """A tag for one person or for those picked in a list."""

    tag = StringField(_l("Tag"), [Length(max=80)])
    person = SelectMultipleField(_l("People"), coerce=int, validate_choice=False)
