"""Forms of invitations by lot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from crm.assemblies.forms import LINE, TEXT, Day, Number, say_choices
from crm.assemblies.forms.lots import FileForm
from crm.assemblies.rules.lots import METHODS
from crm.assemblies.rules.recruitment import RESPONSE, SOURCES, TIMES
from crm.infra.web import Form, options


class RecruitmentForm(FileForm):
    """Households, the features that the seats are drawn by, and how many answers are expected."""

    source = RadioField(_l("Where the households come from"), default="file")
    list_id = SelectField(_l("Which of our people"), coerce=lambda id: int(id or 0), default=0)
    seats = Number(_l("Seats to draw"))
    times = Number(_l("People in the pool for each seat"), default=TIMES)
    response = Number(_l("Of a hundred households, how many say yes?"), default=RESPONSE)
    closes_on = Day(_l("Last day to answer"))
    words = TextAreaField(_l("What the invitation says besides"), [TEXT])
    households_file, quotas_file = FileField(_l("The households, a CSV file")), FileField(_l("The quotas, a CSV file"))
    households, quotas = TextAreaField(_l("Or paste the households")), TextAreaField(_l("Or paste the quotas"))

    def offer(self, lists: Iterable[tuple[int, str]], may_use_own: bool) -> "RecruitmentForm":
        """Fills the choices: own people only for whoever sees their addresses."""
        self.source.choices = say_choices({key: words for key, words in SOURCES.items() if may_use_own or key == "file"})
        self.list_id.choices = options([(0, _l("Everybody with an address")), *lists])
        return self

    validate_households_file = validate_quotas_file = FileForm.read_file

    def typed(self) -> dict[str, Any]:
        """What was typed, numbers as numbers."""
        said = {name: self[name].data or "" for name in ("words", "households", "quotas")}
        from_where = {"source": self.source.data or "file", "list_id": self.list_id.data or 0}
        return {**said, **from_where, **{name: self[name].data or 0 for name in ("seats", "times", "response")}, "closes_on": self.closes_on.data}


class RoundForm(Form):
    """How many households are drawn now, and by what seed."""

    size = Number(_l("Households to invite now"))
    seed = StringField(_l("The seed"), [LINE])
    is_texted = BooleanField(_l("Text the households whose number agreed to your texts; everyone else gets a letter"), default=True)


class PoolForm(Form):
    """How to draw from those who said yes."""

    method = RadioField(_l("How to draw"), default="exact")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.method.choices = say_choices(METHODS)


class AnswerForm(Form):
    """What a household answers; `features` are asked in the order of the quotas (see registration_form)."""

    code = StringField(_l("Code of the invitation"), [Length(max=20)])
    answer = RadioField(
        _l("Would you take part?"), choices=options([("yes", _l("Yes, put us into the lot")), ("no", _l("No, thank you"))]), validate_choice=False)
    name = StringField(_l("Your name"), [Length(max=120)])
    phone = StringField(_l("Phone"), [Length(max=40)])
    email = StringField(_l("E-mail"), [Length(max=200)])
    asked: Sequence[str] = ()

    def said(self, language: str) -> dict[str, Any]:
        """The answer as the action takes it."""
        about = {name: self[name].data or "" for name in ("answer", "name", "phone", "email")}
        return about | {"language": language, "features": {feature: self[f"feature_{n}"].data or "" for n, feature in enumerate(self.asked)}}


def registration_form(quotas: Mapping[str, Sequence[str]], **begin: Any) -> AnswerForm:
    """The form with a question for each feature that seats are drawn by."""
    fields = {f"feature_{n}": RadioField(feature, choices=options((value, value) for value in values), validate_choice=False)
              for n, (feature, values) in enumerate(quotas.items())}
    return type("RegistrationForm", (AnswerForm,), {**fields, "asked": tuple(quotas)})(**begin)
