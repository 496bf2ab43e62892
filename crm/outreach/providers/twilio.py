"""Twilio through its official library: time limits on every call, no blind repeats, signatures on all that comes."""

import math
from datetime import datetime, timedelta
from typing import Any

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, HTTPError

from crm.outreach.providers.interface import (
    Accepted,
    Answer,
    Inbound,
    Message,
    Rejected,
    SlowDown,
    Status,
    Unclear,
    Unsure,
)
from crm.outreach.providers.pooled import TIME_LIMITS, PooledClient, TooLate
from crm.settings import Settings

CLOCK_SLACK = timedelta(minutes=2)
SLOW_DOWN_CODES = (20429, 14107)
BROKEN = (TwilioException, HTTPError, OSError, ValueError, TypeError)  # no answer, or none that can be read


class Twilio:
    """The transport to real phones."""

    name = "twilio"
    lanes = 16

    def __init__(self, settings: Settings, time_limits: tuple[float, float] = TIME_LIMITS):
        self.public_url = settings.public_url
        self.account_sid = settings.twilio_account_sid
        self.validator = RequestValidator(settings.twilio_signing_secret or settings.twilio_auth_token)
        self.algorithm = settings.twilio_signature.replace("-", "_")  # ours to say: a header could be anybody's
        self.http = PooledClient(settings.twilio_base_url, time_limits, self.lanes)
        self.client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=self.http)

    def send(self, message: Message) -> Answer:
        """One call of messages.create, its outcome put into one of four words."""
        self.http.leave_by(message.leave_by)
        try:
            made = self.client.messages.create(
                to=message.phone,
                body=message.body,
                validity_period=message.validity,
                status_callback=f"{self.public_url}/hooks/twilio/status/{message.key}",
                **self._sender(message),
            )
        except TwilioRestException as error:
            return _meaning(error)
        except (ConnectTimeoutError, TooLate):
            return SlowDown()  # no connection was made, so nothing was taken
        except BROKEN as error:
            return Unclear(type(error).__name__)
        finally:
            self.http.leave_by(math.inf)
        return Accepted(made.sid, made.status or "accepted")

    def _sender(self, message: Message) -> dict[str, str]:
        if message.messaging_service_sid:
            return {"messaging_service_sid": message.messaging_service_sid}
        return {"from_": message.number or ""}

    def find(self, message: Message) -> str | None | Unsure:
        """Looks through what Twilio holds for this phone since shortly before the attempt, comparing the words."""
        since = message.claimed_at - CLOCK_SLACK
        try:
            # Twilio filters by day; the list is the newest first, so what is older than the attempt ends the search.
            for held in self.client.messages.stream(to=message.phone, page_size=50, limit=200):
                if held.date_created and held.date_created < since:
                    break
                if held.body == message.body and held.sid not in message.known_sids and held.direction != "inbound":
                    return held.sid
        except BROKEN:
            return Unsure()
        return None

    def parse_inbound(self, request: Any, org_id: int, sender_id: int) -> Inbound | None:
        """The member's text, if the request is Twilio's."""
        if not self._is_signed(request):
            return None
        form = request.form
        return Inbound(
            org_id=org_id,
            sender_id=sender_id,
            sid=form.get("MessageSid", ""),
            phone=form.get("From", ""),
            number=form.get("To", ""),
            body=form.get("Body", ""),
            media=int(form.get("NumMedia") or 0),
        )

    def parse_status(self, request: Any, key: str) -> Status | None:
        """What became of a text of ours, if the request is Twilio's."""
        if not self._is_signed(request):
            return None
        form = request.form
        code = form.get("ErrorCode", "")
        return Status(key, form.get("MessageSid", ""), form.get("MessageStatus", ""), int(code) if code.isdigit() else None)

    def _is_signed(self, request: Any) -> bool:
        """The signature over the exact public address and every parameter, and the account being ours."""
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        address = f"{self.public_url}{request.path}{query}"
        given = request.headers.get("X-Twilio-Signature", "")
        return (
            self.validator.validate(address, request.form, given, self.algorithm)
            and request.form.get("AccountSid") == self.account_sid
            and bool(request.form.get("MessageSid"))
        )

    def came_since(self, org_id: int, sender_id: int, number: str, since: datetime) -> list[Inbound] | Unsure:
        """Texts that Twilio holds for a number since then, oldest first."""
        found = []
        try:
            for held in self.client.messages.stream(to=number, page_size=200):
                if held.date_created and held.date_created < since:
                    break
                if held.direction == "inbound":
                    found.append(Inbound(org_id, sender_id, held.sid, held.from_, number, held.body or ""))
        except BROKEN:
            return Unsure()
        return found[::-1]

    def numbers_of(self, messaging_service_sid: str) -> list[str] | Unsure:
        """The numbers in the service's pool."""
        try:
            return [held.phone_number for held in self.client.messaging.v1.services(messaging_service_sid).phone_numbers.stream()]
        except BROKEN:
            return Unsure()

    def news(self, sids: list[str]) -> list[Status]:
        """Twilio reports by webhook."""
        return []


def _meaning(error: TwilioRestException) -> Answer:
    if error.status == 429 or error.code in SLOW_DOWN_CODES:
        return SlowDown()
    if error.status >= 500 or error.status == 408:
        return Unclear(f"http {error.status}")
    return Rejected(int(error.code or error.status))
