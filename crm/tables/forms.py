"""Forms of tables."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import TextInput

from crm.infra.web import Form, options
from crm.kernel.languages import LANGUAGES
from crm.kernel.numbers import read_id
from crm.tables.rules import ORDERS, SOURCES
from crm.tables.rules.harvest import LONGEST_NOTE, LONGEST_TEXT, LONGEST_TITLE
from crm.tables.rules.speaking import SIDES as SPEAKING_SIDES


class Count(IntegerField):
    """A whole number; what cannot be read is none, and the rules say so."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else None


def _id(value: Any) -> int | None:
    return read_id(str(value))


class DivisionForm(Form):
    """How people are divided among tables."""

    session_id = SelectField(_l("Session"), coerce=int)
    source = RadioField(_l("Whom to seat"), choices=options((key, _l(words)) for key, words in SOURCES.items()), default="room")
    seats = Count(_l("Seats at a table"), default=8, render_kw={"inputmode": "numeric"})
    main_language = SelectField(_l("The room's language"), choices=options(LANGUAGES.items()), default="en",
                                description=_l("Who speaks another is never alone in it, and sits where interpretation reaches."))
    spread = SelectMultipleField(_l("Spread these evenly too"), coerce=int, description=_l("Tags of your own people; organizations are always spread."))


class MoveForm(Form):
    """To which table somebody moves."""

    sitter_id = SelectField(_l("Who"), coerce=_id, validate_choice=False)
    number = Count(_l("Table"), render_kw={"inputmode": "numeric"})


class ApartForm(Form):
    """Two who never sit together."""

    one = SelectField(_l("Never together"), coerce=_id, validate_choice=False)
    other = SelectField(_l("and"), coerce=_id, validate_choice=False)


class GatherForm(Form):
    """Where chosen notes go: a theme that is there, or a new one."""

    theme_id = SelectField(_l("Into the theme"), coerce=_id, validate_choice=False)
    title = StringField(_l("or a new theme"), [Length(max=LONGEST_TITLE)])


class ThemeForm(Form):
    """The name of a theme."""

    title = StringField(_l("Name of the theme"), [Length(max=LONGEST_TITLE)])


class ProposalForm(Form):
    """A proposal in one or both languages."""

    theme_id = SelectField(_l("Theme"), coerce=_id, validate_choice=False)
    title_en = StringField(_l("The proposal in one sentence, in English"), [Length(max=LONGEST_TITLE)])
    title_es = StringField(_l("The proposal in one sentence, in Spanish"), [Length(max=LONGEST_TITLE)])
    text_en = TextAreaField(_l("More, in English"), [Length(max=LONGEST_TEXT)], render_kw={"rows": 4})
    text_es = TextAreaField(_l("More, in Spanish"), [Length(max=LONGEST_TEXT)], render_kw={"rows": 4})

    def words(self, part: str) -> dict[str, str]:
        """The title or the text by language."""
        return {language: self[f"{part}_{language}"].data or "" for language in ("en", "es")}


class DotsForm(Form):
    """How many dots each person has."""

    dots = Count(_l("Dots for each person"), default=3, render_kw={"inputmode": "numeric"})


class NoteForm(Form):
    """What a table wrote."""

    body = TextAreaField(_l("What was said"), [Length(max=LONGEST_NOTE)], render_kw={"rows": 3, "maxlength": LONGEST_NOTE})


def theme_choices(themes: list[Any], none: Any) -> list[tuple[Any, Any]]:
    """Themes to choose from, with a word for none."""
    return [("", none), *((theme.id, theme.title) for theme in themes)]


class SpeakingForm(Form):
    """In which order people speak, and for how long."""

    order = SelectField(_l("Order"), choices=options((key, _l(words)) for key, words in ORDERS.items()))
    seconds = Count(_l("Seconds for each"), render_kw={"inputmode": "numeric"})


class SpeakerForm(Form):
    """Somebody who wants to speak."""

    name = StringField(_l("Who wants to speak"), [Length(max=60)], render_kw={"autocomplete": "off"})
    is_about = BooleanField(_l("It is about them: they live what is talked about"))
    side = RadioField(_l("For or against"), choices=options((key, _l(words)) for key, words in SPEAKING_SIDES.items()), default="")


class FirstForm(Form):
    """Why somebody speaks before the order."""

    because = StringField(_l("Why first"), [Length(max=200)])
