"""Forms of an assembly's side towards government."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from crm.assemblies.forms import Day, Number, say_choices
from crm.assemblies.rules.government import ASKERS, BACKINGS, LONGEST_ANSWER, LONGEST_NAME, LONGEST_QUESTION
from crm.infra.web import Form


class RequestForm(Form):
    """A question to government."""

    question = TextAreaField(_l("What do you ask?"), [Length(max=LONGEST_QUESTION)], render_kw={"rows": 3})
    asked_of = StringField(_l("Whom?"), [Length(max=LONGEST_NAME)], description=_l("An agency, an office, an official"))
    asked_by = SelectField(_l("Who asks"))
    due_on = Day(_l("Answer due by"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asked_by.choices = say_choices(ASKERS)


class GovernmentAnswerForm(Form):
    """What government answered."""

    answer = TextAreaField(_l("What was answered"), [Length(max=LONGEST_ANSWER)], render_kw={"rows": 4})
    answered_on = Day(_l("On which day"), [Optional()])
    is_refused = BooleanField(_l("They refused to give the information"))


class BackingForm(Form):
    """Who stands behind an assembly."""

    kind = SelectField(_l("What they do for it"))
    who = StringField(_l("Who"), [Length(max=LONGEST_NAME)], description=_l("An organization or an office, never a private person"))
    what_for = StringField(_l("What for"), [Length(max=300)])
    amount = Number(_l("Amount in dollars"), description=_l("Leave it empty where there is none"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = say_choices(BACKINGS)
