"""Webhooks out of the stand-in, signed as Twilio signs: status callbacks in time, and texts that members write."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from twilio.request_validator import RequestValidator

from crm.bench.standin.state import ACCOUNT, TOKEN, Fields, State

FINAL = ("delivered", "undelivered", "failed", "read")
Deliver = Callable[[str, Fields, Fields], int]  # (address, fields, headers) → HTTP status


class Hooks:
    """Sends what is due. `steps` are the (seconds, status, code) that follow each acceptance; none are held back for ever."""

    def __init__(self, state: State):
        self.state, self.session = state, requests.Session()
        self.steps: tuple[tuple[float, str, int | None], ...] = ()
        self.deliver: Deliver = self.post
        self.alerts: list[tuple[str, int]] = []  # webhooks that failed; Twilio logs them, and nothing more is done
        self.sent = 0
        self._due: list[tuple[float, int, dict[str, Any], str, int | None]] = []
        self._count, self._wake, self._closed = itertools.count(), threading.Condition(), False
        self._thread: threading.Thread | None = None

    def report(self, message: dict[str, Any]) -> None:
        """Plans the statuses of a message that was just taken."""
        for seconds, status, code in self.steps:
            with self._wake:
                heapq.heappush(self._due, (time.monotonic() + seconds, next(self._count), message, status, code))
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, daemon=True)
                    self._thread.start()
                self._wake.notify()

    def status(self, message: dict[str, Any], status: str, code: int | None = None) -> int | None:
        """Tells one status now; None where nobody asked to be told."""
        message["status"], message["error_code"] = status, code
        address = self.state.callbacks.get(message["sid"])
        if address is None:
            return None
        fields = {
            "AccountSid": ACCOUNT, "MessageSid": message["sid"], "SmsSid": message["sid"], "MessageStatus": status, "SmsStatus": status, "To": message["to"],
            "From": message["from"] or "", "ApiVersion": "2010-04-01",
        }
        return self.send(address, fields | ({"ErrorCode": str(code)} if code else {}))

    def inbound(self, message: dict[str, Any]) -> int | None:
        """Calls the webhook of the number that a member wrote to, then its fallback; None where the console holds no address."""
        held = self.state.numbers.get(message["to"], {})
        service = next((one["service"] for one in self.state.services.values() if message["to"] in {n["phone_number"] for n in one["numbers"]}), None)
        if service and not service["use_inbound_webhook_on_number"]:
            addresses = [service["inbound_request_url"], service["fallback_url"]]
        else:
            addresses = [held.get("sms_url"), held.get("sms_fallback_url")]
        fields = {
            "AccountSid": ACCOUNT, "MessageSid": message["sid"], "SmsSid": message["sid"], "SmsMessageSid": message["sid"], "NumMedia": "0", "NumSegments": "1",
            "From": message["from"], "To": message["to"], "Body": message["body"], "SmsStatus": "received", "ApiVersion": "2010-04-01",
        } | ({"MessagingServiceSid": service["sid"]} if service else {})
        answer = None
        for address in filter(None, addresses):
            answer = self.send(address, fields)
            if answer is not None and answer < 400:
                break
        return answer

    def send(self, address: str, fields: Fields) -> int:
        """Signs and delivers; what fails is noted."""
        signature = RequestValidator(TOKEN).compute_signature(address.partition("#")[0], fields)
        try:
            status = self.deliver(address.partition("#")[0], fields, {"X-Twilio-Signature": signature})
        except requests.RequestException:
            status = 502
        if status >= 400:
            self.alerts.append((address, status))
        self.sent += 1
        return status

    def post(self, address: str, fields: Fields, headers: Fields) -> int:
        """A real call, with Twilio's own limit of fifteen seconds."""
        return self.session.post(address, fields, headers=headers, timeout=15).status_code

    def close(self) -> None:
        """What is still due is not told any more."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._closed and (not self._due or self._due[0][0] > time.monotonic()):
                    self._wake.wait(None if not self._due else max(self._due[0][0] - time.monotonic(), 0))
                if self._closed:
                    return
                _at, _n, message, status, code = heapq.heappop(self._due)
            self.status(message, status, code)
