"""Forms of imports: the file, and what its columns are."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FieldList,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from crm.infra.look import say
from crm.infra.web import Form, options
from crm.kernel.refusal import Refused
from crm.people import rules
from crm.people.providers import Sheet, read_sheet

FIELDS = [SelectChoice(name, _l(words), optgroup=_l(group) if group else None) for group, fields in rules.GROUPS.items() for name, words in fields.items()]


class ImportForm(Form):
    """A spreadsheet to bring in; it is read and checked here, before anything is written."""

    file = FileField(_l("Spreadsheet"), [FileRequired(_l("Choose a file first."))])
    sheet: Sheet
    content: bytes

    def validate_file(self, field: FileField) -> None:
        """All that is wrong with the file as a whole."""
        self.content = field.data.read()
        try:
            self.sheet = read_sheet(self.content)
        except Refused as refused:
            raise ValidationError(" ".join(map(say, refused.reasons))) from None


class AnswerForm(Form):
    """Who a row is that fits several people."""

    row = IntegerField("", [InputRequired()])
    answer = StringField("", [InputRequired(_l("Choose one of the people, someone new, or leave the row out."))])


class AnswersForm(Form):
    """Who all rows of a kind are that fit several people."""

    doubt = SelectField(
        _l("Which rows"),
        choices=options([
            ("", _l("All that are not answered yet")),
            ("contact", _l("Whose phone or e-mail several people here share")),
            ("name", _l("Who say nothing but a name that several people here have")),
        ]),
    )
    all_are = RadioField(
        _l("They are"),
        [InputRequired(_l("Say who they are."))],
        choices=options([
            ("best", _l("each the best match shown; where none is better than the others, the row stays unanswered")),
            ("new", _l("all new people")),
        ]),
    )


class ColumnsForm(Form):
    """What the columns are, and what happens to people who are already here."""

    fields = FieldList(SelectField("", choices=FIELDS))
    existing = RadioField(
        _l("When someone is already here"),
        default="fill",
        choices=options([
            ("fill", _l("Fill in what is blank; what we have stays")),
            ("replace", _l("The spreadsheet is right: replace what differs")),
            ("leave", _l("Leave them exactly as they are")),
        ]),
    )
    country = SelectField(
        _l("Phone numbers without a country code are from"),
        default="US",
        choices=options([
            ("US", _l("United States, Canada")),
            ("MX", _l("Mexico")),
            ("PR", _l("Puerto Rico")),
            ("GB", _l("United Kingdom")),
        ]),
    )
    tags = StringField(_l("Tag everyone in this file"), [Length(max=200)])
    source = StringField(_l("Where these people come from"), [Length(max=200)])
    dates = RadioField(
        _l("In dates such as 3/4/2026"),
        [Optional()],
        choices=options([("month", _l("the month comes first: March 4")), ("day", _l("the day comes first: April 3"))]),
    )
    sheet = SelectField(_l("Sheet"), choices=[], validate_choice=False)
    encoding = SelectField(_l("Letters of the file"), choices=[], validate_choice=False)

    def choices(self) -> dict[str, Any]:
        """What holds for all rows, as actions.choose_columns takes it."""
        tags = [tag.strip() for tag in (self.tags.data or "").split(",") if tag.strip()]
        return {
            "existing": self.existing.data,
            "country": self.country.data,
            "tags": tags,
            "source": (self.source.data or "").strip(),
            "dates": self.dates.data or "",
        }
