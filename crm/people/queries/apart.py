"""What tells people of the same name apart where one of them is chosen: the neighborhood or city, and the last digits of a number."""

from sqlalchemy import ScalarSelect, select

from crm.kernel.phone import mask_phone
from crm.people.models import Person, Phone


def a_number() -> ScalarSelect[str]:
    """The preferred number of the person in an outer query, for its columns: people and what tells them apart are one query."""
    own = Phone.org_id == Person.org_id, Phone.person_id == Person.id, Phone.is_wrong.is_(False)
    return select(Phone.e164).where(*own).order_by(Phone.is_preferred.desc(), Phone.id).limit(1).correlate(Person).scalar_subquery()


def named_apart(person: Person, e164: str | None) -> str:
    """Ana Ruiz, Elm Park, •••-•••-••12: the name as the reader sees it, and no more of a number than anybody may see."""
    return ", ".join(part for part in (person.name, person.neighborhood or person.city, mask_phone(e164) if e164 else "") if part)
