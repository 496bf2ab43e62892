"""The form of a keyword."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from crm.infra.web import Form, options
from crm.kernel.numbers import read_id

NOTHING = ""


class KeywordForm(Form):
    """A word, the language of the first text back, and what it leads to."""

    word = StringField(_l("Word"), [InputRequired(_l("Write a word, like RENT.")), Length(max=40)])
    language = SelectField(_l("First text back"), choices=options([("en", _l("In English")), ("es", _l("In Spanish"))]))
    leads_to = SelectField(_l("Leads to"))

    def offer(self, things: list[tuple[str, str]]) -> "KeywordForm":
        """Fills what a word may lead to."""
        self.leads_to.choices = options([(NOTHING, _l("Our list only")), *things])
        return self

    @property
    def subject(self) -> tuple[str, int] | None:
        """What was chosen: kind and id."""
        kind, _, number = (self.leads_to.data or "").partition(":")
        id = read_id(number)
        return (kind, id) if id is not None else None
