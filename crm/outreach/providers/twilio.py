"""Twilio through its official library: time limits on every call, no blind repeats, signatures on all that comes."""

from datetime import datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

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
from crm.settings import Settings

TIME_LIMITS = (5, 15)  # seconds to connect, seconds to answer; the library's own default is to wait for ever
CLOCK_SLACK = timedelta(minutes=2)
SLOW_DOWN_CODES = (20429, 14107)


class _Http(TwilioHttpClient):
    """The library's client with both time limits, a pool for any scheme, and another address when one is set."""

    def __init__(self, base_url: str = "", time_limits: tuple[float, float] = TIME_LIMITS):
        super().__init__()
        self.timeout = time_limits  # type: ignore[assignment] - requests takes a pair, the library's check does not
        self.base_url = base_url.rstrip("/")
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=16))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if self.base_url:
            url = url.replace("https://api.twilio.com", self.base_url, 1)
        return super().request(method, url, *args, **kwargs)


class Twilio:
    """The transport to real phones."""

    name = "twilio"
    lanes = 8

    def __init__(self, settings: Settings, time_limits: tuple[float, float] = TIME_LIMITS):
        self.public_url = settings.public_url
        self.account_sid = settings.twilio_account_sid
        self.validator = RequestValidator(settings.twilio_auth_token)
        http = _Http(settings.twilio_base_url, time_limits)
        self.client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=http)

    def send(self, message: Message) -> Answer:
        """One call of messages.create, its outcome put into one of four words."""
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
        except requests.exceptions.ConnectTimeout:
            return SlowDown()  # no connection was made, so nothing was taken
        except (TwilioException, requests.exceptions.RequestException, OSError, ValueError, TypeError) as error:
            return Unclear(type(error).__name__)
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
        except (TwilioException, requests.exceptions.RequestException, OSError, ValueError, TypeError):
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
            self.validator.validate(address, request.form, given)
            and request.form.get("AccountSid") == self.account_sid
            and bool(request.form.get("MessageSid"))
        )

    def came_since(self, org_id: int, sender_id: int, number: str, since: datetime) -> list[Inbound]:
        """Texts that Twilio holds for a number since then, oldest first; nothing when it does not answer."""
        found = []
        try:
            for held in self.client.messages.stream(to=number, page_size=100, limit=5000):
                if held.date_created and held.date_created < since:
                    break
                if held.direction == "inbound":
                    found.append(Inbound(org_id, sender_id, held.sid, held.from_, number, held.body or ""))
        except (TwilioException, requests.exceptions.RequestException, OSError, ValueError, TypeError):
            return []
        return found[::-1]

    def news(self, sids: list[str]) -> list[Status]:
        """Twilio reports by webhook."""
        return []


def _meaning(error: TwilioRestException) -> Answer:
    if error.status == 429 or error.code in SLOW_DOWN_CODES:
        return SlowDown()
    if error.status >= 500 or error.status == 408:
        return Unclear(f"http {error.status}")
    return Rejected(int(error.code or error.status))
