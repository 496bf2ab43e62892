"""Forms of declared residence: a place with the words of the declaration, and one declaration."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES, PAGE_LANGUAGES
from crm.ratification.rules.residents import KEEP_DAYS


class PlaceForm(Form):
    """A place whose residents may be asked."""

    name_en = StringField(_l("Place in English"), [Length(max=120)])
    name_es = StringField(_l("Place in Spanish"), [Length(max=120)])
    wording_en = TextAreaField(_l("Words of the declaration in English"), [Length(max=600)])
    wording_es = TextAreaField(_l("Words of the declaration in Spanish"), [Length(max=600)])
    keep_days = IntegerField(_l("Days for which declarations are kept after a vote, for challenges"), default=KEEP_DAYS)

    def facts(self) -> dict[str, Any]:
        """The arguments of the action."""
        both = {name: {tag: words.strip() for tag in PAGE_LANGUAGES if (words := self[f"{name}_{tag}"].data or "").strip()} for name in ("name", "wording")}
        return both | {"keep_days": self.keep_days.data or 0}


class JudgingForm(Form):
    """Whether a declaration is accepted or challenged."""

    answer = StringField(validators=[Length(max=12)])
    reason = StringField(_l("Why it is challenged"), [Length(max=300)])


class DeclarationForm(Form):
    """Somebody of one's own list, and the language in which they declared."""

    person = RadioField(_l("Who declared"), [InputRequired(_l("Choose who declared it."))], coerce=int)
    language = SelectField(_l("In the words of"), choices=options([(tag, LANGUAGES[tag]) for tag in PAGE_LANGUAGES]))
