"""Plain functions that make the things tests speak of, and the small named world that every test finds."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from crm.accounts.actions import add_account, give_grant
from crm.infra.db import new_id, session, transaction
from crm.kernel.names import fold
from crm.organizations.actions import add_organization, join_coalition
from crm.people.actions import index_people
from crm.people.models import Person, Phone

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # nine in the morning in Los Angeles
REGISTERED = {"legal_form": "501c3", "brand": "BN" + "a" * 32, "campaign": "QE1"}  # what an approved sender must hold
PASSWORD = "a long enough phrase"
_numbers = count(100)
_GIVEN = ("Ana", "Beatriz", "Carlos", "Delphine", "Eusebio", "Fatima", "Gloria", "Hanh", "Ignacio", "Joelle", "Keisha", "Luis")
_FAMILY = ("Quintero", "Okafor", "Reyes", "Webb", "Montoya", "Abdi", "Nguyen", "Haddad", "Tolliver", "Carranza", "Baptiste", "Ferreira")


@dataclass
class World:
    """Ids of the named world: organizations and accounts by name, people by organization; who acts for whom, and a cookie for each."""

    orgs: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    people: dict[str, list[int]] = field(default_factory=dict)
    phones: dict[int, str] = field(default_factory=dict)
    grants: dict[str, list[str]] = field(default_factory=dict)
    cookies: dict[tuple[str, str | None], str] = field(default_factory=dict)


def make_person(
    org_id: int, given: str = "Ana", family: str = "Quintero", *, phone: str | None = None, language: str = "en",
    standing: str = "member", now: datetime = MONDAY, **more: object,
) -> int:
    """A person of that organization, inside the caller's transaction; returns the id."""
    person = Person(
        org_id=org_id, id=new_id(), given_name=given, family_name=family, name_folded=fold(f"{family} {given}"), language=language,
        standing=standing, member_since=date(2025, 1, 15) if standing == "member" else None, updated_at=now, created_at=now, **more,
    )
    session().add(person)
    session().flush()
    if phone:
        session().add(Phone(org_id=org_id, person_id=person.id, e164=phone, is_preferred=True, created_at=now))
    index_people([person.id])
    return person.id


def next_phone() -> str:
    """A fictitious number (555-0100 to 555-0199 are kept for fiction) in one of several area codes."""
    n = next(_numbers)
    return f"+1{(415, 510, 628, 650)[n // 100 % 4]}555{100 + n % 100:04d}"


def make_world(now: datetime = MONDAY) -> World:
    """Common Table with three member organizations, one stranger, and the people who sign in."""
    world = World()
    with transaction():
        for slug, name, kind in (
            ("table", "Common Table", "coalition"), ("southbank", "Southbank Tenants Union", "base_building"),
            ("mill", "Mill District Workers Center", "base_building"), ("arroyo", "Casa Arroyo", "base_building"),
            ("elsewhere", "Elsewhere Alliance", "base_building"),
        ):
            world.orgs[slug] = add_organization(name, slug=slug, kind=kind, now=now)
        for slug in ("southbank", "mill", "arroyo"):
            join_coalition(world.orgs["table"], world.orgs[slug], now=now)
        for name, roles in _ACCOUNTS.items():
            world.accounts[name] = add_account(f"{name}@{name}.example", name.title(), PASSWORD, now=now)
            world.grants[name] = [slug for slug, _role in roles]
            for slug, role in roles:
                give_grant(world.accounts[name], world.orgs[slug], role, now=now)
    for slug in ("southbank", "mill", "arroyo", "elsewhere"):
        _people_of(world, slug, now)
    return world


_ACCOUNTS = {
    "imani": [("southbank", "administrator"), ("table", "coalition_lead")], "omar": [("southbank", "organizer")],
    "vera": [("southbank", "volunteer")], "rita": [("southbank", "read_only")], "dolores": [("mill", "administrator")],
    "luz": [("arroyo", "administrator")], "tomas": [("table", "teller")], "stranger": [("elsewhere", "administrator")],
}


def _people_of(world: World, slug: str, now: datetime) -> None:
    org_id = world.orgs[slug]
    with transaction(org_id):
        for n, (given, family) in enumerate(zip(_GIVEN, _FAMILY, strict=True)):
            phone = next_phone()
            id = make_person(org_id, given, family, phone=phone, language="es" if n % 2 else "en",
                             standing="member" if n < 6 else "supporter", now=now, neighborhood="Mill District" if n % 3 else "Southbank")
            world.people.setdefault(slug, []).append(id)
            world.phones[id] = phone
