"""The web's edge: forms, the one way to submit, keyset pages, error pages, headers, what the layout needs."""

import base64
import hashlib
import json
import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from sqlalchemy import Index, String, delete, select, tuple_
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, ValidationError
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput, Input, Select, TextArea

from crm.infra import look
from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import Directory, session, transaction
from crm.infra.runtime import settings
from crm.kernel.refusal import N_, Conflict, Missing, Reason, Refused

log = logging.getLogger("plenary.web")
NAV_COUNTS: dict[str, Callable[[Actor], int]] = {}
"""Navigation entry → how many things need a person; filled in create_app."""


class Submission(Directory):
    """A form that was already carried out, by its `once` key: the second press finds where the first one led."""

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_at", "at"),)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class Form(FlaskForm):
    """A form with a CSRF token, an idempotency key and a list of the reasons for which an action refused."""

    class Meta(FlaskForm.Meta):
        """A field with a problem says so to a screen reader, whichever page draws it."""

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            if field.errors and isinstance(field.widget, (Input, Select, TextArea)) and not isinstance(field.widget, HiddenInput):
                render_kw.setdefault("aria-invalid", "true")
            return super().render_field(field, render_kw)

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.refusals: list[Reason] = []

    def values(self) -> dict[str, Any]:
        """What was typed, without the technical fields."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "once", "submit")}

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """Keeps the reasons for which a rule or an action refused, each also at the field that it is about."""
        for reason in reasons:
            self.refusals.append(reason)
            if reason.field and (about := self._fields.get(reason.field)) is not None:
                about.errors = [*about.errors, reason]

    @property
    def problems(self) -> list[tuple[str | None, str, bool]]:
        """All problems as (field name or None, words, whether they need the field's label before them): the fields' own
        first, then the reasons of a refusing rule, which are whole sentences."""
        own = [(name, str(words), True) for name, errors in self.errors.items() for words in _flat(errors) if not isinstance(words, Reason)]
        return own + [(reason.field, look.say(reason), False) for reason in self.refusals]


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, words) as what a list, radio buttons or boxes offer."""
    return [SelectChoice(value, words) for value, words in pairs]


def _flat(errors: Any) -> Iterable[Any]:
    for item in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(item, (list, tuple, dict)):
            yield from _flat(item)
        else:
            yield item


def end_submissions(at: datetime, most: int) -> int:
    """Forms that were carried out a month ago are forgotten: nobody presses them again."""
    old = session().scalars(select(Submission.key).where(Submission.at < at - timedelta(days=30)).limit(most)).all()
    return session().execute(delete(Submission).where(Submission.key.in_(old))).rowcount  # type: ignore[attr-defined]


def submit(form: Form, act: Callable[[], Any], then: Callable[[Any], str], page: Callable[[], Any]) -> Any:
    """Validates, runs `act` in one transaction and redirects (303) to `then(result)`.

    On problems the page comes back with 422 and everything typed; the same `once` key twice leads where the first led.
    """
    if not form.validate_on_submit():
        return page(), 422
    key = _submission_key(form)
    done = session().get(Submission, key)
    if done is not None:
        return redirect(done.location, 303)
    try:
        with transaction() as s:
            if (done := s.get(Submission, key)) is not None:
                return redirect(done.location, 303)
            location = then(act())
            s.add(Submission(key=key, location=location, at=now()))
    except Refused as refused:
        form.refuse(refused.reasons)
        return page(), 422
    except IntegrityError:
        done = session().get(Submission, key)
        if done is None:
            raise
        location = done.location
    return redirect(location, 303)


def _submission_key(form: Form) -> str:
    who = g.actor.account_id if getattr(g, "actor", None) else 0
    once = form.once.data or secrets.token_urlsafe(16)
    return hashlib.sha256(f"{who}:{request.path}:{once}".encode()).hexdigest()


@dataclass(frozen=True)
class Page:
    """Some rows, and the opaque mark after which the next page begins (None on the last)."""

    rows: Sequence[Any]
    next: str | None


def keyset(query: Any, order: Sequence[Any], after: str | None, size: int = 50) -> Page:
    """One page of an ORM select: rows after the mark in the order of `order` (columns, all ascending or all .desc()).

    `order` names columns of the selected entity and ends with a unique one. One query, no OFFSET.
    """
    down = getattr(order[0], "modifier", None) is not None
    columns = [getattr(column, "element", column) if down else column for column in order]
    if after and (values := _read_mark(after, len(columns))) is not None and all(map(_fits, values, columns)):
        mark, here = tuple_(*values), tuple_(*columns)
        query = query.where(here < mark if down else here > mark)
    result = session().execute(query.order_by(*order).limit(size + 1))
    rows = result.scalars().all() if len(result.keys()) == 1 else result.all()
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, _mark(rows[-1], columns) if more else None)


