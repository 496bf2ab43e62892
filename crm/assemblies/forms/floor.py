"""Forms of votes in the room."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Length

from crm.assemblies.forms import LINE, Number, say_choices
from crm.assemblies.rules.floor import STRICTNESS, WAYS
from crm.infra.web import Form, options


class QuestionForm(Form):
    """A question and its rule."""

    title = StringField(_l("The question, as it is read out"), [LINE])
    threshold = StringField(_l("Share of yes that is needed"), [Length(max=20)])
    strictness = SelectField(_l("The share is met by"), validate_choice=False)
    quorum = Number(_l("How many must be in the room"))
    doubts_needed = Number(_l("How many must rise to doubt it"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.strictness.choices = say_choices(STRICTNESS)


class CountForm(Form):
    """A result."""

    way = RadioField(_l("How was it taken?"), validate_choice=False)
    present = Number(_l("In the room, with a vote"))
    declared = RadioField(
        _l("The moderator declared"), choices=options([("carried", _l("Carried")), ("lost", _l("Not carried"))]), validate_choice=False)
    yes, no, abstain = Number(_l("In favor")), Number(_l("Against")), Number(_l("Abstained"))
    tellers = StringField(_l("Who counted"), [Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.way.choices = say_choices(WAYS)


class DoubtForm(Form):
    """How many rose."""

    rose = Number(_l("How many rose"))
