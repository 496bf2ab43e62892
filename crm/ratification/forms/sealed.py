"""Forms of sealed votes."""

from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form, options
from crm.platforms.models import Edition
from crm.ratification.forms import METHODS, NO_EDITION
from crm.ratification.models.sealed import SealedVote
from crm.ratification.rules.contests import is_known_budget
from crm.ratification.rules.reports import said
from crm.ratification.rules.sealed.states import Hours

TIMES = ("passes_at", "passes_end_at", "opens_at", "closes_at")


class SealedForm(Form):
    """What is put to the members, when passes are given and ballots cast, by what rule, and who holds the shares."""

    edition_id = SelectField(_l("Edition"), coerce=int)
    title_en = StringField(_l("Title in English"), [InputRequired(), Length(max=200)])
    title_es = StringField(_l("Title in Spanish"), [Optional(), Length(max=200)])
    passes_at = DateTimeLocalField(_l("Passes are given out from"), [InputRequired()])
    passes_end_at = DateTimeLocalField(_l("until"), [InputRequired()])
    opens_at = DateTimeLocalField(_l("Voting opens"), [InputRequired()])
    closes_at = DateTimeLocalField(_l("Voting closes"), [InputRequired()])
    members_method = SelectField(_l("Members choose by"), choices=options(pair for pair in METHODS if not is_known_budget(pair[0])), default="yes_no_abstain")
    members_options_en = TextAreaField(_l("Options in English, one a line"), [Length(max=8000)])
    members_options_es = TextAreaField(_l("Options in Spanish, in the same order"), [Length(max=8000)])
    members_seats = IntegerField(_l("How many are chosen"), [Optional()], default=1)
    members_most = IntegerField(_l("Most points for one option, dots of one voter, or approvals on one ballot"), [Optional()])
    members_quorum = StringField(_l("Quorum, as a share of the roll"), default="1/2")
    members_threshold = StringField(_l("Share of yes that is needed"), default="2/3")
    election_key = StringField(_l("Election key"), [InputRequired()])
    trustees = TextAreaField(_l("The five trustees, one a line"), [InputRequired(), Length(max=2000)])

    def offer(self, editions: list[Edition], language: str) -> "SealedForm":
        """Fills the list of editions."""
        named = [(e.id, f"{said(e.content['platform']['titles'], language)} ({e.number})") for e in editions]
        self.edition_id.choices = options([*named, (NO_EDITION, gettext("No edition: options are written below"))])
        return self

    def facts(self, zone: str) -> dict[str, Any]:
        """The arguments of the action; hours are read on the organization's clock."""
        title = {"en": self.title_en.data or ""} | ({"es": self.title_es.data} if self.title_es.data else {})
        return {
            "hours": Hours(*(_instant(self[name].data, zone) for name in TIMES)), "title": title, "edition_id": self.edition_id.data or None,
            "method": self.members_method.data, "contest": self._contest(), "quorum": self.members_quorum.data, "threshold": self.members_threshold.data,
            "election_key": (self.election_key.data or "").strip().lower(), "trustees": _lines(self.trustees.data),
        }

    def _contest(self) -> dict[str, Any] | None:
        if self.members_method.data == "yes_no_abstain":
            return None
        pairs = zip_longest(_lines(self.members_options_en.data), _lines(self.members_options_es.data))
        written = [{tag: words for tag, words in (("en", en), ("es", es)) if words} for en, es in pairs]
        return {"options": written, "seats": 1 if self.members_seats.data is None else self.members_seats.data, "most": self.members_most.data}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _instant(wall: datetime | None, zone: str) -> datetime:
    assert wall is not None
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def fresh_values(start: datetime, step: timedelta, zone: str) -> dict[str, Any]:
    """What a new sealed vote begins with: three days of passes, a day between, three days of voting."""
    ends = (start, start + step, start + step + timedelta(days=1), start + 2 * step + timedelta(days=1))
    return {name: _wall(at, zone) for name, at in zip(TIMES, ends, strict=True)}


def saved_values(row: SealedVote, zone: str) -> dict[str, Any]:
    """What a draft's form shows."""
    values = {name: _wall(getattr(row, name), zone) for name in TIMES} | {
        "edition_id": row.edition_id or NO_EDITION, "title_en": row.title.get("en", ""), "title_es": row.title.get("es", ""),
        "members_method": row.method, "members_quorum": row.quorum, "members_threshold": row.threshold,
        "election_key": row.election_key, "trustees": "\n".join(row.trustees),
    }
    if row.contest:
        lines = {f"members_options_{tag}": "\n".join(words.get(tag, "") for words in row.contest["options"]).strip() for tag in ("en", "es")}
        values |= lines | {"members_seats": row.contest["seats"], "members_most": row.contest["most"]}
    return values


class OpeningForm(Form):
    """The shares of three trustees."""

    shares = TextAreaField(_l("Three shares, one a line, or the rebuilt key"), [Length(max=4000)])
