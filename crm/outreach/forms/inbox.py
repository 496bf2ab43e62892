"""Forms of the inbox and of the phone simulator."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.kernel.numbers import read_id


class AnswerForm(Form):
    """An answer by text, and the newest words that its writer had seen."""

    body = TextAreaField(_l("Your answer"), [InputRequired(_l("Write something first.")), Length(max=1600)])
    seen = HiddenField()

    @property
    def seen_id(self) -> int:
        return read_id(self.seen.data) or 0


class OutcomeForm(Form):
    """One tap: what a text meant."""

    outcome = StringField(_l("What they meant"), [InputRequired(_l("Choose what they meant."))])


class AssignForm(Form):
    """Who takes a conversation."""

    account_id = SelectField(_l("Who answers"), coerce=int)

    def offer(self, people: list[tuple[int, str]]) -> "AssignForm":
        """Fills the choices."""
        self.account_id.choices = [(0, _l("Nobody yet")), *people]
        return self


class SnoozeForm(Form):
    """For how long a conversation is put off."""

    until = StringField(_l("Put off"), [InputRequired(_l("Choose for how long."))])


class LinkForm(Form):
    """Whose number it is."""

    person_id = IntegerField(_l("Person"), [InputRequired(_l("Choose a person."))])


class NewPersonForm(Form):
    """Someone new who wrote to us."""

    given_name = StringField(_l("First name"), [InputRequired(_l("Write a name.")), Length(max=120)])
    family_name = StringField(_l("Family name"), [Length(max=120)])
    language = SelectField(_l("Language"), choices=options((code, LANGUAGES[code]) for code in ("en", "es")))


class PhoneForm(Form):
    """What a member writes on a simulated phone; a chip sends its own words."""

    phone = StringField(_l("Phone"), [InputRequired(), Length(max=20)])
    body = StringField(_l("Write a text"), [Optional(), Length(max=1600)])
    chip = StringField(_l("Write a text"), [Optional(), Length(max=200)])


class ClockForm(Form):
    """Moves the demonstration's clock."""

    to = StringField(_l("When"), [InputRequired()])
