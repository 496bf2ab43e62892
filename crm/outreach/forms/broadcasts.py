"""Forms of broadcasts, of the number texts come from, and of consent."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from crm.infra.look import clock_time, day
from crm.infra.web import Form, options
from crm.outreach.actions import SENDER_STATES
from crm.outreach.rules.consent import GIVEN_BY, REVOKED_BY, STAFF_GIVEN, STAFF_REVOKED

HOURS = range(9, 20)


class BroadcastForm(Form):
    """What a text says, who gets it, and when it goes out."""

    name = StringField(_l("What you call it"), [InputRequired(_l("Give it a name, so that others find it.")), Length(max=200)])
    audience = SelectField(_l("Who gets it"), [InputRequired(_l("Choose who gets it."))])
    body_en = TextAreaField(_l("In English"), [Length(max=1600)])
    body_es = TextAreaField(_l("In Spanish"), [Length(max=1600)])
    begins_on = SelectField(_l("Day"))
    begins_hour = SelectField(_l("Time"), default="10")

    def offer(self, audiences: list[tuple[str, str]], now: datetime, zone: str) -> "BroadcastForm":
        """Fills the choices: the audiences of this organization, the coming week, the texting hours."""
        self.audience.choices = [("", _l("Choose a list")), *audiences]
        today = now.astimezone(ZoneInfo(zone)).date()
        days = [today + timedelta(days=n) for n in range(8)]
        self.begins_on.choices = [("", _l("As soon as the hour allows")), *((d.isoformat(), day(d)) for d in days)]
        self.begins_hour.choices = [(str(h), clock_time(datetime.combine(today, time(h), ZoneInfo(zone)))) for h in HOURS]
        return self

    @property
    def bodies(self) -> dict[str, str]:
        return {"en": self.body_en.data or "", "es": self.body_es.data or ""}

    def begins_at(self, zone: str) -> datetime | None:
        """The moment chosen, in the organization's zone; None for as soon as may be."""
        if not self.begins_on.data:
            return None
        on = date.fromisoformat(self.begins_on.data)
        return datetime.combine(on, time(int(self.begins_hour.data or 10)), ZoneInfo(zone))

    def show_beginning(self, begins_at: datetime | None, zone: str) -> None:
        """Sets day and hour from a draft."""
        if begins_at:
            local = begins_at.astimezone(ZoneInfo(zone))
            self.begins_on.data, self.begins_hour.data = local.date().isoformat(), str(local.hour)


class ConfirmForm(Form):
    """Sends a draft as it was looked over; `seen` tells if someone changed it meanwhile."""

    seen = HiddenField()


class ButtonForm(Form):
    """A form of one button."""


class SenderForm(Form):
    """The number or service that texts come from."""

    number = StringField(_l("Phone number"), [Length(max=30)])
    messaging_service_sid = StringField(_l("Messaging service"), [Length(max=40)])
    state = SelectField(_l("Registration with the carriers"), choices=options((k, _l(v)) for k, v in SENDER_STATES.items()))
    pace = IntegerField(_l("Parts per second the carriers allow"), [NumberRange(min=1, max=1000)], default=10)


class ConsentForm(Form):
    """What a person told us about texts."""

    phone_id = SelectField(_l("Phone"), coerce=int)
    kind = RadioField(
        _l("What did they say?"),
        [InputRequired(_l("Choose what they said."))],
        choices=options([("given", _l("They agree to texts")), ("revoked", _l("They want no more texts"))]),
    )
    source = SelectField(
        _l("How did they tell us?"),
        choices=options((key, _l((REVOKED_BY | GIVEN_BY)[key])) for key in dict.fromkeys((*STAFF_GIVEN, *STAFF_REVOKED))),
    )
    wording = TextAreaField(_l("What they agreed to, in the words they saw or heard"), [Length(max=2000)])
    evidence = StringField(_l("Where this can be looked up"), [Length(max=500)])
