"""What a person's record may hold, and what changed between two versions of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.people.rules.custom import PREFIX

STANDINGS = {
    "contact": N_("Contact"),
    "supporter": N_("Supporter"),
    "member": N_("Member"),
    "lapsed": N_("Lapsed member"),
}
RUNGS = (N_("Not on the ladder yet"), N_("Contact"), N_("Supporter"), N_("Member"), N_("Leader"), N_("Core leader"))

FIELD_NAMES = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "pronouns": N_("Pronouns"),
    "language": N_("Language"),
    "other_languages": N_("Other languages"),
    "standing": N_("Standing"),
    "member_since": N_("Member since"),
    "address_kind": N_("Kind of address"),
    "street": N_("Street"),
    "neighborhood": N_("Neighborhood or building"),
    "city": N_("City"),
    "region": N_("State"),
    "postal_code": N_("ZIP code"),
    "time_zone": N_("Time zone"),
    "source": N_("Where we met"),
    "phones": N_("Phones"),
    "emails": N_("E-mail addresses"),
    "addresses": N_("Other addresses"),
    "custom": N_("Own fields"),
    "tags": N_("Tags"),
}
ADDRESS = ("street", "neighborhood", "city", "region", "postal_code")
KINDS_OF_PHONE = {"mobile": N_("Mobile"), "home": N_("Home"), "work": N_("Work"), "other": N_("Other")}
KINDS_OF_EMAIL = {"personal": N_("Personal"), "work": N_("Work"), "school": N_("School"), "other": N_("Other")}
KINDS_OF_ADDRESS = {"home": N_("Home"), "mailing": N_("Mail goes here"), "work": N_("Work"), "other": N_("Other")}
USES_OF_PHONE = {"texts": N_("Takes texts"), "calls": N_("Cannot be texted"), "wrong": N_("Wrong number")}
LONGEST = {
    "given_name": 120,
    "family_name": 120,
    "pronouns": 60,
    "other_languages": 80,
    "street": 200,
    "neighborhood": 120,
    "city": 120,
    "region": 60,
    "postal_code": 20,
    "source": 200,
}

SENTENCES = {
    "person.added": N_("Added by %(by)s"),
    "person.told": N_("%(by)s gave them a link to everything we hold about them"),
    "person.erased": N_("%(by)s erased a person"),
    "retention.chosen": N_("%(by)s changed how long things are kept"),
    "retention.done": N_("What was kept long enough was taken out"),
    "person.revealed": N_("%(by)s looked at the whole name and the numbers"),
    "reveals.alarm": N_("%(name)s opened unusually many people"),
    "reveals.seen": N_("%(by)s looked into what %(name)s opened"),
    "person.edited": N_("%(by)s changed %(fields)s"),
    "person.imported": N_("Added from the spreadsheet %(file)s by %(by)s"),
    "person.updated_by_import": N_("%(fields)s changed by the spreadsheet %(file)s, imported by %(by)s"),
    "person.import_undone": N_("%(by)s undid the import of %(file)s"),
    "person.kept": N_("Kept when %(by)s undid the import of %(file)s"),
    "person.merged": N_("%(by)s merged %(n)s records into this one"),
    "duplicate.dismissed": N_("%(by)s kept two records apart"),
    "duplicate.open": N_("%(by)s doubts again whether two records are two people"),
    "duplicates.asked": N_("%(by)s had the whole list searched for duplicates"),
    "person.unmerged": N_("%(by)s took a merge of this record back"),
    "note.added": N_("Note by %(by)s"),
    "note.edited": N_("%(by)s changed a note"),
    "note.removed": N_("%(by)s removed a note"),
    "tag.added": N_("%(by)s added the tag %(tag)s"),
    "tag.removed": N_("%(by)s removed the tag %(tag)s"),
    "tag.merged": N_("%(by)s replaced the tag %(tag)s by %(into)s"),
    "tag.restored": N_("%(by)s brought the tag %(tag)s back"),
    "tag.renamed": N_("%(by)s renamed the tag %(was)s to %(tag)s"),
    "tag.deleted": N_("%(by)s removed the tag %(tag)s"),
    "standing.changed": N_("%(by)s wrote down: %(standing)s since %(on)s"),
    "household.joined": N_("Lives together with %(other)s, says %(by)s"),
    "household.left": N_("No longer lives with the others, says %(by)s"),
    "household.named": N_("%(by)s named the household %(name)s"),
    "relationship.added": N_("%(kind)s %(other)s, says %(by)s"),
    "relationship.removed": N_("%(by)s took back: %(kind)s %(other)s"),
    "field.added": N_("%(by)s added the field %(field)s"),
    "field.changed": N_("%(by)s changed the field %(field)s"),
    "field.archived": N_("%(by)s archived the field %(field)s"),
    "field.restored": N_("%(by)s brought the field %(field)s back"),
}


_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct", "apartment": "apt", "unit": "apt",
    "north": "n", "south": "s", "east": "e", "west": "w", "calle": "c", "avenida": "av", "departamento": "dpto", "apartamento": "apto", "numero": "no",
}  # fmt: skip


def plain_street(text: str) -> str:
    """A street line as it is compared: no accents, no punctuation, the usual short forms."""
    return " ".join(_STREET_WORDS.get(word, word) for word in re.findall(r"[^\W_]+", fold(text)))


def place_of(address: Sequence[str]) -> tuple[str, ...]:
    """An address (in the order of ADDRESS) as it is compared with another."""
    street, _neighborhood, city, _region, postal_code = address
    return plain_street(street), fold(city), postal_code[:5]


def sort_name(given: str, family: str) -> str:
    """The name as search and lists use it: without accents and case, family name first."""
    return fold(f"{family} {given}")


def issues_in_person(values: Mapping[str, Any], today: date) -> list[Reason]:
    """Everything that keeps these values from being a person's record."""
    issues = []
    if not any([values.get("given_name"), values.get("family_name"), values.get("phones"), values.get("emails")]):
        issues.append(Reason(N_("Write a name, or at least a phone number or an e-mail address."), field="given_name"))
    for name, longest in LONGEST.items():
        if len(values.get(name) or "") > longest:
            issues.append(
                Reason(
                    N_("%(field)s is too long: keep it under %(n)s letters."),
                    {"field": Reason(FIELD_NAMES[name]), "n": longest},
                    name,
                )
            )
    since = values.get("member_since")
    if since and since > today:
        issues.append(Reason(N_("Nobody can have been a member since a day that is still to come."), field="member_since"))
    return issues


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs, by field, as (before, after); only the fields that `after` speaks of."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def without_custom(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with each of the organization's own fields as a field of its own: two people may change two of them at once."""
    own = {f"{PREFIX}{key}": value for key, value in (record.get("custom") or {}).items()}
    return {name: value for name, value in record.items() if name != "custom"} | own


def custom_in(record: Mapping[str, Any]) -> dict[str, Any]:
    """The own fields of such a record, by key."""
    return {name.removeprefix(PREFIX): value for name, value in record.items() if name.startswith(PREFIX)}


def undo_of(current: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> tuple[dict[str, Any], list[str]]:
    """(what to restore, which fields stay) when changes are undone: a field that was edited since keeps its new value."""
    back = {name: before for name, (before, after) in changes.items() if current.get(name) == after}
    return back, [name for name in changes if name not in back]
