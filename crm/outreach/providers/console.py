"""What Twilio's console holds for a sender, read through the official library."""

from dataclasses import dataclass, field
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response

from crm.outreach.providers.twilio import BROKEN, Twilio


@dataclass(frozen=True)
class Held:
    """One number of the account: what it can do and whom it calls when a text comes."""

    number: str
    can_text: bool
    url: str
    method: str
    fallback: str


@dataclass(frozen=True)
class Service:
    """One messaging service: its numbers, whom it calls, and what the carriers said of its campaigns."""

    name: str
    url: str
    method: str
    fallback: str
    asks_number: bool  # the number's own address counts instead
    numbers: tuple[str, ...]
    campaigns: tuple[tuple[str, tuple[str, ...], str], ...]  # (state, opt-out keywords, what was wrong)


@dataclass(frozen=True)
class Console:
    """The account as far as texting goes; `problem` says why it could not be read."""

    numbers: dict[str, Held] = field(default_factory=dict)
    service: Service | None = None
    problem: str = ""


def read_console(network: Twilio, messaging_service_sid: str | None) -> Console:
    """Reads the account's numbers and the service; never raises for what networks do."""
    try:
        numbers = {one.phone_number: _held(one) for one in network.client.incoming_phone_numbers.stream()}
        return Console(numbers, _service(network, messaging_service_sid) if messaging_service_sid else None)
    except BROKEN as error:
        status = getattr(error, "status", None) or next((said.status_code for said in error.args if isinstance(said, Response)), None)  # pages raise plainly
        if status == 401:
            return Console(problem="Twilio does not know this account, or its token is another: look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
        if status:
            return Console(problem=f"Twilio answered with the status {status}. Try again in a minute.")
        return Console(problem=f"Twilio does not answer ({type(error).__name__}): look at this machine's way to the internet.")


def _held(one: Any) -> Held:
    return Held(one.phone_number, bool((one.capabilities or {}).get("sms")), one.sms_url or "", one.sms_method or "", one.sms_fallback_url or "")


def _service(network: Twilio, sid: str) -> Service | None:
    context = network.client.messaging.v1.services(sid)
    try:
        held = context.fetch()
    except TwilioRestException as error:
        if error.status == 404:
            return None
        raise
    numbers = tuple(one.phone_number for one in context.phone_numbers.stream())
    campaigns = tuple((one.campaign_status or "", tuple(one.opt_out_keywords or ()), _errors(one.errors)) for one in context.us_app_to_person.stream())
    return Service(
        held.friendly_name or sid, held.inbound_request_url or "", held.inbound_method or "", held.fallback_url or "", bool(held.use_inbound_webhook_on_number),
        numbers, campaigns,
    )


def _errors(found: Any) -> str:
    return "; ".join(str(one.get("description") or one.get("error_code")) for one in found or () if isinstance(one, dict))
