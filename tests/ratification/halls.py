"""What the tests of ratification set up: an edition, an open vote, members who vote like a browser does."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.infra.jobs import run_due
from crm.infra.links import issue_link
from crm.kernel.permissions import Role
from crm.outreach.actions.consent import give_consent
from crm.platforms.actions.editions import freeze_edition
from crm.platforms.actions.planks import add_plank
from crm.platforms.actions.platforms import create_platform
from crm.ratification import actions
from crm.ratification.models import Ratification, RollEntry
from crm.ratification.queries import electorates_of
from tests.clients import CheckedClient, form_of
from tests.factories import MONDAY, World, make_person

PLANKS = (
    ({"en": "A lawyer for every tenant facing eviction", "es": "Abogado para cada inquilino que enfrente un desalojo"}),
    (
        {
            "en": "A 3 percent ceiling on yearly rent increases",
            "es": "Un tope del 3 por ciento al aumento anual de la renta",
        }
    ),
    ({"en": "More homes allowed near bus and tram stops", "es": "Más viviendas cerca de paradas de autobús y tranvía"}),
)


def table(world: World, role: Role = Role.COALITION_LEAD) -> Actor:
    """The coalition's lead."""
    return Actor(
        org_id=world.orgs["table"], role=role, name="Imani", org_name="Common Table", account_id=world.accounts["imani"]
    )


def make_edition(world: World, planks: int = 3) -> int:
    """A frozen edition of the coalition's platform, in both languages."""
    who = table(world)
    with transaction(who.org_id):
        platform = create_platform(
            who,
            {
                "titles": {"en": "Homes for Port Callan", "es": "Hogares para Port Callan"},
                "languages": ["en", "es"],
                "authentic_language": "en",
            },
            now=MONDAY,
        )
        for n, titles in enumerate(PLANKS[:planks], 1):
            add_plank(
                who,
                platform,
                {
                    "titles": titles,
                    "texts": {
                        "en": f"The city does what plank {n} says, from January on.",
                        "es": f"La ciudad hace lo que dice el punto {n}, desde enero.",
                    },
                },
                now=MONDAY,
            )
    with transaction(who.org_id):
        return freeze_edition(who, platform, now=MONDAY).id


def make_members(world: World, org: str, count: int) -> list[int]:
    """More members of an organization."""
    with transaction(world.orgs[org]):
        return [
            make_person(world.orgs[org], "Voter", f"Number {n:04d}", language="es" if n % 2 else "en")
            for n in range(count)
        ]


def draft(
    world: World, *, now: datetime = MONDAY, edition: int | None = None, hours: int = 48, **electorates: dict
) -> int:
    """A drafted vote of the coalition."""
    who, edition = table(world), edition or make_edition(world)
    with transaction(who.org_id):
        return actions.draft_ratification(
            who,
            edition_id=edition,
            title={"en": "Ratify the platform", "es": "Ratificar la plataforma"},
            opens_at=now,
            closes_at=now + timedelta(hours=hours),
            electorates=electorates or None,
            now=now,
        )


def open_vote(world: World, *, now: datetime = MONDAY, **more) -> int:
    """An open vote, its rolls built and notices sent."""
    vote = draft(world, now=now, **more)
    with transaction(world.orgs["table"]):
        actions.begin_opening(table(world), vote, now=now)
    run_due()
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).state == "open"
    return vote


def agree_to_texts(world: World, org: str, people: list[int], now: datetime = MONDAY) -> None:
    """Consent on the ledger for these people."""
    who = Actor(org_id=world.orgs[org], role=Role.ADMINISTRATOR, name="Test")
    with transaction(who.org_id):
        for person in people:
            give_consent(
                who, world.phones[person], source="paper", person_id=person, wording="I agree to texts", evidence="sheet 1", now=now
            )


@dataclass(frozen=True)
class Entry:
    """A seat as read once."""

    id: int
    seat: int
    partner_id: int
    person_id: int
    electorate_id: int


