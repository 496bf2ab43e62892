"""Forms of federation."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from crm.assemblies.forms import Number, say_choices
from crm.assemblies.rules.federation import ANSWERS, NUMBERS
from crm.infra.web import Form


class JoinForm(Form):
    """The larger assembly to be part of."""

    parent_id = SelectField(_l("The larger assembly"), coerce=int, validate_choice=False)


class InviteForm(Form):
    """For whom a link is meant."""

    label = StringField(_l("For whom is the link?"), [Length(max=120)])


class TakeUpForm(Form):
    """The assembly of ours that becomes part of the larger one."""

    child_id = SelectField(_l("Your assembly"), coerce=int, validate_choice=False)


class InputForm(Form):
    """An input to send up, with the numbers behind it."""

    title = StringField(_l("What is asked for, in one line"), [Length(max=200)])
    text = TextAreaField(_l("The whole text"))
    yes = Number(_l("In favor"))
    no = Number(_l("Against"))
    abstain = Number(_l("Abstained"))
    people = Number(_l("People there"))
    from_id = HiddenField()

    def numbers(self) -> dict[str, int | None]:
        """The counts as they were typed."""
        return {name: self[name].data for name in NUMBERS}


class DecisionForm(Form):
    """What became of an input."""

    state = RadioField(_l("Decision"), validate_choice=False)
    answer = TextAreaField(_l("In words"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = [(key, words) for key, words in say_choices(ANSWERS) if key != "sent"]
