"""Forms of broadcasts and of the number texts come from."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from crm.infra.look import clock_time, day
from crm.infra.web import Form, options
from crm.outreach.rules.carriers import ATT_WORDS, TMOBILE_WORDS
from crm.outreach.rules.gate import KINDS
from crm.outreach.rules.registration import LEGAL_FORMS, STATES

HOURS = range(9, 20)


class BroadcastForm(Form):
    """What a text says, who gets it, and when it goes out."""

    name = StringField(_l("What you call it"), [InputRequired(_l("Give it a name, so that others find it.")), Length(max=200)])
    audience = SelectField(_l("Who gets it"), [InputRequired(_l("Choose who gets it."))])
    purpose = SelectField(_l("What it is for"), choices=options((key, _l(words)) for key, words in KINDS.items()), default="organizing")
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

    @property
    def begins(self) -> tuple[date, time] | None:
        """The day and the hour on the wall that were chosen; None for as soon as may be."""
        if not self.begins_on.data:
            return None
        return date.fromisoformat(self.begins_on.data), time(int(self.begins_hour.data or 10))

    def show_beginning(self, on: date | None, clock: time | None) -> None:
        """Sets day and hour from a draft; a day that has passed is offered no more."""
        if on is not None and clock is not None and on.isoformat() in dict(self.begins_on.choices):
            self.begins_on.data, self.begins_hour.data = on.isoformat(), str(clock.hour)


class ConfirmForm(Form):
    """Sends a draft as it was looked over; `seen` tells if someone changed it meanwhile."""

    seen = HiddenField()
    is_split = BooleanField(_l("Let the rest go on tomorrow"))
    is_careful = BooleanField(_l("We decided to write it like this"))


class ChoicesForm(Form):
    """How an organization texts."""

    two_people_above = IntegerField(_l("Above how many texts must a second person agree?"), [InputRequired(_l("Write a number."))])
    pause_at_percent = IntegerField(_l("Pause by itself when more than so many of 100 do not arrive"), [InputRequired(_l("Write a number."))])
    hosts = TextAreaField(_l("Your own web addresses"), [Length(max=1000)])
    signs_up = BooleanField(_l("Anyone may sign up for our texts on the web"))


class ButtonForm(Form):
    """A form of one button."""


class SenderForm(Form):
    """The number or service that texts come from."""

    number = StringField(_l("Phone number"), [Length(max=30)])
    messaging_service_sid = StringField(_l("Messaging service"), [Length(max=40)])
    state = SelectField(_l("Registration with the carriers"), choices=options((k, _l(v)) for k, v in STATES.items()))
    legal_form = SelectField(_l("Legal form"), choices=options([("", _l("Choose one")), *((k, _l(v)) for k, v in LEGAL_FORMS.items())]))
    brand = StringField(_l("Brand's number"), [Length(max=40)])
    campaign = StringField(_l("Campaign's number"), [Length(max=60)])
    vetting = StringField(_l("Campaign Verify token"), [Length(max=80)])
    pace = IntegerField(_l("Parts per second the carriers allow"), [NumberRange(min=1, max=1000)], default=10)
    att_class = SelectField(_l("Class of your campaign with AT&T"), default="", choices=options((k, _l(v)) for k, v in ATT_WORDS.items()))
    tmobile_class = SelectField(_l("Limit of your brand with T-Mobile"), default="", choices=options((k, _l(v)) for k, v in TMOBILE_WORDS.items()))
