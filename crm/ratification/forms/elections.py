"""Forms of elections: the election, its offices, a nomination, and what a nominee answers."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form, options
from crm.kernel.refusal import Refused
from crm.ratification.forms import METHODS as BALLOTS
from crm.ratification.forms import instant
from crm.ratification.models.elections import Election
from crm.ratification.rules.elections import KEEP_DAYS, METHODS, read_reserved

ANSWERS = (("accepted", _l("I stand for this office")), ("declined", _l("No, I do not stand")), ("withdrawn", _l("I withdraw")))


class ElectionForm(Form):
    """When nominations run, who may stand, who watches, how long records are kept."""

    title_en = StringField(_l("Title in English"), [InputRequired(), Length(max=200)])
    title_es = StringField(_l("Title in Spanish"), [Optional(), Length(max=200)])
    who_may_en = TextAreaField(_l("Who may nominate and who may stand, in English"), [InputRequired(), Length(max=2000)])
    who_may_es = TextAreaField(_l("The same in Spanish"), [Optional(), Length(max=2000)])
    opens_at = DateTimeLocalField(_l("Nominations begin"), [InputRequired()])
    closes_at = DateTimeLocalField(_l("Nominations end"), [InputRequired()])
    must_be_member = BooleanField(_l("Only members in good standing may stand"), default=True)
    member_months = IntegerField(_l("Months of membership before one may stand"), default=0)
    statement_limit = IntegerField(_l("Most characters of a statement, for everyone alike"), default=600)
    observers = TextAreaField(_l("Observers and what they may see, one a line: Name: what"), [Length(max=3000)])
    keep_days = IntegerField(_l("Days for which the records are kept after the count"), default=KEEP_DAYS)

    def facts(self, zone: str) -> dict[str, Any]:
        """The arguments of the action."""
        return {
            "title": _both(self.title_en.data, self.title_es.data), "who_may": _both(self.who_may_en.data, self.who_may_es.data),
            "opens_at": instant(self.opens_at.data, zone), "closes_at": instant(self.closes_at.data, zone),
            "must_be_member": bool(self.must_be_member.data), "member_months": self.member_months.data or 0,
            "statement_limit": self.statement_limit.data or 0, "keep_days": self.keep_days.data or 0,
            "observers": [
                {"name": name.strip(), "sees": sees.strip()}
                for name, _colon, sees in (line.partition(":") for line in (self.observers.data or "").splitlines() if line.strip())
            ],
        }


def _both(en: str | None, es: str | None) -> dict[str, str]:
    return {tag: words.strip() for tag, words in (("en", en), ("es", es)) if words and words.strip()}


def saved_election(row: Election, zone: str) -> dict[str, Any]:
    """What the form of an election shows."""
    here = ZoneInfo(zone)
    return {
        **{f"{name}_{tag}": getattr(row, name).get(tag, "") for name in ("title", "who_may") for tag in ("en", "es")},
        "opens_at": row.opens_at.astimezone(here).replace(tzinfo=None), "closes_at": row.closes_at.astimezone(here).replace(tzinfo=None),
        **{name: getattr(row, name) for name in ("must_be_member", "member_months", "statement_limit", "keep_days")},
        "observers": "\n".join(f"{each['name']}: {each['sees']}" if each["sees"] else each["name"] for each in row.observers),
    }


class OfficeForm(Form):
    """An office: how many are elected, by what count, and for whom seats are reserved."""

    title_en = StringField(_l("Office in English"), [InputRequired(), Length(max=120)])
    title_es = StringField(_l("Office in Spanish"), [Optional(), Length(max=120)])
    seats = IntegerField(_l("How many are elected"), [InputRequired()], default=1)
    method = SelectField(_l("Members choose by"), choices=options(pair for pair in BALLOTS if pair[0] in METHODS))
    reserved = TextAreaField(_l("Reserved seats, one group a line: Women / Mujeres = 2"), [Length(max=1000)])

    def facts(self) -> dict[str, Any]:
        """The arguments of the action; refuses lines that cannot be read."""
        reserved, issues = read_reserved(self.reserved.data or "")
        if issues:
            raise Refused(issues)
        return {"title": _both(self.title_en.data, self.title_es.data), "seats": self.seats.data, "method": self.method.data, "reserved": reserved}


class NominationForm(Form):
    """Who is nominated, to what, by whom."""

    office = SelectField(_l("Office"), coerce=int)
    person = RadioField(_l("Who is nominated"), coerce=int, validate_choice=False)
    nominated_by = StringField(_l("Nominated by"), [Length(max=200)])


class CandidacyForm(Form):
    """What a nominee answers, and what becomes public of them."""

    answer = RadioField(_l("Your answer"), choices=options(ANSWERS), validate_choice=False)
    public_name = StringField(_l("Your name as the ballot prints it"), [Length(max=120)])
    statement_en = TextAreaField(_l("Statement in English"), [Length(max=4000)])
    statement_es = TextAreaField(_l("Statement in Spanish"), [Length(max=4000)])
    groups = SelectMultipleField(_l("Reserved seats for which you count"), coerce=int, validate_choice=False)

    def facts(self) -> dict[str, Any]:
        """The arguments of the action."""
        return {
            "answer": self.answer.data or "", "public_name": self.public_name.data or "",
            "statements": _both(self.statement_en.data, self.statement_es.data), "groups": sorted(set(self.groups.data or [])),
        }