def seats(world: World, vote: int) -> list[Entry]:
    """The members' roll in order of seats."""
    with reading(world.orgs["table"]):
        row = session().get_one(Ratification, vote)
        secret = next(e for e in electorates_of(row) if e.is_secret)
        rows = session().query(RollEntry).filter_by(electorate_id=secret.id).order_by(RollEntry.seat).all()
        return [Entry(r.id, r.seat, r.partner_id, r.person_id, r.electorate_id) for r in rows]


def links(world: World, vote: int, limit: int | None = None) -> list[str]:
    """A ballot link for each seat."""
    rows = [(entry.id, entry.partner_id) for entry in seats(world, vote)[:limit]]
    with transaction(world.orgs["table"]):
        return [
            issue_link(
                world.orgs["table"],
                "ballot",
                id,
                expires_at=MONDAY + timedelta(days=60),
                now=MONDAY,
                partner_id=partner,
            )
            for id, partner in rows
        ]


@dataclass
class Booth:
    """A member at the ballot, posting what the page's own forms hold."""

    client: CheckedClient
    token: str
    language: str = "en"
    fields: dict[str, str] = field(default_factory=dict)
    page: str = ""

    def enter(self) -> "Booth":
        answer = self.client.get(f"/v/{self.token}?lang={self.language}")
        assert answer.status_code == 200, answer.text
        self.page = answer.text
        return self

    def go(self, to: str, **chosen: str) -> "Booth":
        """Presses the button that leads to `to`, with the fields of the form that holds it."""
        fields = self._form() | chosen | {"to": to}
        answer = self.client.post(f"/v/{self.token}/ballot", data=fields, csrf=False)
        assert answer.status_code == 200, answer.text
        self.page = answer.text
        return self

    def _form(self) -> dict[str, str]:
        marks = ('id="ballot"', "pl-picks", "/ballot")
        page = re.sub(r'<header class="pl-slip-top">.*?</header>', "", self.page, flags=re.S)
        for contains in marks:
            if re.search(rf"<form\b[^>]*{re.escape(contains)}", page) or contains in page:
                try:
                    return form_of(page, contains)
                except AssertionError:
                    continue
        raise AssertionError("no form")

    def fill(self, choices: dict[int, str], words: tuple[str, str] = ("3", "7")) -> "Booth":
        """From the first screen to the review."""
        self.enter().go("1")
        numbers = sorted(choices)
        for i, n in enumerate(numbers):
            to = str(numbers[i + 1]) if i + 1 < len(numbers) else "words"
            self.go(to, **({f"p{n}": choices[n]} if choices[n] else {}))
        self.go("review", first=words[0], second=words[1])
        self.fields = form_of(self.page, "/cast")
        return self

    def cast(self):
        """Presses the last button."""
        return self.client.post(f"/v/{self.token}/cast", data=dict(self.fields), csrf=False)


def cast_many(client: CheckedClient, tokens: list[str], choices: list[dict[int, str]]) -> None:
    """Each token casts its choices by one POST, as a browser's last one."""
    for n, (token, made) in enumerate(zip(tokens, choices, strict=True)):
        answer = client.post(f"/v/{token}/cast", data=ballot_fields(n, made), csrf=False)
        assert answer.status_code == 200, answer.text


def ballot_fields(n: int, choices: dict[int, str], nonce: str | None = None) -> dict[str, str]:
    """The hidden fields of a finished ballot."""
    fields = {
        "nonce": nonce or f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}",
        "words": f"{n % 30}.{n % 30 + 31}",
        "first": str(n % 20),
        "second": str(n // 20 % 20),
        "language": "en",
    }
    return fields | {f"p{plank}": choice for plank, choice in choices.items()}


def close(world: World, vote: int, now: datetime, reason: str = "") -> None:
    """Closes the vote and runs what follows."""
    with transaction(world.orgs["table"]):
        actions.close_ratification(table(world), vote, now=now, reason=reason)
    run_due()
