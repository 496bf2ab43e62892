"""What a person's record may hold, and what changed between two versions of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

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
    "language": N_("Language"),
    "standing": N_("Standing"),
    "member_since": N_("Member since"),
    "street": N_("Street"),
    "neighborhood": N_("Neighborhood or building"),
    "city": N_("City"),
    "region": N_("State"),
    "postal_code": N_("ZIP code"),
    "time_zone": N_("Time zone"),
    "source": N_("Where we met"),
    "phones": N_("Phones"),
    "emails": N_("E-mail addresses"),
    "custom": N_("Own fields"),
    "tags": N_("Tags"),
}
LONGEST = {
    "given_name": 120,
    "family_name": 120,
    "street": 200,
    "neighborhood": 120,
    "city": 120,
    "region": 60,
    "postal_code": 20,
    "source": 200,
}

SENTENCES = {
    "person.added": N_("Added by %(by)s"),
    "person.edited": N_("%(by)s changed %(fields)s"),
    "person.imported": N_("Added from the spreadsheet %(file)s by %(by)s"),
    "person.updated_by_import": N_("%(fields)s changed by the spreadsheet %(file)s, imported by %(by)s"),
    "person.import_undone": N_("%(by)s undid the import of %(file)s"),
    "person.kept": N_("Kept when %(by)s undid the import of %(file)s"),
    "note.added": N_("Note by %(by)s"),
    "note.removed": N_("%(by)s removed a note"),
    "tag.added": N_("%(by)s added the tag %(tag)s"),
    "tag.removed": N_("%(by)s removed the tag %(tag)s"),
}


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


def undo_of(current: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> tuple[dict[str, Any], list[str]]:
    """(what to restore, which fields stay) when changes are undone: a field that was edited since keeps its new value."""
    back = {name: before for name, (before, after) in changes.items() if current.get(name) == after}
    return back, [name for name in changes if name not in back]
