"""A test client that looks at every page it is given, as a careful reader would."""

import hashlib
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.labels: set[str] = set()
        self.depth_label = 0
        self.fields: list[tuple[dict[str, str | None], bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        self.tags.append((tag, a))
        if a.get("id"):
            self.ids.append(a["id"] or "")
        if tag == "label":
            self.depth_label += 1
            if a.get("for"):
                self.labels.add(a["for"] or "")
        if tag in ("input", "select", "textarea") and a.get("type") not in ("hidden", "submit", "button"):
            self.fields.append((a, self.depth_label > 0))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.depth_label = max(0, self.depth_label - 1)


def complaints(html: str, whole: bool = True) -> list[str]:
    """What is wrong with a page: no language or title, doubled ids, unlabelled fields, inline scripts, template leftovers."""
    reader, wrong = _Reader(), []
    reader.feed(html)
    tags = reader.tags
    if whole:
        if not any(t == "html" and a.get("lang") for t, a in tags):
            wrong.append("no language")
        if not re.search(r"<title>\s*\S", html):
            wrong.append("no title")
        if sum(t == "h1" for t, _ in tags) != 1:
            wrong.append(f"{sum(t == 'h1' for t, _ in tags)} headings of the first rank")
    doubled = {i for i in reader.ids if reader.ids.count(i) > 1 and i not in ("csrf_token", "once")}
    if doubled:
        wrong.append(f"doubled ids {sorted(doubled)}")
    for a, inside in reader.fields:
        if not (inside or a.get("aria-label") or a.get("aria-labelledby") or a.get("id") in reader.labels):
            wrong.append(f"a field without a label: {a}")
    wrong += [f"inline <{t}>" for t, a in tags if t == "style" or (t == "script" and not a.get("src") and a.get("type") != "application/json")]
    wrong += [f"an {name} handler" for _, a in tags for name in a if name.startswith("on") and name not in ("once",)]
    wrong += [f"a picture without words: {a}" for t, a in tags if t == "img" and "alt" not in a]
    if "{{" in html or "{%" in html or "%(" in html:
        wrong.append("template leftovers")
    return wrong


class CheckedClient(FlaskClient):
    """Adds the CSRF token to every POST (unless told not to) and complains of careless pages, unless only the answer counts."""

    looks = True

    def token(self) -> str:
        with self.session_transaction() as cookie:
            secret = cookie.setdefault("csrf_token", hashlib.sha256(str(id(self)).encode()).hexdigest())
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(secret)  # type: ignore[arg-type]

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        if csrf and kwargs.get("method") == "POST" and "json" not in kwargs and not isinstance(kwargs.get("data"), (bytes, str)):
            kwargs["data"] = {"csrf_token": self.token(), **(kwargs.get("data") or {})}
        answer = super().open(*args, **kwargs)
        if self.looks and answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
            whole = "<html" in answer.text
            wrong = complaints(answer.text, whole)
            assert not wrong, f"{args[0] if args else ''}: {wrong}"
        if answer.status_code < 500:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        return answer

    def sign_in(self, email: str, password: str) -> TestResponse:
        answer = self.post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 303, answer.text[:2000]
        return answer


def place_of(browser: CheckedClient, answer: TestResponse) -> str:
    """The place on the page to which an answer leads back, which is there: whoever pressed a button on a long page sees what came of it."""
    assert answer.status_code == 303, answer.text
    _page, _mark, place = answer.location.partition("#")
    assert place and f' id="{place}"' in browser.get(answer.location).text, answer.location
    return place


def form_of(html: str, contains: str = "") -> dict[str, str]:
    """The fields of the first form of a page that holds `contains`, with what stands in them: to post it back as a browser would."""
    for found in re.finditer(r"<form\b.*?</form>", html, re.S):
        if contains in found.group(0):
            return _values(found.group(0))
    raise AssertionError(f"no form with {contains!r}")


def _values(form: str) -> dict[str, str]:
    values: dict[str, str] = {}
    reader = _Reader()
    reader.feed(form)
    for tag, a in reader.tags:
        if tag == "input" and a.get("name") and (a.get("type") not in ("checkbox", "radio", "submit") or "checked" in a):
            values[a["name"] or ""] = a.get("value") or ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        values[name] = body.strip("\r\n")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', body) or re.search(r'<option[^>]*value="([^"]*)"', body)
        values[name] = chosen.group(1) if chosen else ""
    return values
