"""The HTTP server: every request is held to the contract and to Twilio's own rules, then answered, failed, delayed or dropped by plan."""

import base64
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from crm.bench.standin import contract
from crm.bench.standin.hooks import Hooks
from crm.bench.standin.state import ACCOUNT, TOKEN, Fields, State

AUTHORIZATION = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
WORDS = {
    20001: "Unknown parameters", 20003: "Authenticate", 20404: "The requested resource was not found", 20429: "Too Many Requests",
    20500: "Internal Server Error", 20503: "Service Unavailable",
    21211: "Invalid 'To' Phone Number", 21602: "Message body is required", 21603: "A 'From' phone number is required",
    21604: "A 'To' phone number is required", 21606: "The From phone number is not a valid, message-capable number for this account",
    21610: "Attempt to send to unsubscribed recipient", 21617: "The concatenated message body exceeds the 1600 character limit",
    21624: "Invalid validity period value", 21701: "The Messaging Service does not exist",
}


class StandIn(State):
    """Twilio on the loopback: `calls` that came, `fails(n, fields)` that may answer for it, `delay` before each answer, webhooks out."""

    def __init__(self, now: Callable[[], datetime] | None = None, port: int = 0):
        super().__init__(now or (lambda: datetime.now().astimezone()))
        self.calls: list[Fields] = []
        self.fails: Callable[[int, Fields], Any] = lambda n, fields: None
        self.delay = 0.0
        self.breaches: list[str] = []  # where an answer of ours broke the contract
        self.checks_answers = True
        self.release = threading.Event()
        self.hooks = Hooks(self)
        standin = self

        class Handler(_Handler):
            held = standin

        self.server = _Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        """Stops; calls that hang are let go."""
        self.release.set()
        self.hooks.close()
        self.server.shutdown()
        self.server.server_close()

    def write(self, body: str, phone: str, number: str) -> dict[str, Any]:
        """A member's text reaches Twilio, which notes its keywords and calls the webhook that the console holds for the number, if any."""
        message = self.take({"To": number, "Body": body, "From": phone}, "inbound")
        self.note_keyword(phone, body)
        self.hooks.inbound(message)
        return message


class _Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 128


class _Handler(BaseHTTPRequestHandler):
    held: StandIn
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_args: Any) -> None:
        pass

    def answer(self, status: int, what: Any, operation: dict[str, Any] | None = None) -> None:
        if operation and self.held.checks_answers:
            self.held.breaches += contract.wrong_answer(operation["answers"][str(status)], what)
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status: int, code: int, detail: str = "") -> None:
        words = f"{WORDS.get(code, 'Error')}{': ' if detail else ''}{detail}"
        self.answer(status, {"code": code, "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fields = dict(parse_qsl(raw, keep_blank_values=True))
        with self.held.lock:
            self.held.calls.append(fields)
            number = len(self.held.calls)
        operation = self.known("POST", fields)
        if operation is None:
            return
        refused = self.held.refuses(fields)
        outcome = refused or self.held.fails(number, fields)
        if self.held.delay:
            time.sleep(self.held.delay)
        if outcome == "hang":
            self.held.release.wait(120)
            self.close_connection = True
        elif outcome == "drop":
            self.held.hooks.report(self.held.take(fields))
            self.close_connection = True
        elif outcome:
            self.refuse(*outcome)
        else:
            message = self.held.take(fields)
            self.answer(201, dict(message), operation)
            self.held.hooks.report(message)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        operation = self.known("GET", asked)
        if operation is None:
            return
        if self.held.fails(0, {}) is not None:
            self.refuse(503, 20503)
        elif "messages" in operation["answers"]["200"].get("properties", {}):
            self.answer(200, _page("messages", self.held.listed(asked), parts.path, asked), operation)
        else:
            self.one_or_list(parts.path, asked, operation)

    def known(self, method: str, given: Fields) -> dict[str, Any] | None:
        """The operation, once the request is ours and keeps to the contract; otherwise it is answered here."""
        if self.headers.get("Authorization") != AUTHORIZATION:
            self.refuse(401, 20003)
            return None
        found = contract.operation_for(method, urlsplit(self.path).path)
        if found is None or contract.wrong_request(found[0], "path", found[1]) or found[1].get("AccountSid", ACCOUNT) != ACCOUNT:
            self.refuse(404, 20404)
            return None
        kind = self.headers.get("Content-Type", "") if method == "POST" else ""
        wrong = contract.wrong_request(found[0], "form" if method == "POST" else "query", given)
        own = {"To", "From", "ValidityPeriod"}  # Twilio has codes of its own for what is wrong in these
        wrong = [said for said in wrong if said.split(":")[0] not in own or "unknown" in said]
        if wrong or (method == "POST" and not kind.startswith("application/x-www-form-urlencoded")):
            self.refuse(400, 20001, "; ".join(wrong) or kind)
            return None
        return found[0]

    def one_or_list(self, path: str, asked: Fields, operation: dict[str, Any]) -> None:
        """Fetches of one message or service, and the lists that the console holds."""
        held, parts = self.held, path.removesuffix(".json").split("/")
        service = held.services.get(parts[3]) if parts[1] == "v1" else None
        if parts[-1] == "IncomingPhoneNumbers":
            found = [one for number, one in held.numbers.items() if asked.get("PhoneNumber") in (None, number)]
            self.answer(200, _page("incoming_phone_numbers", found, path, asked), operation)
        elif parts[-2] == "Messages" and parts[-1] in held.by_sid:
            self.answer(200, dict(held.by_sid[parts[-1]]), operation)
        elif service and len(parts) == 4:
            self.answer(200, service["service"], operation)
        elif service and parts[-1] in ("PhoneNumbers", "Usa2p"):
            key, rows = ("phone_numbers", service["numbers"]) if parts[-1] == "PhoneNumbers" else ("compliance", service["campaigns"])
            meta = {"page": 0, "page_size": 50, "first_page_url": held.url + path, "previous_page_url": None, "next_page_url": None,
                    "url": held.url + path, "key": key}
            self.answer(200, {key: rows, "meta": meta}, operation)
        else:
            self.refuse(404, 20404)


def _page(key: str, found: list[dict[str, Any]], path: str, asked: Fields) -> dict[str, Any]:
    size, page = int(asked.get("PageSize", 50)), int(asked.get("Page", 0))

    def uri(number: int) -> str:
        kept = "".join(f"&{name}={quote(value)}" for name, value in asked.items() if name not in ("Page", "PageSize", "PageToken"))
        return f"{path}?PageSize={size}&Page={number}{kept}"

    more = (page + 1) * size < len(found)
    return {
        key: [dict(one) for one in found[page * size : (page + 1) * size]], "page": page, "page_size": size, "start": page * size,
        "end": max(min((page + 1) * size, len(found)) - 1, 0), "uri": uri(page), "first_page_uri": uri(0), "next_page_uri": uri(page + 1) if more else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }
