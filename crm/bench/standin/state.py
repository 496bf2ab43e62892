"""What the stand-in holds: messages, numbers, services, who wrote STOP; and Twilio's own rules, which no OpenAPI description tells."""

import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

ACCOUNT, TOKEN = "AC" + "0" * 32, "12345678901234567890123456789012"
STOPS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
STARTS = {"START", "UNSTOP", "YES"}
Fields = dict[str, str]


class Failing:
    """A plan of failures, drawn by a seed: {(429, 20429): 0.05, (500, 20500): 0.03, "drop": 0.05}."""

    def __init__(self, seed: int, shares: dict[Any, float]):
        self.dice, self.shares, self.lock = random.Random(seed), shares, threading.Lock()
        self.made: dict[Any, int] = defaultdict(int)

    def __call__(self, _number: int, _fields: Fields) -> Any:
        with self.lock:
            drawn = self.dice.random()
            for answer, share in self.shares.items():
                drawn -= share
                if drawn < 0:
                    self.made[answer] += 1
                    return answer
        return None


class State:
    """Messages by id, the newest last, found by phone; numbers and services as the console would show them."""

    def __init__(self, now: Callable[[], datetime]):
        self.now, self.lock = now, threading.Lock()
        self.by_sid: dict[str, dict[str, Any]] = {}
        self.by_to: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.callbacks: dict[str, str] = {}  # sid → where its statuses go
        self.taken_at: list[tuple[float, str]] = []  # (monotonic seconds, phone) of every text that was taken
        self.stopped: set[str] = set()
        self.numbers: dict[str, dict[str, Any]] = {}
        self.services: dict[str, dict[str, Any]] = {}

    def take(self, fields: Fields, direction: str = "outbound-api") -> dict[str, Any]:
        """Accepts a message and keeps it."""
        service = fields.get("MessagingServiceSid")
        status = "received" if direction == "inbound" else "accepted" if service else "queued"
        with self.lock:
            sid, stamp = f"SM{len(self.by_sid):032x}", format_datetime(self.now())
            message = {
                "sid": sid, "account_sid": ACCOUNT, "api_version": "2010-04-01", "to": fields["To"], "from": fields.get("From"),
                "body": fields.get("Body", ""), "messaging_service_sid": service, "status": status,
                "direction": direction, "date_created": stamp, "date_updated": stamp, "date_sent": None, "num_segments": "1", "num_media": "0",
                "price": None, "price_unit": "USD", "error_code": None, "error_message": None,
                "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
                "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media.json"},
            }
            self.by_sid[sid] = message
            self.by_to[fields["To"]].append(message)
            self.taken_at.append((time.monotonic(), fields["To"]))
            if fields.get("StatusCallback"):
                self.callbacks[sid] = fields["StatusCallback"]
        return message

    def note_keyword(self, phone: str, body: str) -> None:
        """Twilio's own opt-out: one keyword alone, nothing else, and it refuses what we send from then on."""
        word = body.strip().upper()
        if word in STOPS:
            self.stopped.add(phone)
        elif word in STARTS:
            self.stopped.discard(phone)

    def refuses(self, fields: Fields) -> tuple[int, int] | None:
        """Twilio's rules for a new message, beyond its contract: (HTTP status, code)."""
        to, sender, service = fields.get("To"), fields.get("From"), fields.get("MessagingServiceSid")
        validity = fields.get("ValidityPeriod", "36000")
        checks = (
            (not to, 21604),
            (not re.fullmatch(r"\+(1[2-9]\d{2}[2-9]\d{6}|[2-9]\d{7,14})", to or ""), 21211),
            (not sender and not service, 21603),
            (bool(sender and self.numbers and sender not in self.numbers), 21606),
            (bool(service and self.services and service not in self.services), 21701),
            (not any(fields.get(name) for name in ("Body", "MediaUrl", "ContentSid")), 21602),
            (len(fields.get("Body", "")) > 1600, 21617),
            (not (validity.isdigit() and 1 <= int(validity) <= 36_000), 21624),
            (to in self.stopped, 21610),
        )
        return next(((400, code) for is_so, code in checks if is_so), None)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All of them, the newest first, as Twilio lists them."""
        return self.listed({})

    def listed(self, asked: Fields) -> list[dict[str, Any]]:
        """The newest first, to or from a phone."""
        with self.lock:
            held = list(self.by_to.get(asked["To"], ())) if "To" in asked else list(self.by_sid.values())
        return [one for one in reversed(held) if asked.get("From") in (None, one["from"])]

    def add_number(self, number: str, **console: Any) -> dict[str, Any]:
        """A number of ours, as the console shows it."""
        sid, stamp = f"PN{len(self.numbers):032x}", format_datetime(self.now())
        self.numbers[number] = {
            "sid": sid, "account_sid": ACCOUNT, "phone_number": number, "friendly_name": number, "capabilities": {"sms": True, "mms": True, "voice": True},
            "sms_url": None, "sms_method": "POST", "sms_fallback_url": None, "sms_fallback_method": "POST", "sms_application_sid": None, "status": "in-use",
            "date_created": stamp, "date_updated": stamp, "beta": False, "api_version": "2010-04-01", "origin": "twilio",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{sid}.json",
        } | console
        return self.numbers[number]

    def add_service(self, sid: str, numbers: tuple[str, ...], campaign: str | None = "VERIFIED", **console: Any) -> dict[str, Any]:
        """A messaging service with numbers in its pool and its carriers' campaign, as the console shows them."""
        stamp = self.now().isoformat()
        pool = [{"sid": (self.numbers.get(each) or self.add_number(each))["sid"], "account_sid": ACCOUNT, "service_sid": sid, "date_created": stamp,
                 "date_updated": stamp, "phone_number": each, "country_code": "US", "capabilities": ["SMS", "MMS"],
                 "url": f"https://messaging.twilio.com/v1/Services/{sid}/PhoneNumbers/{self.numbers[each]['sid']}"} for each in numbers]
        service = {
            "sid": sid, "account_sid": ACCOUNT, "friendly_name": "Texts", "date_created": stamp, "date_updated": stamp, "inbound_request_url": None,
            "inbound_method": "POST", "fallback_url": None, "fallback_method": "POST", "status_callback": None, "sticky_sender": True, "mms_converter": True,
            "smart_encoding": False, "scan_message_content": "inherit", "fallback_to_long_code": False, "area_code_geomatch": True,
            "synchronous_validation": False, "validity_period": 36000, "usecase": "notifications", "us_app_to_person_registered": campaign == "VERIFIED",
            "use_inbound_webhook_on_number": False, "url": f"https://messaging.twilio.com/v1/Services/{sid}", "links": {},
        } | console
        campaigns = [{
            "sid": "QE" + "0" * 32, "account_sid": ACCOUNT, "brand_registration_sid": "BN" + "0" * 32, "messaging_service_sid": sid,
            "campaign_status": campaign, "campaign_id": "C1", "is_externally_registered": False, "us_app_to_person_usecase": "CHARITY", "date_created": stamp,
            "date_updated": stamp,
            "opt_out_keywords": ["STOP"], "opt_out_message": "You get no more texts.", "opt_in_keywords": ["START"], "help_keywords": ["HELP"], "errors": [],
        }] if campaign else []
        self.services[sid] = {"service": service, "numbers": pool, "campaigns": campaigns}
        return service
