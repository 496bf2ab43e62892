"""`plenary twilio check`: whether real texts would leave, arrive and be obeyed, in plain words, with the addresses to paste."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from crm.infra.db import reading
from crm.infra.runtime import settings
from crm.organizations.models import Organization
from crm.outreach.models import Sender
from crm.outreach.providers import Twilio, provider
from crm.outreach.providers.console import Console, Service, read_console
from crm.settings import BadSettings, Settings

AGAIN = "#rc=5&rp=all"
"""Twilio's connection override: five more tries, whatever went wrong. Without it a missed text is told once only."""
STOP_WORDS = "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT"
OPT_OUT = (
    f"Twilio tells no program whether Advanced Opt-Out is on: look under Messaging, Services, Opt-Out Management. Leave {STOP_WORDS} as they are;"
    " if it is on, add PARAR, ALTO and BAJA for Spanish. Plenary obeys all of them, and whole sentences too, whatever is set there."
)


@dataclass(frozen=True)
class Using:
    """One organization's sender as Plenary holds it."""

    organization: str
    sender_id: int
    number: str | None
    service: str | None
    state: str


def add_twilio(commands, command: Callable, group: Callable, opened: Callable[[], Flask]) -> None:
    """`twilio check`."""

    def run(_said: Namespace) -> int:
        opened()
        return check()

    under = group(commands, "twilio", "Real texts.")
    command("check", run, "Is everything at Twilio as it must be? Says what is wrong, and the addresses to paste there.", under)


def check() -> int:
    """Prints what is right and what is wrong for every organization; 0 when nothing is wrong."""
    network = provider()
    if not isinstance(network, Twilio):
        raise BadSettings("TWILIO_ACCOUNT_SID is not set: texts go to the phone simulator, and there is nothing to check.")
    with reading() as s:
        rows = s.execute(select(Organization.name, Sender.id, Sender.number, Sender.messaging_service_sid, Sender.state)
                         .join(Sender, Sender.org_id == Organization.id).order_by(Organization.name)).all()
    using = [Using(*row) for row in rows]
    wrong = _tell("This server", list(wrong_here(settings())))
    if not using:
        wrong += _tell("Numbers", ["No organization has a number yet. Sign in, open Texts, then “The number texts come from”."])
    for one in using:
        console = read_console(network, one.service)
        wrong += _tell(one.organization, [console.problem] if console.problem else list(wrong_with(one, console, settings().public_url)))
        print("\n".join(f"      {line}" for line in addresses(one, console, settings().public_url)))
    print(f"look  {OPT_OUT}")
    return 1 if wrong else 0


def _tell(where: str, wrong: list[str]) -> int:
    for line in wrong:
        print(f"wrong {where}: {line}")
    if not wrong:
        print(f"ok    {where}")
    sys.stdout.flush()
    return len(wrong)


def address_of(one: Using, public_url: str) -> str:
    """Where Twilio must bring members' texts to."""
    return f"{public_url}/hooks/twilio/inbound/{one.sender_id}"


def addresses(one: Using, console: Console, public_url: str) -> Iterator[str]:
    """What to paste, and where."""
    by_service = console.service and not console.service.asks_number
    place = "the messaging service (Integration, Send a webhook)" if by_service else "the number (Messaging, A message comes in)"
    yield f"In Twilio's console, at {place}, with HTTP POST:"
    yield f"a message comes in    {address_of(one, public_url)}{AGAIN}"
    yield f"primary handler fails {address_of(one, public_url)}"
    yield "Status callbacks need no address there: each text brings its own."


def wrong_here(using: Settings) -> Iterator[str]:
    """What would keep Twilio from reaching this server."""
    host = urlsplit(using.public_url).hostname or ""
    if not using.is_https:
        yield f"PUBLIC_URL is {using.public_url}: Twilio would bring members' words over an open line. It must begin with https://."
    if host in ("localhost", "") or host.startswith(("127.", "10.", "192.168.")):
        yield f"PUBLIC_URL is {using.public_url}: nobody outside reaches that, so no reply and no STOP would arrive."


def wrong_with(one: Using, console: Console, public_url: str) -> Iterator[str]:
    """Everything at Twilio that is not as this sender needs it."""
    if one.service and console.service is None:
        yield f"The messaging service {one.service} is not in this account."
    if one.number and one.number not in console.numbers:
        yield f"The number {one.number} is not in this account."
    if console.service:
        yield from _wrong_service(one, console.service)
    numbers = {*(console.service.numbers if console.service else ()), *([one.number] if one.number else [])}
    for number in sorted(numbers & set(console.numbers)):
        if not console.numbers[number].can_text:
            yield f"The number {number} cannot send texts."
        if console.service is None or console.service.asks_number:
            held = console.numbers[number]
            yield from _wrong_hook(f"of {number}", held.url, held.method, held.fallback, address_of(one, public_url))
    if console.service and not console.service.asks_number:
        yield from _wrong_hook(f"of the service “{console.service.name}”", console.service.url, console.service.method, console.service.fallback,
                               address_of(one, public_url))
    if one.state != "approved":
        yield "Plenary holds this number for not registered, so nothing leaves. Once the carriers approve, say so under “The number texts come from”."


def _wrong_service(one: Using, service: Service) -> Iterator[str]:
    if not service.numbers:
        yield f"The service “{service.name}” has no number in its pool: add one (Sender Pool)."
    elif one.number and one.number not in service.numbers:
        yield f"The number {one.number} is not in the pool of the service “{service.name}”."
    american = [number for number in service.numbers if number.startswith("+1")]
    if not american:
        return
    if not service.campaigns:
        yield "No campaign is registered with the carriers (A2P 10DLC): they refuse unregistered texts (30034). Begin at Messaging, Regulatory Compliance."
    for state, keywords, errors in service.campaigns:
        if state != "VERIFIED":
            yield f"The carriers have not approved the campaign: it stands at {state}{': ' if errors else ''}{errors}. Texts would be refused (30034)."
        if keywords and "STOP" not in {word.upper() for word in keywords}:
            yield "The campaign's opt-out words lack STOP."


def _wrong_hook(whose: str, url: str, method: str, fallback: str, address: str) -> Iterator[str]:
    if url.partition("#")[0] != address:
        yield f"The address for incoming messages {whose} is {url or 'empty'}: replies and STOP do not arrive here. Paste the one below."
    elif "rc=" not in url.partition("#")[2]:
        yield f"The address for incoming messages {whose} has no {AGAIN}: a text that comes while this server restarts is told only once."
    if url and method != "POST":
        yield f"Incoming messages {whose} are sent by {method}: choose HTTP POST."
    if fallback.partition("#")[0] != address:
        yield f"The address for when the primary handler fails {whose} is {fallback or 'empty'}: paste the one below."