def _mark(row: Any, columns: Sequence[Any]) -> str:
    def value(name: str) -> Any:
        holder = row if hasattr(row, name) else row[0]
        found = getattr(holder, name)
        if isinstance(found, datetime):
            return {"t": found.isoformat()}
        return {"d": found.isoformat()} if isinstance(found, date) else found

    return base64.urlsafe_b64encode(json.dumps([value(column.key) for column in columns]).encode()).decode().rstrip("=")


def _read_mark(after: str, length: int) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        plain = [_read_value(v) for v in values]
    except (ValueError, KeyError, TypeError):
        return None
    return plain if len(plain) == length else None


def _read_value(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["d"]) if "d" in value else datetime.fromisoformat(value["t"])
    return value


def _fits(value: Any, column: Any) -> bool:
    """Whether a mark's value may be compared with the column; a mark that somebody made up is ignored, not an error."""
    kind = column.type.python_type
    return value is None or isinstance(value, kind) or kind is float and isinstance(value, int)


class IdConverter(IntegerConverter):
    """Numbers in addresses: what no id can be (beyond 63 bits) is not found."""

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > 2**63 - 1:
            raise ValidationError()
        return number


def refuse_nonsense() -> Any:
    """Before every request: the character NUL is in no word that a person types, and PostgreSQL takes it nowhere."""
    typed = (request.args,) if request.method == "GET" else (request.args, request.form)
    if "\x00" in request.path or any("\x00" in value for each in typed for value in each.values()):
        return render_template("errors/422.html", reasons=[Reason(N_("There is a character in it that cannot be stored. Type it again."))]), 400
    return None


def is_htmx() -> bool:
    """Whether htmx asks for a part of the page."""
    return "HX-Request" in request.headers


def fragment(whole: str, part: str, **context: Any) -> str:
    """The part for htmx, the whole page for everyone else."""
    return render_template(part if is_htmx() else whole, **context)


# --- what every answer carries ----------------------------------------------------------------------------------------

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)


def framed_by(response: Response, hosts: Iterable[str]) -> Response:
    """An answer that pages of these hosts and their subdomains may show inside their own, over HTTPS; every other answer is shown in no frame."""
    allowed = " ".join(f"https://{host} https://*.{host}" for host in hosts)
    response.headers["Content-Security-Policy"] = _POLICY + (allowed or "'none'")
    return response


def add_headers(response: Response) -> Response:
    """Security headers on every answer; pages with people in them are kept by no cache."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY + "'none'")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer" if request.view_args and "token" in request.view_args else "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings().is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if not (request.endpoint or "").endswith(("static", "htmx_js")):
        headers.setdefault("Cache-Control", "no-store")
    return response


def layout_context() -> dict[str, Any]:
    """What the layout shows: who acts for which organization, what needs a person, the language."""
    current = getattr(g, "actor", None)
    counts = {name: count(current) for name, count in NAV_COUNTS.items()} if current and not is_htmx() else {}
    is_demo = settings().is_demo
    return {"current": current, "nav_counts": counts, "demo": is_demo, "demo_now": now() if is_demo else None, "locale": str(get_locale() or "en")}


def register_errors(app: Flask) -> None:
    """Error pages in our words; nothing of the failure itself is shown or logged with members' words."""
    app.register_error_handler(Missing, lambda _error: (render_template("errors/404.html"), 404))
    app.register_error_handler(Refused, lambda error: (render_template("errors/422.html", reasons=error.reasons), 422))
    app.register_error_handler(Conflict, lambda error: (render_template("errors/409.html", conflict=error), 409))
    app.register_error_handler(OperationalError, _database_away)
    for error in (OverflowError, DataError):
        app.register_error_handler(error, _beyond_the_columns)
    app.log_exception = _log_failure  # type: ignore[method-assign]
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, lambda _error: (render_template("errors/500.html"), 500))


def _log_failure(exc_info: Any) -> None:
    """Where it failed and what kind of failure, never its message or the address: they hold what was typed, and tokens."""
    kind, _error, trace = exc_info
    log.error("%s in %s\n%s", kind.__name__, request.endpoint, "".join(traceback.format_tb(trace)))


def _beyond_the_columns(_error: Exception) -> Any:
    session().rollback()
    return render_template("errors/422.html", reasons=[Reason(N_("A number or a text in it is longer than can be kept. Shorten it."))]), 422


def _database_away(error: OperationalError) -> Any:
    session().rollback()
    return render_template("errors/503.html"), 503, {"Retry-After": "5"}


def _http_error(error: HTTPException) -> Any:
    known = {401: 403, 403: 403, 404: 404, 405: 404, 409: 409, 413: 413, 422: 422, 429: 429, 503: 503}
    if error.code is None or error.code < 400:
        return error
    page = known.get(error.code)
    if page is None:
        return error
    name = {413: "422"}.get(page, str(page))
    reasons = [Reason(_TOO_LARGE)] if page == 413 else []
    return render_template(f"errors/{name}.html", reasons=reasons), error.code


_TOO_LARGE = N_("This file is too large. The largest that we take is 60 MB.")
