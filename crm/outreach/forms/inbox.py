"""Forms of the inbox and of the phone simulator."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length, Optional

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.kernel.numbers import read_id
from crm.kernel.refusal import Reason
from crm.outreach.rules.replies.ready import MOST_OWN


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


class TagForm(Form):
    """A word put on the person who wrote."""

    tag = StringField(_l("Tag"), [InputRequired(_l("Write one tag.")), Length(max=80)])


class StepForm(Form):
    """A next step: what, by when, who."""

    next_step = StringField(_l("Next step"), [Length(max=300)])
    follow_up_on = DateField(_l("By when"), [Optional()])
    owner_id = SelectField(_l("Who sees to it"), coerce=int, validate_choice=False)

    def offer(self, people: list[tuple[int, str]]) -> "StepForm":
        """Fills the choices."""
        self.owner_id.choices = options(people)
        return self


class ReadyPart(Part):
    """One ready reply in both languages."""

    en = TextAreaField(_l("In English"), [Length(max=600)])
    es = TextAreaField(_l("In Spanish"), [Length(max=600)])


class ReadyForm(Form):
    """The organization's own ready replies."""

    replies = FieldList(FormField(ReadyPart), min_entries=MOST_OWN, max_entries=MOST_OWN)

    def show(self, own: list[dict[str, str]]) -> None:
        """Puts what is kept into the boxes."""
        for part, one in zip(self.replies, own, strict=False):
            part.form.en.data, part.form.es.data = one.get("en", ""), one.get("es", "")

    def own(self) -> list[dict[str, str]]:
        """Those that hold anything, in order."""
        typed = [{"en": (part.form.en.data or "").strip(), "es": (part.form.es.data or "").strip()} for part in self.replies]
        return [one for one in typed if one["en"] or one["es"]]

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """A reason about one box stands at that box as well."""
        reasons = list(reasons)
        super().refuse(reasons)
        filled = [part.form for part in self.replies if part.form.en.data or part.form.es.data]
        for reason in reasons:
            _replies, number, tag = (reason.field or "--").split("-")
            if number.isdecimal() and int(number) < len(filled):
                box = filled[int(number)]._fields[tag]
                box.errors = [*box.errors, reason]


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


class AddressForm(Form):
    """A new address, as somebody wrote it."""

    street = StringField(_l("New address"), [InputRequired(_l("Write the street and number.")), Length(max=200)])


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
