"""A stand-in for Twilio's messages API on the loopback: its rules, its state, and the ways networks fail."""

import base64
import json
import re
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "0" * 32, "12345678901234567890123456789012"
KNOWN = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod"}


class Network:
    """What the stand-in holds: messages, calls, and `fails(call number, fields)`, which may answer for it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, str]] = []
        self.fails: Callable[[int, dict[str, str]], Any] = lambda n, fields: None
        self.now = lambda: datetime.now().astimezone()
        self.release = threading.Event()
        self.lock = threading.Lock()
        network = self

        class Handler(_Handler):
            held = network

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def write(self, body: str, phone: str, number: str) -> None:
        """A member's text reaches the provider."""
        self.take({"To": number, "Body": body, "From": phone})["direction"] = "inbound"

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        """Accepts a message and keeps it, newest first as Twilio lists them."""
        with self.lock:
            stamp = format_datetime(self.now())
            message = {
                "sid": f"SM{len(self.messages):032x}",
                "status": "accepted",
                "to": fields["To"],
                "body": fields["Body"],
                "from": fields.get("From"),
                "direction": "outbound-api",
                "date_created": stamp,
                "date_sent": None,
                "date_updated": stamp,
                "account_sid": ACCOUNT,
                "num_segments": "0",
                "num_media": "0",
                "error_code": None,
            }
            self.messages.insert(0, message)
            return message


class _Handler(BaseHTTPRequestHandler):
    held: Network
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        pass

    def answer(self, status: int, what: dict[str, Any]) -> None:
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def error(self, status: int, code: int) -> None:
        self.answer(status, {"code": code, "message": "no", "more_info": "", "status": status})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
        with self.held.lock:
            self.held.calls.append(fields)
            number = len(self.held.calls)
        wrong = self.wrong(fields)
        fails = self.held.fails(number, fields)
        if wrong:
            self.error(*wrong)
        elif fails is None:
            self.answer(201, self.held.take(fields))
        elif fails == "hang":
            self.held.release.wait(10)
            self.close_connection = True
        elif fails == "drop":
            self.held.take(fields)
            self.close_connection = True
        else:
            self.error(*fails)

    def wrong(self, fields: dict[str, str]) -> tuple[int, int] | None:
        """Twilio's own rules, as far as sending meets them."""
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {given}":
            return 401, 20003
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" or set(fields) - KNOWN:
            return 404, 20404
        if not re.fullmatch(r"\+1[2-9]\d{9}", fields.get("To", "")):
            return 400, 21211
        if not (fields.get("From") or fields.get("MessagingServiceSid")):
            return 400, 21603
        if not 0 < len(fields.get("Body", "")) <= 1600:
            return 400, 21617
        if not 1 <= int(fields.get("ValidityPeriod", 0)) <= 36_000:
            return 400, 21621
        return None

    def do_GET(self) -> None:
        if self.held.fails(0, {}) is not None:
            self.error(503, 20503)
            return
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = [m for m in self.held.messages if m["to"] == asked.get("To")]
        size, page = int(asked.get("PageSize", 50)), int(asked.get("Page", 0))
        more = (page + 1) * size < len(found)
        self.answer(
            200,
            {
                "messages": found[page * size : (page + 1) * size],
                "page": page,
                "page_size": size,
                "next_page_uri": f"{parts.path}?To={asked['To'].replace('+', '%2B')}&PageSize={size}&Page={page + 1}" if more else None,
            },
        )
