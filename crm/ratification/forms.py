"""Forms of ratification."""

from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.assemblies.models import Assembly
from crm.assemblies.rules import in_language
from crm.infra.web import Form, options
from crm.platforms.models import Edition
from crm.ratification.actions import DEFAULTS
from crm.ratification.models import Electorate, Ratification
from crm.ratification.rules.states import PEOPLE

STRICTNESS = (("at_least", _l("at least that share")), ("more_than", _l("more than that share")))
BASIS = (
    ("yes_and_no", _l("of yes and no votes")),
    ("cast", _l("of all ballots, abstentions included")),
    ("roll", _l("of the whole roll")),
)
METHODS = (
    ("yes_no_abstain", _l("yes, no or abstain on each plank of the edition")),
    ("irv", _l("ranked choice: one of the options (instant runoff)")),
    ("stv-scottish", _l("ranked choice: several seats (single transferable vote, Scottish rules)")),
    ("stv-meek", _l("ranked choice: several seats (single transferable vote, Meek's rule)")),
    ("borda-modified", _l("ranked choice: points by rank (modified Borda count)")),
    ("approval", _l("approval: as many of the options as one likes")),
    ("score", _l("score: points for each option")),
    ("dots", _l("dots: so many for each voter, placed as one likes")),
)
NO_EDITION = 0


class RatificationForm(Form):
    """What is put to the vote, when, to whom, by what rule."""

    edition_id = SelectField(_l("Edition"), coerce=int)
    title_en = StringField(_l("Title in English"), [InputRequired(), Length(max=200)])
    title_es = StringField(_l("Title in Spanish"), [Optional(), Length(max=200)])
    opens_at = DateTimeLocalField(_l("Opens"), [InputRequired()])
    closes_at = DateTimeLocalField(_l("Closes"), [InputRequired()])
    members = BooleanField(_l("Members or delegates vote, in secret, one ballot each"))
    members_roll = SelectField(_l("Who is on the roll"), coerce=int, default=0)
    members_open = BooleanField(_l("Members vote openly instead: each vote is kept beside the member's seat"))
    members_may_change = BooleanField(_l("In an open vote, a member may change the vote until the close"))
    members_method = SelectField(_l("Members choose by"), choices=options(METHODS), default="yes_no_abstain")
    members_options_en = TextAreaField(_l("Options in English, one a line"), [Length(max=8000)])
    members_options_es = TextAreaField(_l("Options in Spanish, in the same order"), [Length(max=8000)])
    members_seats = IntegerField(_l("How many are chosen"), [Optional()], default=1)
    members_most = IntegerField(_l("Most points for one option, dots of one voter, or approvals on one ballot"), [Optional()])
    members_quorum = StringField(_l("Quorum, as a share of the roll"))
    members_threshold = StringField(_l("Share of yes that is needed"))
    members_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    members_basis = SelectField(_l("The share is"), choices=options(BASIS))
    organizations = BooleanField(_l("Organizations vote by roll call, in public, with a reason"))
    organizations_quorum = StringField(_l("Quorum, as a share of the organizations"))
    organizations_threshold = StringField(_l("Share of yes that is needed"))
    organizations_strictness = SelectField(_l("The share is met by"), choices=options(STRICTNESS))
    organizations_basis = SelectField(_l("The share is"), choices=options(BASIS))
    organizations_may_change = BooleanField(_l("An organization may change its vote until the close"))

    def offer(self, editions: list[Edition], assemblies: list[Assembly], language: str) -> "RatificationForm":
        """Fills the lists of editions and of rolls."""
        delegates = [(a.id, gettext("Seated delegates of %(name)s", name=in_language(a.title, language))) for a in assemblies]
        self.members_roll.choices = options([(0, gettext("All members of the organizations")), *delegates])
        self.edition_id.choices = [*((e.id, _edition_name(e, language)) for e in editions), (NO_EDITION, gettext("No edition: options are written below"))]
        return self

    def facts(self, zone: str) -> dict[str, Any]:
        """The arguments of the action; hours are read on the organization's clock."""
        title = {"en": self.title_en.data or ""}
        if self.title_es.data:
            title["es"] = self.title_es.data
        return {
            "edition_id": self.edition_id.data,
            "title": title,
            "opens_at": _instant(self.opens_at.data, zone),
            "closes_at": _instant(self.closes_at.data, zone),
            "electorates": {self._kind(kind): self._rule(kind) for kind in DEFAULTS if self[kind].data},
        }

    def _kind(self, part: str) -> str:
        return "delegates" if part == "members" and self.members_roll.data else part

    def _rule(self, kind: str) -> dict[str, Any]:
        rule = {name: self[f"{kind}_{name}"].data for name in ("quorum", "threshold", "strictness", "basis")}
        if kind == "organizations":
            return rule | {"may_change": bool(self.organizations_may_change.data)}
        is_open = bool(self.members_open.data)
        rule |= {"is_secret": not is_open, "may_change": is_open and bool(self.members_may_change.data)}
        return rule | {"method": self.members_method.data, "contest": self._contest(), "assembly_id": self.members_roll.data or None}

    def _contest(self) -> dict[str, Any] | None:
        """What stands, where members choose between options."""
        if self.members_method.data == "yes_no_abstain":
            return None
        lines = {tag: [line.strip() for line in (self[f"members_options_{tag}"].data or "").splitlines() if line.strip()] for tag in ("en", "es")}
        pairs = zip_longest(lines["en"], lines["es"])
        written = [{tag: words for tag, words in (("en", en), ("es", es)) if words} for en, es in pairs]
        seats = self.members_seats.data
        return {"options": written, "seats": 1 if seats is None else seats, "most": self.members_most.data}


