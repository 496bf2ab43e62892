"""How a person is reached: numbers, e-mail addresses and places, read as they were typed and written as rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from crm.infra.db import session
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason
from crm.people import rules
from crm.people.models import Address, Email, Person, Phone
from crm.people.rules.cells import read_emails
from crm.people.rules.people import ADDRESS, LONGEST

TEXTABLE = {"mobile", "other"}
PhoneEntry = tuple[str, str, str]
"""(number, kind, use); the use is texts, calls or wrong."""


def use_of(phone: Phone) -> str:
    """What a number is good for."""
    return "wrong" if phone.is_wrong else "texts" if phone.is_textable else "calls"


def usual_use(kind: str) -> str:
    """What a number of this kind is good for until we learn better."""
    return "texts" if kind in TEXTABLE else "calls"


def read_phone_entries(typed: Sequence, country: str, before: Sequence[PhoneEntry] = ()) -> tuple[list[PhoneEntry], list[Reason]]:
    """Entries are a text, (text, kind) or (text, kind, use); what was learned of a number stays unless its kind or use is said anew."""
    known = {number: (kind, use) for number, kind, use in before}
    found: dict[str, PhoneEntry] = {}
    wrong = []
    for place, entry in enumerate(typed):
        text, kind, *said = (entry, "mobile") if isinstance(entry, str) else entry
        if not text.strip():
            continue
        number = read_phone(text, country)
        if isinstance(number, Reason):
            wrong.append(Reason(number.text, number.params, f"phones-{place}-text"))
            continue
        learned = known[number][1] if not said and known.get(number, ("",))[0] == kind else usual_use(kind)
        found.setdefault(number, (number, kind, (said[0] if said else "") or learned))
    return list(found.values()), wrong


def read_email_entries(typed: Sequence) -> tuple[list[tuple[str, str]], list[Reason]]:
    """Entries are a text or (text, kind)."""
    found: dict[str, str] = {}
    wrong = []
    for place, entry in enumerate(typed):
        text, kind = (entry, "personal") if isinstance(entry, str) else entry
        addresses, reasons = read_emails(text)
        for address in addresses:
            found.setdefault(address, kind)
        wrong += [Reason(reason.text, reason.params, f"emails-{place}-text") for reason in reasons]
    return list(found.items()), wrong


def read_address_entries(typed: Iterable[Sequence[str]]) -> tuple[list[tuple[str, ...]], list[Reason]]:
    """Entries are (kind, street, neighborhood, city, region, postal code); empty ones are none."""
    found, wrong = [], []
    for place, (kind, *parts) in enumerate(typed):
        parts = [part.strip() for part in parts]
        if not any(parts):
            continue
        for name, part in zip(ADDRESS, parts, strict=True):
            if len(part) > LONGEST[name]:
                said = {"field": Reason(rules.FIELD_NAMES[name]), "n": LONGEST[name]}
                wrong.append(Reason(N_("%(field)s is too long: keep it under %(n)s letters."), said, f"addresses-{place}-{name}"))
        found.append((kind, *parts))
    return list(dict.fromkeys(found)), wrong


def put_phones(person: Person, phones: Sequence[PhoneEntry]) -> None:
    """Writes the numbers; the first is preferred."""
    there = {phone.e164: phone for phone in session().scalars(select(Phone).where(Phone.person_id == person.id))}
    for e164 in set(there) - {e164 for e164, *_ in phones}:
        session().delete(there[e164])
    for place, (e164, kind, use) in enumerate(phones):
        phone = there.get(e164)
        if phone is None:
            phone = Phone(org_id=person.org_id, person_id=person.id, e164=e164)
            session().add(phone)
        phone.kind, phone.is_textable, phone.is_wrong, phone.is_preferred = kind, use == "texts", use == "wrong", place == 0


def put_emails(person: Person, entries: Sequence[tuple[str, str]]) -> None:
    """Writes the e-mail addresses; the first is preferred."""
    session().execute(delete(Email).where(Email.person_id == person.id))
    insert_rows(Email, [row_of(person, address=address, kind=kind, is_preferred=n == 0) for n, (address, kind) in enumerate(entries)])


def put_addresses(person: Person, entries: Sequence[Sequence[str]]) -> None:
    """Writes the addresses besides the preferred one."""
    session().execute(delete(Address).where(Address.person_id == person.id))
    insert_rows(Address, [row_of(person, kind=kind, **dict(zip(ADDRESS, parts, strict=True))) for kind, *parts in entries])


def row_of(person: Person, **values: Any) -> dict[str, Any]:
    """A row that hangs on a person."""
    return {"org_id": person.org_id, "person_id": person.id, **values}


def insert_rows(model: type, rows: list[dict[str, Any]]) -> None:
    """Inserts rows, if there are any."""
    if rows:
        session().execute(insert(model), rows)