def _edition_name(edition: Edition, language: str) -> str:
    titles = edition.content["platform"]["titles"]
    return f"{titles.get(language) or next(iter(titles.values()), '')} ({edition.number})"


def _instant(wall: datetime | None, zone: str) -> datetime:
    assert wall is not None
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def fresh_values(edition: Edition | None, opens_at: datetime, closes_at: datetime, zone: str) -> dict[str, Any]:
    """What a new vote begins with: the defaults of a policy platform."""
    titles = edition.content["platform"]["titles"] if edition else {}
    values: dict[str, Any] = {
        "edition_id": edition.id if edition else NO_EDITION,
        "title_en": titles.get("en", ""),
        "title_es": titles.get("es", ""),
        "opens_at": _wall(opens_at, zone),
        "closes_at": _wall(closes_at, zone),
    }
    for kind, rule in DEFAULTS.items():
        values |= {kind: True} | {
            f"{kind}_{name}": rule[name] for name in ("quorum", "threshold", "strictness", "basis", "may_change")
        }
    return values


def tabled_values(titles: list[dict[str, str]]) -> dict[str, Any]:
    """What the form says first of a vote between proposals of tables: members approve as many as they like."""
    lines = {tag: "\n".join(each.get(tag) or next(iter(each.values())) for each in titles) for tag in ("en", "es")}
    return {"edition_id": NO_EDITION, "members": True, "members_method": "approval", "members_options_en": lines["en"], "members_options_es": lines["es"]}


def planned_values(title: dict[str, str], planned: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What an assembly decided on, over what a new vote begins with; an electorate without a rule of the assembly's is not asked."""
    values: dict[str, Any] = {f"title_{tag}": words for tag, words in title.items() if tag in ("en", "es")}
    for kind in DEFAULTS if planned else ():
        values |= {kind: kind in planned} | {f"{kind}_{name}": value for name, value in planned.get(kind, {}).items()}
    return values


def saved_values(row: Ratification, electorates: list[Electorate], zone: str) -> dict[str, Any]:
    """What a draft's form shows."""
    values: dict[str, Any] = fresh_values(None, row.opens_at, row.closes_at, zone) | {
        "edition_id": row.edition_id or NO_EDITION,
        "title_en": row.title.get("en", ""),
        "title_es": row.title.get("es", ""),
        "members": False,
        "organizations": False,
    }
    for e in electorates:
        part = "members" if e.kind in PEOPLE else e.kind
        values |= {part: True} | {
            f"{part}_{name}": getattr(e, name)
            for name in ("quorum", "threshold", "strictness", "basis", "may_change")
        }
        if part == "members":
            values |= {"members_open": not e.is_secret, "members_method": e.method, "members_roll": e.assembly_id or 0} | _saved_contest(e.contest)
    return values


def _saved_contest(contest: dict[str, Any] | None) -> dict[str, Any]:
    if contest is None:
        return {}
    lines = {f"members_options_{tag}": "\n".join(words.get(tag, "") for words in contest["options"]).strip() for tag in ("en", "es")}
    return lines | {"members_seats": contest["seats"], "members_most": contest["most"]}


class ClosingForm(Form):
    """Why a vote closes before its hour."""

    reason = TextAreaField(_l("Reason, if you close it before its hour"), [Length(max=1000)])


class CandidateForm(Form):
    """What the credentials committee found."""

    answer = SelectField(_l("What you found"), coerce=str)
    reason = StringField(_l("Reason, published with the correction"), [Length(max=300)])
